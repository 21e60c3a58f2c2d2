"""How well a signal can be read: TE-02, -04, -05 and -11 of clinical.md §6.6."""

from dataclasses import replace

from monitor_app.core.alarm.confirmation import (
    PULSE_QUALITY,
    RATE_FROM_ECG,
    disagree,
    fresh_beats,
    rate_lead_off,
)
from monitor_app.core.alarm.facts import Facts
from monitor_app.core.alarm.limits import Parameter
from monitor_app.core.alarm.rule import (
    DURING_AND_AFTER,
    INF,
    NOT_MET,
    UNKNOWN,
    Case,
    Verdict,
    clear_hold,
    delay,
    margin,
)
from monitor_app.core.alarm.rules_saturation import held_verdict
from monitor_app.core.alarm.rules_sensor import signal_rule, since
from monitor_app.core.priority import Priority

_SENSOR_OFF = ("TE-03-M", "TE-03-L")


def _noisy(case: Case) -> Verdict:
    """TE-02: the ECG cannot be read; a lead that is off is told by TE-01 instead."""
    ecg = case.facts.ecg
    if ecg is None:
        return UNKNOWN
    limit = case.limit("quality")
    if ecg.quality >= limit or rate_lead_off(case.facts):
        return NOT_MET
    why = f": {ecg.reason}" if ecg.reason else ""
    return Verdict(
        met=True, value=ecg.quality, limit=limit, text=f"ECG unreadable{why}", severity=limit - ecg.quality
    )


def _searching(case: Case) -> Verdict:
    """TE-04: the oximeter looks for a pulse and finds none; not while the cuff is on its limb."""
    return held_verdict(case.facts) or since(
        case.facts.pleth_searching_since_t_ns, "SpO2 searching: no pulse found"
    )


def _low_perfusion(case: Case) -> Verdict:
    """TE-05: the perfusion index is below 0.4 %."""
    held = held_verdict(case.facts)
    shown = case.facts.pi
    if held or shown.value is None:
        return held or UNKNOWN
    limit = case.limit("limit_percent")
    met = shown.value < limit
    return Verdict(
        met=met,
        ended=shown.value >= limit + case.limit("clear_margin"),
        value=shown.value,
        limit=limit,
        text=f"Low perfusion: PI {shown.value:.2g} %",
        severity=limit - shown.value,
    )


def _rates_disagree(case: Case) -> Verdict:
    """TE-11: heart rate by ECG and pulse rate are more than max(10, 10 %) apart with a good pleth (clinical.md §5.8.2).

    Beat by beat where both are to be had, else by the displayed rates.
    """
    held = held_verdict(case.facts)
    pair = _two_rates(case.facts)
    if held or pair is None:
        return held or UNKNOWN
    heart, pulse = pair
    met = disagree(heart, pulse)
    return Verdict(
        met=met,
        ended=not met,
        value=heart,
        limit=pulse,
        text=f"HR {heart:.0f} by ECG, pulse {pulse:.0f}",
        severity=abs(heart - pulse),
    )


def _two_rates(facts: Facts) -> tuple[float, float] | None:
    """Return both rates of now, None where one is missing, poor or not from its own source."""
    if rate_lead_off(facts):
        return None
    beats, pulse = fresh_beats(facts), facts.pulse
    if beats is not None and pulse is not None and pulse.quality >= PULSE_QUALITY:
        by_beat = (beats.median_rate_per_min, pulse.median_rate_per_min)
        if by_beat[0] is not None and by_beat[1] is not None:
            return by_beat[0], by_beat[1]
    good = facts.pr.quality >= PULSE_QUALITY and (pulse is None or pulse.quality >= PULSE_QUALITY)
    shown = facts.hr.source in {"", RATE_FROM_ECG} and facts.hr.quality >= _USABLE
    if facts.hr.value is None or facts.pr.value is None or not (good and shown):
        return None
    return facts.hr.value, facts.pr.value


_USABLE = 0.5  # clinical.md §5.8.1
_QUALITY = Parameter("quality", _USABLE, _USABLE, _USABLE, "of 1", "clinical.md §5.8.1", looser=-1)

SIGNAL_RULES = (
    replace(
        signal_rule("TE-02-M", "ECG unreadable", Priority.MEDIUM, _noisy, _QUALITY, delay(60, 15, 60)),
        profiles=frozenset({INF}),
    ),
    replace(
        signal_rule("TE-02-L", "ECG unreadable", Priority.LOW, _noisy, _QUALITY, delay(15, 5, 30)),
        hidden_by=("TE-02-M", "TE-21", "AL-HR-01"),
    ),
    replace(
        signal_rule("TE-04", "SpO2 searching", Priority.MEDIUM, _searching, delay(15, 5, 30)),
        profiles=DURING_AND_AFTER,
        hidden_by=_SENSOR_OFF,
    ),
    replace(
        signal_rule(
            "TE-05",
            "Low perfusion",
            Priority.LOW,
            _low_perfusion,
            Parameter("limit_percent", 0.4, 0.2, 1, "%", looser=-1),
            delay(30, 10, 60),
            margin(0.1, "%"),
            clear_hold(5),
        ),
        hidden_by=_SENSOR_OFF,
    ),
    replace(
        signal_rule(
            "TE-11",
            "Heart and pulse rate disagree",
            Priority.LOW,
            _rates_disagree,
            delay(15, 5, 30),
            clear_hold(5),
        ),
        hidden_by=("TE-02-M", "TE-02-L"),
    ),
)
