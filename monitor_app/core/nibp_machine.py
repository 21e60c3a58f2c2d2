"""What moves the schedule of the cuff (clinical.md §3.1, §4.1, §5.8.5, §8.4; protocols.md §10), as pure functions.

Events go in with their session time and a new plan comes out; only ``advance`` and ``cancel`` give orders, so the caller
reports what happened and then asks what is due. Intervals are measured on ``t_ns``. Wall time is read for one thing
only, to find the next clock mark; once found, a mark is a point on the monotonic axis, so a clock set by an hour moves
no reading by more than the time to one mark.

Nothing here arms a plan but an operator: by setting it, or by moving the visit to a phase whose rule is a reading at
once. Connecting, reconnecting or loading settings calls none of these.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from devices.errors import KnownError
from monitor_app.core.nibp_plan import (
    INTERVALS_MIN,
    STANDARD_INTERVAL_S,
    CuffAction,
    CuffEnd,
    CuffOrder,
    Due,
    NibpPlan,
    Trigger,
)
from monitor_app.core.phase import MONITORING, Phase
from monitor_app.core.stamp import NS_PER_S

TIGHT_INTERVAL_S = 150.0  # clinical.md §3.1: paused for blood pressure; emergency
MARK_SKIP_S = 60.0  # clinical.md §8.4
LONGEST_CYCLE_S = 180.0  # clinical.md §8.4: 120 to 180 s
RETRY_AFTER_S = 30.0  # clinical.md §5.8.5
RETAKE_AFTER_S = 60.0  # clinical.md §5.8.5
QUIET_S = 120.0  # clinical.md §5.8.5
REPEAT_BUDGET = 2  # clinical.md §5.8.5: at most two automatic ones …
REPEAT_WINDOW_S = 600.0  # … in 10 min
SECOND_BASELINE_S = 120.0  # clinical.md §3.1, §4.2
STAT_LENGTH_S = 300.0  # clinical.md §8.4: rapid for 5 min, then back
MONITOR_GRACE_S = 30.0  # a monitor in its own AUTO mode is waited for this long before the nurse is asked

_SNAP_MS = 2000  # a reading this near to a clock mark is the reading of that mark
_READING_AT_ONCE = frozenset({Phase.BASE, Phase.INF, Phase.REC, Phase.EMERG})
_REPEAT_AFTER_S: Mapping[Trigger, float] = MappingProxyType(
    {Trigger.RETAKE: RETAKE_AFTER_S, Trigger.RETRY: RETRY_AFTER_S}
)


def set_plan(plan: NibpPlan, t_ns: int, *, armed: bool, interval_min: float) -> NibpPlan:
    """Arm or disarm at a person's word; raises ``KnownError`` for an interval the cuff does not know.

    A cycle in progress is left to finish; ``cancel`` stops it.
    """
    if interval_min not in INTERVALS_MIN:
        allowed = ", ".join(f"{minutes:g}" for minutes in INTERVALS_MIN)
        raise KnownError(f"Choose a cuff interval of {allowed} min; {interval_min:g} min was asked for.")
    plan = _marks_from(plan, t_ns)
    interval_s = interval_min * 60
    plan = replace(
        plan, armed=armed, interval_s=interval_s, chosen_interval_s=interval_s, stat_until_t_ns=None
    )
    return plan if armed else _nothing_pending(plan)


def enter_phase(plan: NibpPlan, phase: Phase, t_ns: int, *, paused_for_pressure: bool = False) -> NibpPlan:
    """Take over the rule of the phase just entered (clinical.md §3.1, §3.2).

    BASE, INF (not when resumed), REC and EMERG arm the plan and take a reading at once; leaving monitoring disarms it
    and stops the cuff.
    """
    before, plan = plan.phase, replace(plan, phase=phase)
    if phase not in MONITORING:
        stop = plan.measuring is not None and before in MONITORING
        return replace(_nothing_pending(plan), armed=False, stop_pending=stop)
    at_once = phase in _READING_AT_ONCE and not (phase is Phase.INF and before is Phase.PAUSE)
    tight = phase is Phase.EMERG or (phase is Phase.PAUSE and paused_for_pressure)
    rule_s = TIGHT_INTERVAL_S if tight else STANDARD_INTERVAL_S
    interval_s = rule_s if plan.chosen_interval_s is None else min(rule_s, plan.chosen_interval_s)
    if at_once or interval_s != plan.interval_s:
        plan = _marks_from(plan, t_ns)
    if at_once:
        plan = replace(plan, armed=True, asked=Due(t_ns, Trigger.ENTRY), repeat=None)
    second = phase is Phase.BASE or (plan.second_baseline and phase is Phase.READY)
    return replace(plan, interval_s=interval_s, second_baseline=second)


def infusion_started(plan: NibpPlan, t0_ns: int) -> NibpPlan:
    """Remember the actual start, for the reading 38 to 42 min after it (clinical.md §4.1)."""
    return replace(plan, infusion_start_t_ns=t0_ns, window_done=False)


def request(plan: NibpPlan, t_ns: int) -> NibpPlan:
    """Note that the nurse asked for a reading now; ignored while one is being taken (protocols.md §10.3)."""
    if plan.measuring:
        return plan
    waiting = plan.asked is not None and plan.asked.trigger is Trigger.ENTRY and plan.asked.t_ns > t_ns
    second = plan.second_baseline or (waiting and plan.phase in {Phase.BASE, Phase.READY})
    return replace(plan, asked=Due(t_ns, Trigger.MANUAL), second_baseline=second)


def stat(plan: NibpPlan, t_ns: int) -> NibpPlan:
    """Measure as fast as the cuff may for 5 min, then go back to the interval."""
    until_t_ns = t_ns + _ns(STAT_LENGTH_S)
    asked = plan.asked if plan.measuring else Due(t_ns, Trigger.STAT)
    return replace(plan, armed=True, stat_until_t_ns=until_t_ns, asked=asked)


def started(plan: NibpPlan, t_ns: int) -> NibpPlan:
    """Note that the cuff was seen inflating without our order: somebody, or its own timer, started it there."""
    if plan.measuring:
        return plan
    trigger = plan.task.trigger if plan.task else Trigger.MONITOR
    asked = plan.asked if plan.asked and plan.asked.t_ns > t_ns else None
    return _marks_from(replace(plan, measuring=Due(t_ns, trigger), asked=asked, repeat=None), t_ns)


def cancel(plan: NibpPlan, t_ns: int, *, retake_only: bool = False) -> tuple[NibpPlan, tuple[CuffOrder, ...]]:
    """Drop what is pending and, unless only the re-take is meant, stop the cuff. The plan stays armed.

    STOP is ordered even when no cycle is known to run (protocols.md §10.2).
    """
    if retake_only:
        return replace(plan, repeat=None), ()
    trigger = plan.measuring.trigger if plan.measuring else Trigger.MANUAL
    dropped = _nothing_pending(plan)
    stopped = ended(dropped, t_ns, CuffEnd.CANCELLED) if plan.measuring else dropped
    return stopped, (CuffOrder(CuffAction.STOP, trigger, "cancelled"),) if plan.host_timed else ()


def ended(plan: NibpPlan, t_ns: int, how: CuffEnd) -> NibpPlan:
    """Note the end of a cycle and plan what follows: second baseline reading, re-take, repetition."""
    task_trigger = plan.task.trigger if plan.task else Trigger.MONITOR
    was = plan.measuring or Due(t_ns, task_trigger)
    unseen = plan.measuring is None
    plan = replace(plan, measuring=None, stop_pending=False, task=None)
    plan = replace(plan, previous_end_t_ns=plan.last_end_t_ns, last_end_t_ns=t_ns)
    if unseen or not plan.host_timed:
        plan = replace(_marks_from(plan, t_ns), asked=None, repeat=None)
    if was.trigger.repeats:
        plan = replace(plan, quiet_until_t_ns=t_ns + _ns(QUIET_S))
    if how is CuffEnd.CANCELLED:
        return plan
    if how is CuffEnd.FAILED:
        return _plan_repeat(plan, t_ns, Trigger.RETRY, after=was.trigger)
    plan = _reading_arrived(plan, t_ns, was)
    return _plan_repeat(plan, t_ns, Trigger.RETAKE, after=was.trigger) if how is CuffEnd.ALARMING else plan


def advance(plan: NibpPlan, t_ns: int, wall_utc_ms: int) -> tuple[NibpPlan, tuple[CuffOrder, ...]]:
    """Say what is to be done at this instant. Call after every event and at ``next_due_t_ns``.

    ``wall_utc_ms`` is used only when a clock mark has to be found.
    """
    plan = _time_passed(plan, t_ns)
    if plan.measuring:
        return _watch_cycle(plan, plan.measuring, t_ns)
    plan = _find_mark(plan, t_ns, wall_utc_ms)
    due = plan.next_due
    if due is None or t_ns < due.t_ns:
        return plan, ()
    plan, orders = _fire(plan, due, t_ns)
    return _find_mark(plan, t_ns, wall_utc_ms), orders


def _time_passed(plan: NibpPlan, t_ns: int) -> NibpPlan:
    """End the STAT minutes and give up the 40-min window once it is over."""
    if plan.stat_until_t_ns is not None and t_ns >= plan.stat_until_t_ns:
        plan = _marks_from(replace(plan, stat_until_t_ns=None), t_ns)
    if plan.window_done:
        return plan
    window = plan.window_t_ns()
    return replace(plan, window_done=True) if window and t_ns > window[2] else plan


def _watch_cycle(plan: NibpPlan, cycle: Due, t_ns: int) -> tuple[NibpPlan, tuple[CuffOrder, ...]]:
    """Stop a cycle nobody wants any more or that takes too long."""
    too_long = t_ns - cycle.t_ns >= _ns(LONGEST_CYCLE_S)
    if not plan.stop_pending and not too_long:
        return plan, ()
    reason = "monitoring ended" if plan.stop_pending else f"took longer than {LONGEST_CYCLE_S:.0f} s"
    how = CuffEnd.CANCELLED if plan.stop_pending else CuffEnd.FAILED
    orders = (CuffOrder(CuffAction.STOP, cycle.trigger, reason),) if plan.host_timed else ()
    return ended(plan, t_ns, how), orders


def _fire(plan: NibpPlan, due: Due, t_ns: int) -> tuple[NibpPlan, tuple[CuffOrder, ...]]:
    """Start the cuff, or ask the nurse for it once."""
    mark = plan.next_mark_t_ns
    on_mark = due.trigger is Trigger.AUTO and mark is not None and mark <= t_ns < mark + _ns(MARK_SKIP_S)
    was_asked = plan.asked is not None and plan.asked.trigger is due.trigger
    fired = _marks_from(plan, mark if on_mark and mark is not None else t_ns)
    fired = replace(fired, asked=None if was_asked else plan.asked, repeat=None)
    if due.trigger.repeats:
        fired = replace(fired, repeats_t_ns=(*plan.repeats_t_ns, t_ns)[-REPEAT_BUDGET:])
    if plan.host_timed:
        return replace(fired, measuring=Due(t_ns, due.trigger)), (CuffOrder(CuffAction.START, due.trigger),)
    order = CuffOrder(CuffAction.TASK, due.trigger, CuffAction.TASK.value)
    return replace(fired, task=Due(t_ns, due.trigger)), (order,)


def _plan_repeat(plan: NibpPlan, t_ns: int, trigger: Trigger, *, after: Trigger) -> NibpPlan:
    """Plan a re-take or repetition where clinical.md §5.8.5 allows one; the marks make room for it."""
    due_t_ns = t_ns + _ns(_REPEAT_AFTER_S[trigger])
    recent = [past for past in plan.repeats_t_ns if due_t_ns - past < _ns(REPEAT_WINDOW_S)]
    held_back = after.repeats or t_ns < plan.quiet_until_t_ns or plan.stat_until_t_ns is not None
    if not plan.armed or held_back or len(recent) >= REPEAT_BUDGET:
        return plan
    return replace(_marks_from(plan, due_t_ns), repeat=Due(due_t_ns, trigger))


def _reading_arrived(plan: NibpPlan, t_ns: int, was: Due) -> NibpPlan:
    window = plan.window_t_ns()
    if window and window[0] <= was.t_ns <= window[2]:
        plan = replace(plan, window_done=True)
    if not plan.second_baseline or not plan.armed:
        return plan
    second_t_ns = t_ns + _ns(SECOND_BASELINE_S)
    plan = replace(plan, second_baseline=False, asked=Due(second_t_ns, Trigger.ENTRY))
    return _marks_from(plan, second_t_ns)


def _find_mark(plan: NibpPlan, t_ns: int, wall_utc_ms: int) -> NibpPlan:
    """Put the next mark on the monotonic axis: 8:03 and 5 min give 8:05; less than 60 s away, the one after."""
    if not plan.armed or plan.next_mark_t_ns is not None:
        return plan
    from_t_ns = t_ns if plan.marks_from_t_ns is None else plan.marks_from_t_ns
    if not plan.host_timed:
        return replace(plan, next_mark_t_ns=from_t_ns + _ns(plan.interval_s + MONITOR_GRACE_S))
    interval_ms = round(plan.interval_s * 1000)
    local_ms = wall_utc_ms + plan.utc_offset_s * 1000 + round((from_t_ns - t_ns) / 1_000_000)
    nearest_ms = round(local_ms / interval_ms) * interval_ms
    from_ms = nearest_ms if abs(local_ms - nearest_ms) <= _SNAP_MS else local_ms
    mark_ms = (from_ms // interval_ms + 1) * interval_ms
    if mark_ms - from_ms < MARK_SKIP_S * 1000:
        mark_ms += interval_ms
    return replace(plan, next_mark_t_ns=from_t_ns + (mark_ms - local_ms) * 1_000_000)


def _marks_from(plan: NibpPlan, t_ns: int) -> NibpPlan:
    """Look for the next mark anew, counting from this instant."""
    return replace(plan, marks_from_t_ns=t_ns, next_mark_t_ns=None)


def _nothing_pending(plan: NibpPlan) -> NibpPlan:
    return replace(plan, asked=None, repeat=None, second_baseline=False, stat_until_t_ns=None, task=None)


def _ns(seconds: float) -> int:
    return round(seconds * NS_PER_S)
