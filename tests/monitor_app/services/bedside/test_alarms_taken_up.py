"""Alarms of a session that was cut off come back as they were (clinical.md §5.4, §5.6), by the bedside's own record."""

import pytest

from monitor_app.core.alarm.engine import Condition
from monitor_app.core.commands import Acknowledge
from monitor_app.core.journal import AlarmEntry
from tests.monitor_app.services.bedside.bench import NURSE, Bench, reading
from tests.monitor_app.services.bedside.bench_visit import INFUSING, care, chair, restarted


def conditions(bench: Bench) -> dict[str, Condition]:
    return {c.rule.id: c for c in bench.bedside.alarms.conditions}


def as_it_was(condition: Condition) -> tuple[object, ...]:
    return (
        condition.occurrence_id,
        condition.state,
        condition.announced_t_ns,
        condition.acknowledged_t_ns,
        condition.shown,
        condition.unacknowledged,
        condition.worst_value,
    )


def test_latched_acknowledged_and_active_alarms_go_on() -> None:
    bench, monitor = chair(*INFUSING)
    monitor.numbers["SPO2"] = 84
    bench.run(12)
    monitor.numbers["SPO2"] = 97
    bench.run(8)
    bench.say(reading(165, 90))
    care(bench, "adverse_event", term="Panic attack")
    monitor.numbers |= {"HR": 125, "PR": 125}
    bench.run(5)
    assert bench.do(Acknowledge(NURSE, "AL-HR-03")) == ()
    before = conditions(bench)
    assert {rule: c.state.value for rule, c in before.items()} == {
        "AL-SP-01": "LATCHED",
        "AL-HR-03": "ACTIVE_ACK",
        "AL-HR-04": "PENDING",
        "AL-BP-02": "ACTIVE",
        "AL-SD-04": "ACTIVE",
    }
    again = restarted(bench, gap_s=20)
    after = conditions(again)
    for rule in ("AL-SP-01", "AL-BP-02", "AL-SD-04"):
        assert as_it_was(after[rule]) == as_it_was(before[rule]), rule
    assert after["AL-HR-03"].acknowledged  # the new monitor has not said a rate yet: nothing ends it
    assert after["TE-20"].unacknowledged
    closed = [e for e in again.of(AlarmEntry) if e.from_state == "PENDING"]
    assert [(e.rule, e.to_state, e.occurrence_id) for e in closed] == [
        ("AL-HR-04", "IDLE", before["AL-HR-04"].occurrence_id)
    ]
    again.run(10)
    assert "AL-HR-03" not in conditions(again)  # 72 a minute
    assert again.do(Acknowledge(NURSE, "AL-SP-01")) == ()
    assert again.do(Acknowledge(NURSE, "AL-SD-04")) == ()
    again.run(2)
    assert not {"AL-SP-01", "AL-SD-04"} & conditions(again).keys()


def test_new_alarms_do_not_take_the_numbers_of_old_ones() -> None:
    bench, _ = chair(*INFUSING)
    bench.say(reading(165, 90))
    again = restarted(bench, gap_s=20)
    again.monitors["bench@port"][0].numbers["SPO2"] = 80
    again.run(15)
    steps = [e for b in (bench, again) for e in b.of(AlarmEntry)]
    rules: dict[str, set[str]] = {}
    for step in steps:
        rules.setdefault(step.occurrence_id, set()).add(step.rule)
    assert all(len(of) == 1 for of in rules.values())


@pytest.mark.parametrize("killed_at_once", [False, True], ids=["later", "as it was acknowledged"])
def test_a_second_gap_is_told_though_the_first_was_acknowledged(killed_at_once: bool) -> None:
    before = chair(*INFUSING)[0]
    first = restarted(before, gap_s=40)
    assert first.do(Acknowledge(NURSE, "TE-20")) == ()
    steps = [n for n, e in enumerate(first.entries) if isinstance(e, AlarmEntry) and e.rule == "TE-20"]
    assert [first.entries[n].to_state for n in steps] == ["ACTIVE", "ACTIVE_ACK", "IDLE"]
    kept = first.entries[: steps[1] + 1] if killed_at_once else first.entries
    first.entries[:] = [*before.entries, *kept]
    second = restarted(first, gap_s=50)
    assert conditions(second)["TE-20"].unacknowledged
    assert second.bedside.system.plan_held
