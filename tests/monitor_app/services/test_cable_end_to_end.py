"""V25 with everything real but time: patient, emulated monitor, wire, link, decoder, bedside, rules (clinical.md §7)."""

import itertools
from collections.abc import Iterator

import pytest

from devices.clock import NS_PER_S, ManualClock
from devices.link_core import LinkCore
from devices.registry import make_driver
from devices.signals import LinkState, Provenance
from devices.simulators.acts import SetCable, SetLeadsOff
from devices.transport.pipe import PipeEnd
from monitor_app.core.journal import AlarmEntry, GapEntry, JournalEntry, LinkEntry, PhaseEntry, WaveBlock
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.facts import SELF_TEST_SIMULATED
from monitor_app.services.assembly import Surroundings, make_bedside, opened_of
from monitor_app.services.ports import RecordingSounder
from monitor_app.services.sim_chair import SimulatedChair, find_scenario, head_of

NURSE = Actor("Nina Roe", "nurse")
STEP_NS = NS_PER_S // 20


class Wired:
    """One simulated chair at one bedside, stepped together."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        scenario = find_scenario("S01")
        self.chair = SimulatedChair(scenario, seed=1)
        self.entries: list[JournalEntry] = []
        around = Surroundings(
            self.clock,
            self.entries.append,
            lambda _: None,
            lambda: "",
            RecordingSounder(),
            SELF_TEST_SIMULATED,
        )
        self.bedside = make_bedside(opened_of(head_of(scenario, "s", 1), self.clock), around)
        driver = make_driver("berry")
        self.link = LinkCore(driver, self.chair.host_end, port="sim")
        self.bedside.begin()
        self.bedside.add_monitor(
            self.link.source, driver.info, "sim", Provenance.SIMULATED, self.link.request
        )
        self.last_frame_s = 0.0

    def enter(self, *phases: Phase) -> None:
        for phase in phases:
            entry = PhaseEntry(self.bedside.clock.stamp(), self.bedside.visit.phase, phase, NURSE)
            self.bedside.journal.write(entry)

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds * NS_PER_S / STEP_NS)):
            until = self.clock.monotonic_ns() + STEP_NS
            self.chair.step(until / NS_PER_S)
            self.clock.sleep_until(until)
            before = self.link.counters.frames_ok
            for arrival in self.link.step(until):
                self.bedside.arrive(arrival)
            if self.link.counters.frames_ok > before:
                self.last_frame_s = until / NS_PER_S
            self.bedside.advance()

    def announced(self, rule: str) -> list[float]:
        return [
            e.stamp.t_s
            for e in self.entries
            if isinstance(e, AlarmEntry) and e.rule == rule and e.to_state == "ACTIVE" and not e.suppressed
        ]

    def standing(self) -> set[str]:
        return {c.rule.id for c in self.bedside.alarms.conditions if c.shown}


@pytest.fixture
def wired() -> Iterator[Wired]:
    made = Wired()
    made.run(2)
    made.enter(Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF)
    made.run(25)
    assert made.bedside.state().links[0].state is LinkState.STREAMING
    assert made.standing() == set()
    return made


@pytest.mark.parametrize("how", ["data cable", "usb plug"])
def test_v25_the_one_cable_pulled_in_the_infusion(wired: Wired, how: str) -> None:
    plug = wired.chair.host_end
    assert isinstance(plug, PipeEnd)
    last = wired.last_frame_s
    if how == "data cable":
        wired.chair.bedside.post(SetCable(out=True))
    else:
        plug.unplug()
    wired.run(12.5)
    assert wired.announced("TE-09-L") == [pytest.approx(last + 3, abs=0.15)]
    assert wired.announced("TE-09-M") == [pytest.approx(last + 10, abs=0.15)]
    assert wired.announced("AL-HR-09") == [pytest.approx(last + 10, abs=0.3)]
    facts = wired.bedside.state().facts
    assert (facts.hr.value, facts.spo2.value) == (None, None)
    if how == "data cable":
        wired.chair.bedside.post(SetCable(out=False))
    else:
        plug.replug()
    wired.run(14)
    assert not wired.standing() & {"TE-09-L", "TE-09-M", "AL-HR-09"}
    facts = wired.bedside.state().facts
    assert facts.hr.value is not None
    states = [e.state for e in wired.entries if isinstance(e, LinkEntry)]
    assert states[-1] is LinkState.STREAMING
    gaps = [e for e in wired.entries if isinstance(e, GapEntry) and e.channel == "ECG_II"]
    assert len(gaps) == 1
    blocks = [e for e in wired.entries if isinstance(e, WaveBlock) and e.name == "ECG_II"]
    for before, after in itertools.pairwise(blocks):
        assert after.first_sample >= before.first_sample + len(before.counts)
        assert after.stamp.t_ns > before.stamp.t_ns
    counted_s = (blocks[-1].first_sample - blocks[0].first_sample) / 250
    timed_s = (blocks[-1].stamp.t_ns - blocks[0].stamp.t_ns) / NS_PER_S
    assert counted_s == pytest.approx(timed_s, abs=0.05)


def test_v8_a_lead_comes_off_over_the_wire(wired: Wired) -> None:
    at = wired.clock.monotonic_ns() / NS_PER_S
    wired.chair.bedside.post(SetLeadsOff(("LA",)))
    wired.run(6)
    (told,) = wired.announced("TE-01-M")
    assert told - at <= 3.5 + 1.0  # the board reports its leads once a second
    assert wired.announced("AL-HR-01") == []
    assert wired.bedside.state().facts.hr.source == "PR"
