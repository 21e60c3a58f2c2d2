"""Waves and numbers in CSV files with a header row, as the BIDMC set has them (``…_Signals.csv``, ``…_Numerics.csv``).

Column names may start with a space and carry a unit in brackets, ``II [mV]``; order is free. The time column may be
rounded, so time comes from the row number at the rate the column shows over its whole length.
"""

import re
from io import StringIO
from pathlib import Path

import numpy as np

from devices.recordings.recording import (
    FloatArray,
    Recording,
    RecordingError,
    Series,
    Wave,
    numeric_name,
    wave_name,
)

SIGNALS_SUFFIX = "_Signals.csv"
NUMERICS_SUFFIX = "_Numerics.csv"
NO_UNIT = "NU"
"""Normalised units: what a column without a unit is in (as in BIDMC)."""

_COLUMN = re.compile(r"\s*(?P<label>[^\[]*?)\s*(\[(?P<unit>[^\]]*)\])?\s*$")


def read_csv_signals(path: Path) -> Recording:
    """Read a file of waves and the file of numbers beside it, if any. Raises ``RecordingError``."""
    columns, table = _table(path)
    rate_hz = _rate_hz(table[:, 0], path.name)
    waves: dict[str, Wave] = {}
    for index, (label, unit) in enumerate(columns[1:], start=1):
        waves.setdefault(wave_name(label), Wave(rate_hz, np.ascontiguousarray(table[:, index]), unit))
    name = path.name.removesuffix(SIGNALS_SUFFIX).removesuffix(".csv")
    beside = path.with_name(name + NUMERICS_SUFFIX)
    return Recording(name, waves, read_csv_numerics(beside) if beside.is_file() else {})


def read_csv_numerics(path: Path) -> dict[str, Series]:
    """Read a file of numbers. Raises ``RecordingError``."""
    columns, table = _table(path)
    times_s = np.maximum(table[:, 0] - table[0, 0], 0.0)
    return {
        numeric_name(label): Series(times_s, np.ascontiguousarray(table[:, index]))
        for index, (label, _) in enumerate(columns[1:], start=1)
    }


def _table(path: Path) -> tuple[list[tuple[str, str]], FloatArray]:
    try:
        header, _, body = path.read_text(encoding="utf-8-sig").partition("\n")
    except OSError as error:
        raise RecordingError(
            f"{path} cannot be read ({error.strerror}): check its name and rights."
        ) from error
    except UnicodeDecodeError as error:
        raise RecordingError(f"{path.name} is not text: a CSV of signals is needed.") from error
    columns = [_column(word) for word in header.split(",")]
    if len(columns) < 2 or not columns[0][0].lower().startswith("t"):
        raise RecordingError(f"{path.name} needs a header row whose first column is the time.")
    if body.count("\n") + (not body.endswith("\n")) < 2:
        raise RecordingError(f"{path.name} has too few rows: at least 2 are needed.")
    return columns, _numbers(body, len(columns), path.name)


def _numbers(body: str, width: int, name: str) -> FloatArray:
    try:
        table = np.loadtxt(StringIO(body), delimiter=",", ndmin=2, converters=_number)
    except ValueError as error:
        raise RecordingError(f"{name} holds something that is not a number ({error}).") from error
    if table.shape[1] != width:
        raise RecordingError(f"{name} has {width} columns in its header and {table.shape[1]} in its rows.")
    return table


def _column(word: str) -> tuple[str, str]:
    match = _COLUMN.match(word)
    assert match is not None  # every part of the pattern is optional
    return match["label"], match["unit"] or NO_UNIT


def _number(word: str) -> float:
    return float(word) if word.strip() else float("nan")


def _rate_hz(times: FloatArray, name: str) -> float:
    span = float(times[-1] - times[0])
    if not span > 0:
        raise RecordingError(f"{name} has a time column that does not rise.")
    rate_hz = (times.size - 1) / span
    # Rounded times blur the last digits; rates of recorders are whole or halves.
    nearest = round(rate_hz * 2) / 2
    return nearest if nearest > 0 and abs(rate_hz - nearest) < 0.002 * nearest else rate_hz
