"""The cuff as its label bits tell of it: when a measurement began, and how it ended (protocols.md §2.5, §2.7).

A result is the falling edge of the measuring bit, never a change of value: the new value stands there a second or two
before the bit clears, and two equal readings in a row are two results.

=============  ==================================  ===========================================
was            record                              says
=============  ==================================  ===========================================
first record   bit clear, values                   NIBP_HELD: of unknown age, no result
any            bit set                             progress MEASURING, once
measuring      bit set, values new                 nothing yet; their time is kept
measuring      bit clear, values, not "old"        result, idle
measuring      bit clear, no values, or "old"      failure without a cause, idle
idle           bit clear, other values, not "old"  result: the records in between were lost
idle           anything else                       nothing
=============  ==================================  ===========================================

"Old" is the monitor's mark for a reading of more than 60 s ago; where it also sends the time of its last reading
(auxiliary record), a time that has not moved says the same.
"""

from dataclasses import dataclass

from devices.protocols.conditions import Conditions
from devices.protocols.datex_dri import layout, numerics
from devices.protocols.datex_dri.numerics import group_state
from devices.signals import DeviceStatus, NibpFailure, NibpPhase, NibpProgress, NibpResult, Signal

AUTO, STAT, MEASURING, STASIS, CALIBRATING, OLD = 0x008, 0x010, 0x020, 0x040, 0x080, 0x100
_CONDITIONS = (
    ("NIBP_AUTO", AUTO),
    ("NIBP_STAT", STAT),
    ("NIBP_STASIS", STASIS),
    ("NIBP_CALIBRATING", CALIBRATING),
    ("NIBP_OLD", OLD),
)
_IDLE = NibpProgress(NibpPhase.IDLE)


@dataclass(frozen=True, slots=True)
class CuffValues:
    """A reading as the monitor shows it, in mmHg and beats a minute."""

    systolic_mmhg: float
    diastolic_mmhg: float
    mean_mmhg: float | None
    pulse_per_min: float | None


def read_cuff(part: bytes) -> CuffValues | None:
    """Return the reading in a basic record, None where there is none."""
    systolic, diastolic, mean, pulse = (
        field.read(part)[0]
        for field in (
            numerics.NIBP_SYSTOLIC,
            numerics.NIBP_DIASTOLIC,
            numerics.NIBP_MEAN,
            numerics.NIBP_PULSE,
        )
    )
    if systolic is None or diastolic is None:
        return None
    return CuffValues(systolic, diastolic, mean, pulse)


class NibpWatch:
    """Turns NIBP groups into progress and results; see the table above."""

    def __init__(self, conditions: Conditions) -> None:
        self._conditions = conditions
        self._begun = False
        self._measuring = False
        self._values: CuffValues | None = None
        self._old = False
        self._seen_s: float | None = None  # when the running measurement's values came to stand there
        self._last_reading_s: int | None = None
        self._reading_s_before: int | None = None

    def take_auxiliary(self, last_reading_s: int) -> None:
        """Take the monitor's time of its last reading, from the auxiliary part of the same record."""
        self._last_reading_s = last_reading_s

    def step(self, part: bytes, time_s: float | None) -> list[Signal]:
        """Take the NIBP group of a basic record."""
        status, label = group_state(part, layout.NIBP_AT)
        if not status & layout.EXISTS:
            label = 0
        values = read_cuff(part) if status & layout.EXISTS else None
        signals: list[Signal] = []
        for code, bit in _CONDITIONS:
            signals += self._conditions.set(code, "" if label & bit else None)
        old = bool(label & OLD)
        signals += self._edge(values, time_s, measuring=bool(label & MEASURING), old=old)
        self._values, self._old = values, old
        self._begun = True
        return signals

    def _edge(
        self, values: CuffValues | None, time_s: float | None, *, measuring: bool, old: bool
    ) -> list[Signal]:
        was, self._measuring = self._measuring, measuring
        new = values is not None and (values != self._values or (self._old and not old))
        if measuring:
            if was:
                self._seen_s = time_s if new else self._seen_s
                return []
            self._seen_s = None
            self._reading_s_before = self._last_reading_s
            return [NibpProgress(NibpPhase.MEASURING)]
        if was:
            same = self._last_reading_s is not None and self._last_reading_s == self._reading_s_before
            seen_s = time_s if self._seen_s is None or new else self._seen_s
            return [self._result(None if old or same else values, seen_s), _IDLE]
        if values is None:
            return []
        if not self._begun:
            return [_held(values)]
        return [self._result(values, time_s)] if values != self._values and not old else []

    def _result(self, values: CuffValues | None, seen_s: float | None) -> NibpResult:
        if values is None:
            # The wire has no cause.
            return NibpResult(None, None, None, failure=NibpFailure.ERROR)
        time_s = float(self._last_reading_s) if self._last_reading_s else seen_s
        return NibpResult(
            values.systolic_mmhg,
            values.diastolic_mmhg,
            values.mean_mmhg,
            values.pulse_per_min,
            device_time_s=time_s,
        )


def _held(values: CuffValues) -> DeviceStatus:
    reading = NibpResult(values.systolic_mmhg, values.diastolic_mmhg, values.mean_mmhg, values.pulse_per_min)
    mean = "?" if values.mean_mmhg is None else f"{values.mean_mmhg:.0f}"
    text = f"{values.systolic_mmhg:.0f}/{values.diastolic_mmhg:.0f} ({mean}) mmHg, time unknown"
    return DeviceStatus("NIBP_HELD", active=True, detail=text, held=reading)
