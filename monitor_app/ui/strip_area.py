"""The sweep strips: all live waves in one widget over one picture, with their labels, gain marks and stale notes."""

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from monitor_app.services.screen import WaveView
from monitor_app.services.wave_ring import WaveRing
from monitor_app.ui import strip_label
from monitor_app.ui.strip_label import Note
from monitor_app.ui.strip_lane import TRACE_WIDTH_PX, LaneInk, LaneScale, SweepLane
from monitor_app.ui.strip_style import StripStyle

__all__ = ["StripArea", "StripStyle"]

LANE_WEIGHT = {"ecg": 46, "pleth": 34, "resp": 26}
"""Share of the height by role: the ECG is read from furthest away (screen.png)."""
_OTHER_WEIGHT = 26
ROOM_MV = 4.0
"""A wave of a true gain needs room for ±2 mV, no more: what it does not fill, the others can use."""

Rings = Mapping[str, WaveRing]
Views = tuple[WaveView, ...]


@dataclass(slots=True)
class _Strip:
    """One wave on the screen: ``area`` in the widget's coordinates; no lane before its samples are known."""

    view: WaveView
    area: QRect
    lane: SweepLane | None = None
    note: Note | None = None


class StripArea(QWidget):
    """Live sweeps. ``show_waves`` sets what is drawn, ``draw_frame`` draws what has come. Qt thread only.

    Signals: ``pressed`` when touched (how the waves are drawn can be changed).

    Traces and labels are kept in ``picture``, in device pixels; a paint event copies the columns that changed. Only the
    words over a stale trace and that the picture is frozen are painted on top of it.
    """

    pressed = Signal()

    def __init__(self, style: StripStyle, px_per_mm: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._px_per_mm = px_per_mm
        self._views: Views = ()
        self._rings: Rings = {}
        self._strips: tuple[_Strip, ...] = ()
        self._picture = QPixmap()
        self._live: tuple[Views, Rings] | None = None  # what to go back to from a frozen picture
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Live waves"))

    @property
    def picture(self) -> QPixmap:
        """Everything drawn so far, in device pixels, without the words over it."""
        return self._picture

    @property
    def frozen(self) -> bool:
        """Whether the picture is held still."""
        return self._live is not None

    def trace_rect(self, name: str) -> QRect:
        """Where a wave is swept, in the widget's coordinates; empty for one that is not shown."""
        areas = (s.area for s in self._strips if s.view.name == name)
        return next((strip_label.trace_rect(area, self._style) for area in areas), QRect())

    def drawn(self) -> dict[str, int]:
        """One past the counter of the newest sample in the picture, by wave; none for a wave without any yet."""
        lanes = {s.view.name: s.lane for s in self._strips if s.lane is not None}
        return {name: lane.drawn for name, lane in lanes.items() if lane.ring.end > lane.ring.start}

    def set_style(self, style: StripStyle, px_per_mm: float) -> None:
        """Change colours or calibration; everything is drawn anew."""
        self._style, self._px_per_mm = style, px_per_mm
        self._rebuild()

    def set_frozen(self, frozen: bool) -> None:  # noqa: FBT001 - a switch's own slot
        """Hold the picture still, through a change of size too; nothing else in the program stops."""
        if frozen and self._live is None:
            self._live = (self._views, self._rings)
            self._rings = {name: ring.snapshot() for name, ring in self._rings.items()}
            self.update()
        elif not frozen and self._live is not None:
            (self._views, self._rings), self._live = self._live, None
            self._rebuild()

    def show_waves(self, views: Views, rings: Rings) -> None:
        """Set which waves are drawn, from which rings. Only what changed is drawn anew."""
        if self._live is not None:
            self._live = (views, rings)
            return
        known = _layout(self._views)
        self._views, self._rings = views, rings
        if known != _layout(views) or self._picture.isNull():
            self._rebuild()
            return
        for strip, view in zip(self._strips, views, strict=True):
            if strip.view != view or strip.lane is None or strip.lane.ring is not rings.get(view.name):
                self._change(strip, view)

    def draw_frame(self) -> None:
        """Draw the samples that have come since the last frame and ask for the touched columns only."""
        if self._live is not None or self._picture.isNull():
            return
        with self._painter() as painter:
            touched = [rect for s in self._strips if s.lane is not None for rect in s.lane.advance(painter)]
        self._update_device(touched)

    def _change(self, strip: _Strip, view: WaveView) -> None:
        """Take a wave's new view; its trace is drawn anew only if its pixels change."""
        before, strip.view = strip.view, view
        if before.stale_text != view.stale_text:
            strip.note = strip_label.note_on(strip.area, view, self._style)
            self.update(strip.area)
        ring = strip.lane.ring if strip.lane is not None else None
        moved = _drawn_as(before) != _drawn_as(view) or ring is not self._rings.get(view.name)
        if moved:
            self._draw_whole(strip)
        if moved or (before.title, before.caption) != (view.title, view.caption):
            self._draw_label(strip)

    def _rebuild(self) -> None:
        """Lay the strips out for the present size and draw them whole."""
        if self.width() < 2 or self.height() < 2:
            return
        self._strips = tuple(self._lay_out())
        ratio = self.devicePixelRatioF()
        self._picture = QPixmap(QSize(round(self.width() * ratio), round(self.height() * ratio)))
        self._picture.fill(self._style.background)
        self._picture.setDevicePixelRatio(ratio)
        for strip in self._strips:
            self._draw_whole(strip)
            self._draw_label(strip)
        self.update()

    def _lay_out(self) -> Iterator[_Strip]:
        used = 0.0
        for view, height in zip(self._views, self._heights(), strict=True):
            top, bottom = round(used), round(used + height)
            used += height
            area = QRect(0, top, self.width(), bottom - top)
            yield _Strip(view, area, note=strip_label.note_on(area, view, self._style))

    def _heights(self) -> list[float]:
        """Share the height by weight; what a wave of a true gain cannot fill goes to those that are scaled to fit."""
        weights = [float(LANE_WEIGHT.get(v.role, _OTHER_WEIGHT)) for v in self._views]
        whole = float(self.height())
        heights = [whole * weight / sum(weights) for weight in weights]
        elastic = [n for n, v in enumerate(self._views) if v.gain_mm_per_unit is None]
        if not elastic:
            return heights
        for number, view in enumerate(self._views):
            if view.gain_mm_per_unit is not None:
                millimetres = ROOM_MV * view.gain_mm_per_unit
                around = strip_label.frame_height(self._style)
                heights[number] = min(heights[number], millimetres * self._px_per_mm + around)
        spare = whole - sum(heights)
        for number in elastic:
            heights[number] += spare * weights[number] / sum(weights[n] for n in elastic)
        return heights

    def _draw_whole(self, strip: _Strip) -> None:
        ring = self._rings.get(strip.view.name)
        strip.lane = None if ring is None else self._lane(strip, ring)
        with self._painter() as painter:
            if strip.lane is not None:
                strip.lane.redraw(painter)
            else:
                painter.fillRect(self._device(strip.area), self._style.background)
        self.update(strip.area)

    def _lane(self, strip: _Strip, ring: WaveRing) -> SweepLane:
        view, ratio = strip.view, self._picture.devicePixelRatioF()
        px_per_mm = self._px_per_mm * ratio
        gain = view.gain_mm_per_unit
        scale = LaneScale(
            px_per_s=view.sweep_mm_per_s * px_per_mm,
            px_per_unit=None if gain is None else gain * px_per_mm,
            low=view.low,
            high=view.high,
        )
        style = self._style
        ink = LaneInk(strip_label.trace_colour(view, style), style.background, TRACE_WIDTH_PX * ratio)
        return SweepLane(ring, self._device(strip_label.trace_rect(strip.area, style)), scale, ink)

    def _draw_label(self, strip: _Strip) -> None:
        view, style = strip.view, self._style
        painter = QPainter(self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strip_label.paint_label(painter, strip.area, view, style)
        if view.gain_mm_per_unit is not None and not view.stale_text:
            strip_label.paint_mark(painter, strip.area, view.gain_mm_per_unit * self._px_per_mm, style)
        painter.end()
        self.update(strip.area)

    @contextmanager
    def _painter(self) -> Iterator[QPainter]:
        """A painter on the picture that counts in its pixels, whatever the screen's scaling."""
        painter = QPainter(self._picture)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ratio = self._picture.devicePixelRatioF()
            if ratio != 1.0:
                painter.scale(1 / ratio, 1 / ratio)
            yield painter
        finally:
            painter.end()

    def _device(self, rect: QRect) -> QRect:
        """Device pixels of a rectangle of the widget."""
        ratio = self._picture.devicePixelRatioF()
        left, top = round(rect.left() * ratio), round(rect.top() * ratio)
        right, bottom = (
            round((rect.left() + rect.width()) * ratio),
            round((rect.top() + rect.height()) * ratio),
        )
        return QRect(left, top, right - left, bottom - top)

    def _update_device(self, rects: Iterable[QRect]) -> None:
        """Ask for these device pixels to be painted, as whole columns.

        Aligned strips then make one rectangle; Qt clips to many small ones ten times as slowly as it copies one.
        """
        ratio = self._picture.devicePixelRatioF()
        for left, width in {(rect.left(), rect.width()) for rect in rects}:
            first, last = math.floor(left / ratio), math.ceil((left + width) / ratio)
            self.update(first, 0, last - first, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the touched columns of the picture and what lies over them; on a screen of another scaling, draw anew."""
        if not self._picture.isNull() and self._picture.devicePixelRatioF() != self.devicePixelRatioF():
            self._rebuild()
        painter = QPainter(self)
        if self._picture.isNull():
            painter.fillRect(event.rect(), self._style.background)
            return
        for rect in event.region():  # type: ignore[attr-defined]  # the stubs do not know that it iterates
            painter.drawPixmap(rect, self._picture, self._device(rect))
        for strip in self._strips:
            if strip.note is not None and event.region().intersects(strip.note.plate):
                strip_label.paint_note(painter, strip.note, self._style)
        if self._live is not None and self._strips:
            band = strip_label.label_band(self._strips[0].area, self._style)
            strip_label.paint_frozen(painter, band, self.tr("Frozen · alarms go on"), self._style)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Report the touch."""
        self.pressed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew."""
        super().resizeEvent(event)
        self._rebuild()


def _layout(views: Views) -> list[tuple[object, ...]]:
    """What of the views decides where the strips lie."""
    return [(view.name, view.role, view.gain_mm_per_unit) for view in views]


def _drawn_as(view: WaveView) -> tuple[object, ...]:
    """What of a view moves or dims pixels of the trace."""
    stale = bool(view.stale_text)
    scale = (view.rate_hz, view.sweep_mm_per_s, view.gain_mm_per_unit, view.low, view.high)
    return (*scale, stale, stale and view.covered)
