"""Bytes of a DRI monitor into signals (protocols.md §2)."""

from devices.protocols.datex_dri import layout, vitals
from devices.protocols.datex_dri.alarms import STATUS_TYPE, AlarmWatch, parse_alarms
from devices.protocols.datex_dri.conditions import ManyConditions
from devices.protocols.datex_dri.ecg import EcgState
from devices.protocols.datex_dri.frames import FrameReader
from devices.protocols.datex_dri.nibp_watch import NibpWatch
from devices.protocols.datex_dri.numerics import Extras, unread_groups
from devices.protocols.datex_dri.records import LEVEL_YEARS, MainType, Record, parse_record
from devices.protocols.datex_dri.requests import RecordType
from devices.protocols.datex_dri.waves import WaveDecoder
from devices.signals import Counters, Signal


class DatexDriDecoder:
    """A sans-I/O decoder. Any bytes may be fed, cut anywhere.

    Trend records are of the past: they are noted and never taken for values of now.
    """

    def __init__(self) -> None:
        self._reader = FrameReader()
        self._conditions = ManyConditions()
        self._ecg = EcgState(self._conditions)
        self._extras = Extras()
        self._nibp = NibpWatch(self._conditions)
        self._waves = WaveDecoder(self._ecg, self._conditions)
        self._alarms = AlarmWatch(self._conditions)
        self.level = 0
        """The monitor's interface level; 0 before its first record."""
        self.numeric_records = 0
        self.wave_records = 0

    @property
    def counters(self) -> Counters:
        """See ``Decoder``."""
        return self._reader.counters

    @property
    def buffered(self) -> int:
        """Bytes held back because their frame is not complete yet; at most ``LONGEST_FRAME``."""
        return self._reader.buffered

    def feed(self, data: bytes) -> list[Signal]:
        """See ``Decoder``."""
        signals: list[Signal] = []
        for raw in self._reader.feed(data):
            record = parse_record(raw)
            if record is None:
                signals += self._conditions.unknown("record with a broken table")
            else:
                signals += self._take(record)
        return signals

    def _take(self, record: Record) -> list[Signal]:
        signals: list[Signal] = []
        if record.level and record.level != self.level:
            self.level = record.level
            year = LEVEL_YEARS.get(record.level, "unknown")
            signals += self._conditions.set("DRI_LEVEL", f"{record.level} ({year})")
        if record.main_type == MainType.NUMERICS:
            return signals + self._take_numerics(record)
        if record.main_type == MainType.WAVE:
            self.wave_records += 1
            return signals + self._waves.take(record)
        if record.main_type == MainType.ALARM:
            return signals + self._take_alarms(record)
        return signals + self._conditions.unknown(f"main type {record.main_type & 0xFFFF:02X}")

    def _take_numerics(self, record: Record) -> list[Signal]:
        signals: list[Signal] = []
        displayed: list[bytes] = []
        for kind, part in record.parts:
            if kind == RecordType.DISPLAYED and len(part) >= layout.SUBRECORD_BYTES:
                displayed.append(part)
            elif kind == RecordType.AUXILIARY and len(part) >= layout.AUXILIARY_BYTES:
                self._nibp.take_auxiliary(int.from_bytes(part[:4], "little"))
            else:
                signals += self._conditions.unknown(f"numerics type {kind:02X}, {len(part)} bytes")
        self.numeric_records += bool(displayed)
        for part in displayed:
            signals += self._take_class(part, record.device_time_s)
        return signals

    def _take_class(self, part: bytes, time_s: float | None) -> list[Signal]:
        kind = layout.class_of(part)
        if kind not in layout.GROUPS:
            return self._conditions.unknown(f"numerics class {kind:X}")
        signals: list[Signal] = []
        if kind == layout.BASIC:
            signals += self._take_basic(part, time_s)
        elif kind == layout.EXT1:
            signals += self._ecg.take_rhythm(part)
        signals += self._extras.take(kind, part, time_s)
        for name in unread_groups(kind, part):
            signals += self._conditions.unknown(f"numerics {name}")
        return signals

    def _take_basic(self, part: bytes, time_s: float | None) -> list[Signal]:
        return [
            *self._ecg.take_basic(part),
            *vitals.heart_readings(part, self._ecg, self._extras, time_s),
            *vitals.oxygen_signals(part, self._conditions, time_s),
            vitals.breath_reading(part, time_s),
            *vitals.temperature_readings(part, self._extras, time_s),
            *self._nibp.step(part, time_s),
        ]

    def _take_alarms(self, record: Record) -> list[Signal]:
        signals: list[Signal] = []
        for kind, part in record.parts:
            message = parse_alarms(part) if kind == STATUS_TYPE else None
            if message is None:
                signals += self._conditions.unknown(f"alarm type {kind:02X}, {len(part)} bytes")
            else:
                signals += self._alarms.take(message)
        return signals
