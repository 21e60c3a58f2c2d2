"""What the engine remembers, rebuilt from the record after a restart (clinical.md §3.2, §5.6).

Alarms that were active, acknowledged or latched go on as they were, with their occurrence, their times and who had
acknowledged; delays that were running begin anew, and their PENDING is closed in the record. An event that was
acknowledged is not told again. The newest cuff reading is not counted here: it is judged again, and counted then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from monitor_app.core.alarm.rule import Rule
from monitor_app.core.alarm.state import IDLE, AlarmState, RuleState
from monitor_app.core.journal import AlarmEntry, JournalEntry, NibpEntry


def restored_states(entries: Iterable[JournalEntry], rules: Sequence[Rule]) -> Mapping[str, RuleState]:
    """Fold the record into the state of each rule; rules this version does not know are left out."""
    by_id = {rule.id: rule for rule in rules}
    states: dict[str, RuleState] = {rule.id: IDLE for rule in rules}
    kept = tuple(entry for entry in entries if isinstance(entry, AlarmEntry | NibpEntry))
    newest = next((e for e in reversed(kept) if isinstance(e, NibpEntry) and e.accepted), None)
    counted = 0
    for entry in kept:
        if isinstance(entry, AlarmEntry):
            if entry.rule in by_id:
                states[entry.rule] = _step(states[entry.rule], entry, by_id[entry.rule], counted)
        elif entry.accepted:
            counted = int(entry is not newest)
            states = {key: _counted(state, by_id[key], counted) for key, state in states.items()}
    return {key: _settled(state) for key, state in states.items()}


def pending_before(entries: Iterable[JournalEntry], rules: Sequence[Rule]) -> tuple[AlarmEntry, ...]:
    """Return the last step of every rule that was PENDING when the record ended, in the order of the table."""
    last: dict[str, AlarmEntry] = {}
    for entry in entries:
        if isinstance(entry, AlarmEntry):
            last[entry.rule] = entry
    found = (last.get(rule.id) for rule in rules)
    return tuple(e for e in found if e is not None and e.to_state == AlarmState.PENDING.value)


def _step(state: RuleState, entry: AlarmEntry, rule: Rule, counted: int) -> RuleState:
    """Take one step; ``counted``: 1 where the reading before it, which began the alarm, counts."""
    target = AlarmState(entry.to_state)
    t_ns = entry.stamp.t_ns
    if target is AlarmState.IDLE:
        handled = t_ns if rule.momentary and entry.by is not None else state.handled_t_ns
        return replace(IDLE, handled_t_ns=handled)
    if entry.occurrence_id != state.occurrence_id:
        state = replace(
            IDLE,
            occurrence_id=entry.occurrence_id,
            since_t_ns=t_ns,
            handled_t_ns=state.handled_t_ns,
            event_t_ns=t_ns if rule.momentary else None,
            readings=counted if rule.one_line else 0,
        )
    announced = t_ns if target is not AlarmState.PENDING and not entry.suppressed else None
    state = replace(
        state,
        state=target,
        announced_t_ns=state.announced_t_ns if state.announced_t_ns is not None else announced,
        acknowledged_t_ns=t_ns if target is AlarmState.ACTIVE_ACK else state.acknowledged_t_ns,
        value=entry.value,
        limit=entry.limit,
        text=entry.text,
        note=entry.note,
    )
    return _worst(state, entry) if target is not AlarmState.LATCHED else state


def _worst(state: RuleState, entry: AlarmEntry) -> RuleState:
    """Take the figures of a step as the worst so far where they lie further beyond the limit."""
    if entry.value is None or entry.limit is None:
        return state
    severity = abs(entry.value - entry.limit)
    if severity <= state.worst_severity:
        return state
    return replace(
        state,
        worst_value=entry.value,
        worst_t_ns=entry.stamp.t_ns,
        worst_severity=severity,
        worst_text=entry.text,
    )


def _counted(state: RuleState, rule: Rule, counted: int) -> RuleState:
    """Count a cuff reading for an alarm of readings that goes on."""
    goes_on = rule.one_line and state.state.running
    return replace(state, readings=state.readings + counted) if goes_on else state


def _settled(state: RuleState) -> RuleState:
    if state.state is AlarmState.PENDING:
        return replace(IDLE, handled_t_ns=state.handled_t_ns)
    return state
