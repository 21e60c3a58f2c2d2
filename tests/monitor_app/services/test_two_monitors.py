"""Two emulated monitors on two wires and one synthetic patient: switch on loss, return, alignment (design.md §3)."""

import numpy as np
import pytest

from devices.clock import NS_PER_S, ManualClock
from devices.link_core import LinkCore
from devices.registry import make_driver, make_monitor
from devices.signals import LinkState, Provenance
from devices.simulators.acts import RemoveProbe, SetLeadsOff
from devices.simulators.emulator import Emulator
from devices.simulators.synthetic_patient import SyntheticPatient
from devices.transport.pipe import PipeEnd, pipe
from monitor_app.core.journal import (
    AlarmEntry,
    JournalEntry,
    NumericEntry,
    PhaseEntry,
    SystemEntry,
    WaveBlock,
)
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.facts import SELF_TEST_SIMULATED
from monitor_app.services.assembly import Surroundings, make_bedside, opened_of
from monitor_app.services.bedside.publication import BedsideState, Publication
from monitor_app.services.display import DisplayModel
from monitor_app.services.ports import RecordingSounder
from monitor_app.services.sim_chair import find_scenario, head_of

NURSE = Actor("Nina Roe", "nurse")
STEP_NS = NS_PER_S // 20


class Wire:
    """One emulated monitor at the end of a cable of its own."""

    def __init__(self, driver_id: str, patient: SyntheticPatient) -> None:
        self.plug: PipeEnd
        self.plug, far = pipe(driver_id)
        self.emulator = Emulator(make_monitor(driver_id, patient, seed=1), patient, far)
        self.driver = make_driver(driver_id)
        self.link = LinkCore(self.driver, self.plug, port="sim")
        self.source = self.link.source


class Pair:
    """A patient on several monitors at one bedside, stepped together in one thread."""

    def __init__(self, *driver_ids: str) -> None:
        self.clock = ManualClock()
        scenario = find_scenario("S01")
        self.patient = SyntheticPatient(scenario, 1)
        self.entries: list[JournalEntry] = []
        self.display = DisplayModel()
        around = Surroundings(
            self.clock,
            self.entries.append,
            self._publish,
            lambda: "",
            RecordingSounder(),
            SELF_TEST_SIMULATED,
        )
        self.states: list[BedsideState] = []
        self.bedside = make_bedside(opened_of(head_of(scenario, "s", 1), self.clock), around)
        self.bedside.begin()
        self.wires = {driver_id: Wire(driver_id, self.patient) for driver_id in driver_ids}
        for wire in self.wires.values():
            self.bedside.add_monitor(
                wire.source, wire.driver.info, wire.driver.info.id, Provenance.SIMULATED, wire.link.request
            )

    def _publish(self, publication: Publication) -> None:
        self.display.apply(publication)
        if isinstance(publication, BedsideState):
            self.states.append(publication)

    def enter(self, *phases: Phase) -> None:
        for phase in phases:
            entry = PhaseEntry(self.bedside.clock.stamp(), self.bedside.visit.phase, phase, NURSE)
            self.bedside.journal.write(entry)

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds * NS_PER_S / STEP_NS)):
            until = self.clock.monotonic_ns() + STEP_NS
            for wire in self.wires.values():
                wire.emulator.step(until / NS_PER_S)
            self.clock.sleep_until(until)
            for wire in self.wires.values():
                for arrival in wire.link.step(until):
                    self.bedside.arrive(arrival)
            self.bedside.advance()

    def switches(self) -> list[tuple[str, str, str]]:
        return [
            (str(e.fields["quantities"]), str(e.fields["to"]), str(e.fields["why"]))
            for e in self.entries
            if isinstance(e, SystemEntry) and e.code == "SOURCE_SWITCH"
        ]

    def announced(self, rule: str) -> int:
        return sum(
            isinstance(e, AlarmEntry) and e.rule == rule and e.to_state == "ACTIVE" and not e.suppressed
            for e in self.entries
        )

    def wave(self, source: str, name: str, grid_s: np.ndarray) -> np.ndarray:
        """A recorded wave on a common time axis, by the stamps of its blocks."""
        blocks = [
            e for e in self.entries if isinstance(e, WaveBlock) and (e.source, e.name) == (source, name)
        ]
        times = [b.stamp.t_ns / NS_PER_S + np.arange(len(b.counts)) / b.rate_hz for b in blocks]
        values = np.interp(grid_s, np.concatenate(times), np.concatenate([b.counts for b in blocks]))
        return np.asarray((values - values.mean()) / values.std())


@pytest.fixture
def pair() -> Pair:
    """Berry for everything, a Nonin oximeter beside it."""
    made = Pair("berry", "nonin")
    made.run(2)
    made.enter(Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF)
    made.run(25)
    assert {link.state for link in made.bedside.state().links} == {LinkState.STREAMING}
    assert made.switches() == []
    return made


