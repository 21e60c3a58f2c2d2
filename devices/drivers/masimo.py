"""Masimo Rad-8, Rad-87 and Radical-7 on their serial output set to ASCII1 (protocols.md §6.1)."""

from devices.drivers.base import Driver, DriverInfo, NibpTiming, SerialSettings
from devices.protocols.masimo.decoder import MasimoDecoder
from devices.signals import Counters, Signal


class MasimoDriver(Driver):
    """Listens. There is nothing that could be asked."""

    info = DriverInfo(
        id="masimo",
        name="Masimo Rad-8 / Rad-87 / Radical-7 (ASCII1)",
        numerics=("PI", "PR", "SPO2"),
        waveforms=(),
        serial=SerialSettings(baud=9600),
        nibp=NibpTiming.NONE,
        expected_interval_s=1.1,
        numeric_interval_s=1.0,
        confirm_s=1.0,
        cannot=(
            "It sends no waveform, so no pleth is drawn.",
            "It measures no ECG, no blood pressure and no breathing.",
            "Its rate is the pulse at the finger: an irregular heart may beat faster than it counts.",
            "Its own alarms go out in a code the maker does not publish, so Chairside does not show them.",
            "Its lines have no checksum, so every change is shown one second late.",
            "Its clock is recorded beside each reading but never used to time it.",
        ),
        cable_hints=(
            "A Rad-8 leaves the factory set to ASCII 2, a trend dump: choose ASCII 1 for the serial port in its menu.",
            "A Rad-87 is set to ASCII 1 already.",
            "The socket is a female DE-9: pin 2 receives, pin 3 sends, pin 5 is ground.",
            "The line runs at 9600 baud, 8 data bits, no parity, 1 stop bit, no handshake.",
        ),
    )

    def __init__(self) -> None:
        self._decoder = MasimoDecoder()

    def opened(self, now_ns: int) -> bytes:
        """Return nothing: it speaks by itself."""
        del now_ns
        self._decoder = MasimoDecoder()
        return b""

    def feed(self, data: bytes, now_ns: int) -> list[Signal]:
        """See ``Driver``."""
        del now_ns
        return self._decoder.feed(data)

    def capture_decoder(self) -> MasimoDecoder:
        """See ``Driver``."""
        return MasimoDecoder()

    @property
    def counters(self) -> Counters:
        """See ``Driver``."""
        return self._decoder.counters
