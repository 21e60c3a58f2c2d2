"""The schedule of the cuff as a value: what it knows, and which reading comes next (clinical.md §8.4, §5.8.5).

``nibp_machine`` holds the events that change it. In order of who wins at one instant: a request of the nurse or the
reading on entering a phase, the re-take of an alarming reading (60 s) or the repetition of a failed cycle (30 s), the
reading near 40 min, the clock mark. After a re-take or a repetition nothing inflates by itself for 2 min, and there are
at most two of them in 10 min.
"""

from dataclasses import dataclass
from enum import Enum

from monitor_app.core.phase import Phase
from monitor_app.core.stamp import NS_PER_S

INTERVALS_MIN = (1.0, 2.0, 2.5, 3.0, 5.0, 10.0, 15.0, 30.0, 60.0)  # clinical.md §8.4
STANDARD_INTERVAL_S = 300.0  # clinical.md §1.1 P1

DEFLATED_S = 30.0  # clinical.md §8.4
STAT_DEFLATED_S = 5.0  # clinical.md §8.4
WINDOW_MIN = (38.0, 40.0, 42.0)  # clinical.md §4.1: from, aim, to; after the start of the infusion


class CuffAction(Enum):
    """What an order asks for."""

    START = "start"
    STOP = "stop"
    TASK = "press START on the monitor"


class Trigger(Enum):
    """Why a reading is taken; the values are those of ``NibpEntry.trigger``."""

    MANUAL = "manual"
    ENTRY = "entry"
    RETAKE = "retake"
    RETRY = "retry"
    AUTO = "auto"
    STAT = "stat"
    MONITOR = "monitor"

    @property
    def repeats(self) -> bool:
        """Whether it repeats an earlier reading by itself and so starts the quiet time."""
        return self in {Trigger.RETAKE, Trigger.RETRY}


class CuffEnd(Enum):
    """How a cycle ended, as far as the plan cares."""

    NORMAL = "normal"
    ALARMING = "alarming"  # an accepted reading outside a limit whose rule asks for a re-take
    FAILED = "failed"  # no reading, or one that was rejected
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class CuffOrder:
    """Something to do now: start or stop the cuff, or ask the nurse to press START."""

    action: CuffAction
    trigger: Trigger
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A reading that is to be taken at ``t_ns``."""

    t_ns: int
    trigger: Trigger


@dataclass(frozen=True, slots=True)
class NibpPlan:
    """The state of the schedule. All times are session nanoseconds; None: none.

    It starts disarmed; ``host_timed`` False: the monitor times its cuff, so a due reading is a task for the nurse.
    """

    host_timed: bool = True
    armed: bool = False
    interval_s: float = STANDARD_INTERVAL_S
    chosen_interval_s: float | None = None  # set by a person; a phase only ever shortens it
    phase: Phase = Phase.SCHED
    utc_offset_s: int = 0  # the clinic's clock against UTC, for the marks
    marks_from_t_ns: int | None = None  # the next mark lies at least 60 s after this
    next_mark_t_ns: int | None = None
    asked: Due | None = None  # by the nurse or by entering a phase
    repeat: Due | None = None  # re-take or repetition
    second_baseline: bool = False  # another reading is due 2 min after the next accepted one
    measuring: Due | None = None  # since when, and why
    stop_pending: bool = False  # monitoring ended while the cuff was inflated
    last_end_t_ns: int | None = None
    previous_end_t_ns: int | None = None
    quiet_until_t_ns: int = 0
    repeats_t_ns: tuple[int, ...] = ()
    stat_until_t_ns: int | None = None
    infusion_start_t_ns: int | None = None
    window_done: bool = False
    task: Due | None = None  # what the nurse has been asked for and has not come yet

    @property
    def next_due(self) -> Due | None:
        """The next reading the plan will take or ask for, with its reason; None when none is planned."""
        candidates = [due for due in (self.asked, self.repeat, self._window(), self._mark()) if due]
        return min((self._held(due) for due in candidates), key=lambda due: due.t_ns, default=None)

    @property
    def next_due_t_ns(self) -> int | None:
        """When the next reading is taken or asked for."""
        due = self.next_due
        return None if due is None else due.t_ns

    @property
    def interval_differs(self) -> str:
        """Say in words that a monitor timing itself does not keep to the plan (protocols.md §10.4); else empty."""
        if self.host_timed or not self.armed or self.last_end_t_ns is None or self.previous_end_t_ns is None:
            return ""
        seen_s = (self.last_end_t_ns - self.previous_end_t_ns) / NS_PER_S
        if abs(seen_s - self.interval_s) <= 0.2 * self.interval_s:
            return ""
        return (
            f"The monitor measured after {seen_s / 60:.1f} min; the plan says {self.interval_s / 60:g} min."
        )

    def countdown_s(self, t_ns: int) -> float | None:
        """Seconds to the next reading, 0 when it is due, None when none is planned."""
        due_t_ns = self.next_due_t_ns
        return None if due_t_ns is None else max(0.0, (due_t_ns - t_ns) / NS_PER_S)

    def window_t_ns(self) -> tuple[int, int, int] | None:
        """The instants 38, 40 and 42 min after the start of the infusion; None before it."""
        if self.infusion_start_t_ns is None:
            return None
        start, aim, end = (self.infusion_start_t_ns + round(m * 60 * NS_PER_S) for m in WINDOW_MIN)
        return start, aim, end

    def _mark(self) -> Due | None:
        if not self.armed:
            return None
        if self.stat_until_t_ns is not None:
            return Due(self.last_end_t_ns or 0, Trigger.STAT)
        return None if self.next_mark_t_ns is None else Due(self.next_mark_t_ns, Trigger.AUTO)

    def _window(self) -> Due | None:
        """The extra reading near 40 min, unless a clock mark falls into the window anyway."""
        window = self.window_t_ns()
        if window is None or not self.armed or self.window_done or self.next_mark_t_ns is None:
            return None
        start, aim, end = window
        if start <= self.next_mark_t_ns <= end or self.quiet_until_t_ns > end:
            return None
        return Due(aim, Trigger.AUTO)

    def _held(self, due: Due) -> Due:
        """Put a reading off until the cuff has been deflated long enough and the quiet time is over."""
        earliest = due.t_ns
        if self.last_end_t_ns is not None:
            rest_s = STAT_DEFLATED_S if due.trigger is Trigger.STAT else DEFLATED_S
            earliest = max(earliest, self.last_end_t_ns + round(rest_s * NS_PER_S))
        if due.trigger.repeats or due.trigger is Trigger.AUTO:
            earliest = max(earliest, self.quiet_until_t_ns)
        return due if earliest == due.t_ns else Due(earliest, due.trigger)
