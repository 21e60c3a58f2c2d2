"""Bytes of a Nellcor oximeter into signals (protocols.md §6.2)."""

import re

from devices.protocols.nellcor.conditions import LineConditions, quality_of
from devices.protocols.nellcor.lines import LineReader
from devices.protocols.nellcor.records import (
    CODES,
    Columns,
    Heading,
    Info,
    Limits,
    Measurement,
    Menu,
    Number,
    Record,
    Setup,
    TrendEnd,
    read_line,
)
from devices.protocols.nellcor.trust import LineTrust, Witness, pr_limits, spo2_limits, witness
from devices.signals import Counters, DeviceIdentity, NumericReading, Quality, Signal

SIMULATOR_MODEL = "CHAIRSIDE-SIM"
_TEXT = re.compile(rb"[ -~]*[A-Za-z]{2}[ -~]*\r{0,2}\n")
_DIGIT = re.compile(r"[0-9]")
_DETAIL_CHARS = 40


class NellcorDecoder:
    """A sans-I/O decoder. Any bytes may be fed, cut anywhere.

    Each line gives SPO2, PR and (where the model has the column) PA, with the monitor's clock as a tag. A number that
    is not believed yet is left out of its line (``LineTrust``). PA is the pulse amplitude, 0 to 255 without a unit.
    """

    def __init__(self) -> None:
        self._reader = LineReader()
        self._trust = LineTrust()
        self._conditions = LineConditions()
        self._limits: Limits | None = None  # None also while a change is waiting to be confirmed
        self._last_limits: Limits | None = None
        self._amplitude: bool | None = None  # whether the model has that column, once it has said so
        self._named: tuple[str, str] | None = None  # model and version of the last heading
        self._identity: DeviceIdentity | None = None
        self._trend = False
        self._menu = False

    @property
    def counters(self) -> Counters:
        """See ``Decoder``."""
        return self._reader.counters

    @property
    def buffered(self) -> int:
        """Bytes of a line that has no end yet; at most 128."""
        return self._reader.buffered

    @property
    def menu_open(self) -> bool:
        """Whether the monitor is in interactive mode and therefore silent."""
        return self._menu

    def feed(self, data: bytes) -> list[Signal]:
        """See ``Decoder``."""
        signals: list[Signal] = []
        for line in self._reader.feed(data):
            if not line.strip():
                self._reader.skip_empty(line)
                continue
            found = read_line(line)
            if found is None or not self._fits(found[0]):
                self._reader.reject(line)
                self._trust.interrupt()
                signals += self._unknown_line(line)
            else:
                self._reader.accept(found[1])
                signals += self._take(found[0])
        return signals

    def _fits(self, record: Record) -> bool:
        """Whether a data line has the columns that the heading announced."""
        if not isinstance(record, Measurement) or self._amplitude is None:
            return True
        return (record.amplitude is not None) == self._amplitude

    def _take(self, record: Record) -> list[Signal]:
        self._menu = isinstance(record, Menu) or (self._menu and isinstance(record, Info))
        if isinstance(record, Measurement):
            return [] if self._trend else self._measured(record)
        if isinstance(record, Columns):
            self._amplitude = record.amplitude
        elif isinstance(record, Setup):
            return self._conditions.setup(record.words)
        elif isinstance(record, Info):
            return self._name(record.model, record.version)
        elif isinstance(record, TrendEnd):
            return self._print_trend(begins=False)
        return self._headed(record) if isinstance(record, Heading) else []

    def _measured(self, line: Measurement) -> list[Signal]:
        codes = frozenset(line.codes) & CODES.keys()
        signals = self._conditions.line(codes)
        for code in line.codes:
            if code not in CODES:
                signals += self._conditions.twice_unknown(f"status {code}")
        quality = quality_of(codes)
        spo2_said = witness(line.spo2, spo2_limits(self._limits), codes & {"SL", "SH"})
        pr_said = witness(line.pr, pr_limits(self._limits), codes & {"PL", "PH"})
        # Real monitors print 0 while they search for a pulse: that is no value.
        columns = [
            ("SPO2", _valued(line.spo2), "%", spo2_said),
            ("PR", _valued(line.pr), "/min", pr_said),
        ]
        if line.amplitude is not None:
            columns.append(("PA", line.amplitude.value, "1", Witness.NONE))
        off = bool(quality & Quality.SENSOR_OFF)
        for name, number, unit, said in columns:
            value = None if off else number
            if self._trust.accept(name, value, said):
                mark = quality if value is not None else quality | Quality.INVALID
                number_read = None if value is None else float(value)
                signals.append(NumericReading(name, number_read, unit, mark, line.time_s))
        return signals

    def _headed(self, heading: Heading) -> list[Signal]:
        signals = self._name(heading.model, heading.version) + self._print_trend(begins=heading.trend)
        # One heading may be damaged: limits that changed are used when the next one repeats them.
        settled = self._last_limits is None or heading.limits == self._last_limits
        self._last_limits = heading.limits
        self._limits = heading.limits if settled else None
        return signals + (self._conditions.limits(heading.limits) if settled else [])

    def _print_trend(self, *, begins: bool) -> list[Signal]:
        self._trend = begins
        return self._conditions.trend(printing=begins)

    def _name(self, model: str, version: str) -> list[Signal]:
        """Tell who it is: at once the first time, another name only when it comes twice on end."""
        settled = self._identity is None or self._named == (model, version)
        self._named = (model, version)
        simulator = model == SIMULATOR_MODEL
        maker = "Chairside" if simulator else "Nellcor"
        identity = DeviceIdentity(maker, model, firmware=version, simulator=simulator)
        if not settled or identity == self._identity:
            return []
        self._identity = identity
        return [identity]

    def _unknown_line(self, line: bytes) -> list[Signal]:
        if not _TEXT.fullmatch(line):
            return []
        # The same kind of line differs in its numbers only.
        shape = _DIGIT.sub("0", line.decode("ascii").strip())[:_DETAIL_CHARS].strip()
        return self._conditions.twice_unknown(shape)


def _valued(number: Number) -> int | None:
    return number.value or None
