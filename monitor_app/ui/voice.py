"""One sound output from when it is opened until it is let go, and in words why nothing can be heard on it.

Qt plays into a missing output in silence; so the output is watched, and every way in which it can be missing becomes words.
What Qt cannot know, a loudspeaker turned down by hand or muted in the operating system, only the self-test tells
(clinical.md §5.3).
"""

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QTimer
from PySide6.QtMultimedia import QtAudio

from monitor_app.core.sound_output import NO_OUTPUT, SoundOutput
from monitor_app.ui.sound_outputs import Device, Outputs, Sink, alarm_format, output_of

WATCH_EVERY_MS = 1000
"""How often the output is asked for its volume: a mixer that mutes it sends no signal."""
_FAILURES = frozenset({QtAudio.Error.OpenError, QtAudio.Error.IOError, QtAudio.Error.FatalError})


class Voice(QObject):
    """Plays on one output, one sound at a time. Belongs to the thread it is made in; ``trouble`` may be read by any.

    ``named`` makes of an output's name what it is called in ``trouble``; ``muted`` says that it is muted.
    """

    def __init__(self, trouble: str, *, named: Callable[[str], str] = str, muted: str = "") -> None:
        super().__init__()
        self.trouble = trouble
        self.output = NO_OUTPUT
        self._named = named
        self._muted = muted
        self._muted_now = ""
        self._sink: Sink | None = None
        self._buffer = QBuffer(self)
        self._watch = QTimer(self)
        self._watch.timeout.connect(self._look)
        self._watch.start(WATCH_EVERY_MS)

    @property
    def is_open(self) -> bool:
        """Whether there is an output, whatever may be wrong with it."""
        return self._sink is not None

    @property
    def failed(self) -> bool:
        """Whether it is to be opened anew before anything can be heard."""
        return self._sink is None or self._sink.error() in _FAILURES

    @property
    def sounds(self) -> bool:
        """Whether the output plays, by its own word."""
        return self._sink is not None and self._sink.state() == QtAudio.State.ActiveState

    def plays_on(self, output: SoundOutput) -> bool:
        """Whether this is the output that is open."""
        return self.is_open and output.key == self.output.key

    def take(self, outputs: Outputs, device: Device) -> None:
        """Open this device in place of the one before."""
        self.go_without(self.trouble)
        output, form = output_of(device), alarm_format()
        if not device.isFormatSupported(form):
            self.trouble = f"{self._named(output.name)} cannot play the alarm sounds"
            return
        self.output = output
        self._muted_now = self._muted or f"{self._named(output.name)} is muted"
        self._sink = outputs.sink(device, form)
        self._sink.stateChanged.connect(self._look)
        self.trouble = ""

    def go_without(self, trouble: str) -> None:
        """Let the output go; ``trouble`` says why, and is empty where none is wanted."""
        self.silence()
        self._sink, self.output = None, NO_OUTPUT
        self.trouble = trouble

    def begin(self, sound: QByteArray) -> None:
        """Play this, cutting off what sounds; nothing where no output is open."""
        if self._sink is None:
            return
        self._sink.stop()
        self._buffer.close()
        self._buffer.setData(sound)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._sink.start(self._buffer)
        self._look()

    def silence(self) -> None:
        """Stop what sounds."""
        if self._sink is not None:
            self._sink.stop()

    def end(self) -> None:
        """Let the output go for good, in the thread that opened it."""
        self._watch.stop()
        self.go_without(self.trouble)

    def _look(self) -> None:
        if self._sink is None:
            return
        if self._sink.error() in _FAILURES:
            self.trouble = f"{self._named(self.output.name)} failed"
        elif self._sink.volume() <= 0:
            self.trouble = self._muted_now
        elif self.sounds or self.trouble == self._muted_now:
            self.trouble = ""
