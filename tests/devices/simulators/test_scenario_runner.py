import json
from typing import Any

import pytest

from devices.patient import CuffPressures
from devices.signals import NibpFailure
from devices.simulators.acts import BedsideEvent, StartPump
from devices.simulators.physiology import Physiology
from devices.simulators.profile import profile_of
from devices.simulators.scenario import parse_scenario
from devices.simulators.scenario_runner import Measured, ScenarioRunner
from devices.simulators.virtual_bedside import VirtualBedside

BASELINE = {"hr": 70, "sbp": 120, "dbp": 75, "spo2": 97, "rr": 14}


class Rig:
    """A runner on a body and a chair, stepped by hand."""

    def __init__(self, *steps: dict[str, Any], seed: int = 1) -> None:
        file = {
            "id": "T",
            "title": "t",
            "patient": {"age": 40, "weight": 80, "baseline": BASELINE},
            "steps": steps,
        }
        scenario = parse_scenario(json.dumps(file), name="T.json")
        self.body = Physiology(profile_of(scenario, seed), seed=seed)
        self.chair = VirtualBedside(scenario.infusion_order, 80)
        self.runner = ScenarioRunner(scenario, self.body, self.chair, seed=seed)
        self.cuff: CuffPressures | None = None

    def live(self, seconds: int, *names: str) -> tuple[float | None, ...]:
        """Live on; the named events happen in the first second."""
        for _ in range(seconds):
            self.body.step(0.0, oxygen_l_min=0.0)
            now_s = self.body.now_s
            self.chair.advance(now_s)
            events = [*self.chair.take_events(), *(BedsideEvent(now_s, name) for name in names)]
            names = ()
            self.runner.tick(now_s, events, Measured(self.body.vitals(), self.cuff, self.body.effect))
        return self.runner.fired


def test_the_printed_story_with_and_without_a_nurse() -> None:
    steps = (
        {"at": "phase:BASE+00:00:30", "set": {"sbp": 172, "dbp": 104}, "ramp_s": 240},
        {"at": "event:nibp_done and sbp>160", "say": "my head is pounding"},
        {"at": "action:emergency or +00:10:00", "set": {"sbp": 142, "dbp": 86}, "ramp_s": 600},
    )
    alone = Rig(*steps)
    assert alone.live(1000) == (30, None, 630)
    assert alone.body.quiet_vitals().systolic_mmhg == pytest.approx(172 - 30 * 370 / 600)
    nursed = Rig(*steps)
    nursed.live(10, "emergency")  # before anything has happened: nothing to answer
    nursed.live(90)
    nursed.cuff = CuffPressures(150, 90, 110)
    nursed.live(1, "nibp_done")
    nursed.cuff = CuffPressures(171, 103, 126)
    nursed.live(1, "nibp_done")
    assert [(u.at_s, u.text) for u in nursed.runner.take_utterances()] == [(102, "my head is pounding")]
    assert nursed.runner.take_utterances() == []
    assert nursed.live(40, "emergency") == (30, 102, 103)


def test_a_step_fires_once() -> None:
    rig = Rig({"at": "event:nibp_done", "say": "again?"})
    for _ in range(3):
        rig.live(5, "nibp_done")
    assert len(rig.runner.take_utterances()) == 1


def test_phase_triggers_stop_when_the_phase_is_left() -> None:
    rig = Rig({"at": "phase:BASE+00:01:00", "say": "too late"})
    rig.live(30)
    rig.chair.post(StartPump())
    assert rig.live(600) == (None,)


def test_offset_release_and_event() -> None:
    rig = Rig(
        {"at": "10", "offset": {"hr": 30}, "set": {"rr": 28}, "ramp_s": 20, "ramp": "ease"},
        {"at": "100", "offset": {"hr": 0}, "release": ["rr"], "ramp_s": 20},
        {"at": "200", "event": "anxiety"},
    )
    rig.live(60)
    assert rig.body.quiet_vitals().hr_per_min == pytest.approx(100)
    assert rig.body.quiet_vitals().rr_per_min == pytest.approx(28)
    rig.live(90)
    assert rig.body.quiet_vitals().hr_per_min == pytest.approx(70)
    assert rig.body.quiet_vitals().rr_per_min == pytest.approx(14)
    rig.live(170)
    assert rig.body.quiet_vitals().hr_per_min == pytest.approx(90)


def test_sensors_link_and_staged_pressures() -> None:
    rig = Rig(
        {
            "at": "1",
            "sensor": {
                "leads_off": ["LA"],
                "motion": 0.4,
                "finger_out": True,
                "cuff_loose": True,
                "cuff_fault": "leak",
            },
            "link": {"cable_out": True},
            "staged": {"sbp": 200, "dbp": 120},
        },
        {"at": "3", "sensor": {"probe_limb": "left arm", "cuff_fault": "none"}},
        {
            "at": "5",
            "sensor": {"leads_off": [], "motion": 0.0, "cuff_loose": False},
            "link": {"cable_out": False},
        },
        {"at": "7", "sensor": {"finger_out": False, "cuff_limb": "right arm"}},
    )
    rig.live(2)
    sensors = rig.chair.sensors
    assert sensors.ecg_leads_off == ("LA",)
    assert (sensors.motion, sensors.spo2_finger_out, sensors.cuff_loose) == (0.4, True, True)
    assert rig.chair.cuff_failure is NibpFailure.LEAK
    assert rig.chair.cable_out
    assert rig.runner.staged == {"sbp": 200, "dbp": 120}
    rig.runner.staged_used()
    assert rig.runner.staged == {}
    rig.live(2)
    assert (rig.chair.probe_limb, rig.chair.cuff_failure) == ("left arm", None)
    rig.live(4)
    sensors = rig.chair.sensors
    assert (sensors.ecg_leads_off, sensors.motion, sensors.spo2_finger_out, sensors.cuff_loose) == (
        (),
        0,
        False,
        False,
    )
    assert (rig.chair.probe_limb, rig.chair.cuff_limb) == ("right arm", "right arm")
    assert not rig.chair.cable_out


def test_random_times_come_from_the_seed() -> None:
    step = {"at": "random(10,400)", "say": "now"}
    fired = [Rig(step, seed=seed).live(420)[0] for seed in (1, 1, 2, 3)]
    assert fired[0] == fired[1]
    assert len(set(fired)) == 3
