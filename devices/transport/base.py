"""What a transport is: a place to read and write bytes, that knows whether a person can be at its other end."""

from abc import ABC, abstractmethod

from devices.signals import Provenance


class Transport(ABC):
    """One end of a byte stream. Not thread-safe except ``close``, which may be called from any thread.

    A transport is made closed; ``open`` may be called again after ``close`` or a loss.
    """

    @abstractmethod
    def open(self) -> None:
        """Open the port.

        :raises DeviceNotFoundError: it does not exist.
        :raises DeviceOpenError: it is in use, or permission is missing (the message gives the remedy).
        """

    @abstractmethod
    def read(self, timeout_s: float) -> bytes:
        """Return what has arrived, waiting at most ``timeout_s`` for the first byte; ``b""`` if nothing came.

        :raises DeviceLostError: the port is gone.
        """

    @abstractmethod
    def write(self, data: bytes) -> None:
        """Send bytes.

        :raises DeviceLostError: the port is gone.
        :raises DeviceTimeoutError: the other side does not take them.
        """

    @abstractmethod
    def close(self) -> None:
        """Close; never raises, harmless when closed already. May block: call it outside the Qt thread."""

    @property
    @abstractmethod
    def description(self) -> str:
        """What a person would call this port (``/dev/ttyUSB0 at 115200 8N1``)."""

    @property
    @abstractmethod
    def provenance(self) -> Provenance:
        """Whether a person can be at the other end."""
