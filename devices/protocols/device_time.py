"""A device's own clock as POSIX seconds: a tag on a reading, never a measure (protocols.md §11)."""

import calendar
from dataclasses import dataclass

from devices.clock import SEEDED_START_UTC


@dataclass(frozen=True, slots=True)
class CivilTime:
    """What a device's clock shows. It says no time zone."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int

    @property
    def valid(self) -> bool:
        """Whether there is such a day and time."""
        if not (1970 <= self.year <= 2199 and 1 <= self.month <= 12):
            return False
        days = calendar.monthrange(self.year, self.month)[1]
        return (
            1 <= self.day <= days
            and 0 <= self.hour <= 23
            and 0 <= self.minute <= 59
            and 0 <= self.second <= 59
        )

    @property
    def posix_s(self) -> float:
        """POSIX seconds, the clock read as UTC. Only of a valid time."""
        return float(
            calendar.timegm((self.year, self.month, self.day, self.hour, self.minute, self.second, 0, 1, 0))
        )

    def __str__(self) -> str:
        return (
            f"{self.year:04}-{self.month:02}-{self.day:02}T{self.hour:02}:{self.minute:02}:{self.second:02}"
        )


def civil_time(posix_s: float) -> CivilTime:
    """Return what a clock set to UTC shows at this instant."""
    days, second_of_day = divmod(int(posix_s), 86400)
    year, day_of_year = 1970, days
    while day_of_year >= (length := 366 if calendar.isleap(year) else 365):
        year, day_of_year = year + 1, day_of_year - length
    month = 1
    while day_of_year >= (length := calendar.monthrange(year, month)[1]):
        month, day_of_year = month + 1, day_of_year - length
    hour, rest = divmod(second_of_day, 3600)
    return CivilTime(year, month, day_of_year + 1, hour, *divmod(rest, 60))


SEEDED_START_S = SEEDED_START_UTC.timestamp()
"""What the clock of an emulated monitor shows at patient time 0 (design.md §5), so that the same seed gives the same bytes."""
