"""One number: name left above, limits in force left below, number right (screen.md, Tiles)."""

from dataclasses import replace

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPen
from PySide6.QtWidgets import QWidget

from monitor_app.services.screen import Freshness, TileLine, TileView
from monitor_app.ui.canvas import Canvas, Painted, Run, fit_clauses, width_of
from monitor_app.ui.flash import is_lit, phase_of
from monitor_app.ui.keys import is_press_key
from monitor_app.ui.look import Look
from monitor_app.ui.metrics import CAP_HEIGHT_EM
from monitor_app.ui.style import BODY, DETAIL, EDGE, SMALL, SYMBOLS
from monitor_app.ui.tile_number import NumberShape, number_shape
from monitor_app.ui.tile_text import LineBlock, line_blocks

WHOLE_HEIGHT = ("HR", "SPO2")
"""Tiles whose number leaves no room below it: what is said of its age or of a hold stands at the left."""
FOOT_STEPS = (24, DETAIL, BODY, SMALL)
FOOT_WEIGHT = 9
"""It gives way last: it says why the number is dimmed."""
WORDS_GAP = 8
"""Room between the top line and digits below it: the depth of a letter with a tail, and some air."""


class Tile(Painted):
    """Draws a ``TileView``. Signals: ``pressed(key)``."""

    pressed = Signal(str)

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self._view: TileView | None = None
        self._now_ns = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(key)

    def show_view(self, view: TileView, now_ns: int) -> None:
        """Take the number and the instant; repaints only when what is seen changed."""
        flipped = view.unacknowledged and phase_of(now_ns) != phase_of(self._now_ns)
        changed = view != self._view
        self._view, self._now_ns = view, now_ns
        if changed:
            self.setAccessibleName(view.title)
            self.setAccessibleDescription(spoken(view))
        if changed or flipped:
            self.update()

    @property
    def lit(self) -> bool:
        """Whether the tile is filled at the instant last shown."""
        view = self._view
        return view is not None and is_lit(view.alarm, self._now_ns, unacknowledged=view.unacknowledged)

    def paint(self, canvas: Canvas) -> None:
        """Draw the tile."""
        look, view = self.look, None if self._view is None else foot_beside(self._view)
        rect = QRectF(self.rect())
        canvas.fill(rect, look.colour("background"))
        canvas.fill(QRectF(0, rect.height() - 1, rect.width(), 1), look.colour("hairline"))
        canvas.fill(QRectF(0, 0, 1, rect.height()), look.colour("hairline"))
        if view is None:
            return
        self._paint_ground(canvas, view, rect)
        self._paint_words(canvas, view, rect.adjusted(self._edge, self._top, -self._edge, -self._top))
        self._paint_progress(canvas, view, rect)

    def _paint_words(self, canvas: Canvas, view: TileView, inner: QRectF) -> None:
        """Draw everything that is read: each text where those before it leave it room, the number largest."""
        look = self.look
        blocks = line_blocks(view, look, self._small_inks(view))
        foot = self._foot(view, blocks, inner.width())
        below = self._paint_name(canvas, view, inner, foot)
        canvas.right(inner.right(), inner.bottom() - look.px(4), foot)
        area = QRectF(inner)
        area.setBottom(self._foot_top(foot, inner))
        if not look.metrics.compact and view.foot:
            area.setTop(below - look.px(6))
        high = inner.bottom() - below
        beside = inner.width() - width_of(foot) - look.px(12)
        fitting = [x for x in blocks if x.height <= high + 2 and x.lowest <= beside] or blocks[-1:]
        block, shape = self._fit(view, area, fitting)
        shape.draw(canvas, area, self._inks(view))
        block.draw(canvas, inner)

    @property
    def _edge(self) -> int:
        return self.look.px(16 if self.look.metrics.compact else EDGE)

    @property
    def _top(self) -> int:
        return self.look.px(8 if self.look.metrics.compact else 16)

    def _fit(self, view: TileView, area: QRectF, blocks: list[LineBlock]) -> tuple[LineBlock, NumberShape]:
        """Choose the best lines that leave the number beside them its full size; else those that leave it most."""
        size = number_size(view.key, self.look)
        found: list[tuple[LineBlock, NumberShape]] = []
        for block in blocks:
            shape = number_shape(view, self.look, size, area.width() - block.width - self.look.px(12))
            found.append((block, shape))
            if shape.full_size:
                return found[-1]
        return max(found, key=lambda pair: pair[1].size)

    def _paint_ground(self, canvas: Canvas, view: TileView, rect: QRectF) -> None:
        look = self.look
        if view.alarm is not None:
            fill = QColor(look.palette.fill(view.alarm))
            if self.lit:
                canvas.fill(rect.adjusted(0, 0, 0, -1), fill)
            else:
                canvas.outline(rect, QPen(fill, look.px(4)))
        elif view.pending:
            canvas.outline(rect.adjusted(1, 1, -1, -2), QPen(look.colour("muted"), 2))
        if self.hasFocus():
            ink = look.colour("on_alarm" if self.lit else "text")
            canvas.outline(rect.adjusted(3, 3, -3, -4), QPen(ink, 2))

    def _inks(self, view: TileView) -> tuple[QColor, QColor]:
        """Return the colours of the number and of what stands before it."""
        look = self.look
        if view.alarm is not None:
            ink = look.colour("on_alarm") if self.lit else QColor(look.palette.ink(view.alarm))
            return ink, ink
        if view.freshness is not Freshness.FRESH:
            return look.colour("muted"), look.colour("muted")
        return QColor(look.palette.role(view.key)), look.colour("muted")

    def _small_inks(self, view: TileView) -> tuple[QColor, QColor]:
        """Return the colours of strong and of ordinary small text."""
        if self.lit and view.alarm is not None:
            return self.look.colour("on_alarm"), self.look.colour("on_alarm")
        return self.look.colour("text"), self.look.colour("muted")

    def _paint_name(self, canvas: Canvas, view: TileView, inner: QRectF, foot: Run) -> float:
        """Draw name, caption and pill; return the lowest edge of them."""
        look = self.look
        strong, weak = self._small_inks(view)
        if view.alarm is None and not self.lit:
            strong = QColor(look.palette.role(view.key))
        mark = f"{SYMBOLS[view.alarm]} " if view.alarm is not None else ""
        base = inner.top() + look.metrics.font_px(BODY) * 0.85
        limit = self._word_limit(view, inner, foot)
        x = inner.left()
        x += canvas.text(x, base, Run(mark + view.title, look.name(BODY), strong)) + look.px(8)
        caption = fit_clauses(view.caption, look.text(SMALL), limit - x)
        x += canvas.text(x, base, Run(caption, look.text(SMALL), weak)) + look.px(12)
        if view.pill:
            return self._paint_pill(canvas, view, (x, base), QRectF(inner.left(), 0, limit - inner.left(), 0))
        return base + look.px(6)

    def _word_limit(self, view: TileView, inner: QRectF, foot: Run) -> float:
        """Return how far the words of the top line may reach: the number, where it stands as high as they do."""
        look = self.look
        size = number_size(view.key, look)
        base = inner.top() + look.metrics.font_px(BODY) * 0.85
        top = base if view.foot and not look.metrics.compact else inner.top()
        number_top = (top + self._foot_top(foot, inner) - size * CAP_HEIGHT_EM) / 2
        if number_top > base + look.px(WORDS_GAP):
            return inner.right()
        shape = number_shape(view, look, size, inner.width())
        return inner.right() - shape.width - look.px(8)

    def _paint_pill(self, canvas: Canvas, view: TileView, at: tuple[float, float], room: QRectF) -> float:
        look = self.look
        x, base = at
        run = Run(view.pill, look.name(SMALL), self._small_inks(view)[0])
        width, height = width_of(run) + look.px(24), look.px(26)
        if x + width > room.right():
            x, base = room.left(), base + look.px(28)
        rect = QRectF(x, base - look.px(19), width, height)
        held = view.freshness is Freshness.HOLD
        if not self.lit:
            canvas.fill(rect, look.colour("raised"), height / 2)
        style = Qt.PenStyle.DashLine if held else Qt.PenStyle.SolidLine
        canvas.outline(
            rect, QPen(run.colour if held or self.lit else look.colour("dim"), 1.2, style), height / 2
        )
        canvas.centre(rect, base - look.px(1), run)
        return rect.bottom()

    def _foot_top(self, foot: Run, inner: QRectF) -> float:
        """Return where the number's room ends: above the line under it, if there is one."""
        if not foot.text:
            return inner.bottom()
        high = foot.font.pixelSize() * CAP_HEIGHT_EM
        return inner.bottom() - self.look.px(4) - high - self.look.px(10)

    def _foot(self, view: TileView, blocks: list[LineBlock], width: float) -> Run:
        """Return what is said below the number, in the largest size at which the due line stands beside it."""
        look, ink = self.look, self._small_inks(view)[0]
        narrowest = min(x.lowest for x in blocks if len(x.lines) == len(blocks[0].lines))
        room = width - narrowest - look.px(14)
        fonts = [look.number(step) for step in FOOT_STEPS if not (look.metrics.compact and step > BODY)]
        runs = (Run(view.foot, font, ink) for font in fonts)
        shortened = Run(fit_clauses(view.foot, fonts[-1], room), fonts[-1], ink)
        return next((run for run in runs if width_of(run) <= room), shortened)

    def _paint_progress(self, canvas: Canvas, view: TileView, rect: QRectF) -> None:
        """Draw how near the next reading is, along the lower edge."""
        if view.progress is None:
            return
        look = self.look
        height = look.px(3)
        track = QRectF(self._edge, rect.height() - look.px(4) - height, rect.width() - 2 * self._edge, height)
        ground, ink = look.colour("hairline"), look.colour("muted")
        if self.lit:
            ground, ink = look.colour("on_alarm"), look.colour("on_alarm")
            ground.setAlphaF(0.25)
        canvas.fill(track, ground, height / 2)
        track.setWidth(track.width() * min(1.0, max(0.0, view.progress)))
        canvas.fill(track, ink, height / 2)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Report the press."""
        self.pressed.emit(self.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Report the press of Enter."""
        if is_press_key(event):
            self.pressed.emit(self.key)
        else:
            super().keyPressEvent(event)


def foot_beside(view: TileView) -> TileView:
    """Return the view with its foot among the lines where the number takes the whole height."""
    if not view.foot or view.key not in WHOLE_HEIGHT:
        return view
    strong, _, rest = view.foot.partition(" · ")
    return replace(view, foot="", lines=(*view.lines, TileLine(strong, rest, weight=FOOT_WEIGHT)))


def number_size(key: str, look: Look) -> int:
    """Return the font size of a tile's number (screen.md, Sizes)."""
    metrics = look.metrics
    if key in ("HR", "SPO2"):
        return metrics.number_px
    if key == "NIBP":
        return metrics.nibp_px
    return 46 if metrics.compact else metrics.font_px(60)


def spoken(view: TileView) -> str:
    """Return the tile as a screen reader says it: value, unit, age, limits, alarm."""
    state = "" if view.freshness is Freshness.FRESH else view.freshness.value
    limits = ", ".join(f"{line.strong} {line.rest}".strip() for line in view.lines)
    alarm = f"{view.alarm.value} alarm" if view.alarm is not None else ""
    parts = (
        ("? " if view.doubt else "") + view.value,
        view.caption,
        view.foot,
        view.pill,
        state,
        limits,
        alarm,
    )
    return ". ".join(part for part in parts if part)
