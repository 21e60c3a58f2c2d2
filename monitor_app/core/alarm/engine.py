"""The alarm engine: facts in, steps of alarms out. It holds one immutable state and swaps it.

Time is that of the facts. The caller evaluates on every new value and at ``next_deadline_ns``, each time with facts
built for that instant; nothing else is needed, and evaluating more often changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from monitor_app.core.alarm.catalogue import RULES, default_limits
from monitor_app.core.alarm.facts import Facts, NibpReading
from monitor_app.core.alarm.holding import judged, may_latch
from monitor_app.core.alarm.life_cycle import Seen, acknowledged, advance, resting
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.alarm.quiet import QuietParts
from monitor_app.core.alarm.restore import pending_before, restored_states
from monitor_app.core.alarm.rule import Case, Rule, Verdict
from monitor_app.core.alarm.state import IDLE, AlarmState, RuleState
from monitor_app.core.alarm.suppression import Suppression
from monitor_app.core.alarm.transition import Transition, closing
from monitor_app.core.journal import JournalEntry
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import NS_PER_S

__all__ = ["AlarmEngine", "Condition", "EngineState", "Transition"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One rule that is not IDLE, as a screen needs it. Times are session nanoseconds.

    ``text`` is of the value now, of the worst one when LATCHED; ``worst_text`` always of the worst. ``suppressed_by``
    empty and state not PENDING: it is to be drawn, and to be heard while ``unacknowledged``.
    """

    occurrence_id: str
    rule: Rule
    state: AlarmState
    since_t_ns: int
    announced_t_ns: int | None
    acknowledged: bool
    value: float | None
    limit: float | None
    worst_value: float | None
    text: str
    suppressed_by: str
    note: str
    acknowledged_t_ns: int | None = None
    worst_t_ns: int = 0
    unconfirmed: bool = False  # one reading says so, and it is to be measured again (clinical.md §5.8.5)
    worst_text: str = ""
    clearing: bool = False  # the value is back and waits out its clear-hold
    returned: bool = False  # LATCHED, and beyond its limit again

    @property
    def shown(self) -> bool:
        """Whether it belongs on the alarm bar. Information does not: it is a line elsewhere (``informs``)."""
        announced = self.state is not AlarmState.PENDING and not self.suppressed_by
        return announced and self.rule.priority is not Priority.INFO

    @property
    def informs(self) -> bool:
        """Whether it is a line of information (WF-05, TE-17 …), never an alarm signal."""
        return self.rule.priority is Priority.INFO and self.state.running and not self.suppressed_by

    @property
    def unacknowledged(self) -> bool:
        """Whether it is shown and waits to be acknowledged."""
        return self.shown and self.state.unacknowledged


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


