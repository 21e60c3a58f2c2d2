"""The rules at work: each is asked for its verdict and goes on in its life, once a round, in the order of the table.

A rule sees those before it as they stand after these facts, and those after it as they stood before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from monitor_app.core.alarm.facts import Facts, NibpReading
from monitor_app.core.alarm.holding import judged, may_latch
from monitor_app.core.alarm.life_cycle import Seen, advance, resting
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.alarm.quiet import QuietParts
from monitor_app.core.alarm.rule import Case, Rule, Verdict
from monitor_app.core.alarm.state import RuleState
from monitor_app.core.phase import AlarmProfile
from monitor_app.core.stamp import NS_PER_S


@dataclass(frozen=True, slots=True)
class _Timed:
    """A rule with its times in one phase; ``applies`` False: the phase is none of the rule's."""

    rule: Rule
    applies: bool
    delay_ns: int
    clear_ns: int


@dataclass(slots=True)
class Round:
    """What came of asking: every rule's state, the verdicts of those asked, and when those that rest need be asked again."""

    states: dict[str, RuleState]
    verdicts: dict[str, Verdict | None] = field(default_factory=dict)
    rechecks_t_ns: list[int] = field(default_factory=list)


class Judges:
    """The rules with the numbers in force. Belongs to one engine.

    ``new_id`` names occurrences. Rules are left out of a round while asking them would change nothing (``quiet``).
    """

    def __init__(self, rules: Sequence[Rule], limits: Limits, new_id: Callable[[], str]) -> None:
        self._rules = rules
        self._limits = limits
        self._new_id = new_id
        self._timings: dict[AlarmProfile, tuple[_Timed, ...]] = {}
        self._quiet = QuietParts()

    @property
    def limits(self) -> Limits:
        """The numbers in force."""
        return self._limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        self._limits = limits
        self._timings = {}
        self._quiet.forget()

    def forget(self) -> None:
        """Leave nothing out of the next round: the states have been changed from elsewhere."""
        self._quiet.forget()

    def ask(self, facts: Facts, states: Mapping[str, RuleState], reading: NibpReading | None) -> Round:
        """Return what the rules say of these facts; ``reading`` is the cuff reading that came with them, if it is new."""
        profile = facts.phase.alarm_profile
        skipped = self._quiet.skip(facts)
        self._quiet.begin(skipped)
        told = Round(dict(states), rechecks_t_ns=[t for t in skipped.values() if t is not None])
        for timed in self._timed(profile):
            rule = timed.rule
            if rule.watch in skipped:
                continue
            verdict = None
            if timed.applies:
                own = told.states[rule.id]
                verdict = judged(Case(facts, profile, rule, self._limits, own, told.states, reading))
            told.verdicts[rule.id] = verdict
            self._live_on(timed, verdict, facts, told)
        return told

    def _live_on(self, timed: _Timed, verdict: Verdict | None, facts: Facts, told: Round) -> None:
        """Let one rule go on in its life, by the cheapest way."""
        rule = timed.rule
        own = told.states[rule.id]
        recheck_t_ns = None if verdict is None else verdict.recheck_t_ns
        rests = resting(own, verdict)
        if rule.watch:
            self._quiet.note(rule.watch, facts, rests=rests, recheck_t_ns=recheck_t_ns)
        if not rests:
            seen = Seen(facts.t_ns, verdict, timed.delay_ns, timed.clear_ns, may_latch(rule, own))
            told.states[rule.id] = advance(own, seen, self._new_id)
            return
        if recheck_t_ns is not None:
            told.rechecks_t_ns.append(recheck_t_ns)
        if own.deadline_t_ns is not None:
            told.states[rule.id] = replace(own, deadline_t_ns=None)

    def _timed(self, profile: AlarmProfile) -> tuple[_Timed, ...]:
        """Return the rules with their times in a phase, worked out once for each set of limits."""
        known = self._timings.get(profile)
        if known is None:
            known = self._timings[profile] = tuple(
                _Timed(
                    rule,
                    profile in rule.profiles,
                    self._ns(rule, "delay_s", profile),
                    self._ns(rule, "clear_s", profile),
                )
                for rule in self._rules
            )
        return known

    def _ns(self, rule: Rule, key: str, profile: AlarmProfile) -> int:
        return round(self._limits.get(rule.id, key, profile) * NS_PER_S) if key in rule.keys else 0
