"""The visit's own time axis: nanoseconds since the session began, with the wall clock recorded beside it."""

from devices.clock import NS_PER_MS, NS_PER_S, Clock
from monitor_app.core.stamp import Stamp

CLOCK_JUMP_LIMIT_NS = 2 * NS_PER_S
"""Wall against monotonic clock: more than this is a jump worth an alarm (clinical.md §6.6, TE-15)."""


class SessionClock:
    """Maps the host's monotonic clock onto session time. Used from the bedside's thread only, but for ``t_ns``.

    ``origin_t_ns`` is where session time stands at construction: 0 for a new session; for one resumed after a restart,
    its last stamp plus the wall-clock time that has passed since.
    """

    def __init__(self, clock: Clock, origin_t_ns: int = 0) -> None:
        self._clock = clock
        self._mono_zero = clock.monotonic_ns() - origin_t_ns
        self._wall_zero_ns = self._wall_ns() - origin_t_ns

    def _wall_ns(self) -> int:
        return round(self._clock.wall_utc().timestamp() * 1000) * NS_PER_MS

    def t_ns(self, mono_ns: int | None = None) -> int:
        """Session time of an instant on the host's monotonic clock, now by default."""
        return (self._clock.monotonic_ns() if mono_ns is None else mono_ns) - self._mono_zero

    def mono_ns(self, t_ns: int) -> int:
        """Return the host's monotonic instant of a session time."""
        return t_ns + self._mono_zero

    def stamp(self, t_ns: int | None = None) -> Stamp:
        """A stamp for a session time, now by default."""
        t_ns = self.t_ns() if t_ns is None else t_ns
        return Stamp(t_ns, (t_ns + self._wall_zero_ns) // NS_PER_MS)

    def wall_jump_ns(self) -> int:
        """Take up a jump of the wall clock since the last call: its size, or 0 when there was none worth telling."""
        jump = self._wall_ns() - self._wall_zero_ns - self.t_ns()
        if abs(jump) <= CLOCK_JUMP_LIMIT_NS:
            return 0
        self._wall_zero_ns += jump
        return jump
