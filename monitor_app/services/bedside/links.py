"""The links' desk: which monitors take part, how each connection stands, and the way back for cuff commands."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from devices.clock import NS_PER_S
from devices.drivers.base import DriverCommand, DriverInfo
from devices.signals import (
    Counters,
    DeviceIdentity,
    LinkState,
    LinkStatus,
    NibpFailure,
    NibpResult,
    Provenance,
    Signal,
)
from monitor_app.core.alarm.facts import LinkFacts
from monitor_app.core.alarm.frame_window import FrameWindow
from monitor_app.core.journal import DeviceEntry, LinkEntry
from monitor_app.core.stamp import Stamp
from monitor_app.services.bedside.publication import LinkView

Request = Callable[[DriverCommand], object]

SILENT_S = 3.0
SILENT_INTERVALS = 2.2
BARRED = "simulated: not used in a clinical session"
_TOLD_BY_THE_HOST = frozenset({NibpFailure.NO_ANSWER, NibpFailure.TIMED_OUT, NibpFailure.STOPPED})
"""Ends of a measurement that a link or driver may tell without having heard anything."""

_FAMILY_ENDS = re.compile(r" [/(]|, ")
"""Where the first words of a family's name end: ``Nonin oximeter (Xpod …``, ``Berry PM6750 / PM1200``."""


@dataclass(slots=True)
class _Monitor:
    info: DriverInfo
    family: str
    description: str
    provenance: Provenance
    request: Request
    since_t_ns: int
    last_frame_t_ns: int
    last_status_t_ns: int
    state: LinkState = LinkState.SEARCHING
    detail: str = ""
    counters: Counters = field(default_factory=Counters)
    frames: FrameWindow = field(default_factory=FrameWindow)
    bad_share: float | None = None
    identity: str = ""
    known: str = ""  # the fullest identity it has told
    model: str = ""
    label: str = ""  # the model without its maker
    barred: bool = False

    @property
    def short_name(self) -> str:
        """What it is called where room is narrow."""
        return self.label or self.family


