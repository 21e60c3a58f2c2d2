"""A simulated chair stepped in one thread on a manual clock: as fast as it goes, and the same for the same seed."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

from devices.clock import NS_PER_S, ManualClock
from devices.drivers.base import DriverInfo
from devices.link_core import LinkCore
from devices.registry import make_driver
from devices.signals import Provenance
from monitor_app.core.record import SessionSummary
from monitor_app.core.visit.facts import SELF_TEST_SIMULATED
from monitor_app.services.assembly import AlarmSetup, Surroundings, make_bedside, opened_of
from monitor_app.services.bedside.bedside import Bedside
from monitor_app.services.bedside.publication import BedsideState, Publication
from monitor_app.services.display import DisplayModel
from monitor_app.services.ids import seeded_session_id
from monitor_app.services.ports import RecordingSounder
from monitor_app.services.presets import PresetShelf
from monitor_app.services.session_writer import SteppedWriter
from monitor_app.services.sim_chair import SimulatedChair, find_scenario, head_of
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.store import Store

STEP_NS = NS_PER_S
"""How far the world moves at a time, at most: what falls due in between is done at its own instant."""


class HeadlessChair:
    """Emulator, pipe, link, bedside and recorder of one simulated visit, stepped together (design.md §5).

    ``raw``: the link's bytes are recorded beside the session. Use as a context manager, or ``close`` it.
    """

    def __init__(
        self,
        scenario_id: str | Path,
        *,
        seed: int | None,
        data_dir: Path,
        step_ns: int = STEP_NS,
        raw: bool = False,
    ) -> None:
        scenario = find_scenario(scenario_id)
        self._step_ns = step_ns
        self.seed = scenario.seed if seed is None else seed
        self.clock = ManualClock()
        self.chair = SimulatedChair(scenario, seed=self.seed)
        self.display = DisplayModel()
        self.sounder = RecordingSounder()
        self.store = Store.open(data_dir, StoreKind.TRAINING)
        self.session_id = _free_id(scenario.id, self.seed, self.store.sessions())
        self._listeners: list[Callable[[Publication], None]] = [self.display.apply]
        self._writer = SteppedWriter(self.store, self.clock, on_trouble=self._storage_trouble)
        opened = opened_of(head_of(scenario, self.session_id, self.seed), self.clock)
        # The computer's time zone must not show in a seeded run.
        self.bedside: Bedside = make_bedside(opened, self._around(data_dir), utc_offset_s=0)
        driver = make_driver(self.chair.driver_id)
        self.link = LinkCore(driver, self.chair.host_end, port=self.chair.port, raw=raw)
        self.bedside.begin()
        self._plug(driver.info)

    def _around(self, data_dir: Path) -> Surroundings:
        """What the bedside stands on: this clock, this record, no sound."""
        return Surroundings(
            clock=self.clock,
            record=self._writer.write,
            publish=self._publish,
            record_hash=self._writer.record_hash,
            sounder=self.sounder,
            self_test=SELF_TEST_SIMULATED,
            alarms=AlarmSetup(PresetShelf(data_dir)),
        )

    def _plug(self, info: DriverInfo) -> None:
        """Add the emulated monitor to the bedside."""
        self.bedside.add_monitor(
            self.link.source,
            info,
            self.chair.host_end.description,
            Provenance.SIMULATED,
            self.link.request,
        )

    @property
    def now_s(self) -> float:
        """Simulated seconds since the beginning."""
        return self.clock.monotonic_ns() / NS_PER_S

    def state(self) -> BedsideState:
        """How things stand: as last published, which is at every whole second and after every command."""
        return self.display.state or self.bedside.state()

    def listen(self, listener: Callable[[Publication], None]) -> None:
        """Let somebody else look on too."""
        self._listeners.append(listener)

    def _publish(self, publication: Publication) -> None:
        for listener in self._listeners:
            listener(publication)

    def _storage_trouble(self, text: str) -> None:
        self.bedside.storage_trouble(text)

    def step(self) -> None:
        """Let one step pass."""
        self._pass(self.clock.monotonic_ns() + self._step_ns)

    def second(self) -> None:
        """Let time pass up to the next whole second."""
        until_ns = (self.clock.monotonic_ns() // NS_PER_S + 1) * NS_PER_S
        while (now_ns := self.clock.monotonic_ns()) < until_ns:
            self._pass(min(now_ns + self._step_ns, until_ns))

    def _pass(self, until_ns: int) -> None:
        """Let time pass, stopping at every instant at which an alarm, a sound or the cuff falls due."""
        while (now_ns := self.clock.monotonic_ns()) < until_ns:
            due_ns = self.bedside.clock.mono_ns(self.bedside.next_deadline_t_ns())
            self._step_to(due_ns if now_ns < due_ns < until_ns else until_ns)

    def _step_to(self, until_ns: int) -> None:
        """Let time pass for everybody, in the order of the data."""
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


def _free_id(scenario: str, seed: int, sessions: list[SessionSummary]) -> str:
    """The id of this scenario and seed, or of its next run where the database has it already."""
    taken = {session.id for session in sessions}
    return next(made for run in count() if (made := seeded_session_id(scenario, seed, run)) not in taken)
