"""Which observations are due, and when (clinical.md §4.1). The cuff has its own plan (``nibp_plan``).

Pure: the visit in, due times out. An item done once in a phase is no longer due; a repeated one is due again a fixed
time after it was last done, or after the infusion began (or ended). The sedation check comes forward to 5 min after a
sedative and while the patient is below MOAA/S 5.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from monitor_app.core.phase import Phase
from monitor_app.core.priority import Priority
from monitor_app.core.stamp import NS_PER_S
from monitor_app.core.visit.care import SEDATIVE, checks, drug_group, vas_values
from monitor_app.core.visit.facts import ClinicRules
from monitor_app.core.visit.infusion import infusion_of
from monitor_app.core.visit.recovery import recovery_minimum
from monitor_app.core.visit.state import Visit

SEDATION = "moaas"
PAIN = "vas"
CHECK_EVERY_S = 15 * 60.0  # clinical.md §4.1
CLOSE_WATCH_S = 5 * 60.0  # clinical.md §4.1: after a sedative, or while below 5
BASELINE_WITHIN_S = 10 * 60.0  # once in the baseline; our choice: time to talk before the panel nags
END_PAIN_WITHIN_S = 5 * 60.0  # pain "at the end of infusion"; our choice
LOW_AFTER_S = 2 * 60.0  # clinical.md §4.1, §6.7 WF-01
MEDIUM_AFTER_S = 5 * 60.0  # clinical.md §4.1, §6.7 WF-01

TITLES: Mapping[str, str] = MappingProxyType(
    {
        SEDATION: "Sedation (MOAA/S)",
        "dissociation": "Dissociation",
        "nausea": "Nausea",
        "rr": "Breathing",
        "iv_site": "IV site",
        PAIN: "Pain",
    }
)
_REPEATED = {
    Phase.INF: (SEDATION, "dissociation", "nausea", "rr", "iv_site"),
    Phase.PAUSE: (SEDATION, "dissociation", "nausea", "rr", "iv_site"),
    Phase.REC: (SEDATION, "dissociation", "nausea", "rr"),
}
_ONCE_IN_BASELINE = (SEDATION, "dissociation", "nausea", "rr", "iv_site", PAIN)


@dataclass(frozen=True, slots=True)
class DueItem:
    """An observation to be made by ``due_t_ns``."""

    item: str
    title: str
    due_t_ns: int

    def overdue(self, t_ns: int) -> Priority | None:
        """The alarm priority of being this late (WF-01): None up to 2 min, LOW up to 5 min, then MEDIUM."""
        late_s = (t_ns - self.due_t_ns) / NS_PER_S
        if late_s > MEDIUM_AFTER_S:
            return Priority.MEDIUM
        return Priority.LOW if late_s > LOW_AFTER_S else None


def due_items(visit: Visit, rules: ClinicRules) -> tuple[DueItem, ...]:
    """Everything due or coming in the present phase, soonest first."""
    find = _BY_PHASE.get(visit.phase)
    found = [] if find is None else find(visit, rules)
    return tuple(sorted(found, key=lambda item: (item.due_t_ns, item.item)))


def _baseline(visit: Visit, _rules: ClinicRules) -> list[DueItem]:
    due_ns = visit.phase_start_t_ns + _ns(BASELINE_WITHIN_S)
    open_items = [item for item in _ONCE_IN_BASELINE if _last(visit, item) is None]
    if visit.value("pre_vas") is not None and PAIN in open_items:
        open_items.remove(PAIN)
    return [_due(item, due_ns) for item in open_items]


def _infusion(visit: Visit, _rules: ClinicRules) -> list[DueItem]:
    t0_ns = infusion_of(visit).t0_ns
    return _repeated(visit, visit.phase_start_t_ns if t0_ns is None else t0_ns)


def _recovery(visit: Visit, rules: ClinicRules) -> list[DueItem]:
    t_end_ns = infusion_of(visit).t_end_ns
    from_ns = visit.phase_start_t_ns if t_end_ns is None else t_end_ns
    found = _repeated(visit, from_ns)
    if (_last(visit, "iv_site") or -1) < from_ns:
        found.append(_due("iv_site", from_ns + _ns(CHECK_EVERY_S)))
    minimum = recovery_minimum(visit, rules)
    rated = _last(visit, PAIN)
    if rated is None or rated < from_ns:
        found.append(_due(PAIN, from_ns + _ns(END_PAIN_WITHIN_S)))
    elif minimum is not None and rated < minimum.t_ns - _ns(CHECK_EVERY_S):
        found.append(_due(PAIN, minimum.t_ns))
    return found


_BY_PHASE: Mapping[Phase, Callable[[Visit, ClinicRules], list[DueItem]]] = MappingProxyType(
    {Phase.BASE: _baseline, Phase.INF: _infusion, Phase.PAUSE: _infusion, Phase.REC: _recovery}
)


def _repeated(visit: Visit, from_ns: int) -> list[DueItem]:
    return [_due(item, _next(visit, item, from_ns)) for item in _REPEATED[visit.phase]]


def _next(visit: Visit, item: str, from_ns: int) -> int:
    last = _last(visit, item)
    base_ns = from_ns if last is None else max(from_ns, last)
    due_ns = base_ns + _ns(CHECK_EVERY_S)
    return min(due_ns, _close_watch(visit, due_ns)) if item == SEDATION else due_ns


def _close_watch(visit: Visit, otherwise_ns: int) -> int:
    """5 min after a sedative not yet followed by a check, or after a check below MOAA/S 5."""
    rated = checks(visit.care, SEDATION)
    last_ns, last = rated[-1] if rated else (-1, 5)
    sedatives = [
        entry.stamp.t_ns for entry in visit.care if entry.kind == "drug" and drug_group(entry) == SEDATIVE
    ]
    times = [t_ns for t_ns in sedatives if t_ns >= last_ns]
    if isinstance(last, (int, float)) and last < 5:
        times.append(last_ns)
    return min((t_ns + _ns(CLOSE_WATCH_S) for t_ns in times), default=otherwise_ns)


def _last(visit: Visit, item: str) -> int | None:
    """When an item was last done; pain counts from the scale and from the panel's own question."""
    if item != PAIN:
        done = checks(visit.care, item)
        return done[-1][0] if done else None
    times = [t_ns for t_ns, _ in vas_values(visit.care)]
    answer = visit.answers.get("post_vas")
    if answer is not None:
        times.append(answer.stamp.t_ns)
    return max(times, default=None)


def _due(item: str, t_ns: int) -> DueItem:
    return DueItem(item, TITLES[item], t_ns)


def _ns(seconds: float) -> int:
    return round(seconds * NS_PER_S)
