"""Polygons whose points are numpy columns; short ones are kept, since making one anew costs more than drawing it."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QPolygonF
from shiboken6 import VoidPtr

KEPT_POINTS = 256
"""Polygons up to this length are kept for the next frame; longer ones belong to whole drawings, which are rare."""
_BYTES_PER_POINT = 16  # two doubles, as Qt lays a QPointF out

Column: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Polyline:
    """A polygon with its coordinates as numpy columns, shape (n,), which live as long as it does."""

    polygon: QPolygonF
    x: Column
    y: Column


def polyline(count: int) -> Polyline:
    """Return a polygon of ``count`` points, at least one, to be filled through its columns."""
    polygon = QPolygonF()
    polygon.resize(count)
    # The stubs know neither this form of VoidPtr nor its buffer.
    memory: Column = np.frombuffer(
        VoidPtr(polygon.data(), count * _BYTES_PER_POINT, True),  # type: ignore[arg-type, call-arg, call-overload]
        dtype=np.float64,
    )
    return Polyline(polygon, memory[0::2], memory[1::2])


def unbroken(values: npt.NDArray[np.floating]) -> list[slice]:
    """Return the runs without NaN: where the pen is down."""
    finite = np.isfinite(values)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], finite, [False])).astype(np.int8)))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


class PolylinePool:
    """One polygon per length, on a grid of ``step_px``. What ``take`` returned is void at the next ``take``."""

    def __init__(self, step_px: float) -> None:
        self._step_px = step_px
        self._kept: dict[int, tuple[Polyline, Column]] = {}

    def take(self, x0: float, heights: npt.NDArray[np.floating], *, unit: float, origin: float) -> QPolygonF:
        """Return a polygon of the points ``x0 + k * step_px``, ``origin - unit * heights[k]``."""
        line, ramp = self._kept.get(len(heights)) or self._make(len(heights))
        np.add(ramp, x0, out=line.x)
        np.multiply(heights, -unit, out=line.y)
        np.add(line.y, origin, out=line.y)
        return line.polygon

    def _make(self, count: int) -> tuple[Polyline, Column]:
        ramp: Column = self._step_px * np.arange(count, dtype=np.float64)
        made = polyline(count), ramp
        if count <= KEPT_POINTS:
            self._kept[count] = made
        return made
