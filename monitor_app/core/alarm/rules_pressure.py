"""Blood pressure against limits and baseline: AL-BP-01 to -05 and -08 to -10 of clinical.md §6.2.

Each accepted reading is judged once, at the instant it comes and in the phase of that instant; between readings nothing
begins and nothing ends. All rules true of the same reading are one line on the screen, spoken for by the gravest
(clinical.md §5.8.6). A reading that is the re-take of the very one that began an alarm and is back within its limits
ends it with the note "not confirmed" (clinical.md §5.8.5); severe alarms stay latched all the same.

A condition with two numbers is met when either is beyond its limit, and over when both are back past their hysteresis.
Of a reading that gives a systolic pressure alone (a replayed file can) what can be judged is judged; it ends nothing if
readings were whole before, because what began the alarm may be what is missing.
"""

from dataclasses import replace

from monitor_app.core.alarm.comparison import Compared, above, any_of, at_least, at_most, below
from monitor_app.core.alarm.facts import NibpReading
from monitor_app.core.alarm.limits import Parameter
from monitor_app.core.alarm.rule import (
    DURING_AND_AFTER,
    PATIENT,
    UNKNOWN,
    Case,
    Judge,
    Melody,
    Rule,
    Verdict,
    margin,
    patient_rule,
)
from monitor_app.core.priority import Priority

MMHG = "mm[Hg]"
ONE_LINE = "nibp"
NOT_CONFIRMED = "not confirmed"
SEVERE_CARD = (  # clinical.md §6.2
    "Symptoms? Chest pain, breathless, severe headache, vision, weakness, confusion: EMERGENCY.",
    "Pump paused?",
    "Arm still, cuff size right, measuring again?",
    "Tell the prescriber.",
    "Drug given?",
)


def of_reading(case: Case, reading: NibpReading, verdict: Verdict) -> Verdict:
    """Mark a verdict as that of a reading, and as "not confirmed" where a normal re-take ends what one reading began."""
    unconfirmed = verdict.ended and reading.is_retake and case.own.readings == 1
    note = NOT_CONFIRMED if unconfirmed and case.rule.retake else ""
    return replace(verdict, from_reading=True, since_t_ns=reading.t_ns, note=note)


def _judged(case: Case, *parts: Compared) -> Verdict:
    reading = case.new_reading
    measured = [part for part in parts if part.measured]
    if reading is None or not measured:
        return UNKNOWN
    verdict = any_of(measured)
    if len(measured) < len(parts) and any(r.whole for r in case.facts.nibp.readings):
        verdict = replace(verdict, ended=False)
    return of_reading(case, reading, verdict)


def _severe(case: Case) -> Verdict:
    """AL-BP-01: SYS >= 180 or DIA >= 110; over below 175 and 107."""
    reading = case.new_reading
    if reading is None:
        return UNKNOWN
    sys_limit, dia_limit = case.limit("systolic_mmhg"), case.limit("diastolic_mmhg")
    return _judged(
        case,
        at_least(
            "SYS", reading.systolic_mmhg, sys_limit, clear_below=sys_limit - case.limit("clear_systolic")
        ),
        at_least(
            "DIA", reading.diastolic_mmhg, dia_limit, clear_below=dia_limit - case.limit("clear_diastolic")
        ),
    )


def _high(case: Case) -> Verdict:
    """AL-BP-02: SYS > 160 or DIA > 100; over at 155 and 97."""
    reading = case.new_reading
    if reading is None:
        return UNKNOWN
    sys_limit, dia_limit = case.limit("systolic_mmhg"), case.limit("diastolic_mmhg")
    return _judged(
        case,
        above("SYS", reading.systolic_mmhg, sys_limit, clear_at=sys_limit - case.limit("clear_systolic")),
        above("DIA", reading.diastolic_mmhg, dia_limit, clear_at=dia_limit - case.limit("clear_diastolic")),
    )


