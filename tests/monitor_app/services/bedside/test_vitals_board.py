"""Which number is shown: ranking, freshness, quality, sensors (clinical.md §5.8.1, §6.1, §8.5; protocols.md §11)."""

import pytest

from devices.signals import DeviceStatus, NumericReading, Quality
from monitor_app.core.alarm.facts import NOT_FITTED, Shown
from monitor_app.services.bedside.vitals import VitalsBoard, first_valued, quality_figure

S = 1_000_000_000


def board(*sources: str) -> VitalsBoard:
    made = VitalsBoard()
    for source in sources:
        made.add_source(source, ("HR", "PR", "SPO2", "RR"), 5 * S)
    return made


def put(
    made: VitalsBoard,
    source: str,
    name: str,
    value: float | None,
    t_s: float,
    quality: Quality = Quality.GOOD,
) -> None:
    made.numeric(source, NumericReading(name, value, "1", quality), round(t_s * S))


def test_nothing_is_said_of_what_no_monitor_gives() -> None:
    assert board("a").shown("TEMP", 9 * S) is NOT_FITTED
    assert VitalsBoard().shown("HR", 9 * S) is NOT_FITTED


def test_before_the_first_value_it_counts_from_when_the_monitor_was_added() -> None:
    """Else a session taken up after a restart would say at once that there has been no heart rate for an hour."""
    shown = board("a").shown("HR", 6 * S)
    assert (shown.value, shown.t_ns, shown.fitted) == (None, 5 * S, True)


def test_the_first_monitor_outranks_the_second_until_it_falls_silent() -> None:
    made = board("a", "b")
    put(made, "b", "HR", 80, 10)
    put(made, "a", "HR", 70, 10)
    assert made.shown("HR", 10 * S).value == 70
    put(made, "b", "HR", 81, 13)
    assert made.shown("HR", round(13.5 * S)).value == 81
    assert made.shown("HR", round(13.5 * S)).source == "b"


def test_a_doubtful_value_gives_way_to_a_good_one_but_not_to_none() -> None:
    made = board("a", "b")
    put(made, "a", "HR", 70, 10, Quality.ARTIFACT)
    assert made.shown("HR", 10 * S) == Shown(70, 0.3, "a", 10 * S)
    put(made, "b", "HR", 81, 10)
    assert made.shown("HR", 10 * S).value == 81
    put(made, "b", "HR", None, 11)
    assert made.shown("HR", 11 * S).value == 70


@pytest.mark.parametrize(
    ("name", "interval_s", "fresh_s", "gone_s"),
    [("HR", 1.0, 3.0, 3.1), ("SPO2", 1.0, 30.0, 30.1), ("HR", 10.0, 22.0, 22.1), ("SPO2", 60.0, 30.0, 30.1)],
)
def test_how_long_a_value_stands(name: str, interval_s: float, fresh_s: float, gone_s: float) -> None:
    made = VitalsBoard()
    made.add_source("a", (name,), interval_s=interval_s)
    put(made, "a", name, 70, 0)
    assert made.shown(name, round(fresh_s * S)).value == 70
    assert made.shown(name, round(gone_s * S)).value is None


def test_a_link_that_is_down_blanks_everything_at_once_and_a_reconnect_brings_nothing_old_back() -> None:
    made = board("a")
    put(made, "a", "SPO2", 97, 10)
    made.status("a", DeviceStatus("ECG_LEAD_OFF", active=True, detail="LA"), 10 * S)
    made.link("a", up=False)
    assert made.shown("SPO2", 10 * S).value is None
    assert made.since("ECG_LEAD_OFF") is None
    made.link("a", up=True)
    assert made.shown("SPO2", 41 * S).value is None


def test_a_value_from_before_the_loss_is_not_shown_again() -> None:
    made = board("a")
    put(made, "a", "SPO2", 97, 10)
    made.link("a", up=False)
    made.link("a", up=True)
    assert made.shown("SPO2", 12 * S).value is None
    put(made, "a", "SPO2", 96, 13)
    assert made.shown("SPO2", 13 * S).value == 96


def test_a_monitor_that_says_there_is_nothing_refreshes_nothing() -> None:
    made = board("a")
    put(made, "a", "SPO2", 97, 10)
    for t_s in range(11, 60):
        put(made, "a", "SPO2", None, t_s)
    assert made.shown("SPO2", 60 * S) == Shown(None, 0.0, "a", 10 * S)


@pytest.mark.parametrize(
    ("quality", "figure"),
    [
        (Quality.GOOD, 1.0),
        (Quality.WEAK, 0.6),
        (Quality.QUESTIONABLE, 0.4),
        (Quality.STALE, 0.4),
        (Quality.ARTIFACT, 0.3),
        (Quality.SEARCHING | Quality.WEAK, 0.3),
        (Quality.SENSOR_OFF, 0.0),
        (Quality.INVALID | Quality.WEAK, 0.0),
    ],
)
def test_quality_figures(quality: Quality, figure: float) -> None:
    assert quality_figure(quality) == figure


def test_an_invalid_value_is_no_value() -> None:
    made = board("a")
    put(made, "a", "HR", 127, 10, Quality.INVALID)
    assert made.shown("HR", 10 * S).value is None


def test_conditions_begin_change_and_end() -> None:
    made = board("a", "b")
    made.status("a", DeviceStatus("ECG_LEAD_OFF", active=True, detail="RA"), 10 * S)
    made.status("a", DeviceStatus("ECG_LEAD_OFF", active=True, detail="LA"), 12 * S)
    made.status("a", DeviceStatus("ECG_LEAD_OFF", active=True, detail="LA"), 14 * S)
    assert made.since("ECG_LEAD_OFF") == 10 * S
    assert made.details("ECG_LEAD_OFF") == ("LA", "RA")
    assert made.since("ECG_LEAD_OFF", source="b") is None
    assert made.details("ECG_LEAD_OFF", "b") == ()
    made.status("a", DeviceStatus("ECG_LEAD_OFF", active=False, detail="RA"), 15 * S)
    assert made.since("ECG_LEAD_OFF") == 12 * S
    made.status("a", DeviceStatus("ECG_LEAD_OFF", active=False), 16 * S)
    assert made.since("ECG_LEAD_OFF") is None


def test_a_lead_nobody_named_has_no_name() -> None:
    made = board("a")
    made.status("a", DeviceStatus("ECG_LEAD_OFF", active=True), 10 * S)
    assert made.details("ECG_LEAD_OFF") == ()
    assert made.since("ECG_LEAD_OFF") == 10 * S


@pytest.mark.parametrize("code", ["SPO2_PROBE_UNPLUGGED", "SPO2_NO_FINGER"])
def test_the_probe_that_counts_is_that_of_the_monitor_shown(code: str) -> None:
    made = board("a", "b")
    made.status("b", DeviceStatus(code, active=True), 10 * S)
    assert made.sensor_off_since_t_ns is None
    made.status("a", DeviceStatus(code, active=True), 11 * S)
    assert made.sensor_off_since_t_ns == 11 * S


def test_the_order_of_sources_of_a_rate() -> None:
    good, poor, none = Shown(70, 1.0, "ECG", 9), Shown(80, 0.3, "own", 9), Shown(None, 0.0, "PR", 5)
    assert first_valued(none, poor, good) is good
    assert first_valued(NOT_FITTED, none, poor) is poor
    assert first_valued(Shown(None, 0, "x", 3), none) is none
    assert first_valued(NOT_FITTED) is NOT_FITTED
