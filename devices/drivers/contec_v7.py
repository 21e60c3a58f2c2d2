"""Contec oximeters with protocol V7.0: CMS50D+, CMS50E and CMS50FW on their serial cable (protocols.md §7.2)."""

from devices.clock import NS_PER_MS, NS_PER_S
from devices.drivers.base import Driver, DriverInfo, NibpTiming, SerialSettings, WaveCapability
from devices.protocols.contec_v7.commands import ASK_IDENTITY, KEEP_ALIVE, START_UP, STOP
from devices.protocols.contec_v7.decoder import ContecV7Decoder
from devices.protocols.contec_v7.realtime import PLETH_RATE_HZ
from devices.signals import Counters, Signal

KEEP_ALIVE_NS = 5 * NS_PER_S
"""Without it the oximeter falls silent in under a minute (protocols.md §7.2)."""
COMMAND_SPACING_NS = 100 * NS_PER_MS
"""The captured host waited for each answer; an answer takes about a millisecond, so a tenth of a second is ample."""
RESTART_NS = 3 * NS_PER_S
"""So long without a real-time frame, and the questions are asked anew."""


class ContecV7Driver(Driver):
    """Asks its questions one at a time, starts the stream, keeps it alive, and starts again when it ends."""

    info = DriverInfo(
        id="contec-v7",
        name="Contec CMS50 (protocol V7.0)",
        numerics=("SPO2", "PR", "PI"),
        waveforms=(WaveCapability("PLETH", PLETH_RATE_HZ),),
        serial=SerialSettings(baud=115200),
        nibp=NibpTiming.NONE,
        expected_interval_s=0.1,
        numeric_interval_s=1.0,
        cannot=(
            "It measures no ECG, so the heart rate is the pulse rate.",
            "It measures no blood pressure, breathing rate or temperature.",
            "It cannot tell a finger that slipped out from a fault of the probe.",
            "Its wave has no unit, and its 60 samples a second may be off by two.",
            "It sends no alarm limits and no alarms except that saturation is dropping.",
            "Its wire has no checksum: a changed number is shown when two frames in a row agree.",
            "It sends no clock with its readings: they carry the computer's time.",
            "Some units say that they measure a perfusion index and never send one.",
        ),
        cable_hints=(
            "Use the maker's cable: the socket on the oximeter looks like micro-USB but is serial.",
            "The USB bridge is inside the cable and appears as a serial port at 115200 baud, 8N1, no flow control.",
            "Switch the oximeter on with a finger in it: it turns itself off without one.",
            "Older oximeters of this name (firmware up to 5) speak the five-byte protocol: choose driver bci.",
        ),
    )

    def __init__(self) -> None:
        self._decoder = ContecV7Decoder()
        self._asked = 0  # questions of the start-up sent so far
        self._asked_ns = 0
        self._alive_ns = 0
        self._frame_ns = 0

    def opened(self, now_ns: int) -> bytes:
        """Return the first question; ``due`` asks the others."""
        self._decoder = ContecV7Decoder()
        self._frame_ns = now_ns
        return self._begin(now_ns)

    def feed(self, data: bytes, now_ns: int) -> list[Signal]:
        """See ``Driver``."""
        before = self._decoder.frames
        signals = self._decoder.feed(data)
        if self._decoder.frames != before:
            self._frame_ns = now_ns
        return signals

    def due(self, now_ns: int) -> bytes:
        """Return the next question, the keep-alive, or the first question again when the stream has ended."""
        if self._asked < len(START_UP):
            if now_ns - self._asked_ns < COMMAND_SPACING_NS:
                return b""
            return self._ask(now_ns)
        if now_ns - max(self._frame_ns, self._asked_ns) >= RESTART_NS:
            return self._begin(now_ns)
        if now_ns - self._alive_ns < KEEP_ALIVE_NS:
            return b""
        self._alive_ns = now_ns
        return KEEP_ALIVE

    def probe(self, now_ns: int) -> bytes:
        """Ask for its identity: seven characters, changing nothing."""
        del now_ns
        return ASK_IDENTITY

    def closing(self) -> bytes:
        """Stop the stream."""
        return STOP

    def capture_decoder(self) -> ContecV7Decoder:
        """See ``Driver``."""
        return ContecV7Decoder()

    @property
    def counters(self) -> Counters:
        """See ``Driver``."""
        return self._decoder.counters

    def _begin(self, now_ns: int) -> bytes:
        self._asked = 0
        return self._ask(now_ns)

    def _ask(self, now_ns: int) -> bytes:
        question = START_UP[self._asked]
        self._asked += 1
        self._asked_ns = self._alive_ns = now_ns
        return question
