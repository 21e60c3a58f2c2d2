"""Heart rate: the table of clinical.md §6.1.

The rate judged is the displayed one (ECG, else pulse, else cuff), at quality 0.5 or better; a worse one is no rate
(clinical.md §5.8.1). With an ECG lead off nothing that comes from the ECG is judged; the rate then falls back to the
pulse, and where there is none its alarms are hidden by TE-01 until the lead is back (clinical.md §5.4).
"""

from dataclasses import replace
from functools import partial

from monitor_app.core.alarm.comparison import Compared, above, at_least, below, one
from monitor_app.core.alarm.confirmation import (
    NOT_BY_PULSE,
    PULSE_QUALITY,
    PULSES,
    RATE_FROM_ECG,
    confirmed_by_pulse,
    fresh_beats,
    rate_lead_off,
)
from monitor_app.core.alarm.facts import Facts
from monitor_app.core.alarm.limits import Limits, Parameter
from monitor_app.core.alarm.rule import (
    DURING_AND_AFTER,
    INF,
    REC,
    UNKNOWN,
    Case,
    Melody,
    Verdict,
    clear_hold,
    delay,
    margin,
    patient_rule,
)
from monitor_app.core.alarm.silence import silent
from monitor_app.core.phase import AlarmProfile
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import NS_PER_S

RATE_FROM_PULSE = "PR"
USABLE_QUALITY = 0.5  # clinical.md §5.8.1

_PER_MIN = "/min"


def usable_rate(facts: Facts) -> float | None:
    """Return the rate a rule may judge, None where there is none."""
    hr = facts.hr
    if hr.value is None or hr.quality < USABLE_QUALITY:
        return None
    return None if hr.source == RATE_FROM_ECG and rate_lead_off(facts) else hr.value


def silent_since_t_ns(facts: Facts) -> int | None:
    """Return since when a good ECG signal has shown no beat; None where beats or signal are not to be had."""
    beats = facts.beats
    if beats is None or beats.signal_since_t_ns is None:
        return None
    last = beats.last_beat_t_ns
    return beats.signal_since_t_ns if last is None else max(last, beats.signal_since_t_ns)


def regular_pulse(facts: Facts) -> bool:
    """Whether a good pleth has shown at least 3 regular pulses in the last 4 s (clinical.md §5.8.3)."""
    pulse = facts.pulse
    return pulse is not None and pulse.quality >= PULSE_QUALITY and pulse.regular_pulses_last_4_s >= PULSES


def run_limits(limits: Limits, profile: AlarmProfile) -> tuple[float, float]:
    """Return the rates above and below which beats are counted for AL-HR-02 and AL-HR-07, as they are in force."""
    return (
        limits.get("AL-HR-02", "limit_per_min", profile),
        limits.get("AL-HR-07", "limit_per_min", profile),
    )


def no_rate(case: Case) -> Verdict:
    """Return the verdict without a usable rate: unknown, and hidden by TE-01 where a lead is off."""
    if not rate_lead_off(case.facts) or case.facts.hr.source not in {"", RATE_FROM_ECG}:
        return UNKNOWN
    return Verdict(suppressor="TE-01-M" if case.profile is INF else "TE-01-L")


def _tachycardia(case: Case) -> Verdict:
    """AL-HR-02, -03, -04: above a fixed limit, or a run of beats above it."""
    beats = fresh_beats(case.facts)
    return _beyond_limit(case, 0 if beats is None else beats.fast_run, high=True)


def _bradycardia(case: Case) -> Verdict:
    """AL-HR-06, -07: below a fixed limit, or a run of beats below it."""
    beats = fresh_beats(case.facts)
    return _beyond_limit(case, 0 if beats is None else beats.slow_run, high=False)


def _beyond_limit(case: Case, run: int, *, high: bool) -> Verdict:
    """Judge the displayed rate, and at once the run of beats where the rule has that form."""
    rate = usable_rate(case.facts)
    if rate is None and rate_lead_off(case.facts):
        return no_rate(case)
    limit = case.limit("limit_per_min")
    verdict = UNKNOWN
    if rate is not None:
        away = case.limit("clear_margin")
        if high:
            verdict = one(above("HR", rate, limit, clear_at=limit - away))
        else:
            verdict = one(below("HR", rate, limit, clear_at=limit + away))
    if run and "beats" in case.rule.keys and run >= case.limit("beats"):
        text = (
            verdict.text if verdict.met else f"HR {'above' if high else 'below'} {limit:.0f} for {run} beats"
        )
        verdict = replace(verdict, met=True, ended=False, at_once=True, value=rate, limit=limit, text=text)
    return confirmed_by_pulse(case, verdict, limit_per_min=limit, high=high)


