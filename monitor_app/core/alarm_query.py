"""Looking through the alarm log: which rows, in which order. Pure."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from monitor_app.core.alarm_log import AlarmRow
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority


class Sort(Enum):
    """Orders of the log."""

    NEWEST = "newest"
    OLDEST = "oldest"
    PRIORITY = "priority"
    DURATION = "duration"  # longest first; what still lasts before all


@dataclass(frozen=True, slots=True)
class AlarmQuery:
    """Which rows are wanted; an empty set asks for all. Times are session nanoseconds, both ends included.

    ``rules`` may be whole ids or their beginnings (``AL-BP``). ``text``: every word must stand somewhere in the row.
    ``near_misses``: also conditions that never were announced. ``unjudged``: only those without a verdict.
    """

    rules: frozenset[str] = frozenset()
    priorities: frozenset[Priority] = frozenset()
    classes: frozenset[AlarmClass] = frozenset()
    phases: frozenset[Phase] = frozenset()
    text: str = ""
    start_t_ns: int | None = None
    end_t_ns: int | None = None
    near_misses: bool = False
    unjudged: bool = False
    sort: Sort = Sort.NEWEST


def select(rows: Iterable[AlarmRow], query: AlarmQuery) -> tuple[AlarmRow, ...]:
    """Return the rows a query asks for, in its order."""
    words = _plain(query.text).split()
    found = [row for row in rows if _fits(row, query) and _says(row, words)]
    return tuple(sorted(found, key=_ORDERS[query.sort]))


def _fits(row: AlarmRow, query: AlarmQuery) -> bool:
    if row.announced is None and not query.near_misses:
        return False
    if query.unjudged and row.judgement is not None:
        return False
    if query.rules and not any(row.rule.startswith(rule) for rule in query.rules):
        return False
    within = (query.start_t_ns is None or row.t_ns >= query.start_t_ns) and (
        query.end_t_ns is None or row.t_ns <= query.end_t_ns
    )
    of_kind = (not query.priorities or row.priority in query.priorities) and (
        not query.classes or row.alarm_class in query.classes
    )
    return within and of_kind and (not query.phases or row.phase in query.phases)


def _says(row: AlarmRow, words: list[str]) -> bool:
    if not words:
        return True
    by = row.acknowledged_by
    parts = [row.rule, row.text, row.note, row.priority.value, row.alarm_class.value, row.phase.title]
    parts += [row.phase.value, row.source, by.name if by else "", *row.suppressed]
    parts.append(row.judgement.verdict.title if row.judgement else "")
    text = _plain(" ".join(parts))
    return all(word in text for word in words)


def _plain(text: str) -> str:
    """Return text as it is compared: ``SpO₂`` is found by ``spo2``, ``João`` by ``joao``."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def _longest(row: AlarmRow) -> float:
    return float("-inf") if row.duration_s is None else -row.duration_s


_ORDERS: dict[Sort, Callable[[AlarmRow], Any]] = {
    Sort.NEWEST: lambda row: -row.t_ns,
    Sort.OLDEST: lambda row: row.t_ns,
    Sort.PRIORITY: lambda row: (-row.priority.rank, -row.t_ns),
    Sort.DURATION: lambda row: (_longest(row), -row.t_ns),
}
