"""A sound output of the computer as it is chosen and remembered, and on which of two a burst is played."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class SoundOutput:
    """One output. ``key``: what the system calls it, the same after a restart; ``name``: what people call it.

    Both empty: none.
    """

    key: str = ""
    name: str = ""

    @property
    def chosen(self) -> bool:
        """Whether this is an output at all."""
        return bool(self.key)


NO_OUTPUT = SoundOutput()


class PlayedOn(Enum):
    """Where a burst is heard (clinical.md §5.4: the second output is for a HIGH alarm nobody answers)."""

    FIRST = "first"
    BOTH = "both"
    SECOND = "second"  # a test of it, asked for by a person
