"""A number of a rule as somebody is about to set it: what would follow, why it would be refused."""

from dataclasses import dataclass
from textwrap import shorten

from monitor_app.core.alarm.limit_change import LimitChange
from monitor_app.core.alarm.limit_names import PHASES, number
from monitor_app.core.stamp import Actor
from monitor_app.services.limits_view import LimitsView, NumberView, RuleView
from monitor_app.services.view.limit_refusal import needs_lead, refused
from monitor_app.services.view.limit_words import can_be_set

LETTERS = 90
"""Of who changed a number and why, so that it stands in one line of the smallest window; the row of the rule has it whole."""


@dataclass(frozen=True, slots=True)
class LimitDraft:
    """``value`` for ``number`` of ``rule``. ``all_phases``: in every phase, also where one has a number of its own."""

    view: LimitsView
    rule: RuleView
    number: NumberView
    value: float
    all_phases: bool

    @property
    def text(self) -> str:
        """The value with its unit."""
        return number(self.number.parameter, self.value)

    @property
    def several_phases(self) -> bool:
        """Whether it can be set for this phase alone."""
        return len(self.rule.profiles) > 1 and self.view.profile in self.rule.profiles

    @property
    def change(self) -> LimitChange:
        """What would be asked for."""
        profile = None if self.all_phases else self.view.profile
        return LimitChange(self.number.rule, self.number.parameter.key, self.value, profile)

    @property
    def changed(self) -> bool:
        """Whether it is another than what is in force in any phase it is for."""
        limits = self.view.limits
        if limits is None:
            return False
        phases = self.rule.profiles if self.all_phases else {self.view.profile}
        name = self.number.rule, self.number.parameter.key
        return any(limits.get(*name, profile) != self.value for profile in phases or {self.view.profile})

    def refused(self, by: Actor, reason: str) -> str:
        """Say why it would be refused; empty when it would not, or when nothing would change."""
        return refused(self.view, self.change, by=by, reason=reason) if self.changed else ""

    def needs_lead(self, by: Actor) -> bool:
        """Whether only a clinical lead could set it, and this person is none."""
        return self.changed and needs_lead(self.view, self.change, by)

    def needs_reason(self, by: Actor) -> bool:
        """Whether nothing but a written reason is missing."""
        return bool(self.refused(by, "")) and not self.refused(by, "asked")

    @property
    def words(self) -> str:
        """What setting it would do; what is to be known of the number where nothing is changed."""
        return self._consequence if self.changed else note(self.rule, self.number)

    @property
    def _consequence(self) -> str:
        parts = [" ".join(part for part in (f"{self.number.text} → {self.text}", self._where) if part) + "."]
        if self.number.parameter.loosens(self.value, self.number.value):
            parts.append("It alarms later or less often.")
        parts.append(can_be_set(self.number.parameter))
        return " ".join(parts)

    @property
    def _where(self) -> str:
        if not self.several_phases:
            return ""
        if not self.all_phases:
            return f"in {PHASES[self.view.profile].lower()} only"
        return "in all phases" + (f", also where it was {self.number.others}" if self.number.others else "")


def note(rule: RuleView, chosen: NumberView | None) -> str:
    """What is to be known of a number in force: its range, who changed it and why, other phases, what is fixed."""
    parts = []
    if chosen is not None:
        parts.append(can_be_set(chosen.parameter))
        parts += [f"Changed {shorten(chosen.changed, LETTERS, placeholder=' …')}."] if chosen.changed else []
        parts += [f"Other phases: {chosen.others}."] if chosen.others else []
        parts += ["Locked by the clinic."] if chosen.locked else []
    parts += [f"Fixed: {rule.fixed}."] if rule.fixed else []
    return " ".join(parts)


def parted(numbers: tuple[NumberView, ...]) -> tuple[tuple[NumberView, ...], tuple[NumberView, ...]]:
    """Return the numbers that say when an alarm comes, and those that say how it is held back and ends."""
    last = ("hold_s", "total_s", "pulse_veto_s")
    rest = tuple(n for n in numbers if n.parameter.key.startswith("clear_") or n.parameter.key in last)
    return tuple(n for n in numbers if n not in rest), rest
