"""The beats counted for the extreme rates follow the limits in force (clinical.md §6.1 AL-HR-02, AL-HR-07)."""

import pytest

from monitor_app.core.alarm.catalogue import default_limits
from monitor_app.core.alarm.rules_heart_rate import run_limits
from monitor_app.core.phase import AlarmProfile
from tests.monitor_app.services.bedside.bench_visit import INFUSING, chair
from tests.monitor_app.services.bedside.wave_patient import WavePatient


@pytest.mark.parametrize(("per_min", "rule", "limit"), [(135.0, "AL-HR-02", 130.0), (42.0, "AL-HR-07", 45.0)])
def test_a_limit_that_is_changed_counts_from_the_next_beat(per_min: float, rule: str, limit: float) -> None:
    bench, monitor = chair(*INFUSING)
    monitor.numbers |= {"HR": None, "PR": None}
    patient = WavePatient(bench, heart=per_min)
    patient.run(25)
    assert bench.announced(rule) == []
    beats = bench.state.facts.beats
    assert beats is not None
    assert (beats.fast_run, beats.slow_run) == (0, 0)
    engine = bench.bedside._parts.engine
    engine.limits = engine.limits.replaced(rule, "limit_per_min", limit)
    patient.run(2)
    assert len(bench.announced(rule)) == 1
    beats = bench.state.facts.beats
    assert beats is not None
    assert max(beats.fast_run, beats.slow_run) >= 5


def test_by_default_they_are_those_of_the_document_and_a_phase_may_have_its_own() -> None:
    limits = default_limits()
    assert run_limits(limits, AlarmProfile.INF) == (140.0, 40.0)
    own = limits.replaced("AL-HR-02", "limit_per_min", 130.0, AlarmProfile.REC)
    assert run_limits(own, AlarmProfile.REC) == (130.0, 40.0)
    assert run_limits(own, AlarmProfile.INF) == (140.0, 40.0)
