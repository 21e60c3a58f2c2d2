"""What the services want of the world outside and do not know how it is done: implemented in ``ui``, wired by ``cli``."""

from pathlib import Path
from typing import Protocol

from monitor_app.services.bedside.publication import SoundBurst


class Sounder(Protocol):
    """Plays alarm bursts. May be called from any thread; never blocks."""

    def play(self, burst: SoundBurst) -> None:
        """Begin this burst now, cutting off one that still sounds."""
        ...

    def silence(self) -> None:
        """Fall silent at once."""
        ...

    @property
    def trouble(self) -> str:
        """Why no sound can be heard, in words; empty while all is well."""
        ...

    @property
    def moved(self) -> str:
        """Where the sound goes now, in words, since the output changed by itself; empty once that is accepted."""
        ...

    def accept_output(self) -> None:
        """Somebody knows where the sound goes now."""
        ...


class PictureTaker(Protocol):
    """Draws the window as it would stand now."""

    def take(self, path: Path) -> None:
        """Write a PNG of the whole window, 1920x1080."""
        ...


class RecordingSounder:
    """Plays nothing and remembers everything: for headless runs and tests."""

    def __init__(self) -> None:
        self.bursts: list[SoundBurst] = []
        self.trouble = ""
        self.moved = ""

    def play(self, burst: SoundBurst) -> None:
        """Remember the burst."""
        self.bursts.append(burst)

    def silence(self) -> None:
        """Nothing sounds."""

    def accept_output(self) -> None:
        """Take the output in use for the right one."""
        self.moved = ""
