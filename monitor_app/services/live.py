"""A chair live: links, bedside and recorder each in its thread, and the simulated monitor where there is one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from devices.clock import Clock, ScaledClock, SystemClock
from devices.drivers.base import Driver
from devices.errors import KnownError
from devices.link import Link
from devices.registry import DeviceAddress, make_driver
from devices.signals import Arrival, LinkState, LinkStatus, Provenance, RawBytes
from devices.transport.base import Transport
from devices.transport.open_port import open_transport
from devices.transport.provenance import provenance_of
from monitor_app.core.commands import Command
from monitor_app.core.journal import DeviceEntry, JournalEntry
from monitor_app.core.phase import Phase
from monitor_app.core.record import SessionRecord
from monitor_app.core.stamp import Stamp
from monitor_app.services.assembly import Head, Surroundings, alarm_setup, make_bedside, opened_of
from monitor_app.services.bedside.bedside import Bedside
from monitor_app.services.bedside.publication import Publication
from monitor_app.services.bedside.resume import CutOff, cut_off, to_be_signed
from monitor_app.services.bedside.thread import BedsideThread, Outlet, StorageTrouble
from monitor_app.services.computer import Computer, ComputerWatch, read_computer
from monitor_app.services.ports import Sounder
from monitor_app.services.session_writer import LiveWriter
from monitor_app.storage.kind import kind_for
from monitor_app.storage.store import Store

if TYPE_CHECKING:  # a chair without a simulated monitor starts without loading the simulators
    from monitor_app.services.sim_chair import SimulatedChair

CLOSE_TIMEOUT_S = 3.0


@dataclass(frozen=True, slots=True)
class LivePlan:
    """What to run. ``chair``: the simulated chair beside real devices, or instead of them.

    ``resume_if`` is asked about each session that was cut off: its record, and the end of what was kept of it;
    ``sign_if`` likewise about the last visit where it ended without its signatures. ``confirmed_by``: who vouches for a real monitor behind a network address.
    ``raw``: the links' bytes are recorded beside the session. ``computer`` looks at the disk the records lie on, and at the
    power supply; it is asked every 10 s on a thread of its own.
    """

    data_dir: Path
    head: Head
    sounder: Sounder
    self_test: str
    devices: tuple[DeviceAddress, ...] = ()
    chair: "SimulatedChair | None" = None
    speed: float = 1.0
    resume: bool = True
    resume_if: Callable[[SessionRecord, Stamp], bool] = field(default=lambda _record, _last: True)
    sign_if: Callable[[SessionRecord, Stamp], bool] = field(default=lambda _record, _last: False)
    confirmed_by: str = ""
    raw: bool = False
    computer: Callable[[Path], Computer] = read_computer


class LiveChair:
    """Owns every thread of a chair. Made and closed by one thread; ``post`` and ``outlet`` serve any.

    :raises KnownError: the store cannot be opened, or a source does not fit the session; nothing runs then.
    """

    def __init__(self, plan: LivePlan) -> None:
        self._plan = plan
        self.clock: Clock = SystemClock() if plan.speed == 1.0 else ScaledClock(plan.speed)
        self.store = Store.open(plan.data_dir, kind_for(simulated=plan.head.simulated))
        self.outlets: list[Outlet] = []
        self.before_close: list[Callable[[], None]] = []
        self._record_listeners: list[Callable[[JournalEntry], None]] = []
        self.resumed: CutOff | None = None
        try:
            self._writer = LiveWriter(self.store, on_trouble=self._storage_trouble)
            self.bedside = self._make_bedside()
            self.thread = BedsideThread(self.bedside, speed=plan.speed, shed=self._shed)
            self.devices = plan.devices
            self.links = [self._link(a) for a in plan.devices]
            if plan.chair is not None:
                self.links.append(self._sim_link(plan.chair))
            self._runner = plan.chair.runner(self.clock) if plan.chair is not None else None
            self._computer = ComputerWatch(
                lambda: plan.computer(plan.data_dir),
                lambda now: self.thread.post(lambda: self.bedside.watch.computer(now)),
            )
        except BaseException:
            self.store.close()
            raise

    @property
    def plan(self) -> LivePlan:
        """What was to be run."""
        return self._plan

    def outlet(self) -> Outlet:
        """A new listener's outlet; it hears everything from now on."""
        outlet = Outlet()
        self.outlets.append(outlet)
        return outlet

    def start(self) -> None:
        """Begin: bedside first, so that nothing the links say is missed.

        :raises KnownError: a monitor does not fit the session; nothing runs then, and ``close`` is the next thing to do.
        """
        self.bedside.begin(self.resumed)
        for link, driver in self.links:
            self._take_part(link, driver, self._plan.confirmed_by)
        self.thread.start()
        if self._runner is not None and self._plan.chair is not None:
            self._plan.chair.emulator.open()  # before the link asks: what an unopened wire is told is lost
            self._runner.start()
        for link, _ in self.links:
            link.start()
        self._computer.start()

    def add(self, address: DeviceAddress, *, confirmed_by: str = "") -> None:
        """Let a further monitor take part while the session runs; ranked after those that are there.

        :raises KnownError: it takes part already, does not fit the session, or nobody vouches for its network address.
        """
        if simulated_ports((address,), confirmed_by=confirmed_by) != self._plan.head.simulated:
            raise KnownError("a simulated monitor cannot be used beside a real one: use one kind at a time.")
        if any(link.source == address.source for link, _ in self.links):
            raise KnownError(f"{address.source} is in use already: choose another port.")
        link, driver = self._link(address)
        self.devices = (*self.devices, address)
        self.links.append((link, driver))
        self.thread.post(lambda: self._take_part(link, driver, confirmed_by))
        link.start()

    def _take_part(self, link: Link, driver: Driver, confirmed_by: str) -> None:
        description, provenance = link.source.split("@", 1)[1], link.provenance
        self.bedside.add_monitor(link.source, driver.info, description, provenance, link.request)
        if provenance is Provenance.UNVERIFIED and not self._plan.head.simulated:
            self.bedside.confirm_source(link.source, confirmed_by)

    def post(self, command: Command | Callable[[], None]) -> None:
        """Ask something of the bedside, from any thread."""
        self.thread.post(command)

    def screen_beat(self) -> None:
        """Say that the window lives, from its own thread, several times a second (TE-16).

        On a clock that runs faster than the world there would always be a second without one: then nothing is said.
        """
        now_ns = self.clock.monotonic_ns()
        if self._plan.speed == 1.0:
            self.bedside.watch.screen(now_ns)

    def close(self, *, end_session: bool = False) -> None:
        """End everything: cuffs stopped, what waits written. ``end_session`` leaves nothing to be resumed."""
        self.bedside.watch.screen(None)
        self._computer.close()
        for step in self.before_close:
            step()
        for link, _ in self.links:
            link.close(CLOSE_TIMEOUT_S)
        if self._runner is not None:
            self._runner.stop(CLOSE_TIMEOUT_S)
        self.thread.post(self.bedside.end)
        self.thread.close()
        try:
            self._writer.close()
            if end_session and self.bedside.journal.keeping:
                self.store.mark_closed(self.bedside.session_id, self.bedside.clock.stamp())
        finally:
            self.store.close()

    def _make_bedside(self) -> Bedside:
        plan = self._plan
        around = Surroundings(
            clock=self.clock,
            record=self._record,
            publish=self._publish,
            record_hash=self._writer.record_hash,
            sounder=plan.sounder,
            self_test=plan.self_test,
            commissionings=None if plan.head.simulated else self.store.commissionings(),
            alarms=alarm_setup(plan.data_dir),
        )
        self.resumed = (self._find_cut_off() or self._find_unsigned()) if plan.resume else None
        if self.resumed is None:
            return make_bedside(opened_of(plan.head, self.clock), around)
        self._writer.resume(self.resumed.record.opened.session_id)
        return make_bedside(
            self.resumed.record.opened,
            around,
            first_entry=self.resumed.last_entry_number,
            origin_t_ns=self.resumed.origin_t_ns,
        )

    def _find_cut_off(self) -> CutOff | None:
        """The newest session of this database that was cut off while a patient was monitored."""
        for left in self.store.open_sessions():
            if left.simulated == self._plan.head.simulated and left.phase.monitoring:
                record = self.store.record(left.id)
                if self._plan.resume_if(record, left.last):
                    return cut_off(record, left.last, self.clock, self.store.wave_ends(left.id))
        return None

    def _find_unsigned(self) -> CutOff | None:
        """The last visit of this database, if it ended without its signatures."""
        visits = [s for s in self.store.sessions() if s.simulated == self._plan.head.simulated]
        newest = max(visits, key=lambda s: s.started_utc, default=None)
        if newest is None or newest.phase is not Phase.DONE:
            return None
        record = self.store.record(newest.id)
        last = max(
            (e.stamp for e in record.entries), key=lambda stamp: stamp.t_ns, default=record.opened.stamp
        )
        if not to_be_signed(record) or not self._plan.sign_if(record, last):
            return None
        return cut_off(record, last, self.clock, self.store.wave_ends(newest.id))

    def on_record(self, listener: Callable[[JournalEntry], None]) -> None:
        """Tell ``listener`` of every entry that goes into the record; called from the bedside's thread."""
        self._record_listeners.append(listener)

    @property
    def dropped(self) -> int:
        """Signals lost on the way because something could not keep up."""
        return self.thread.dropped + self._shed()

    def _shed(self) -> int:
        """What the recorder had to give up."""
        counters = self._writer.counters
        return counters.dropped + counters.shed if counters else 0

    def _record(self, entry: JournalEntry) -> None:
        self._writer.write(entry)
        for listener in self._record_listeners:
            listener(entry)

    def _publish(self, publication: Publication) -> None:
        for outlet in self.outlets:
            outlet.put(publication)

    def _storage_trouble(self, text: str) -> None:
        self.thread.post(StorageTrouble(text))

    def _link(self, address: DeviceAddress) -> tuple[Link, Driver]:
        driver = make_driver(address.driver_id)
        transport = open_transport(address.port, driver.info.serial, clock=self.clock)
        return self._make_link(driver, transport, address.port), driver

    def _sim_link(self, chair: "SimulatedChair") -> tuple[Link, Driver]:
        driver = make_driver(chair.driver_id)
        return self._make_link(driver, chair.host_end, chair.port), driver

    def _make_link(self, driver: Driver, transport: Transport, port: str) -> Link:
        def sink(arrival: Arrival) -> None:
            self._arrived(link, arrival)

        link = Link(driver, transport, self.clock, sink, port=port, raw=self._plan.raw)
        return link

    def _arrived(self, link: Link, arrival: Arrival) -> None:
        signal = arrival.signal
        simulated = link.provenance is Provenance.SIMULATED
        if isinstance(signal, RawBytes) and simulated and not self._plan.head.simulated:
            return  # bytes come before the word that bars their source
        if isinstance(signal, LinkStatus) and signal.state is LinkState.STREAMING:
            # Only an open port shows whether a person can be at its other end.
            self.thread.post(lambda: self.bedside.settle_provenance(link.source, link.provenance))
        self.thread.post(arrival)


def simulated_ports(devices: tuple[DeviceAddress, ...], *, confirmed_by: str = "") -> bool:
    """Whether the devices' ports are simulated. Mixed ones are refused: a record is of a patient or it is not.

    :raises KnownError: some are simulated and some are not, or one is a network address that nobody vouches for.
    """
    found = {a: provenance_of(a.port) for a in devices}
    unverified = [a.port for a, provenance in found.items() if provenance is Provenance.UNVERIFIED]
    if unverified and not confirmed_by.strip():
        raise KnownError(
            f"{unverified[0]} is a network address that nobody has confirmed: look that a real monitor is there, "
            "and say who has seen it with --confirm-real NAME."
        )
    kinds = {provenance is Provenance.SIMULATED for provenance in found.values()}
    if len(kinds) > 1:
        raise KnownError("some of these monitors are simulated and some are not; use one kind at a time.")
    return kinds == {True}


def same_monitors(record: SessionRecord, devices: tuple[DeviceAddress, ...]) -> bool:
    """Whether a session was recorded from exactly these monitors."""
    sources = {e.source for e in record.entries if isinstance(e, DeviceEntry)}
    return sources == {address.source for address in devices}
