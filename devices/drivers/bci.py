"""BCI "5 byte" finger oximeters: Berry USB probes, Contec CMS50D+ up to firmware 5 (protocols.md §7.1)."""

from devices.drivers.base import Driver, DriverInfo, NibpTiming, SerialSettings, WaveCapability
from devices.protocols.bci.decoder import BciDecoder
from devices.protocols.bci.rate import DOCUMENTED_RATE_HZ, ArrivalRate
from devices.signals import Counters, Signal


class BciDriver(Driver):
    """Listens: these oximeters speak by themselves and take no questions. Finds out how many frames a second come."""

    info = DriverInfo(
        id="bci",
        name="BCI / Berry 5-byte oximeter",
        numerics=("SPO2", "PR"),
        waveforms=(WaveCapability("PLETH", DOCUMENTED_RATE_HZ),),
        # The document names no baud: 115200 is usual for USB probes, the others are a CMS50D+ (protocols.md §7.1).
        # Never XON/XOFF, though a CMS50D+ knows them: 11h and 13h are pleth and pulse values on this wire.
        serial=SerialSettings(baud=115200),
        other_serial=(SerialSettings(baud=19200, parity="O"), SerialSettings(baud=4800, parity="O")),
        nibp=NibpTiming.NONE,
        expected_interval_s=0.5,
        numeric_interval_s=1.0,
        cannot=(
            "It gives no blood pressure: measure it with another monitor.",
            "It gives no ECG, so heart rate is the pulse rate of the finger, which lags and can miss irregular beats.",
            "It gives no perfusion index, only a coarse signal strength.",
            "The pleth has no scale: its height cannot be compared between patients or over time.",
            "The wire has no checksum: Chairside believes a changed number only when two frames agree.",
            "It numbers nothing, so lost pleth samples are known only where a damaged frame is heard.",
            "It does not say who it is: Chairside cannot tell which oximeter this is.",
            "It does not tell its own alarm limits or alarms.",
            "It has no clock of its own: readings carry the computer's time.",
        ),
        cable_hints=(
            "USB probes appear as a virtual COM port, usually at 115200 baud, 8 data bits, no parity, 1 stop bit.",
            "A Contec CMS50D+ up to firmware 5 needs 19200 baud, 8 data bits, odd parity, 1 stop bit; the oldest 4800.",
            "A newer Contec CMS50D+ speaks another protocol: choose the driver contec-v7 for it.",
            "It sends as soon as it has power and needs no setting on the device.",
        ),
    )

    def __init__(self) -> None:
        self._decoder = BciDecoder(rate_hz=None)
        self._arrival = ArrivalRate()

    def opened(self, now_ns: int) -> bytes:
        """Start afresh; there is nothing to send."""
        del now_ns
        self._decoder = BciDecoder(rate_hz=None)
        self._arrival = ArrivalRate()
        return b""

    def feed(self, data: bytes, now_ns: int) -> list[Signal]:
        """See ``Driver``. The wave of the first second comes when its rate is known."""
        signals = self._decoder.feed(data)
        rate_hz = self._arrival.heard(self._decoder.counters.bytes_in, now_ns)
        return signals if rate_hz is None else signals + self._decoder.set_rate(rate_hz)

    def capture_decoder(self) -> BciDecoder:
        """Return a decoder for the documented rate, unless the beeps in the capture tell another."""
        return BciDecoder()

    @property
    def counters(self) -> Counters:
        """See ``Driver``."""
        return self._decoder.counters
