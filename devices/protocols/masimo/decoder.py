"""Lines of a Masimo monitor into signals (protocols.md §6.1)."""

from devices.protocols.conditions import Conditions
from devices.protocols.masimo.exception_word import quality_of, tell, withholds
from devices.protocols.masimo.line import AsciiLine, is_known, is_number
from devices.protocols.masimo.reader import LineReader
from devices.protocols.middle import MiddleOfThree
from devices.signals import Counters, DeviceIdentity, NumericReading, Quality, Signal

SIMULATOR_NAME = "CHAIRSIDE-SIM"
_MAIN = (("SPO2", "SPO2", "%"), ("BPM", "PR", "/min"), ("PI", "PI", "%"))
"""Field, name, unit of what every model measures."""
_FURTHER = {
    "SPCO": "%",
    "SPMET": "%",
    "SPHB": "g/dL",
    "SPOC": "mL/dL",
    "PVI": "%",
    "DESAT": "1",
    "PIDELTA": "%",
}
"""What some models measure, under the device's own names, with UCUM units.

Told with every line once there has been a value, and before that once as missing: that the field is there is no secret.
"""
_OTHER_TEXT_AFTER = 3
"""So many lines of text in a row that are not ASCII1 are another output mode, no damage."""
_OTHER_TEXT = "text that is not ASCII1: set the serial output to ASCII 1 in the monitor's menu"


_SILENCE_S = 3.0
"""Lines come once a second (protocols.md §6.1); one or two may be damaged."""


class MasimoDecoder:
    """A sans-I/O decoder. Any bytes may be fed, cut anywhere."""

    def __init__(self) -> None:
        self._reader = LineReader()
        self._middle = MiddleOfThree()
        self._word: int | None = None  # EXC of the line before
        self._standing = 0  # what has stood in EXC for two lines, or in the first
        self._clock_s: float | None = None
        self._conditions = Conditions()
        self._named: set[str] = set()  # further fields that have been told of
        self._seen: set[str] = set()  # those of them that have had a value
        self._strange: frozenset[str] = frozenset()  # fields of the last line nobody has described
        self._serial: str | None = None
        self._new_serial: str | None = None
        self._other_lines = 0

    @property
    def counters(self) -> Counters:
        """See ``Decoder``."""
        return self._reader.counters

    @property
    def buffered(self) -> int:
        """Bytes held back because their line has not ended yet; at most 400."""
        return self._reader.buffered

    def feed(self, data: bytes) -> list[Signal]:
        """See ``Decoder``."""
        signals: list[Signal] = []
        for heard in self._reader.feed(data):
            if heard.line is not None:
                self._other_lines = 0
                signals += self._take(heard.line)
            elif heard.printable:
                self._other_lines += 1
                if self._other_lines == _OTHER_TEXT_AFTER:
                    signals += self._conditions.unknown(_OTHER_TEXT)
        return signals

    def _take(self, line: AsciiLine) -> list[Signal]:
        time_s = line.time.posix_s if line.time.valid else None
        self._follow(time_s)
        signals = self._who(line)
        before, self._word = self._word, line.exceptions
        # A flipped bit of one line is no event: a bit counts from its second line on, and no longer than it stands.
        self._standing = line.exceptions & (line.exceptions if before is None else before)
        signals += tell(self._standing, self._conditions)
        if int(line.fields.get("ALARM", "0"), 16):
            signals += self._conditions.unknown("ALARM word (its bits are not published)")
        if int(line.fields.get("EXC1", "0"), 16):
            signals += self._conditions.unknown("EXC1 word (its bits are not published)")
        for field, name, unit in _MAIN:
            if field in line.fields:
                signals += self._reading(line, field, (name, unit), time_s)
        return signals + self._further(line, time_s) + self._others(line, time_s)

    def _further(self, line: AsciiLine, time_s: float | None) -> list[Signal]:
        signals: list[Signal] = []
        for field, unit in _FURTHER.items():
            if field not in line.fields:
                continue
            if line.number(field) is not None:
                self._seen.add(field)
            if field in self._seen or field not in self._named:
                self._named.add(field)
                signals += self._reading(line, field, (field, unit), time_s)
        return signals

    def _reading(
        self, line: AsciiLine, field: str, named: tuple[str, str], time_s: float | None
    ) -> list[Signal]:
        number = line.number(field)
        if field in {"SPO2", "BPM"} and number == 0:
            number = None
        told: list[Signal] = []
        for believed in self._middle.take(field, number, sure=True):
            value, quality = believed, quality_of(line.exceptions)
            if value is not None and withholds(self._standing):
                value = None
                quality |= Quality.STALE
            if value is None:
                quality |= Quality.INVALID
            told.append(NumericReading(named[0], value, named[1], quality, time_s))
        return told

    def _follow(self, time_s: float | None) -> None:
        """Note a silence, by the monitor's own clock: a line far from the one before is no neighbour of it."""
        before, self._clock_s = self._clock_s, time_s
        if before is not None and time_s is not None and time_s - before > _SILENCE_S:
            self._middle.interrupt()
            self._word = None

    def _others(self, line: AsciiLine, time_s: float | None) -> list[Signal]:
        """Return that there are fields nobody has described, and what they say once two lines in a row have had them."""
        before = self._strange
        self._strange = frozenset(key for key in line.fields if not is_known(key))
        signals: list[Signal] = []
        for key in sorted(self._strange):
            signals += self._conditions.unknown(f"field {key}")
            if key in before and is_number(line.fields[key]):
                unit = "%" if line.fields[key].endswith("%") else "1"
                signals += self._reading(line, key, (key, unit), time_s)
        return signals

    def _who(self, line: AsciiLine) -> list[Signal]:
        """Return the identity the first time; a serial number that changes has to be seen twice."""
        serial = line.fields["SN"].strip("-")
        known, doubted = self._serial, self._new_serial
        self._new_serial = None
        if serial == known:
            return []
        if known is not None and serial != doubted:
            self._new_serial = serial
            return []
        self._serial = serial
        simulator = SIMULATOR_NAME in serial
        who = DeviceIdentity(
            "Chairside" if simulator else "Masimo", serial_number=serial, simulator=simulator
        )
        return [who] if serial else []
