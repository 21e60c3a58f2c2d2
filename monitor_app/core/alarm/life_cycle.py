"""The life of an alarm condition, the same for every rule (clinical.md §5.4).

A condition that begins waits out its delay as PENDING, which is recorded but makes no sound; if it stops before, it was
a near miss. After the delay it is ACTIVE until a person acknowledges it or until it is over: the value back past its
hysteresis for the whole clear-hold, or the visit in a phase the rule does not belong to. A latching rule that nobody
acknowledged is then LATCHED: picture and sound stay until somebody does. Decisions where the document leaves room:

* A rule without a delay goes from IDLE to ACTIVE in one step; there is nothing to be pending for.
* A delay of 3 s is over at exactly onset + 3 s, if the condition still holds with everything that came at that instant.
* When the value is unknown, PENDING falls back to IDLE, and ACTIVE stays until it is known to be clear: a value that
  disappears is no sign of health. What disappears has its own technical alarm.
* While a rule is held (the cuff on the limb of the SpO2 probe) nothing is judged, and its delay begins after the hold.
* What happened once (a clock that jumped, a panic that was entered) is over when acknowledged; it alarms again when it
  happens again.
* LATCHED keeps waiting: if the condition returns for its full delay before anybody acknowledged, it is ACTIVE again as
  a new occurrence, without a moment in which the old one was not shown.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from monitor_app.core.alarm.rule import Verdict
from monitor_app.core.alarm.state import IDLE, AlarmState, RuleState
from monitor_app.core.stamp import NS_PER_S


class Sign(Enum):
    """What can move a condition from one state to another."""

    DUE = auto()  # met for the whole delay
    MET = auto()
    NOT_MET = auto()  # known not to hold, or not known
    OVER = auto()  # clear for the whole clear-hold
    GONE = auto()  # the phase is none of the rule's
    ACKNOWLEDGED = auto()


@dataclass(frozen=True, slots=True)
class Row:
    """One arrow of the diagram; ``latching`` None: for both kinds of rules."""

    origin: AlarmState
    sign: Sign
    target: AlarmState
    latching: bool | None = None


_S = AlarmState
LIFE_CYCLE = (
    Row(_S.IDLE, Sign.DUE, _S.ACTIVE),
    Row(_S.IDLE, Sign.MET, _S.PENDING),
    Row(_S.PENDING, Sign.GONE, _S.IDLE),
    Row(_S.PENDING, Sign.NOT_MET, _S.IDLE),
    Row(_S.PENDING, Sign.DUE, _S.ACTIVE),
    Row(_S.ACTIVE, Sign.GONE, _S.LATCHED, latching=True),
    Row(_S.ACTIVE, Sign.GONE, _S.IDLE, latching=False),
    Row(_S.ACTIVE, Sign.OVER, _S.LATCHED, latching=True),
    Row(_S.ACTIVE, Sign.OVER, _S.IDLE, latching=False),
    Row(_S.ACTIVE, Sign.ACKNOWLEDGED, _S.ACTIVE_ACK),
    Row(_S.ACTIVE_ACK, Sign.GONE, _S.IDLE),
    Row(_S.ACTIVE_ACK, Sign.OVER, _S.IDLE),
    Row(_S.LATCHED, Sign.ACKNOWLEDGED, _S.IDLE),
    Row(_S.LATCHED, Sign.DUE, _S.ACTIVE),
)
"""Read from the top; the first row whose origin, sign and kind fit is taken, and at most one at an instant."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one rule at ``t_ns``. ``verdict`` None: the phase is none of the rule's."""

    t_ns: int
    verdict: Verdict | None
    delay_ns: int
    clear_ns: int
    latching: bool