def test_the_oximeter_takes_over_and_gives_back(pair: Pair) -> None:
    berry, nonin = pair.wires["berry"], pair.wires["nonin"]
    before = pair.bedside.state().facts
    assert (before.hr.source, before.hr.monitor, before.spo2.source) == ("ECG", berry.source, berry.source)
    assert pair.display.waves["PLETH"].source == berry.source
    berry.plug.unplug()
    pair.states.clear()
    pair.run(12)
    facts = pair.bedside.state().facts
    assert (facts.hr.source, facts.hr.monitor, facts.spo2.source) == ("PR", nonin.source, nonin.source)
    assert pair.display.waves["PLETH"].source == nonin.source
    assert facts.pulse is not None, "the pulses are read from the other wave"
    assert all(s.facts.hr.value is not None and s.facts.spo2.value is not None for s in pair.states)
    assert pair.announced("AL-HR-09") == 0
    assert pair.announced("TE-09-M") == 1
    berry.plug.replug()
    pair.run(20)
    facts = pair.bedside.state().facts
    assert (facts.hr.source, facts.hr.monitor, facts.spo2.source) == ("ECG", berry.source, berry.source)
    assert pair.display.waves["PLETH"].source == berry.source
    went, *came = pair.switches()
    assert went[1:] == (nonin.source, "connection lost")
    assert {"SPO2", "PR", "PLETH"} == set(went[0].split(", "))
    assert {(to, why) for _, to, why in came} == {(berry.source, "the preferred monitor is back")}
    assert {name for names, *_ in came for name in names.split(", ")} == {"SPO2", "PR", "PLETH"}


def test_the_ecg_of_one_is_confirmed_by_the_pulse_of_the_other(pair: Pair) -> None:
    """Both probes hang on one finger here; what counts is that beats and pulses of two devices meet in the facts."""
    pair.wires["berry"].plug.unplug()
    pair.run(3)
    pair.wires["berry"].plug.replug()
    pair.run(7)
    facts = pair.bedside.state().facts
    assert (facts.hr.source, facts.hr.monitor) == ("ECG", pair.wires["berry"].source)
    assert pair.display.waves["PLETH"].source == pair.wires["nonin"].source
    assert facts.beats is not None
    assert facts.pulse is not None
    assert facts.beats.median_rate_per_min == pytest.approx(facts.pulse.median_rate_per_min, abs=10)


def test_the_waves_of_both_lie_on_one_time_axis(pair: Pair) -> None:
    """The same finger on two wires: the recorded pleths must cover each other."""
    pair.run(15)
    grid_s = np.arange(20, 38, 0.005)
    berry = pair.wave(pair.wires["berry"].source, "PLETH", grid_s)
    nonin = pair.wave(pair.wires["nonin"].source, "PLETH", grid_s)
    lags = range(-60, 61)
    inner = slice(100, -100)
    match = [float(np.dot(berry[inner], np.roll(nonin, lag)[inner])) for lag in lags]
    lag_ms = 5 * lags[int(np.argmax(match))]
    assert abs(lag_ms) <= 50
    assert max(match) / len(berry[inner]) > 0.95


def test_both_are_recorded_whatever_is_shown(pair: Pair) -> None:
    spo2 = {e.source for e in pair.entries if isinstance(e, NumericEntry) and e.name == "SPO2"}
    pleth = {e.source for e in pair.entries if isinstance(e, WaveBlock) and e.name == "PLETH"}
    sources = {wire.source for wire in pair.wires.values()}
    assert spo2 == pleth == sources


def test_sensors_off_on_the_patient_move_nothing_that_both_share(pair: Pair) -> None:
    pair.patient.bedside.post(RemoveProbe())
    pair.run(12)
    assert pair.bedside.state().facts.spo2.value is None
    assert pair.announced("TE-03-M") == 1
    pair.patient.bedside.post(SetLeadsOff(("LA",)))
    pair.run(8)
    assert pair.announced("TE-01-M") == 1


def test_two_monitors_that_both_send_a_heart_rate() -> None:
    """The GE monitor refreshes every 5 s: it stands behind the one that does each second."""
    made = Pair("datex-dri", "berry")
    dri, berry = made.wires["datex-dri"], made.wires["berry"]
    made.run(2)
    made.enter(Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF)
    made.run(30)
    facts = made.bedside.state().facts
    assert facts.hr.monitor == berry.source
    assert made.bedside.state().ecg_lead.startswith("ECG_")
    berry.plug.unplug()
    made.run(8)
    state = made.bedside.state()
    assert (state.facts.hr.monitor, state.facts.hr.source) == (dri.source, "ECG")
    assert state.facts.beats is not None
    assert [t.source for name, t in made.display.waves.items() if name.startswith("ECG")] == [dri.source]
    assert made.announced("AL-HR-09") == made.announced("AL-HR-01") == 0
