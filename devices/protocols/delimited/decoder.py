"""Records of a described protocol into signals."""

import re
from collections.abc import Callable, Iterator

from devices.protocols.agreement import Agreement
from devices.protocols.conditions import Conditions
from devices.protocols.delimited.layout import ChecksumKind, FieldLayout, LineForm, MonitorLayout, NibpLayout
from devices.protocols.delimited.lines import LineReader
from devices.protocols.delimited.record import Record, read_hl7, read_text
from devices.protocols.hl7.mllp import MllpReader
from devices.protocols.hl7.timestamp import parse_timestamp
from devices.protocols.nbp_watch import NbpPane, NbpWatch
from devices.signals import Counters, DeviceIdentity, NibpFailure, NumericReading, Quality, Signal

SIMULATOR_NAME = "CHAIRSIDE SIM"
_NUMBER = re.compile(r"[+-]?[0-9]{1,6}(?:\.[0-9]{1,4})?")


class DelimitedDecoder:
    """A sans-I/O decoder. Any bytes may be fed, cut anywhere.

    One malformed value of a described field discards its whole record. Without a checksum a jump is believed when the
    next record agrees; ``unsure`` says that something waits for that.
    """

    def __init__(self, layout: MonitorLayout, cuff: NbpWatch | None = None) -> None:
        self._layout = layout
        self._cuff = cuff or NbpWatch(live=False)
        self._agreement = Agreement() if layout.line.checksum is ChecksumKind.NONE else None
        self._conditions = Conditions()
        self._identity = ""
        self._reader: LineReader[list[Signal]] | MllpReader[list[Signal]]
        if layout.line.form is LineForm.HL7:
            self._reader = MllpReader(self._understand(read_hl7), self._damaged)
        else:
            read = self._understand(lambda line: read_text(layout.line, line))
            self._reader = LineReader(layout.line, read, self._damaged)
        self.unsure = False

    @property
    def counters(self) -> Counters:
        """See ``Decoder``."""
        return self._reader.counters

    @property
    def buffered(self) -> int:
        """Bytes held back because their record is not complete yet."""
        return self._reader.buffered

    def feed(self, data: bytes) -> list[Signal]:
        """See ``Decoder``."""
        return [signal for signals in self._reader.feed(data) for signal in signals]

    def _damaged(self) -> None:
        if self._agreement is not None:
            self._agreement.interrupt()
        self._cuff.interrupted()

    def _understand(self, read: Callable[[bytes], Record | None]) -> Callable[[bytes], list[Signal] | None]:
        def understand(data: bytes) -> list[Signal] | None:
            record = read(data)
            return None if record is None else self._signals(record)

        return understand

    def _signals(self, record: Record) -> list[Signal] | None:
        layout = self._layout
        present = [f for f in layout.fields if f.field in record.texts]
        cuff = [f for f in layout.nibp.values if f.field in record.texts] if layout.nibp else []
        values = {f.field: read_value(f, record.texts[f.field]) for f in (*present, *cuff)}
        clock = record.texts.get(layout.clock, "") if layout.clock else record.sent
        if any(value is _MALFORMED for value in values.values()) or not self._clock_ok(clock):
            return None
        if not values and layout.line.form is not LineForm.HL7:
            return None
        now_s = self._device_time(clock)
        numbers = {field: value for field, value in values.items() if not isinstance(value, str)}
        pane = read_pane(layout.nibp, record, numbers) if layout.nibp and cuff else None
        signals = [*self._about(record)]
        self.unsure = False
        for field in present:
            signals += self._reading(field, numbers[field.field], record, now_s)
        if pane is not None:
            signals += self._cuff.step(pane, now_s)
        elif cuff:
            signals += self._conditions.unknown("cuff reading with an unknown status or time")
        self.unsure |= self._cuff.unsure
        return signals

    def _about(self, record: Record) -> Iterator[Signal]:
        """Yield what is not a number: identity, alarm, fields nobody has described."""
        layout = self._layout
        words = record.texts.get(layout.identity, "") if layout.identity else record.sender
        if words and words != self._identity:
            self._identity = words
            yield identity_of(layout, words)
        if layout.alarm in record.texts:
            alarm = record.texts[layout.alarm]
            yield from self._conditions.set("MONITOR_ALARM", None if alarm in ("", *layout.quiet) else alarm)
        for field in record.texts.keys() - layout.known_fields:
            yield from self._conditions.unknown(f"field {field}")

    def _reading(
        self, field: FieldLayout, value: float | None, record: Record, now_s: float | None
    ) -> Iterator[Signal]:
        if self._agreement is not None and not self._agreement.accept(field.name, value):
            self.unsure = True
            return
        quality = Quality.GOOD if value is not None else Quality.INVALID
        if field.field in record.doubtful:
            quality |= Quality.QUESTIONABLE
        if record.demo:
            quality |= Quality.DEMO
        yield NumericReading(field.name, value, field.unit, quality, now_s)

    def _clock_ok(self, text: str) -> bool:
        if self._layout.clock_form is not None:
            return not text or self._layout.clock_form.valid(text)
        return not text or parse_timestamp(text) is not None

    def _device_time(self, text: str) -> float | None:
        if self._layout.clock_form is not None:
            return self._layout.clock_form.posix_s(text)
        return parse_timestamp(text)


