"""The answer to one guard: yes or no, a choice, a number, words, a line; or a prescriber's decision to pass it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from monitor_app.core.commands import Answer
from monitor_app.core.journal import Scalar
from monitor_app.core.stamp import Actor
from monitor_app.services.screen import GuardView
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import Who, button, clear, label
from monitor_app.ui.panels.inputs import Chips, Figure, VasSlider

SECOND_PERSON = "second person"
ROLE_OF = {"prescriber": "prescriber", SECOND_PERSON: "nurse"}
"""The role in which somebody other than who is here answers."""
MOST_COLUMNS = 5
MOST_LETTERS = 36
"""Letters of choices that stand whole in one row of the smallest window; more are put in two rows."""
TALL = 1.35
"""Yes and No are what is touched most often, with gloves on: taller than a button has to be."""


class GuardAnswer(QWidget):
    """Shows the input that fits a guard's kind.

    Signals: ``asked(object)`` carries an ``Answer``; ``open_panel(key)`` where the guard is met at another panel.
    """

    asked = Signal(object)
    open_panel = Signal(str)

    def __init__(self, who: Who) -> None:
        super().__init__()
        self.who = who
        self.look = Look()
        self.names: dict[str, str] = {}
        self._guard: GuardView | None = None
        self._overriding = False
        self._words: QLabel | None = None
        self._name: QLineEdit | None = None
        self._row = QHBoxLayout()
        self.buttons: dict[str, QPushButton] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def show_guard(self, guard: GuardView | None) -> None:
        """Ask this guard's question; nothing is rebuilt, and nothing typed is lost, while only its words change."""
        before, self._guard = self._guard, guard
        if guard is None or before is None or guard.key != before.key:
            self._overriding = False
        elif _asks(guard) == _asks(before):
            if self._words is not None:
                self._words.setText(guard.text)
            return
        self._rebuild()

    def say(self, sentence: str) -> None:
        """Show a sentence in place of a question."""
        clear(self._layout)
        self._words = label(sentence, "question")
        self._layout.addWidget(self._words)
        self._layout.addStretch(1)

    def _rebuild(self) -> None:
        clear(self._layout)
        self.buttons = {}
        self._words = self._name = None
        guard = self._guard
        if guard is None:
            return
        self._words = label(guard.text, "question")
        self._layout.addWidget(self._words)
        said = guard.override_text or guard.help
        if said:
            self._layout.addWidget(label(said, "muted"))
        holder = QWidget()
        self._row = QHBoxLayout(holder)
        self._row.setContentsMargins(0, 0, 0, 0)
        if self._overriding:
            self._add_override(guard)
        else:
            self._add_whole_input(guard)
        self._layout.addWidget(holder)
        self._layout.addStretch(1)

    def _add_whole_input(self, guard: GuardView) -> None:
        another = guard.asked_of == SECOND_PERSON
        if another or (guard.asked_of and self.who().role != ROLE_OF.get(guard.asked_of)):
            self._add_name(guard.asked_of)
        self._add_input(guard)
        if guard.opens:
            self._row.addWidget(
                self._key("open", guard.opens_text, lambda: self.open_panel.emit(guard.opens))
            )
        if guard.can_override and not guard.met:
            self._row.addWidget(self._key("override", self.tr("Prescriber decides…"), self._override))

    def _key(self, name: str, text: str, on_press: Callable[[], object]) -> QPushButton:
        made = button(text, on_press, "quiet" if name in {"override", "back"} else "primary")
        self.buttons[name] = made
        return made

    def _override(self) -> None:
        self._overriding = True
        self._rebuild()

    def _add_name(self, asked_of: str) -> None:
        """Ask for the name of who answers, where that is not whoever is here."""
        field = _field(
            self.tr("Prescriber's name") if asked_of == "prescriber" else self.tr("Second person's name")
        )
        field.setText(self.names.get(asked_of, ""))
        field.textChanged.connect(lambda text: self.names.__setitem__(asked_of, text))
        self._name = field
        self._row.addWidget(field, 1)

    def _by(self) -> Actor | None:
        """Who answers; None while a name is asked for and not yet written."""
        if self._name is None or self._guard is None:
            return self.who()
        name = self._name.text().strip()
        return Actor(name, ROLE_OF.get(self._guard.asked_of, "nurse")) if name else None

    def _answer(self, value: Scalar) -> None:
        guard, by = self._guard, self._by()
        if guard is None:
            return
        if by is None and self._name is not None:
            self._name.setFocus()
        elif by is not None:
            self.asked.emit(Answer(guard.question or guard.key, value, by))

    def _add_input(self, guard: GuardView) -> None:
        makers = {
            "yes_no": self._add_yes_no,
            "choice": self._add_choice,
            "number": self._add_number,
            "text": self._add_text,
            "vas": self._add_vas,
        }
        maker = makers.get(guard.kind)
        if maker is not None:
            maker(guard)

    def _add_yes_no(self, guard: GuardView) -> None:
        for name, text, value in (("yes", self.tr("Yes"), True), ("no", self.tr("No"), False)):
            made = button(text, partial(self._answer, value))
            made.setCheckable(True)
            made.setChecked(guard.answer is value)
            made.setMinimumHeight(round(self.look.metrics.button_px * TALL))
            self.buttons[name] = made
            self._row.addWidget(made, 1)

    def _add_choice(self, guard: GuardView) -> None:
        count = len(guard.choices)
        one_row = count <= MOST_COLUMNS and sum(map(len, guard.choices)) <= MOST_LETTERS
        columns = count if one_row else (count + 1) // 2
        chips = Chips(guard.choices, columns=columns, wrap=not one_row)
        chips.choose(str(guard.answer or ""))
        chips.chosen.connect(self._answer)
        self.buttons.update(chips.buttons)
        self._row.addWidget(chips, 1)

    def _add_number(self, guard: GuardView) -> None:
        figure = Figure(guard.unit)
        if isinstance(guard.answer, int | float):
            figure.pad.set_text(f"{guard.answer:g}")
            figure.pad.replace_next = True
        figure.put_below(self._key("take", self.tr("Enter"), lambda: self._take_number(figure)))
        self._row.addWidget(figure, 1)
        self.buttons.update(figure.pad.keys)

    def _take_number(self, figure: Figure) -> None:
        if figure.value is not None:
            self._answer(figure.value)

    def _add_text(self, guard: GuardView) -> None:
        field = _field(guard.text)
        field.setPlaceholderText("")
        field.setText(str(guard.answer or ""))
        field.returnPressed.connect(lambda: self._answer(field.text().strip()))
        self._row.addWidget(field, 1)
        self._row.addWidget(self._key("take", self.tr("Enter"), lambda: self._answer(field.text().strip())))

    def _add_vas(self, guard: GuardView) -> None:
        slider = VasSlider(self.tr("no pain"), self.tr("worst pain imaginable"))
        slider.set_look(self.look)
        slider.value = float(guard.answer) if isinstance(guard.answer, int | float) else None
        slider.setMinimumHeight(round(self.look.metrics.button_px * 1.4))
        self._row.addWidget(slider, 1)
        self._row.addWidget(self._key("take", self.tr("Enter"), lambda: self._take_vas(slider)))

    def _take_vas(self, slider: VasSlider) -> None:
        if slider.value is not None:
            self._answer(slider.value)

    def _add_override(self, guard: GuardView) -> None:
        reason, name = _field(self.tr("Reason")), _field(self.tr("Prescriber"))
        take = self._key("take", self.tr("Pass"), lambda: self._pass(guard, reason.text(), name.text()))
        take.setEnabled(False)
        for field in (reason, name):
            field.textChanged.connect(
                lambda _text: take.setEnabled(bool(reason.text().strip() and name.text().strip()))
            )
        self._row.addWidget(reason, 5)
        self._row.addWidget(name, 4)
        self._row.addWidget(take)
        self._row.addWidget(self._key("back", self.tr("Back"), self._take_back))
        reason.setFocus()

    def _take_back(self) -> None:
        self._overriding = False
        self._rebuild()

    def _pass(self, guard: GuardView, reason: str, name: str) -> None:
        prescriber = Actor(name.strip(), "prescriber")
        key = guard.question or guard.key
        self._overriding = False
        self.asked.emit(Answer(key, guard.answer, self.who(), prescriber, reason.strip()))
        self._rebuild()


def _field(words: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(words)
    field.setAccessibleName(words)
    return field


def _asks(guard: GuardView) -> tuple[object, ...]:
    """What of a guard decides which inputs it shows."""
    return (
        guard.key,
        guard.kind,
        guard.choices,
        guard.answer,
        guard.met,
        guard.can_override,
        guard.override_text,
        guard.help,
        guard.asked_of,
        guard.opens,
    )
