"""A CSV of displayed values, read and checked as a whole before anything is judged (design.md §7)."""

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from devices.errors import ConfigError, KnownError
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import NS_PER_S

NUMBERS = ("hr", "pr", "spo2", "sys", "dia", "map", "rr", "hr_quality", "spo2_quality", "o2_l_min", "pi")
FLAGS = ("cuff_inflating",)
WORDS = ("nibp_status", "phase", "ecg_lead_off")
COLUMNS = (
    "t",
    *NUMBERS[:7],
    *NUMBERS[7:9],
    "nibp_status",
    "phase",
    "o2_l_min",
    "cuff_inflating",
    "ecg_lead_off",
    "pi",
)
NOT_REPLAYED = frozenset({"mark", "utc", "local", "visit_phase", "temp", "hr_source", "spo2_source"})
"""Columns our own export also has and alarms do not look at."""

PHASES: Mapping[str, Phase] = {
    "pre": Phase.BASE,
    "inf": Phase.INF,
    "rec": Phase.REC,
    **{phase.value.lower(): phase for phase in Phase},
}
"""What ``--phase`` and the ``phase`` column may say: a column of clinical.md §6, or a state of §3.1."""

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class NumericRow:
    """What one row says. ``numbers`` has a key for each number column, None where the cell is empty."""

    t_ns: int
    numbers: Mapping[str, float | None]
    nibp_status: str = ""
    phase: Phase | None = None
    cuff_inflating: bool = False
    leads_off: tuple[str, ...] = ()
    lead_off: bool = False


@dataclass(frozen=True, slots=True)
class NumericTable:
    """Rows in the order of time, and which columns there were."""

    columns: frozenset[str]
    rows: tuple[NumericRow, ...]


def read_numerics(path: Path) -> NumericTable:
    """Read a CSV of numerics; raises ``KnownError`` naming the file, line and column of the first mistake."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            return parse_numerics(lines, str(path))
    except OSError as error:
        raise KnownError(f"{path} cannot be read: {error.strerror or error}; check the name.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise KnownError(f"{path} is not a CSV text in UTF-8 ({error}); export it again as CSV.") from error


def parse_numerics(lines: Iterator[str] | Sequence[str], name: str) -> NumericTable:
    """Parse the lines of a CSV; raises ``ConfigError`` naming line and column."""
    reader = csv.reader(lines)
    header = _header(next(reader, None), name)
    rows: list[NumericRow] = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        at = f"{name}, line {reader.line_num}"
        if len(cells) > len(header):
            raise ConfigError(f"{at}: {len(cells)} cells where the header names {len(header)} columns.")
        row = _row(dict(zip(header, (cell.strip() for cell in cells), strict=False)), at)
        if rows and row.t_ns < rows[-1].t_ns:
            last_s = rows[-1].t_ns / NS_PER_S
            raise ConfigError(
                f"{at}, column t: time goes back from {last_s:g} s; rows must be in order of time."
            )
        rows.append(row)
    if not rows:
        raise ConfigError(f"{name} has no rows to replay below its header.")
    return NumericTable(frozenset(header) & frozenset(COLUMNS), tuple(rows))


def _header(cells: list[str] | None, name: str) -> list[str]:
    if cells is None or not any(cell.strip() for cell in cells):
        raise ConfigError(
            f"{name} is empty; a replay needs a header row with t and at least one of its columns."
        )
    header = [cell.strip().lower() for cell in cells]
    if "t" not in header:
        raise ConfigError(f"{name}, line 1: there is no column t with the time in seconds.")
    for column in header:
        if column not in COLUMNS and column not in NOT_REPLAYED:
            raise ConfigError(
                f"{name}, line 1: column {column!r} is not known; known are {', '.join(COLUMNS)}."
            )
        if header.count(column) > 1:
            raise ConfigError(f"{name}, line 1: column {column} is there twice; keep one of them.")
    return header


def _row(cells: Mapping[str, str], at: str) -> NumericRow:
    t_s = _number(cells, "t", at)
    if t_s is None:
        raise ConfigError(f"{at}, column t: the time is missing; write it in seconds.")
    leads = cells.get("ecg_lead_off", "")
    off = leads.lower() not in _FALSE
    named = off and leads.lower() not in _TRUE
    return NumericRow(
        t_ns=round(t_s * NS_PER_S),
        numbers={key: _measured(cells, key, at) for key in NUMBERS if key in cells},
        nibp_status=cells.get("nibp_status", "").lower(),
        phase=_phase(cells.get("phase", ""), at),
        cuff_inflating=any(_flag(cells, key, at) for key in FLAGS),
        leads_off=tuple(leads.replace(";", " ").split()) if named else (),
        lead_off=off,
    )


def _number(cells: Mapping[str, str], key: str, at: str) -> float | None:
    text = cells.get(key, "")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ConfigError(
            f"{at}, column {key}: {text!r} is not a number; write digits, or leave the cell empty."
        )
    return value


def _measured(cells: Mapping[str, str], key: str, at: str) -> float | None:
    value = _number(cells, key, at)
    if value is not None and value < 0:
        raise ConfigError(f"{at}, column {key}: {cells[key]} is below 0; leave the cell empty for no value.")
    if value is not None and value > 1 and key.endswith("_quality"):
        raise ConfigError(f"{at}, column {key}: {cells[key]} is not a quality; write 0 to 1.")
    return value


def _phase(text: str, at: str) -> Phase | None:
    if not text:
        return None
    phase = PHASES.get(text.lower())
    if phase is None:
        raise ConfigError(f"{at}, column phase: {text!r} is no phase; write pre, inf or rec.")
    return phase


def _flag(cells: Mapping[str, str], key: str, at: str) -> bool:
    text = cells.get(key, "").lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ConfigError(f"{at}, column {key}: {text!r} is neither 0 nor 1.")
