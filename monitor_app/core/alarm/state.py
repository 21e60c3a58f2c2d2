"""Where one rule stands in its life, as a value (clinical.md §5.4)."""

from dataclasses import dataclass
from enum import Enum


class AlarmState(Enum):
    """The five states of clinical.md §5.4, by the names the record and the command line use."""

    IDLE = "IDLE"
    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    ACTIVE_ACK = "ACTIVE_ACK"
    LATCHED = "LATCHED"

    @property
    def running(self) -> bool:
        """Whether the condition is announced and still true (or not known to be over)."""
        return self in _RUNNING

    @property
    def unacknowledged(self) -> bool:
        """Whether somebody still has to press acknowledge."""
        return self in _UNACKNOWLEDGED


_RUNNING = frozenset({AlarmState.ACTIVE, AlarmState.ACTIVE_ACK})
_UNACKNOWLEDGED = frozenset({AlarmState.ACTIVE, AlarmState.LATCHED})


@dataclass(frozen=True, slots=True)
class RuleState:
    """All that is remembered of one rule. Times are session nanoseconds; None: not so.

    ``met_since_t_ns`` runs while the condition waits out its delay (also behind LATCHED), ``clear_since_t_ns`` while an
    announced one waits out its clear-hold. ``released_t_ns`` is the end of the last hold: a delay never counts from
    before it. ``readings`` counts the cuff readings judged during this occurrence.
    """

    state: AlarmState = AlarmState.IDLE
    occurrence_id: str = ""
    since_t_ns: int = 0
    announced_t_ns: int | None = None
    unanswered_since_t_ns: int | None = None  # since when one that latched and came back has had no answer
    acknowledged_t_ns: int | None = None
    met_since_t_ns: int | None = None
    clear_since_t_ns: int | None = None
    released_t_ns: int | None = None
    held: bool = False
    cap_t_ns: int | None = None  # a doubted announcement is not put off past this
    hold: str = ""  # why it is not judged just now
    suppressor: str = ""  # the rule the judge itself names as hiding this one
    value: float | None = None
    limit: float | None = None
    text: str = ""
    worst_value: float | None = None
    worst_t_ns: int = 0
    worst_severity: float = float("-inf")
    worst_text: str = ""
    note: str = ""
    readings: int = 0
    event_t_ns: int | None = None  # of what happened once: when the newest did
    handled_t_ns: int | None = None  # what happened up to then has been acknowledged
    deadline_t_ns: int | None = None  # the next instant at which something changes without new input


IDLE = RuleState()
