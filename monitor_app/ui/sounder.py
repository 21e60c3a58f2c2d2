"""Plays alarm bursts through the computer's sound output, and says when nobody could hear them.

Qt plays into a missing output in silence; so the output is watched, and every way in which it can be missing becomes
words that the bedside turns into a technical alarm (clinical.md TE-14, libraries.md §8). What Qt cannot know, a loudspeaker
turned down by hand or muted in the operating system, only the self-test tells (clinical.md §5.3).
"""

import logging
from collections.abc import Callable
from queue import SimpleQueue
from typing import Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QThread, QTimer, Signal, SignalInstance
from PySide6.QtMultimedia import QAudioDevice, QAudioFormat, QAudioSink, QMediaDevices, QtAudio

from monitor_app.core.stamp import NS_PER_S
from monitor_app.processing import tones
from monitor_app.services.bedside.publication import SoundBurst
from monitor_app.ui.sound_bank import INFORMATION, SoundBank, seconds_of

WATCH_EVERY_MS = 1000
"""How often the output is asked for its volume: a mixer that mutes it sends no signal."""
MUTED = "the sound output is muted"
_CLOSE_WAIT_MS = 2000
_FAILURES = frozenset({QtAudio.Error.OpenError, QtAudio.Error.IOError, QtAudio.Error.FatalError})

_log = logging.getLogger(__name__)


class Device(Protocol):
    """What the sounder asks of a ``QAudioDevice``."""

    def isNull(self) -> bool: ...  # noqa: D102 - as in Qt, here and below

    def id(self) -> object: ...  # noqa: D102

    def description(self) -> str: ...  # noqa: D102

    def isFormatSupported(self, settings: QAudioFormat, /) -> bool: ...  # noqa: D102


class Sink(Protocol):
    """What the sounder asks of a ``QAudioSink``."""

    @property
    def stateChanged(self) -> SignalInstance: ...  # noqa: D102

    def start(self, device: QBuffer, /) -> None: ...  # noqa: D102

    def stop(self) -> None: ...  # noqa: D102

    def error(self) -> QtAudio.Error: ...  # noqa: D102

    def state(self) -> QtAudio.State: ...  # noqa: D102

    def volume(self) -> float: ...  # noqa: D102


class Outputs(Protocol):
    """The computer's sound outputs. Used in the sounder's thread."""

    @property
    def changed(self) -> SignalInstance:
        """A device came, went, or another became the default."""
        ...

    def default(self) -> Device:
        """The device sound goes to now; a null one where there is none."""
        ...

    def sink(self, device: Device, form: QAudioFormat, /) -> Sink:
        """A way to play on it."""
        ...


class QtOutputs:
    """``Outputs`` as Qt sees them."""

    def __init__(self) -> None:
        self._devices = QMediaDevices()

    @property
    def changed(self) -> SignalInstance:
        """See ``Outputs``."""
        return self._devices.audioOutputsChanged

    def default(self) -> QAudioDevice:
        """See ``Outputs``."""
        return QMediaDevices.defaultAudioOutput()

    def sink(self, device: Device, form: QAudioFormat, /) -> Sink:
        """See ``Outputs``."""
        assert isinstance(device, QAudioDevice)
        return QAudioSink(device, form)


