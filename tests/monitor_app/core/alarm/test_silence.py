"""What is missing because a monitor is silent is told once, by TE-09 (clinical.md §5.8.6, §6.6)."""

from collections.abc import Iterable

import pytest

from devices.signals import NibpFailure
from monitor_app.core.alarm.engine import AlarmEngine
from monitor_app.core.alarm.facts import Facts, Holds, LinkFacts, NibpFacts, Shown
from tests.monitor_app.core.alarm.alarm_helpers import S, engine, facts

QUIET, TALKING = "berry@ttyUSB0", "nonin@ttyUSB1"
NO_ANSWER = NibpFailure.NO_ANSWER.value


def at(t_s: float, *, spo2_from: str = QUIET, hr_from: str = QUIET, **known: object) -> Facts:
    """One monitor silent from the beginning, one that speaks; no saturation and no rate from the beginning."""
    links = (
        LinkFacts(QUIET, 0, 0.1, connected=False, name="PM6750"),
        LinkFacts(TALKING, round(t_s * S), 0.1, connected=True, name="Xpod"),
    )
    spo2 = Shown(None, 0.0, spo2_from, 0)
    hr = Shown(None, 0.0, "ECG", 0, monitor=hr_from)
    return facts(t_s, **{"links": links, "spo2": spo2, "hr": hr, **known})


def shown(alarms: AlarmEngine) -> dict[str, str]:
    return {c.rule.id: c.text for c in alarms.conditions if c.shown}


def after(seconds: Iterable[Facts]) -> AlarmEngine:
    alarms = engine()
    for known in seconds:
        alarms.evaluate(known)
    return alarms


def test_one_cable_is_one_technical_alarm_and_the_lost_rate() -> None:
    alarms = after(at(t) for t in range(41))
    assert shown(alarms) == {
        "TE-09-M": "No data from PM6750 for 40 s",
        "AL-HR-09": "No heart rate · monitor silent: check its cable",
    }
    assert {c.worst_text for c in alarms.conditions if c.rule.id == "AL-HR-09"} == {
        "No heart rate · monitor silent: check its cable"
    }


def test_with_the_monitor_back_its_saturation_has_30_s_to_come() -> None:
    alarms = after(at(t) for t in range(41))
    back = (LinkFacts(QUIET, 10**12, 0.1, connected=True),)
    for t in range(41, 70):
        alarms.evaluate(at(t, links=back))
        assert "TE-06" not in shown(alarms)
    alarms.evaluate(at(71, links=back))
    assert "TE-06" in shown(alarms)


def test_what_another_monitor_does_not_say_is_told() -> None:
    alarms = after(at(t, spo2_from=TALKING, hr_from=TALKING) for t in range(41))
    assert shown(alarms)["TE-06"] == "SpO2 not refreshed"
    assert shown(alarms)["AL-HR-09"] == "No heart rate from any source"


def test_an_alarm_that_stood_before_gives_way_to_the_cause() -> None:
    def course() -> Iterable[Facts]:
        for t in range(60):
            last_s = min(t, 40)
            yield at(t, links=(LinkFacts(QUIET, last_s * S, 0.1, connected=t <= 40),))

    alarms = after(course())
    (hidden,) = [c for c in alarms.conditions if c.rule.id == "TE-06"]
    assert (hidden.shown, hidden.suppressed_by) == (False, "TE-09-M")


def test_a_rule_that_a_person_switched_off_hides_nothing() -> None:
    off = Holds(rules_off={"TE-09-M": None, "TE-09-L": None})
    assert "TE-06" in shown(after(at(t, holds=off) for t in range(41)))
    later = after(at(t) for t in range(20))
    for t in range(20, 60):
        later.evaluate(at(t, holds=off))
    assert "TE-06" in shown(later)


@pytest.mark.parametrize(
    ("cause", "monitor", "told"),
    [(NO_ANSWER, QUIET, False), (NO_ANSWER, TALKING, True), (NibpFailure.LEAK.value, QUIET, True)],
)
def test_that_a_silent_monitor_gave_no_answer_is_no_second_problem(
    cause: str, monitor: str, told: bool
) -> None:
    def cuff(t: int) -> NibpFacts:
        if t < 12:
            return NibpFacts(monitor=monitor)
        return NibpFacts(failures_in_a_row=1, last_failure=cause, last_failure_t_ns=12 * S, monitor=monitor)

    alarms = after(at(t, nibp=cuff(t)) for t in range(15))
    assert ("TE-07-L" in shown(alarms)) is told
    if not told:
        back = (LinkFacts(QUIET, 15 * S, 0.1, connected=True),)
        alarms.evaluate(at(15, nibp=cuff(15), links=back))
        alarms.evaluate(at(16, nibp=cuff(16), links=back))
        assert shown(alarms)["TE-07-L"] == f"NIBP failed: {NO_ANSWER}"


def test_all_silent_monitors_are_named_the_longest_first() -> None:
    links = (
        LinkFacts("a@b", 5 * S, 0.1, connected=False, name="Xpod"),
        LinkFacts(QUIET, 0, 0.1, connected=False),
        LinkFacts("c@d", 29 * S, 0.1, connected=True, name="B40"),
    )
    alarms = after([facts(30, links=links)])
    assert shown(alarms)["TE-09-M"] == f"No data from {QUIET} and Xpod for 30 s"