class LinksDesk:
    """All connections of one bedside. Bedside thread only; ``request`` of a link is safe from any."""

    def __init__(self) -> None:
        self._monitors: dict[str, _Monitor] = {}
        self._before: dict[str, str] = {}  # identities of before a restart

    def add(
        self,
        source: str,
        info: DriverInfo,
        description: str,
        provenance: Provenance,
        request: Request,
        t_ns: int,
    ) -> None:
        """A monitor takes part from now on."""
        family = _FAMILY_ENDS.split(info.name)[0]
        monitor = _Monitor(info, family, description, provenance, request, t_ns, t_ns, t_ns)
        monitor.known = self._before.get(source, "")
        self._monitors[source] = monitor

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source, in the order they were added."""
        return tuple(self._monitors)

    def info(self, source: str) -> DriverInfo:
        """What a source's driver can do."""
        return self._monitors[source].info

    def entry(self, source: str, stamp: Stamp) -> DeviceEntry:
        """The record's line about a monitor."""
        m = self._monitors[source]
        return DeviceEntry(stamp, source, m.info.id, m.description, m.provenance, m.identity)

    def send(self, source: str, command: DriverCommand) -> None:
        """Pass a command to a monitor; to one that may not take part, only that its cuff stop."""
        monitor = self._monitors.get(source)
        if monitor is not None and not (monitor.barred and command is DriverCommand.NIBP_START):
            monitor.request(command)

    def heard(self, source: str, signal: Signal, t_ns: int) -> None:
        """Note that a valid frame came, unless the signal is one a link can give without a frame."""
        if isinstance(signal, NibpResult) and signal.failure in _TOLD_BY_THE_HOST:
            return
        monitor = self._monitors[source]
        monitor.last_frame_t_ns = max(monitor.last_frame_t_ns, t_ns)

    def status(self, source: str, status: LinkStatus, stamp: Stamp) -> LinkEntry | None:
        """Take a link's own word; an entry for the record when its state changed."""
        monitor = self._monitors[source]
        self._count_frames(monitor, status, stamp.t_ns)
        changed = status.state is not monitor.state or status.detail != monitor.detail
        if status.state is not monitor.state:
            monitor.since_t_ns = stamp.t_ns
        monitor.state, monitor.detail, monitor.counters = status.state, status.detail, status.counters
        monitor.last_status_t_ns = stamp.t_ns
        monitor.frames = monitor.frames.add(stamp.t_ns, status.counters.frames_ok, status.counters.frames_bad)
        # Of a line without a single valid frame TE-09 tells already.
        monitor.bad_share = monitor.frames.share if status.state is LinkState.STREAMING else None
        if not changed:
            return None
        c = status.counters
        return LinkEntry(
            stamp, source, status.state, status.detail, c.frames_ok, c.frames_bad, c.bytes_discarded
        )

    def _count_frames(self, monitor: _Monitor, status: LinkStatus, t_ns: int) -> None:
        """Take a device for alive whose frames say nothing new: only the link's counters tell of those."""
        more = status.counters.frames_ok > monitor.counters.frames_ok
        silent = monitor.last_frame_t_ns <= monitor.last_status_t_ns
        if more and silent and status.state is LinkState.STREAMING:
            monitor.last_frame_t_ns = max(monitor.last_frame_t_ns, t_ns)

    def identity(self, source: str, identity: DeviceIdentity) -> bool:
        """Take what a monitor calls itself; True when that is new."""
        parts = (identity.manufacturer, identity.model, identity.serial_number, identity.firmware)
        text = " ".join(part for part in parts if part)
        monitor = self._monitors[source]
        provenance = Provenance.SIMULATED if identity.simulator else monitor.provenance
        if text == monitor.identity and provenance is monitor.provenance:
            return False
        monitor.identity, monitor.provenance = text, provenance
        monitor.label = "" if identity.simulator else identity.model
        monitor.model = " ".join(part for part in parts[:2] if part)
        return True

    def replaced(self, source: str) -> tuple[str, str] | None:
        """What a monitor called itself before and now, where that is another one (TE-19); to be asked after ``identity``.

        A name that is filled in word by word, or told in part after a reconnection, is no other one.
        """
        monitor = self._monitors[source]
        now, before = monitor.identity, monitor.known
        if set(now.split()) <= set(before.split()):
            return None
        monitor.known = now
        return None if set(before.split()) <= set(now.split()) else (before, now)

    def remember(self, identities: Mapping[str, str]) -> None:
        """Take what sources called themselves before the program was cut off."""
        self._before.update(identities)

    def model(self, source: str) -> str:
        """Manufacturer and model as the wire tells them; empty where it tells nothing, or has not yet."""
        return self._monitors[source].model

    def settle(self, source: str, provenance: Provenance) -> bool:
        """Take what the port turned out to be once it was open; SIMULATED never changes back. True when that is new."""
        monitor = self._monitors[source]
        if monitor.provenance in {provenance, Provenance.SIMULATED}:
            return False
        monitor.provenance = provenance
        return True

    def simulated(self, source: str) -> bool:
        """Whether no person can be at the other end."""
        return self._monitors[source].provenance is Provenance.SIMULATED

    def bar(self, source: str) -> None:
        """Take nothing more from this source."""
        self._monitors[source].barred = True

    def barred(self, source: str) -> bool:
        """Whether nothing is taken from this source."""
        return self._monitors[source].barred

    def streaming(self, source: str) -> bool:
        """Whether valid frames are coming that may be used."""
        monitor = self._monitors.get(source)
        return monitor is not None and monitor.state is LinkState.STREAMING and not monitor.barred

    def alive(self, source: str, t_ns: int) -> bool:
        """Whether valid frames came lately; what TE-09 calls silent (clinical.md §6.6) is not, whatever the link says."""
        if not self.streaming(source):
            return False
        monitor = self._monitors[source]
        allowed_s = max(SILENT_S, SILENT_INTERVALS * monitor.info.expected_interval_s)
        return t_ns - monitor.last_frame_t_ns < allowed_s * NS_PER_S

    def counters(self) -> dict[str, Counters]:
        """Frame counters by source."""
        return {source: m.counters for source, m in self._monitors.items()}

    def facts(self) -> tuple[LinkFacts, ...]:
        """What the alarm rules may know; a barred monitor has an alarm of its own."""
        return tuple(
            LinkFacts(
                source,
                m.last_frame_t_ns,
                m.info.expected_interval_s,
                connected=m.state is LinkState.STREAMING,
                bad_frame_share=m.bad_share,
                name=self._name(source),
            )
            for source, m in self._monitors.items()
            if not m.barred
        )

    def _name(self, source: str) -> str:
        """What a monitor is called, with its port where another one is called the same."""
        name = self._monitors[source].short_name
        twin = any(other != source and m.short_name == name for other, m in self._monitors.items())
        return f"{name} {source.partition('@')[2].rpartition('/')[2]}" if twin else name

    def views(self) -> tuple[LinkView, ...]:
        """What the screen shows."""
        return tuple(
            LinkView(
                source,
                m.info.name,
                m.description,
                m.state,
                BARRED if m.barred else m.detail,
                m.since_t_ns,
                m.last_frame_t_ns,
                m.provenance is Provenance.SIMULATED,
                m.info.cannot,
                m.short_name,
                m.info.numerics,
                tuple(w.name for w in m.info.waveforms),
                m.info.numeric_interval_s,
                m.info.nibp,
                m.info.confirm_s,
            )
            for source, m in self._monitors.items()
        )
