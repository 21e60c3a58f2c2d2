"""The simulated chair: a patient of a scenario on an emulated monitor, at the far end of an in-memory wire."""

from pathlib import Path

from devices.clock import Clock
from devices.patient import PatientSource
from devices.protocols.base import MonitorSide
from devices.registry import make_monitor
from devices.simulators.emulator import Emulator, EmulatorRunner
from devices.simulators.scenario import Scenario, load_scenario
from devices.simulators.scenario_runner import Utterance
from devices.simulators.synthetic_patient import SyntheticPatient
from devices.simulators.virtual_bedside import VirtualBedside
from devices.transport.base import Transport
from devices.transport.pipe import pipe
from monitor_app.core.journal import Scalar
from monitor_app.resources_path import resource_path
from monitor_app.services.assembly import Head
from monitor_app.services.cable_watch import CableWatch
from monitor_app.services.monitor_hands import MonitorHands

DEFAULT_DRIVER = "berry"
LONGEST_STEP_S = 1.0
"""How finely a run faster than real time looks at cable and sensors; live it is the emulator's own 15 ms."""


def find_scenario(path_or_id: str | Path) -> Scenario:
    """A scenario by id from the shipped ones, or by path. Raises ConfigError naming what is wrong."""
    return load_scenario(path_or_id, scenario_dir=resource_path("scenarios"))


def head_of(scenario: Scenario, session_id: str, seed: int) -> Head:
    """The head of a simulated visit: the scenario's patient."""
    p = scenario.patient
    patient: dict[str, Scalar] = {
        "age_years": p.age,
        "weight_kg": p.weight,
        "sex": p.sex,
        "htn": p.htn,
        "allergies": ", ".join(p.allergies),
        "asa": p.asa,
    }
    return Head(
        session_id=session_id,
        patient_key=p.pseudonym,
        simulated=True,
        initials=p.initials,
        chair="3",
        scenario=scenario.id,
        seed=seed,
        patient={key: value for key, value in patient.items() if value not in {None, ""}},
    )


class SimulatedChair:
    """Patient, virtual bedside and emulated monitor. Stepped on the patient's time axis by one thread.

    ``host_end`` is the transport Chairside's link opens. Acts at the bedside may be posted from any thread.
    """

    def __init__(self, scenario: Scenario, *, seed: int, driver_id: str = DEFAULT_DRIVER) -> None:
        self.scenario = scenario
        self.seed = seed
        self.driver_id = driver_id
        self.patient = SyntheticPatient(scenario, seed)
        self._monitor_end, host_end = pipe()
        self.host_end: Transport = host_end
        self.emulator = Emulator(
            CableWatch(self._monitor(), lambda: self.patient.cable_out),
            self.patient,
            self._monitor_end,
            seed=seed,
            longest_step_s=LONGEST_STEP_S,
        )

    def _monitor(self) -> MonitorSide:
        patient: PatientSource = self.patient
        return MonitorHands(make_monitor(self.driver_id, patient, seed=self.seed), self.patient.bedside)

    @property
    def bedside(self) -> VirtualBedside:
        """What people can physically do here."""
        return self.patient.bedside

    @property
    def port(self) -> str:
        """The name of the wire's host end."""
        return f"sim-{self.scenario.id}"

    def step(self, until_s: float) -> None:
        """Let patient and monitor live until patient time ``until_s``."""
        self.emulator.step(until_s)

    def runner(self, clock: Clock) -> EmulatorRunner:
        """Return what lets patient and monitor live along a clock, on a thread of its own."""
        return EmulatorRunner(self.emulator, clock)

    def take_utterances(self) -> list[Utterance]:
        """What the patient has said since the last call."""
        return self.patient.take_utterances()
