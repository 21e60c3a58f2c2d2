"""When something happened, on the visit's own axis and on the wall."""

from dataclasses import dataclass

NS_PER_S = 1_000_000_000


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """An instant of the session.

    ``t_ns``: nanoseconds since the session began, on the monotonic clock, never going back (after a restart the
    wall-clock gap is put in). ``utc_ms``: POSIX milliseconds, recorded beside it, never used to measure.
    """

    t_ns: int
    utc_ms: int

    @property
    def t_s(self) -> float:
        """Seconds since the session began."""
        return self.t_ns / NS_PER_S


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, by typed name and role; roles: nurse, prescriber, clinical lead, trainer, auditor, admin."""

    name: str = ""
    role: str = "nurse"


SYSTEM = Actor("Chairside", "system")
