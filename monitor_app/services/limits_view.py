"""What the limits panel reads: every rule with its numbers as they are in force, in words (clinical.md §5.6, §6).

Made by ``services.view.limits`` from what the bedside published; frozen, and compared to know whether anything changed.
"""

from dataclasses import dataclass, field

from monitor_app.core.alarm.auto_limits import AutoLimit
from monitor_app.core.alarm.limits import Limits, Parameter
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.core.priority import Priority


@dataclass(frozen=True, slots=True)
class NumberView:
    """One number of a rule that can be changed.

    ``value``: in force in this phase. ``own``: this phase has a number of its own. ``others``: the phases that have one,
    in words. ``changed``: who changed it from the preset, when and why; empty where nobody did.
    """

    rule: str
    parameter: Parameter
    name: str  # "Systolic above"
    value: float
    text: str  # "160 mmHg"
    allowed: str  # "140–179 mmHg"
    step: float
    coarse: float
    own: bool = False
    others: str = ""
    changed: str = ""
    locked: bool = False

    @property
    def same_everywhere(self) -> bool:
        """Whether no phase has a number of its own."""
        return not self.own and not self.others


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule. ``live``: it is in force in this phase; else ``when`` says in which it is. ``off``: why it is off."""

    rule: str
    title: str
    priority: Priority
    head: str  # "SYS ↑160 · DIA ↑100 mmHg"
    detail: str  # "limit can be set 140–179 · 90–109 · after 3 s"
    changed: str
    live: bool
    when: str
    off: str
    numbers: tuple[NumberView, ...]
    fixed: str  # "In a row 17 beats"
    profiles: frozenset[AlarmProfile]


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """The rules of one sign. ``summary``: the limits its tile shows, whose rules stand first; ``tile``: its key, empty where none."""

    title: str
    summary: str
    rules: tuple[RuleView, ...]
    tile: str = ""

    @property
    def off(self) -> int:
        """How many of its rules are off."""
        return sum(bool(rule.off) for rule in self.rules)


@dataclass(frozen=True, slots=True)
class LimitsView:
    """All rules by sign, the presets they come from, and what the baseline proposes.

    ``limits`` None: not known yet. ``profile`` is the one whose numbers are shown: the next one where none is live.
    ``too_late``: why no indication can be chosen now. ``changes``: how many numbers differ from the preset.
    """

    phase: Phase = Phase.SCHED
    profile: AlarmProfile = AlarmProfile.PRE
    limits: Limits | None = None
    locked: frozenset[tuple[str, str]] = frozenset()
    groups: tuple[RuleGroup, ...] = ()
    versions: str = ""
    indication: str = ""
    indications: tuple[str, ...] = ()
    too_late: str = ""
    proposals: tuple[AutoLimit, ...] = ()
    baseline_text: str = ""
    changes: int = 0
    rules: dict[str, RuleView] = field(default_factory=dict)
