"""Berry PM6750 / PM1200 / BM-series boards, found inside many low-cost monitors (protocols.md §1)."""

from devices.clock import NS_PER_S
from devices.drivers.base import Driver, DriverCommand, DriverInfo, NibpTiming, SerialSettings, WaveCapability
from devices.protocols.berry.commands import FIRMWARE_QUERY, HARDWARE_QUERY, NIBP_STOP, start_up, streams_off
from devices.protocols.berry.cuff_control import TIMEOUT_NS, CuffControl
from devices.protocols.berry.cuff_watch import CuffFrame
from devices.protocols.berry.decoder import BerryDecoder
from devices.protocols.berry.waves import ECG_NAMES, ECG_RATE_HZ, PLETH_RATE_HZ, RESP_RATE_HZ
from devices.signals import Counters, NibpFailure, NibpResult, Signal

HANDSHAKE_REPEAT_NS = 2 * NS_PER_S
"""The board is silent until enabled, and after a power cut it is silent again."""
IDENTITY_ASKED = 5
"""How often a board that streams is asked who it is: one that has not answered by then never will."""

_WAVES = (
    *(WaveCapability(name, ECG_RATE_HZ) for name in ECG_NAMES),
    WaveCapability("PLETH", PLETH_RATE_HZ),
    WaveCapability("RESP", RESP_RATE_HZ),
)


class BerryDriver(Driver):
    """Enables the streams, repeats that while nothing comes, and runs the cuff."""

    info = DriverInfo(
        id="berry",
        name="Berry PM6750 / PM1200 / BM series",
        numerics=("HR", "PR", "SPO2", "RR", "TEMP"),
        waveforms=_WAVES,
        serial=SerialSettings(baud=115200),
        nibp=NibpTiming.HOST,
        expected_interval_s=0.5,
        numeric_interval_s=1.0,
        nibp_timeout_s=TIMEOUT_NS / NS_PER_S,
        cannot=(
            "The maker publishes no millivolt scale, so ECG is drawn in relative units.",
            "It measures no perfusion index.",
            "It sends none of its own alarms.",
            "It has no cuff timer: Chairside starts every blood pressure measurement.",
            "It gives no pulse rate with a blood pressure reading.",
            "It cannot tell an unplugged ECG cable from electrodes that are off.",
            "It numbers nothing, so lost waveform samples are known only where a damaged frame is heard.",
            "It has no clock of its own: readings carry the computer's time.",
        ),
        cable_hints=(
            "USB units appear as a virtual COM port and need no driver on current systems.",
            "RS-232 boards need a straight cable at 115200 baud, 8 data bits, no parity, 1 stop bit, no flow control.",
            "If no byte comes, check that the board has power: it answers only after Chairside has asked.",
        ),
    )

    def __init__(self) -> None:
        self._decoder = BerryDecoder(self._on_cuff)
        self._cuff = CuffControl()
        self._now_ns = 0
        self._asked_ns = 0
        self._identity_asked = 0
        self._identity_due_ns = 0
        self._was_open = False
        self._lost: list[Signal] = []

    def opened(self, now_ns: int) -> bytes:
        """Return the start-up commands, after a cuff stop when the port returns from a loss (protocols.md §10 rule 2).

        A measurement that the loss cut off is reported as failed by the next ``tick``.
        """
        stop = NIBP_STOP if self._was_open else b""
        cut_off = self._was_open and self._cuff.busy
        self._lost = [NibpResult(None, None, None, failure=NibpFailure.NO_ANSWER)] if cut_off else []
        self._decoder = BerryDecoder(self._on_cuff)
        # Through a loss it is still the same arm; after a close it may be another patient's.
        self._cuff = CuffControl(self._cuff.last_systolic_mmhg if self._was_open else None)
        self._was_open = True
        self._now_ns = self._asked_ns = self._identity_due_ns = now_ns
        self._identity_asked = 0
        return stop + start_up()

    def feed(self, data: bytes, now_ns: int) -> list[Signal]:
        """See ``Driver``."""
        self._now_ns = now_ns
        before = self._decoder.counters.frames_ok
        signals = self._decoder.feed(data)
        if self._decoder.counters.frames_ok != before:
            self._asked_ns = now_ns
        return signals

    def due(self, now_ns: int) -> bytes:
        """Return a cuff stop that time demands, the start-up again after 2 s without a frame, and who-are-you."""
        self._cuff.poll(now_ns)
        data = self._cuff.take_bytes()
        if now_ns - self._asked_ns >= HANDSHAKE_REPEAT_NS:
            self._asked_ns = now_ns
            data += start_up()
        return data + self._identity_query(now_ns)

    def _identity_query(self, now_ns: int) -> bytes:
        """Ask a board that streams already who it is: after a cable was out, the answer to the start-up may be lost.

        Without it an emulator's calibration is unknown, and its ECG has no millivolts.
        """
        streaming = self._decoder.counters.frames_ok > 0
        enough = self._decoder.identified or self._identity_asked >= IDENTITY_ASKED
        if not streaming or enough or now_ns < self._identity_due_ns:
            return b""
        self._identity_asked += 1
        self._identity_due_ns = now_ns + HANDSHAKE_REPEAT_NS
        return FIRMWARE_QUERY + HARDWARE_QUERY

    def tick(self, now_ns: int) -> list[Signal]:
        """Return the failures that time brings: a start nobody answered, a cuff that never ended."""
        self._cuff.poll(now_ns)
        lost, self._lost = self._lost, []
        return lost + self._cuff.take_signals()

    def command(self, command: DriverCommand, now_ns: int) -> bytes:
        """Return patient, target pressure and start, or the stop; empty for a start while measuring."""
        if command is DriverCommand.NIBP_START:
            return self._cuff.start(now_ns)
        return self._cuff.stop(now_ns)

    def probe(self, now_ns: int) -> bytes:
        """Ask for the firmware's version, which starts no stream and changes nothing (protocols.md §1.2)."""
        del now_ns
        return FIRMWARE_QUERY

    def closing(self) -> bytes:
        """Stop the cuff, silence the streams."""
        self._was_open = False
        return NIBP_STOP + streams_off()

    def capture_decoder(self) -> BerryDecoder:
        """Return a decoder that tells cuff results from the transitions alone."""
        return BerryDecoder()

    @property
    def counters(self) -> Counters:
        """See ``Driver``."""
        return self._decoder.counters

    def _on_cuff(self, frame: CuffFrame) -> list[Signal]:
        return self._cuff.on_frame(frame, self._now_ns)
