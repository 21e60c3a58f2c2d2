"""Limits worked out from the frozen baseline, for confirmation (clinical.md §5.6, the auto-limits of a large vendor).

Only the milder rule of each sign moves: what is HIGH stays as it is, and no proposal goes beyond it or outside the range
a clinic may choose from. SpO2 is left alone. The document's low limit for the diastolic pressure has no rule; it is
shown and sets nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.limit_check import ORDERS, PROFILES
from monitor_app.core.alarm.limit_crossing import refuse_crossing
from monitor_app.core.alarm.limits import Limits, Parameter
from monitor_app.core.journal import Baseline
from monitor_app.core.phase import AlarmProfile

_HR, _SYS, _DIA, _MAP = "limit_per_min", "systolic_mmhg", "diastolic_mmhg", "mean_mmhg"
Target = tuple[str, str]


@dataclass(frozen=True, slots=True)
class AutoLimit:
    """One proposal. ``formula`` is what the document's formula gives, ``value`` what would be set; None: no rule for it."""

    label: str
    formula: float
    unit: str
    target: Target | None
    in_force: float | None = None
    value: float | None = None

    @property
    def clamped(self) -> bool:
        """Whether the formula went further than this limit may."""
        return self.value is not None and abs(self.value - self.formula) > 0.05


def auto_limits(baseline: Baseline, limits: Limits) -> tuple[AutoLimit, ...]:
    """Work out the proposals, each beside the number in force during the infusion; a sign without a baseline has none."""
    found: list[AutoLimit] = []
    for label, formula, target in _formulas(baseline):
        parameter = None if target is None else _parameter(target)
        if target is None or parameter is None:
            found.append(AutoLimit(label, formula, "mm[Hg]", None))
            continue
        value = _clamped(round(formula, 1), parameter, target, limits)
        in_force = limits.get(*target, AlarmProfile.INF)
        found.append(AutoLimit(label, formula, parameter.unit, target, in_force, value))
    return tuple(found)


def with_auto_limits(limits: Limits, proposals: Iterable[AutoLimit]) -> Limits:
    """Return the limits with the confirmed proposals, in all phases; where a phase has a stricter number, it keeps it.

    Raises ``RefusedError`` where two limits would cross.
    """
    for proposal in proposals:
        if proposal.target is None or proposal.value is None:
            continue
        rule, key = proposal.target
        parameter = _parameter(proposal.target)
        limits = limits.replaced(rule, key, proposal.value)
        for profile in PROFILES.values():
            own = limits.by_profile.get((rule, key, profile))
            if own is not None and parameter is not None and parameter.loosens(own, proposal.value):
                limits = limits.replaced(rule, key, proposal.value, profile)
    refuse_crossing(limits)
    return limits


def _formulas(baseline: Baseline) -> Sequence[tuple[str, float, Target | None]]:
    """The formulas of clinical.md §5.6, by sign."""
    hr, rr = baseline.hr_per_min, baseline.rr_per_min
    systolic, diastolic = baseline.systolic_mmhg, baseline.diastolic_mmhg
    mean = (systolic + 2 * diastolic) / 3 if baseline.mean_mmhg is None else baseline.mean_mmhg
    found: list[tuple[str, float, Target | None]] = []
    if hr is not None:
        found += [
            ("HR low", max(40.0, 0.8 * hr), ("AL-HR-06", _HR)),
            ("HR high", min(240.0, 1.25 * hr), ("AL-HR-03", _HR)),
        ]
    found += [
        ("SYS low", 0.68 * systolic + 10, ("AL-BP-08", _SYS)),
        ("SYS high", 0.86 * systolic + 38, ("AL-BP-02", _SYS)),
        ("DIA low", 0.68 * diastolic + 6, None),
        ("DIA high", 0.86 * diastolic + 32, ("AL-BP-02", _DIA)),
        ("MAP low", 0.68 * mean + 8, ("AL-BP-08", _MAP)),
    ]
    if rr is not None:
        found += [
            ("RR low", max(6.0, 0.5 * rr), ("AL-RR-03", _HR)),
            ("RR high", min(30.0, 1.5 * rr), ("AL-RR-04", _HR)),
        ]
    return found


def _clamped(value: float, parameter: Parameter, target: Target, limits: Limits) -> float:
    """Keep a proposal inside the clinic's range, and where the rules beyond it leave it (they do not move)."""
    value = min(max(value, parameter.low), parameter.high)
    moving = {found for _, _, found in _formulas(_ANY) if found is not None}
    for order in ORDERS:
        if order.lower == target and order.upper not in moving:
            value = min(value, *(limits.get(*order.upper, p) - order.apart for p in PROFILES.values()))
        if order.upper == target and order.lower not in moving:
            value = max(value, *(limits.get(*order.lower, p) + order.apart for p in PROFILES.values()))
    return value


def _parameter(target: Target) -> Parameter | None:
    rule = next(rule for rule in RULES if rule.id == target[0])
    return rule.parameter(target[1])


_ANY = Baseline(120, 80, 70, 98, 14)
