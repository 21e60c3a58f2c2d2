"""Touch-size inputs: chips, number pad, analogue scale."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPen
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from monitor_app.ui.canvas import Canvas, Painted, Run
from monitor_app.ui.panels.base import label
from monitor_app.ui.style import SMALL

ONE_LINE_LETTERS = 16


class Chips(QWidget):
    """Choices of which one is taken. Signals: ``chosen(text)`` on a press. ``wrap``: long ones stand on two lines."""

    chosen = Signal(str)

    def __init__(
        self, choices: Sequence[str], *, columns: int = 0, keep: bool = True, wrap: bool = False
    ) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._group.setExclusive(keep)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        across = columns or max(1, len(choices))
        self.buttons: dict[str, QPushButton] = {}
        for index, text in enumerate(choices):
            chip = QPushButton(_on_two_lines(text) if wrap and len(text) > ONE_LINE_LETTERS else text)
            chip.setCheckable(keep)
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            chip.setAccessibleName(text)
            chip.clicked.connect(lambda _checked=False, said=text: self.chosen.emit(said))
            self._group.addButton(chip)
            self.buttons[text] = chip
            layout.addWidget(chip, index // across, index % across)

    @property
    def value(self) -> str:
        """The choice taken, or empty."""
        return next((text for text, chip in self.buttons.items() if chip.isChecked()), "")

    def choose(self, text: str) -> None:
        """Take a choice without reporting it; an unknown one clears."""
        self._group.setExclusive(False)
        for name, chip in self.buttons.items():
            chip.setChecked(name == text)
        self._group.setExclusive(True)


def _on_two_lines(text: str) -> str:
    """Break at the space nearest the middle."""
    spaces = [index for index, letter in enumerate(text) if letter == " "]
    if not spaces:
        return text
    at = min(spaces, key=lambda index: abs(index - len(text) / 2))
    return f"{text[:at]}\n{text[at + 1 :]}"


class NumberPad(QWidget):
    """Digits in two rows, so that it fits over the trend. Signals: ``changed(text)``."""

    changed = Signal(str)
    KEYS = ("1", "2", "3", "4", "5", "⌫", "6", "7", "8", "9", "0", ".")
    MOST = 6

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.replace_next = False
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self.keys: dict[str, QPushButton] = {}
        for index, key in enumerate(self.KEYS):
            pad = QPushButton(key)
            pad.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            pad.setAccessibleName(self.tr("delete") if key == "⌫" else key)
            pad.clicked.connect(lambda _checked=False, said=key: self.press(said))
            self.keys[key] = pad
            layout.addWidget(pad, index // 6, index % 6)

    @property
    def value(self) -> float | None:
        """The number, or None while there is none."""
        try:
            return float(self.text)
        except ValueError:
            return None

    def set_text(self, text: str) -> None:
        """Start from a number already known."""
        self.text = text
        self.changed.emit(text)

    def press(self, key: str) -> None:
        """Press one key: a digit, the point, or ⌫. With ``replace_next`` the first one replaces what was there."""
        if self.replace_next:
            self.replace_next = False
            self.text = self.text if key == "⌫" else ""
        if key == "⌫":
            self.text = self.text[:-1]
        elif key == ".":
            if "." not in self.text:
                self.text = (self.text or "0") + "."
        elif len(self.text) < self.MOST:
            self.text = key if self.text == "0" else self.text + key
        self.changed.emit(self.text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take digits from the keyboard too."""
        if event.text() in self.keys:
            self.press(event.text())
        elif event.key() == Qt.Key.Key_Backspace:
            self.press("⌫")
        else:
            super().keyPressEvent(event)


class Figure(QWidget):
    """A number pad with its display and unit. ``value`` is None while empty."""

    changed = Signal(str)

    def __init__(self, unit: str) -> None:
        super().__init__()
        self.unit = unit
        self.display: QLabel = label("", "figure")
        self.display.setMinimumWidth(120)
        self.pad = NumberPad()
        self._side = QVBoxLayout()
        self._side.addWidget(self.display)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._side, 1)
        layout.addWidget(self.pad, 3)
        self.pad.changed.connect(self._on_changed)
        self._on_changed("")

    @property
    def value(self) -> float | None:
        """The number, or None while there is none."""
        return self.pad.value

    def put_below(self, widget: QWidget) -> None:
        """Put a button below the display."""
        self._side.addWidget(widget)

    def _on_changed(self, text: str) -> None:
        self.display.setText(f"{text or '—'} {self.unit}")
        self.changed.emit(text)


class VasSlider(Painted):
    """A 100 mm line from none to worst, unlabelled between (clinical.md §11). Signals: ``changed(value)`` 0.0 to 10.0."""

    OPAQUE = False

    changed = Signal(float)

    def __init__(self, low_text: str, high_text: str) -> None:
        super().__init__()
        self._ends = (low_text, high_text)
        self.value: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{low_text} … {high_text}")

    def clear(self) -> None:
        """Take the mark away."""
        self.value = None
        self.update()

    def line_rect(self) -> QRectF:
        """Return the line itself: its ends are 0 and 10."""
        margin = self.look.metrics.button_px / 2
        return QRectF(margin, self.height() * 0.42, self.width() - 2 * margin, 0)

    def _take(self, x: float) -> None:
        line = self.line_rect()
        share = (x - line.left()) / max(1.0, line.width())
        self.set_value(round(10 * min(1.0, max(0.0, share)), 1))

    def set_value(self, value: float) -> None:
        """Put the mark somewhere and report it."""
        self.value = value
        self.update()
        self.changed.emit(value)

    def paint(self, canvas: Canvas) -> None:
        """Draw the line, its two ends and the mark."""
        look = self.look
        line = self.line_rect()
        canvas.painter.setPen(QPen(look.colour("text"), 3))
        canvas.painter.drawLine(line.topLeft(), line.topRight())
        for x in (line.left(), line.right()):
            canvas.painter.drawLine(QPointF(x, line.top() - 14), QPointF(x, line.top() + 14))
        base = line.top() + look.px(42)
        canvas.text(0, base, Run(self._ends[0], look.text(SMALL), look.colour("text")))
        canvas.right(self.width(), base, Run(self._ends[1], look.text(SMALL), look.colour("text")))
        if self.value is not None:
            size = look.metrics.button_px * 0.36
            middle = QPointF(line.left() + line.width() * self.value / 10, line.top())
            canvas.painter.setBrush(look.colour("text"))
            canvas.painter.setPen(Qt.PenStyle.NoPen)
            canvas.painter.drawEllipse(middle, size, size)

    def sizeHint(self) -> QSize:
        """Return room for a thumb and the ends' words."""
        return QSize(500, self.look.metrics.button_px * 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the mark there."""
        self._take(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the mark along."""
        self._take(event.position().x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the mark by a tenth."""
        steps = {Qt.Key.Key_Left: -0.1, Qt.Key.Key_Right: 0.1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            start = 5.0 if self.value is None else self.value
            self.set_value(round(min(10.0, max(0.0, start + step)), 1))
