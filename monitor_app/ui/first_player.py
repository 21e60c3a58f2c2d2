"""The first sound output, on which everything is heard: an alarm cuts off what sounds, and a lost output becomes words."""

import logging
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QByteArray

from monitor_app.core.sound_output import NO_OUTPUT, SoundOutput
from monitor_app.core.stamp import NS_PER_S
from monitor_app.services.bedside.publication import SoundBurst
from monitor_app.ui.own_thread import OwnThread
from monitor_app.ui.second_player import Present, SecondPlayer
from monitor_app.ui.sound_bank import INFORMATION, SoundBank, seconds_of
from monitor_app.ui.sound_outputs import Outputs, output_of
from monitor_app.ui.voice import Voice

MUTED = "the sound output is muted"
NOT_OPENED = "the sound output has not been opened yet"
HANGS = "the sound output does not answer"

_log = logging.getLogger(__name__)


class FirstPlayer(OwnThread):
    """Owns the first output: one voice, a new alarm cuts off what sounds before it.

    Its methods are for its own thread; others ask by ``post``. ``second`` is told what outputs there are when that changes.
    """

    def __init__(
        self,
        make_outputs: Callable[[], Outputs],
        make_bank: Callable[[], SoundBank],
        second: SecondPlayer,
    ) -> None:
        super().__init__()
        self._make_outputs = make_outputs
        self._make_bank = make_bank
        self._second = second
        self.moved = ""
        self.others: tuple[SoundOutput, ...] = ()
        self._accepted = NO_OUTPUT
        self._bank: SoundBank | None = None
        self._rank = 0
        self._end_t_ns = 0
        self._outputs: Outputs | None = None
        self._voice: Voice | None = None

    @property
    def trouble(self) -> str:
        """See ``Sounder``."""
        if self.hangs:
            return HANGS
        voice = self._voice
        return NOT_OPENED if voice is None else voice.trouble

    def sound(self, burst: SoundBurst) -> QByteArray | None:
        """Return what a burst sounds like; None before the sounds are made, and where there is none. From any thread."""
        return None if self._bank is None else self._bank.of(burst)

    def begin(self) -> None:
        """Open the default output and watch for changes; what is asked meanwhile waits in the thread's queue."""
        self._voice = Voice(NOT_OPENED, named="the sound output {}".format, muted=MUTED)
        self._bank = self._make_bank()  # first: an output without sounds is none
        self._outputs = self._make_outputs()
        self._outputs.changed.connect(self._choose_output)
        self._choose_output()

    def end(self) -> None:
        """Let the output go, in the thread that opened it."""
        if self._voice is not None:
            self._voice.end()
        self._outputs = self._voice = None

    def _choose_output(self) -> None:
        if self._outputs is None or self._voice is None:
            return
        device = self._outputs.default()
        first = output_of(device)
        if self._voice.failed or not self._voice.plays_on(first):
            self._forget_sounding()
            if device.isNull():
                self._voice.go_without("this computer has no sound output")
            else:
                self._voice.take(self._outputs, device)
                self._compare()
        devices = tuple(self._outputs.available())
        self.others = tuple(o for o in map(output_of, devices) if o.chosen and o.key != first.key)
        self._second.post(partial(self._second.know, Present(self._outputs, devices, first)))

    def _compare(self) -> None:
        """Say when sound goes elsewhere than where somebody last heard it: it may be at the patient's ear."""
        if self._voice is None or not self._voice.is_open:
            return
        now = self._voice.output
        before = self._accepted = self._accepted if self._accepted.chosen else now
        self.moved = "" if now.key == before.key else f"moved from {before.name} to {now.name}"

    def accept(self) -> None:
        """Take the output in use for the right one."""
        if self._voice is not None and self._voice.is_open:
            self._accepted = self._voice.output
            self.moved = ""

    def play(self, burst: SoundBurst) -> None:
        """Begin this, unless something more important sounds."""
        sound = self.sound(burst)
        if sound is None:
            _log.error("there is no sound for urgency %s", burst.urgency)
        elif self._may_begin(burst):
            self._begin(burst, sound)

    def _may_begin(self, burst: SoundBurst) -> bool:
        """Whether it may sound now; an output that failed is opened anew first: the next alarm may be heard again.

        What is no alarm cuts off nothing more important than itself, and does not try a failed output each second.
        """
        if self._voice is None:
            return False
        if burst.urgency in INFORMATION:
            quiet = not (
                self._voice.sounds or burst.t_ns < self._end_t_ns
            )  # the output buffers a sound's end
            return not self._voice.failed and (_rank(burst) >= self._rank or quiet)
        if self._voice.failed:
            self._voice.go_without(self._voice.trouble)
            self._choose_output()
        return self._voice.is_open

    def _begin(self, burst: SoundBurst, sound: QByteArray) -> None:
        assert self._voice is not None
        self._rank, self._end_t_ns = _rank(burst), burst.t_ns + round(seconds_of(sound) * NS_PER_S)
        self._voice.begin(sound)

    def silence(self) -> None:
        """Stop what sounds."""
        self._forget_sounding()
        if self._voice is not None:
            self._voice.silence()

    def _forget_sounding(self) -> None:
        self._rank = self._end_t_ns = 0


def _rank(burst: SoundBurst) -> int:
    """What may cut off what: an alarm, a reminder and the self-test everything; the chime the pulse tone."""
    return INFORMATION.index(burst.urgency) if burst.urgency in INFORMATION else len(INFORMATION)
