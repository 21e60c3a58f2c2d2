"""What the sounder asks of the computer's sound outputs: as Qt has them, or as a test or a bench makes them."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QBuffer, SignalInstance
from PySide6.QtMultimedia import QAudioDevice, QAudioFormat, QAudioSink, QMediaDevices, QtAudio

from monitor_app.core.sound_output import SoundOutput
from monitor_app.processing import tones


class Device(Protocol):
    """What is asked of a ``QAudioDevice``."""

    def isNull(self) -> bool: ...  # noqa: D102 - as in Qt, here and below

    def id(self) -> object: ...  # noqa: D102

    def description(self) -> str: ...  # noqa: D102

    def isFormatSupported(self, settings: QAudioFormat, /) -> bool: ...  # noqa: D102


class Sink(Protocol):
    """What is asked of a ``QAudioSink``."""

    @property
    def stateChanged(self) -> SignalInstance: ...  # noqa: D102

    def start(self, device: QBuffer, /) -> None: ...  # noqa: D102

    def stop(self) -> None: ...  # noqa: D102

    def error(self) -> QtAudio.Error: ...  # noqa: D102

    def state(self) -> QtAudio.State: ...  # noqa: D102

    def volume(self) -> float: ...  # noqa: D102


class Outputs(Protocol):
    """The computer's sound outputs. Used in the sounder's thread; ``sink`` in that of whoever plays on it."""

    @property
    def changed(self) -> SignalInstance:
        """A device came, went, or another became the default."""
        ...

    def default(self) -> Device:
        """The device sound goes to now; a null one where there is none."""
        ...

    def available(self) -> Sequence[Device]:
        """Every device there is now, the default among them."""
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

    def available(self) -> Sequence[QAudioDevice]:
        """See ``Outputs``."""
        return QMediaDevices.audioOutputs()

    def sink(self, device: Device, form: QAudioFormat, /) -> Sink:
        """See ``Outputs``."""
        assert isinstance(device, QAudioDevice)
        return QAudioSink(device, form)


def output_of(device: Device) -> SoundOutput:
    """Return a device as it is chosen and remembered; its key stays the same when it is plugged in again."""
    if device.isNull():
        return SoundOutput()
    raw = device.id()
    key = raw if isinstance(raw, str) else bytes(raw).decode("utf-8", "replace")  # type: ignore[call-overload]
    name = device.description().encode("utf-8", "replace").decode("utf-8")  # it is to be kept in a file
    return SoundOutput(key, name or key)


def alarm_format() -> QAudioFormat:
    """As the alarm sounds are made: mono, 16-bit."""
    form = QAudioFormat()
    form.setSampleRate(tones.DEFAULT_RATE_HZ)
    form.setChannelCount(1)
    form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    return form