def advance(state: RuleState, seen: Seen, new_id: Callable[[], str]) -> RuleState:
    """Return the state after what was seen; a new occurrence takes its id from ``new_id``."""
    verdict = seen.verdict
    if resting(state, verdict):
        recheck = verdict.recheck_t_ns if verdict else None
        return state if state.deadline_t_ns == recheck else replace(state, deadline_t_ns=recheck)
    timed = _timed(state, seen)
    target = next_state(timed.state, _signs(timed, seen), latching=seen.latching)
    moved = timed if target is timed.state else _enter(timed, target, seen, new_id)
    if moved.state is AlarmState.IDLE:
        moved = _forgotten(moved)
    deadline = _deadline(moved, seen)
    return moved if moved.deadline_t_ns == deadline else replace(moved, deadline_t_ns=deadline)


def resting(state: RuleState, verdict: Verdict | None) -> bool:
    """Whether nothing goes on, nothing is remembered and nothing is said: the usual case, told cheaply.

    ``advance`` would then change nothing but the deadline, which is the verdict's ``recheck_t_ns``.
    """
    if state.state is not AlarmState.IDLE or state.met_since_t_ns is not None:
        return False
    if state.cap_t_ns is not None or state.held:
        return False
    return verdict is None or not (verdict.met or verdict.hold or verdict.cap_t_ns is not None)


def acknowledged(state: RuleState, t_ns: int, *, latching: bool, momentary: bool = False) -> RuleState:
    """Return the state after somebody acknowledged it; unchanged where there is nothing to acknowledge."""
    target = next_state(state.state, {Sign.ACKNOWLEDGED}, latching=latching)
    if target is state.state:
        return state
    if momentary:
        handled = t_ns if state.event_t_ns is None else state.event_t_ns
        return replace(_forgotten(state), handled_t_ns=handled)
    if target is AlarmState.IDLE:
        # A condition that had already returned behind the latch goes on from where its delay stands.
        back = state.met_since_t_ns
        deadline = None if back is None else t_ns
        return replace(_forgotten(state), met_since_t_ns=back, deadline_t_ns=deadline)
    return replace(state, state=target, acknowledged_t_ns=t_ns)


def next_state(origin: AlarmState, signs: set[Sign], *, latching: bool) -> AlarmState:
    """Look the arrow up in the table."""
    for row in LIFE_CYCLE:
        if row.origin is origin and row.sign in signs and row.latching in {None, latching}:
            return row.target
    return origin


def _signs(state: RuleState, seen: Seen) -> set[Sign]:
    verdict = seen.verdict
    if verdict is None:
        return {Sign.GONE, Sign.NOT_MET}
    signs = {Sign.MET} if verdict.met else {Sign.NOT_MET}
    if verdict.met and seen.t_ns >= _due_t_ns(state, verdict, seen):
        signs.add(Sign.DUE)
    clear_since = state.clear_since_t_ns
    if clear_since is not None and seen.t_ns >= clear_since + seen.clear_ns:
        signs.add(Sign.OVER)
    return signs


def _due_t_ns(state: RuleState, verdict: Verdict, seen: Seen) -> int:
    """When a condition that is met now is to be announced."""
    since = seen.t_ns if state.met_since_t_ns is None else state.met_since_t_ns
    if not verdict.doubt:
        return seen.t_ns if verdict.at_once else since + seen.delay_ns
    delay_over = since + seen.delay_ns
    until = delay_over + round(verdict.doubt_s * NS_PER_S)
    return until if state.cap_t_ns is None else min(until, max(delay_over, state.cap_t_ns))


def _timed(state: RuleState, seen: Seen) -> RuleState:
    """Carry the running times and figures forward to this instant."""
    verdict = seen.verdict
    if verdict is None:
        return replace(
            state,
            met_since_t_ns=None,
            clear_since_t_ns=None,
            cap_t_ns=None,
            held=False,
            hold="",
            suppressor="",
        )
    released = seen.t_ns if state.held and not verdict.hold else state.released_t_ns
    since = state.met_since_t_ns
    if verdict.met and since is None:
        since = seen.t_ns if verdict.since_t_ns is None else min(verdict.since_t_ns, seen.t_ns)
        since = since if released is None else max(since, released)
    clear = state.clear_since_t_ns if state.clear_since_t_ns is not None else seen.t_ns
    timed = _with(
        state,
        met_since_t_ns=since if verdict.met else None,
        clear_since_t_ns=clear if verdict.ended and not verdict.met and state.state.running else None,
        cap_t_ns=_earliest(state.cap_t_ns, verdict),
        released_t_ns=released,
        held=bool(verdict.hold),
        hold=verdict.hold,
        suppressor=verdict.suppressor,
        readings=state.readings + verdict.from_reading,
        event_t_ns=state.event_t_ns if verdict.event_t_ns is None else verdict.event_t_ns,
    )
    known = verdict.met is not None and state.state is not AlarmState.LATCHED
    return _figured(timed, verdict, seen.t_ns) if known else timed


