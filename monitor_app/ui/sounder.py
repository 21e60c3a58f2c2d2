"""Plays alarm bursts through the computer's sound outputs, and says when nobody could hear them.

Every way in which the output can be missing becomes words that the bedside turns into a technical alarm (clinical.md TE-14,
libraries.md §8). A HIGH alarm nobody answers is played on a second output too, where one is chosen (clinical.md §5.4).
"""

import logging
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication

from monitor_app.core.sound_output import NO_OUTPUT, PlayedOn, SoundOutput
from monitor_app.services.bedside.publication import SoundBurst
from monitor_app.ui.first_player import FirstPlayer
from monitor_app.ui.second_player import SecondPlayer
from monitor_app.ui.sound_bank import INFORMATION, SoundBank
from monitor_app.ui.sound_outputs import Outputs, QtOutputs

_CLOSE_WAIT_MS = 2000

_log = logging.getLogger(__name__)


class QtSounder:
    """``services.ports.Sounder`` on QtMultimedia. Every method but ``close`` may be called from any thread.

    Each output has a thread of its own: a slow one never holds up alarms, the screen or the other.
    """

    def __init__(
        self, make_outputs: Callable[[], Outputs] = QtOutputs, make_bank: Callable[[], SoundBank] = SoundBank
    ) -> None:
        self._second_output = NO_OUTPUT
        self._second = SecondPlayer()
        self._player = FirstPlayer(make_outputs, make_bank, self._second)
        self._threads = [self._second.start("second alarm sound"), self._player.start("alarm sound")]

    def play(self, burst: SoundBurst) -> None:
        """See ``Sounder``."""
        if burst.played_on is not PlayedOn.SECOND:
            self._player.post(partial(self._player.play, burst))
        if burst.played_on is not PlayedOn.FIRST:
            self._play_second(burst)
        elif burst.urgency not in INFORMATION:
            self.silence_second()

    def silence(self) -> None:
        """See ``Sounder``."""
        self._player.post(self._player.silence)
        self.silence_second()

    def silence_second(self) -> None:
        """See ``Sounder``."""
        if self._second_output.chosen:
            self._second.post(self._second.silence)

    def ask(self) -> None:
        """See ``Sounder``."""
        self._player.ask()
        self._second.ask()

    @property
    def trouble(self) -> str:
        """See ``Sounder``."""
        return self._player.trouble

    @property
    def moved(self) -> str:
        """See ``Sounder``."""
        return self._player.moved

    def accept_output(self) -> None:
        """See ``Sounder``."""
        self._player.post(self._player.accept)

    def use_second(self, output: SoundOutput) -> None:
        """See ``Sounder``."""
        self._second_output = output
        self._second.post(partial(self._second.use, output))

    @property
    def second(self) -> SoundOutput:
        """See ``Sounder``."""
        return self._second_output

    @property
    def second_trouble(self) -> str:
        """See ``Sounder``."""
        return self._second.trouble

    @property
    def other_outputs(self) -> tuple[SoundOutput, ...]:
        """See ``Sounder``."""
        return self._player.others

    def close(self) -> bool:
        """Stop sounding and end the threads; True when they ended in time. Harmless twice."""
        self.silence()
        for thread in self._threads:
            thread.quit()
        left = [thread for thread in self._threads if not thread.wait(_CLOSE_WAIT_MS)]
        for thread in left:
            _log.error("the sound output did not let go; the program goes on without it")
            # Qt ends the whole program with a thread that is destroyed while it runs: it lasts as long as the program.
            thread.setParent(QCoreApplication.instance())
        return not left

    def _play_second(self, burst: SoundBurst) -> None:
        sound = self._player.sound(burst)
        if sound is not None and self._second_output.chosen:
            self._second.post(partial(self._second.play, sound))
