"""A transport that notes when each byte was put on the wire."""

import time

from devices.signals import Provenance
from devices.transport.base import Transport


class Tap(Transport):
    """Passes everything on; ``sent`` holds (monotonic ns, bytes) of each write, in order. One writing thread."""

    def __init__(self, wire: Transport) -> None:
        self._wire = wire
        self.sent: list[tuple[int, bytes]] = []

    @property
    def description(self) -> str:
        """See ``Transport``."""
        return self._wire.description

    @property
    def provenance(self) -> Provenance:
        """See ``Transport``."""
        return self._wire.provenance

    def open(self) -> None:
        """See ``Transport``."""
        self._wire.open()

    def read(self, timeout_s: float) -> bytes:
        """See ``Transport``."""
        return self._wire.read(timeout_s)

    def write(self, data: bytes) -> None:
        """See ``Transport``; the instant is taken before the bytes can be heard."""
        self.sent.append((time.monotonic_ns(), data))
        self._wire.write(data)

    def close(self) -> None:
        """See ``Transport``."""
        self._wire.close()