@dataclass(frozen=True, slots=True)
class _Timed:
    """A rule with its times in one phase; ``applies`` False: the phase is none of the rule's."""

    rule: Rule
    applies: bool
    delay_ns: int
    clear_ns: int


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
        self._new_id = new_id
        self._rules = tuple(rules)
        self._by_id = {rule.id: rule for rule in self._rules}
        self._suppression = Suppression(self._rules)
        self._limits = default_limits() if limits is None else limits
        self._timings: dict[AlarmProfile, tuple[_Timed, ...]] = {}
        self._quiet = QuietParts()
        self._state = self._blank()
        self._listed: tuple[EngineState, tuple[Condition, ...]] | None = None

    @property
    def limits(self) -> Limits:
        """The numbers in force."""
        return self._limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        self._limits = limits
        self._timings = {}
        self._quiet.forget()

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
            found = [self._condition(rule) for rule in self._live(self._state.rules)]
            self._listed = (self._state, tuple(sorted(found, key=_display_order)))
        return self._listed[1]

    def reset(self) -> None:
        """Forget everything: a new session, a new patient. The limits are the caller's to set."""
        self._state = self._blank()
        self._quiet.forget()

    def restore(self, entries: Sequence[JournalEntry], t_ns: int) -> list[Transition]:
        """Take up the alarms a cut-off session left, and return the steps that close what was PENDING then.

        ``entries`` in the order they were recorded; ``t_ns`` is the instant of the restart. Evaluate afterwards.
        """
        self._quiet.forget()
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
        states: dict[str, RuleState] = dict(before.rules)
        verdicts: dict[str, Verdict | None] = {}
        profile = facts.phase.alarm_profile
        skipped = self._quiet.skip(facts)
        self._quiet.begin(skipped)
        rechecks = [t for t in skipped.values() if t is not None]
        for timed in self._timed(profile):
            rule = timed.rule
            if rule.watch in skipped:
                continue
            own = states[rule.id]
            verdict = None
            if timed.applies:
                verdict = judged(Case(facts, profile, rule, self._limits, own, states, reading))
            verdicts[rule.id] = verdict
            rests = resting(own, verdict)
            if rule.watch:
                recheck = None if verdict is None else verdict.recheck_t_ns
                self._quiet.note(rule.watch, facts, rests=rests, recheck_t_ns=recheck)
            if rests:
                if verdict is not None and verdict.recheck_t_ns is not None:
                    rechecks.append(verdict.recheck_t_ns)
                if own.deadline_t_ns is not None:
                    states[rule.id] = replace(own, deadline_t_ns=None)
            else:
                seen = Seen(facts.t_ns, verdict, timed.delay_ns, timed.clear_ns, may_latch(rule, own))
                states[rule.id] = advance(own, seen, self._new_id)
        after = EngineState(
            rules=states,
            t_ns=facts.t_ns,
            phase=facts.phase,
            judged_seq=before.judged_seq if reading is None else reading.seq,
            recheck_t_ns=min(rechecks, default=None),
            retake_wanted=before.retake_wanted if reading is None else self._wants_retake(verdicts),
        )
        return self._settle(before, after, verdicts)

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
        self._quiet.forget()
        now = replace(before, rules={**before.rules, found.id: after}, t_ns=t_ns)
        return self._settle(before, now, {})

    def _blank(self) -> EngineState:
        return EngineState(rules={rule.id: IDLE for rule in self._rules})

    def _wants_retake(self, verdicts: Mapping[str, Verdict | None]) -> bool:
        asked = (verdicts[rule.id] for rule in self._rules if rule.retake)
        return any(verdict is not None and bool(verdict.met) for verdict in asked)

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
            text=_lasting_text(rule, told) if ended or after.state is AlarmState.LATCHED else told.text,
            suppressed=self._suppression.of(rule, state.rules),
            note=(verdict.note if ended and verdict else "") or told.note,
        )

    def _condition(self, rule: Rule) -> Condition:
        own = self._state.rules[rule.id]
        latched = own.state is AlarmState.LATCHED
        return Condition(
            occurrence_id=own.occurrence_id,
            rule=rule,
            state=own.state,
            since_t_ns=own.since_t_ns,
            announced_t_ns=own.announced_t_ns,
            acknowledged=own.state is AlarmState.ACTIVE_ACK,
            value=own.value,
            limit=own.limit,
            worst_value=own.worst_value,
            text=own.worst_text if latched and own.worst_text else own.text,
            suppressed_by=self._state.hidden.get(rule.id, ""),
            note=own.note,
            acknowledged_t_ns=own.acknowledged_t_ns,
            worst_t_ns=own.worst_t_ns,
            unconfirmed=rule.retake and own.state.running and own.readings == 1,
            worst_text=_lasting_text(rule, own),
            clearing=own.clear_since_t_ns is not None,
            returned=latched and own.met_since_t_ns is not None,
        )


def _lasting_text(rule: Rule, own: RuleState) -> str:
    """Return the words that tell what it was when it is over: of the worst value (clinical.md §5.2).

    Where no figure makes one instant worse than another, the newest words stand.
    """
    graded = rule.alarm_class is AlarmClass.PHYSIOLOGICAL or own.worst_severity > 0
    return (own.worst_text or own.text) if graded else (own.text or own.worst_text)


def _new_reading(facts: Facts, judged_seq: int | None) -> NibpReading | None:
    if not facts.nibp.readings:
        return None
    latest = facts.nibp.readings[-1]
    return latest if judged_seq is None or latest.seq > judged_seq else None


def _display_order(condition: Condition) -> tuple[bool, int, bool, int]:
    newest = condition.since_t_ns if condition.announced_t_ns is None else condition.announced_t_ns
    return (not condition.shown, -condition.rule.priority.rank, not condition.unacknowledged, -newest)
