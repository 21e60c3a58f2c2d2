"""Helpers to replay short series written in the test itself."""

from collections.abc import Iterable, Iterator

from monitor_app.core.alarm.limits import Limits
from monitor_app.services.replay import ReplayOptions, replay_numerics
from monitor_app.services.replay_csv import parse_numerics

Line = dict[str, object]


def replayed(text: str, limits: Limits | None = None, **options: object) -> list[Line]:
    """Lines of a CSV given as text."""
    table = parse_numerics(text.splitlines(), "numbers.csv")
    lines: Iterator[Line] = replay_numerics(table.rows, table.columns, ReplayOptions(**options), limits)
    return list(lines)


def every_second(column: str, values: Iterable[object], start: int = 0) -> str:
    """A CSV of one column, a row a second."""
    rows = [f"{start + i},{value}" for i, value in enumerate(values)]
    return "\n".join([f"t,{column}", *rows]) + "\n"


def readings(*pressures: tuple[float, float, float]) -> str:
    """A CSV of cuff readings: time, systolic, diastolic."""
    return "t,sys,dia\n" + "".join(f"{t},{s},{d}\n" for t, s, d in pressures)


def steps(lines: list[Line], rule: str) -> list[tuple[object, object]]:
    """Time and new state of each step of a rule."""
    return [(x["t"], x["to"]) for x in lines if x["rule"] == rule]


def arrows(lines: list[Line], rule: str) -> list[tuple[object, object, object]]:
    """Time, old and new state of each step of a rule."""
    return [(x["t"], x["from"], x["to"]) for x in lines if x["rule"] == rule]


def announced(lines: list[Line]) -> list[tuple[object, object]]:
    """Time and rule of what was announced at its own step."""
    return [(x["t"], x["rule"]) for x in lines if x["to"] == "ACTIVE" and not x["suppressed"]]
