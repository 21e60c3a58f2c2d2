"""What the services want of the world outside and do not know how it is done: implemented in ``ui``, wired by ``cli``."""

from pathlib import Path
from typing import Protocol

from monitor_app.core.sound_output import NO_OUTPUT, PlayedOn, SoundOutput
from monitor_app.services.bedside.publication import SoundBurst


class Sounder(Protocol):
    """Plays alarm bursts. May be called from any thread; never blocks."""

    def play(self, burst: SoundBurst) -> None:
        """Begin this burst now on the outputs it is for, cutting off one that still sounds there."""
        ...

    def silence(self) -> None:
        """Fall silent at once, everywhere."""
        ...

    def silence_second(self) -> None:
        """Fall silent at once on the second output; on the first what sounds goes on."""
        ...

    def ask(self) -> None:
        """See whether each output still does what it is told; to be called once a second, by one thread."""
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

    def use_second(self, output: SoundOutput) -> None:
        """Take this output for HIGH alarms nobody answers; ``NO_OUTPUT``: none any more."""
        ...

    @property
    def second(self) -> SoundOutput:
        """The second output chosen, whether it is there or not."""
        ...

    @property
    def second_trouble(self) -> str:
        """Why nothing can be heard on the second output, in words; empty while all is well, and where there is none."""
        ...

    @property
    def other_outputs(self) -> tuple[SoundOutput, ...]:
        """What the computer has beside the output alarms sound on."""
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
        self.second = NO_OUTPUT
        self.second_trouble = ""
        self.other_outputs: tuple[SoundOutput, ...] = ()
        self.second_sounds: SoundBurst | None = None

    def play(self, burst: SoundBurst) -> None:
        """Remember the burst, and whether it is what would be heard on the second output now."""
        self.bursts.append(burst)
        self.second_sounds = burst if burst.played_on is not PlayedOn.FIRST else None

    def ask(self) -> None:
        """Everything answers."""

    def silence(self) -> None:
        """Nothing sounds."""
        self.second_sounds = None

    def silence_second(self) -> None:
        """Nothing sounds on the second output."""
        self.second_sounds = None

    def use_second(self, output: SoundOutput) -> None:
        """Remember which it is."""
        self.second = output

    def accept_output(self) -> None:
        """Take the output in use for the right one."""
        self.moved = ""
