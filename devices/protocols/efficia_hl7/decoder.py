"""Messages of an Efficia into signals (protocols.md §4). No checksum: what is not exactly as documented is not believed."""

import re
from collections.abc import Iterable

from devices.protocols.agreement import Agreement
from devices.protocols.conditions import Conditions
from devices.protocols.efficia_hl7.alerts import alerts_of, is_alert
from devices.protocols.efficia_hl7.identity import IdentityReader
from devices.protocols.efficia_hl7.nbp_pane import read_pane
from devices.protocols.efficia_hl7.observation import Observation, read_observation
from devices.protocols.hl7.message import Message, Segment, parse_message
from devices.protocols.hl7.mllp import MllpReader
from devices.protocols.hl7.timestamp import parse_timestamp
from devices.protocols.nbp_watch import NbpWatch
from devices.signals import Counters, NumericReading, Quality, Signal

_KNOWN_SEGMENTS = frozenset(
    {"MSH", "MSA", "QRD", "QRF", "PID", "PD1", "PV1", "ORC", "OBR", "OBX", "NTE", "ERR"}
)
_RESULTS = frozenset({"ORF", "ORU"})
_REFUSALS = frozenset({"AE", "AR"})
_ACK_CODES = frozenset({"AA", *_REFUSALS})
_TYPE = re.compile(r"[A-Z][A-Z0-9]{2}(?:\^[A-Z0-9]{0,3}(?:\^[A-Z0-9_]{0,7})?)?")
_CONTROL_ID = re.compile(r"[!-~ ]{1,50}")
_VERSION = re.compile(r"2\.\d(?:\.\d)?")
_REFUSED = "the monitor refused the query"


class EfficiaHl7Decoder:
    """A sans-I/O decoder. Any bytes may be fed, cut anywhere.

    ``cuff`` remembers which cuff reading was told last; without one a capture is assumed. ``answered`` counts answers of
    any kind; ``control_id`` is that of the last answer with results; ``unsure`` says that something in it waits for a
    second answer that agrees.
    """

    def __init__(self, cuff: NbpWatch | None = None) -> None:
        self._reader: MllpReader[list[Signal]] = MllpReader(self._understand, self._damaged)
        self._cuff = cuff or NbpWatch(live=False)
        self._agreement = Agreement()
        self._identity = IdentityReader()
        self._conditions = Conditions()
        self.control_id = ""
        self.results = 0
        self.unsure = False

    @property
    def counters(self) -> Counters:
        """See ``Decoder``."""
        return self._reader.counters

    @property
    def buffered(self) -> int:
        """Bytes held back because their message is not complete yet; at most ``mllp.MAX_BUFFERED``."""
        return self._reader.buffered

    def feed(self, data: bytes) -> list[Signal]:
        """See ``Decoder``."""
        return [signal for signals in self._reader.feed(data) for signal in signals]

    def _damaged(self) -> None:
        self._agreement.interrupt()
        self._cuff.interrupted()

    def _understand(self, body: bytes) -> list[Signal] | None:
        message = parse_message(body)
        if message is None or not _whole(message):
            return None
        kind = message.header.component(9)
        if kind in _RESULTS:
            return self._results(message, answer=kind == "ORF")
        if kind == "ACK":
            return self._acknowledged(message)
        return self._conditions.unknown(f"message {kind}")

    def _results(self, message: Message, *, answer: bool) -> list[Signal] | None:
        segments = [s for s in message.all("OBX") if s.field(2) == "NM" and not is_alert(s)]
        read = [read_observation(segment) for segment in segments]
        observations = [observation for observation in read if observation is not None]
        if len(observations) < len(read):
            return None
        self.results += 1
        self.control_id = message.header.component(10)
        identity = self._identity.take(message)
        signals: list[Signal] = [identity] if identity is not None else []
        signals += self._conditions.set("QUERY_REFUSED", None)
        signals += self._strange(message)
        alerts = alerts_of(message)
        if alerts is not None or answer:  # an answer tells all there is: alarms it lacks are over
            signals += self._conditions.set("MONITOR_ALARM", alerts or None)
        sent_s = parse_timestamp(message.header.component(7))
        demo = Quality.GOOD if message.header.component(11) == "P" else Quality.DEMO
        self.unsure = False
        signals += self._readings(observations, sent_s, demo)
        signals += self._cuff.step(read_pane(observations), sent_s)
        self.unsure |= self._cuff.unsure
        return signals

    def _readings(
        self, observations: Iterable[Observation], sent_s: float | None, demo: Quality
    ) -> Iterable[Signal]:
        """Yield the values that are not the cuff's; a pulse that is says that there is no running pulse rate."""
        for observation in observations:
            value, quality = observation.value, observation.quality
            if observation.of_cuff:
                if observation.name != "PR":
                    continue
                value, quality = None, Quality.INVALID
            if self._agreement.accept(observation.name, value):
                yield NumericReading(observation.name, value, observation.unit, quality | demo, sent_s)
            else:
                self.unsure = True

    def _acknowledged(self, message: Message) -> list[Signal]:
        answer = message.first("MSA")
        if answer is None or answer.component(1) not in _REFUSALS:
            return []
        words = answer.component(3)
        return self._conditions.set("QUERY_REFUSED", f"{_REFUSED}: {words}" if words else _REFUSED)

    def _strange(self, message: Message) -> list[Signal]:
        """Tell of segments and value types nobody has described; each kind once."""
        signals: list[Signal] = []
        for segment in message.segments:
            if segment.id not in _KNOWN_SEGMENTS:
                signals += self._conditions.unknown(f"segment {segment.id}")
            elif segment.id == "OBX" and segment.field(2) != "NM" and not is_alert(segment):
                kind = f"OBX {segment.field(2)} {segment.component(3)} {segment.component(3, 2)}".strip()
                signals += self._conditions.unknown(kind)
        return signals


def _whole(message: Message) -> bool:
    """Whether the envelope is as every message of this family has it."""
    header: Segment = message.header
    sent = header.component(7)
    if not _TYPE.fullmatch(header.field(9)) or not _CONTROL_ID.fullmatch(header.field(10)):
        return False
    if header.field(11) not in ("P", "T", "D") or not _VERSION.fullmatch(header.component(12)):
        return False
    if sent and parse_timestamp(sent) is None:
        return False
    answer = message.first("MSA")
    return answer is None or answer.component(1) in _ACK_CODES
