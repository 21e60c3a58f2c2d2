"""What the visit needs to move on: the guards in words, each with its answer (screen.md, Phases; clinical.md §3.2)."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from monitor_app.core.commands import Advance, FreezeBaseline, Sign
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.services.screen import GuardView, PhasePanelView, Screen
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import Panel, Who, button, clear, label
from monitor_app.ui.panels.guard_answer import GuardAnswer
from monitor_app.ui.panels.inputs import Chips

SIGNERS = ("nurse", "prescriber")


class GuardRow(QPushButton):
    """One guard in the list: a mark and its words, which may run over two lines."""

    def __init__(self, guard: GuardView) -> None:
        super().__init__()
        self.setProperty("role", "row")
        self.setCheckable(True)
        self.setAccessibleName(guard.text)
        self.setAccessibleDescription(mark_words(guard))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 2)
        mark, words = QLabel(mark_of(guard)), label(guard.text, "" if guard.met else "strong")
        mark.setFixedWidth(22)
        for part in (mark, words):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout.addWidget(mark)
        layout.addWidget(words, 1)
        if guard.answer is not None and not isinstance(guard.answer, bool):
            said = QLabel(f"{guard.answer} {guard.unit}".strip())
            said.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            layout.addWidget(said)


class PhasePanel(Panel):
    """Guards at the left, the current one's question beside them, the step itself at the right."""

    def __init__(self, who: Who) -> None:
        super().__init__("", who)
        self._view: PhasePanelView | None = None
        self._key = ""
        self.rows: dict[str, GuardRow] = {}
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        page = QWidget()
        page.setObjectName("page")
        page.setLayout(self._list)
        self._area = QScrollArea()
        self._area.setWidget(page)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.answer = GuardAnswer(who)
        self.answer.asked.connect(self.asked)
        self.step = button("", self._advance, "primary")
        self.freeze = button(self.tr("Freeze baseline"), lambda: self.asked.emit(FreezeBaseline(self.who())))
        self.order = button(self.tr("Write order"), lambda: self.open_panel.emit("order"))
        self.signer = QLineEdit()
        self.signer.setPlaceholderText(self.tr("Your name"))
        self.signer.setAccessibleName(self.tr("Your name"))
        self.role = Chips(SIGNERS)
        row = QHBoxLayout()
        row.addWidget(self._area, 4)
        row.addWidget(self.answer, 4)
        row.addLayout(self._side(), 2)
        self.body.addLayout(row)

    def _side(self) -> QVBoxLayout:
        side = QVBoxLayout()
        for widget in (self.freeze, self.order, self.signer, self.role):
            side.addWidget(widget)
        side.addStretch(1)
        side.addWidget(self.step)
        return side

    def set_look(self, look: Look) -> None:
        """Take another colour set or size."""
        super().set_look(look)
        self.answer.look = look

    def begin(self) -> None:
        """Start at the first guard that is not met."""
        self._key = ""
        if self._view is not None:
            self._choose(self._first_open(self._view))

    def show_screen(self, screen: Screen) -> None:
        """Take the guards; an answer that met its guard leads on to the next open one."""
        view = screen.phase_panel
        if view == self._view:
            return
        before, self._view = self._view, view
        self.title.setText(view.title)
        self.setAccessibleName(view.title)
        self.hint.setText(view.missing_text)
        self.step.setText(view.button)
        self.step.setEnabled(view.ready and view.to_phase is not None)
        self.freeze.setVisible(view.freeze_ready)
        self.order.setVisible(view.order_needed)
        signing = view.to_phase is Phase.SIGNED
        self.signer.setVisible(signing)
        self.role.setVisible(signing)
        self._fill(view)
        was = _find(before, self._key) if before is not None else None
        now = _find(view, self._key)
        answered = now is None or (now.met and was is not None and not was.met)
        self._choose(self._first_open(view) if answered else self._key)

    def _fill(self, view: PhasePanelView) -> None:
        place = self._area.verticalScrollBar().value()
        clear(self._list)
        self.rows = {}
        for guard in view.guards:
            row = GuardRow(guard)
            row.clicked.connect(lambda _checked=False, key=guard.key: self._choose(key))
            row.setMinimumHeight(self.look.metrics.button_px)
            self.rows[guard.key] = row
            self._list.addWidget(row)
        self._list.addStretch(1)
        self._area.verticalScrollBar().setValue(place)

    def _first_open(self, view: PhasePanelView) -> str:
        open_ones = [guard.key for guard in view.guards if not guard.met]
        return open_ones[0] if open_ones else (view.guards[0].key if view.guards else "")

    def _choose(self, key: str) -> None:
        self._key = key
        for name, row in self.rows.items():
            row.setChecked(name == key)
            if name == key:
                self._area.ensureWidgetVisible(row)
        self.answer.show_guard(_find(self._view, key))

    def _advance(self) -> None:
        view = self._view
        if view is None or view.to_phase is None:
            return
        if view.to_phase is Phase.SIGNED:
            by = Actor(self.signer.text().strip() or self.who().name, self.role.value or self.who().role)
            self.send(Sign(by))
        else:
            self.send(Advance(view.to_phase, self.who()))


def mark_of(guard: GuardView) -> str:
    """Return the mark before a guard: done, to be confirmed, or open."""
    if guard.met:
        return "✓"
    return "!" if guard.amber else "○"


def mark_words(guard: GuardView) -> str:
    """Return the mark as a screen reader says it."""
    return {"✓": "met", "!": "to be confirmed", "○": "open"}[mark_of(guard)]


def _find(view: PhasePanelView | None, key: str) -> GuardView | None:
    guards = view.guards if view is not None else ()
    return next((guard for guard in guards if guard.key == key), None)
