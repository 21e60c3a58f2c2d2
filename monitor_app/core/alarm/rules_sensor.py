"""Sensors and cuff: TE-01, -03, -06, -07, -08 and -21 of clinical.md §6.6.

Where the document gives one row two priorities, each is a rule with a suffix; the lower hides behind the higher. What
the device or the schedule has dated counts from that date, so a delay is not begun anew by a change of phase.
"""

from dataclasses import replace

from devices.signals import NibpFailure
from monitor_app.core.alarm.confirmation import lead_off, rate_lead_off
from monitor_app.core.alarm.limits import Parameter
from monitor_app.core.alarm.rule import (
    ANY,
    INF,
    NOT_MET,
    PATIENT,
    PRE,
    REC,
    UNKNOWN,
    Case,
    Judge,
    Melody,
    Rule,
    Verdict,
    delay,
)
from monitor_app.core.alarm.rules_heart_rate import regular_pulse, silent_since_t_ns
from monitor_app.core.alarm.rules_saturation import held_verdict, usable_spo2
from monitor_app.core.alarm.silence import told_by
from monitor_app.core.phase import AlarmProfile
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import NS_PER_S


def technical_rule(
    rule_id: str, title: str, priority: Priority, judge: Judge, *parameters: Parameter
) -> Rule:
    """Declare a technical rule that is live wherever equipment is; technical rules never latch (clinical.md §5.4)."""
    return Rule(
        rule_id, title, AlarmClass.TECHNICAL, priority, ANY, judge, parameters, melody=Melody.EQUIPMENT
    )


def signal_rule(rule_id: str, title: str, priority: Priority, judge: Judge, *parameters: Parameter) -> Rule:
    """Declare a technical rule about a missing signal: with a patient only, and held while sensors are off on purpose."""
    rule = technical_rule(rule_id, title, priority, judge, *parameters)
    return replace(rule, profiles=PATIENT, signal_loss=True)


def since(t_ns: int | None, text: str) -> Verdict:
    """Return a verdict that is met from a dated instant on, and over when there is none."""
    return NOT_MET if t_ns is None else Verdict(met=True, text=text, since_t_ns=t_ns)


def _lead_off(case: Case) -> Verdict:
    """TE-01: one or more ECG leads are off; names them."""
    if not lead_off(case.facts):
        return NOT_MET
    names = ", ".join(case.facts.ecg_leads_off)
    text = f"ECG lead off: {names}" if names else "ECG lead off"
    return Verdict(met=True, text=text, since_t_ns=case.facts.ecg_lead_off_since_t_ns)


def _sensor_off(case: Case) -> Verdict:
    """TE-03: the SpO2 sensor is off the patient or unplugged."""
    return since(case.facts.spo2_sensor_off_since_t_ns, "SpO2 sensor off")


def _not_refreshed(case: Case) -> Verdict:
    """TE-06: no usable saturation for 30 s, counted from the last refresh of the number.

    Values of low quality or outside 50 to 100 % do not refresh it: what the SpO2 rules may not judge has to be told.
    While TE-09 tells that its monitor is silent it is held: the cause is known, and once the monitor is back its
    saturation has 30 s to come, too.
    """
    shown = case.facts.spo2
    if not shown.fitted:
        return UNKNOWN
    held = held_verdict(case.facts)
    if held is not None:
        return held
    if usable_spo2(case.facts) is not None:
        return Verdict(met=False, ended=True, text="SpO2 is back")
    told = told_by(case, shown.source)
    if told:
        return Verdict(hold=told, suppressor=told)
    text = "SpO2 not refreshed" if shown.value is None else "SpO2 not usable"
    last = shown.t_ns if shown.value is None else None
    return Verdict(met=True, text=text, limit=case.limit("delay_s"), since_t_ns=last)


def _ecg_signal_lost(case: Case) -> Verdict:
    """TE-21: no beat in the ECG for 4 s while the pleth goes on beating; AL-HR-01 takes over when it must."""
    from_ns = silent_since_t_ns(case.facts)
    if from_ns is None or rate_lead_off(case.facts):
        return NOT_MET
    due = from_ns + case.span_ns("no_beat_s")
    if case.facts.t_ns < due:
        return Verdict(met=False, ended=True, recheck_t_ns=due)
    return Verdict(met=True, text="ECG signal lost?") if regular_pulse(case.facts) else NOT_MET


