"""A bedside whose screen is looked at: what the tests of the views share."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum

from monitor_app.core.journal import Baseline, BaselineEntry, InfusionEntry, Order, OrderEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.services.screen import ActionView, Screen, TileView
from monitor_app.services.view.builder import build_screen
from tests.monitor_app.services.bedside.bench import NURSE, Bench

INFUSING = (Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF)
DOCTOR = Actor("Dr. Kim Lind", "prescriber")


def screen(bench: Bench) -> Screen:
    bench.display.apply(bench.state)
    built = build_screen(bench.display, NURSE)
    assert built is not None
    return built


def tile(bench: Bench, key: str) -> TileView:
    return next(t for t in screen(bench).tiles if t.key == key)


def action(bench: Bench, key: str) -> ActionView:
    return next(a for a in screen(bench).actions if a.key == key)


def texts(value: object) -> Iterator[str]:
    """Every text on a screen."""
    if isinstance(value, str) and not isinstance(value, Enum):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))


def baseline(bench: Bench) -> None:
    stamp = bench.bedside.clock.stamp()
    entry = BaselineEntry(stamp, Baseline(142, 86, 72, 98, 14, 105), ("000001",), NURSE)
    bench.bedside.journal.write(entry)


def infusion(bench: Bench) -> None:
    stamp = bench.bedside.clock.stamp()
    bench.bedside.journal.write(OrderEntry(stamp, Order(0.5, 82.0, 1.0, 40.0, "Dr. Kim Lind"), DOCTOR))
    bench.bedside.journal.write(InfusionEntry(stamp, "i1", "started", 61.5, NURSE))