def _mean_high(case: Case) -> Verdict:
    """AL-BP-03: MAP > 120; over at 115."""
    reading = case.new_reading
    if reading is None:
        return UNKNOWN
    limit = case.limit("mean_mmhg")
    return _judged(case, above("MAP", reading.mean_mmhg, limit, clear_at=limit - case.limit("clear_mean")))


def _share_of_baseline(case: Case) -> Verdict:
    """AL-BP-04: SYS or DIA at 120 % of the baseline or more, and SYS >= 130 or DIA >= 80; over below 118 % of both."""
    reading, baseline = case.new_reading, case.facts.baseline
    if reading is None or baseline is None:
        return UNKNOWN
    share = case.limit("percent")
    clear = share - case.limit("clear_percent")
    verdict = _judged(
        case,
        _share("SYS", reading.systolic_mmhg, baseline.systolic_mmhg, (share, clear)),
        _share("DIA", reading.diastolic_mmhg, baseline.diastolic_mmhg, (share, clear)),
    )
    floor = reading.systolic_mmhg >= case.limit("floor_systolic") or (
        reading.diastolic_mmhg >= case.limit("floor_diastolic")
    )
    return replace(verdict, met=bool(verdict.met) and floor)


def _share(label: str, value: float, of: float, percents: tuple[float, float]) -> Compared:
    """Compare without dividing, so that 156 is exactly 120 % of 130."""
    share, clear = percents
    percent = 100 * value / of
    cleared = 100 * value < clear * of
    return Compared(
        met=100 * value >= share * of,
        cleared=cleared,
        value=value,
        limit=share * of / 100,
        text=f"{label} {'' if cleared else '↑'}{value:.0f}, {percent:.0f} % of {of:.0f}",
        severity=percent - share,
    )


def _rise(case: Case) -> Verdict:
    """AL-BP-05: 40 or more systolic or 25 or more diastolic over the baseline; over below 35 and 20."""
    reading, baseline = case.new_reading, case.facts.baseline
    if reading is None or baseline is None:
        return UNKNOWN
    return _judged(
        case,
        _risen(case, "systolic", reading.systolic_mmhg, baseline.systolic_mmhg),
        _risen(case, "diastolic", reading.diastolic_mmhg, baseline.diastolic_mmhg),
    )


def _risen(case: Case, which: str, value: float, base: float) -> Compared:
    label = "SYS" if which == "systolic" else "DIA"
    limit = base + case.limit(f"rise_{which}")
    compared = at_least(label, value, limit, clear_below=limit - case.limit(f"clear_{which}"))
    return replace(compared, text=f"{compared.text}, {value - base:+.0f} from {base:.0f}")


def _low(case: Case) -> Verdict:
    """AL-BP-08 (SYS < 90 or MAP < 60, over at 95 and 63) and AL-BP-09 (80, 50; 85 and 55)."""
    reading = case.new_reading
    if reading is None:
        return UNKNOWN
    sys_limit, map_limit = case.limit("systolic_mmhg"), case.limit("mean_mmhg")
    return _judged(
        case,
        below("SYS", reading.systolic_mmhg, sys_limit, clear_at=sys_limit + case.limit("clear_systolic")),
        below("MAP", reading.mean_mmhg, map_limit, clear_at=map_limit + case.limit("clear_mean")),
    )


def _fallen(case: Case) -> Verdict:
    """AL-BP-10: SYS at 70 % of the baseline or less; over above 75 %."""
    reading, baseline = case.new_reading, case.facts.baseline
    if reading is None or baseline is None:
        return UNKNOWN
    base = baseline.systolic_mmhg
    limit = case.limit("percent") * base / 100
    clear = (case.limit("percent") + case.limit("clear_percent")) * base / 100
    compared = at_most("SYS", reading.systolic_mmhg, limit, clear_above=clear)
    percent = 100 * reading.systolic_mmhg / base
    arrow = "" if compared.cleared else "↓"
    text = f"SYS {arrow}{reading.systolic_mmhg:.0f}, {percent:.0f} % of {base:.0f}"
    return _judged(case, replace(compared, text=text))


