"""A running connection: one thread around ``LinkCore`` (design.md §5).

Headless runs use ``LinkCore`` directly, on a manual clock; everything below the thread is the same.
"""

import logging
import threading
from collections.abc import Callable

from devices.clock import NS_PER_S, Clock
from devices.drivers.base import Driver, DriverCommand
from devices.link_core import LinkCore
from devices.signals import Arrival, Counters, LinkState, LinkStatus, Provenance
from devices.transport.base import Transport

__all__ = ["Link", "LinkCore"]

_log = logging.getLogger(__name__)

_READ_TIMEOUT_S = 0.05  # bytes end the wait at once; only commands and polls may have to wait this long
_GATHER_S = 0.02
"""After bytes were taken, how long more are left to come together: an adapter hands on crumbs of a few milliseconds, and
each would wake every thread up to the screen. Half of what design.md §9 allows from byte to pixel."""
_SINK_LOG_EVERY = 1000


class Link:
    """A connection that keeps itself alive on a thread of its own, from ``start`` to ``close``.

    ``sink`` is called on that thread, one arrival after another, and must not block; what it raises is logged and does
    not stop the link. Neither does a defect in a driver: it is logged, reported as LOST and the port is opened again.
    ``raw``: see ``LinkCore``.
    """

    def __init__(
        self,
        driver: Driver,
        transport: Transport,
        clock: Clock,
        sink: Callable[[Arrival], None],
        *,
        port: str,
        raw: bool = False,
    ) -> None:
        self._core = LinkCore(driver, transport, port=port, clock=clock, raw=raw)
        self._clock = clock
        self._sink = sink
        self._sink_lock = threading.Lock()
        self._muted = False
        self._sink_failures = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"link {self._core.source}", daemon=True)

    @property
    def source(self) -> str:
        """``driver@port``, the name every arrival carries."""
        return self._core.source

    @property
    def status(self) -> LinkStatus:
        """How the connection stood when last reported. Any thread."""
        return self._core.status

    @property
    def provenance(self) -> Provenance:
        """Whether a person can be at the other end; settled once the port has been opened."""
        return self._core.provenance

    @property
    def counters(self) -> Counters:
        """Decoder counters over all reconnections. Any thread."""
        return self._core.counters

    def start(self) -> None:
        """Start searching. Once only.

        :raises RuntimeError: it was started before.
        """
        self._thread.start()

    def request(self, command: DriverCommand) -> bool:
        """Queue a command, from any thread; see ``LinkCore.request``."""
        return self._core.request(command)

    def close(self, timeout_s: float = 3.0) -> bool:
        """Stop the streams and close the port; True when all of it was done within ``timeout_s``, which it never exceeds.

        On False the system hangs in a call: the thread ends by itself when that returns. After this the sink is silent.
        """
        self._stopping.set()
        if self._thread is threading.current_thread():
            return True  # called from the sink: the thread ends as soon as that returns
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        done = not self._thread.is_alive()
        if not done:
            _log.warning(
                "%s did not close within %.1f s; it is left to end by itself", self.source, timeout_s
            )
            self._say_closed_late()
        self._muted = True
        return done

    def _say_closed_late(self) -> None:
        status = LinkStatus(LinkState.CLOSED, "closed; the port did not answer", self.counters)
        arrival = Arrival(self.source, self._clock.monotonic_ns(), status)
        self._deliver([arrival], wait=False)  # if it is the sink that blocks, it shall not block this too

    def _run(self) -> None:
        while not self._stopping.is_set():
            arrivals = self._step()
            self._deliver(arrivals)
            self._wait_for_port()
            if arrivals:
                self._stopping.wait(_GATHER_S)
        try:
            self._deliver(self._core.close(self._clock.monotonic_ns()))
        except Exception:  # noqa: BLE001 - the thread must end in order whatever happens
            _log.exception("%s: closing failed", self.source)

    def _step(self) -> list[Arrival]:
        try:
            return self._core.step(self._clock.monotonic_ns(), _READ_TIMEOUT_S)
        except Exception as error:  # noqa: BLE001 - a defect in a driver must not stop the monitoring
            _log.exception("%s: defect in the connection", self.source)
            return self._recover(error)

    def _recover(self, error: Exception) -> list[Arrival]:
        reason = f"internal error ({type(error).__name__}): connecting again; please send the log to support"
        try:
            return self._core.fail(self._clock.monotonic_ns(), reason)
        except Exception:  # noqa: BLE001 - as above
            _log.exception("%s: the port cannot even be closed", self.source)
            self._stopping.wait(1.0)
            return []

    def _wait_for_port(self) -> None:
        if not self._core.port_open:
            remaining_s = (self._core.next_open_ns - self._clock.monotonic_ns()) / NS_PER_S
            self._stopping.wait(min(max(remaining_s, 0.0), _READ_TIMEOUT_S))

    def _deliver(self, arrivals: list[Arrival], *, wait: bool = True) -> None:
        if not self._sink_lock.acquire(blocking=wait):
            return
        try:
            for arrival in arrivals:
                if self._muted:
                    return
                self._hand_over(arrival)
        finally:
            self._sink_lock.release()

    def _hand_over(self, arrival: Arrival) -> None:
        try:
            self._sink(arrival)
        except Exception:  # noqa: BLE001 - a defect in whoever listens must not stop the monitoring
            if self._sink_failures % _SINK_LOG_EVERY == 0:
                _log.exception("%s: the receiver of its signals failed", self.source)
            self._sink_failures += 1
