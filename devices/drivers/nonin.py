"""Nonin oximeters: Xpod, OEM III, 3150, 9560, Avant 9600, 8500 and their like (protocols.md §5)."""

from devices.clock import NS_PER_S
from devices.drivers.base import Driver, DriverInfo, NibpTiming, SerialSettings, WaveCapability
from devices.protocols.nonin.commands import GET_TIME, select_format
from devices.protocols.nonin.decoder import NoninDecoder
from devices.protocols.nonin.frames import Dialect
from devices.protocols.nonin.pleth import PLETH_RATE_HZ
from devices.signals import Counters, Signal

ASK_AT_NS = (1 * NS_PER_S, 3 * NS_PER_S)
"""A request is heard only within 5 s of connecting (protocols.md §5.1); by 1 s a wave would have been heard."""
SILENCE_NS = 5 * NS_PER_S // 2
"""So long without a byte, and numbers from before are no witnesses any more (lines come once a second, §5.2)."""
_GOOD_ENOUGH = frozenset({Dialect.F2, Dialect.F7, Dialect.LINE})


class NoninDriver(Driver):
    """Listens; where no wave comes by itself, it asks for format 2, which has one."""

    info = DriverInfo(
        id="nonin",
        name="Nonin oximeter (Xpod, OEM III, 3150, 9560, Avant, 8500)",
        numerics=("PR", "SPO2"),
        waveforms=(WaveCapability("PLETH", PLETH_RATE_HZ),),
        serial=SerialSettings(baud=9600),
        nibp=NibpTiming.NONE,
        expected_interval_s=1.0,
        other_serial=(SerialSettings(baud=9600, stop_bits=2),),
        numeric_interval_s=1.0,
        confirm_s=1.0,  # formats 1 and 8 and the printout
        cannot=(
            "It measures no ECG, no blood pressure and no breathing.",
            "Its rate is the pulse at the finger: an irregular heart may beat faster than it counts.",
            "It sends none of its own alarms.",
            "It gives no perfusion index, only whether the pulse is good, marginal or low.",
            "The pleth has no scale, so its height cannot be compared between patients.",
            "An unplugged sensor and a finger taken out look the same, except in format 1.",
            "Set to format 1 or 8, or to its printout, it sends numbers but no pleth.",
            "Set to format 13 it sends one reading for each spot check and nothing between, which is no monitoring.",
            "Formats 1 and 8 and the printout have no checksum, so every change is shown one second late.",
            "Live readings carry the computer's time, because no format that runs by itself carries the device's date.",
        ),
        cable_hints=(
            "OEM modules, the Xpod and the 3150 and 9560 talk at 9600 baud, 8 data bits, no parity, 1 stop bit.",
            "The Avant 9600, 8500, 2500 and 9847 print lines at 9600 baud: choose 2 stop bits.",
            "The Avant needs a null-modem cable at its RS-232 socket.",
            "The 8500 and 2500 give serial data at TTL level on pin 4 of the sensor socket and need Nonin's own cable.",
            "A 9560 takes a new format only within 5 seconds of connecting: switch it off and on if no pleth comes.",
        ),
    )

    def __init__(self) -> None:
        self._decoder = NoninDecoder()
        self._opened_ns = self._heard_ns = 0
        self._asked = 0

    def opened(self, now_ns: int) -> bytes:
        """Return nothing: it speaks by itself, and only where no wave comes is it asked for another format."""
        self._decoder = NoninDecoder()
        self._opened_ns = self._heard_ns = now_ns
        self._asked = 0
        return b""

    def feed(self, data: bytes, now_ns: int) -> list[Signal]:
        """See ``Driver``."""
        if data:
            if now_ns - self._heard_ns > SILENCE_NS:
                self._decoder.interrupt()
            self._heard_ns = now_ns
        return self._decoder.feed(data)

    def due(self, now_ns: int) -> bytes:
        """Return the request for format 2, twice at most, while no wave and no printout is heard."""
        if self._asked == len(ASK_AT_NS) or now_ns - self._opened_ns < ASK_AT_NS[self._asked]:
            return b""
        self._asked += 1
        if self._decoder.dialect in _GOOD_ENOUGH:
            return b""
        self._decoder.expect_reply()
        return select_format(Dialect.F2)

    def probe(self, now_ns: int) -> bytes:
        """Return the question for the time, which even a 9560 between two spot checks answers."""
        del now_ns
        return GET_TIME

    def capture_decoder(self) -> NoninDecoder:
        """See ``Driver``."""
        return NoninDecoder()

    @property
    def counters(self) -> Counters:
        """See ``Driver``."""
        return self._decoder.counters
