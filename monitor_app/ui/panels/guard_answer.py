"""The answer to one guard: yes or no, a choice, a number, words, a line; or a prescriber's decision to pass it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from monitor_app.core.commands import Answer
from monitor_app.core.journal import Scalar
from monitor_app.core.stamp import Actor
from monitor_app.services.screen import GuardView
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import Who, button, clear, label
from monitor_app.ui.panels.inputs import Chips, Figure, VasSlider


class GuardAnswer(QWidget):
    """Shows the input that fits a guard's kind. Signals: ``asked(object)`` carries an ``Answer``."""

    asked = Signal(object)

    def __init__(self, who: Who) -> None:
        super().__init__()
        self.who = who
        self.look = Look()
        self._guard: GuardView | None = None
        self._overriding = False
        self.buttons: dict[str, QPushButton] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def show_guard(self, guard: GuardView | None) -> None:
        """Ask this guard's question; nothing is rebuilt, and nothing typed is lost, while it stays the same."""
        if guard == self._guard:
            return
        if guard is None or self._guard is None or guard.key != self._guard.key:
            self._overriding = False
        self._guard = guard
        self._rebuild()

    def _rebuild(self) -> None:
        clear(self._layout)
        self.buttons = {}
        guard = self._guard
        if guard is None:
            return
        self._layout.addWidget(label(guard.override_text or guard.help or guard.text, "muted"))
        if self._overriding:
            self._add_override(guard)
        else:
            self._add_input(guard)
            if guard.can_override and not guard.met:
                self._layout.addWidget(self._key("override", self.tr("Prescriber decides…"), self._override))
        self._layout.addStretch(1)

    def _key(self, name: str, text: str, on_press: Callable[[], object]) -> QPushButton:
        made = button(text, on_press, "quiet" if name == "override" else "primary")
        self.buttons[name] = made
        return made

    def _override(self) -> None:
        self._overriding = True
        self._rebuild()

    def _answer(self, value: Scalar) -> None:
        if self._guard is not None:
            self.asked.emit(Answer(self._guard.key, value, self.who()))

    def _add_input(self, guard: GuardView) -> None:
        makers = {
            "yes_no": self._add_yes_no,
            "choice": self._add_choice,
            "number": self._add_number,
            "text": self._add_text,
            "vas": self._add_vas,
        }
        maker = makers.get(guard.kind, self._add_auto)
        maker(guard)

    def _add_auto(self, guard: GuardView) -> None:
        if guard.amber and not guard.met:
            said = self.tr("Confirmed, prescriber informed")
            self._layout.addWidget(self._key("confirm", said, lambda: self._answer(value=True)))

    def _add_yes_no(self, guard: GuardView) -> None:
        row = QHBoxLayout()
        for name, text, value in (("yes", self.tr("Yes"), True), ("no", self.tr("No"), False)):
            made = button(text, partial(self._answer, value))
            made.setCheckable(True)
            made.setChecked(guard.answer is value)
            self.buttons[name] = made
            row.addWidget(made)
        self._hold(row)

    def _add_choice(self, guard: GuardView) -> None:
        chips = Chips(guard.choices, columns=3 if len(guard.choices) > 3 else 0)
        chips.choose(str(guard.answer or ""))
        chips.chosen.connect(self._answer)
        self.buttons.update(chips.buttons)
        self._layout.addWidget(chips)

    def _add_number(self, guard: GuardView) -> None:
        figure = Figure(guard.unit)
        if isinstance(guard.answer, int | float):
            figure.pad.set_text(f"{guard.answer:g}")
        row = QHBoxLayout()
        row.addWidget(figure, 1)
        row.addWidget(self._key("take", self.tr("Enter"), lambda: self._take_number(figure)))
        self._hold(row)
        self.buttons.update(figure.pad.keys)

    def _take_number(self, figure: Figure) -> None:
        if figure.value is not None:
            self._answer(figure.value)

    def _add_text(self, guard: GuardView) -> None:
        field = QLineEdit(str(guard.answer or ""))
        field.setAccessibleName(guard.text)
        field.returnPressed.connect(lambda: self._answer(field.text().strip()))
        row = QHBoxLayout()
        row.addWidget(field, 1)
        row.addWidget(self._key("take", self.tr("Enter"), lambda: self._answer(field.text().strip())))
        self._hold(row)

    def _add_vas(self, guard: GuardView) -> None:
        slider = VasSlider(self.tr("no pain"), self.tr("worst pain imaginable"))
        slider.set_look(self.look)
        slider.value = float(guard.answer) if isinstance(guard.answer, int | float) else None
        slider.setMinimumHeight(self.look.metrics.button_px)
        row = QHBoxLayout()
        row.addWidget(slider, 1)
        row.addWidget(self._key("take", self.tr("Enter"), lambda: self._take_vas(slider)))
        self._hold(row)

    def _take_vas(self, slider: VasSlider) -> None:
        if slider.value is not None:
            self._answer(slider.value)

    def _add_override(self, guard: GuardView) -> None:
        reason, name = QLineEdit(), QLineEdit()
        for field, words in ((reason, self.tr("Reason")), (name, self.tr("Prescriber"))):
            field.setPlaceholderText(words)
            field.setAccessibleName(words)
        take = self._key("take", self.tr("Pass"), lambda: self._pass(guard, reason.text(), name.text()))
        take.setEnabled(False)
        for field in (reason, name):
            field.textChanged.connect(
                lambda _text: take.setEnabled(bool(reason.text().strip() and name.text().strip()))
            )
        row = QHBoxLayout()
        row.addWidget(reason, 2)
        row.addWidget(name, 1)
        row.addWidget(take)
        self._hold(row)

    def _pass(self, guard: GuardView, reason: str, name: str) -> None:
        prescriber = Actor(name.strip(), "prescriber")
        value = True if guard.answer is None else guard.answer
        self.asked.emit(Answer(guard.key, value, self.who(), prescriber, reason.strip()))
        self._overriding = False
        self._rebuild()

    def _hold(self, row: QHBoxLayout) -> None:
        holder = QWidget()
        row.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(row)
        self._layout.addWidget(holder)
