"""Choosing a monitor: which ports there are, which families, what a search found. No Qt; never blocks who asks.

Listing ports asks the system and may take a while, so it happens on a thread too; ``poll`` brings what is new.
"""

import logging
import os
import queue
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from devices.drivers.base import DriverInfo, SerialSettings
from devices.errors import KnownError
from devices.probe_report import Heard, PortReport, report_words
from devices.registry import DeviceAddress, driver_ids, driver_info
from devices.signals import Provenance
from devices.transport.line_suffix import split_line, with_line
from devices.transport.ports import SerialPortInfo, list_serial_ports
from devices.transport.provenance import provenance_of
from devices.transport.usb_port import durable_name
from monitor_app.services.probe_run import ProbeNews, ProbeOrder, ProbeRun

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PortChoice:
    """A port to choose. ``port`` opens it now, ``keep`` is what the settings remember; ``detail`` says how to tell it."""

    port: str
    name: str
    detail: str
    keep: str


@dataclass(frozen=True, slots=True)
class Family:
    """A family to tick. ``hints``: cables and menus, whole sentences."""

    driver_id: str
    name: str
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PortState:
    """What is known of one port: ``words`` to show; ``report`` once it has been searched."""

    words: str
    report: PortReport | None = None

    @property
    def found(self) -> tuple[str, ...]:
        """Ids of the drivers that fit, best first."""
        return self.report.found if self.report is not None else ()


