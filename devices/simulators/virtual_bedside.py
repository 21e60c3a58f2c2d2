"""The simulated chair: pump, oxygen, drugs, cuff, leads, probe, cable, and the hands that touch them.

``post`` may be called from any thread; everything else belongs to the thread that steps the patient.
"""

import heapq
from collections import deque
from dataclasses import dataclass, field, replace
from functools import singledispatchmethod

from devices.patient import SensorState
from devices.signals import NibpFailure
from devices.simulators.acts import (
    Act,
    BedsideEvent,
    BreakCuff,
    GiveDrug,
    LoosenCuff,
    Move,
    PausePump,
    Perform,
    PlaceCuff,
    PlaceProbe,
    PressNibp,
    RemoveProbe,
    SetCable,
    SetLeadsOff,
    SetNibpAuto,
    SetOrder,
    SetOxygen,
    StartPump,
    StopPump,
    Talk,
    TimedAct,
)
from devices.simulators.pump import InfusionOrder, Pump, PumpState

BASE, INF, REC = "BASE", "INF", "REC"
"""The chair's own phases, for scenario triggers; what the chart says does not matter (clinical.md §17.4)."""


@dataclass(order=True, slots=True)
class _Due:
    at_s: float
    order: int
    act: Act = field(compare=False)


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is on the patient from an instant on, for the waves."""

    since_s: float
    sensors: SensorState
    cuff_on_probe_limb: bool


class VirtualBedside:
    """State of the chair, moved by acts in time order. Exact: the pump is integrated between acts, not per step."""

    def __init__(self, order: InfusionOrder, weight_kg: float, *, start_s: float = 0.0) -> None:
        self.now_s = start_s
        self.pump = Pump(order, weight_kg)
        self.oxygen_l_min = 0.0
        self.drugs: list[tuple[float, GiveDrug]] = []
        self.cuff_limb = "left arm"
        self.probe_limb = "right arm"
        self.cuff_failure: NibpFailure | None = None
        self.nibp_auto_min: int | None = None
        self.nibp_presses = 0  # of START on the monitor itself
        self.cable_out = False
        self.phase = BASE
        self.phase_since_s = {BASE: start_s}
        self.attachments = [Attachment(start_s, SensorState(), cuff_on_probe_limb=False)]
        self._sensors = SensorState()
        self._inbox: deque[TimedAct] = deque()
        self._due: list[_Due] = []
        self._posted = 0
        self._events: list[BedsideEvent] = []

    @property
    def sensors(self) -> SensorState:
        """What is attached now."""
        return self._sensors

    def post(self, act: Act, at_s: float | None = None) -> None:
        """Do something at an instant of patient time, or as soon as the patient is next stepped. From any thread."""
        self._inbox.append(TimedAct(act, at_s))

    def happen(self, act: Act) -> None:
        """Let something happen now by itself (a cuff slips): no hand did it, so no trigger or score may see an act."""
        seen = len(self._events)
        self._perform(act)
        del self._events[seen:]

    def advance(self, until_s: float) -> None:
        """Let time pass up to an instant, doing what is due on the way."""
        while self._inbox:
            timed = self._inbox.popleft()
            at_s = self.now_s if timed.at_s is None else max(timed.at_s, self.now_s)
            self._posted += 1
            heapq.heappush(self._due, _Due(at_s, self._posted, timed.act))
        while self._due and self._due[0].at_s <= until_s:
            due = heapq.heappop(self._due)
            self._run_pump(due.at_s)
            self._perform(due.act)
        self._run_pump(until_s)

    def take_events(self) -> list[BedsideEvent]:
        """Return what has happened since the last call, in order."""
        events, self._events = self._events, []
        return events

    def announce(self, name: str, detail: str = "") -> None:
        """Note that something happened now (a cuff reading, a deed)."""
        self._events.append(BedsideEvent(self.now_s, name, detail))

    def _run_pump(self, until_s: float) -> None:
        if until_s <= self.now_s:
            return
        finished_s = self.pump.run(until_s)
        if finished_s is not None:
            self.now_s = finished_s
            self._enter(REC)
            self.announce("pump_finished")
        self.now_s = until_s

    def _enter(self, phase: str) -> None:
        if phase != self.phase:
            self.phase = phase
            self.phase_since_s.setdefault(phase, self.now_s)

    @singledispatchmethod
    def _perform(self, act: Act) -> None:
        raise TypeError(f"not an act: {act!r}")

    @_perform.register
    def _(self, _act: StartPump) -> None:
        resumed = self.pump.state is PumpState.PAUSED
        if self.pump.start(self.now_s):
            self._enter(INF)
            self.announce("pump_resumed" if resumed else "pump_started")

    @_perform.register
    def _(self, _act: PausePump) -> None:
        if self.pump.pause(self.now_s):
            self.announce("pump_paused")

    @_perform.register
    def _(self, _act: StopPump) -> None:
        if self.pump.stop(self.now_s):
            self._enter(REC)
            self.announce("pump_stopped")

    @_perform.register
    def _(self, act: SetOrder) -> None:
        if self.pump.program(InfusionOrder(act.mg_per_kg, act.minutes)):
            self.announce("pump_programmed")

    @_perform.register
    def _(self, act: SetOxygen) -> None:
        self.oxygen_l_min = act.l_per_min
        self.announce("oxygen_on" if act.l_per_min > 0 else "oxygen_off", f"{act.l_per_min:g}")

    @_perform.register
    def _(self, act: GiveDrug) -> None:
        self.drugs.append((self.now_s, act))
        name = act.name.strip().lower().replace(" ", "_")
        self.announce("drug_given", f"{act.name} {act.dose_mg:g} mg")
        self.announce(f"drug_{name}", f"{act.dose_mg:g}")

    @_perform.register
    def _(self, act: PlaceCuff) -> None:
        self.cuff_limb, self.cuff_failure = act.limb, None
        self._attach(replace(self._sensors, cuff_loose=False))
        self.announce("cuff_placed", act.limb)

    @_perform.register
    def _(self, _act: LoosenCuff) -> None:
        self._attach(replace(self._sensors, cuff_loose=True))
        self.announce("cuff_loosened")

    @_perform.register
    def _(self, act: BreakCuff) -> None:
        self.cuff_failure = act.failure
        self.announce("cuff_fault", act.failure.value if act.failure else "")

    @_perform.register
    def _(self, _act: PressNibp) -> None:
        self.nibp_presses += 1
        self.announce("nibp_pressed")

    @_perform.register
    def _(self, act: SetNibpAuto) -> None:
        self.nibp_auto_min = act.interval_min
        self.announce("nibp_auto", f"{act.interval_min or 'off'}")

    @_perform.register
    def _(self, act: PlaceProbe) -> None:
        self.probe_limb = act.limb
        self._attach(replace(self._sensors, spo2_finger_out=False, spo2_probe_unplugged=False))
        self.announce("probe_placed", act.limb)

    @_perform.register
    def _(self, act: RemoveProbe) -> None:
        self._attach(replace(self._sensors, spo2_finger_out=True, spo2_probe_unplugged=act.unplugged))
        self.announce("probe_removed")

    @_perform.register
    def _(self, act: SetLeadsOff) -> None:
        self._attach(replace(self._sensors, ecg_leads_off=act.electrodes))
        self.announce("leads_off" if act.electrodes else "leads_on", ",".join(act.electrodes))

    @_perform.register
    def _(self, act: Move) -> None:
        self._attach(replace(self._sensors, motion=min(max(act.level, 0.0), 1.0)))
        self.announce("moved" if act.level > 0 else "still")

    @_perform.register
    def _(self, act: Talk) -> None:
        self.announce("talk", act.topic)
        if act.topic:
            self.announce(f"talk_{act.topic.strip().lower().replace(' ', '_')}")

    @_perform.register
    def _(self, act: SetCable) -> None:
        if act.out != self.cable_out:
            self.cable_out = act.out
            self.announce("cable_out" if act.out else "cable_plugged")

    @_perform.register
    def _(self, act: Perform) -> None:
        self.announce(act.name)

    def _attach(self, sensors: SensorState) -> None:
        self._sensors = sensors
        self.attachments.append(Attachment(self.now_s, sensors, self.cuff_limb == self.probe_limb))