def pressure_rule(rule_id: str, title: str, priority: Priority, judge: Judge, *parameters: Parameter) -> Rule:
    """Declare a rule of this table for infusion and recovery; rows that differ say so."""
    rule = patient_rule(rule_id, title, priority, judge, *parameters, melody=Melody.CARDIOVASCULAR)
    return replace(rule, profiles=DURING_AND_AFTER, one_line=ONE_LINE)


def always(rule: Rule) -> Rule:
    """Return the rule for every phase with a patient, its readings re-taken."""
    return replace(rule, profiles=PATIENT, retake=True)


def mmhg(key: str, default: float, low: float, high: float, *, looser: int = 1) -> Parameter:
    """Declare a pressure; ``looser`` -1 where a lower one alarms later."""
    return Parameter(key, default, low, high, MMHG, looser=looser)


_CLEAR_SYS = margin(5, MMHG, "clear_systolic")
_CLEAR_DIA = margin(3, MMHG, "clear_diastolic")

SEVERE = replace(
    always(
        pressure_rule(
            "AL-BP-01",
            "Severe hypertension",
            Priority.HIGH,
            _severe,
            mmhg("systolic_mmhg", 180, 160, 200),
            mmhg("diastolic_mmhg", 110, 100, 120),
            _CLEAR_SYS,
            _CLEAR_DIA,
        )
    ),
    card=SEVERE_CARD,
)
HIGH = always(
    pressure_rule(
        "AL-BP-02",
        "Hypertension",
        Priority.MEDIUM,
        _high,
        mmhg("systolic_mmhg", 160, 140, 179),
        mmhg("diastolic_mmhg", 100, 90, 109),
        _CLEAR_SYS,
        _CLEAR_DIA,
    )
)
MEAN_HIGH = replace(
    pressure_rule(
        "AL-BP-03",
        "Mean pressure high",
        Priority.MEDIUM,
        _mean_high,
        mmhg("mean_mmhg", 120, 100, 140),
        margin(5, MMHG, "clear_mean"),
    ),
    profiles=PATIENT,
)
SHARE = pressure_rule(
    "AL-BP-04",
    "Blood pressure above baseline",
    Priority.LOW,
    _share_of_baseline,
    Parameter("percent", 120, 110, 150, "%"),
    mmhg("floor_systolic", 130, 130, 130),
    mmhg("floor_diastolic", 80, 80, 80),
    margin(2, "%", "clear_percent"),
)
RISE = replace(
    pressure_rule(
        "AL-BP-05",
        "Blood pressure rise",
        Priority.MEDIUM,
        _rise,
        mmhg("rise_systolic", 40, 20, 60),
        mmhg("rise_diastolic", 25, 15, 40),
        _CLEAR_SYS,
        margin(5, MMHG, "clear_diastolic"),
    ),
    retake=True,
)
LOW = always(
    pressure_rule(
        "AL-BP-08",
        "Hypotension",
        Priority.MEDIUM,
        _low,
        mmhg("systolic_mmhg", 90, 70, 110, looser=-1),
        mmhg("mean_mmhg", 60, 50, 75, looser=-1),
        _CLEAR_SYS,
        margin(3, MMHG, "clear_mean"),
    )
)
SEVERE_LOW = always(
    pressure_rule(
        "AL-BP-09",
        "Severe hypotension",
        Priority.HIGH,
        _low,
        mmhg("systolic_mmhg", 80, 60, 90, looser=-1),
        mmhg("mean_mmhg", 50, 40, 60, looser=-1),
        _CLEAR_SYS,
        margin(5, MMHG, "clear_mean"),
    )
)
FALLEN = pressure_rule(
    "AL-BP-10",
    "Blood pressure below baseline",
    Priority.MEDIUM,
    _fallen,
    Parameter("percent", 70, 60, 85, "%", looser=-1),
    margin(5, "%", "clear_percent"),
)
