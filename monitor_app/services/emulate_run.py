"""A lone emulated monitor: its patient, its faults, the hands at its bedside (design.md §7, ``emulate``)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devices.errors import ConfigError
from devices.patient import PatientSource
from devices.protocols.base import MonitorSide
from devices.registry import driver_info, make_monitor
from devices.simulators.acts import SetNibpAuto
from devices.simulators.emulator import Emulator
from devices.simulators.monitor_fault import SAME, AilingMonitor, require_supported
from devices.simulators.patient_view import CuffedPatient
from devices.simulators.scenario_timeline import StartPhase, start_phase, timeline_of
from devices.simulators.synthetic_patient import SyntheticPatient
from devices.transport.base import Transport
from monitor_app.services.bedside_request import STATUS, RequestError, parse_request
from monitor_app.services.cable_watch import CableWatch
from monitor_app.services.monitor_hands import MonitorHands
from monitor_app.services.patient_fault import parse_faults
from monitor_app.services.recorded_bedside import RecordedAtBedside, load_recorded_patient
from monitor_app.services.sim_chair import find_scenario

Hook = Callable[[], None]


@dataclass(frozen=True, slots=True)
class EmulationPlan:
    """What to emulate. ``seed`` None: the scenario's own. ``faults`` as on the command line.

    ``nibp_auto_min``: the cycle set on a monitor that times its own cuff.
    """

    driver_id: str
    scenario: str | Path = "S02"
    recording: Path | None = None
    start_phase: str = "baseline"
    seed: int | None = None
    faults: tuple[str, ...] = ()
    nibp_auto_min: int | None = None


class Emulation:
    """One monitor on one patient on one transport, with a bedside that can be asked. Stepped by one thread.

    ``story`` names the patient for a person. ``hooks`` are called before each step, in the stepping thread.

    :raises KnownError: an unknown driver, scenario, phase or fault, or a recording that cannot be read.
    """

    def __init__(self, plan: EmulationPlan, transport: Transport) -> None:
        faults = parse_faults(plan.faults)
        self.driver_id = plan.driver_id
        self.patient, self.seed, self.story = _patient(plan)
        self.hooks: list[Hook] = []
        for timed in faults.acts:
            self.patient.bedside.post(timed.act, timed.at_s)
        self.patient.bedside.post(SetNibpAuto(plan.nibp_auto_min))
        # What is wrong from second 0 on is so before the monitor's first look.
        self.patient.bedside.advance(self.patient.bedside.now_s)
        self._monitor_faults = faults.monitor
        self._cuffed = CuffedPatient(self.patient, self._cuff_repeats)
        self.emulator = Emulator(
            self._monitor(self._cuffed, 0.0),
            self._cuffed,
            transport,
            faults=faults.wire,
            seed=self.seed,
            restart=self._monitor,
        )

    @property
    def ended(self) -> bool:
        """Whether a recording has come to its end; a simulated patient has none."""
        return isinstance(self.patient, RecordedAtBedside) and self.patient.ended

    def answer(self, line: str) -> str:
        """Do or tell what a line of JSON asks, and return the answer as a line of JSON. Stepping thread only."""
        try:
            timed = parse_request(line)
        except RequestError as error:
            return json.dumps({"ok": False, "error": str(error)})
        if timed is None:
            return json.dumps({"ok": True, "act": STATUS, **self._status()})
        bedside = self.patient.bedside
        bedside.post(timed.act, timed.at_s)
        bedside.advance(bedside.now_s)
        brief = {"t": round(bedside.now_s, 3), "pump": bedside.pump.state.value}
        return json.dumps({"ok": True, "act": json.loads(line)["act"], **brief})

    def _monitor(self, patient: PatientSource, since_s: float) -> MonitorSide:
        """Make the monitor, switched on at ``since_s`` with its sensors on ``patient``, whose time begins there."""
        self._cuffed.release_cuff(since_s)
        monitor = make_monitor(self.driver_id, patient, seed=self.seed)
        if self._monitor_faults:
            nibp = driver_info(self.driver_id).nibp
            require_supported(self._monitor_faults, monitor, driver_id=self.driver_id, nibp=nibp)
        handled = MonitorHands(monitor, self.patient.bedside)
        ailing = AilingMonitor(handled, monitor, self._monitor_faults, since_s=since_s)
        return CableWatch(_Hooked(ailing, self._run_hooks), lambda: self.patient.cable_out)

    def _cuff_repeats(self) -> bool:
        now_s = self.patient.bedside.now_s
        return any(fault.name == SAME and fault.active_at(now_s) for fault in self._monitor_faults)

    def _run_hooks(self) -> None:
        for hook in self.hooks:
            hook()

    def _status(self) -> dict[str, Any]:
        bedside, sensors = self.patient.bedside, self.patient.sensors()
        status: dict[str, Any] = {
            "t": round(bedside.now_s, 3),
            "phase": bedside.phase,
            "pump": bedside.pump.state.value,
            "delivered_mg": round(bedside.pump.delivered_mg, 3),
            "oxygen_l_per_min": bedside.oxygen_l_min,
            "cable_out": bedside.cable_out,
            "leads_off": list(sensors.ecg_leads_off),
            "finger_out": sensors.spo2_finger_out,
            "probe_unplugged": sensors.spo2_probe_unplugged,
            "cuff_loose": sensors.cuff_loose,
            "motion": sensors.motion,
            "nibp_auto_min": bedside.nibp_auto_min,
            "cuff_limb": bedside.cuff_limb,
            "probe_limb": bedside.probe_limb,
            "ended": self.ended,
        }
        if isinstance(self.patient, SyntheticPatient):
            status["truth"] = {key: round(value, 2) for key, value in self.patient.truth().by_key().items()}
            status["said"] = [said.text for said in self.patient.take_utterances()]
        return status


class _Hooked:
    """A ``MonitorSide`` that lets somebody act before each step."""

    def __init__(self, monitor: MonitorSide, before: Hook) -> None:
        self._monitor = monitor
        self._before = before

    def receive(self, data: bytes) -> None:
        self._monitor.receive(data)

    def advance(self, until_s: float) -> bytes:
        self._before()
        return self._monitor.advance(until_s)


def _patient(plan: EmulationPlan) -> tuple[SyntheticPatient | RecordedAtBedside, int, str]:
    phase = start_phase(plan.start_phase)
    if plan.recording is not None:
        if phase is not StartPhase.BASELINE:
            raise ConfigError("A recording plays from its beginning: leave --start-phase out.")
        seed = plan.seed or 0
        recorded = load_recorded_patient(plan.recording)
        return RecordedAtBedside(recorded, seed=seed), seed, f"recording {plan.recording.name}"
    scenario = find_scenario(plan.scenario)
    patient = SyntheticPatient(scenario, plan.seed, timeline=timeline_of(scenario, phase))
    return patient, patient.seed, f"scenario {scenario.id}"
