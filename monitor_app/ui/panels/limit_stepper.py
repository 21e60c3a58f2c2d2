"""A number moved by large keys, for gloves."""

import math
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import button, label

ROUNDING = 1e-6


class Stepper(QWidget):
    """Two keys down, the number, two keys up. Signals: ``changed(value)`` on a press; a key held down goes on."""

    changed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.value = 0.0
        self._low, self._high, self._fine = 0.0, 0.0, 1.0
        self._steps: dict[str, float] = {}
        self.number = label("", "figure")
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.number.setWordWrap(False)
        self.number.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.keys: dict[str, QPushButton] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for name in ("down_much", "down", "up", "up_much"):
            if name == "up":
                self._row.addWidget(self.number, 3)
            key = self.keys[name] = button("", partial(self._move, name), "step")
            key.setAutoRepeat(True)
            self._row.addWidget(key, 2)

    def set_look(self, look: Look) -> None:
        """Take another size."""
        self._row.setSpacing(look.px(8))
        self.number.setMinimumWidth(look.px(140))

    def set_range(self, low: float, high: float, *, step: float, coarse: float) -> None:
        """Say how far it may go and by which steps; the large keys go where they would be the same as the small."""
        self._low, self._high, self._fine = low, high, step
        self._steps = {"down_much": -coarse, "down": -step, "up": step, "up_much": coarse}
        for name, by in self._steps.items():
            words = self.tr("%s less") if by < 0 else self.tr("%s more")
            self.keys[name].setText(f"{'−' if by < 0 else '+'} {abs(by):g}")
            self.keys[name].setAccessibleName(words % f"{abs(by):g}")
            self.keys[name].setVisible(coarse != step or not name.endswith("much"))

    def show_value(self, value: float, text: str) -> None:
        """Show a number without reporting it."""
        self.value = value
        self.number.setText(text)
        for name, by in self._steps.items():
            self.keys[name].setEnabled(value > self._low if by < 0 else value < self._high)

    def _move(self, name: str) -> None:
        moved = stepped(self.value, self._steps[name], self._fine)
        self.value = min(max(moved, self._low), self._high)
        self.changed.emit(self.value)


def stepped(value: float, by: float, fine: float) -> float:
    """Move a value by a step; one between two fine steps comes to lie on one: 57.6 up by 1 is 58, by 5 is 63."""
    places = value / fine
    if abs(places - round(places)) < ROUNDING:
        return round(value + by, 1)
    if abs(by) > fine:
        return round(round(places) * fine + by, 1)
    return round((math.floor(places) if by < 0 else math.ceil(places)) * fine, 1)
