"""A sound output that plays nothing and notes when it was handed samples: machines that are measured are often mute."""

import time

from PySide6.QtCore import QBuffer, QObject, Signal
from PySide6.QtMultimedia import QtAudio


class StampedDevice:
    """Looks like a device that plays everything."""

    def isNull(self) -> bool:  # noqa: N802 - Qt's names, here and below
        """See ``QAudioDevice``."""
        return False

    def id(self) -> str:
        """See ``QAudioDevice``."""
        return "bench"

    def description(self) -> str:
        """See ``QAudioDevice``."""
        return "bench"

    def isFormatSupported(self, _form: object, /) -> bool:  # noqa: N802
        """See ``QAudioDevice``."""
        return True


class StampedSink(QObject):
    """Takes every burst. Signals: ``stateChanged`` as ``QAudioSink`` has it."""

    stateChanged = Signal(QtAudio.State)  # noqa: N815

    def __init__(self, started_ns: list[int]) -> None:
        super().__init__()
        self._started_ns = started_ns
        self._state = QtAudio.State.StoppedState

    def start(self, source: QBuffer, /) -> None:
        """Take the samples and note the instant."""
        if source.readAll().size():
            self._started_ns.append(time.monotonic_ns())
        self._state = QtAudio.State.ActiveState

    def stop(self) -> None:
        """Nothing sounds."""
        self._state = QtAudio.State.StoppedState

    def error(self) -> QtAudio.Error:
        """See ``QAudioSink``."""
        return QtAudio.Error.NoError

    def state(self) -> QtAudio.State:
        """See ``QAudioSink``."""
        return self._state

    def volume(self) -> float:
        """See ``QAudioSink``."""
        return 1.0


class StampedOutputs(QObject):
    """``ui.sound_outputs.Outputs`` with one such device. Signals: ``changed``, which never comes."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.started_ns: list[int] = []

    def default(self) -> StampedDevice:
        """See ``Outputs``."""
        return StampedDevice()

    def available(self) -> list[StampedDevice]:
        """See ``Outputs``."""
        return [StampedDevice()]

    def sink(self, _device: object, _form: object, /) -> StampedSink:
        """See ``Outputs``."""
        return StampedSink(self.started_ns)