_MALFORMED = "malformed"


def read_value(field: FieldLayout, text: str) -> float | str | None:
    """Return the number a text stands for, None where it stands for none, ``malformed`` where it is neither."""
    if text == "" or text in field.invalid:
        return None
    if field.width and len(text) != field.width:
        return _MALFORMED
    digits = text.removesuffix(field.suffix)
    if (field.suffix and digits == text) or not _NUMBER.fullmatch(digits):
        return _MALFORMED
    # Through a rounding, so that 366 at a scale of 0.1 is the nearest float to 36.6.
    value = round(float(digits) * field.scale, 9)
    return value if field.low <= value <= field.high else None


def read_pane(layout: NibpLayout, record: Record, numbers: dict[str, float | None]) -> NbpPane | None:
    """Gather what a record says of the cuff; None when its status or its time is not one that is described."""
    systolic, diastolic = numbers.get(layout.systolic.field), numbers.get(layout.diastolic.field)
    mean = numbers.get(layout.mean.field) if layout.mean is not None else None
    if layout.time:
        times = {record.texts.get(layout.time, "")} - {"", *layout.systolic.invalid}
    else:
        times = {record.times.get(f.field, "") for f in (layout.systolic, layout.diastolic)} - {""}
    if not all(layout.time_form.valid(text) for text in times):
        return None
    failure = _failure(layout, record)
    status = record.texts.get(layout.status, "") if layout.status else ""
    if status and failure is None and status not in layout.ok:
        return None
    return NbpPane(
        pressures=(None, None, None) if failure is not None else (systolic, diastolic, mean),
        pulse_per_min=numbers.get(layout.pulse.field) if layout.pulse is not None else None,
        failure=failure,
        doubtful=bool(record.doubtful & {f.field for f in layout.values}),
        times=tuple(sorted(times)),
        measured_s=layout.time_form.posix_s(next(iter(times))) if len(times) == 1 else None,
    )


def _failure(layout: NibpLayout, record: Record) -> NibpFailure | None:
    if layout.systolic.field in record.questioned:
        return NibpFailure.ERROR
    return dict(layout.failures).get(record.texts.get(layout.status, "")) if layout.status else None


def identity_of(layout: MonitorLayout, words: str) -> DeviceIdentity:
    """Return who the monitor says it is."""
    simulator = SIMULATOR_NAME in words.upper().replace("-", " ")
    return DeviceIdentity(
        manufacturer="Chairside" if simulator else layout.manufacturer,
        model=words if simulator else f"{layout.model} {words}".strip(),
        simulator=simulator,
    )
