"""When a monitor model counts as commissioned: by the newest examination of that model, until its day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor_app.core.commissioning import (
    Commissioning,
    ComparedValue,
    Standing,
    in_force,
    mistakes,
    shortfalls,
    standing,
)

NEEDED = ("HR", "SPO2", "RR", "NIBP_SYS", "NIBP_DIA")
DAY = date(2026, 11, 22)
GOOD = Commissioning(
    driver_id="berry",
    model="Berry PM6750",
    values=tuple(ComparedValue(name, 80, 80, 2) for name in NEEDED),
    nibp_detected=True,
    alarm_rule="AL-HR-02",
    alarm_delay_s=6.5,
    simulator="Simulator 7",
    by_name="Kim Oto",
    by_role="biomedical engineer",
    examined_on=DAY - timedelta(days=100),
    valid_until=DAY + timedelta(days=200),
)


def with_value(name: str, shown: float | None) -> Commissioning:
    values = tuple(replace(v, shown_value=shown) if v.name == name else v for v in GOOD.values)
    return replace(GOOD, values=values)


@pytest.mark.parametrize(
    ("examined", "words"),
    [
        (GOOD, ()),
        (with_value("HR", 82), ()),
        (with_value("HR", 82.1), ("HR showed 82.1 where 80 was set (tolerance 2)",)),
        (with_value("SPO2", None), ("SPO2 showed nothing where 80 was set",)),
        (replace(GOOD, values=GOOD.values[1:]), ("HR was not compared",)),
        (replace(GOOD, nibp_detected=False), ("readings of the cuff were not detected",)),
        (replace(GOOD, nibp_detected=None), ("readings of the cuff were not detected",)),
        (replace(GOOD, alarm_delay_s=None), ("the alarm delay was not measured",)),
        (replace(GOOD, alarm_delay_s=0.0), ()),
    ],
)
def test_what_keeps_an_examination_from_passing(examined: Commissioning, words: tuple[str, ...]) -> None:
    assert shortfalls(examined, NEEDED) == words


def test_of_a_monitor_without_a_cuff_no_cuff_is_asked_for() -> None:
    assert shortfalls(replace(GOOD, nibp_detected=None), ("HR", "SPO2")) == ()


@pytest.mark.parametrize(
    ("known", "model", "day", "expected"),
    [
        ((), "", DAY, Standing.MISSING),
        ((GOOD,), "", DAY, Standing.COMMISSIONED),
        ((GOOD,), " berry  pm6750 ", DAY, Standing.COMMISSIONED),
        ((GOOD,), "Berry PM1200", DAY, Standing.MISSING),
        ((replace(GOOD, driver_id="nonin"),), "", DAY, Standing.MISSING),
        ((GOOD,), "", GOOD.valid_until, Standing.COMMISSIONED),
        ((GOOD,), "", GOOD.valid_until + timedelta(days=1), Standing.EXPIRED),
        ((GOOD,), "", GOOD.examined_on - timedelta(days=1), Standing.MISSING),
        ((GOOD, replace(GOOD, nibp_detected=False, examined_on=DAY)), "", DAY, Standing.FAILED),
        ((replace(GOOD, nibp_detected=False), replace(GOOD, examined_on=DAY)), "", DAY, Standing.COMMISSIONED),
        ((replace(GOOD, nibp_detected=False), GOOD), "", DAY, Standing.COMMISSIONED),  # later the same day
        ((GOOD, replace(GOOD, nibp_detected=False)), "", DAY, Standing.FAILED),
        ((replace(GOOD, examined_on=DAY), replace(GOOD, nibp_detected=False)), "", DAY, Standing.COMMISSIONED),
        ((GOOD, replace(GOOD, model="Other", nibp_detected=False, examined_on=DAY)), "Berry PM6750", DAY,
         Standing.COMMISSIONED),
    ],
)  # fmt: skip
def test_how_a_monitor_stands(
    known: tuple[Commissioning, ...], model: str, day: date, expected: Standing
) -> None:
    assert standing(known, "berry", model, needed=NEEDED, today=day) is expected


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"by_name": " "}, "by"),
        ({"simulator": ""}, "simulator"),
        ({"examined_on": DAY + timedelta(days=1)}, "future"),
        ({"valid_until": GOOD.examined_on}, "until"),
        ({"alarm_delay_s": -1.0}, "delay_s"),
        ({"alarm_delay_s": 1000.0}, "delay_s"),
        ({"values": (ComparedValue("HR", 1, 1, -1),)}, "tolerance"),
    ],
)
def test_what_cannot_be_true(change: dict[str, object], word: str) -> None:
    (said,) = mistakes(replace(GOOD, **change), DAY)
    assert word in said
    assert mistakes(GOOD, DAY) == ()


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 300), st.booleans()), max_size=6),
    st.integers(0, 400),
)
def test_the_newest_word_decides(drawn: list[tuple[int, int, bool]], day: int) -> None:
    begin = date(2026, 1, 1)
    today = begin + timedelta(days=day)
    known = [
        replace(
            GOOD,
            examined_on=begin + timedelta(days=at),
            valid_until=begin + timedelta(days=at + days),
            nibp_detected=ok,
        )
        for at, days, ok in drawn
    ]
    told = [(at, index) for index, (at, _, _) in enumerate(drawn) if at <= day]
    newest = in_force(known, "berry", "", today)
    if not told:
        assert newest is None
        return
    at, days, ok = drawn[max(told)[1]]
    expected = Standing.FAILED if not ok else Standing.EXPIRED if day > at + days else Standing.COMMISSIONED
    assert standing(known, "berry", "", needed=NEEDED, today=today) is expected
