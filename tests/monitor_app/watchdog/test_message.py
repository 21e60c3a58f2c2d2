"""Lines between the program and its watchdog; what is no line of ours says nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor_app.watchdog.message import Pulse, Report, pulse_line, read_pulse, read_report, report_line

pulses = st.builds(
    Pulse, armed=st.booleans(), beats=st.dictionaries(st.text(max_size=9), st.integers(0, 2**40), max_size=4),
    bye=st.booleans(), told=st.text(max_size=30), sounds_for=st.lists(st.text(max_size=9), max_size=2).map(tuple),
    would_sound_for=st.lists(st.text(max_size=9), max_size=2).map(tuple),
)  # fmt: skip


@given(pulses)
def test_a_pulse_is_one_line_of_json(pulse) -> None:
    line = pulse_line(pulse)
    assert line.count(b"\n") == 1
    assert set(json.loads(line)) == {"armed", "beats", "bye", "told", "sounds_for", "would_sound_for"}
    assert read_pulse(line) == pulse


def test_a_report_comes_back() -> None:
    report = Report("armed", "aplay", "", 4711)
    assert read_report(report_line(report)) == report


@pytest.mark.parametrize(
    "line", [b"", b"\n", b"{", b"[]", b"12", b'{"armed": true}', b'{"beats": 3}', b"\xff\xfe\n"]
)
def test_what_says_nothing(line) -> None:
    assert read_pulse(line) is None


@given(st.binary(max_size=80))
def test_any_bytes_are_survived(line) -> None:
    read_pulse(line)
    read_report(line)


def test_one_that_claims_nothing_sounds_for_nothing() -> None:
    assert read_pulse(b'{"beats": {}}').sounds_for == ()
    assert read_pulse(b'{"beats": {}, "sounds_for": "screen", "would_sound_for": [3, "a"]}') == Pulse(
        would_sound_for=("a",)
    )


def test_only_a_plain_true_arms() -> None:
    assert not read_pulse(b'{"armed": 1, "beats": {}}').armed
    assert read_report(b'{"state": 3}') is None
