"""A measured figure beside its bound, and how a list of them is printed."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from monitor_app.cli.output import print_json, print_table, trimmed

SIGNIFICANT = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement. ``bound`` None: a comparison, judged by nobody. ``value`` None: it could not be taken."""

    name: str
    value: float | None
    unit: str
    bound: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def ok(self) -> bool | None:
        """Whether the bound is kept; None where there is none. What could not be measured is missed."""
        if self.bound is None and self.value is not None:
            return None
        if self.value is None or self.bound is None or not math.isfinite(self.value):
            return False
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def as_json(self) -> dict[str, Any]:
        """The row of design.md §7, ``bench``, with the sense of the bound and a note."""
        sense = None if self.bound is None else (">=" if self.at_least else "<=")
        return {
            "name": self.name,
            "value": _rounded(self.value),
            "unit": self.unit,
            "bound": trimmed(self.bound),
            "ok": self.ok,
            "sense": sense,
            "note": self.note,
        }

    def as_cells(self) -> tuple[str, ...]:
        """The row for people."""
        rounded = _rounded(self.value)
        value = "—" if rounded is None else f"{rounded:,}"
        bound = "" if self.bound is None else f"{'≥' if self.at_least else '≤'} {self.bound:g}"
        verdict = {True: "ok", False: "MISSED", None: ""}[self.ok]
        return (self.name, value, self.unit, bound, verdict, self.note)


def show(figures: Iterable[Figure], *, json: bool) -> None:
    """Print all rows, as one JSON document or as a table."""
    if json:
        print_json([figure.as_json() for figure in figures])
    else:
        print_table(("", "measured", "unit", "bound", "", ""), [figure.as_cells() for figure in figures])


def taken(name: str, measure: Callable[[], list[Figure]]) -> list[Figure]:
    """Run a measurement; one that fails is a missed row with its reason, and the others still run."""
    try:
        return measure()
    except Exception as error:  # noqa: BLE001 - a bench that stops at the first fault measures nothing
        return [Figure(name, None, "", note=f"could not be measured: {type(error).__name__}: {error}")]


def _rounded(value: float | None) -> float | int | None:
    """Four significant digits: more would be noise."""
    if value is None or not math.isfinite(value) or value == 0:
        return trimmed(value) if value == 0 else None
    return trimmed(value, SIGNIFICANT - 1 - math.floor(math.log10(abs(value))))
