"""A bedside on a manual clock with a monitor whose every word is settable: what the tests of this room stand on."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from devices.clock import NS_PER_S, ManualClock
from devices.drivers.base import DriverCommand, DriverInfo, NibpTiming, SerialSettings, WaveCapability
from devices.signals import (
    Arrival,
    Counters,
    LinkState,
    LinkStatus,
    NibpFailure,
    NibpPhase,
    NibpProgress,
    NibpResult,
    NumericReading,
    Provenance,
    Signal,
    WaveChunk,
    WaveScale,
)
from monitor_app.core.commands import Command, RecordCare
from monitor_app.core.journal import AlarmEntry, JournalEntry, NibpStarted, PhaseEntry, SystemEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.facts import SELF_TEST_SIMULATED
from monitor_app.services.assembly import AlarmSetup, Head, Surroundings, make_bedside, opened_of
from monitor_app.services.bedside.bedside import Bedside
from monitor_app.services.bedside.publication import BedsideState, Publication
from monitor_app.services.display import DisplayModel
from monitor_app.services.ports import RecordingSounder

S = NS_PER_S
NURSE = Actor("Nina Roe", "nurse")
LEAD = Actor("Lea Poe", "clinical lead")
SOURCE = "bench@port"
INFO = DriverInfo(
    id="bench",
    name="Bench monitor",
    numerics=("HR", "PR", "SPO2", "RR"),
    waveforms=(WaveCapability("ECG_II", 250.0), WaveCapability("PLETH", 50.0)),
    serial=SerialSettings(baud=9600),
    nibp=NibpTiming.HOST,
    expected_interval_s=1.0,
)
UNITS = {"HR": "/min", "PR": "/min", "SPO2": "%", "RR": "/min", "PI": "%"}
SCALE = WaveScale("mV", 0.01, 0, -500, 500)

Entry = TypeVar("Entry", bound=JournalEntry)


@dataclass
class BenchMonitor:
    """Says its numbers once a second while ``talking``; its cuff answers a start after ``cuff_s``."""

    numbers: dict[str, float | None] = field(
        default_factory=lambda: {"HR": 72.0, "PR": 72.0, "SPO2": 98.0, "RR": 14.0}
    )
    pressures: list[NibpResult] = field(default_factory=list)
    talking: bool = True
    cuff_s: float = 30.0
    asked: list[DriverCommand] = field(default_factory=list)
    cuff_end_ns: int | None = None

    def next_result(self) -> NibpResult:
        return self.pressures.pop(0) if self.pressures else reading(124, 78)


class Bench:
    """One bedside with one or more monitors. Time moves by ``run`` only."""

    def __init__(
        self,
        *,
        simulated: bool = True,
        clock: ManualClock | None = None,
        make: Callable[[Surroundings, ManualClock], Bedside] | None = None,
    ) -> None:
        self.clock = clock or ManualClock()
        self.entries: list[JournalEntry] = []
        self.published: list[Publication] = []
        self.sounder = RecordingSounder()
        self.display = DisplayModel()
        self.monitors: dict[str, tuple[BenchMonitor, DriverInfo]] = {}
        self._t_ns = self.clock.monotonic_ns()
        around = Surroundings(
            clock=self.clock,
            record=self.entries.append,
            publish=self._publish,
            record_hash=lambda: "ab" * 32,
            sounder=self.sounder,
            self_test=SELF_TEST_SIMULATED,
        )
        patient = {"age_years": 40, "weight_kg": 70.0, "sex": "M", "htn": False}
        head = Head("bench-session", "P-1", simulated, "A. B.", patient=patient)
        self.bedside = make(around, self.clock) if make else make_bedside(opened_of(head, self.clock), around)

    def _publish(self, publication: Publication) -> None:
        self.published.append(publication)
        self.display.apply(publication)

    def plug(
        self, source: str = SOURCE, info: DriverInfo = INFO, provenance: Provenance = Provenance.SIMULATED
    ) -> BenchMonitor:
        """Add a monitor that streams from now on."""
        monitor = BenchMonitor()
        self.monitors[source] = (monitor, info)
        self.bedside.add_monitor(source, info, source, provenance, lambda c: self._ask(source, c))
        self.say(LinkStatus(LinkState.STREAMING, "receiving"), source)
        return monitor

    def _ask(self, source: str, command: DriverCommand) -> None:
        monitor, _ = self.monitors[source]
        monitor.asked.append(command)
        now = self.clock.monotonic_ns()
        if command is DriverCommand.NIBP_START and monitor.cuff_end_ns is None:
            monitor.cuff_end_ns = now + round(monitor.cuff_s * S)
            self.say(NibpProgress(NibpPhase.MEASURING, 120), source)
        elif command is DriverCommand.NIBP_STOP and monitor.cuff_end_ns is not None:
            monitor.cuff_end_ns = None
            self.say(failed(NibpFailure.STOPPED), source)

    def say(self, signal: Signal | LinkStatus, source: str = SOURCE, *, late_s: float = 0.0) -> None:
        """Let a signal arrive now (stamped ``late_s`` earlier)."""
        self.bedside.arrive(Arrival(source, self.clock.monotonic_ns() - round(late_s * S), signal))

    def run(self, seconds: float, *, step_s: float = 1.0, each: Callable[[], None] = lambda: None) -> None:
        """Let time pass: monitors speak each whole second, the bedside advances each step."""
        end = self.clock.monotonic_ns() + round(seconds * S)
        while self.clock.monotonic_ns() < end:
            before = self.clock.monotonic_ns()
            self.clock.sleep_until(min(before + round(step_s * S), end))
            now = self.clock.monotonic_ns()
            for source, (monitor, info) in self.monitors.items():
                self._live(source, monitor, info, speak=now // S != before // S)
            self.bedside.advance()
            each()

    def _live(self, source: str, monitor: BenchMonitor, info: DriverInfo, *, speak: bool) -> None:
        if not monitor.talking:
            return
        if speak:
            for name in info.numerics:
                value = monitor.numbers.get(name)
                self.say(NumericReading(name, value, UNITS.get(name, "1")), source)
        if monitor.cuff_end_ns is not None and self.clock.monotonic_ns() >= monitor.cuff_end_ns:
            monitor.cuff_end_ns = None
            self.say(monitor.next_result(), source)
            self.say(NibpProgress(NibpPhase.IDLE), source)

    def silence(self, source: str = SOURCE, state: LinkState = LinkState.LOST) -> None:
        """Pull the cable: the link says so, as it would at once for a USB port."""
        self.monitors[source][0].talking = False
        self.say(LinkStatus(state, "unplugged", Counters()), source)

    def back(self, source: str = SOURCE) -> None:
        self.monitors[source][0].talking = True
        self.say(LinkStatus(LinkState.STREAMING, "receiving", Counters(frames_ok=1)), source)

    def enter(self, *phases: Phase, reason: str = "") -> None:
        """Go straight into phases, past their guards."""
        for phase in phases:
            entry = PhaseEntry(self.bedside.clock.stamp(), self.bedside.visit.phase, phase, NURSE, reason)
            self.bedside._desk._before_phase(phase)
            self.bedside.journal.write(entry)
            self.bedside._desk._follow(entry, self.bedside.clock.t_ns())

    def place(self, cuff: str = "", probe: str = "", iv: str = "") -> tuple[str, ...]:
        """Say where cuff, probe and IV are."""
        said = {"cuff": cuff, "probe": probe, "iv": iv}
        return self.do(RecordCare("limbs", "", NURSE, {name: place for name, place in said.items() if place}))

    def do(self, command: Command) -> tuple[str, ...]:
        return self.bedside.command(command)

    @property
    def t_s(self) -> float:
        return self.bedside.clock.t_ns() / S

    def of(self, kind: type[Entry]) -> list[Entry]:
        """Recorded entries of one type."""
        return [e for e in self.entries if isinstance(e, kind)]

    def cuff_starts(self) -> list[tuple[str, float]]:
        """Why and when the cuff was started, in session seconds."""
        return [(e.trigger, e.stamp.t_s) for e in self.of(NibpStarted)]

    def system(self, code: str) -> list[SystemEntry]:
        return [e for e in self.of(SystemEntry) if e.code == code]

    def announced(self, rule: str) -> list[float]:
        """When a rule became ACTIVE, in session seconds."""
        return [
            e.stamp.t_s
            for e in self.of(AlarmEntry)
            if e.rule == rule and e.to_state == "ACTIVE" and not e.suppressed
        ]

    def standing(self) -> set[str]:
        return {c.rule.id for c in self.bedside.alarms.conditions if c.shown}

    @property
    def state(self) -> BedsideState:
        return self.bedside.state()


def plugged_in(setup: AlarmSetup) -> Bench:
    """A bench whose alarms begin so, in a session just begun, with a monitor."""

    def make(around: Surroundings, clock: ManualClock) -> Bedside:
        patient = {"age_years": 40, "weight_kg": 70.0, "sex": "M", "htn": False}
        head = Head("bench-session", "P-1", simulated=True, patient=patient)
        return make_bedside(opened_of(head, clock), replace(around, alarms=setup))

    made = Bench(make=make)
    made.bedside.begin()
    made.plug()
    return made


def reading(systolic: float, diastolic: float, mean: float | None = None) -> NibpResult:
    return NibpResult(systolic, diastolic, mean, pulse_per_min=70.0)


def failed(cause: NibpFailure) -> NibpResult:
    return NibpResult(None, None, None, failure=cause)


def wave(name: str, first: int, count: int, *, rate_hz: float = 250.0) -> WaveChunk:
    return WaveChunk(name, rate_hz, first, np.zeros(count, dtype=np.int32), SCALE)


def info(**changes: object) -> DriverInfo:
    return replace(INFO, **changes)
