"""Which cuff readings stand on the chart in an alarm's colour: all beyond the limit in force when they were taken."""

from types import SimpleNamespace

from monitor_app.core.alarm.catalogue import default_limits
from monitor_app.core.journal import AlarmEntry, LimitEntry, NibpEntry, PhaseEntry
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import SYSTEM, Actor, Stamp
from monitor_app.services.bedside.publication import AlarmSystemView
from monitor_app.services.display import DisplayModel
from monitor_app.services.view.trend_readings import trend_readings

LEAD = Actor("Lea Moor", "clinical lead")
MEDIUM, HIGH = Priority.MEDIUM, Priority.HIGH
S = 1_000_000_000


def at(seconds: float) -> Stamp:
    return Stamp(round(seconds * S), round(seconds * 1000))


def nibp(t_s: float, systolic: float, diastolic: float) -> NibpEntry:
    mean = (systolic + 2 * diastolic) / 3
    return NibpEntry(at(t_s), f"n{t_s}", "m@p", "auto", None, systolic, diastolic, mean, False, None)


def alarm(t_s: float, rule: str, priority: Priority) -> AlarmEntry:
    return AlarmEntry(
        at(t_s), "a", rule, AlarmClass.PHYSIOLOGICAL, priority, "IDLE", "ACTIVE", Phase.INF, 1.0, 1.0, ""
    )


def chart(readings: list[NibpEntry], alarms: list[AlarmEntry], **given: object) -> list[Priority | None]:
    model = DisplayModel()
    model.nibp, model.alarms = readings, alarms
    limits = default_limits()
    if (entry := given.get("changed")) is not None:
        assert isinstance(entry, LimitEntry)
        before = LimitEntry(at(0), entry.rule, entry.parameter, 160.0, SYSTEM, "Factory 1")
        model.limits.log.take(before)
        model.limits.log.take(entry)
        limits = limits.replaced(entry.rule, entry.parameter, entry.value)
    phases = (PhaseEntry(at(1), Phase.SCHED, Phase.INF, SYSTEM),)
    state = SimpleNamespace(alarm_system=AlarmSystemView(limits=limits), visit=SimpleNamespace(phases=phases))
    return [r.priority for r in trend_readings(model, state, 0.0)]


def test_readings_of_one_alarm_are_told_by_the_limit() -> None:
    """160/100 in AL-BP-02 (clinical.md §6.2): at the limit is not beyond it; either pressure will do."""
    readings = [
        nibp(10, 168, 90),
        nibp(70, 161, 90),
        nibp(130, 160, 100),
        nibp(190, 140, 101),
        nibp(250, 130, 80),
    ]
    found = chart(readings, [alarm(10, "AL-BP-02", MEDIUM)])
    assert found == [MEDIUM, MEDIUM, None, MEDIUM, None]


def test_the_graver_alarm_gives_the_colour() -> None:
    begun = [alarm(10, "AL-BP-02", MEDIUM), alarm(10, "AL-BP-01", HIGH)]
    readings = [nibp(10, 184, 90), nibp(70, 180, 90), nibp(130, 179, 90)]
    assert chart(readings, begun) == [HIGH, HIGH, MEDIUM]


def test_a_low_pressure_as_well() -> None:
    readings = [nibp(10, 85, 60), nibp(70, 88, 62), nibp(130, 90, 62)]
    assert chart(readings, [alarm(10, "AL-BP-08", MEDIUM)]) == [MEDIUM, MEDIUM, None]


def test_what_never_alarmed_has_no_colour() -> None:
    assert chart([nibp(10, 168, 90), nibp(70, 168, 90)], []) == [None, None]
    late = [alarm(70, "AL-BP-02", MEDIUM)]
    assert chart([nibp(10, 168, 90), nibp(70, 168, 90)], late) == [None, MEDIUM]


def test_the_limit_is_the_one_in_force_then() -> None:
    raised = LimitEntry(at(100), "AL-BP-02", "systolic_mmhg", 170.0, LEAD, "lives with 165")
    readings = [nibp(10, 168, 90), nibp(70, 165, 90), nibp(130, 165, 90), nibp(190, 171, 90)]
    found = chart(readings, [alarm(10, "AL-BP-02", MEDIUM)], changed=raised)
    assert found == [MEDIUM, MEDIUM, None, MEDIUM]


def test_a_refused_reading_is_not_drawn() -> None:
    refused = NibpEntry(at(5), "n", "m@p", "auto", None, 100, 95, 97, False, None, rejected="15 apart")
    assert chart([refused], []) == []
