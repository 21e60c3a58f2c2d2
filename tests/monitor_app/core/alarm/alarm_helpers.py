"""Facts made short, and an engine whose ids count."""

import itertools

from monitor_app.core.alarm.engine import AlarmEngine, Transition
from monitor_app.core.alarm.facts import Facts, NibpFacts, NibpReading, Shown
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.phase import Phase

S = 1_000_000_000


def engine(limits: Limits | None = None) -> AlarmEngine:
    """An engine whose occurrences are o1, o2 …"""
    numbers = itertools.count(1)
    return AlarmEngine(lambda: f"o{next(numbers)}", limits)


def facts(t_s: float, **known: object) -> Facts:
    """Facts of the infusion; ``hr``, ``pr`` and ``spo2`` as plain numbers, ``sys``/``dia`` readings as tuples."""
    t_ns = round(t_s * S)
    for name, source in (("hr", "ECG"), ("pr", "PR"), ("spo2", "SPO2")):
        if name in known and not isinstance(known[name], Shown):
            known[name] = Shown(known[name], 1.0, source, t_ns)
    if "readings" in known:
        known["nibp"] = NibpFacts(readings=known.pop("readings"))
    return Facts(t_ns=t_ns, **{"phase": Phase.INF, **known})


def reading(seq: int, t_s: float, systolic: float, diastolic: float, *, retake: bool = False) -> NibpReading:
    """An accepted reading."""
    mean = (systolic + 2 * diastolic) / 3
    return NibpReading(seq, round(t_s * S), systolic, diastolic, mean, is_retake=retake)


def moves(transitions: list[Transition]) -> list[tuple[str, str, str]]:
    """Rule, old and new state."""
    return [(x.rule, x.from_state.value, x.to_state.value) for x in transitions]
