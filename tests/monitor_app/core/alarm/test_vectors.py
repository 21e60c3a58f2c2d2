"""The alarm test vectors of clinical.md §7, by number, on the real engine, sound plan and cuff plan.

Those that displayed numbers can carry run through ``chairside replay`` as well (``services/test_replay_vectors*``); V25
on a real link (``services/test_cable_end_to_end``), V26 and V29 on the real alarm bar (``gui/test_vectors_window``), V23
and V24 on a real bedside (``services/test_live_resume``, ``services/bedside``).
"""

import itertools
import re
from pathlib import Path

import pytest

from monitor_app.core.alarm.engine import Transition
from monitor_app.core.alarm.facts import (
    BeatFacts,
    NibpFacts,
    PulseFacts,
    Shown,
)
from monitor_app.core.alarm.state import AlarmState
from monitor_app.core.journal import Baseline
from monitor_app.core.nibp_machine import ended, started
from monitor_app.core.nibp_plan import CuffEnd, NibpPlan
from monitor_app.core.phase import Phase
from tests.monitor_app.core.alarm.alarm_helpers import S, engine, facts, reading
from tests.monitor_app.core.alarm.test_confirmation import STEADY, beat_times, displayed, play
from tests.monitor_app.core.alarm.vector_helpers import announced, cuff, each_second, entered

TESTS = Path(__file__).parents[3]


def test_v1_a_step_to_125():
    told = play(engine(), beat_times((80, 0), (125, 30)), 30, PulseFacts(125, 0.95, None, 5))
    at = {rule: t for t, rule in announced(told)}["AL-HR-03"]
    assert 3 <= at <= 10
    beats = beat_times((80, 0), (125, 30))
    rate = displayed([b - a for a, b in itertools.pairwise(beats) if b <= at])
    assert rate > 120


