"""When a silent connection is called stalled, asked again, or opened anew. Pure: instants in, a verdict out.

"Connected" is never the port being open: only a valid frame counts (protocols.md §1.5, §11).
"""

from dataclasses import dataclass
from enum import Enum

from devices.clock import NS_PER_S
from devices.drivers.base import DriverInfo


class Verdict(Enum):
    """What a connection should do now."""

    FINE = "fine"
    STALLED = "stalled"  # frames stopped
    ASK_AGAIN = "ask again"  # repeat the handshake
    REOPEN = "reopen"  # the handle may be dead: close the port and open it again


@dataclass(frozen=True, slots=True)
class LinkTiming:
    """How long without a valid frame (``stalled_s``, ``ask_again_s``) or without any byte (``reopen_s``) is too long."""

    stalled_s: float
    ask_again_s: float
    reopen_s: float

    @classmethod
    def for_driver(cls, info: DriverInfo) -> "LinkTiming":
        """Return clinical.md TE-09's two thresholds; 20 s of silence is a dead handle (protocols.md §1.5).

        A family that is normally silent for long gets twice its own time before the port is opened again.
        """
        interval_s = info.expected_interval_s
        ask_again_s = max(10.0, 4 * interval_s)
        return cls(max(3.0, 2.2 * interval_s), ask_again_s, max(20.0, 2 * ask_again_s))


class Watchdog:
    """Remembers when bytes and frames last came. Called from the link's thread only."""

    def __init__(self, timing: LinkTiming) -> None:
        self.timing = timing
        self._byte_ns = self._frame_ns = self._asked_ns = 0
        self._streaming = False

    def opened(self, now_ns: int) -> None:
        """Start afresh: the port has just been opened and the handshake sent."""
        self._byte_ns = self._frame_ns = self._asked_ns = now_ns
        self._streaming = False

    def heard_bytes(self, now_ns: int) -> None:
        """Note that something came, valid or not."""
        self._byte_ns = now_ns

    def heard_frame(self, now_ns: int) -> None:
        """Note a valid frame."""
        self._frame_ns = now_ns
        self._streaming = True

    def asked(self, now_ns: int) -> None:
        """Note that the handshake was repeated."""
        self._asked_ns = now_ns

    def quiet_s(self, now_ns: int) -> float:
        """Seconds since the last valid frame, or since the port was opened."""
        return (now_ns - self._frame_ns) / NS_PER_S

    def verdict(self, now_ns: int) -> Verdict:
        """Return the most urgent thing to do; STALLED is said once, until frames come again."""
        if (now_ns - self._byte_ns) / NS_PER_S >= self.timing.reopen_s:
            return Verdict.REOPEN
        since_asked_s = (now_ns - max(self._asked_ns, self._frame_ns)) / NS_PER_S
        if since_asked_s >= self.timing.ask_again_s:
            return Verdict.ASK_AGAIN
        if self._streaming and self.quiet_s(now_ns) >= self.timing.stalled_s:
            self._streaming = False
            return Verdict.STALLED
        return Verdict.FINE
