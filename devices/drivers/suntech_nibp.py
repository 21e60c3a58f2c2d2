"""SunTech Advantage OEM blood pressure modules, bare or inside a monitor (protocols.md §8.1)."""

from devices.clock import NS_PER_MS, NS_PER_S
from devices.drivers.base import Driver, DriverCommand, DriverInfo, NibpTiming, SerialSettings
from devices.protocols.suntech_nibp.cuff_control import IDLE_POLL_NS, TIMEOUT_NS, CuffControl
from devices.protocols.suntech_nibp.decoder import SuntechDecoder
from devices.protocols.suntech_nibp.messages import ABORT, GET_PRESSURE, Message
from devices.signals import Counters, NibpFailure, NibpResult, Signal

QUIET_NS = 700 * NS_PER_MS
"""The longest answer takes 25 ms at 9600 baud; half a second is what an adapter that gathers bytes may add."""


class SuntechNibpDriver(Driver):
    """Asks for the cuff pressure so that a loss is noticed, and runs the cuff when told to."""

    info = DriverInfo(
        id="suntech-nibp",
        name="SunTech Advantage OEM (blood pressure module)",
        numerics=(),
        waveforms=(),
        serial=SerialSettings(baud=9600),
        nibp=NibpTiming.HOST,
        expected_interval_s=IDLE_POLL_NS / NS_PER_S,
        nibp_timeout_s=TIMEOUT_NS / NS_PER_S,
        cannot=(
            "It measures blood pressure only, with the pulse rate during that measurement.",
            "It has no cuff timer: Chairside starts every blood pressure measurement.",
            "Only the adult start is public: do not use it on children or newborns.",
            "It counts the heart beats of a measurement, which Chairside does not show.",
            "It sends none of its own alarms.",
            "It does not say who it is, so only its answers show that it is there.",
            "It has no clock of its own: readings carry the computer's time.",
        ),
        cable_hints=(
            "The bare module speaks TTL levels: it needs a TTL adapter, or a board with an RS-232 driver.",
            "The line runs at 9600 baud, 8 data bits, no parity, 1 stop bit, no flow control.",
            "If no byte comes, check that the module has power: it answers only after Chairside has asked.",
        ),
    )

    def __init__(self) -> None:
        self._decoder = SuntechDecoder(self._on_message)
        self._cuff = CuffControl()
        self._now_ns = 0
        self._heard_ns = 0
        self._was_open = False
        self._waiting: list[Signal] = []

    def opened(self, now_ns: int) -> bytes:
        """Return a question, after an abort when the port returns from a loss (protocols.md §10 rule 2).

        A measurement that the loss cut off is reported as failed by the next ``tick``.
        """
        stop = ABORT if self._was_open else b""
        cut_off = self._was_open and self._cuff.owed
        self._waiting = [NibpResult(None, None, None, failure=NibpFailure.NO_ANSWER)] if cut_off else []
        self._decoder = SuntechDecoder(self._on_message)
        self._cuff = CuffControl()
        self._was_open = True
        self._now_ns = self._heard_ns = now_ns
        return stop + GET_PRESSURE

    def feed(self, data: bytes, now_ns: int) -> list[Signal]:
        """See ``Driver``."""
        self._now_ns = now_ns
        signals: list[Signal] = []
        if data:
            signals = self._break_off(now_ns)
            self._heard_ns = now_ns
        return signals + self._decoder.feed(data)

    def due(self, now_ns: int) -> bytes:
        """Return what the dialogue needs now: a pressure poll, a repeated question, an abort."""
        self._cuff.poll(now_ns)
        return self._cuff.take_bytes()

    def tick(self, now_ns: int) -> list[Signal]:
        """Return what time brings: a start nobody answered, a cuff that never ended, an answer that broke off."""
        self._now_ns = now_ns
        waiting, self._waiting = self._waiting, []
        waiting += self._break_off(now_ns)
        self._cuff.poll(now_ns)
        return waiting + self._cuff.take_signals()

    def probe(self, now_ns: int) -> bytes:
        """Ask for the cuff pressure, which changes nothing."""
        del now_ns
        return GET_PRESSURE

    def command(self, command: DriverCommand, now_ns: int) -> bytes:
        """Return the start, or the abort; empty for a start while measuring."""
        if command is DriverCommand.NIBP_START:
            return self._cuff.start(now_ns)
        return self._cuff.stop(now_ns)

    def closing(self) -> bytes:
        """Let the cuff go."""
        self._was_open = False
        return ABORT

    def capture_decoder(self) -> SuntechDecoder:
        """Return a decoder that tells cuff results from the module's own words."""
        return SuntechDecoder()

    @property
    def counters(self) -> Counters:
        """See ``Driver``."""
        return self._decoder.counters

    def _break_off(self, now_ns: int) -> list[Signal]:
        """Give up a frame whose rest has not come: a damaged LEN must not swallow the answers after it."""
        if now_ns - self._heard_ns < QUIET_NS:
            return []
        return self._decoder.give_up()

    def _on_message(self, message: Message) -> list[Signal]:
        return self._cuff.on_message(message, self._now_ns)
