"""What is to be heard: which one alarm sounds, when its next burst is due, the audio pause (clinical.md §5.3-§5.5).

Pure: the caller keeps an ``AudioState``, calls ``plan_sound`` after every evaluation and at the deadline it returned,
and plays the burst it gets. Only the highest priority sounds. A new alarm of that priority does not wait for the gap
between bursts; one of a higher priority cuts off the burst that plays. An acknowledged alarm that is still true is
recalled by a short burst every 120 s, when nothing more urgent is sounding. A MEDIUM alarm nobody acknowledged for 120 s
is repeated every 10 s, and louder; a HIGH one nobody acknowledged for 60 s calls for help, on a second output too. While a
clinical lead has the sound off, a short burst every 120 s says so. An information that chimes does it once, when nothing else
sounds; it is no alarm signal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from devices.errors import RefusedError
from monitor_app.core.alarm.engine import Condition
from monitor_app.core.alarm.rule import Melody
from monitor_app.core.alarm.state import AlarmState
from monitor_app.core.alarm.system_state import AudioOff
from monitor_app.core.priority import Priority
from monitor_app.core.stamp import NS_PER_S

GAP_S = {Priority.HIGH: 7.0, Priority.MEDIUM: 20.0, Priority.LOW: 30.0}  # clinical.md §5.3: tb
BURST_S = {
    Priority.HIGH: 3.06,
    Priority.MEDIUM: 0.90,
    Priority.LOW: 0.54,
}  # clinical.md §5.3: pulses and their gaps
REMINDER_LENGTH_S = 0.5
REMINDER_S = 120.0  # clinical.md §5.4
ESCALATE_S = 120.0  # clinical.md §5.4: MEDIUM not acknowledged
ESCALATED_GAP_S = 10.0  # clinical.md §5.4
CALL_HELP_S = 60.0  # clinical.md §5.4: HIGH not acknowledged
PAUSE_S = (30.0, 120.0)  # clinical.md §5.5
REMINDER = "REMINDER"
CHIME = "INFO"
CHIMES = frozenset({"WF-05"})  # clinical.md §6.7: the only information that is heard
CHIME_LENGTH_S = 0.3  # clinical.md §5.3: an information signal is a single short pulse
CHIME_WITHIN_S = 10.0  # our choice: later the line on the screen says it, and a restart does not chime again


class AudioMode(Enum):
    """Whether alarms may be heard."""

    NORMAL = "normal"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Burst:
    """A burst that begins at ``t_ns``.

    ``urgency``: ``HIGH``, ``MEDIUM``, ``LOW``, ``REMINDER`` or ``INFO``; ``melody``: the name of a ``Melody``. ``interrupts``: a
    less urgent burst still sounds and is to be cut off. ``calls_help``: it is for a second output too.
    """

    urgency: str
    melody: str
    t_ns: int
    occurrence_id: str
    rule: str
    rank: int
    length_ns: int
    louder: bool = False
    interrupts: bool = False
    calls_help: bool = False

    @property
    def end_t_ns(self) -> int:
        """When it has been played."""
        return self.t_ns + self.length_ns


@dataclass(frozen=True, slots=True)
class AudioState:
    """What is remembered of sounding. ``known``: occurrences that began before; ``heard``: those that have sounded."""

    mode: AudioMode = AudioMode.NORMAL
    paused_until_t_ns: int | None = None
    paused_rank: int = 0  # the highest priority the pause silenced
    known: frozenset[str] = frozenset()
    heard: frozenset[str] = frozenset()
    reminded: Mapping[str, int] = field(default_factory=dict)
    last: Burst | None = None  # of an alarm
    last_reminder: Burst | None = None
    off_reminded_t_ns: int | None = None  # when a sound that is off was last recalled


def pause_audio(
    state: AudioState, conditions: Sequence[Condition], t_ns: int, duration_s: float = PAUSE_S[1]
) -> AudioState:
    """Pause the sound; raises ``RefusedError`` outside 30 to 120 s. The picture stays."""
    low, high = PAUSE_S
    if not low <= duration_s <= high:
        raise RefusedError(
            f"The alarm sound can be paused for {low:.0f} to {high:.0f} s, not {duration_s:g} s."
        )
    waiting = [c for c in conditions if c.unacknowledged]
    return replace(
        state,
        mode=AudioMode.PAUSED,
        paused_until_t_ns=t_ns + _ns(duration_s),
        paused_rank=max((c.rule.priority.rank for c in waiting), default=0),
        known=state.known | {c.occurrence_id for c in waiting},
        last=None,
    )


def cut_off(state: AudioState) -> AudioState:
    """The burst that plays has been silenced: what waits need not let it end."""
    return replace(state, last=None, last_reminder=None)


def resume_audio(state: AudioState) -> AudioState:
    """End a pause."""
    return replace(state, mode=AudioMode.NORMAL, paused_until_t_ns=None, paused_rank=0)


def paused_again(conditions: Sequence[Condition], until_t_ns: int) -> AudioState:
    """Return a pause taken up after a restart: it silences what waits now, and ends when it was to end."""
    waiting = [c for c in conditions if c.unacknowledged]
    return AudioState(
        mode=AudioMode.PAUSED,
        paused_until_t_ns=until_t_ns,
        paused_rank=max((c.rule.priority.rank for c in waiting), default=0),
        known=frozenset(c.occurrence_id for c in waiting),
    )


def plan_sound(
    state: AudioState,
    conditions: Sequence[Condition],
    t_ns: int,
    *,
    quiet_low: bool = False,
    off: AudioOff | None = None,
) -> tuple[AudioState, Burst | None, int | None]:
    """Return the state, the burst to begin now if any, and when to ask again if nothing else happens.

    ``conditions`` in display order. ``quiet_low``: LOW alarms are picture only (clinical.md §16.3, an option of the
    infusion phase). ``off``: a clinical lead has the sound off; only the reminder of that is heard, and a pause is over:
    a sound switched on again is on.
    """
    if not conditions and off is None and _at_rest(state):
        return state, None, None
    audible = [c for c in conditions if c.shown and _audible(c, quiet_low=quiet_low)]
    waiting = [c for c in audible if c.unacknowledged]
    state = _heed_new(state, conditions, waiting, t_ns)
    if off is not None:
        return _while_off(resume_audio(state), off, t_ns)
    if state.mode is AudioMode.PAUSED:
        return state, None, state.paused_until_t_ns
    state, burst, alarm_t_ns = _alarm(state, waiting, t_ns)
    if burst is not None:
        return replace(state, last=burst), burst, burst.end_t_ns
    state, burst, reminder_t_ns = _reminder(state, audible, t_ns)
    if burst is not None:
        state, reminder_t_ns = replace(state, last_reminder=burst), burst.end_t_ns
    chime_t_ns = None
    if burst is None:
        state, burst, chime_t_ns = _chime(state, conditions, t_ns)
    times = (alarm_t_ns, reminder_t_ns, chime_t_ns)
    return state, burst, min((t for t in times if t is not None), default=None)


def silent_until_t_ns(state: AudioState) -> int | None:
    """When what plays has been played, before which no tone may begin; None while the sound is paused."""
    return None if state.mode is AudioMode.PAUSED else _free_t_ns(state)


def calls_for_help(condition: Condition, t_ns: int) -> bool:
    """Whether a HIGH alarm that goes on has waited 60 s to be acknowledged: the screen then says to call help.

    The second output sounds by the same word. An alarm that latched is over; one that nobody answered and that is there
    again has waited since the first time.
    """
    announced = condition.announced_t_ns
    if announced is not None and condition.unanswered_since_t_ns is not None:
        announced = condition.unanswered_since_t_ns
    goes_on = condition.shown and condition.state is AlarmState.ACTIVE
    waits = goes_on and condition.rule.priority is Priority.HIGH
    return waits and announced is not None and t_ns >= announced + _ns(CALL_HELP_S)


def _at_rest(state: AudioState) -> bool:
    """Whether no pause runs and no alarm is remembered: with nothing on the screen all stays as it is."""
    return state.mode is AudioMode.NORMAL and not (state.known or state.heard or state.reminded)


def _audible(condition: Condition, *, quiet_low: bool) -> bool:
    priority = condition.rule.priority
    return priority in GAP_S and not (quiet_low and priority is Priority.LOW)


def _heed_new(
    state: AudioState, conditions: Sequence[Condition], waiting: Sequence[Condition], t_ns: int
) -> AudioState:
    """End a pause that is over or broken by a new alarm of the paused priority or above; forget what has ended."""
    new = [c for c in waiting if c.occurrence_id not in state.known]
    until = state.paused_until_t_ns
    over = until is not None and t_ns >= until
    broken = any(c.rule.priority.rank >= state.paused_rank for c in new)
    if state.mode is AudioMode.PAUSED and (over or broken):
        state = resume_audio(state)
    there = {c.occurrence_id for c in conditions}
    known = (state.known & there) | {c.occurrence_id for c in waiting}
    reminded = {key: t for key, t in state.reminded.items() if key in there}
    return replace(state, known=known, heard=state.heard & there, reminded=reminded)


def _alarm(
    state: AudioState, waiting: Sequence[Condition], t_ns: int
) -> tuple[AudioState, Burst | None, int | None]:
    """Begin a burst of the highest priority that waits, if one is due; else say when."""
    if not waiting:
        return state, None, None
    rank = max(c.rule.priority.rank for c in waiting)
    top = [c for c in waiting if c.rule.priority.rank == rank]
    unheard = [c for c in top if c.occurrence_id not in state.heard]
    speaker = (unheard or top)[0]
    priority = speaker.rule.priority
    escalates_t_ns = _escalates_t_ns(top)
    louder = priority is Priority.MEDIUM and t_ns >= escalates_t_ns
    due = _due_t_ns(state.last, rank, ESCALATED_GAP_S if louder else GAP_S[priority], new=bool(unheard))
    if t_ns < due:
        soon = escalates_t_ns if priority is Priority.MEDIUM and escalates_t_ns > t_ns else due
        return state, None, min(due, soon)
    burst = Burst(
        urgency=priority.value,
        melody=speaker.rule.melody.name,
        t_ns=t_ns,
        occurrence_id=speaker.occurrence_id,
        rule=speaker.rule.id,
        rank=rank,
        length_ns=_ns(BURST_S[priority]),
        louder=louder,
        interrupts=t_ns < _free_t_ns(state),
        calls_help=any(calls_for_help(c, t_ns) for c in top),
    )
    return replace(state, heard=state.heard | {c.occurrence_id for c in top}), burst, None


def _due_t_ns(last: Burst | None, rank: int, gap_s: float, *, new: bool) -> int:
    """When the next burst may begin: at once above what sounds, after it when new, else after the gap."""
    if last is None or rank > last.rank:
        return 0
    return last.end_t_ns if new else last.end_t_ns + _ns(gap_s)


def _escalates_t_ns(top: Sequence[Condition]) -> int:
    announced = [c.since_t_ns if c.announced_t_ns is None else c.announced_t_ns for c in top]
    return min(announced) + _ns(ESCALATE_S)


def _reminder(
    state: AudioState, audible: Sequence[Condition], t_ns: int
) -> tuple[AudioState, Burst | None, int | None]:
    """Recall what is acknowledged and still true, once for all that is due, when nothing sounds."""
    due = {c.occurrence_id: _recall_t_ns(state, c) for c in audible if c.state is AlarmState.ACTIVE_ACK}
    if not due:
        return state, None, None
    first = max(min(due.values()), _free_t_ns(state))
    if t_ns < first:
        return state, None, first
    speaker = next(c for c in audible if due.get(c.occurrence_id, t_ns + 1) <= t_ns)
    burst = Burst(
        urgency=REMINDER,
        melody=speaker.rule.melody.name,
        t_ns=t_ns,
        occurrence_id=speaker.occurrence_id,
        rule=speaker.rule.id,
        rank=0,
        length_ns=_ns(REMINDER_LENGTH_S),
    )
    recalled = {key: t_ns for key, at in due.items() if at <= t_ns}
    return replace(state, reminded={**state.reminded, **recalled}), burst, None


def _while_off(state: AudioState, off: AudioOff, t_ns: int) -> tuple[AudioState, Burst | None, int | None]:
    """Recall every 120 s that the sound is off (clinical.md §5.5), whatever is or is not on the bar."""
    due = off.reminder_t_ns(max(off.since_t_ns, state.off_reminded_t_ns or off.since_t_ns))
    if t_ns < due:
        return state, None, due
    burst = Burst(REMINDER, Melody.GENERAL.name, t_ns, "", "", rank=0, length_ns=_ns(REMINDER_LENGTH_S))
    return replace(state, last_reminder=burst, off_reminded_t_ns=t_ns), burst, off.reminder_t_ns(t_ns)


def _chime(
    state: AudioState, conditions: Sequence[Condition], t_ns: int
) -> tuple[AudioState, Burst | None, int | None]:
    """Chime once for information that has just come, when nothing sounds."""
    new = [c for c in conditions if _to_chime(state, c, t_ns)]
    if not new:
        return state, None, None
    free = _free_t_ns(state)
    if t_ns < free:
        return state, None, free
    first = new[0]
    burst = Burst(
        urgency=CHIME,
        melody=first.rule.melody.name,
        t_ns=t_ns,
        occurrence_id=first.occurrence_id,
        rule=first.rule.id,
        rank=0,
        length_ns=_ns(CHIME_LENGTH_S),
    )
    heard = state.heard | {c.occurrence_id for c in new}
    return replace(state, heard=heard, last_reminder=burst), burst, burst.end_t_ns


def _to_chime(state: AudioState, condition: Condition, t_ns: int) -> bool:
    if condition.rule.id not in CHIMES or not condition.informs or condition.occurrence_id in state.heard:
        return False
    since = condition.since_t_ns if condition.announced_t_ns is None else condition.announced_t_ns
    return t_ns < since + _ns(CHIME_WITHIN_S)


def _free_t_ns(state: AudioState) -> int:
    """When what plays has been played."""
    return max((burst.end_t_ns for burst in (state.last, state.last_reminder) if burst), default=0)


def _recall_t_ns(state: AudioState, condition: Condition) -> int:
    acknowledged = condition.acknowledged_t_ns or 0
    return max(state.reminded.get(condition.occurrence_id, acknowledged), acknowledged) + _ns(REMINDER_S)


def _ns(seconds: float) -> int:
    return round(seconds * NS_PER_S)
