"""Plays a scenario's steps on a body and a chair, once a second of patient time (clinical.md §17.4).

All steps wait at once; each fires once, in file order within a second. ``+time`` counts from the newest firing among
the steps above it, and such a step is deaf to acts and events until one of those has fired.
"""

from collections import deque
from dataclasses import dataclass, replace

import numpy as np

from devices.patient import CuffPressures
from devices.signals import NibpFailure
from devices.simulators.acts import (
    Act,
    BedsideEvent,
    BreakCuff,
    LoosenCuff,
    Move,
    PlaceCuff,
    PlaceProbe,
    RemoveProbe,
    SetCable,
    SetLeadsOff,
)
from devices.simulators.physiology import Physiology
from devices.simulators.scenario import Scenario, SensorSpec, StepSpec
from devices.simulators.trigger import Moment, Trigger, is_relative
from devices.simulators.virtual_bedside import VirtualBedside
from devices.simulators.vitals import Vitals


@dataclass(frozen=True, slots=True)
class Measured:
    """What triggers may compare: the body now, the last cuff reading, and E."""

    truth: Vitals
    last_cuff: CuffPressures | None
    effect: float

    def values(self) -> dict[str, float | None]:
        """Return them under the names of the trigger language."""
        truth, cuff = self.truth.by_key(), self.last_cuff
        return {
            **truth,
            "sbp": cuff.systolic_mmhg if cuff else None,
            "dbp": cuff.diastolic_mmhg if cuff else None,
            "map": cuff.mean_mmhg if cuff else None,
            "effect": self.effect,
            "true_sbp": truth["sbp"],
            "true_dbp": truth["dbp"],
            "true_spo2": truth["spo2"],
        }


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something the patient says."""

    at_s: float
    text: str


@dataclass(slots=True)
class _Waiting:
    step: StepSpec
    trigger: Trigger
    relative: bool
    fired_s: float | None = None


class ScenarioRunner:
    """The steps of one run. Random times are drawn from the seed when it is made."""

    def __init__(
        self,
        scenario: Scenario,
        physiology: Physiology,
        bedside: VirtualBedside,
        *,
        seed: int,
        start_s: float = 0.0,
    ) -> None:
        rng = np.random.default_rng([seed, 5])
        self._physiology = physiology
        self._bedside = bedside
        self._start_s = start_s
        self._steps = [
            _Waiting(step, step.trigger.drawn(rng), is_relative(step.trigger)) for step in scenario.steps
        ]
        self._left = len(self._steps)
        self._ever: set[str] = set()
        self._said: deque[Utterance] = deque()
        self.staged: dict[str, float] = {}

    @property
    def fired(self) -> tuple[float | None, ...]:
        """When each step fired, in file order; None for those still waiting."""
        return tuple(waiting.fired_s for waiting in self._steps)

    def tick(self, now_s: float, events: list[BedsideEvent], measured: Measured) -> None:
        """Fire what is due, given what has happened at the chair since the last tick."""
        happening = frozenset(event.name for event in events)
        self._ever |= happening
        if not self._left:
            return
        chair = self._bedside
        moment = Moment(
            now_s=now_s,
            start_s=self._start_s,
            phase=chair.phase,
            phase_since_s=chair.phase_since_s[chair.phase],
            happening=happening,
            ever=frozenset(self._ever),
            values=measured.values(),
        )
        for waiting in self._steps:
            if waiting.fired_s is None and not self._fire_if_due(waiting, moment):
                continue
            fired_s = waiting.fired_s
            if fired_s is not None and (moment.reference_s is None or fired_s > moment.reference_s):
                moment = replace(moment, reference_s=fired_s)

    def _fire_if_due(self, waiting: _Waiting, moment: Moment) -> bool:
        deaf = waiting.relative and moment.reference_s is None
        if deaf or not waiting.trigger.holds(moment):
            return False
        waiting.fired_s = moment.now_s
        self._left -= 1
        self._play(waiting.step, moment.now_s)
        return True

    def take_utterances(self) -> list[Utterance]:
        """Return what the patient has said since the last call; may be asked from any thread."""
        return [self._said.popleft() for _ in range(len(self._said))]

    def staged_used(self) -> None:
        """A cuff has shown the staged pressures: the next reading is the body's own again."""
        self.staged = {}

    def _play(self, step: StepSpec, now_s: float) -> None:
        ease = step.ramp == "ease"
        for key, value in step.set.items():
            self._physiology.set_to(key, value, ramp_s=step.ramp_s, ease=ease)
        for key, value in step.offset.items():
            self._physiology.offset_by(key, value, ramp_s=step.ramp_s, ease=ease)
        for key in step.release:
            self._physiology.release(key, ramp_s=step.ramp_s, ease=ease)
        if step.event == "anxiety":
            self._physiology.frighten()
        if step.say:
            self._said.append(Utterance(now_s, step.say))
        if step.staged:
            self.staged = dict(step.staged)
        for act in _sensor_acts(step.sensor):
            self._bedside.happen(act)
        if step.link is not None:
            self._bedside.happen(SetCable(step.link.cable_out))


def _sensor_acts(sensor: SensorSpec | None) -> list[Act]:
    if sensor is None:
        return []
    acts: list[Act] = []
    if sensor.leads_off is not None:
        acts.append(SetLeadsOff(sensor.leads_off))
    if sensor.motion is not None:
        acts.append(Move(sensor.motion))
    return acts + _probe_acts(sensor) + _cuff_acts(sensor)


def _probe_acts(sensor: SensorSpec) -> list[Act]:
    if sensor.finger_out or sensor.probe_unplugged:
        return [RemoveProbe(unplugged=bool(sensor.probe_unplugged))]
    if sensor.probe_limb is not None:
        return [PlaceProbe(sensor.probe_limb)]
    if sensor.finger_out is False or sensor.probe_unplugged is False:
        return [PlaceProbe()]
    return []


def _cuff_acts(sensor: SensorSpec) -> list[Act]:
    acts: list[Act] = []
    if sensor.cuff_limb is not None:
        acts.append(PlaceCuff(sensor.cuff_limb))
    elif sensor.cuff_loose is False:
        acts.append(PlaceCuff())
    if sensor.cuff_loose:
        acts.append(LoosenCuff())
    if sensor.cuff_fault is not None:
        fault = sensor.cuff_fault
        acts.append(BreakCuff(None if fault == "none" else NibpFailure[fault.upper()]))
    return acts
