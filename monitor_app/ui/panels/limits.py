"""Limits in force, and changing them: by sign, by rule, from the baseline, by indication (clinical.md §5.6)."""

from textwrap import shorten

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from monitor_app.core.alarm.limit_names import PHASES
from monitor_app.core.alarm_commands import ChooseIndication
from monitor_app.services.limits_view import LimitsView
from monitor_app.services.screen import Screen
from monitor_app.ui.look import Look
from monitor_app.ui.panels.auto_limits import AutoLimits
from monitor_app.ui.panels.base import Panel, Who, button, clear, label
from monitor_app.ui.panels.inputs import Chips
from monitor_app.ui.panels.limit_home import SIGNS, LimitHome, OtherRules
from monitor_app.ui.panels.limit_row import LimitEditor
from monitor_app.ui.panels.limit_rows import RuleRows
from monitor_app.ui.panels.rule_switch import RuleSwitch
from monitor_app.ui.style import SYMBOLS

HOME, REST, RULES, RULE, OFF = "home", "rest", "rules", "rule", "off"
AUTO, INDICATION, MONITOR = "auto", "indication", "monitor"
NO_INDICATION = "None"
BESIDE = {"NIBP": "nibp", "SPO2": "oxygen", "RR": "check"}
"""The panel of what else is done about a sign."""
HINT_LETTERS = 40
"""Of a reason, beside the page that is about the rule; its row has it whole."""


