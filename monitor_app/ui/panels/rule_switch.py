"""Switching one rule off, with its reason (clinical.md §5.5)."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from devices.errors import RefusedError
from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.system_state import AlarmSystem, switch_off
from monitor_app.core.alarm_commands import SwitchRule
from monitor_app.core.priority import Priority
from monitor_app.services.limits_view import LimitsView, RuleView
from monitor_app.services.view.wording import said
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import Who, button, label

REASONS = (
    "Known, prescriber told",
    "Cause is being treated",
    "False alarm, patient checked",
    "Sensor cannot stay on",
)
"""What is said most often, at one touch; anything else is typed."""
REASON_LETTERS = 120


class RuleSwitch(QWidget):
    """Reasons to touch, a field for any other, and what would follow in one sentence.

    Signals: ``asked(object)`` carries ``SwitchRule``; ``left`` when it was asked.
    """

    asked = Signal(object)
    left = Signal()

    def __init__(self, who: Who) -> None:
        super().__init__()
        self.who = who
        self._view = LimitsView()
        self._rule: RuleView | None = None
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(self.tr("Why it is switched off"))
        self.reason.setAccessibleName(self.tr("Reason"))
        self.reason.setMaxLength(REASON_LETTERS)
        self.reason.textChanged.connect(lambda _text: self._update())
        self.take = button(self.tr("Switch off"), self._take, "primary")
        self.words = label("")
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._upper, self._lower = QHBoxLayout(), QHBoxLayout()
        self.reasons = {text: button(text, partial(self.reason.setText, text)) for text in REASONS}
        for chip in self.reasons.values():
            self._upper.addWidget(chip, 1)
        self._lower.addWidget(self.reason, 1)
        self._lower.addWidget(self.take)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.addLayout(self._upper)
        self._whole.addLayout(self._lower)
        self._whole.addWidget(self.words, 1)

    def set_look(self, look: Look) -> None:
        """Take another size."""
        for layout in (self._upper, self._lower, self._whole):
            layout.setSpacing(look.px(8))

    def begin(self, rule: str) -> None:
        """Start afresh with a rule."""
        self._rule = self._view.rules.get(rule)
        self.reason.clear()
        self._update()

    def show_view(self, view: LimitsView) -> None:
        """Take the phase and the rules."""
        self._view = view
        self._update()

    def _update(self) -> None:
        reason = self.reason.text().strip()
        refused, refused_anyway = self._refused(reason), self._refused("asked")
        self.take.setEnabled(not refused)
        for widget in (self.reason, *self.reasons.values()):
            widget.setEnabled(not refused_anyway)
        self.words.setText(refused or self._consequence())

    def _refused(self, reason: str) -> str:
        if AlarmSystem(self._view.phase).standby:
            return self.tr("No patient is monitored; an alarm is switched off during a visit only.")
        rule = next((r for r in RULES if self._rule is not None and r.id == self._rule.rule), None)
        if rule is None:
            return self.tr("This rule is not known.")
        try:
            switch_off(AlarmSystem(self._view.phase), rule, by=self.who(), reason=reason, t_ns=0)
        except RefusedError as error:
            return said(str(error))
        return ""

    def _consequence(self) -> str:
        rule = self._rule
        if rule is None:
            return ""
        if rule.priority in {Priority.HIGH, Priority.MEDIUM}:
            return (
                self.tr("%s is then neither shown nor heard. It is on again in the next phase.") % rule.title
            )
        return self.tr("%s is then neither shown nor heard until it is switched on again.") % rule.title

    def _take(self) -> None:
        if self._rule is not None:
            self.asked.emit(
                SwitchRule(self._rule.rule, on=False, by=self.who(), reason=self.reason.text().strip())
            )
            self.left.emit()
