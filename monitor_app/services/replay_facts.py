"""From rows of displayed values to what the alarm engine is told: values that hold, readings, their re-takes.

A value holds until the next row, 30 s at most; flags, oxygen and phase hold until the next row says otherwise. A heart
rate that is held counts as refreshed for as long as it is shown; a saturation is as old as its row, because TE-06 is
about its age (clinical.md §8.5). A respiratory rate of nought is more than none: no breath since it was first said, where
another had been said before (clinical.md §6.4).

A row with a systolic pressure is a reading (design.md §7); of one that names no diastolic the rules judge what they can.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from devices.signals import NibpResult
from monitor_app.core.alarm.confirmation import RATE_FROM_ECG, needed_for_rate
from monitor_app.core.alarm.facts import (
    NOT_FITTED,
    Facts,
    NibpFacts,
    NibpReading,
    Shown,
    SignalFacts,
)
from monitor_app.core.alarm.rules_heart_rate import RATE_FROM_PULSE, USABLE_QUALITY
from monitor_app.core.journal import Baseline
from monitor_app.core.nibp_acceptance import (
    DIASTOLIC_MIN_MMHG,
    PULSE_PRESSURE_MIN_MMHG,
    SYSTOLIC_MAX_MMHG,
    judge_reading,
)
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.core.stamp import NS_PER_S
from monitor_app.services.replay_csv import NumericRow

VALUE_HOLD_NS = 30 * NS_PER_S  # design.md §7
RETAKE_NS = (30 * NS_PER_S, 180 * NS_PER_S)  # design.md §7
RECOVERY_MINIMUM_NS = 30 * 60 * NS_PER_S  # clinical.md §12 D1
SAME_CYCLE_NS = 15 * NS_PER_S
"""A failure repeated on rows closer than this is one cycle: 30 s pass between two (clinical.md §8.4)."""
READINGS_KEPT = 12
QUIET_STATUS = frozenset(
    {"", "ok", "idle", "none", "ready", "start", "started", "inflating", "measuring", "deflating"}
)


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """What the file does not say. Times in seconds on the file's own axis.

    Without a phase, here or in the file, the infusion is taken: there every rule but those of the recovery is live.
    """

    phase: Phase = Phase.INF
    baseline: Baseline | None = None
    t_end_s: float | None = None
    bp_end: tuple[float, float] | None = None
    nibp_interval_s: float | None = None
    numerics: bool = False


@dataclass(slots=True)
class _Cuff:
    readings: tuple[NibpReading, ...] = ()
    failures: int = 0
    last_failure: str = ""
    last_failure_t_ns: int | None = None
    failing_row_t_ns: int | None = None
    counted_from_t_ns: int = 0
    inflating_since_t_ns: int | None = None


@dataclass(slots=True)
class ReplayFacts:
    """Takes the rows one after another and gives the facts of any instant up to the next row."""

    columns: frozenset[str]
    options: ReplayOptions
    start_t_ns: int
    _row: NumericRow = field(init=False)
    _phase: Phase = field(init=False)
    _cuff: _Cuff = field(init=False)
    _rate_until_ns: int = field(init=False)
    _spo2_t_ns: int = field(init=False)
    _lead_off_since: int | None = field(init=False, default=None)
    _breathed: bool = field(init=False, default=False)
    _no_breath_since: int | None = field(init=False, default=None)
    _end_t_ns: int | None = field(init=False, default=None)
    _end_systolic: float | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._row = NumericRow(self.start_t_ns, {})
        self._phase = self.options.phase
        self._cuff = _Cuff(counted_from_t_ns=self.start_t_ns)
        self._rate_until_ns = self._spo2_t_ns = self.start_t_ns
        if self.options.t_end_s is not None:
            self._end_t_ns = round(self.options.t_end_s * NS_PER_S)
        if self.options.bp_end is not None:
            self._end_systolic = self.options.bp_end[0]

    def take(self, row: NumericRow, *, retake_wanted: bool) -> None:
        """Take the next row; ``retake_wanted``: the reading before it was an alarming one."""
        if _usable_rate(self._row) is not None:
            self._rate_until_ns = min(row.t_ns, self._row.t_ns + VALUE_HOLD_NS)
        self._row = row
        if row.phase is not None and row.phase is not self._phase:
            self._change_phase(row.phase, row.t_ns)
        self._lead_off_since = (self._lead_off_since or row.t_ns) if row.lead_off else None
        if row.numbers.get("spo2") is not None:
            self._spo2_t_ns = row.t_ns
        self._take_breathing(row)
        self._take_cuff(row, retake_wanted=retake_wanted)

    def facts(self, t_ns: int) -> Facts:
        """Return what is known at an instant, no earlier than the last row taken and before the next."""
        o2 = self._row.numbers.get("o2_l_min")
        end = self._end_t_ns
        return Facts(
            t_ns=t_ns,
            phase=self._phase,
            hr=self._rate(t_ns),
            pr=self._shown("pr", "spo2_quality", RATE_FROM_PULSE, t_ns),
            spo2=self._saturation(t_ns),
            rr=self._shown("rr", "", "RR", t_ns),
            nibp=self._nibp(),
            ecg_leads_off=self._row.leads_off,
            ecg_lead_off_since_t_ns=self._lead_off_since,
            ecg=self._ecg(t_ns),
            pi=self._shown("pi", "", "SPO2", t_ns),
            no_breath_since_t_ns=self._no_breath_since if self._value("rr", t_ns) == 0 else None,
            o2_l_per_min=o2,
            baseline=self.options.baseline,
            infusion_end_t_ns=end if end is not None and t_ns >= end else None,
            infusion_end_systolic_mmhg=self._end_systolic,
            recovery_minimum_t_ns=None if end is None else end + RECOVERY_MINIMUM_NS,
        )

    def next_change_ns(self, t_ns: int) -> int | None:
        """Return when a held value goes stale, or the infusion ends, next after ``t_ns``."""
        times = [self._row.t_ns + VALUE_HOLD_NS]
        if self._end_t_ns is not None:
            times.append(self._end_t_ns)
        return min((t for t in times if t > t_ns), default=None)

    def _value(self, column: str, t_ns: int) -> float | None:
        return self._row.numbers.get(column) if t_ns < self._row.t_ns + VALUE_HOLD_NS else None

    def _shown(self, column: str, quality_column: str, source: str, t_ns: int) -> Shown:
        if column not in self.columns:
            return NOT_FITTED
        quality = self._row.numbers.get(quality_column)
        return Shown(self._value(column, t_ns), 1.0 if quality is None else quality, source, t_ns)

    def _rate(self, t_ns: int) -> Shown:
        """The displayed rate; without a usable one, its time is the last instant at which there was one."""
        row = self._row
        usable = _usable_rate(row)
        if usable is not None and t_ns < row.t_ns + VALUE_HOLD_NS:
            value, quality, source = usable
            return Shown(value, quality, source, t_ns)
        if not self.columns & {"hr", "pr"}:
            return NOT_FITTED
        lost = self._rate_until_ns if usable is None else row.t_ns + VALUE_HOLD_NS
        doubted = None if _lost(row) else self._value("hr", t_ns)
        return Shown(doubted, 0.0, RATE_FROM_ECG if "hr" in self.columns else RATE_FROM_PULSE, lost)

    def _ecg(self, t_ns: int) -> SignalFacts | None:
        """How well the ECG can be read, where the file says so."""
        quality = self._value("hr_quality", t_ns)
        return None if quality is None else SignalFacts(quality)

    def _saturation(self, t_ns: int) -> Shown:
        shown = self._shown("spo2", "spo2_quality", "SPO2", t_ns)
        return shown if not shown.fitted else Shown(shown.value, shown.quality, shown.source, self._spo2_t_ns)

    def _nibp(self) -> NibpFacts:
        cuff = self._cuff
        return NibpFacts(
            readings=cuff.readings,
            fitted="sys" in self.columns,
            failures_in_a_row=cuff.failures,
            last_failure_t_ns=cuff.last_failure_t_ns,
            last_failure=cuff.last_failure,
            interval_s=self.options.nibp_interval_s,
            overdue_since_t_ns=cuff.counted_from_t_ns,
            inflating_on_spo2_limb_since_t_ns=cuff.inflating_since_t_ns,
        )

    def _change_phase(self, phase: Phase, t_ns: int) -> None:
        """Going from infusion to recovery ends the infusion, unless the options say when it ended."""
        ends = self._phase.alarm_profile is AlarmProfile.INF and phase.alarm_profile is AlarmProfile.REC
        self._phase = phase
        if not ends:
            return
        if self.options.t_end_s is None:
            self._end_t_ns = t_ns
        if self.options.bp_end is None and self._cuff.readings:
            self._end_systolic = self._cuff.readings[-1].systolic_mmhg

    def _take_breathing(self, row: NumericRow) -> None:
        rate = row.numbers.get("rr")
        self._breathed = self._breathed or bool(rate)
        if rate != 0:
            self._no_breath_since = None
        elif self._breathed and self._no_breath_since is None:
            self._no_breath_since = row.t_ns

    def _take_cuff(self, row: NumericRow, *, retake_wanted: bool) -> None:
        cuff = self._cuff
        if not row.cuff_inflating:
            cuff.inflating_since_t_ns = None
        elif cuff.inflating_since_t_ns is None:
            cuff.inflating_since_t_ns = row.t_ns
        if row.nibp_status not in QUIET_STATUS:
            self._failed(row)
            return
        cuff.failing_row_t_ns = None
        self._measured(row, retake_wanted=retake_wanted)

    def _failed(self, row: NumericRow) -> None:
        cuff = self._cuff
        known = cuff.failing_row_t_ns is not None and row.t_ns - cuff.failing_row_t_ns < SAME_CYCLE_NS
        cuff.failing_row_t_ns = row.t_ns
        if not known:
            cuff.failures += 1
            cuff.last_failure, cuff.last_failure_t_ns = row.nibp_status, row.t_ns

    def _measured(self, row: NumericRow, *, retake_wanted: bool) -> None:
        """Take a reading that clinical.md §8.4 accepts; another is rejected and changes nothing."""
        pressures = accepted_pressures(row)
        if pressures is None:
            return
        systolic, diastolic, mean = pressures
        cuff = self._cuff
        last = cuff.readings[-1] if cuff.readings else None
        after_ns = 0 if last is None else row.t_ns - last.t_ns
        reading = NibpReading(
            seq=1 if last is None else last.seq + 1,
            t_ns=row.t_ns,
            systolic_mmhg=systolic,
            diastolic_mmhg=diastolic,
            mean_mmhg=mean,
            is_retake=retake_wanted and RETAKE_NS[0] <= after_ns <= RETAKE_NS[1],
        )
        cuff.readings = (*cuff.readings, reading)[-READINGS_KEPT:]
        cuff.failures, cuff.last_failure, cuff.last_failure_t_ns = 0, "", None
        cuff.counted_from_t_ns = row.t_ns


def accepted_pressures(row: NumericRow) -> tuple[float, float, float] | None:
    """Return systolic, diastolic and mean of a reading clinical.md §8.4 accepts; None for no reading or another.

    Without a diastolic it is NaN, and so is a mean the row does not give; what is there must be possible all the same.
    """
    systolic, diastolic, mean = (row.numbers.get(name) for name in ("sys", "dia", "map"))
    if systolic is None:
        return None
    if diastolic is not None:
        verdict = judge_reading(NibpResult(systolic, diastolic, mean))
        return (
            None
            if verdict.rejected or verdict.mean_mmhg is None
            else (systolic, diastolic, verdict.mean_mmhg)
        )
    possible = DIASTOLIC_MIN_MMHG + PULSE_PRESSURE_MIN_MMHG <= systolic <= SYSTOLIC_MAX_MMHG
    if not possible or (mean is not None and not DIASTOLIC_MIN_MMHG < mean < systolic):
        return None
    return systolic, math.nan, math.nan if mean is None else mean


def _lost(row: NumericRow) -> bool:
    """Whether a lead is off without which there is no heart rate."""
    return row.lead_off and needed_for_rate(row.leads_off)


def _usable_rate(row: NumericRow) -> tuple[float, float, str] | None:
    """Value, quality and source: the ECG's if its lead is on and its quality good, else the pulse's, if that is."""
    numbers = row.numbers
    for column, of, source in (("hr", "hr_quality", RATE_FROM_ECG), ("pr", "spo2_quality", RATE_FROM_PULSE)):
        value, quality = numbers.get(column), numbers.get(of)
        graded = 1.0 if quality is None else quality
        lost = source == RATE_FROM_ECG and _lost(row)
        if value is not None and graded >= USABLE_QUALITY and not lost:
            return value, graded, source
    return None


def shown_numbers(facts: Facts, columns: Iterable[str]) -> list[tuple[str, float | None, str]]:
    """Return name, value and unit of what a screen would show, by the names of design.md §7."""
    last = facts.nibp.readings[-1] if facts.nibp.readings else None
    of_columns = {
        "hr": ("HR", facts.hr.value, "/min"),
        "pr": ("PR", facts.pr.value, "/min"),
        "spo2": ("SPO2", facts.spo2.value, "%"),
        "rr": ("RR", facts.rr.value, "/min"),
        "sys": ("NIBP_SYS", last.systolic_mmhg if last else None, "mm[Hg]"),
        "dia": ("NIBP_DIA", last.diastolic_mmhg if last and last.whole else None, "mm[Hg]"),
    }
    fitted = set(columns)
    return [shown for column, shown in of_columns.items() if column in fitted]
