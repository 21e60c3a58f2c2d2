"""The share of bad frames on a line over the last 30 s, for TE-10 (clinical.md §6.6)."""

from dataclasses import dataclass, replace

from monitor_app.core.stamp import NS_PER_S

WINDOW_NS = 30 * NS_PER_S  # clinical.md §6.6 TE-10
STEP_NS = NS_PER_S
FRAMES_MIN = 20
"""Below as many frames in the window one bad one would be more than 5 %."""


@dataclass(frozen=True, slots=True)
class FrameWindow:
    """Counter readings of one connection, (t_ns, frames ok, frames bad), at most one a second, oldest first."""

    seen: tuple[tuple[int, int, int], ...] = ()

    def add(self, t_ns: int, ok: int, bad: int) -> "FrameWindow":
        """Return the window with the counters as they stand now; counters that went back begin anew."""
        seen = self.seen
        if seen and (ok < seen[-1][1] or bad < seen[-1][2]):
            seen = ()
        if seen and t_ns - seen[-1][0] < STEP_NS:
            return self
        # One reading from before the window stays, so that the window is whole.
        later = [index for index, (at, _, _) in enumerate(seen) if t_ns - at <= WINDOW_NS]
        first = max(0, (later[0] if later else len(seen)) - 1)
        return replace(self, seen=(*seen[first:], (t_ns, ok, bad)))

    @property
    def share(self) -> float | None:
        """Bad frames among all of the last 30 s; None before 30 s have passed, or with hardly any frames."""
        if len(self.seen) < 2 or self.seen[-1][0] - self.seen[0][0] < WINDOW_NS:
            return None
        first, last = self.seen[0], self.seen[-1]
        ok, bad = last[1] - first[1], last[2] - first[2]
        return bad / (ok + bad) if ok + bad >= FRAMES_MIN else None
