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


def shown(made: VitalsBoard, name: str, t_s: float) -> Shown:
    made.rank(round(t_s * S))
    return made.shown(name, round(t_s * S))


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
    assert shown(made, "HR", 10).value == 70
    put(made, "b", "HR", 81, 13)
    assert shown(made, "HR", 13.5).value == 81
    assert shown(made, "HR", 13.5).source == "b"


def test_a_doubtful_value_gives_way_to_a_good_one_but_not_to_none() -> None:
    made = board("a", "b")
    put(made, "a", "HR", 70, 10, Quality.ARTIFACT)
    assert shown(made, "HR", 10) == Shown(70, 0.3, "a", 10 * S)
    put(made, "b", "HR", 81, 10)
    assert shown(made, "HR", 10).value == 81
    put(made, "b", "HR", None, 11)
    assert shown(made, "HR", 11).value == 70


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


def switches(made: VitalsBoard, t_s: float) -> list[tuple[str, str, str]]:
    return [(s.quantity, s.after[0], s.why) for s in made.rank(round(t_s * S))]


def speak(made: VitalsBoard, t_s: float, **values: float | None) -> None:
    """Let monitors say their SpO2, as ``a=97``."""
    for source, value in values.items():
        put(made, source, "SPO2", value, t_s)


def test_a_loss_moves_at_once_and_ten_good_seconds_move_back() -> None:
    made = board("a", "b")
    told = []
    for t_s in range(10, 60):
        if t_s == 20:
            made.link("a", up=False)
        if t_s == 25:
            made.link("a", up=True)
        speak(made, t_s, b=95, **({} if 20 <= t_s < 25 else {"a": 97}))
        told += [(t_s, *switch) for switch in switches(made, t_s) if switch[0] == "SPO2"]
        expected = ("b", 95) if 20 <= t_s < 35 else ("a", 97)
        now = made.shown("SPO2", t_s * S)
        assert (now.source, now.value) == expected
    assert told == [
        (20, "SPO2", "b", "connection lost"),
        (35, "SPO2", "a", "the preferred monitor is back"),
    ]


@pytest.mark.parametrize(
    ("code", "name", "why"),
    [
        ("SPO2_NO_FINGER", "SPO2", "SpO2 sensor off"),
        ("SPO2_PROBE_UNPLUGGED", "PR", "SpO2 sensor off"),
        ("ECG_LEAD_OFF", "HR", "ECG lead off"),
    ],
)
def test_a_sensor_that_is_off_gives_way_to_one_that_is_on(code: str, name: str, why: str) -> None:
    made = board("a", "b")
    for source in ("a", "b"):
        put(made, source, name, 80, 10)
    switches(made, 10)
    for source in ("a", "b"):
        put(made, source, name, 80, 20)
    made.status("a", DeviceStatus(code, active=True), 20 * S)
    assert (name, "b", why) in switches(made, 20)
    assert made.source_of(name) == "b"


def test_a_saturation_that_is_not_refreshed_gives_way_before_it_is_blanked() -> None:
    made = board("a", "b")
    speak(made, 10, a=97, b=95)
    switches(made, 10)
    for t_s in range(11, 15):
        speak(made, t_s, b=95)
        moved = switches(made, t_s)
    assert moved == [("SPO2", "b", "not refreshed for 4 s")]
    assert board("a").shown("SPO2", 0).fitted


def test_a_monitor_that_refreshes_slowly_stands_behind_a_quick_one() -> None:
    made = VitalsBoard()
    made.add_source("slow", ("HR",), interval_s=5.0)
    made.add_source("quick", ("HR",), interval_s=1.0)
    put(made, "slow", "HR", 70, 10)
    put(made, "quick", "HR", 71, 10)
    assert shown(made, "HR", 10).source == "quick"
    made.link("quick", up=False)
    assert shown(made, "HR", 11).source == "slow"


def test_numbers_under_other_names_are_listed_and_never_shown_as_a_heart_rate() -> None:
    """A GE monitor whose ECG fails shows a pulse as its heart rate (protocols.md §2.5)."""
    made = board("a", "b")
    put(made, "a", "HR", None, 10)
    put(made, "a", "HR_SPO2", 78, 10)
    put(made, "b", "ETCO2", 5.1, 10)
    put(made, "b", "OLD", 1, 1)
    put(made, "b", "VOID", 1, 60, Quality.INVALID)
    made.status("a", DeviceStatus("HR_SOURCE", active=True, detail="SPO2"), 10 * S)
    assert shown(made, "HR", 10).value is None
    listed = [(a.source, a.name, a.value) for a in made.also_received(65 * S)]
    assert listed == [("a", "HR_SPO2", 78), ("b", "ETCO2", 5.1)]


def test_the_monitors_own_alarms_are_told_by_source() -> None:
    made = board("a", "b")
    made.status("b", DeviceStatus("MONITOR_ALARM", active=True, detail="yellow"), 10 * S)
    made.status("b", DeviceStatus("MONITOR_ALARM_TEXT", active=True, detail="HR HIGH"), 10 * S)
    (alarm,) = made.monitor_alarms()
    assert (alarm.source, alarm.kinds, alarm.texts) == ("b", ("yellow",), ("HR HIGH",))
    made.status("b", DeviceStatus("MONITOR_ALARM", active=False), 11 * S)
    assert made.monitor_alarms() == ()
