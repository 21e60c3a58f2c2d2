"""The second sound output: plays a HIGH alarm nobody answers, where the people are who could (clinical.md §5.4).

It has a thread of its own: a wireless loudspeaker that is slow to answer must not hold up the first output.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QByteArray

from monitor_app.core.sound_output import NO_OUTPUT, SoundOutput
from monitor_app.ui.own_thread import OwnThread
from monitor_app.ui.sound_outputs import Device, Outputs, output_of
from monitor_app.ui.voice import Voice


@dataclass(frozen=True, slots=True)
class Present:
    """What the computer has: ``first`` is the output alarms sound on."""

    outputs: Outputs
    devices: Sequence[Device]
    first: SoundOutput


class SecondPlayer(OwnThread):
    """Owns the second output. Its methods are for its own thread; others ask by ``post``."""

    def __init__(self) -> None:
        super().__init__()
        self._chosen = NO_OUTPUT
        self._present: Present | None = None
        self._voice: Voice | None = None

    @property
    def trouble(self) -> str:
        """See ``Sounder.second_trouble``."""
        voice, chosen = self._voice, self._chosen
        if chosen.chosen and self.hangs:
            return f"{chosen.name} does not answer"
        return "" if voice is None else voice.trouble

    def begin(self) -> None:
        """Be ready to open an output."""
        self._voice = Voice("")

    def end(self) -> None:
        """Let the output go, in the thread that opened it."""
        if self._voice is not None:
            self._voice.end()
        self._voice = self._present = None

    def know(self, present: Present) -> None:
        """Take what the computer has now."""
        self._present = present
        self._choose()

    def use(self, output: SoundOutput) -> None:
        """Take this output from now on; none where it is ``NO_OUTPUT``."""
        self._chosen = output
        self._choose()

    def play(self, sound: QByteArray) -> None:
        """Begin this; an output that failed is opened anew first."""
        if self._voice is None:
            return
        if self._voice.failed:
            self._choose()
        self._voice.begin(sound)

    def silence(self) -> None:
        """Stop what sounds."""
        if self._voice is not None:
            self._voice.silence()

    def _choose(self) -> None:
        voice, present, chosen = self._voice, self._present, self._chosen
        if voice is None:
            return
        if not chosen.chosen:
            voice.go_without("")
        elif present is not None:
            self._open(voice, present)

    def _open(self, voice: Voice, present: Present) -> None:
        chosen = self._chosen
        if chosen.key == present.first.key:  # two bursts on one loudspeaker would be no second one
            voice.go_without(f"{chosen.name} is the output on which every alarm sounds")
            return
        device = next((d for d in present.devices if output_of(d).key == chosen.key), None)
        if device is None:
            voice.go_without(f"{chosen.name} is not connected")
        elif voice.failed or not voice.plays_on(chosen):
            voice.take(present.outputs, device)
