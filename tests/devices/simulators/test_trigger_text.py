from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.simulators.trigger import Moment, is_relative
from devices.simulators.trigger_text import parse_clock, parse_trigger

NOW = Moment(
    now_s=1000,
    start_s=-200,
    reference_s=900,
    phase="INF",
    phase_since_s=400,
    happening=frozenset({"nibp_done"}),
    ever=frozenset({"nibp_done", "oxygen_on"}),
    values={"hr": 122.0, "sbp": 165.0, "dbp": None},
)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("00:20:00", True),
        ("00:20:01", False),
        ("1200", True),
        ("+00:01:40", True),
        ("+101", False),
        ("phase:INF", True),
        ("phase:INF+00:10:00", True),
        ("phase:INF+00:10:01", False),
        ("phase:REC", False),
        ("phase:BASE+00:00:01", False),
        ("event:nibp_done", True),
        ("event:oxygen_on", False),
        ("did:oxygen_on", True),
        ("action:pump_paused", False),
        ("hr>120", True),
        ("hr > 122", False),
        ("hr>=122", True),
        ("hr<=121.5", False),
        ("hr != 122", False),
        ("hr == 122", True),
        ("dbp>0", False),
        ("not dbp>0", True),
        ("spo2<90", False),
        ("event:nibp_done and sbp>160", True),
        ("event:nibp_done and sbp>170", False),
        ("action:emergency or +00:01:00", True),
        ("hr>200 or sbp>160 and event:nibp_done", True),
        ("(hr>200 or sbp>160) and event:nothing", False),
        ("not (hr>200 or sbp>200)", True),
        ("not not hr>120", True),
        ("phase:INF+random(100,200)", True),
        ("+random(500,600)", False),
    ],
)
def test_what_holds(text: str, holds: bool) -> None:
    assert parse_trigger(text).drawn(np.random.default_rng(1)).holds(NOW) is holds


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "ends too early"),
        ("phase:FOO", "use one of BASE, INF, REC"),
        ("heart>3", "is no trigger"),
        ("hr>", "ends too early"),
        ("hr 120", "is needed"),
        ("hr > high", "should be a number"),
        ("(hr>3", "is missing"),
        ("hr>3)", "one word too many"),
        ("hr>3 hr>4", "one word too many"),
        ("random(60,30)", "first <= second"),
        ("random(60;90)", "not understood"),
        ("__import__('os')", "not understood"),
        ("+1:2:3", "not understood"),
        ("and", "is no trigger"),
        ("+-5", "is not a time"),
    ],
)
def test_what_is_wrong_is_said(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("(", r"\(").replace("<=", "<=")):
        parse_trigger(text)


@given(st.text(alphabet="hr>160()+:andorphase:INF random,. \t", max_size=40))
def test_any_text_is_a_trigger_or_a_value_error(text: str) -> None:
    with suppress(ValueError):
        assert parse_trigger(text).holds(NOW) in {True, False}


def test_random_times_are_drawn_once_inside_their_range() -> None:
    trigger = parse_trigger("phase:INF+random(60,120)")
    firsts = []
    for seed in range(50):
        drawn = trigger.drawn(np.random.default_rng(seed))
        firsts.append(next(s for s in range(60, 122) if drawn.holds(replace(NOW, now_s=400.0 + s))))
        assert drawn.drawn(np.random.default_rng(99)) == drawn
    assert min(firsts) < 75
    assert max(firsts) > 105


@pytest.mark.parametrize(
    ("text", "relative"), [("+5", True), ("hr>1 or not (+5)", True), ("phase:INF+5", False)]
)
def test_which_count_from_the_steps_above(text: str, relative: bool) -> None:
    assert is_relative(parse_trigger(text)) is relative


def test_nothing_above_has_fired() -> None:
    assert not parse_trigger("+0").holds(replace(NOW, reference_s=None))


@pytest.mark.parametrize(("text", "seconds"), [("01:02:03", 3723), ("18:00", 1080), ("90", 90), ("1.5", 1.5)])
def test_clock(text: str, seconds: float) -> None:
    assert parse_clock(text) == seconds


def test_bad_clock() -> None:
    with pytest.raises(ValueError, match="HH:MM:SS"):
        parse_clock("soon")
