"""Which conditions are kept from being announced, and by what (clinical.md §5.4, §5.8.6).

Suppression never ends a condition: it lives on, its steps are recorded with the name of what hides it, and it is shown
and sounded from the instant nothing hides it any more. Four things hide:

* a graver rule on the same sign, while it is announced and true (``Rule.hidden_by``); a latched one is past and hides
  nothing;
* among the pressure rules true of the same reading, the first in priority and table order speaks for all;
* leads off hide the rate alarms that come from the ECG, and a monitor's silence what is missing from that monitor (named
  by the judge);
* a person: alarms paused while leads are placed, sensors off on purpose, a rule switched off (clinical.md §5.5).

The last two hide no latching alarm that was already announced, outranks what hides it and has not been acknowledged: its
picture and sound stay until somebody does.
"""

from collections.abc import Mapping, Sequence

from monitor_app.core.alarm.rule import Rule
from monitor_app.core.alarm.state import AlarmState, RuleState


class Suppression:
    """What hides what under these rules; built once from the table."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._by_id = {rule.id: rule for rule in rules}
        self._lines: dict[str, list[Rule]] = {}
        for rule in rules:
            if rule.one_line:
                self._lines.setdefault(rule.one_line, []).append(rule)
        for line in self._lines.values():
            line.sort(key=lambda rule: (-rule.priority.rank, rule.line_rank))  # stable: then table order

    def of(self, rule: Rule, states: Mapping[str, RuleState]) -> str:
        """Name what hides the rule, given all states after this instant; empty when nothing does."""
        own = states[rule.id]
        if own.state is AlarmState.LATCHED:
            return ""
        if own.hold and not own.state.running:
            return own.hold
        if own.suppressor and not self._must_stay(rule, own):
            return own.suppressor
        for other in rule.hidden_by:
            if other in states and states[other].state.running:
                return other
        return self._speaker(rule, states)

    def _must_stay(self, rule: Rule, own: RuleState) -> bool:
        hiding = self._by_id.get(own.suppressor)
        announced = own.state is AlarmState.ACTIVE and own.announced_t_ns is not None
        outranks = hiding is None or rule.priority.rank > hiding.priority.rank
        return rule.latching and announced and outranks

    def _speaker(self, rule: Rule, states: Mapping[str, RuleState]) -> str:
        for other in self._lines.get(rule.one_line, ()):
            if other.id == rule.id:
                return ""
            if states[other.id].state.running:
                return other.id
        return ""
