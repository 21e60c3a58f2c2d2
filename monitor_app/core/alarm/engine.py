"""The alarm engine: facts in, steps of alarms out. It holds one immutable state and swaps it.

Time is that of the facts. The caller evaluates on every new value and at ``next_deadline_ns``, each time with facts
built for that instant; nothing else is needed, and evaluating more often changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from monitor_app.core.alarm.catalogue import RULES, default_limits
from monitor_app.core.alarm.condition import Condition, condition_of, in_display_order, lasting_text
from monitor_app.core.alarm.facts import Facts, NibpReading
from monitor_app.core.alarm.judges import Judges
from monitor_app.core.alarm.life_cycle import acknowledged
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.alarm.restore import pending_before, restored_states
from monitor_app.core.alarm.rule import Rule, Verdict
from monitor_app.core.alarm.state import IDLE, AlarmState, RuleState
from monitor_app.core.alarm.suppression import Suppression
from monitor_app.core.alarm.transition import Transition, closing
from monitor_app.core.journal import JournalEntry
from monitor_app.core.phase import Phase

__all__ = ["AlarmEngine", "Condition", "EngineState", "Transition"]


@dataclass(frozen=True, slots=True)
class EngineState:
    """Everything the engine remembers. ``judged_seq`` is the last cuff reading that was judged.

    ``recheck_t_ns``: when a rule that rests has to be asked again; the others name their deadlines themselves.
    """

    rules: Mapping[str, RuleState] = field(default_factory=dict)
    hidden: Mapping[str, str] = field(default_factory=dict)
    t_ns: int | None = None
    phase: Phase = Phase.SCHED
    judged_seq: int | None = None
    retake_wanted: bool = False
    recheck_t_ns: int | None = None
    deadline_t_ns: int | None = None


class AlarmEngine:
    """The rules of a session at work. One thread at a time.

    ``new_id`` names occurrences; the same facts and the same ids give the same transitions.
    """

    def __init__(
        self,
        new_id: Callable[[], str],
        limits: Limits | None = None,
        rules: Sequence[Rule] = RULES,
    ) -> None:
        self._rules = tuple(rules)
        self._by_id = {rule.id: rule for rule in self._rules}
        self._suppression = Suppression(self._rules)
        self._judges = Judges(self._rules, default_limits() if limits is None else limits, new_id)
        self._state = self._blank()
        self._listed: tuple[EngineState, tuple[Condition, ...]] | None = None

    @property
    def limits(self) -> Limits:
        """The numbers in force."""
        return self._judges.limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        self._judges.limits = limits

    @property
    def state(self) -> EngineState:
        """What is remembered, as a value."""
        return self._state

    @property
    def retake_wanted(self) -> bool:
        """Whether the reading judged last lies outside a limit whose rule asks for a re-take (clinical.md §5.8.5)."""
        return self._state.retake_wanted

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Everything not IDLE: shown ones first; highest priority, then unacknowledged, then newest first."""
        # Asked several times for each evaluation, by sound, screen and guards.
        if self._listed is None or self._listed[0] is not self._state:
            states, hidden = self._state.rules, self._state.hidden
            live = self._live(states)
            found = (condition_of(rule, states[rule.id], hidden.get(rule.id, "")) for rule in live)
            self._listed = (self._state, in_display_order(found))
        return self._listed[1]

    def reset(self) -> None:
        """Forget everything: a new session, a new patient. The limits are the caller's to set."""
        self._state = self._blank()
        self._judges.forget()

    def restore(self, entries: Sequence[JournalEntry], t_ns: int) -> list[Transition]:
        """Take up the alarms a cut-off session left, and return the steps that close what was PENDING then.

        ``entries`` in the order they were recorded; ``t_ns`` is the instant of the restart. Evaluate afterwards.
        """
        self._judges.forget()
        states = restored_states(entries, self._rules)
        self._state = replace(self._blank(), rules=states, t_ns=t_ns)
        hidden = {r.id: by for r in self._live(states) if (by := self._suppression.of(r, states))}
        self._state = replace(self._state, hidden=hidden)
        closed = pending_before(entries, self._rules)
        return [closing(entry, self._by_id[entry.rule], t_ns) for entry in closed]

    def next_deadline_ns(self) -> int | None:
        """Return the next instant at which something changes with no new input; None when nothing will."""
        return self._state.deadline_t_ns

    def evaluate(self, facts: Facts) -> list[Transition]:
        """Judge every rule at ``facts.t_ns`` and return what changed, in the order of the table.

        Raises ``ValueError`` when time goes back.
        """
        before = self._state
        if before.t_ns is not None and facts.t_ns < before.t_ns:
            raise ValueError(f"facts of {facts.t_ns} ns after those of {before.t_ns} ns")
        reading = _new_reading(facts, before.judged_seq)
        told = self._judges.ask(facts, before.rules, reading)
        after = EngineState(
            rules=told.states,
            t_ns=facts.t_ns,
            phase=facts.phase,
            judged_seq=before.judged_seq if reading is None else reading.seq,
            recheck_t_ns=min(told.rechecks_t_ns, default=None),
            retake_wanted=before.retake_wanted if reading is None else self._wants_retake(told.verdicts),
        )
        return self._settle(before, after, told.verdicts)

    def acknowledge(self, rule: str | None, t_ns: int) -> list[Transition]:
        """Acknowledge this rule's condition, or the first shown unacknowledged one; nothing to do gives nothing.

        Evaluate again afterwards at the deadline: a condition that came back behind a latch goes on from there.
        """
        target = rule or next((c.rule.id for c in self.conditions if c.unacknowledged), None)
        found = self._by_id.get(target) if target else None
        if found is None:
            return []
        before = self._state
        after = acknowledged(before.rules[found.id], t_ns, latching=found.latching, momentary=found.momentary)
        if after is before.rules[found.id]:
            return []
        t_ns = t_ns if before.t_ns is None else max(t_ns, before.t_ns)
        self._judges.forget()
        now = replace(before, rules={**before.rules, found.id: after}, t_ns=t_ns)
        return self._settle(before, now, {})

    def _blank(self) -> EngineState:
        return EngineState(rules={rule.id: IDLE for rule in self._rules})

    def _wants_retake(self, verdicts: Mapping[str, Verdict | None]) -> bool:
        asked = (verdicts[rule.id] for rule in self._rules if rule.retake)
        return any(verdict is not None and bool(verdict.met) for verdict in asked)

    def _live(self, states: Mapping[str, RuleState]) -> list[Rule]:
        return [rule for rule in self._rules if states[rule.id].state is not AlarmState.IDLE]

    def _settle(
        self, before: EngineState, after: EngineState, verdicts: Mapping[str, Verdict | None]
    ) -> list[Transition]:
        """Work out what is hidden, note what is announced for the first time, and write down what moved."""
        states = dict(after.rules)
        live = self._live(states)
        hidden = {r.id: by for r in live if (by := self._suppression.of(r, states))}
        for rule in live:
            own = states[rule.id]
            pending = own.state is AlarmState.PENDING
            if not pending and own.announced_t_ns is None and rule.id not in hidden:
                states[rule.id] = replace(own, announced_t_ns=after.t_ns)
        times = [after.recheck_t_ns, *[state.deadline_t_ns for state in states.values()]]
        deadline = min([t for t in times if t is not None], default=None)
        self._state = replace(after, rules=states, hidden=hidden, deadline_t_ns=deadline)
        moved = [r for r in self._rules if states[r.id].state is not before.rules[r.id].state]
        return [self._transition(rule, before.rules[rule.id], verdicts.get(rule.id)) for rule in moved]

    def _transition(self, rule: Rule, before: RuleState, verdict: Verdict | None) -> Transition:
        state = self._state
        after = state.rules[rule.id]
        ended = after.state is AlarmState.IDLE
        told = before if ended else after
        known = ended and verdict is not None and verdict.value is not None
        return Transition(
            t_ns=state.t_ns or 0,
            occurrence_id=told.occurrence_id,
            rule=rule.id,
            alarm_class=rule.alarm_class,
            priority=rule.priority,
            from_state=before.state,
            to_state=after.state,
            phase=state.phase,
            value=verdict.value if known and verdict else told.value,
            limit=verdict.limit if known and verdict else told.limit,
            text=lasting_text(rule, told) if ended or after.state is AlarmState.LATCHED else told.text,
            suppressed=self._suppression.of(rule, state.rules),
            note=(verdict.note if ended and verdict else "") or told.note,
        )


def _new_reading(facts: Facts, judged_seq: int | None) -> NibpReading | None:
    if not facts.nibp.readings:
        return None
    latest = facts.nibp.readings[-1]
    return latest if judged_seq is None or latest.seq > judged_seq else None