class LimitsPanel(Panel):
    """One page at a time: the signs, the rules of one, one rule, switching it off, the baseline, the indication."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Limits in force"), who)
        self.page = HOME
        self._view = LimitsView()
        self._screen: Screen | None = None
        self._group = 0
        self._rule = ""
        self._returns = False
        self.home = LimitHome()
        self.rest = OtherRules()
        self.rows = RuleRows()
        self.editor = LimitEditor(who)
        self.switch = RuleSwitch(who)
        self.auto = AutoLimits(who)
        self.indication = _page()
        self.chips = Chips(())
        self.late = label("")
        self.equipment = label("")
        self.equipment.setObjectName("page")
        self._pages = QStackedWidget()
        self.back = button(self.tr("Back"), self._go_back, "quiet")
        self.beside = button("", self._open_beside, "quiet")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.equipment)
        self.equipment.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._places: dict[str, QWidget] = {
            HOME: self.home,
            REST: self.rest,
            RULES: self.rows,
            RULE: self.editor,
            OFF: self.switch,
            AUTO: self.auto,
            INDICATION: self.indication,
            MONITOR: area,
        }
        for page in self._places.values():
            self._pages.addWidget(page)
        self.add_above_close(self.beside)
        self.add_beside_close(self.back)
        self.body.addWidget(self._pages)

    def _connect(self) -> None:
        for page in (self.home, self.rest):
            page.group.connect(self._open_group)
        self.home.page.connect(self._show_page)
        self.rows.chosen.connect(self._open_rule)
        self.editor.switch_off.connect(lambda: self._show_page(OFF))
        self.editor.lead.connect(self._ask_lead)
        self.switch.left.connect(lambda: self._show_page(RULE))
        for part in (self.editor, self.switch, self.auto):
            part.asked.connect(self.asked)

    def set_look(self, look: Look) -> None:
        """Take another colour set or size."""
        super().set_look(look)
        for part in (self.home, self.rest, self.rows, self.editor, self.switch, self.auto):
            part.set_look(look)

    def begin(self) -> None:
        """Start with the signs; come back to the rule that somebody else was fetched for."""
        if self._returns and self.page == RULE:
            self._returns = False
            self.editor.show_view(self._view)
        else:
            self._show_page(HOME)

    def show_screen(self, screen: Screen) -> None:
        """Take the rules as they are in force; what the monitors allow is ``limits.delays`` and ``limits.cannot``."""
        if screen is self._screen:
            return
        self._screen = screen
        self._show_equipment(screen)
        view = screen.limits()
        if view != self._view:
            self._view = view
            for part in (self.home, self.rest, self.switch, self.auto):
                part.show_view(view)
            self._show_rules()
            self._show_indication(view)
            self._write_side()
        self.editor.show_view(view)  # also where only the person at the chair is another

    def _show_equipment(self, screen: Screen) -> None:
        delays = str(screen.fields.get("limits.delays") or "")
        cannot = str(screen.fields.get("limits.cannot") or "")
        cannot = self.tr("What the monitors connected cannot do: %s") % cannot if cannot else ""
        text = "\n".join(part for part in (delays, cannot) if part) or self.tr("No monitor is connected.")
        for words in (self.equipment, self.home.equipment):
            _set(words, text)

    def _show_indication(self, view: LimitsView) -> None:
        layout = self.indication.layout()
        if not isinstance(layout, QVBoxLayout):
            return
        choices = (NO_INDICATION, *view.indications)
        if tuple(self.chips.buttons) != choices:
            clear(layout)
            self.chips = Chips(choices)
            self.chips.chosen.connect(self._choose_indication)
            self.late = label("")
            self.late.setAlignment(Qt.AlignmentFlag.AlignTop)
            layout.addWidget(self.chips)
            layout.addWidget(self.late)
            layout.addStretch(1)
        self.chips.setEnabled(not view.too_late)
        self.chips.choose(_among(view.indication, choices) or NO_INDICATION)
        self.late.setText(
            view.too_late or self.tr("Its limits are in force at once; a number changed by hand stays.")
        )

    def _choose_indication(self, text: str) -> None:
        self.chips.choose(_among(self._view.indication, tuple(self.chips.buttons)) or NO_INDICATION)
        self.asked.emit(ChooseIndication("" if text == NO_INDICATION else text, self.who()))

    @property
    def at_page(self) -> str:
        """The sign whose rules are shown: ``HR``, ``NIBP``."""
        return self._tile if self.page == RULES else ""

    @property
    def _tile(self) -> str:
        return self._view.groups[self._group].tile if self._group < len(self._view.groups) else ""

    def turn_to(self, page: str) -> None:
        """Show the rules of a sign, by the key of its tile."""
        at = next((i for i, group in enumerate(self._view.groups) if group.tile == page), None)
        if at is not None:
            self._open_group(at)

    def _open_beside(self) -> None:
        self.open_panel.emit(BESIDE.get(self._tile, ""))

    def _open_group(self, index: int) -> None:
        self._group = index
        self._show_page(RULES)
        self._show_rules(afresh=True)

    def _show_rules(self, *, afresh: bool = False) -> None:
        """Only what is looked at is laid out: sixty rows cost a tenth of a second."""
        if self.page == RULES and self._group < len(self._view.groups):
            self.rows.show_group(self._view.groups[self._group], afresh=afresh)

    def _open_rule(self, rule: str) -> None:
        self._rule = rule
        self.editor.begin(rule)
        self._show_page(RULE)

    def _ask_lead(self) -> None:
        self._returns = True
        self.open_panel.emit("user")

    def _go_back(self) -> None:
        above = {RULE: RULES, OFF: RULE, RULES: REST if self._group >= SIGNS else HOME}
        self._show_page(above.get(self.page, HOME))
        self._show_rules()

    def _show_page(self, page: str) -> None:
        if page == OFF:
            self.switch.begin(self._rule)
        elif page == AUTO:
            self.auto.begin()
        self.page = page
        self.leave_touched()
        self._pages.setCurrentWidget(self._places[page])
        self.back.setVisible(page != HOME)
        beside = {"NIBP": self.tr("Cuff…"), "SPO2": self.tr("Oxygen…"), "RR": self.tr("Check…")}
        self.beside.setText(beside.get(self.at_page, ""))
        self.beside.setAccessibleName(self.beside.text())
        self.beside.setVisible(bool(self.beside.text()))
        self.show_refusal("")
        self._write_side()

    def _write_side(self) -> None:
        title, hint = self._side_words(self._view)
        _set(self.title, title)
        _set(self.hint, hint)

    def _side_words(self, view: LimitsView) -> tuple[str, str]:
        """Title and hint of the page."""
        rule = view.rules.get(self._rule)
        if self.page in (RULE, OFF) and rule is not None:
            off = shorten(rule.off, HINT_LETTERS, placeholder=" …")
            notes = [f"{self.tr('off')}: {off}" if off else "", "" if rule.live else rule.when]
            return f"{SYMBOLS[rule.priority]} {rule.title}".strip(), ". ".join(n for n in notes if n)
        if self.page == RULES:
            title = view.groups[self._group].title if self._group < len(view.groups) else ""
            phase, narrow = PHASES[view.profile], self.look.metrics.compact and self._tile in BESIDE
            return title, "" if narrow else self.tr("%s. Touch a rule to change it.") % phase
        if self.page == AUTO:
            return self.tr(
                "From baseline"
            ), f"{view.baseline_text}\n{self.tr('SpO₂ stays as it is.')}".strip()
        titles = {
            REST: self.tr("All other rules"),
            INDICATION: self.tr("Indication"),
            MONITOR: self.tr("This monitor"),
        }
        return titles.get(self.page, self.tr("Limits in force")), self._preset_words(view)

    def _preset_words(self, view: LimitsView) -> str:
        if view.limits is None:
            return self.tr("The limits are not known yet.")
        changes = self.tr("%d changed") % view.changes if view.changes else self.tr("as in the preset")
        phase = PHASES[view.profile]
        return "\n".join(text for text in (view.versions, f"{phase}, {changes}") if text)


def _page() -> QWidget:
    page = QWidget()
    QVBoxLayout(page).setContentsMargins(0, 0, 0, 0)
    return page


def _set(widget: QLabel, text: str) -> None:
    if widget.text() != text:
        widget.setText(text)


def _among(name: str, choices: tuple[str, ...]) -> str:
    """Return the choice of this name, whatever its case."""
    return next((choice for choice in choices if choice.casefold() == name.casefold()), "")
