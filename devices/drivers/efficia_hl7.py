"""Philips Efficia CM and SureSigns VS monitors, asked over their serial port in HL7 (protocols.md §4)."""

from devices.clock import NS_PER_S
from devices.drivers.base import Driver, DriverInfo, NibpTiming, SerialSettings
from devices.protocols.efficia_hl7.decoder import EfficiaHl7Decoder
from devices.protocols.efficia_hl7.request import INTERVAL_S, QuerySettings, positive_ack, query
from devices.protocols.nbp_watch import NbpWatch
from devices.signals import Counters, Signal

CONFIRM_S = 1.0
"""After a sudden change or a damaged answer it asks again after this time instead of at the usual pace."""
_SETTINGS = QuerySettings()


class EfficiaHl7Driver(Driver):
    """Asks for what is on the screen every five seconds; never acknowledges unless told to."""

    info = DriverInfo(
        id="efficia-hl7",
        name="Philips Efficia CM / SureSigns VS (HL7)",
        numerics=("HR", "PR", "SPO2", "RR", "TEMP"),
        waveforms=(),
        serial=SerialSettings(baud=9600),
        # The page of the manual with the line settings was not obtainable (protocols.md §4).
        other_serial=tuple(SerialSettings(baud=baud) for baud in (115200, 19200, 38400, 57600)),
        nibp=NibpTiming.MONITOR,
        expected_interval_s=INTERVAL_S,
        numeric_interval_s=INTERVAL_S,
        confirm_s=CONFIRM_S,
        cannot=(
            "It sends no waveforms.",
            "It gives its numbers when asked, every 5 seconds, so a change is up to 5 seconds old.",
            "Chairside cannot start its cuff: set its own NBP interval or press START on the monitor.",
            "It does not tell that a cuff measurement is running, nor why one failed.",
            "It does not send its own alarms over the serial port.",
            "It shows a finger out of the probe and a weak signal alike, as a question mark.",
            "The line has no checksum, so a sudden change is shown when a second answer agrees.",
            "Chairside does not acknowledge its answers, because that may clear the numbers on its screen.",
        ),
        cable_hints=(
            "The speed of its serial port is not published: read it on the monitor's screen.",
            "Try 9600, 19200, 38400, 57600 and 115200 baud, always with 8 data bits, no parity, 1 stop bit.",
            "Serial Data Export must be switched on in the monitor's configuration and needs its serial interface adapter.",
            "If no byte comes, check the cable: the monitor answers only when it is asked.",
            "Try it on a monitor without a patient first.",
        ),
    )

    def __init__(self, settings: QuerySettings = _SETTINGS) -> None:
        self._settings = settings
        self._cuff = NbpWatch(live=True)
        self._decoder = EfficiaHl7Decoder(self._cuff)
        self._opened_ns = self._asked_ns = 0
        self._number = 0
        self._answered = True
        self._bad_before = 0  # damaged answers when the last query was sent
        self._to_send = b""

    def opened(self, now_ns: int) -> bytes:
        """Return the first query. Through a loss it is remembered which cuff reading was told last."""
        self._cuff.reopened()
        self._decoder = EfficiaHl7Decoder(self._cuff)
        self._opened_ns = now_ns
        self._number = 0
        self._to_send = b""
        return self._ask(now_ns)

    def feed(self, data: bytes, now_ns: int) -> list[Signal]:
        """See ``Driver``."""
        frames, results = self._decoder.counters.frames_ok, self._decoder.results
        signals = self._decoder.feed(data)
        self._answered |= self._decoder.counters.frames_ok > frames
        if self._settings.acknowledge and self._decoder.results > results:
            self._number += 1
            elapsed_ns = now_ns - self._opened_ns
            self._to_send += positive_ack(self._number, elapsed_ns, self._decoder.control_id)
        return signals

    def due(self, now_ns: int) -> bytes:
        """Return the acknowledgement that is wanted, and the next query when its time has come."""
        data, self._to_send = self._to_send, b""
        damaged = self._decoder.counters.frames_bad > self._bad_before
        soon = self._decoder.unsure if self._answered else damaged
        wait_s = min(CONFIRM_S, self._settings.interval_s) if soon else self._settings.interval_s
        if now_ns - self._asked_ns >= round(wait_s * NS_PER_S):
            data += self._ask(now_ns)
        return data

    def probe(self, now_ns: int) -> bytes:
        """Return a query: it asks for what is on the screen and changes nothing."""
        del now_ns
        return query(1, 0, self._settings.subject_filter)

    def closing(self) -> bytes:
        """Return nothing: nothing runs on the monitor that was asked for. The next opening may be another patient's."""
        self._cuff = NbpWatch(live=True)
        return b""

    def capture_decoder(self) -> EfficiaHl7Decoder:
        """Return a decoder that tells the first cuff reading of a capture however old it is."""
        return EfficiaHl7Decoder()

    @property
    def counters(self) -> Counters:
        """See ``Driver``."""
        return self._decoder.counters

    def _ask(self, now_ns: int) -> bytes:
        self._number += 1
        self._asked_ns = now_ns
        self._answered = False
        self._bad_before = self._decoder.counters.frames_bad
        return query(self._number, now_ns - self._opened_ns, self._settings.subject_filter)
