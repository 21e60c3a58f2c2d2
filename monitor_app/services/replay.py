"""Displayed numbers through the alarm engine, as fast as it goes: ``chairside replay`` (design.md §7).

The engine is stepped at every row and at every instant between rows at which something changes by time alone. A row
and an instant that coincide are one step, with the row's values. Nothing is evaluated past the last row.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from devices.errors import ConfigError
from monitor_app.core.alarm.engine import AlarmEngine, Transition
from monitor_app.core.alarm.facts import Facts
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.journal import Baseline
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import NS_PER_S
from monitor_app.services.replay_csv import PHASES, NumericRow, NumericTable, read_numerics
from monitor_app.services.replay_facts import ReplayFacts, ReplayOptions, shown_numbers
from monitor_app.services.replay_judged import Carried, closed_by_unjudged, profiles_of

__all__ = [
    "ReplayOptions",
    "alarm_line",
    "parse_baseline",
    "parse_pressure",
    "parse_replay_phase",
    "replay_csv",
    "replay_numerics",
    "replay_table",
]

Line = dict[str, object]


def replay_csv(
    path: Path, options: ReplayOptions | None = None, limits: Limits | None = None
) -> Iterator[Line]:
    """Yield the lines of a CSV of numerics, last the rules that could not be judged; the whole file is checked first.

    Raises ``KnownError`` for a file that cannot be read and ``ConfigError`` naming the line and column of a mistake.
    """
    return replay_table(read_numerics(path), options or ReplayOptions(), limits)


def replay_table(
    table: NumericTable,
    options: ReplayOptions,
    limits: Limits | None = None,
    *,
    told: frozenset[str] = frozenset(),
) -> Iterator[Line]:
    """Yield the lines of a table, and last the rules that could not be judged.

    ``told``: columns that stand in the table only where they say something, and would be there otherwise too.
    """
    carried = Carried(
        columns=table.columns | told,
        options=options,
        profiles=profiles_of(table.rows, options),
        end_t_s=table.rows[-1].t_ns / NS_PER_S if table.rows else 0.0,
    )
    return closed_by_unjudged(replay_numerics(table.rows, table.columns, options, limits), carried)


def replay_numerics(
    rows: Iterable[NumericRow],
    columns: frozenset[str],
    options: ReplayOptions,
    limits: Limits | None = None,
) -> Iterator[Line]:
    """Yield alarm lines, and with ``options.numerics`` the values of each second, in the order of time.

    ``rows`` must be in the order of time; ``columns`` are the fitted ones. Lazy: a row is taken when its time comes.
    """
    source = iter(rows)
    row = next(source, None)
    if row is None:
        return
    player = _Player(columns, options, AlarmEngine(_numbered(), limits), row.t_ns)
    while row is not None:
        following = next(source, None)
        yield from player.play(row, None if following is None else following.t_ns)
        row = following


class _Player:
    """Plays one row after another up to the next."""

    def __init__(
        self, columns: frozenset[str], options: ReplayOptions, engine: AlarmEngine, start_t_ns: int
    ) -> None:
        self._columns = columns
        self._feed = ReplayFacts(columns, options, start_t_ns)
        self._engine = engine
        self._second_ns = -(-start_t_ns // NS_PER_S) * NS_PER_S if options.numerics else None

    def play(self, row: NumericRow, until_ns: int | None) -> Iterator[Line]:
        """Yield the lines from this row's instant up to, not including, ``until_ns``; None: it is the last row."""
        self._feed.take(row, retake_wanted=self._engine.retake_wanted)
        now_ns: int | None = row.t_ns
        while now_ns is not None:
            facts = self._feed.facts(now_ns)
            yield from (alarm_line(step) for step in self._engine.evaluate(facts))
            if self._second_ns == now_ns != until_ns:
                yield from _numeric_lines(facts, self._columns)
                self._second_ns += NS_PER_S
            now_ns = self._next_step_ns(now_ns, until_ns)

    def _next_step_ns(self, now_ns: int, until_ns: int | None) -> int | None:
        """Return the next instant before the next row at which something changes by time alone."""
        if until_ns is None:
            return None
        times = (self._engine.next_deadline_ns(), self._feed.next_change_ns(now_ns), self._second_ns)
        return min((t for t in times if t is not None and now_ns < t < until_ns), default=None)


def alarm_line(step: Transition) -> Line:
    """Return one step of an alarm in the form of design.md §7; ``suppressed`` is true or false."""
    return {
        "kind": "alarm",
        "t": step.t_ns / NS_PER_S,
        "rule": step.rule,
        "from": step.from_state.value,
        "to": step.to_state.value,
        "priority": step.priority.value,
        "value": step.value,
        "limit": step.limit,
        "suppressed": bool(step.suppressed),
        "suppressed_by": step.suppressed or None,
        "phase": step.phase.value,
        "text": step.text,
        "note": step.note,
        "occurrence": step.occurrence_id,
    }


def _numeric_lines(facts: Facts, columns: frozenset[str]) -> Iterator[Line]:
    for name, value, unit in shown_numbers(facts, columns):
        yield {"kind": "numeric", "t": facts.t_ns / NS_PER_S, "name": name, "value": value, "unit": unit}


def _numbered() -> Callable[[], str]:
    count = iter(range(1, 1 << 62))
    return lambda: f"a{next(count)}"


def parse_baseline(text: str) -> Baseline:
    """Read ``HR,SYS,DIA,SPO2``; HR and SPO2 may be left empty. Raises ``ConfigError``."""
    parts = text.split(",")
    if len(parts) != 4:
        raise ConfigError(f"--baseline {text!r} must be HR,SYS,DIA,SPO2, for example 72,124,78,98.")
    hr, systolic, diastolic, spo2 = (_part(part, "--baseline", text) for part in parts)
    if systolic is None or diastolic is None:
        raise ConfigError(f"--baseline {text!r} needs SYS and DIA, for example 72,124,78,98.")
    return Baseline(systolic, diastolic, hr, spo2, None)


def parse_pressure(text: str) -> tuple[float, float]:
    """Read ``SYS,DIA`` of ``--bp-end``. Raises ``ConfigError``."""
    parts = text.split(",")
    numbers = [_part(part, "--bp-end", text) for part in parts]
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
        raise ConfigError(f"--bp-end {text!r} must be SYS,DIA, for example 138,86.")
    return numbers[0], numbers[1]


def parse_replay_phase(text: str) -> Phase:
    """Read ``pre``, ``inf`` or ``rec`` of ``--phase``. Raises ``ConfigError``."""
    phase = PHASES.get(text.strip().lower())
    if phase is None:
        raise ConfigError(f"--phase {text!r} must be pre, inf or rec.")
    return phase


def _part(text: str, option: str, whole: str) -> float | None:
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1000:
        raise ConfigError(f"{option} {whole!r}: {text.strip()!r} is not a number above 0.")
    return value
