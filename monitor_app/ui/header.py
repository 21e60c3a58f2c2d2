"""Who sits in the chair, where the visit stands, how much was given (screen.md, Header and Phases)."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QMouseEvent, QPen
from PySide6.QtWidgets import QWidget

from monitor_app.services.screen import HeaderView, PhaseStep
from monitor_app.ui.canvas import SEPARATOR, Canvas, Painted, Run, fit_clauses, width_of
from monitor_app.ui.icons import draw_tick
from monitor_app.ui.metrics import CAP_HEIGHT_EM
from monitor_app.ui.style import BODY, CAPTION, DETAIL, EDGE, HEADLINE, NUMBER, PILL_RADIUS, SMALL

_NOTES, _PLAN, _BRIEF, _TITLES, _MARKS = 4, 3, 2, 1, 0
"""Levels of words: notes at every step; the current one's plan; steps done as ticks only; titles; ticks and numbers."""

_BAR_PX = {_NOTES: 110, _PLAN: 56, _BRIEF: 56, _TITLES: 0, _MARKS: 56}
"""Length of the pill's bar at each level of words."""


class Header(Painted):
    """Draws a ``HeaderView``. Signals: ``step_pressed(key)``, ``chair_pressed``, ``patient_pressed``."""

    step_pressed = Signal(str)
    chair_pressed = Signal()
    patient_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: HeaderView | None = None
        self._spots: list[tuple[QRectF, str]] = []
        self.setAccessibleName(self.tr("Patient and phase"))

    def show_view(self, view: HeaderView) -> None:
        """Take what the header says."""
        if view != self._view:
            self._view = view
            self.setToolTip(view.monitor_text)
            current = next((x for x in view.steps if x.state == "current"), None)
            words = [view.patient, view.simulated_text, current.title if current else "", view.big_note]
            self.setAccessibleDescription(", ".join(x for x in words if x))
            self.update()

    def step_rect(self, key: str) -> QRectF:
        """Return where a step was last drawn; empty when it is not on the screen."""
        return next((rect for rect, name in self._spots if name == key), QRectF())

    def paint(self, canvas: Canvas) -> None:
        """Draw patient, steps and dose, the steps in what room the other two leave."""
        look = self.look
        full = QRectF(self.rect())
        canvas.fill(full, look.colour("background"))
        canvas.fill(QRectF(0, full.height() - 1, full.width(), 1), look.colour("hairline"))
        self._spots = []
        if self._view is None:
            return
        right = self._paint_dose(canvas, self._view)
        left = self._paint_patient(canvas, self._view)
        room = QRectF(left, 0, right - left, full.height())
        if self._view.big_clock:
            self._paint_big_clock(canvas, self._view, room)
        else:
            self._paint_steps(canvas, self._view.steps, room)

    def _paint_big_clock(self, canvas: Canvas, view: HeaderView, room: QRectF) -> None:
        """Draw how long the emergency has lasted where the steps stand else, as large as the row allows."""
        look = self.look
        digits = look.digits(min(look.metrics.font_px(NUMBER), round(room.height() * 0.98)))
        clock = Run(view.big_clock, digits, look.colour("text"))
        title = Run(view.big_title, look.name(HEADLINE), look.colour("text"))
        note = Run(view.big_note, look.text(BODY), look.colour("muted"))
        words = max(width_of(title), width_of(note))
        gap = look.px(20)
        x = room.center().x() - (words + gap + width_of(clock)) / 2
        upper, lower = self._baselines()
        canvas.text(x, upper, title)
        canvas.text(x, lower, note)
        base = room.center().y() + digits.pixelSize() * CAP_HEIGHT_EM / 2
        end = x + words + gap + canvas.text(x + words + gap, base, clock)
        key = next((step.key for step in view.steps if step.state == "current"), "")
        self._spots.append((QRectF(x, 0, end - x, room.height()), key))

    def _paint_patient(self, canvas: Canvas, view: HeaderView) -> float:
        look = self.look
        side = look.px(52)
        x = float(look.px(16 if look.metrics.compact else EDGE))
        box = QRectF(x, (self.height() - side) / 2, side, side)
        canvas.fill(box, look.colour("raised"), look.px(8))
        chair = Run(view.chair, look.number(HEADLINE), look.colour("text"))
        canvas.centre(box, box.top() + look.px(29), chair)
        word = Run(self.tr("Chair"), look.text(CAPTION), look.colour("muted"))
        canvas.centre(box, box.bottom() - look.px(7), word)
        self._spots.append((box, "chair"))
        x = box.right() + look.px(16)
        upper, lower = self._baselines()
        # Allergies stand last in the details, so what does not fit is given up from the front.
        end = x + canvas.text(x, upper, Run(view.patient, look.name(24), look.colour("text")))
        if view.badge:
            end = self._badge(canvas, end + look.px(12), upper, view.badge)
        font = look.name(SMALL)
        mark = Run(view.simulated_text, font, look.colour("dose"))
        after = x + canvas.text(x, lower, mark) + (look.px(6) if view.simulated_text else 0)
        room = max(self.width() * 0.31, end) - after
        dot = "· " if view.simulated_text and view.details else ""
        shown = dot + _details(view.details, look.text(SMALL), room - look.px(10))
        after += canvas.text(after, lower, Run(shown, look.text(SMALL), look.colour("muted")))
        self._spots.append((QRectF(x, 0, max(end, after) - x, self.height()), "patient"))
        return max(end, after) + look.px(20)

    def _badge(self, canvas: Canvas, x: float, baseline: float, text: str) -> float:
        look = self.look
        run = Run(text, look.name(SMALL), look.colour("text"))
        rect = QRectF(x, baseline - look.px(19), width_of(run) + look.px(16), look.px(24))
        canvas.outline(rect, QPen(look.colour("text"), 1.4), look.px(8))
        canvas.centre(rect, baseline - look.px(2), run)
        return rect.right()

    def _paint_dose(self, canvas: Canvas, view: HeaderView) -> float:
        look = self.look
        edge = float(self.width() - look.px(16 if look.metrics.compact else EDGE))
        upper, lower = self._baselines()
        if not view.dose_detail:  # nothing below it: it stands in the middle, as the phases do
            upper = self.height() / 2 + look.px(8)
        x = edge
        if view.dose_mark:
            x = canvas.right(x, upper, Run(view.dose_mark, look.text(SMALL), look.colour("muted"))) - look.px(
                6
            )
        x = canvas.right(x, upper, Run(view.dose_total, look.number(24), look.colour("text"))) - look.px(6)
        x = canvas.right(x, upper, Run(view.dose_given, look.number(24), look.colour("dose")))
        detail = Run(view.dose_detail, look.text(SMALL), look.colour("muted"))
        return min(x, canvas.right(edge, lower, detail)) - look.px(20)

    def _baselines(self) -> tuple[float, float]:
        middle = self.height() / 2
        return middle - self.look.px(1), middle + self.look.px(23)

    def _paint_steps(self, canvas: Canvas, steps: tuple[PhaseStep, ...], room: QRectF) -> None:
        """Draw the steps at the richest level of words that fits; the current one's time left goes last."""
        for level in (_NOTES, _PLAN, _BRIEF, _TITLES, _MARKS):
            needs = [self._step_width(step, level) for step in steps]
            gap = min((room.width() - sum(needs)) / max(1, len(steps) - 1), self.look.px(44))
            if gap >= self.look.px(20 if level > _BRIEF else 12) or level == _MARKS:
                break
        x = room.center().x() - (sum(needs) + gap * (len(steps) - 1)) / 2
        for index, (step, need) in enumerate(zip(steps, needs, strict=True)):
            rect = QRectF(x, 0, need, room.height())
            self._paint_step(canvas, step, rect, level)
            self._spots.append((rect, step.key))
            if index < len(steps) - 1 and gap > self.look.px(12):
                line = QRectF(
                    rect.right() + gap / 2 - self.look.px(6), room.height() / 2, self.look.px(12), 1
                )
                canvas.fill(line, self.look.colour("dim"))
            x += need + gap

    def _step_runs(self, step: PhaseStep, level: int) -> list[Run]:
        look = self.look
        if step.state == "current":
            clock = [Run(step.clock_text, look.number(24), look.colour("text"))] if step.clock_text else []
            of = (
                [Run(step.of_text, look.text(BODY), look.colour("muted"))]
                if step.of_text and level != _TITLES
                else []
            )
            return [Run(step.title, look.name(BODY), look.colour("text")), *clock, *of]
        title = look.colour("text" if step.state == "done" else "muted")
        told = level != _MARKS and not (level == _BRIEF and step.state == "done")
        runs = [Run(step.title, look.text(BODY), title)] if told else []
        if level == _NOTES and step.note:
            runs.append(Run(step.note, look.text(BODY), look.colour("muted")))
        return runs

    def _step_width(self, step: PhaseStep, level: int) -> float:
        look = self.look
        words = sum(width_of(run) + look.px(10) for run in self._step_runs(step, level)) - look.px(10)
        if step.state == "current":
            bar = (
                look.px(_BAR_PX[level]) + look.px(10) if step.fraction is not None and level != _TITLES else 0
            )
            return words + bar + look.px(44)
        return look.px(22) + (look.px(10) + words if words > 0 else 0)

    def _paint_step(self, canvas: Canvas, step: PhaseStep, rect: QRectF, level: int) -> None:
        look = self.look
        base = rect.center().y() + look.px(6)
        x = rect.left()
        if step.state == "current":
            pill = QRectF(x, rect.center().y() - look.px(22), rect.width(), look.px(44))
            canvas.fill(pill, look.colour("raised"), look.px(PILL_RADIUS))
            canvas.outline(pill, QPen(look.colour("dim"), 1), look.px(PILL_RADIUS))
            x += look.px(22)
        else:
            x += self._mark(canvas, step, x, rect.center().y()) + look.px(10)
        for run in self._step_runs(step, level):
            lower = look.px(2) if run.font.pixelSize() > look.metrics.font_px(DETAIL) else 0
            x += canvas.text(x, base + lower, run) + look.px(10)
        if step.state == "current" and step.fraction is not None and level != _TITLES:
            width = rect.right() - look.px(22) - x
            bar = QRectF(x, rect.center().y() - look.px(3), width, look.px(6))
            canvas.fill(bar, look.colour("hairline"), bar.height() / 2)
            done = QRectF(bar)
            done.setWidth(bar.width() * min(1.0, max(0.0, step.fraction)))
            canvas.fill(done, look.colour("dose"), bar.height() / 2)

    def _mark(self, canvas: Canvas, step: PhaseStep, x: float, middle: float) -> float:
        look = self.look
        side = look.px(22)
        disc = QRectF(x, middle - side / 2, side, side)
        if step.state == "done":
            canvas.fill(disc, look.colour("raised"), side / 2)
            draw_tick(canvas.painter, disc.adjusted(6, 6, -6, -6), look.colour("ecg"))
        else:
            canvas.outline(disc, QPen(look.colour("muted"), 1.4), side / 2)
            number = Run(str(step.number), look.name(CAPTION), look.colour("muted"))
            canvas.centre(disc, middle + look.metrics.font_px(CAPTION) * 0.36, number)
        return side

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Report what was touched."""
        key = next((name for rect, name in self._spots if rect.contains(event.position())), "")
        if key == "chair":
            self.chair_pressed.emit()
        elif key == "patient":
            self.patient_pressed.emit()
        elif key:
            self.step_pressed.emit(key)
        if key and event.button() == Qt.MouseButton.LeftButton:
            event.accept()


def _details(text: str, font: QFont, width: float) -> str:
    """Return as many details as fit from the end; the last, the allergies, is shortened rather than left out."""
    whole = fit_clauses(text, font, width, drop=0)
    last = text.rsplit(SEPARATOR, maxsplit=1)[-1]
    return whole or QFontMetricsF(font).elidedText(last, Qt.TextElideMode.ElideRight, width)
