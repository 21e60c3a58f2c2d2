"""Respiration: the table of clinical.md §6.4.

Two sources may speak: a device (impedance, capnometer), whose value waits out its delay, and a nurse's count, which tells
at once. Either beyond its limit begins an alarm; it is over when both are back. A count holds until the next one is due,
15 min later (clinical.md §4.1); an alarm it began stays until somebody counts again or the device's value is back. The
document gives no clearing values: one breath a minute inside the limit for 10 s, and after "no breath" a breath again
(docs/decisions/0014).
"""

from dataclasses import replace
from functools import partial

from monitor_app.core.alarm.comparison import Compared, above, any_of, below, one
from monitor_app.core.alarm.facts import Facts
from monitor_app.core.alarm.limits import Parameter
from monitor_app.core.alarm.rule import (
    DURING_AND_AFTER,
    NOT_MET,
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

USABLE_QUALITY = 0.5  # clinical.md §5.8.1
COUNT_HOLDS_NS = 15 * 60 * NS_PER_S  # clinical.md §4.1
_PER_MIN = "/min"


def device_rr(facts: Facts) -> float | None:
    """Return the device's respiratory rate a rule may judge, None where there is none."""
    shown = facts.rr
    return None if shown.value is None or shown.quality < USABLE_QUALITY else shown.value


def counted_rr(facts: Facts) -> float | None:
    """Return the nurse's count while it holds."""
    counted = facts.nurse.rr_counted
    return None if counted is None or facts.t_ns >= counted.t_ns + COUNT_HOLDS_NS else counted.value


def _no_breath(case: Case) -> Verdict:
    """AL-RR-01: the device has seen no breath for 20 s; a breath ends it."""
    since = case.facts.no_breath_since_t_ns
    if since is None:
        return NOT_MET if case.facts.rr.fitted else UNKNOWN
    due = since + case.span_ns("no_breath_s")
    if case.facts.t_ns < due:
        return Verdict(met=False, recheck_t_ns=due)
    silent_s = (case.facts.t_ns - since) / NS_PER_S
    return Verdict(
        met=True,
        value=silent_s,
        limit=case.limit("no_breath_s"),
        text=f"No breath for {silent_s:.0f} s",
        severity=silent_s,
    )


def _slow(case: Case) -> Verdict:
    """AL-RR-02, -03: below the limit."""
    limit = case.limit("limit_per_min")
    return _beyond(case, partial(below, limit=limit, clear_at=limit + case.limit("clear_margin")))


def _fast(case: Case) -> Verdict:
    """AL-RR-04: above the limit."""
    limit = case.limit("limit_per_min")
    return _beyond(case, partial(above, limit=limit, clear_at=limit - case.limit("clear_margin")))


def _beyond(case: Case, compare: "partial[Compared]") -> Verdict:
    device, counted = device_rr(case.facts), counted_rr(case.facts)
    measured = None if device is None else compare("RR", device)
    count = None if counted is None else compare("RR counted", counted)
    parts = [part for part in (count, measured) if part is not None]
    if not parts:
        return UNKNOWN
    verdict = any_of(parts) if len(parts) > 1 else one(parts[0])
    note = case.facts.nurse.rr_counted
    until = None if count is None or note is None else note.t_ns + COUNT_HOLDS_NS
    return replace(verdict, at_once=count is not None and count.met, recheck_t_ns=until)


def _rule(rule_id: str, title: str, priority: Priority, judge: Judge, *parameters: Parameter) -> Rule:
    rule = patient_rule(rule_id, title, priority, judge, *parameters, melody=Melody.VENTILATION)
    return replace(rule, profiles=DURING_AND_AFTER)


def _limit(default: float, low: float, high: float, *, looser: int) -> Parameter:
    return Parameter("limit_per_min", default, low, high, _PER_MIN, looser=looser)


RESPIRATION_RULES = (
    _rule("AL-RR-01", "No breath", Priority.HIGH, _no_breath, Parameter("no_breath_s", 20, 15, 40, "s")),
    replace(
        _rule(
            "AL-RR-02",
            "Breathing very slow",
            Priority.HIGH,
            _slow,
            _limit(8, 5, 10, looser=-1),
            delay(15, 0, 30),
            margin(1, _PER_MIN),
            clear_hold(10),
        ),
        hidden_by=("AL-RR-01",),
    ),
    replace(
        _rule(
            "AL-RR-03",
            "Breathing slow",
            Priority.MEDIUM,
            _slow,
            _limit(10, 7, 12, looser=-1),
            delay(30, 0, 60),
            margin(1, _PER_MIN),
            clear_hold(10),
        ),
        hidden_by=("AL-RR-01", "AL-RR-02"),
    ),
    _rule(
        "AL-RR-04",
        "Breathing fast",
        Priority.MEDIUM,
        _fast,
        _limit(30, 22, 40, looser=1),
        delay(30, 0, 60),
        margin(1, _PER_MIN),
        clear_hold(10),
    ),
)
