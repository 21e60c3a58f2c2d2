"""One trace of the sweep: draws only the columns that are new into a shared picture, behind an erase bar.

Whole-curve painters repaint every sample of every frame (14-29 ms for six traces); the span since the last frame is a
few pixels wide, so the cost here does not grow with the window (libraries.md §7).
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from devices.clock import NS_PER_S
from monitor_app.services.wave_ring import WaveRing
from monitor_app.ui.polyline import PolylinePool, unbroken

ERASE_GAP_S = 0.25
"""Width of the moving gap in seconds of sweep (clinical.md §8.6)."""
TRACE_WIDTH_PX = 2.0
"""Trace width (screen.md, Waves)."""
BLOCK_PX = 96
"""Wide spans are drawn in blocks: Qt's rasteriser takes ten times as long for one line of thousands of points."""
RESYNC_S = 0.05
"""The sample clock may run this far from the session clock before the lane is drawn anew."""


@dataclass(frozen=True, slots=True)
class LaneScale:
    """How time and value become pixels. ``px_per_unit`` above 0 keeps a true mm gain; ``low``/``high`` fill the lane."""

    px_per_s: float
    px_per_unit: float | None = None
    low: float = -1.0
    high: float = 1.0


@dataclass(frozen=True, slots=True)
class LaneInk:
    """What a trace is drawn with, on what."""

    colour: QColor
    background: QColor
    width_px: float = TRACE_WIDTH_PX

    @property
    def pen(self) -> QPen:
        """A pen with round ends. Bevelled joins: samples lie closer than pixels, and rounding each costs threefold."""
        solid, cap, join = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.BevelJoin
        return QPen(self.colour, self.width_px, solid, cap, join)


