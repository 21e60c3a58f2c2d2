"""The numbers of one rule side by side, of which one is being changed; and the keys that belong to the whole rule."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from monitor_app.services.limits_view import NumberView, RuleView
from monitor_app.services.view.limit_draft import parted
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import button, clear, label
from monitor_app.ui.style import SMALL


class NumberChips(QWidget):
    """The numbers that say when the alarm comes; how it ends is one key away, so that a small window holds them.

    Signals: ``chosen(parameter)``, empty for none; ``switched(on)`` asks to switch the rule on, or for the page where it is
    switched off.
    """

    chosen = Signal(str)
    switched = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[str, QPushButton] = {}
        self._rule: RuleView | None = None
        self._later = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)

    def set_look(self, look: Look) -> None:
        """Take another size."""
        self._row.setSpacing(look.px(8))
        p, m = look.palette, look.metrics
        self.setStyleSheet(
            f'QPushButton[role="number"] {{ font-size: {m.font_px(SMALL)}px; padding: 0 {m.px(8)}px; }}'
            f'QPushButton[role="number"]:checked {{ background: {p.dim}; border: 2px solid {p.text}; }}'
        )

    def show_rule(self, rule: RuleView, key: str) -> None:
        """Take a rule and mark the number that is being changed."""
        first, rest = parted(rule.numbers)
        later = any(view.parameter.key == key for view in rest)
        if (rule, later) != (self._rule, self._later):
            self._rule, self._later = rule, later
            self._fill(rule, first, rest)
        for name, chip in self.buttons.items():
            chip.setChecked(name == key)

    def _fill(self, rule: RuleView, first: tuple[NumberView, ...], rest: tuple[NumberView, ...]) -> None:
        clear(self._row)
        self.buttons = {}
        for view in rest if self._later else first:
            self._row.addWidget(self._chip(view), 3)
        if not rule.numbers:
            self._row.addWidget(label(f"{rule.detail[0].upper()}{rule.detail[1:]}.", "muted"), 3)
        if first and rest:
            other = (first if self._later else rest)[0].parameter.key
            text = self.tr("Its limits") if self._later else self.tr("How it ends")
            self._add(text, partial(self.chosen.emit, other))
        text = self.tr("Switch on again") if rule.off else self.tr("Switch off…")
        self._add(text, partial(self.switched.emit, bool(rule.off)))

    def _chip(self, view: NumberView) -> QPushButton:
        key = view.parameter.key
        chip = self.buttons[key] = button(
            f"{view.name}\n{view.text}", partial(self.chosen.emit, key), "number"
        )
        chip.setAccessibleName(f"{view.name} {view.text}")
        chip.setCheckable(True)
        return chip

    def _add(self, text: str, on_press: Callable[[], object]) -> None:
        self._row.addWidget(button(text, on_press, "quiet"), 2)
