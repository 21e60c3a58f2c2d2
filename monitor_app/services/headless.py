"""A simulated chair stepped in one thread on a manual clock: as fast as it goes, and the same for the same seed."""

from collections.abc import Callable
from pathlib import Path

from devices.clock import NS_PER_S, ManualClock
from devices.link_core import LinkCore
from devices.registry import make_driver
from devices.signals import Provenance
from monitor_app.core.record import SessionSummary
from monitor_app.core.visit.facts import SELF_TEST_SIMULATED
from monitor_app.services.assembly import Surroundings, head_of, make_bedside, opened_of
from monitor_app.services.bedside.bedside import Bedside
from monitor_app.services.bedside.publication import Publication
from monitor_app.services.display import DisplayModel
from monitor_app.services.ids import seeded_session_id
from monitor_app.services.ports import RecordingSounder
from monitor_app.services.session_writer import SteppedWriter
from monitor_app.services.sim_chair import SimulatedChair, find_scenario
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.store import Store

STEP_NS = NS_PER_S // 2
"""How far the world moves at a time: fine against alarm delays of seconds, coarse enough to be fast."""


class HeadlessChair:
    """Emulator, pipe, link, bedside and recorder of one simulated visit, stepped together (design.md §5).

    Use as a context manager, or ``close`` it.
    """

    def __init__(self, scenario_id: str | Path, *, seed: int | None, data_dir: Path) -> None:
        scenario = find_scenario(scenario_id)
        self.seed = scenario.seed if seed is None else seed
        self.clock = ManualClock()
        self.chair = SimulatedChair(scenario, seed=self.seed)
        self.display = DisplayModel()
        self.sounder = RecordingSounder()
        self.store = Store.open(data_dir, StoreKind.TRAINING)
        self.session_id = seeded_session_id(scenario.id, self.seed, _runs(self.store.sessions()))
        self._listeners: list[Callable[[Publication], None]] = [self.display.apply]
        self._writer = SteppedWriter(self.store, self.clock, on_trouble=self._storage_trouble)
        around = Surroundings(
            clock=self.clock,
            record=self._writer.write,
            publish=self._publish,
            record_hash=self._writer.record_hash,
            sounder=self.sounder,
            self_test=SELF_TEST_SIMULATED,
        )
        opened = opened_of(head_of(scenario, self.session_id, self.seed), self.clock)
        self.bedside: Bedside = make_bedside(opened, around)
        driver = make_driver(self.chair.driver_id)
        self.link = LinkCore(driver, self.chair.host_end, port=self.chair.port)
        self.bedside.begin()
        self.bedside.add_monitor(
            self.link.source,
            driver.info,
            self.chair.host_end.description,
            Provenance.SIMULATED,
            self.link.request,
        )

    @property
    def now_s(self) -> float:
        """Simulated seconds since the beginning."""
        return self.clock.monotonic_ns() / NS_PER_S

    def listen(self, listener: Callable[[Publication], None]) -> None:
        """Let somebody else look on too."""
        self._listeners.append(listener)

    def _publish(self, publication: Publication) -> None:
        for listener in self._listeners:
            listener(publication)

    def _storage_trouble(self, text: str) -> None:
        self.bedside.storage_trouble(text)

    def step(self) -> None:
        """Let a tenth of a second pass for everybody, in the order of the data."""
        until_ns = self.clock.monotonic_ns() + STEP_NS
        self.chair.step(until_ns / NS_PER_S)
        self.clock.sleep_until(until_ns)
        for arrival in self.link.step(until_ns):
            self.bedside.arrive(arrival)
        self.bedside.advance()
        self._writer.tick()

    def close(self) -> None:
        """Write what waits and let the database go."""
        for arrival in self.link.close(self.clock.monotonic_ns()):
            self.bedside.arrive(arrival)
        self._writer.close()
        self.store.close()


def _runs(sessions: list[SessionSummary]) -> int:
    """How many simulated sessions there are: the next one's number, so that no two share an id."""
    return sum(1 for s in sessions if s.simulated)
