"""In which order a port is searched: which line settings, and which families may be found at each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from devices.drivers.base import Driver, DriverInfo, SerialSettings

LISTEN_S = 1.5
"""Longer than the normal silence of any family that sends each second (protocols.md §11: 1.1 s Masimo)."""
BRIEF_LISTEN_S = 0.5
"""At further settings of a port that has been silent so far: a monitor that sends is heard at any speed, if as noise."""
FRAMES_NEEDED = 3
SLOW_FRAMES_NEEDED = 2
"""Several valid frames make a monitor, one is chance; of a family that sends once a second or less often, two."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One setting of the line, and the drivers whose monitors may be met with it."""

    line: SerialSettings
    drivers: tuple[Driver, ...]

    @property
    def listen_s(self) -> float:
        """How long to listen here: two of the slowest family's frames and a little more."""
        unasked = [driver.info.expected_interval_s for driver in self.drivers if speaks_unasked(driver.info)]
        return max([LISTEN_S, *(2.2 * interval_s for interval_s in unasked)])


def speaks_unasked(info: DriverInfo) -> bool:
    """Whether a family's own interval is worth waiting for: it sends once in three seconds or more often."""
    return info.expected_interval_s <= 3.0


def frames_needed(info: DriverInfo) -> int:
    """Return how many valid frames make it certain that this family speaks."""
    return SLOW_FRAMES_NEEDED if info.expected_interval_s >= 1.0 else FRAMES_NEEDED


def lines_of(info: DriverInfo) -> tuple[SerialSettings, ...]:
    """Return the line settings a family is met with, likeliest first."""
    return (info.serial, *(line for line in info.other_serial if line != info.serial))


def turns(drivers: Sequence[Driver], *, line_matters: bool = True) -> tuple[Turn, ...]:
    """Return what to try, likeliest first: every family's usual setting before any family's rarer one.

    Where speed and parity mean nothing (a network address, a pseudo-terminal) everything is one turn.
    """
    if not line_matters:
        return (Turn(drivers[0].info.serial, tuple(drivers)),) if drivers else ()
    found: dict[SerialSettings, list[Driver]] = {}
    ranks: dict[SerialSettings, int] = {}
    for driver in drivers:
        for rank, line in enumerate(lines_of(driver.info)):
            found.setdefault(line, []).append(driver)
            ranks[line] = min(rank, ranks.get(line, rank))
    order = sorted(found, key=lambda line: (ranks[line] > 0, -len(found[line]), ranks[line]))
    return tuple(Turn(line, tuple(found[line])) for line in order)


def questions(turn: Turn, ask: Collection[str], now_ns: int) -> tuple[Driver, ...]:
    """Return the drivers of a turn that may ask and have something to ask."""
    return tuple(driver for driver in turn.drivers if driver.info.id in ask and driver.probe(now_ns))
