"""How commands print: JSON for programs, lines for people."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any


def json_text(value: Any) -> str:
    """Return one JSON text on one line; raises ``ValueError`` for NaN and infinity, which JSON does not have."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def print_json(value: Any) -> None:
    """Print one JSON document, or one of many JSON lines."""
    sys.stdout.write(json_text(value) + "\n")


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print columns as wide as their longest cell."""
    table = [tuple(header), *(tuple(row) for row in rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(header))]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def note(text: str) -> None:
    """Tell the user something beside the output."""
    print(f"chairside: {text}", file=sys.stderr)


def trimmed(value: float | None, digits: int = 6) -> float | int | None:
    """Return a number without the noise of binary fractions; whole ones as integers, None as None."""
    if value is None:
        return None
    short = round(float(value), digits)
    return int(short) if short.is_integer() else short
