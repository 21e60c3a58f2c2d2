"""The only source of time.

Intervals are measured on the monotonic scale (``monotonic_ns``); wall time (``wall_utc``) is recorded beside it and
never used to measure. Everything that waits, waits on a clock it was given.
"""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000

SEEDED_START_UTC = datetime(2026, 1, 5, 8, 0, 0, tzinfo=UTC)
"""Wall time at which every seeded run begins, so that the same seed gives the same bytes (design §5)."""


class Clock(Protocol):
    """What the program may ask about time. Safe to call from any thread."""

    def monotonic_ns(self) -> int:
        """Nanoseconds on a scale that never goes back; its zero means nothing."""
        ...

    def wall_utc(self) -> datetime:
        """Wall time, aware, in UTC. It may jump when somebody sets the computer's clock."""
        ...

    def sleep_until(self, monotonic_ns: int) -> None:
        """Return once ``monotonic_ns()`` has reached the given instant (at once if it has passed)."""
        ...


class SystemClock:
    """The computer's own clocks."""

    def monotonic_ns(self) -> int:
        """See ``Clock``."""
        return time.monotonic_ns()

    def wall_utc(self) -> datetime:
        """See ``Clock``."""
        return datetime.now(UTC)

    def sleep_until(self, monotonic_ns: int) -> None:
        """See ``Clock``."""
        remaining_ns = monotonic_ns - time.monotonic_ns()
        if remaining_ns > 0:
            time.sleep(remaining_ns / NS_PER_S)


class ManualClock:
    """A clock that moves only when told: for tests and for runs faster than real time.

    ``sleep_until`` advances the clock itself, so a single-threaded run never waits.
    """

    def __init__(self, start_utc: datetime = SEEDED_START_UTC, start_ns: int = 0) -> None:
        self._lock = threading.Lock()
        self._ns = start_ns
        self._wall_offset = start_utc - timedelta(microseconds=start_ns / 1000)

    def monotonic_ns(self) -> int:
        """See ``Clock``."""
        return self._ns

    def wall_utc(self) -> datetime:
        """See ``Clock``."""
        return self._wall_offset + timedelta(microseconds=self._ns / 1000)

    def sleep_until(self, monotonic_ns: int) -> None:
        """See ``Clock``."""
        with self._lock:
            self._ns = max(self._ns, monotonic_ns)

    def advance_s(self, seconds: float) -> None:
        """Move the monotonic scale (and the wall with it) forward."""
        if seconds < 0:
            raise ValueError("a monotonic clock cannot go back")
        self.sleep_until(self._ns + round(seconds * NS_PER_S))

    def set_wall_utc(self, wall_utc: datetime) -> None:
        """Jump the wall clock, leaving the monotonic scale alone: what a person setting the time does."""
        with self._lock:
            self._wall_offset = wall_utc - timedelta(microseconds=self._ns / 1000)


class ScaledClock:
    """Real time multiplied: a training run at 5x, drift-free from one fixed start."""

    def __init__(self, speed: float, base: Clock | None = None) -> None:
        if speed <= 0:
            raise ValueError("speed must be above 0")
        self._speed = speed
        self._base = base or SystemClock()
        self._start_ns = self._base.monotonic_ns()
        self._start_wall = self._base.wall_utc()

    def monotonic_ns(self) -> int:
        """See ``Clock``."""
        return self._start_ns + round((self._base.monotonic_ns() - self._start_ns) * self._speed)

    def wall_utc(self) -> datetime:
        """See ``Clock``."""
        return self._start_wall + timedelta(microseconds=(self.monotonic_ns() - self._start_ns) / 1000)

    def sleep_until(self, monotonic_ns: int) -> None:
        """See ``Clock``."""
        self._base.sleep_until(self._start_ns + round((monotonic_ns - self._start_ns) / self._speed))
