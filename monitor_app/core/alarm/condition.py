"""A rule that is not idle, as a screen or a sound needs it, and the order in which several are shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from monitor_app.core.alarm.rule import Rule
from monitor_app.core.alarm.state import AlarmState, RuleState
from monitor_app.core.priority import AlarmClass, Priority


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
    unanswered_since_t_ns: int | None = None  # it latched, nobody answered, and it is there again

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


def condition_of(rule: Rule, own: RuleState, suppressed_by: str) -> Condition:
    """Return how a rule that is not IDLE stands; ``suppressed_by`` names what hides it."""
    latched = own.state is AlarmState.LATCHED
    return Condition(
        occurrence_id=own.occurrence_id,
        rule=rule,
        state=own.state,
        since_t_ns=own.since_t_ns,
        announced_t_ns=own.announced_t_ns,
        unanswered_since_t_ns=own.unanswered_since_t_ns,
        acknowledged=own.state is AlarmState.ACTIVE_ACK,
        value=own.value,
        limit=own.limit,
        worst_value=own.worst_value,
        text=own.worst_text if latched and own.worst_text else own.text,
        suppressed_by=suppressed_by,
        note=own.note,
        acknowledged_t_ns=own.acknowledged_t_ns,
        worst_t_ns=own.worst_t_ns,
        unconfirmed=rule.retake and own.state.running and own.readings == 1,
        worst_text=lasting_text(rule, own),
        clearing=own.clear_since_t_ns is not None,
        returned=latched and own.met_since_t_ns is not None,
    )


def lasting_text(rule: Rule, own: RuleState) -> str:
    """Return the words that tell what it was when it is over: of the worst value (clinical.md §5.2).

    Where no figure makes one instant worse than another, the newest words stand.
    """
    graded = rule.alarm_class is AlarmClass.PHYSIOLOGICAL or own.worst_severity > 0
    return (own.worst_text or own.text) if graded else (own.text or own.worst_text)


def in_display_order(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """Sort them: shown ones first; highest priority, then unacknowledged, then newest first."""
    return tuple(sorted(conditions, key=_display_order))


def _display_order(condition: Condition) -> tuple[bool, int, bool, int]:
    newest = condition.since_t_ns if condition.announced_t_ns is None else condition.announced_t_ns
    return (not condition.shown, -condition.rule.priority.rank, not condition.unacknowledged, -newest)
