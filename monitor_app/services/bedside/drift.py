"""How fast a device's sample counter runs against the host's clock.

Transport only ever delays, so the least lateness in a stretch of time lies on a line whose slope is the drift: a clock
that is off, or samples that get lost without being counted. The slope is the median of the slopes between all pairs of
stretches, which a few bad ones (a stalled computer, a reconnection) cannot move.
"""

from collections import deque
from itertools import combinations
from statistics import median

from devices.clock import NS_PER_S

STRETCH_NS = 16 * NS_PER_S
"""Long enough for a packet a second to come through undelayed a few times."""
STRETCHES = 16
"""Four minutes: room temperature moves a crystal more slowly than that."""
ENOUGH = 4
"""Before so many stretches nothing is said: a minute of following without foresight costs a few milliseconds."""
MOST = 0.01
"""A slope beyond this is no drift but another rate than the nominal one (an emulator played faster)."""


class DriftEstimate:
    """The drift of one wave. ``share``: host time that passes beyond the nominal, as a share; 0 while unknown."""

    def __init__(self) -> None:
        self.share = 0.0
        self.known = False
        self._least: deque[tuple[int, int]] = deque(maxlen=STRETCHES)
        self._stretch: tuple[int, int, int] | None = (
            None  # its begin, and where and how late the least late was
        )

    def heard(self, late_ns: int, arrived_t_ns: int) -> None:
        """Take a chunk that came ``late_ns`` after its nominal place by the counter."""
        if self._stretch is None:
            self._stretch = (arrived_t_ns, arrived_t_ns, late_ns)
            return
        begun, at, least = self._stretch
        if late_ns <= least:
            at, least = arrived_t_ns, late_ns
            self._stretch = (begun, at, least)
        if arrived_t_ns - begun >= STRETCH_NS:
            self._stretch = None
            self._least.append((at, least))
            self._estimate()

    def forget(self) -> None:
        """Begin anew after a loss whose length only the clock tells; the drift found so far stays in use."""
        self._least.clear()
        self._stretch = None

    def _estimate(self) -> None:
        if len(self._least) < ENOUGH:
            return
        slopes = [(b - a) / (tb - ta) for (ta, a), (tb, b) in combinations(self._least, 2) if tb > ta]
        slope = median(slopes)  # to the time that passed, of which the drift is a part
        share = slope / (1 - slope) if abs(slope) <= MOST else slope
        self.known = abs(share) <= MOST
        self.share = share if self.known else 0.0
