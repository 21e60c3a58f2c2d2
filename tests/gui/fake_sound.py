"""A sound output of the tests' making, and what the synthesiser says should have been heard."""

import threading
import wave
from io import BytesIO

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtMultimedia import QtAudio

from monitor_app.processing import tones


class FakeDevice:
    def __init__(self, name="", *, plays=True):
        self._name, self._plays = name, plays

    def isNull(self):  # noqa: N802 - Qt's names, here and below
        return not self._name

    def id(self):
        return self._name

    def description(self):
        return self._name

    def isFormatSupported(self, form):  # noqa: N802
        assert (form.sampleRate(), form.channelCount(), form.bytesPerSample()) == (48_000, 1, 2)
        return self._plays


class FakeSink(QObject):
    stateChanged = Signal(QtAudio.State)  # noqa: N815

    def __init__(self, device):
        super().__init__()
        self.device, self.said, self.playing = device, [], b""
        self.fault, self.loudness, self.now = QtAudio.Error.NoError, 1.0, QtAudio.State.StoppedState
        self.thread_names = []

    def start(self, source):
        self.playing = bytes(source.readAll())
        self.said.append("start")
        self.thread_names.append(threading.get_ident())
        if self.fault is QtAudio.Error.NoError:
            self._be(QtAudio.State.ActiveState)

    def stop(self):
        self.said.append("stop")
        self._be(QtAudio.State.StoppedState)

    def error(self):
        return self.fault

    def state(self):
        return self.now

    def volume(self):
        return self.loudness

    def _be(self, state):
        self.now = state
        self.stateChanged.emit(state)


class FakeOutputs(QObject):
    """``others``: what the computer has beside the default device."""

    changed = Signal()

    def __init__(self, device, *others):
        super().__init__()
        self.device, self.others, self.sinks = device, others, []

    def default(self):
        return self.device

    def available(self):
        return [device for device in (self.device, *self.others) if not device.isNull()]

    def sink(self, device, _form):
        self.sinks.append(FakeSink(device))
        return self.sinks[-1]

    def become(self, device, *others):
        self.device, self.others = device, others
        self.changed.emit()

    def on(self, name):
        """The sink opened last on the device of this name; None before."""
        return next((sink for sink in reversed(self.sinks) if sink.device.id() == name), None)


STEPS = {"HIGH": 4, "MEDIUM": 3, "LOW": 3}


def expected(urgency: str, melody: str, *, step: int | None = None) -> bytes:
    """The samples of a burst as the WAV writer of the synthesiser gives them."""
    volume_step = step or STEPS[urgency]
    sound = tones.burst(tones.Urgency[urgency], tones.Melody[melody], volume_step=volume_step)
    with wave.open(BytesIO(tones.wav_bytes(sound))) as file:
        return file.readframes(file.getnframes())


def same(heard: bytes, asked: bytes) -> bool:
    """Whether these are the same samples, to the last bit but one: the bank scales what it has synthesised once."""
    one, other = (np.frombuffer(x, "<i2").astype(int) for x in (heard, asked))
    return len(one) == len(other) and bool(np.abs(one - other).max() <= 1)


def settle(qtbot, sounder) -> None:
    """Wait until the threads of both outputs have done what was asked of them."""
    for player in (sounder._player, sounder._second):
        done = threading.Event()
        player.post(done.set)
        qtbot.waitUntil(done.is_set)
