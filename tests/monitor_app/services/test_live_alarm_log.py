"""The log of the session that runs follows what is published, and forgets near misses."""

from monitor_app.core import journal as j
from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm_log import VERSIONS_CODE
from monitor_app.core.alarm_verdict import Verdict, verdict_fields
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.services.alarm_log import LiveAlarmLog, rules_entry, title_of
from monitor_app.services.bedside.publication import SoundBurst

ANA = Actor("Ana")


def step(t_ns, states, occurrence="1", rule="AL-HR-03"):
    before, after = states.split()
    return j.AlarmEntry(
        Stamp(t_ns, t_ns), occurrence, rule, AlarmClass.PHYSIOLOGICAL, Priority.MEDIUM, before, after, Phase.INF, 130, 120, "",
    )  # fmt: skip


def test_rows_grow_and_are_worked_out_only_when_something_changed() -> None:
    log = LiveAlarmLog()
    assert log.rows() == ()
    log.take(step(1, "IDLE ACTIVE"))
    rows = log.rows()
    assert [row.state for row in rows] == ["ACTIVE"]
    log.take(SoundBurst("HIGH", "GENERAL", 2))
    log.take(j.NumericEntry(Stamp(3, 3), "b", "HR", 130, "/min"))
    assert log.rows() is rows
    log.take(j.CareEntry(Stamp(4, 4), "e", "verdict", "", ANA, verdict_fields("1", "AL-HR-03", Verdict.TEST)))
    assert log.rows()[0].judgement.verdict is Verdict.TEST


def test_a_near_miss_is_forgotten_and_nothing_else() -> None:
    log = LiveAlarmLog()
    log.take(step(1, "IDLE PENDING", "1"))
    assert len(log.rows()) == 1
    log.take(step(2, "IDLE ACTIVE", "2", "AL-BP-02"))
    log.take(step(3, "PENDING IDLE", "1"))
    log.take(step(4, "IDLE PENDING", "3"))
    log.take(step(5, "PENDING ACTIVE", "3"))
    log.take(step(6, "ACTIVE IDLE", "3"))
    log.take(step(7, "ACTIVE IDLE", "2", "AL-BP-02"))
    assert [(row.occurrence_id, row.state) for row in log.rows()] == [("2", "IDLE"), ("3", "IDLE")]


def test_ten_thousand_near_misses_leave_nothing_behind() -> None:
    log = LiveAlarmLog()
    for number in range(10_000):
        log.take(step(2 * number, "IDLE PENDING", str(number)))
        log.take(step(2 * number + 1, "PENDING IDLE", str(number)))
    assert log.rows() == ()
    assert log._entries == []


def test_every_rule_has_its_version_in_the_record() -> None:
    entry = rules_entry(Stamp(0, 0))
    assert entry.code == VERSIONS_CODE
    assert dict(entry.fields) == {rule.id: rule.version for rule in RULES}
    assert (title_of("AL-HR-03"), title_of("XX-99")) == ("Tachycardia", "XX-99")