class SweepLane:
    """Draws one ``WaveRing`` into a rectangle of the strip's picture. Qt thread only.

    ``rect`` and everything else is in pixels of that picture; the painter must not be scaled. The sweep wraps at the
    right edge of ``rect``, so that lanes of equal speed and width keep their erase bars in line: a sample's column
    follows from its session time alone. What is drawn piece by piece is what one whole drawing would show.
    """

    def __init__(self, ring: WaveRing, rect: QRect, scale: LaneScale, ink: LaneInk) -> None:
        self.ring = ring
        self.rect = rect
        self.scale = scale
        self._background = ink.background
        self._pen = ink.pen
        self._reach_px = 0.5 * ink.width_px + 0.05  # how far a sample's ink goes to either side
        self._gap_px = ERASE_GAP_S * scale.px_per_s
        self._px_per_sample = scale.px_per_s / ring.rate_hz
        self._points = PolylinePool(self._px_per_sample)
        self._drawn = 0
        self._epoch = -1
        self._zero_px = 0.0
        self._unit, self._origin = self._vertical()

    def _vertical(self) -> tuple[float, float]:
        """Pixels per unit, and the row of value 0."""
        top, height, scale = self.rect.top(), self.rect.height(), self.scale
        if scale.px_per_unit is not None:
            return scale.px_per_unit, top + 0.5 * height
        margin = self._pen.widthF()
        unit = max(height - 2 * margin, 1.0) / max(scale.high - scale.low, 1e-9)
        return unit, top + height - margin + scale.low * unit

    def _clock_zero_px(self) -> float:
        """Where sample counter 0 would lie on an endless sweep."""
        ring = self.ring
        return (ring.t_ns_of_end / NS_PER_S - ring.end / ring.rate_hz) * self.scale.px_per_s

    @property
    def drawn(self) -> int:
        """One past the counter of the newest sample in the picture."""
        return self._drawn

    @property
    def needs_redraw(self) -> bool:
        """Whether the ring began anew, or sample clock and session clock have drifted apart."""
        if self._epoch != self.ring.epoch:
            return True
        return abs(self._clock_zero_px() - self._zero_px) > RESYNC_S * self.scale.px_per_s

    def redraw(self, painter: QPainter) -> QRect:
        """Draw all that the sweep still shows, from an empty lane. Return the rectangle touched."""
        painter.setClipRect(self.rect)
        painter.fillRect(self.rect, self._background)
        ring = self.ring
        self._epoch = ring.epoch
        self._zero_px = self._clock_zero_px()
        if ring.end > ring.start:
            newest = self._zero_px + (ring.end - 1) * self._px_per_sample
            self._draw_from(painter, math.floor(newest + self._gap_px) - self.rect.width())
        self._drawn = ring.end
        return self.rect

    def advance(self, painter: QPainter) -> list[QRect]:
        """Draw what has come since the last call. Return the rectangles touched, none if nothing came."""
        if self.ring.end == self._drawn and self.ring.epoch == self._epoch:
            return []
        if self.needs_redraw:
            return [self.redraw(painter)]
        last = self._zero_px + (self._drawn - 1) * self._px_per_sample
        new_px = (self.ring.end - self._drawn) * self._px_per_sample
        if new_px + self._gap_px >= self.rect.width() or self._drawn <= self.ring.start:
            return [self.redraw(painter)]
        self._drawn = self.ring.end
        return self._draw_from(painter, math.floor(last - self._reach_px))

    def _draw_from(self, painter: QPainter, column: int) -> list[QRect]:
        """Erase and draw every column of the endless sweep from ``column`` to the newest sample, and erase ahead of it.

        Samples a little before ``column`` are drawn too and clipped, so that its own ink is whole.
        """
        step, zero, width = self._px_per_sample, self._zero_px, self.rect.width()
        piece = self.ring.since(math.floor((column - self._reach_px - zero) / step))
        begin_px = zero + piece.first * step
        end_px = begin_px + (len(piece.values) - 1) * step
        painter.setPen(self._pen)
        turn = column // width
        touched = []
        while turn * width <= end_px:
            start = turn * width
            right = width if end_px >= start + width else math.floor(end_px - start + self._gap_px)
            x0 = begin_px - start + self.rect.left()
            for left in range(max(column - start, 0), min(right, width), BLOCK_PX):
                touched.append(self._clear(painter, left, min(left + BLOCK_PX, right)))
                part = self._within(len(piece.values), x0, touched[-1])
                self._trace(painter, x0 + part.start * step, piece.values[part])
            turn += 1
        over = right - width  # the erase bar is ahead of the trace: it wraps first
        if over > 0:
            touched.append(self._clear(painter, 0, over))
        return touched

    def _within(self, count: int, x0: float, columns: QRect) -> slice:
        """Which of ``count`` samples, the first at ``x0``, can leave ink in these columns."""
        first = math.floor((columns.left() - self._reach_px - x0) / self._px_per_sample)
        last = math.ceil((columns.left() + columns.width() + self._reach_px - x0) / self._px_per_sample)
        return slice(max(first, 0), max(min(last + 1, count), 0))

    def _clear(self, painter: QPainter, left: int, right: int) -> QRect:
        """Empty these columns and let nothing be drawn outside of them."""
        rect = self.rect
        columns = QRect(rect.left() + left, rect.top(), min(right, rect.width()) - left, rect.height())
        painter.setClipRect(columns)
        painter.fillRect(columns, self._background)
        return columns

    def _trace(self, painter: QPainter, x0: float, values: npt.NDArray[np.float32]) -> None:
        whole = len(values) > 1 and math.isfinite(np.add.reduce(values))
        for part in (slice(0, len(values)),) if whole else unbroken(values):
            x, run = x0 + part.start * self._px_per_sample, values[part]
            if len(run) > 1:
                painter.drawPolyline(self._points.take(x, run, unit=self._unit, origin=self._origin))
            else:  # a lone sample is a dot
                painter.drawPoint(QPointF(x, self._origin - self._unit * float(run[0])))