def _asystole(case: Case) -> Verdict:
    """AL-HR-01: no beat for 4 s while the ECG signal has been there as long and no lead is off.

    Without beat-level facts (a replay of numerics) it cannot be judged. A pulse that goes on regularly puts it off to
    10 s after the last beat (clinical.md §5.8.3); TE-21 tells of the ECG meanwhile.
    """
    facts, beats = case.facts, case.facts.beats
    if rate_lead_off(facts):
        return no_rate(case)
    from_ns = silent_since_t_ns(facts)
    if beats is None or from_ns is None:
        return UNKNOWN
    limit = case.limit("no_beat_s")
    due = from_ns + case.span_ns("no_beat_s")
    silent_s = (facts.t_ns - from_ns) / NS_PER_S
    if facts.t_ns < due:
        ended = beats.beats_last_5_s >= case.limit("clear_beats")
        return Verdict(
            met=False, ended=ended, value=silent_s, limit=limit, text="Beats are back", recheck_t_ns=due
        )
    verdict = Verdict(
        met=True, value=silent_s, limit=limit, text=f"No beat for {silent_s:.0f} s", severity=silent_s
    )
    if not regular_pulse(facts):
        return verdict
    cap = from_ns + case.span_ns("pulse_veto_s")
    return replace(verdict, doubt=NOT_BY_PULSE, doubt_s=case.limit("pulse_veto_s"), cap_t_ns=cap)


def _above_baseline(case: Case) -> Verdict:
    """AL-HR-05: at least 30 above the patient's own baseline; not judged without one."""
    rate = usable_rate(case.facts)
    baseline = case.facts.baseline
    if rate is None:
        return no_rate(case)
    if baseline is None or baseline.hr_per_min is None:
        return UNKNOWN
    limit = baseline.hr_per_min + case.limit("rise_per_min")
    verdict = one(at_least("HR", rate, limit, clear_below=limit - case.limit("clear_margin")))
    change = f"{rate - baseline.hr_per_min:+.0f} from {baseline.hr_per_min:.0f}"
    return replace(verdict, text=f"{verdict.text}, {change}")


def _after_infusion(case: Case) -> Verdict:
    """AL-HR-08: from 30 min after the end, above both 110 and baseline + 20 %; over when below that.

    The 60 s count from the 30th minute at the earliest; without a baseline the fixed limit alone holds.
    """
    end = case.facts.infusion_end_t_ns
    rate = usable_rate(case.facts)
    if end is None or rate is None:
        return UNKNOWN if end is None else no_rate(case)
    limit = case.limit("limit_per_min")
    baseline = case.facts.baseline
    if baseline is not None and baseline.hr_per_min is not None:
        limit = max(limit, baseline.hr_per_min * (100 + case.limit("rise_percent")) / 100)
    start = end + round(case.limit("after_min") * 60 * NS_PER_S)
    text = above("HR", rate, limit, clear_at=limit).text
    compared = Compared(rate > limit, rate < limit, rate, limit, text, rate - limit)
    if case.facts.t_ns < start:
        return Verdict(met=False, ended=True, recheck_t_ns=start)
    return one(compared)


def _no_source(case: Case) -> Verdict:
    """AL-HR-09: a rate was to be had and no source gives a usable one; counts from its last refresh.

    It stays HIGH where the monitor is silent (clinical.md §6.6, TE-09), and says what to do then.
    """
    hr = case.facts.hr
    if not hr.fitted:
        return UNKNOWN
    limit = case.limit("delay_s")
    if usable_rate(case.facts) is not None:
        return Verdict(met=False, ended=True, limit=limit, text="Heart rate is back")
    since = hr.t_ns if hr.value is None else None
    cut_off = silent(case, hr.monitor or hr.source)
    why = "No heart rate · monitor silent: check its cable" if cut_off else "No heart rate from any source"
    return Verdict(met=True, limit=limit, text=why, severity=float(cut_off), since_t_ns=since)


