"""Tasks not done (clinical.md §6.7), told from visits as they are recorded."""

import pytest

from monitor_app.core.alarm.facts import DueTask, WorkFacts
from monitor_app.core.alarm.visit_facts import work_facts
from monitor_app.core.phase import Phase
from monitor_app.core.visit.facts import ClinicRules
from tests.monitor_app.core.alarm.alarm_helpers import S, engine, facts
from tests.monitor_app.core.alarm.visit_maker import MIN, Made

RULES = ClinicRules()


def told(made: Made, until_min: float, *, start_min: float = 0, **known: object) -> list[tuple[float, str]]:
    """Step from deadline to deadline over a visit that no longer changes: what is announced in which minute."""
    alarms, found = engine(), []
    visit, t_ns = made.visit, round(start_min * MIN)
    work = work_facts(visit, RULES)
    next_t_ns: int | None = t_ns
    while next_t_ns is not None and next_t_ns <= until_min * MIN:
        steps = alarms.evaluate(facts(next_t_ns / S, phase=visit.phase, work=work, **known))
        found += [(x.t_ns / MIN, x.rule) for x in steps if x.to_state.value == "ACTIVE" and not x.suppressed]
        next_t_ns = alarms.next_deadline_ns()
    return [(round(t, 3), rule) for t, rule in found if rule.startswith("WF")]


def infusing() -> Made:
    made = Made().order().phase(0, Phase.INF).pump(0, "started")
    for item in ("dissociation", "nausea", "rr", "iv_site"):
        made.care(400, "check", **{item: 1})
    return made.care(400, "check", moaas=5)


def test_wf_01_an_observation_2_and_5_min_late():
    made = Made().phase(0, Phase.INF).pump(0, "started")
    assert told(made, 30) == [(17, "WF-01-L"), (20, "WF-01-M")]


def test_wf_01_names_the_latest_and_counts_the_rest():
    alarms = engine()
    work = WorkFacts(
        due=(DueTask("Sedation (MOAA/S)", 0), DueTask("Nausea", 0), DueTask("Breathing", 60 * S))
    )
    alarms.evaluate(facts(120, work=work))
    assert alarms.conditions[0].text == "Sedation (MOAA/S) overdue 2 min, 1 more"
    alarms.evaluate(facts(180, work=work))
    assert alarms.conditions[0].text == "Sedation (MOAA/S) overdue 3 min, 2 more"
    assert alarms.evaluate(facts(181))[0].to_state.value == "IDLE"


def test_wf_02_the_planned_end_1_and_5_min_ago():
    found = [x for x in told(infusing(), 45.9) if x[1].startswith("WF-02")]
    assert found == [(41, "WF-02-L"), (45, "WF-02-M")]
    assert told(infusing().pump(39, "completed"), 60) == []


def test_wf_02_moves_with_a_pause():
    made = infusing().pump(10, "paused").pump(20, "resumed")
    assert [x for x in told(made, 56) if x[1].startswith("WF-02")] == [(51, "WF-02-L"), (55, "WF-02-M")]


def test_wf_03_two_percent_more_than_ordered():
    assert (40.8, "WF-03") in told(infusing(), 60)
    made = infusing().pump(20, "rate", rate_ml_per_h=105.0)
    assert (pytest.approx(30.4, abs=0.01), "WF-03") in told(made, 31)


def test_wf_03_a_pump_that_says_otherwise():
    close = infusing().pump(20, "volume", pump_volume_ml=17.0)
    assert told(close, 25, start_min=21) == []
    apart = infusing().pump(20, "volume", pump_volume_ml=15.0)
    assert told(apart, 25, start_min=21) == [(21, "WF-03")]
    read_again = apart.pump(22, "volume", pump_volume_ml=19.25)
    assert told(read_again, 25, start_min=23) == []


def test_wf_04_a_pause_of_15_min():
    made = infusing().pump(10, "paused").phase(10, Phase.PAUSE)
    assert told(made, 40, start_min=10) == [(25, "WF-04")]
    assert told(made.phase(20, Phase.EMERG), 60, start_min=20) == []


def recovering() -> Made:
    made = Made().phase(0, Phase.INF).pump(0, "started").pump(40, "completed").phase(42, Phase.REC)
    for item in ("moaas", "dissociation", "nausea", "rr", "iv_site"):
        made.care(400, "check", **{item: 5})
    return made.care(400, "vas", value=2)


def test_wf_05_and_06_in_recovery():
    found = told(recovering(), 200, start_min=42, recovery_minimum_t_ns=70 * MIN)
    assert found == [(70, "WF-05"), (162, "WF-06")]


def test_wf_07_and_08_stand_beside_their_guards():
    made = Made().phase(0, Phase.INF).pump(0, "started").pump(40, "completed").phase(42, Phase.REC)
    made.care(30, "adverse_event", term="Nausea", outcome="recovering")
    made.care(50, "check", moaas=5)
    found = told(made, 71, start_min=70, recovery_minimum_t_ns=70 * MIN)
    assert (70, "WF-08") in found
    assert not any(rule == "WF-07" for _, rule in found)
    made.phase(80, Phase.DCA)
    assert (81, "WF-07") in told(made, 81, start_min=81)
    made.care(82, "adverse_event", term="Nausea", outcome="recovered")
    assert work_facts(made.visit, RULES).ongoing_events == ("Nausea",)  # another event, not its completion


def test_wf_09_reviews_due_on_the_day_at_check_in_only():
    patient = {
        "safety_lab_due": "2026-01-05",
        "psych_review_due": "2026-01-06",
        "drug_screen_due": "2025-12-01",
    }
    made = Made(**patient).phase(0, Phase.CHECKIN)
    assert work_facts(made.visit, RULES).reviews_due == ("safety lab", "urine drug screen")
    assert told(made, 1) == [(0, "WF-09")]
    assert told(made.phase(5, Phase.BASE), 6, start_min=5) == []
    assert work_facts(Made(safety_lab_due="soon", psych_review_due=5).visit, RULES).reviews_due == ()


def test_information_never_waits_to_be_acknowledged():
    alarms = engine()
    alarms.evaluate(facts(0, phase=Phase.REC, recovery_minimum_t_ns=0))
    assert [(c.rule.id, c.shown, c.informs) for c in alarms.conditions] == [("WF-05", False, True)]
