"""What the visit needs to move on: one question at a time, all of them in a list (screen.md, Phases; clinical.md §3.2)."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout

from monitor_app.core.commands import Advance, Sign
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.services.screen import GuardView, PhasePanelView, Screen
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import Panel, Who, button, label
from monitor_app.ui.panels.guard_answer import GuardAnswer
from monitor_app.ui.panels.guard_list import GuardList, GuardRow
from monitor_app.ui.panels.inputs import Chips
from monitor_app.ui.panels.step_pages import OtherWays, SignForm

MEANINGS = {"nurse": "performed", "prescriber": "reviewed"}
"""What a signature says (clinical.md §15.2)."""


class PhasePanel(Panel):
    """The current question large at the left, the list beside it, the step itself at the right."""

    def __init__(self, who: Who) -> None:
        super().__init__("", who)
        self._view: PhasePanelView | None = None
        self._key = ""
        self.list = GuardList()
        self.list.chosen.connect(self._choose)
        self.answer = GuardAnswer(who)
        self.ways = OtherWays(who)
        for part in (self.answer, self.ways):
            part.asked.connect(self.asked)
            part.open_panel.connect(self.open_panel)
        self.ways.left.connect(self._show_question)
        self.form = SignForm()
        self.form.changed.connect(self._update_step)
        self._pages = QStackedWidget()
        for page in (self.answer, self.ways, self.form):
            self._pages.addWidget(page)
        self.step = button("", self._advance, "primary")
        self.order = button("", lambda: self.open_panel.emit("order"))
        self.other = button(self.tr("Other…"), self._toggle_ways, "quiet")
        row = QHBoxLayout()
        row.addWidget(self._pages, 6)
        row.addWidget(self.list, 4)
        row.addLayout(self._side(), 2)
        self.body.addLayout(row)
        self.add_beside_close(self.other)
        self.progress = label("", "figure")
        self.add_below_title(self.progress)

    def _side(self) -> QVBoxLayout:
        side = QVBoxLayout()
        side.addWidget(self.order)
        side.addStretch(1)
        side.addWidget(self.step)
        return side

    @property
    def rows(self) -> dict[str, GuardRow]:
        """The rows of the list by the keys of their guards."""
        return self.list.rows

    @property
    def signer(self) -> QLineEdit:
        """Where the name of a signature is typed."""
        return self.form.signer

    @property
    def role(self) -> Chips:
        """In which role somebody signs."""
        return self.form.role

    def set_look(self, look: Look) -> None:
        """Take another colour set or size."""
        super().set_look(look)
        self.answer.look = look
        self.list.set_look(look)

    def begin(self) -> None:
        """Start at the first guard that is not met."""
        if self._view is not None:
            self._choose(self._first_open(self._view))

    def show_screen(self, screen: Screen) -> None:
        """Take the guards; an answer that met its guard leads on to the next open one."""
        view = screen.phase_panel
        if view == self._view:
            return
        before, self._view = self._view, view
        self._show_words(view)
        self.ways.show_view(view)
        self.list.show_guards(view.guards)
        if view.sign_role:
            self.form.propose(view.sign_role)
        was = _find(before, self._key) if before is not None else None
        now = _find(view, self._key)
        other_step = before is None or _about(before) != _about(view)
        answered = (now is None and bool(self._key)) or (now is not None and now.met and not _met(was))
        if other_step or answered or _all_met(view) != (before is not None and _all_met(before)):
            self._choose(self._first_open(view))
        else:
            self.answer.show_guard(now)
        self._update_step()

    def _show_words(self, view: PhasePanelView) -> None:
        self.title.setText(view.title)
        self.setAccessibleName(view.title)
        self.progress.setText(view.progress_text)
        self.hint.setText(view.missing_text)
        self.step.setText(view.button)
        self.step.setAccessibleName(view.button)
        self.order.setText(view.order_text)
        self.order.setAccessibleName(view.order_text)
        self.order.setVisible(view.order_needed)
        self.other.setVisible(OtherWays.offered(view))

    def _update_step(self) -> None:
        view = self._view
        ready = view is not None and view.ready and view.to_phase is not None
        if view is not None and view.sign_role:
            ready = ready and self.form.complete
            self.step.setText(self.tr("Sign as %s") % (self.form.role.value or view.sign_role))
        self.step.setEnabled(ready)

    def _first_open(self, view: PhasePanelView) -> str:
        return next((guard.key for guard in view.guards if not guard.met), "")

    def _choose(self, key: str) -> None:
        self._key = key
        self.list.mark(key)
        self.answer.show_guard(_find(self._view, key))
        if not key and self._view is not None:
            self.answer.say(self.tr("Nothing is missing: press “%s”.") % self._view.button)
        self._show_question()

    def _show_question(self) -> None:
        """Show the question; where all is met and a signature is due, its form."""
        view = self._view
        signing = view is not None and bool(view.sign_role) and _all_met(view)
        self._pages.setCurrentWidget(self.form if signing else self.answer)

    def _toggle_ways(self) -> None:
        if self._pages.currentWidget() is self.ways:
            self._show_question()
        else:
            self._pages.setCurrentWidget(self.ways)

    def _advance(self) -> None:
        view = self._view
        if view is None or view.to_phase is None:
            return
        if view.sign_role:
            role = self.form.role.value
            self.send(Sign(Actor(self.form.signer.text().strip(), role), MEANINGS.get(role, "performed")))
            self.form.propose("")
            return
        addendum = view.to_phase is Phase.SIGNED
        if addendum:
            self.asked.emit(Advance(view.to_phase, self.who()))
        else:
            self.send(Advance(view.to_phase, self.who()))


def _met(guard: GuardView | None) -> bool:
    return guard is None or guard.met


def _about(view: PhasePanelView) -> tuple[object, str]:
    """Which step the panel is about, and whose signature it takes."""
    return view.to_phase, view.sign_role


def _all_met(view: PhasePanelView) -> bool:
    return all(guard.met for guard in view.guards)


def _find(view: PhasePanelView | None, key: str) -> GuardView | None:
    guards = view.guards if view is not None else ()
    return next((guard for guard in guards if guard.key == key), None)
