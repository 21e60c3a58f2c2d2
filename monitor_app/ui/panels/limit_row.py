"""One rule being changed: which of its numbers, by how much, for which phases, why (clinical.md §5.6)."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from monitor_app.core.alarm.limit_check import possible
from monitor_app.core.alarm.limit_names import PHASES
from monitor_app.core.alarm_commands import SetLimit, SwitchRule
from monitor_app.services.limits_view import LimitsView, NumberView, RuleView
from monitor_app.services.view.limit_draft import LimitDraft, note
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import Who, button, label
from monitor_app.ui.panels.limit_chips import NumberChips
from monitor_app.ui.panels.limit_stepper import Stepper

REASON_LETTERS = 120


class LimitEditor(QWidget):
    """The numbers of a rule above, the one chosen with its keys below, then what would follow, in one sentence.

    Signals: ``asked(object)`` carries ``SetLimit`` and ``SwitchRule``; ``switch_off`` and ``lead`` ask for the pages where
    a rule is switched off, and where somebody else takes over.
    """

    asked = Signal(object)
    switch_off = Signal()
    lead = Signal()

    def __init__(self, who: Who) -> None:
        super().__init__()
        self.who = who
        self._view = LimitsView()
        self._rule: RuleView | None = None
        self._key = ""
        self._value = 0.0
        self._all_phases = True
        self.chips = NumberChips()
        self.chips.chosen.connect(self._choose)
        self.chips.switched.connect(self._switch)
        self.stepper = Stepper()
        self.stepper.changed.connect(self._on_step)
        self.all_phases = self._scope(all_phases=True)
        self.this_phase = self._scope(all_phases=False)
        _name(self.all_phases, self.tr("All phases"))
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(self.tr("The reason, in writing"))
        self.reason.setAccessibleName(self.tr("Reason"))
        self.reason.setMaxLength(REASON_LETTERS)
        self.reason.textChanged.connect(lambda _text: self._update())
        self.why = button("", self._on_why, "quiet")
        self.take = button("", self._take, "primary")
        self.words = label("")
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._lay_out()

    def _scope(self, *, all_phases: bool) -> QPushButton:
        chip = button("", partial(self._choose_scope, all_phases=all_phases))
        chip.setCheckable(True)
        return chip

    def _lay_out(self) -> None:
        reason_page = QWidget()
        reason_row = QHBoxLayout(reason_page)
        reason_row.setContentsMargins(0, 0, 0, 0)
        reason_row.addWidget(self.reason, 1)
        reason_row.addWidget(button(self.tr("Done"), partial(self._write_reason, on=False)))
        self._upper = QStackedWidget()
        for page in (self.chips, reason_page):
            self._upper.addWidget(page)
        self._keys = QHBoxLayout()
        self._keys.addWidget(self.stepper, 7)
        for widget in (self.all_phases, self.this_phase):
            self._keys.addWidget(widget)
        self._keys.addWidget(self.why, 2)
        self._keys.addWidget(self.take, 3)
        for key in (
            self.stepper,
            self.why,
            self.take,
        ):  # no key may move under a finger because a word got longer
            key.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.addWidget(self._upper)
        self._whole.addLayout(self._keys)
        self._whole.addWidget(self.words, 1)

    def set_look(self, look: Look) -> None:
        """Take another size."""
        self.stepper.set_look(look)
        self.chips.set_look(look)
        for layout in (self._keys, self._whole):
            layout.setSpacing(look.px(8))
        self._upper.setMaximumHeight(look.metrics.button_px + look.px(2))

    def begin(self, rule: str) -> None:
        """Start with the first number of a rule as it is in force."""
        self._rule = self._view.rules.get(rule)
        self.reason.clear()
        self._upper.setCurrentIndex(0)
        numbers = self._rule.numbers if self._rule is not None else ()
        self._choose(numbers[0].parameter.key if numbers else "")

    def show_view(self, view: LimitsView) -> None:
        """Take the limits in force. A number being changed stays as it was left, until that very number is another."""
        before = self._number
        self._view = view
        if self._rule is None:
            return
        self._rule = view.rules.get(self._rule.rule, self._rule)
        now = self._number
        if now is not None and before is not None and (now.value, now.own) != (before.value, before.own):
            self._value, self._all_phases = now.value, now.same_everywhere
            self.reason.clear()
        self._update()

    @property
    def _number(self) -> NumberView | None:
        numbers = self._rule.numbers if self._rule is not None else ()
        return next((n for n in numbers if n.parameter.key == self._key), None)

    @property
    def draft(self) -> LimitDraft | None:
        """What would be set now; None where there is no number."""
        chosen = self._number
        if self._rule is None or chosen is None:
            return None
        return LimitDraft(self._view, self._rule, chosen, self._value, self._all_phases)

    def _choose(self, key: str) -> None:
        self._key = key
        chosen = self._number
        if chosen is not None:
            self._value, self._all_phases = chosen.value, chosen.same_everywhere
            low, high = possible(chosen.parameter)
            self.stepper.set_range(low, high, step=chosen.step, coarse=chosen.coarse)
        self._update()

    def _on_step(self, value: float) -> None:
        self._value = value
        self._update()

    def _choose_scope(self, *, all_phases: bool) -> None:
        self._all_phases = all_phases
        self._update()

    def _update(self) -> None:
        rule, draft = self._rule, self.draft
        if rule is not None:
            self.chips.show_rule(rule, self._key)
        for widget in (self.stepper, self.why, self.take):
            widget.setVisible(draft is not None)
        for scope in (self.all_phases, self.this_phase):
            scope.setVisible(draft is not None and draft.several_phases)
        if draft is None:
            self.words.setText(note(rule, None) if rule is not None else "")
        else:
            self._show_draft(draft)

    def _show_draft(self, draft: LimitDraft) -> None:
        by, reason = self.who(), self.reason.text().strip()
        sentence = draft.refused(by, reason)
        self.stepper.show_value(draft.value, draft.text)
        _name(self.this_phase, self.tr("%s only") % PHASES[self._view.profile])
        self.all_phases.setChecked(draft.all_phases)
        self.this_phase.setChecked(not draft.all_phases)
        written = self.tr("Why ✓") if reason else self.tr("Why…")
        _name(self.why, self.tr("Clinical lead\nis here…") if draft.needs_lead(by) else written)
        self.why.setEnabled(draft.changed)
        _name(self.take, self.tr("Set %s") % draft.text if draft.changed else self.tr("In force"))
        self.take.setEnabled(draft.changed and not sentence)
        self._say(sentence or draft.words, strong=bool(sentence))
        if sentence and not reason and draft.needs_reason(by):
            self._upper.setCurrentIndex(1)

    def _say(self, text: str, *, strong: bool) -> None:
        role = "strong" if strong else ""
        if self.words.property("role") != role:
            self.words.setProperty("role", role)
            self.words.style().polish(self.words)
        self.words.setText(text)

    def _on_why(self) -> None:
        draft = self.draft
        if draft is not None and draft.needs_lead(self.who()):
            self.lead.emit()
        else:
            self._write_reason(on=self._upper.currentIndex() == 0)

    def _write_reason(self, *, on: bool) -> None:
        self._upper.setCurrentIndex(1 if on else 0)
        if on:
            self.reason.setFocus()

    def _take(self) -> None:
        draft = self.draft
        if draft is None:
            return
        change, reason = draft.change, self.reason.text().strip()
        self._upper.setCurrentIndex(0)
        self.asked.emit(
            SetLimit(change.rule, change.parameter, change.value, self.who(), reason, profile=change.profile)
        )

    def _switch(self, on: bool) -> None:  # noqa: FBT001 - a slot takes what its signal carries
        if not on:
            self.switch_off.emit()
        elif self._rule is not None:
            self.asked.emit(SwitchRule(self._rule.rule, on=True, by=self.who()))


def _name(key: QPushButton, text: str) -> None:
    """Write on a key, on two lines where it has them."""
    key.setText(text)
    key.setAccessibleName(text.replace("\n", " "))
