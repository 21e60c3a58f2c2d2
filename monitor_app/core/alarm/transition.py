"""One step in an alarm's life, as it goes into the record (clinical.md §5.7)."""

from dataclasses import dataclass

from monitor_app.core.alarm.rule import Rule
from monitor_app.core.alarm.state import AlarmState
from monitor_app.core.journal import AlarmEntry
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import NS_PER_S, Actor, Stamp


@dataclass(frozen=True, slots=True)
class Transition:
    """A rule went from one state to another at session time ``t_ns``.

    ``suppressed``: the rule or the hold that keeps it from being announced at that instant, empty when nothing does.
    ``value`` and ``limit`` are those judged then, or the last known.
    """

    t_ns: int
    occurrence_id: str
    rule: str
    alarm_class: AlarmClass
    priority: Priority
    from_state: AlarmState
    to_state: AlarmState
    phase: Phase
    value: float | None
    limit: float | None
    text: str
    suppressed: str = ""
    note: str = ""

    @property
    def t_s(self) -> float:
        """Seconds since the session began."""
        return self.t_ns / NS_PER_S

    def entry(self, stamp: Stamp, by: Actor | None = None) -> AlarmEntry:
        """Return the journal's form; ``by`` is who acknowledged."""
        return AlarmEntry(
            stamp=stamp,
            occurrence_id=self.occurrence_id,
            rule=self.rule,
            alarm_class=self.alarm_class,
            priority=self.priority,
            from_state=self.from_state.value,
            to_state=self.to_state.value,
            phase=self.phase,
            value=self.value,
            limit=self.limit,
            text=self.text,
            suppressed=self.suppressed,
            note=self.note,
            by=by,
        )


RESTARTED = "the program restarted"


def closing(entry: AlarmEntry, rule: Rule, t_ns: int) -> Transition:
    """Return the step back to IDLE of a condition that was PENDING when the program ended."""
    return Transition(
        t_ns=t_ns,
        occurrence_id=entry.occurrence_id,
        rule=rule.id,
        alarm_class=rule.alarm_class,
        priority=rule.priority,
        from_state=AlarmState.PENDING,
        to_state=AlarmState.IDLE,
        phase=entry.phase,
        value=entry.value,
        limit=entry.limit,
        text=entry.text,
        note=RESTARTED,
    )
