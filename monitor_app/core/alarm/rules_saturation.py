"""Oxygen saturation: the table of clinical.md §6.3.

A value counts at quality 0.5 or better and from 50 to 100 % (clinical.md §5.8.1, §8.5); any other is no value, of which
TE-06 tells. While the cuff inflates on the limb of the probe, 60 s at most, the rules are held: nothing begins, nothing
ends, and a delay begins anew afterwards. There is no high-SpO2 alarm.
"""

from dataclasses import replace

from monitor_app.core.alarm.comparison import Compared, at_most, below, one
from monitor_app.core.alarm.facts import Facts
from monitor_app.core.alarm.limits import Parameter
from monitor_app.core.alarm.rule import (
    DURING_AND_AFTER,
    UNKNOWN,
    Case,
    Judge,
    Melody,
    Rule,
    Verdict,
    clear_hold,
    delay,
    margin,
    patient_rule,
)
from monitor_app.core.priority import Priority
from monitor_app.core.stamp import NS_PER_S

ALARM_VALID_PERCENT = (50.0, 100.0)  # clinical.md §8.5
USABLE_QUALITY = 0.5  # clinical.md §5.8.1
CUFF_HOLD_S = 60.0  # clinical.md §6.3
CUFF_HOLD = "cuff on the same limb"


def usable_spo2(facts: Facts) -> float | None:
    """Return the saturation a rule may judge, None where there is none."""
    shown = facts.spo2
    if shown.value is None or shown.quality < USABLE_QUALITY:
        return None
    low, high = ALARM_VALID_PERCENT
    return shown.value if low <= shown.value <= high else None


def cuff_hold_end_t_ns(facts: Facts) -> int | None:
    """Return until when SpO2 is held because the cuff is on its limb; None when it is not held."""
    since = facts.nibp.inflating_on_spo2_limb_since_t_ns
    if since is None:
        return None
    end = since + round(CUFF_HOLD_S * NS_PER_S)
    return end if facts.t_ns < end else None


def on_oxygen(facts: Facts) -> bool:
    """Whether oxygen is recorded as given; not recorded is room air."""
    return bool(facts.o2_l_per_min)


def held_verdict(facts: Facts) -> Verdict | None:
    """Return the verdict of every SpO2 rule while the cuff holds it; None when it does not."""
    end = cuff_hold_end_t_ns(facts)
    return None if end is None else Verdict(hold=CUFF_HOLD, recheck_t_ns=end)


def _low(case: Case) -> Verdict:
    """AL-SP-01, -02: below a fixed limit."""
    held = held_verdict(case.facts)
    value = usable_spo2(case.facts)
    if held or value is None:
        return held or UNKNOWN
    limit = case.limit("limit_percent")
    return one(below("SpO2", value, limit, clear_at=limit + case.limit("clear_margin")))


def _low_on_oxygen(case: Case) -> Verdict:
    """AL-SP-04: on oxygen and below its limit; once announced only the value ends it."""
    verdict = _low(case)
    return verdict if on_oxygen(case.facts) or verdict.met is None else replace(verdict, met=False)


def _falling_short(case: Case) -> Verdict:
    """AL-SP-03: below 94 on room air, or 4 or more below the baseline; over at 95, or less than 3 below it.

    What is still true of either form keeps it.
    """
    held = held_verdict(case.facts)
    value = usable_spo2(case.facts)
    if held or value is None:
        return held or UNKNOWN
    limit = case.limit("limit_percent")
    fixed = below("SpO2", value, limit, clear_at=limit + case.limit("clear_margin"))
    met_fixed = fixed.met and not on_oxygen(case.facts)
    relative = _below_baseline(case, value)
    if relative is None:
        return one(replace(fixed, met=met_fixed))
    met = met_fixed or relative.met
    shown = fixed if met_fixed else relative
    return one(replace(shown, met=met, cleared=fixed.cleared or relative.cleared))


def _below_baseline(case: Case, value: float) -> Compared | None:
    baseline = case.facts.baseline
    if baseline is None or baseline.spo2_percent is None:
        return None
    limit = baseline.spo2_percent - case.limit("fall_percent")
    return at_most("SpO2", value, limit, clear_above=limit + case.limit("clear_fall_margin"))


def _rule(rule_id: str, title: str, priority: Priority, judge: Judge, *parameters: Parameter) -> Rule:
    rule = patient_rule(rule_id, title, priority, judge, *parameters, melody=Melody.OXYGENATION)
    return rule if priority is Priority.HIGH else replace(rule, hidden_by=("AL-SP-01",))


def _limit(default: float, low: float, high: float) -> Parameter:
    return Parameter("limit_percent", default, low, high, "%", looser=-1)


SATURATION_RULES = (
    _rule(
        "AL-SP-01",
        "Desaturation",
        Priority.HIGH,
        _low,
        _limit(85, 75, 88),
        delay(10, 0, 20),
        margin(2, "%"),
        clear_hold(5),
    ),
    _rule(
        "AL-SP-02",
        "SpO2 low",
        Priority.MEDIUM,
        _low,
        _limit(90, 85, 94),
        delay(15, 0, 30),
        margin(1, "%"),
        clear_hold(5),
    ),
    replace(
        _rule(
            "AL-SP-03",
            "SpO2 below room-air limit or baseline",
            Priority.LOW,
            _falling_short,
            _limit(94, 90, 96),
            Parameter("fall_percent", 4, 2, 6, "%"),
            delay(30, 10, 120),
            margin(1, "%"),
            margin(1, "%", "clear_fall_margin"),
            clear_hold(10),
        ),
        profiles=DURING_AND_AFTER,
    ),
    replace(
        _rule(
            "AL-SP-04",
            "SpO2 low on oxygen",
            Priority.MEDIUM,
            _low_on_oxygen,
            _limit(92, 88, 95),
            delay(30, 10, 120),
            margin(1, "%"),
            clear_hold(10),
        ),
        profiles=DURING_AND_AFTER,
    ),
)
