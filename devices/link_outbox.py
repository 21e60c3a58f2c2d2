"""What a connection says: signals and its own state, stamped, in order, each change of state once."""

from collections.abc import Iterable

from devices.signals import (
    Arrival,
    Counters,
    LinkState,
    LinkStatus,
    NibpFailure,
    NibpPhase,
    NibpProgress,
    NibpResult,
    RawBytes,
    Signal,
)


class Outbox:
    """Collects arrivals of one source. It also knows whether a cuff is running whose end must still be told."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.now_ns = 0
        self.status = LinkStatus(LinkState.SEARCHING, "not opened yet")
        self.status_ns = 0
        self._arrivals: list[Arrival] = []
        self._cuff_busy = False
        self._cuff_told = False  # its end was told here; the driver may say so again once the port is back

    def emit(self, signals: Iterable[Signal]) -> None:
        """Add what the monitor said."""
        for signal in signals:
            if isinstance(signal, NibpProgress):
                self._cuff_busy = signal.phase is NibpPhase.MEASURING
                self._cuff_told = self._cuff_told and not self._cuff_busy
            elif isinstance(signal, NibpResult):
                if self._cuff_told and not self._cuff_busy and signal.failure is NibpFailure.NO_ANSWER:
                    self._cuff_told = False
                    continue
                self._cuff_busy = False
            self._arrivals.append(Arrival(self.source, self.now_ns, signal))

    def raw(self, data: bytes, *, sent: bool = False) -> None:
        """Add bytes as they stood on the wire; no bytes, nothing."""
        if data:
            self._arrivals.append(Arrival(self.source, self.now_ns, RawBytes(data, sent)))

    def report(self, status: LinkStatus, *, force: bool = False) -> None:
        """Add how the connection stands, unless state and words are those reported last."""
        if force or (status.state, status.detail) != (self.status.state, self.status.detail):
            self.status = status
            self.status_ns = self.now_ns
            self._arrivals.append(Arrival(self.source, self.now_ns, status))

    def repeat_status(self, counters: Counters) -> None:
        """Report the same state again with fresh counters."""
        last = self.status
        self.report(LinkStatus(last.state, last.detail, counters, last.reconnects), force=True)

    def cuff_started(self) -> None:
        """Note that a measurement was asked for; from now on its end has to be told."""
        self._cuff_busy = True
        self._cuff_told = False

    def end_cuff(self, failure: NibpFailure) -> None:
        """Say that a measurement is over which this connection will not hear the end of (protocols.md §1.5)."""
        if self._cuff_busy:
            self.emit([NibpResult(None, None, None, failure=failure)])
            self._cuff_told = True

    def take(self) -> list[Arrival]:
        """Return what has been collected and start anew."""
        taken, self._arrivals = self._arrivals, []
        return taken
