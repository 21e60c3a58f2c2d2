"""How long the patient stays after the infusion, and why (clinical.md §12 D1)."""

from dataclasses import dataclass

from monitor_app.core.phase import Phase
from monitor_app.core.stamp import NS_PER_S
from monitor_app.core.visit.care import ANTIHYPERTENSIVE, SEDATIVE, drug_group
from monitor_app.core.visit.facts import ClinicRules
from monitor_app.core.visit.infusion import infusion_of
from monitor_app.core.visit.state import Visit

RISK_AGE_YEARS = 50  # clinical.md §2.1, §12 D1
_INTRAVENOUS = frozenset({"", "iv", "i.v.", "intravenous"})  # a route not written is taken as intravenous


@dataclass(frozen=True, slots=True)
class RecoveryMinimum:
    """When the shortest observation ends, and the reason that made it as long as it is, in words."""

    t_ns: int
    reason: str

    def left_s(self, t_ns: int) -> float:
        """Seconds still to go; 0 when reached."""
        return max(0.0, (self.t_ns - t_ns) / NS_PER_S)


def at_risk(visit: Visit) -> bool:
    """Whether the risk badge shows: age 50 or more, or known hypertension (clinical.md §2.1)."""
    age = visit.patient("age_years")
    old = isinstance(age, (int, float)) and not isinstance(age, bool) and age >= RISK_AGE_YEARS
    return old or visit.patient("htn") is True


def recovery_minimum(visit: Visit, rules: ClinicRules) -> RecoveryMinimum | None:
    """The latest of the rules of D1; None before the infusion has ended (or recovery begun without one)."""
    infusion = infusion_of(visit)
    start_ns = infusion.t_end_ns if infusion.t_end_ns is not None else _recovery_entered_t_ns(visit)
    if start_ns is None:
        return None
    candidates = [_after(start_ns, rules.recovery_min, f"{rules.recovery_min:g} min after the infusion")]
    if any(visit.pressure_alarms.values()):
        candidates.append(
            _after(start_ns, rules.extended_min, f"{rules.extended_min:g} min: high pressure was confirmed")
        )
    if at_risk(visit):
        candidates.append(_after(start_ns, rules.extended_min, f"{rules.extended_min:g} min: risk badge"))
    for entry in visit.care:
        after_start = infusion.t0_ns is not None and entry.stamp.t_ns >= infusion.t0_ns
        group = drug_group(entry) if entry.kind == "drug" else ""
        route = str(entry.fields.get("route") or "").casefold()
        if after_start and route in _INTRAVENOUS and group in {SEDATIVE, ANTIHYPERTENSIVE}:
            drug = str(entry.fields.get("drug") or entry.text)
            reason = f"{rules.after_drug_min:g} min after {drug}"
            candidates.append(_after(entry.stamp.t_ns, rules.after_drug_min, reason))
    return max(candidates, key=lambda minimum: minimum.t_ns)


def _recovery_entered_t_ns(visit: Visit) -> int | None:
    return next((step.stamp.t_ns for step in visit.phases if step.to_phase is Phase.REC), None)


def _after(t_ns: int, minutes: float, reason: str) -> RecoveryMinimum:
    return RecoveryMinimum(t_ns + round(minutes * 60 * NS_PER_S), reason)
