"""The numbers and the alarm only, as large as the window allows (screen.md, Sizes)."""

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPen
from PySide6.QtWidgets import QWidget

from monitor_app.services.screen import Freshness, TileView
from monitor_app.ui.canvas import Canvas, Painted, Run
from monitor_app.ui.flash import is_lit, phase_of
from monitor_app.ui.metrics import CAP_HEIGHT_EM
from monitor_app.ui.style import EDGE, HEADLINE, MINOR, SYMBOLS
from monitor_app.ui.tile_number import number_shape

SHOWN = ("HR", "SPO2", "NIBP")


class FarView(Painted):
    """Covers everything below the alarm bar. Signals: ``pressed`` leads back."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views: tuple[TileView, ...] = ()
        self._now_ns = 0
        self.setAccessibleName(self.tr("Far view"))

    def show_views(self, views: tuple[TileView, ...], now_ns: int) -> None:
        """Take the numbers; repaints only when what is seen changed."""
        shown = tuple(view for view in views if view.key in SHOWN)
        flipped = phase_of(now_ns) != phase_of(self._now_ns) and any(v.unacknowledged for v in shown)
        changed = shown != self._views
        self._views, self._now_ns = shown, now_ns
        if changed or flipped:
            self.update()

    def paint(self, canvas: Canvas) -> None:
        """Draw the numbers under each other."""
        canvas.fill(QRectF(self.rect()), self.look.colour("background"))
        count = max(1, len(self._views))
        for index, view in enumerate(self._views):
            height = self.height() / count
            self._paint_row(canvas, view, QRectF(0, index * height, self.width(), height))

    def _paint_row(self, canvas: Canvas, view: TileView, rect: QRectF) -> None:
        look = self.look
        ink = QColor(look.palette.role(view.key))
        words = look.colour("text")
        if view.freshness is not Freshness.FRESH:
            ink = look.colour("muted")
        if view.alarm is not None:
            fill = QColor(look.palette.fill(view.alarm))
            if is_lit(view.alarm, self._now_ns, unacknowledged=view.unacknowledged):
                canvas.fill(rect.adjusted(0, 2, 0, -2), fill)
                ink = words = look.colour("on_alarm")
            else:
                canvas.outline(rect.adjusted(0, 2, 0, -2), QPen(fill, look.px(6)))
                ink = QColor(look.palette.ink(view.alarm))
        inner = rect.adjusted(look.px(EDGE), 0, -look.px(EDGE), 0)
        mark = f"{SYMBOLS[view.alarm]} " if view.alarm is not None else ""
        name = Run(mark + view.title, look.name(MINOR), ink)
        canvas.text(inner.left(), inner.top() + look.px(68), name)
        below = " · ".join(text for text in (view.foot or view.caption, view.pill) if text)
        canvas.text(inner.left(), inner.bottom() - look.px(24), Run(below, look.text(HEADLINE), words))
        size = int(rect.height() * 0.72 / CAP_HEIGHT_EM)
        number_shape(view, look, size, inner.width() - look.px(300)).draw(canvas, inner, (ink, words))

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Lead back to the whole screen."""
        self.pressed.emit()
