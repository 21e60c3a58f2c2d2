"""The body a scenario and a seed describe."""

import numpy as np

from devices.simulators.physiology import Profile
from devices.simulators.population import YALE, Baseline, Gains, draw_one_baseline, draw_one_gain, is_at_risk
from devices.simulators.scenario import Scenario


def profile_of(scenario: Scenario, seed: int) -> Profile:
    """Return resting values and rises: as the scenario says, otherwise drawn by the seed (clinical.md §17.2)."""
    patient = scenario.patient
    rng = np.random.default_rng([seed, 4])
    drawn_baseline = draw_one_baseline(rng)
    drawn_gains = draw_one_gain(YALE, rng, at_risk=is_at_risk(patient.age, hypertensive=patient.htn))
    baseline, gains = patient.baseline, patient.gains
    return Profile(
        drawn_baseline
        if baseline is None
        else Baseline(
            baseline.hr, baseline.sbp, baseline.dbp, baseline.spo2, baseline.rr, baseline.temp, baseline.pi
        ),
        drawn_gains if gains is None else Gains(gains.sbp, gains.dbp, gains.hr),
    )