def _cuff_failed(case: Case) -> Verdict:
    """TE-07: as many cuff cycles in a row gave no reading; over with the next accepted one.

    That a silent monitor did not answer is no second problem: TE-09 hides it while it tells of that monitor.
    """
    nibp = case.facts.nibp
    limit = case.limit("failures")
    if nibp.failures_in_a_row < limit:
        return NOT_MET
    cause = f": {nibp.last_failure}" if nibp.last_failure else ""
    return Verdict(
        met=True,
        value=nibp.failures_in_a_row,
        limit=limit,
        text=f"NIBP failed{cause}",
        severity=nibp.failures_in_a_row,
        suppressor=told_by(case, nibp.monitor) if nibp.last_failure == NibpFailure.NO_ANSWER.value else "",
        since_t_ns=nibp.last_failure_t_ns,
    )


def _overdue(case: Case) -> Verdict:
    """TE-08-L: no reading accepted within the interval + 2 min."""
    interval_s = case.facts.nibp.interval_s
    return _overdue_after(case, None if interval_s is None else interval_s + case.limit("grace_s"))


def _long_overdue(case: Case) -> Verdict:
    """TE-08-M: no reading accepted within twice the interval."""
    interval_s = case.facts.nibp.interval_s
    return _overdue_after(case, None if interval_s is None else interval_s * case.limit("intervals"))


def _overdue_after(case: Case, allowed_s: float | None) -> Verdict:
    nibp = case.facts.nibp
    if not nibp.fitted or allowed_s is None or nibp.overdue_since_t_ns is None:
        return NOT_MET
    due = nibp.overdue_since_t_ns + round(allowed_s * NS_PER_S)
    if case.facts.t_ns < due:
        return Verdict(met=False, ended=True, recheck_t_ns=due)
    waited_min = (case.facts.t_ns - nibp.overdue_since_t_ns) / NS_PER_S / 60
    return Verdict(
        met=True,
        value=waited_min,
        limit=allowed_s / 60,
        text=f"NIBP overdue: none for {waited_min:.0f} min",
        severity=waited_min,
    )


def _only(rule: Rule, *profiles: AlarmProfile, hidden_by: tuple[str, ...] = ()) -> Rule:
    return replace(rule, profiles=frozenset(profiles), hidden_by=hidden_by)


_LEAD_DELAY = delay(3, 0, 10)
_SENSOR_DELAY = delay(5, 0, 15)
_FAILED = "NIBP failed"
_OVERDUE = "NIBP overdue"

SENSOR_RULES = (
    _only(signal_rule("TE-01-M", "ECG lead off", Priority.MEDIUM, _lead_off, _LEAD_DELAY), INF),
    _only(signal_rule("TE-01-L", "ECG lead off", Priority.LOW, _lead_off, _LEAD_DELAY), PRE, REC),
    _only(signal_rule("TE-03-M", "SpO2 sensor off", Priority.MEDIUM, _sensor_off, _SENSOR_DELAY), INF, REC),
    _only(signal_rule("TE-03-L", "SpO2 sensor off", Priority.LOW, _sensor_off, _SENSOR_DELAY), PRE),
    replace(
        signal_rule("TE-06", "SpO2 not refreshed", Priority.MEDIUM, _not_refreshed, delay(30, 10, 30)),
        hidden_by=("TE-03-M", "TE-03-L"),  # the sensor being off already says why
    ),
    technical_rule(
        "TE-07-M", _FAILED, Priority.MEDIUM, _cuff_failed, Parameter("failures", 2, 2, 2, "cycles in a row")
    ),
    replace(
        technical_rule(
            "TE-07-L", _FAILED, Priority.LOW, _cuff_failed, Parameter("failures", 1, 1, 1, "cycles in a row")
        ),
        hidden_by=("TE-07-M",),
    ),
    technical_rule(
        "TE-08-M", _OVERDUE, Priority.MEDIUM, _long_overdue, Parameter("intervals", 2, 1.5, 2, "intervals")
    ),
    replace(
        technical_rule("TE-08-L", _OVERDUE, Priority.LOW, _overdue, Parameter("grace_s", 120, 30, 120, "s")),
        hidden_by=("TE-08-M",),
    ),
    replace(
        signal_rule(
            "TE-21",
            "ECG signal lost",
            Priority.MEDIUM,
            _ecg_signal_lost,
            Parameter("no_beat_s", 4, 3, 4, "s"),
        ),
        hidden_by=("AL-HR-01",),
    ),
)
