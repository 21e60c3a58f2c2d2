"""The links' desk: which monitors take part, how each connection stands, and the way back for cuff commands."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from devices.drivers.base import DriverCommand, DriverInfo
from devices.signals import Counters, DeviceIdentity, LinkState, LinkStatus, Provenance
from monitor_app.core.alarm.facts import LinkFacts
from monitor_app.core.journal import DeviceEntry, LinkEntry
from monitor_app.core.stamp import Stamp
from monitor_app.services.bedside.publication import LinkView

Request = Callable[[DriverCommand], object]


@dataclass(frozen=True, slots=True)
class _Monitor:
    info: DriverInfo
    description: str
    provenance: Provenance
    request: Request
    state: LinkState
    detail: str
    since_t_ns: int
    last_frame_t_ns: int
    counters: Counters
    identity: str = ""
    ever_streamed: bool = False


class LinksDesk:
    """All connections of one bedside. Bedside thread only; ``request`` of a link is safe from any."""

    def __init__(self) -> None:
        self._monitors: dict[str, _Monitor] = {}

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
        self._monitors[source] = _Monitor(
            info, description, provenance, request, LinkState.SEARCHING, "", t_ns, t_ns, Counters()
        )

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
        """Pass a command to a monitor."""
        monitor = self._monitors.get(source)
        if monitor is not None:
            monitor.request(command)

    def heard(self, source: str, t_ns: int) -> None:
        """A valid frame came."""
        monitor = self._monitors[source]
        if t_ns > monitor.last_frame_t_ns:
            self._monitors[source] = replace(monitor, last_frame_t_ns=t_ns, ever_streamed=True)

    def status(self, source: str, status: LinkStatus, stamp: Stamp) -> LinkEntry | None:
        """Take a link's own word; an entry for the record when its state changed."""
        monitor = self._monitors[source]
        changed = status.state is not monitor.state or status.detail != monitor.detail
        self._monitors[source] = replace(
            monitor,
            state=status.state,
            detail=status.detail,
            counters=status.counters,
            since_t_ns=stamp.t_ns if status.state is not monitor.state else monitor.since_t_ns,
        )
        if not changed:
            return None
        c = status.counters
        return LinkEntry(
            stamp, source, status.state, status.detail, c.frames_ok, c.frames_bad, c.bytes_discarded
        )

    def identity(self, source: str, identity: DeviceIdentity) -> bool:
        """Take what a monitor calls itself; True when that is new."""
        parts = (identity.manufacturer, identity.model, identity.serial_number, identity.firmware)
        text = " ".join(part for part in parts if part)
        monitor = self._monitors[source]
        provenance = Provenance.SIMULATED if identity.simulator else monitor.provenance
        if text == monitor.identity and provenance is monitor.provenance:
            return False
        self._monitors[source] = replace(monitor, identity=text, provenance=provenance)
        return True

    def simulated(self, source: str) -> bool:
        """Whether no person can be at the other end."""
        return self._monitors[source].provenance is Provenance.SIMULATED

    def streaming(self, source: str) -> bool:
        """Whether valid frames are coming."""
        monitor = self._monitors.get(source)
        return monitor is not None and monitor.state is LinkState.STREAMING

    def counters(self) -> dict[str, Counters]:
        """Frame counters by source."""
        return {source: m.counters for source, m in self._monitors.items()}

    def facts(self) -> tuple[LinkFacts, ...]:
        """What the alarm rules may know."""
        return tuple(
            LinkFacts(
                source,
                m.last_frame_t_ns,
                m.info.expected_interval_s,
                connected=m.state is LinkState.STREAMING,
            )
            for source, m in self._monitors.items()
        )

    def views(self) -> tuple[LinkView, ...]:
        """What the screen shows."""
        return tuple(
            LinkView(
                source,
                m.info.name,
                m.description,
                m.state,
                m.detail,
                m.since_t_ns,
                m.last_frame_t_ns,
                m.provenance is Provenance.SIMULATED,
                m.info.cannot,
            )
            for source, m in self._monitors.items()
        )
