"""The numbers of the alarm rules: what each may be, and the set in force (clinical.md §5.6, §6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from monitor_app.core.phase import AlarmProfile


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of a rule: its default and the range a clinic may choose from, both ends allowed."""

    key: str  # "limit_per_min", "delay_s" …
    default: float
    low: float
    high: float
    unit: str
    source: str = "clinical.md §6"
    looser: int = 1  # +1: a greater value alarms later or less, -1: a smaller one, 0: neither

    def allows(self, value: float) -> bool:
        """Whether the value lies in the range."""
        return self.low <= value <= self.high

    def loosens(self, value: float, than: float) -> bool:
        """Whether ``value`` would alarm later or less than another."""
        return self.looser * (value - than) > 0


@dataclass(frozen=True, slots=True)
class Limits:
    """The set in force: one value for each (rule, parameter), and other ones where a phase has its own."""

    values: Mapping[tuple[str, str], float] = field(default_factory=dict)
    by_profile: Mapping[tuple[str, str, AlarmProfile], float] = field(default_factory=dict)

    def get(self, rule: str, key: str, profile: AlarmProfile) -> float:
        """Return the number in force in this phase profile; ``KeyError`` where the rule has no such parameter."""
        # Asked a hundred times a second; mostly no phase has numbers of its own.
        own = self.by_profile.get((rule, key, profile)) if self.by_profile else None
        return self.values[rule, key] if own is None else own

    def replaced(self, rule: str, key: str, value: float, profile: AlarmProfile | None = None) -> Self:
        """Return a set with one number changed, for all phases or for one. It is not checked here."""
        if profile is None:
            return type(self)({**self.values, (rule, key): value}, self.by_profile)
        return type(self)(self.values, {**self.by_profile, (rule, key, profile): value})