def _limit(default: float, low: float, high: float, *, looser: int = 1) -> Parameter:
    return Parameter("limit_per_min", default, low, high, _PER_MIN, looser=looser)


_rule = partial(patient_rule, melody=Melody.CARDIOVASCULAR)
_TACHY = ("AL-HR-02",)
_HOLD = (
    Parameter("hold_s", 5, 0, 5, "s", "clinical.md §5.8.2"),
    Parameter("total_s", 10, 5, 10, "s", "clinical.md §5.8.2"),
)

HEART_RATE_RULES = (
    _rule(
        "AL-HR-01",
        "Asystole",
        Priority.HIGH,
        _asystole,
        Parameter("no_beat_s", 4, 3, 10, "s"),
        Parameter("clear_beats", 3, 2, 5, "beats in 5 s", looser=0),
        Parameter("pulse_veto_s", 10, 4, 10, "s", "clinical.md §5.8.3"),
    ),
    _rule(
        "AL-HR-02",
        "Extreme tachycardia",
        Priority.HIGH,
        _tachycardia,
        _limit(140, 130, 200),
        Parameter("beats", 17, 17, 17, "beats"),
        delay(5, 0, 5),
        margin(5, _PER_MIN),
        clear_hold(10),
        *_HOLD,
    ),
    replace(
        _rule(
            "AL-HR-03",
            "Tachycardia",
            Priority.MEDIUM,
            _tachycardia,
            _limit(120, 100, 160),
            delay(3, 0, 10),
            margin(5, _PER_MIN),
            clear_hold(5),
            *_HOLD,
        ),
        hidden_by=_TACHY,
    ),
    replace(
        _rule(
            "AL-HR-04",
            "Heart rate high for a minute",
            Priority.LOW,
            _tachycardia,
            _limit(110, 90, 130),
            delay(60, 15, 180),
            margin(5, _PER_MIN),
            clear_hold(15),
            *_HOLD,
        ),
        profiles=DURING_AND_AFTER,
        hidden_by=_TACHY,
    ),
    replace(
        _rule(
            "AL-HR-05",
            "Heart rate above baseline",
            Priority.LOW,
            _above_baseline,
            Parameter("rise_per_min", 30, 15, 60, _PER_MIN),
            delay(60, 15, 180),
            margin(5, _PER_MIN),
            clear_hold(15),
        ),
        profiles=DURING_AND_AFTER,
        hidden_by=_TACHY,
    ),
    replace(
        _rule(
            "AL-HR-06",
            "Bradycardia",
            Priority.MEDIUM,
            _bradycardia,
            _limit(50, 35, 60, looser=-1),
            delay(3, 0, 10),
            margin(3, _PER_MIN),
            clear_hold(5),
            *_HOLD,
        ),
        hidden_by=("AL-HR-01", "AL-HR-07"),
    ),
    replace(
        _rule(
            "AL-HR-07",
            "Extreme bradycardia",
            Priority.HIGH,
            _bradycardia,
            _limit(40, 30, 45, looser=-1),
            Parameter("beats", 5, 5, 5, "beats"),
            delay(3, 0, 5),
            margin(3, _PER_MIN),
            clear_hold(10),
            *_HOLD,
        ),
        hidden_by=("AL-HR-01",),
    ),
    replace(
        _rule(
            "AL-HR-08",
            "Heart rate not settled after the infusion",
            Priority.MEDIUM,
            _after_infusion,
            _limit(110, 90, 130),
            Parameter("rise_percent", 20, 10, 30, "%"),
            Parameter("after_min", 30, 20, 90, "min"),
            delay(60, 15, 180),
            clear_hold(60),
        ),
        profiles=frozenset({REC}),
        hidden_by=_TACHY,
    ),
    replace(
        _rule("AL-HR-09", "No heart rate", Priority.HIGH, _no_source, delay(10, 5, 30), clear_hold(5)),
        alarm_class=AlarmClass.TECHNICAL,
        profiles=frozenset({INF}),
        latching=False,
        melody=Melody.EQUIPMENT,
        signal_loss=True,
    ),
)