class _Player(QObject):
    """Owns the output. Lives in the sounder's thread; one voice, a new alarm cuts off what sounds before it.

    ``waiting``: what is asked to be played, put there by any thread; ``play_next`` takes one.
    """

    def __init__(self, make_outputs: Callable[[], Outputs], make_bank: Callable[[], SoundBank]) -> None:
        super().__init__()
        self._make_bank = make_bank
        self.waiting: SimpleQueue[SoundBurst] = SimpleQueue()
        self.trouble = "the sound output has not been opened yet"
        self.moved = ""
        self._accepted: tuple[object, str] | None = None
        self._watch: QTimer | None = None
        self._make_outputs = make_outputs
        self._bank: SoundBank | None = None
        self._rank = 0
        self._end_t_ns = 0
        self._outputs: Outputs | None = None
        self._device: Device = QAudioDevice()
        self._sink: Sink | None = None
        self._buffer: QBuffer | None = None

    def begin(self) -> None:
        """Open the default output and watch for changes; what is asked meanwhile waits in the thread's queue."""
        self._buffer = QBuffer()
        self._outputs = self._make_outputs()
        self._outputs.changed.connect(self._choose_output)
        self._choose_output()
        self._bank = self._make_bank()
        self._watch = QTimer()
        self._watch.timeout.connect(self._check)
        self._watch.start(WATCH_EVERY_MS)

    def end(self) -> None:
        """Let the output go, in the thread that opened it."""
        if self._watch is not None:
            self._watch.stop()
        self._let_go()
        self._outputs = self._buffer = self._watch = None

    def _let_go(self) -> None:
        self.silence()
        self._sink, self._device = None, QAudioDevice()

    def _choose_output(self) -> None:
        if self._outputs is None:
            return
        device, form = self._outputs.default(), _format()
        if self._sink is not None and device.id() == self._device.id():
            return
        self._let_go()
        if device.isNull():
            self.trouble = "this computer has no sound output"
        elif not device.isFormatSupported(form):
            self.trouble = f"the sound output {device.description()} cannot play the alarm sounds"
        else:
            self._device = device
            self._sink = self._outputs.sink(device, form)
            self._sink.stateChanged.connect(self._check)
            self.trouble = ""
            self._compare()

    def _compare(self) -> None:
        """Say when sound goes elsewhere than where somebody last heard it: it may be at the patient's ear."""
        now = self._device.id(), self._device.description()
        before = self._accepted = self._accepted or now
        self.moved = "" if now[0] == before[0] else f"moved from {before[1]} to {now[1]}"

    def accept(self) -> None:
        """Take the output in use for the right one."""
        if self._sink is not None:
            self._accepted = self._device.id(), self._device.description()
            self.moved = ""

    def _check(self) -> None:
        if self._sink is None:
            return
        if self._sink.error() in _FAILURES:
            self.trouble = f"the sound output {self._device.description()} failed"
        elif self._sink.volume() <= 0:
            self.trouble = MUTED
        elif self._sink.state() == QtAudio.State.ActiveState or self.trouble == MUTED:
            self.trouble = ""

    def play_next(self) -> None:
        """Begin what was asked for first."""
        burst = self.waiting.get_nowait()
        sound = None if self._bank is None else self._bank.of(burst)
        if sound is None:
            _log.error("there is no sound for urgency %s", burst.urgency)
        elif self._may_begin(burst):
            self._begin(burst, sound)

    def _may_begin(self, burst: SoundBurst) -> bool:
        """Whether it may sound now; an output that failed is opened anew first: the next alarm may be heard again.

        What is no alarm cuts off nothing more important than itself, and does not try a failed output each second.
        """
        failed = self._sink is None or self._sink.error() in _FAILURES
        if burst.urgency in INFORMATION:
            return not failed and (_rank(burst) >= self._rank or not self._sounds_at(burst.t_ns))
        if failed:
            self._let_go()
            self._choose_output()
        return self._sink is not None

    def _sounds_at(self, t_ns: int) -> bool:
        """Whether the last sound may still be heard: by the output's word, or by its length (the output buffers its end)."""
        active = self._sink is not None and self._sink.state() == QtAudio.State.ActiveState
        return active or t_ns < self._end_t_ns

    def _begin(self, burst: SoundBurst, sound: QByteArray) -> None:
        assert self._sink is not None
        assert self._buffer is not None
        self._rank, self._end_t_ns = _rank(burst), burst.t_ns + round(seconds_of(sound) * NS_PER_S)
        self._sink.stop()
        self._buffer.close()
        self._buffer.setData(sound)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._sink.start(self._buffer)
        self._check()

    def silence(self) -> None:
        """Stop what sounds."""
        self._rank = self._end_t_ns = 0
        if self._sink is not None:
            self._sink.stop()


class QtSounder(QObject):
    """``services.ports.Sounder`` on QtMultimedia. ``play`` and ``silence`` may be called from any thread.

    Signals: ``_asked``, ``_hushed`` and ``_agreed`` carry the calls into the sounder's own thread, so that a slow output
    never holds up alarms or the screen.
    """

    _asked = Signal()
    _hushed = Signal()
    _agreed = Signal()

    def __init__(
        self, make_outputs: Callable[[], Outputs] = QtOutputs, make_bank: Callable[[], SoundBank] = SoundBank
    ) -> None:
        super().__init__()
        self._player = _Player(make_outputs, make_bank)
        self._thread = QThread()
        self._thread.setObjectName("alarm sound")
        self._player.moveToThread(self._thread)
        self._thread.started.connect(self._player.begin)
        self._thread.finished.connect(self._player.end)
        self._asked.connect(self._player.play_next)
        self._hushed.connect(self._player.silence)
        self._agreed.connect(self._player.accept)
        self._thread.start(QThread.Priority.HighPriority)

    def play(self, burst: SoundBurst) -> None:
        """See ``Sounder``."""
        self._player.waiting.put(burst)
        self._asked.emit()

    def silence(self) -> None:
        """See ``Sounder``."""
        self._hushed.emit()

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
        self._agreed.emit()

    def close(self) -> bool:
        """Stop sounding and end the thread; True when it ended in time. Harmless twice."""
        self._hushed.emit()
        self._thread.quit()
        ended = self._thread.wait(_CLOSE_WAIT_MS)
        if not ended:
            _log.error("the sound output did not let go; the program ends without it")
        return ended


def _rank(burst: SoundBurst) -> int:
    """What may cut off what: an alarm, a reminder and the self-test everything; the chime the pulse tone."""
    return INFORMATION.index(burst.urgency) if burst.urgency in INFORMATION else len(INFORMATION)


def _format() -> QAudioFormat:
    form = QAudioFormat()
    form.setSampleRate(tones.DEFAULT_RATE_HZ)
    form.setChannelCount(1)
    form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    return form
