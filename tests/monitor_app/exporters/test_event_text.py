"""What stands in ``events.csv`` of the alarm system's states and limits (clinical.md §5.5, §5.6)."""

from monitor_app.core.journal import LimitEntry, SoundEntry, SystemEntry
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.exporters.event_text import EventLine, event_line

NURSE = Actor("Nina", "nurse")
AT = Stamp(10_000_000_000, 0)


def test_states_of_the_sound_and_of_the_alarm_system() -> None:
    assert event_line(SoundEntry(AT, "paused", NURSE, 130_000_000_000)) == EventLine(
        "sound", "paused", NURSE, "", "until_s=130"
    )
    assert event_line(SoundEntry(AT, "off", NURSE, None, "by hand")) == EventLine(
        "sound", "off", NURSE, "by hand"
    )
    assert event_line(SoundEntry(AT, "AL-HR-03 off", NURSE, None, "runner")) == EventLine(
        "alarm_system", "AL-HR-03 off", NURSE, "runner"
    )
    text = "toilet; with the patient: Sam"
    assert event_line(SoundEntry(AT, "sensors off", NURSE, 310_000_000_000, text)) == EventLine(
        "alarm_system", "sensors off", NURSE, text, "until_s=310"
    )


def test_a_limit_by_whom_and_why() -> None:
    entry = LimitEntry(AT, "AL-HR-03", "rec.limit_per_min", 110.0, NURSE, "anxious")
    assert event_line(entry) == EventLine("limit", "AL-HR-03 rec.limit_per_min = 110", NURSE, "anxious")


def test_a_time_without_sensors_with_its_reason() -> None:
    entry = SystemEntry(AT, "SENSORS_OFF", "sensors off on purpose", {"seconds": 52.0, "reason": "toilet"})
    line = event_line(entry)
    assert line is not None
    assert (line.kind, line.text, line.detail) == ("system", "SENSORS_OFF", "seconds=52; reason=toilet")
