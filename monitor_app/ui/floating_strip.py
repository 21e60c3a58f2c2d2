"""Alarm, HR, SpO2 and NIBP with age on top of everything while the window is away (design.md §8)."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent

from monitor_app.services.screen import Freshness, Screen, TileView
from monitor_app.ui.alarm_bar import headline
from monitor_app.ui.canvas import Canvas, Painted, Run, fit_clauses
from monitor_app.ui.flash import is_lit, phase_of
from monitor_app.ui.frame import paint_hatch
from monitor_app.ui.style import BODY, DETAIL, SMALL
from monitor_app.ui.tile_number import number_shape

SHOWN = ("HR", "SPO2", "NIBP")
_WIDTHS = (0.22, 0.22, 0.56)


class FloatingStrip(Painted):
    """A small window without a frame, always on top. Signals: ``pressed`` brings the main window back."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowFlags(
            Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        )
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowTitle(self.tr("Chairside: patient monitored"))
        self.setAccessibleName(self.tr("Patient monitored"))
        self._screen: Screen | None = None
        self._now_ns = 0
        self._grip: QPoint | None = None
        self._moved = False

    def show_screen(self, screen: Screen, now_ns: int) -> None:
        """Take what is known now."""
        before = self._seen()
        flipped = phase_of(now_ns) != phase_of(self._now_ns)
        self._screen, self._now_ns = screen, now_ns
        if flipped or before != self._seen():
            self.update()

    def _seen(self) -> tuple[object, ...]:
        screen = self._screen
        return () if screen is None else (screen.alarm_bar, screen.tiles, screen.simulated)

    def paint(self, canvas: Canvas) -> None:
        """Draw the alarm line over the numbers."""
        look = self.look
        rect = QRectF(self.rect())
        canvas.fill(rect, look.colour("background"))
        screen = self._screen
        if screen is None:
            return
        edge = look.px(6)
        inner = rect.adjusted(edge, edge, -edge, -edge)
        line_height = look.px(36)
        self._paint_line(canvas, screen, QRectF(inner.left(), inner.top(), inner.width(), line_height))
        views = {view.key: view for view in screen.tiles}
        x = inner.left()
        for key, share in zip(SHOWN, _WIDTHS, strict=True):
            width = inner.width() * share
            cell = QRectF(x, inner.top() + line_height, width, inner.height() - line_height)
            if key in views:
                self._paint_cell(canvas, views[key], cell)
            x += width
        if screen.simulated:
            paint_hatch(canvas.painter, rect, edge, look)

    def _paint_line(self, canvas: Canvas, screen: Screen, rect: QRectF) -> None:
        look = self.look
        base = rect.center().y() + look.metrics.font_px(DETAIL) * 0.36
        lines = screen.alarm_bar.lines
        if not lines:
            run = Run(screen.alarm_bar.quiet_text, look.text(BODY), look.colour("muted"))
            canvas.text(rect.left() + look.px(10), base, run)
            return
        top = lines[0]
        fill = QColor(look.palette.fill(top.priority))
        lit = is_lit(top.priority, self._now_ns, unacknowledged=top.unacknowledged)
        if lit:
            canvas.fill(rect, fill)
        more = f" · +{len(lines) - 1}" if len(lines) > 1 else ""
        font = look.name(DETAIL)
        text = fit_clauses(headline(top) + more, font, rect.width() - look.px(20))
        canvas.text(
            rect.left() + look.px(10),
            base,
            Run(text, font, look.colour("on_alarm") if lit else QColor(look.palette.ink(top.priority))),
        )

    def _paint_cell(self, canvas: Canvas, view: TileView, rect: QRectF) -> None:
        look = self.look
        ink = QColor(look.palette.role(view.key))
        if view.freshness is not Freshness.FRESH:
            ink = look.colour("muted")
        inner = rect.adjusted(look.px(10), look.px(4), -look.px(10), -look.px(4))
        size = look.px(44)
        body = QRectF(inner)
        body.setTop(inner.top() + look.px(18))
        if view.key == "NIBP" and view.foot:
            body.setBottom(inner.bottom() - look.px(22))
            foot = Run(view.foot, look.text(SMALL), look.colour("text"))
            canvas.right(inner.right(), inner.bottom() - look.px(4), foot)
        name = Run(view.title, look.name(SMALL), ink)
        canvas.text(inner.left(), inner.top() + look.px(13), name)
        number_shape(view, look, size, inner.width()).draw(canvas, body, (ink, look.colour("muted")))

    def sizeHint(self) -> QSize:
        """Return a size that hides little of what is below."""
        return QSize(self.look.px(520), self.look.px(140))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        self._grip, self._moved = event.position().toPoint(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the strip out of the way."""
        if self._grip is not None:
            self._moved = True
            self.move(event.globalPosition().toPoint() - self._grip)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Bring the main window back, unless the strip was only moved."""
        if not self._moved:
            self.pressed.emit()
        self._grip = None