def test_v2_alternating_around_the_limit():
    told = each_second(engine(), {"hr": [119 if (i // 2) % 2 == 0 else 121 for i in range(300)]},
                       baseline=Baseline(120, 80, 80, 98, None))  # fmt: skip
    found = announced(told)
    assert {rule for _, rule in found} == {"AL-HR-04", "AL-HR-05"}
    assert all(59 <= t <= 61 for t, _ in found)


def test_v3_hysteresis():
    told = each_second(engine(), {"hr": [121] * 20 + [117] * 60 + [115] * 8})
    assert entered(told, "AL-HR-03") == [(0, "PENDING"), (3, "ACTIVE"), (85, "IDLE")]


def test_v4_six_seconds_of_artefact():
    told = play(engine(), beat_times((80, 0), (165, 6), (80, 30)), 30, STEADY)
    assert announced(told) == []
    assert "PENDING" in {state for _, state in entered(told, "AL-HR-03")}


def test_v5_thirty_seconds_of_it():
    told = play(engine(), beat_times((80, 0), (165, 30), (80, 40)), 40, STEADY)
    first = next(x for x in told if x.to_state is AlarmState.ACTIVE and x.rule == "AL-HR-03")
    assert first.t_ns <= 10 * S
    assert first.note == "not confirmed by pulse"


def flat(pulse: PulseFacts | None, until_s: float, *, pulse_until_s: float = 1e9) -> list[Transition]:
    """An ECG without a beat from 0 on, leads on."""
    alarms, told = engine(), []
    beats = BeatFacts(last_beat_t_ns=0, signal_since_t_ns=-60 * S)
    for half in range(round(until_s * 2) + 1):
        there = pulse if half / 2 < pulse_until_s else None
        told += alarms.evaluate(facts(half / 2, beats=beats, pulse=there))
    return told


def test_v6_flat_with_a_pulse():
    regular = PulseFacts(78, 0.95, None, 4)
    assert announced(flat(regular, 9)) == [(4, "TE-21")]
    assert announced(flat(regular, 12)) == [(4, "TE-21"), (10, "AL-HR-01")]
    assert announced(flat(regular, 9, pulse_until_s=6)) == [(4, "TE-21"), (6, "AL-HR-01")]


def test_v7_flat_without_a_pulse():
    ((at, rule),) = announced(flat(None, 10))
    assert rule == "AL-HR-01"
    assert 3.5 <= at <= 4.5


def test_v8_lead_off():
    alarms, told = engine(), []
    off = {"ecg_leads_off": ("RA",), "ecg_lead_off_since_t_ns": 0}
    beats = BeatFacts(last_beat_t_ns=0, signal_since_t_ns=-60 * S)
    for half in range(60):
        pulse_rate = Shown(82, 1, "PR", half * S // 2)
        told += alarms.evaluate(facts(half / 2, hr=pulse_rate, beats=beats, **off))
    assert announced(told) == [(3, "TE-01-M")]


@pytest.mark.parametrize(("count", "expected"), [(17, True), (16, False)])
def test_v9_seventeen_beats(count, expected):
    told = play(engine(), beat_times((80, 0), (142, count * 60 / 142), (100, 30)), 30, None)
    found = {rule: t for t, rule in announced(told)}
    assert ("AL-HR-02" in found) is expected
    assert not expected or found["AL-HR-02"] == pytest.approx(7.2, abs=0.2)


def test_v10_and_v11_a_dip_of_14_and_of_20_s():
    short = each_second(engine(), {"spo2": [95] * 5 + [89] * 14 + [95] * 20})
    assert announced(short) == []
    assert entered(short, "AL-SP-02") == [(5, "PENDING"), (19, "IDLE")]
    long = each_second(engine(), {"spo2": [95] * 5 + [89] * 20 + [95] * 20})
    ((at, rule),) = announced(long)
    assert rule == "AL-SP-02"
    assert 14 <= at - 5 <= 16


def test_v12_desaturation():
    alarms = engine()
    ((at, rule),) = announced(each_second(alarms, {"spo2": [84] * 13}))
    assert (rule, 9 <= at <= 11) == ("AL-SP-01", True)
    told = each_second(engine(), {"spo2": [84] * 20})
    assert {x.suppressed for x in told if x.rule == "AL-SP-02" and x.t_ns >= 10 * S} == {"AL-SP-01"}


@pytest.mark.parametrize(("same_limb", "expected"), [(True, 50.5), (False, 15)])
def test_v13_and_v14_the_cuff_on_the_limb_of_the_probe_and_on_another(same_limb, expected):
    alarms, told = engine(), []
    for half in range(140):
        t = half / 2
        inflating = 5 * S if same_limb and 5 <= t < 40.5 else None
        nibp = NibpFacts(inflating_on_spo2_limb_since_t_ns=inflating)
        told += alarms.evaluate(facts(t, spo2=95 if t < 5 else 80, nibp=nibp))
    assert announced(told)[0] == (expected, "AL-SP-01")


def test_v15_severe_then_158():
    alarms = engine()
    alarms.evaluate(facts(0, readings=cuff((0, 181, 95))))
    assert alarms.retake_wanted
    assert alarms.conditions[0].unconfirmed
    again = (*cuff((0, 181, 95)), reading(2, 60, 158, 92, retake=True))
    alarms.evaluate(facts(60, readings=again))
    by_rule = {c.rule.id: c for c in alarms.conditions}
    assert (by_rule["AL-BP-01"].state.value, by_rule["AL-BP-01"].note) == ("LATCHED", "not confirmed")
    assert by_rule["AL-BP-02"].state.value == "ACTIVE"


def test_v15b_a_monitor_that_times_its_own_cuff(make_cuff):
    plan = make_cuff("08:00:00", plan=NibpPlan(host_timed=False))
    plan.enter(Phase.REC)
    plan.run(60)
    plan.plan = ended(started(plan.plan, plan.t_ns), plan.t_ns, CuffEnd.ALARMING)
    from_s = plan.t_s
    plan.run(70)
    assert [trigger for _, trigger in plan.tasks][-1] == "retake"
    assert plan.log == []
    alarms = engine()
    first = cuff((from_s, 181, 95))
    alarms.evaluate(facts(from_s, readings=first))
    alarms.evaluate(facts(from_s + 600, readings=first))
    assert alarms.conditions[0].unconfirmed
    alarms.evaluate(facts(from_s + 700, readings=(*first, reading(2, from_s + 700, 182, 95))))
    assert not alarms.conditions[0].unconfirmed


@pytest.mark.parametrize(
    ("systolic", "diastolic", "rules"),
    [(180, 109, {"AL-BP-01"}), (179, 109, {"AL-BP-02"}), (160, 100, set()), (161, 100, {"AL-BP-02"})],
)
def test_v16_the_limits_exactly(systolic, diastolic, rules):
    told = engine().evaluate(facts(0, readings=cuff((0, systolic, diastolic))))
    assert {rule for _, rule in announced(told)} == rules


def test_v17_one_line_for_one_reading():
    alarms = engine()
    alarms.evaluate(facts(0, readings=cuff((0, 150, 80)), baseline=Baseline(110, 70, 72, 98, None)))
    assert {c.rule.id: c.suppressed_by for c in alarms.conditions} == {"AL-BP-05": "", "AL-BP-04": "AL-BP-05"}


def test_v18_a_baseline_that_was_high():
    alarms = engine()
    alarms.evaluate(facts(0, readings=cuff((0, 165, 95)), baseline=Baseline(150, 92, 72, 98, None)))
    assert {c.rule.id for c in alarms.conditions} == {"AL-BP-02"}


@pytest.mark.parametrize(("systolic", "shown"), [(160, "AL-BP-11"), (161, "AL-BP-02")])
def test_v19_late_rise(systolic, shown):
    alarms = engine()
    known = {
        "phase": Phase.REC,
        "baseline": Baseline(135, 85, 72, 98, None),
        "infusion_end_t_ns": 0,
        "infusion_end_systolic_mmhg": 138,
    }
    alarms.evaluate(facts(1200, readings=cuff((0, 138, 86), (1200, systolic, 88)), **known))
    assert [c.rule.id for c in alarms.conditions if c.shown] == [shown]


def test_every_vector_has_a_test_that_bears_its_number():
    """V1 to V30 of the document: somewhere in the tests each is named, V29 and V30 with pixels and samples."""
    found: set[int] = set()
    for path in TESTS.rglob("test_*.py"):
        for name in re.findall(r"^def (test_v\d\w*)", path.read_text(encoding="utf-8"), re.MULTILINE):
            found |= {int(n) for n in re.findall(r"(?:^|_)v(\d+)", name)}
    assert set(range(1, 31)) <= found
