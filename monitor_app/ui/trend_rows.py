"""The two narrow rows of the trend: phase names and event flags above, the dose bar below."""

import pyqtgraph as pg
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtWidgets import QGraphicsRectItem

from monitor_app.services.screen import TrendView
from monitor_app.ui.trend_style import TrendStyle

FLAG_ROW_Y = 0.22
TITLE_ROW_Y = 0.76


class FlagRow:
    """Phase titles on the upper line, events as small flags on the lower: never over data."""

    def __init__(self, plot: pg.PlotItem, style: TrendStyle) -> None:
        self.plot = plot
        self._style = style
        self._items: list[pg.TextItem] = []
        self._shown: tuple[object, ...] = ()

    def show(self, view: TrendView) -> None:
        """Draw titles and flags; a flag that would run into the one before it keeps its mark and loses its words."""
        width_px = max(self.plot.vb.width(), 1.0)
        state = (view.bands, view.flags, view.start_s, view.end_s, round(width_px))
        if state == self._shown:
            return
        self._shown = state
        for item in self._items:
            self.plot.removeItem(item)
        self._items = []
        s_per_px = (view.end_s - view.start_s) / width_px
        for band in view.bands:
            title = f"{band.title} (planned)" if band.planned else band.title
            if (min(band.end_s, view.end_s) - band.start_s) / s_per_px > self._advance(title) + 12:
                self._write(title, band.start_s, TITLE_ROW_Y, self._style.muted)
        flags = sorted(view.flags, key=lambda flag: flag.t_s)
        for number, flag in enumerate(flags):
            room = (flags[number + 1].t_s if number + 1 < len(flags) else view.end_s) - flag.t_s
            words = f"▼ {flag.text}"
            text = words if room / s_per_px > self._advance(words) + 10 else "▼"
            self._write(text, flag.t_s, FLAG_ROW_Y, self._colour(flag.kind, flag.priority))

    def _advance(self, text: str) -> float:
        return QFontMetricsF(self._style.font).horizontalAdvance(text)

    def _colour(self, kind: str, priority: object) -> QColor:
        value = getattr(priority, "value", "")
        if value in self._style.alarms:
            return self._style.alarms[value]
        return self._style.drug if kind == "drug" else self._style.muted

    def _write(self, text: str, t_s: float, y: float, colour: QColor) -> None:
        item = pg.TextItem(text, color=colour, anchor=(0, 0.5))
        item.setFont(self._style.font)
        item.setPos(t_s, y)
        self.plot.addItem(item, ignoreBounds=True)
        self._items.append(item)


class DoseRow:
    """What has been given of the ordered dose, over the time it is planned to take."""

    def __init__(self, plot: pg.PlotItem, style: TrendStyle) -> None:
        self.plot = plot
        self._planned = QGraphicsRectItem()
        self._planned.setPen(pg.mkPen(style.drug, width=1))
        self._given = QGraphicsRectItem()
        self._given.setPen(pg.mkPen(None))
        self._given.setBrush(style.drug)
        self._text = pg.TextItem(color=style.drug, anchor=(0, 0.5))
        self._text.setFont(style.font)
        for item in (self._planned, self._given, self._text):
            plot.addItem(item, ignoreBounds=True)

    def show(self, view: TrendView) -> None:
        """Draw the bar, the outline of what is planned, and the running mg."""
        start, now, end = view.dose_start_s, view.dose_now_s, view.dose_end_s
        visible = start is not None and now is not None and end is not None
        for item in (self._planned, self._given, self._text):
            item.setVisible(visible)
        if start is None or now is None or end is None:
            return
        self._planned.setRect(start, 0.35, max(end - start, 0.0), 0.35)
        self._given.setRect(start, 0.35, max(now - start, 0.0), 0.35)
        self._text.setText(view.dose_text)
        self._text.setPos(now, 0.5)
