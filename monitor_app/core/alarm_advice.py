"""Suggested limit changes from the nurses' verdicts: a sentence with its evidence, never a change (clinical.md §5.8.8).

A limit is suggested only inside its allowed range (clinical.md §6), never for a HIGH rule, never from a handful of verdicts,
and never one that would have kept an alarm silent that somebody acted on. Whoever may change limits decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.limits import Parameter
from monitor_app.core.alarm.rule import Rule
from monitor_app.core.alarm_log import AlarmRow
from monitor_app.core.alarm_verdict import Verdict
from monitor_app.core.priority import Priority

LEAST_JUDGED = 10
"""Fewer verdicts than this on a rule say nothing."""
LEAST_USELESS_SHARE = 0.7
"""A rule with a smaller share of useless alarms is left alone; 86 % were false in the studies (clinical.md §5.8)."""
USELESS = frozenset({Verdict.NOT_ACTIONABLE, Verdict.ARTEFACT})


@dataclass(frozen=True, slots=True)
class Advice:
    """A limit that would have spared alarms, with its evidence. ``unit`` is of the limit."""

    rule: str
    parameter: str
    now: float
    suggested: float
    unit: str
    spared: int
    useless: int
    judged: int

    @property
    def text(self) -> str:
        """The advice as one sentence."""
        return (
            f"{self.rule}: {self.useless} of {self.judged} judged alarms were not worth it; a limit of "
            f"{self.suggested:g} {self.unit} instead of {self.now:g} would have spared {self.spared} of them and none that "
            "was acted on. The clinical lead decides."
        )


def advise(rows: Iterable[AlarmRow], rules: Sequence[Rule] = RULES) -> tuple[Advice, ...]:
    """Return what the verdicts on these alarms suggest, rule by rule, in the order of the table."""
    judged: dict[str, list[AlarmRow]] = {}
    for row in rows:
        if (
            row.judgement is not None
            and row.judgement.verdict is not Verdict.TEST
            and row.announced is not None
        ):
            judged.setdefault(row.rule, []).append(row)
    found = (_of_rule(rule, judged.get(rule.id, [])) for rule in rules)
    return tuple(advice for advice in found if advice is not None)


def _of_rule(rule: Rule, rows: list[AlarmRow]) -> Advice | None:
    limits = [parameter for parameter in rule.parameters if parameter.key.startswith("limit")]
    useless = [row for row in rows if _useless(row)]
    few = len(rows) < LEAST_JUDGED or len(useless) < LEAST_USELESS_SHARE * len(rows)
    if rule.priority is Priority.HIGH or len(limits) != 1 or few:
        return None
    now = rows[-1].limit
    if now is None or any(row.limit != now or row.worst is None for row in rows):
        return None  # other limits were in force among them: nothing can be said of one
    return _widest(rule.id, limits[0], now=now, rows=rows)


def _widest(rule: str, parameter: Parameter, *, now: float, rows: list[AlarmRow]) -> Advice | None:
    """Step outwards to the end of the range, and keep the last limit that loses no alarm that was acted on."""
    high = rows[-1].high_side
    end = parameter.high if high else parameter.low
    spared_before, best = 0, now
    for step in range(1, int(abs(end - now)) + 1):
        limit = now + step if high else now - step
        silent = [row for row in rows if _silent(row, limit, high=high)]
        if any(not _useless(row) for row in silent):
            break
        if len(silent) > spared_before:
            spared_before, best = len(silent), limit
    if not spared_before:
        return None
    useless = sum(_useless(row) for row in rows)
    return Advice(rule, parameter.key, now, best, parameter.unit, spared_before, useless, len(rows))


def _useless(row: AlarmRow) -> bool:
    return row.judgement is not None and row.judgement.verdict in USELESS


def _silent(row: AlarmRow, limit: float, *, high: bool) -> bool:
    worst = row.worst
    return worst is not None and (worst <= limit if high else worst >= limit)
