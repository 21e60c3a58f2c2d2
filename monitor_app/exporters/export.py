"""What an exporter is: a record and options in, named files out, the same bytes every time.

No exporter asks the clock, the locale or the machine anything: what it writes follows from the record and the options.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from monitor_app.core.record import SessionRecord

INTENDED_USE = (
    "Chairside is a documentation, secondary-display and training companion. It does not control the infusion pump, "
    "does not replace the primary monitor's alarms, and is not a cleared medical device."
)
"""Stands on every export (clinical.md §0)."""

SIMULATED_MARK = "SIMULATED – NOT A PATIENT"
"""Stands on everything simulated or replayed; there is no way to leave it out (clinical.md §0)."""


class Profile(Enum):
    """How much of a person's identity an export carries (clinical.md §15.3)."""

    IDENTIFIED = "identified"
    PSEUDONYMOUS = "pseudonymous"
    SHIFT = "shift"  # every wall time moved by one offset per patient, free text and names dropped
    RELATIVE = "relative"  # no wall time at all, free text and names dropped

    @property
    def deidentified(self) -> bool:
        """Whether everything that could lead to a person is taken out."""
        return self in {Profile.SHIFT, Profile.RELATIVE}


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """``time_zone`` is an IANA name. ``secret`` (kept by the clinic) turns keys into new ones and dates the shift."""

    software: str
    profile: Profile = Profile.PSEUDONYMOUS
    time_zone: str = "UTC"
    with_waves: bool = False
    secret: bytes = b""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file of an export: ``name`` is relative, with ``/``; ``chunks`` are its bytes, made as they are taken."""

    name: str
    chunks: Iterable[bytes]


Writer: TypeAlias = Callable[[SessionRecord, ExportOptions], Iterator[ExportFile]]


def whole(name: str, text: str) -> ExportFile:
    """Return a file from its whole text, in UTF-8."""
    return ExportFile(name, (text.encode(),))