@dataclass(frozen=True, slots=True)
class _Listed:
    ports: tuple[PortChoice, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    run: int
    news: ProbeNews


class ConnectDesk:
    """What the connection panel asks. One thread calls it; ``close`` when it is not needed any more."""

    def __init__(
        self,
        *,
        list_ports: Callable[[], Sequence[SerialPortInfo]] = list_serial_ports,
        make_run: Callable[[ProbeOrder, Callable[[ProbeNews], None]], ProbeRun] = ProbeRun,
    ) -> None:
        self._list_ports = list_ports
        self._make_run = make_run
        self._news: queue.SimpleQueue[_Listed | _Told] = queue.SimpleQueue()
        self._listing: threading.Thread | None = None
        self._run: ProbeRun | None = None
        self._runs = 0
        self._searched: frozenset[str] = frozenset()
        self._typed: tuple[PortChoice, ...] = ()
        self._plugged: tuple[PortChoice, ...] = ()
        self.families = families()
        self.states: dict[str, PortState] = {}

    @property
    def ports(self) -> tuple[PortChoice, ...]:
        """The ports that are plugged in, then the addresses that were typed."""
        return (*self._plugged, *self._typed)

    @property
    def searching(self) -> bool:
        """Whether a report is still to come."""
        return bool(self._searched)

    def refresh(self) -> None:
        """Look again which ports there are; the answer comes through ``poll``."""
        if self._listing is None or not self._listing.is_alive():
            self._listing = threading.Thread(target=self._look, name="list ports", daemon=True)
            self._listing.start()

    def add_address(self, text: str) -> PortChoice | None:
        """Take an address that was typed (socket://…, rfc2217://…, /dev/…, COM3); None for an empty one."""
        port = text.strip()
        if not port:
            return None
        known = next((choice for choice in self.ports if port in (choice.port, choice.keep)), None)
        if known is None:
            # What the settings keep must not depend on the folder the program was started in.
            keep = os.path.abspath(port) if port.startswith(("./", "../")) else port  # noqa: PTH100 - resolve() follows the link
            known = PortChoice(port, port, "typed address", keep)
            self._typed = (*self._typed, known)
        return known

    def search(self, ports: Iterable[str], ask: Sequence[str]) -> None:
        """Listen on these ports for every family, then put the questions of the families in ``ask``."""
        self.cancel()
        chosen = tuple(dict.fromkeys(ports))
        if not chosen:
            return
        self._runs += 1
        number, self._searched = self._runs, frozenset(chosen)
        self.states |= {port: PortState("opening") for port in chosen}
        order = ProbeOrder(chosen, tuple(family.driver_id for family in self.families), tuple(ask))
        self._run = self._make_run(order, lambda news: self._news.put(_Told(number, news)))
        self._run.start()

    def cancel(self) -> None:
        """End the search; ports without a report are as if never searched."""
        if self._run is not None:
            self._run.cancel()
        for port in self._searched:
            self.states.pop(port, None)
        self._run, self._searched = None, frozenset()
        self._runs += 1

    def poll(self) -> bool:
        """Take what has come; whether anything is new."""
        changed = False
        while not self._news.empty():
            item = self._news.get_nowait()
            changed |= self._take_ports(item.ports) if isinstance(item, _Listed) else self._take_news(item)
        return changed

    def wait(self, timeout_s: float) -> bool:
        """Wait for the listing and the search to end; False when they take longer."""
        if self._listing is not None:
            self._listing.join(timeout_s)
        return self._run is None or self._run.join(timeout_s)

    def close(self) -> None:
        """End what runs."""
        self.cancel()

    def _look(self) -> None:
        try:
            present = self._list_ports()
        except OSError:
            _log.exception("the serial ports cannot be listed")
            return
        self._news.put(_Listed(port_choices(present)))

    def _take_ports(self, plugged: tuple[PortChoice, ...]) -> bool:
        changed = plugged != self._plugged
        self._plugged = plugged
        gone = set(self.states) - {choice.port for choice in self.ports} - self._searched
        for port in gone:
            del self.states[port]
        return changed

    def _take_news(self, told: _Told) -> bool:
        if told.run != self._runs:
            return False  # of a search that was cancelled
        news = told.news
        if news.report is None:
            self.states[news.port] = PortState(news.progress)
        else:
            self.states[news.port] = PortState(report_words(news.report, family_name), news.report)
            self._searched -= {news.port}
        return True


def families() -> tuple[Family, ...]:
    """Return every family whose driver loads, by name."""
    found: list[Family] = []
    for driver_id in driver_ids():
        try:
            info = driver_info(driver_id)
        except KnownError:
            continue  # a plug-in that does not load; 'chairside drivers' says why
        found.append(_family(info))
    return tuple(sorted(found, key=lambda family: family.name.casefold()))


def family_name(driver_id: str) -> str:
    """Return a family's name, or the id where there is no such driver any more."""
    try:
        return driver_info(driver_id).name
    except KnownError:
        return driver_id


def port_choices(present: Sequence[SerialPortInfo]) -> tuple[PortChoice, ...]:
    """Return ports as they are offered; an adapter is remembered by what is burnt into it."""
    return tuple(
        PortChoice(info.device, info.name, _detail(info), durable_name(info, present)) for info in present
    )


def needs_witness(port: str) -> bool:
    """Whether somebody must say that a real monitor is at this address (design.md §3)."""
    return provenance_of(port) is Provenance.UNVERIFIED


def address_of(choice: PortChoice, state: PortState | None, ticked: Sequence[str]) -> DeviceAddress | None:
    """Return what Connect would open: the one family found, else the only one ticked; None while that is open.

    Where several families fit equally well, the one of them that is ticked alone decides.
    """
    found = state.found if state is not None else ()
    fitting = [driver_id for driver_id in ticked if driver_id in found] if len(found) > 1 else list(found)
    candidates = fitting or ([] if found else list(ticked))
    if len(candidates) != 1:
        return None
    line = state.report.line if state is not None and state.report is not None else None
    return DeviceAddress(candidates[0], port_at(choice.keep, candidates[0], line))


def port_at(port: str, driver_id: str, line: SerialSettings | None) -> str:
    """Return a port with the settings at which a monitor was found, where they are not the driver's own."""
    return port if line is None or line == driver_info(driver_id).serial else with_line(port, line)


def in_use(devices: Sequence[str], choice: PortChoice) -> bool:
    """Whether the settings' devices (DRIVER@PORT) name this port."""
    return any(_names(text, choice) for text in devices)


def used_as(devices: Sequence[str], choice: PortChoice) -> str:
    """Return what is in use at this port, numbered where there are several: the first that has a value speaks for it."""
    for number, text in enumerate(devices, 1):
        if _names(text, choice):
            name = family_name(text.partition("@")[0])
            return f"{number}. {name}" if len(devices) > 1 else name
    return ""


def absent_ports(devices: Sequence[str], present: Sequence[PortChoice]) -> tuple[PortChoice, ...]:
    """Return the ports of monitors in use that none of these is, so that they too can be chosen."""
    ports = [split_line(text.partition("@")[2])[0] for text in devices]
    known = {name for choice in present for name in (choice.port, choice.keep)}
    return tuple(PortChoice(port, port, "not plugged in", port) for port in ports if port not in known)


def with_monitor(devices: Sequence[str], source: str, choice: PortChoice) -> tuple[str, ...]:
    """Return the monitors in use and this one beside them; at a port that is in use it takes the place of that one."""
    if in_use(devices, choice):
        return tuple(source if _names(text, choice) else text for text in devices)
    return (*devices, source)


def without_monitor(devices: Sequence[str], choice: PortChoice) -> tuple[str, ...]:
    """Return the monitors in use without the one at this port."""
    return tuple(text for text in devices if not _names(text, choice))


def why_apart(devices: Sequence[str]) -> str:
    """Return why these monitors cannot serve one patient together, as a sentence; empty where they can."""
    kinds = {provenance_of(text.partition("@")[2]) is Provenance.SIMULATED for text in devices}
    return "A simulated monitor cannot be used beside a real one." if len(kinds) > 1 else ""


def _names(text: str, choice: PortChoice) -> bool:
    return split_line(text.partition("@")[2])[0] in {choice.port, choice.keep}


def short_words(state: PortState) -> str:
    """Return a port's state in few words: for a row of the list."""
    report = state.report
    if report is None:
        return state.words
    if report.heard is Heard.STREAMING:
        return "streaming: " + " or ".join(family_name(driver_id) for driver_id in report.found)
    if report.echo:
        return "sends back what is sent"
    words: str = report.heard.value
    return words


def _family(info: DriverInfo) -> Family:
    return Family(info.id, info.name, info.cable_hints)


def _detail(info: SerialPortInfo) -> str:
    return f"{info.device} · no. {info.serial_number}" if info.serial_number else info.device