def _earliest(known: int | None, verdict: Verdict) -> int | None:
    """Keep the earliest cap named without a break; a doubt that goes on is no break."""
    named = verdict.cap_t_ns
    if named is None:
        return known if verdict.doubt else None
    return named if known is None else min(known, named)


def _figured(state: RuleState, verdict: Verdict, t_ns: int) -> RuleState:
    """Take the value, limit and words of a verdict, and remember the worst."""
    state = _with(
        state,
        value=verdict.value,
        limit=verdict.limit,
        text=verdict.text,
        note=verdict.note or verdict.doubt or (state.note if state.state.running else ""),
    )
    if not verdict.met or verdict.severity <= state.worst_severity:
        return state
    return replace(
        state,
        worst_value=verdict.value,
        worst_t_ns=t_ns,
        worst_severity=verdict.severity,
        worst_text=verdict.text,
    )


def _with(state: RuleState, **known: Any) -> RuleState:
    """Return the state with what is known now; itself where that is nothing new, as at most evaluations."""
    if all(getattr(state, name) == value for name, value in known.items()):
        return state
    return replace(state, **known)


def _unanswered_since(state: RuleState) -> int | None:
    """Since when nobody has answered an alarm that latched; None where there is none."""
    if state.state is not AlarmState.LATCHED:
        return None
    return state.announced_t_ns if state.unanswered_since_t_ns is None else state.unanswered_since_t_ns


def _enter(state: RuleState, target: AlarmState, seen: Seen, new_id: Callable[[], str]) -> RuleState:
    begins = state.state in {AlarmState.IDLE, AlarmState.LATCHED} and target is not AlarmState.IDLE
    if begins and seen.verdict is not None:
        fresh = replace(
            IDLE,
            occurrence_id=new_id(),
            unanswered_since_t_ns=_unanswered_since(state),
            since_t_ns=seen.t_ns if state.met_since_t_ns is None else state.met_since_t_ns,
            met_since_t_ns=state.met_since_t_ns,
            released_t_ns=state.released_t_ns,
            cap_t_ns=state.cap_t_ns,
            suppressor=state.suppressor,
            readings=int(seen.verdict.from_reading),
            event_t_ns=seen.verdict.event_t_ns,
            handled_t_ns=state.handled_t_ns,
        )
        return replace(_figured(fresh, seen.verdict, seen.t_ns), state=target)
    if target is AlarmState.LATCHED:
        note = "the phase ended" if seen.verdict is None else state.note
        return replace(
            state, state=target, met_since_t_ns=None, clear_since_t_ns=None, note=note, suppressor=""
        )
    return replace(state, state=target, clear_since_t_ns=None)


def _forgotten(state: RuleState) -> RuleState:
    """Keep of an ended condition only its last hold, and since when the beats themselves are beyond the limit."""
    return replace(
        IDLE,
        released_t_ns=state.released_t_ns,
        cap_t_ns=state.cap_t_ns,
        held=state.held,
        hold=state.hold,
        handled_t_ns=state.handled_t_ns,
    )


def _deadline(state: RuleState, seen: Seen) -> int | None:
    verdict = seen.verdict
    if verdict is None:
        return None
    times = [verdict.recheck_t_ns]
    if state.met_since_t_ns is not None and not state.state.running:
        times.append(_due_t_ns(state, verdict, seen))
    if state.clear_since_t_ns is not None:
        times.append(state.clear_since_t_ns + seen.clear_ns)
    return min((t for t in times if t is not None and t > seen.t_ns), default=None)
