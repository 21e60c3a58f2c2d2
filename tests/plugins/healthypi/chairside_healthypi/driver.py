"""ProtoCentral HealthyPi v5 on its USB port."""

from chairside_healthypi.decoder import WAVES, HealthyPiDecoder
from chairside_healthypi.frame import RATE_HZ
from devices.drivers.base import Driver, DriverCommand, DriverInfo, NibpTiming, SerialSettings, WaveCapability
from devices.signals import Counters, Signal


class HealthyPiDriver(Driver):
    """Listens. There is nothing that could be asked."""

    info = DriverInfo(
        id="healthypi",
        name="ProtoCentral HealthyPi v5",
        numerics=("HR", "RR", "SPO2", "TEMP"),
        waveforms=tuple(WaveCapability(name, RATE_HZ) for name in sorted(WAVES)),
        serial=SerialSettings(baud=115200),
        nibp=NibpTiming.NONE,
        expected_interval_s=0.1,
        cannot=(
            "It is a demonstration kit and no clinical monitor.",
            "It has no cuff.",
            "Its wire has no checksum: a changed number is shown when two frames in a row agree.",
        ),
    )

    def __init__(self) -> None:
        self._decoder = HealthyPiDecoder()

    def opened(self, now_ns: int) -> bytes:
        """Return nothing: it speaks by itself."""
        del now_ns
        self._decoder = HealthyPiDecoder()
        return b""

    def feed(self, data: bytes, now_ns: int) -> list[Signal]:
        """See ``Driver``."""
        del now_ns
        return self._decoder.feed(data)

    def due(self, now_ns: int) -> bytes:
        """Return nothing: it hears nothing."""
        del now_ns
        return b""

    def command(self, command: DriverCommand, now_ns: int) -> bytes:
        """Return nothing: it has no cuff."""
        del command, now_ns
        return b""

    def closing(self) -> bytes:
        """Return nothing: it goes on speaking."""
        return b""

    def capture_decoder(self) -> HealthyPiDecoder:
        """See ``Driver``."""
        return HealthyPiDecoder()

    @property
    def counters(self) -> Counters:
        """See ``Driver``."""
        return self._decoder.counters
