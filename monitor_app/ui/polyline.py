"""Polygons whose points are filled in place: making a new one each frame costs more than drawing it."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from pyqtgraph.functions import create_qpolygonf, ndarray_from_qpolygonf
from PySide6.QtGui import QPolygonF

KEPT_POINTS = 256
"""Polygons up to this length are kept for the next frame; longer ones belong to whole drawings, which are rare."""

Column: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Polyline:
    """A polygon with its coordinates as numpy columns, shape (n,)."""

    polygon: QPolygonF
    x: Column
    y: Column
    ramp: Column


class PolylinePool:
    """One polygon per length, on a grid of ``step_px``. What ``take`` returned is void at the next ``take``."""

    def __init__(self, step_px: float) -> None:
        self._step_px = step_px
        self._kept: dict[int, Polyline] = {}

    def take(self, x0: float, heights: npt.NDArray[np.floating], *, unit: float, origin: float) -> QPolygonF:
        """Return a polygon of the points ``x0 + k * step_px``, ``origin - unit * heights[k]``."""
        line = self._kept.get(len(heights)) or self._make(len(heights))
        np.add(line.ramp, x0, out=line.x)
        np.multiply(heights, -unit, out=line.y)
        np.add(line.y, origin, out=line.y)
        return line.polygon

    def _make(self, count: int) -> Polyline:
        polygon = create_qpolygonf(count)
        memory = ndarray_from_qpolygonf(polygon)
        line = Polyline(polygon, memory[:, 0], memory[:, 1], self._step_px * np.arange(count))
        if count <= KEPT_POINTS:
            self._kept[count] = line
        return line
