"""Searching ports for monitors on threads of their own: one for each port, ended at any time."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from devices.clock import Clock, SystemClock
from devices.drivers.base import Driver, SerialSettings
from devices.errors import KnownError
from devices.probe import PortProbe
from devices.probe_report import Heard, PortReport
from devices.registry import make_driver
from devices.transport.base import Transport
from devices.transport.open_port import line_matters, open_transport

_log = logging.getLogger(__name__)

READ_WAIT_S = 0.05
"""A cancel is obeyed within this time, and the time the system takes to open or close a port."""

OpenAny = Callable[[str, SerialSettings], Transport]


@dataclass(frozen=True, slots=True)
class ProbeOrder:
    """What to search: ``listen_for`` and ``ask`` are driver ids; only the latter put their question.

    Reports speak of drivers by these ids, also of one whose recordings go by another name (``file:PATH``).
    """

    ports: tuple[str, ...]
    listen_for: tuple[str, ...]
    ask: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProbeNews:
    """How the search of one port goes: words while it runs, the report once it is over."""

    port: str
    progress: str = ""
    report: PortReport | None = None


def loadable(driver_ids: Sequence[str]) -> tuple[list[Driver], list[str]]:
    """Return a driver for each id, and for those that do not load the sentences that say why."""
    drivers, troubles = loaded(driver_ids)
    return list(drivers.values()), troubles


def loaded(driver_ids: Sequence[str]) -> tuple[dict[str, Driver], list[str]]:
    """Return a driver by each id, and a sentence for each that does not load or calls itself as one before it does.

    Of two that go by one name nobody could tell which has been heard.
    """
    drivers: dict[str, Driver] = {}
    owners: dict[str, str] = {}
    troubles: list[str] = []
    for driver_id in dict.fromkeys(driver_ids):
        try:
            driver = make_driver(driver_id)
        except KnownError as error:
            troubles.append(str(error))
            continue
        owner = owners.setdefault(driver.info.id, driver_id)
        if owner == driver_id:
            drivers[driver_id] = driver
        else:
            troubles.append(
                f"{driver_id} is not listened for: it calls itself '{driver.info.id}', and so does {owner}; "
                "give it another id in its file."
            )
    return drivers, troubles


class ProbeRun:
    """One search. ``on_news`` is called from the searching threads, for each port in order, the report last.

    ``cancel`` ends it at any time; every port is closed before its report is given.
    """

    def __init__(
        self,
        order: ProbeOrder,
        on_news: Callable[[ProbeNews], None],
        *,
        clock: Clock | None = None,
        open_port: OpenAny = open_transport,
    ) -> None:
        self._order = order
        self._on_news = on_news
        self._clock = clock or SystemClock()
        self._open_port = open_port
        self._cancelled = threading.Event()
        self._threads = [
            threading.Thread(target=self._search, args=(port,), name=f"probe {port}", daemon=True)
            for port in order.ports
        ]

    @property
    def running(self) -> bool:
        """Whether a port is still being searched."""
        return any(thread.is_alive() for thread in self._threads)

    def start(self) -> None:
        """Begin. Once only; raises RuntimeError the second time."""
        for thread in self._threads:
            thread.start()

    def cancel(self) -> None:
        """Ask every thread to end; returns at once."""
        self._cancelled.set()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the end; False when a port takes longer than ``timeout_s``."""
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(timeout_s)
        return not self.running

    def _search(self, port: str) -> None:
        try:
            report = self._report(port)
        except KnownError as error:
            report = PortReport(Heard.NOT_OPENED, reason=str(error))
        except Exception as error:  # noqa: BLE001 - a defect in one driver must not leave the search hanging
            _log.exception("searching %s failed", port)
            reason = f"internal error ({type(error).__name__}) while searching {port}: please send the log to support."
            report = PortReport(Heard.NOT_OPENED, reason=reason)
        self._on_news(ProbeNews(port, report=report))

    def _report(self, port: str) -> PortReport:
        drivers, _ = loaded(self._order.listen_for)
        probe = PortProbe(
            partial(self._open_port, port),
            list(drivers.values()),
            ask=[drivers[driver_id].info.id for driver_id in self._order.ask if driver_id in drivers],
            line_matters=line_matters(port),
        )
        told = ""
        try:
            while probe.step(self._clock.monotonic_ns(), READ_WAIT_S) and not self._cancelled.is_set():
                if probe.progress != told:
                    told = probe.progress
                    self._on_news(ProbeNews(port, progress=told))
        finally:
            probe.cancel()
        return _by_order(probe.report, {driver.info.id: given for given, driver in drivers.items()})


def _by_order(report: PortReport, given: Mapping[str, str]) -> PortReport:
    """Return a report that calls the drivers as the order did."""
    return replace(
        report,
        found=tuple(given[name] for name in report.found),
        tries=tuple(replace(tried, driver_id=given[tried.driver_id]) for tried in report.tries),
    )
