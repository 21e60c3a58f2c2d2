"""Limits from the baseline: every proposal beside what is in force, one confirmation (clinical.md §5.6).

What tightens is ticked; a looser limit is ticked by a person, never by default.
"""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from monitor_app.core.alarm.auto_limits import AutoLimit
from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm_commands import ApplyAutoLimits
from monitor_app.services.limits_view import LimitsView
from monitor_app.services.view.limit_refusal import auto_refused
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import Who, button, clear, label
from monitor_app.ui.style import BODY, SMALL

COLUMNS = 5
NONE_YET = "Limits are proposed from the baseline once it is frozen."


class AutoLimits(QWidget):
    """Signals: ``asked(object)`` carries ``ApplyAutoLimits`` with the labels that are ticked."""

    asked = Signal(object)

    def __init__(self, who: Who) -> None:
        super().__init__()
        self.who = who
        self._view = LimitsView()
        self._shown: tuple[AutoLimit, ...] | None = None
        self.cells: dict[str, QPushButton] = {}
        self._ticked: set[str] = set()
        self._grid = QGridLayout()
        self.take = button("", self._take, "primary")
        self.words = label("")
        self._side = QVBoxLayout()
        self._side.addWidget(self.words, 1)
        self._side.addWidget(self.take)
        self.none = label(self.tr(NONE_YET))
        table = QWidget()
        self._row = QHBoxLayout(table)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addLayout(self._grid, 5)
        self._row.addLayout(self._side, 1)
        self._pages = QStackedWidget()
        for page in (self.none, table):
            self._pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)

    def set_look(self, look: Look) -> None:
        """Take another size."""
        for layout in (self._grid, self._side, self._row):
            layout.setSpacing(look.px(8))
        m = look.metrics
        size = m.font_px(SMALL if m.compact else BODY)
        self.setStyleSheet(
            f'QPushButton[role="proposal"] {{ text-align: left; font-size: {size}px; padding: 0 {m.px(10)}px; }}'
        )

    def begin(self) -> None:
        """Tick what is no looser than what is in force."""
        self._ticked = {proposal.label for proposal in self._view.proposals if not looser(proposal)}
        self._shown = None
        self.show_view(self._view)

    def show_view(self, view: LimitsView) -> None:
        """Take the proposals and what is in force."""
        self._view = view
        if view.proposals != self._shown:
            known = {proposal.label for proposal in self._shown or ()}
            new = [p for p in view.proposals if p.label not in known and self._shown is not None]
            self._ticked |= {p.label for p in new if not looser(p)}
            self._shown = view.proposals
            self._fill()
        self._update()

    def _fill(self) -> None:
        clear(self._grid)
        self.cells = {}
        for index, proposal in enumerate(self._view.proposals):
            cell = self.cells[proposal.label] = button("", partial(self._toggle, proposal.label), "proposal")
            cell.setCheckable(True)
            cell.setEnabled(proposal.value is not None)
            cell.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
            self._grid.addWidget(cell, index // COLUMNS, index % COLUMNS)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)

    def _toggle(self, name: str) -> None:
        self._ticked ^= {name}
        self._update()

    @property
    def chosen(self) -> tuple[AutoLimit, ...]:
        """The proposals that are ticked and have a limit to set."""
        return tuple(p for p in self._view.proposals if p.value is not None and p.label in self._ticked)

    def _update(self) -> None:
        self._pages.setCurrentIndex(1 if self._view.proposals else 0)
        for proposal in self._view.proposals:
            ticked = proposal.value is not None and proposal.label in self._ticked
            cell = self.cells[proposal.label]
            text = cell_text(proposal, ticked=ticked)
            cell.setChecked(ticked)
            cell.setText(text)
            cell.setAccessibleName(proposal.label)
            cell.setAccessibleDescription(text.replace("\n", ", "))
        chosen = self.chosen
        new = [p for p in chosen if p.value != p.in_force]
        refused = auto_refused(self._view, chosen, by=self.who()) if chosen else ""
        self.words.setText(refused or self.tr("Touch a limit to take it or leave it out."))
        self.take.setEnabled(bool(new) and not refused)
        text = self.tr("Set %d limits") % len(chosen) if len(chosen) != 1 else self.tr("Set 1 limit")
        if chosen and not new:
            text = self.tr("In force")
        self.take.setText(text)
        self.take.setAccessibleName(text)

    def _take(self) -> None:
        self.asked.emit(ApplyAutoLimits(tuple(proposal.label for proposal in self.chosen), self.who()))


def cell_text(proposal: AutoLimit, *, ticked: bool) -> str:
    """Three lines: sign, the limit in force and the one proposed, and how it was found."""
    unit = proposal.unit.replace("mm[Hg]", "mmHg")
    formula = f"{proposal.formula:.1f}".removesuffix(".0")
    if proposal.value is None or proposal.in_force is None:
        return f"{proposal.label}\nno alarm for it\nformula {formula} {unit}"
    tick = "✓" if ticked else "○"
    moved = f"{proposal.in_force:g} → {proposal.value:g} {unit}"
    if proposal.value == proposal.in_force:
        moved = f"{proposal.value:g} {unit} in force"
    how = f"{formula}, kept in range" if proposal.clamped else f"formula {formula}"
    return f"{tick} {proposal.label}{' · LOOSER' if looser(proposal) else ''}\n{moved}\n{how}"


def looser(proposal: AutoLimit) -> bool:
    """Whether it would alarm later or less than what is in force."""
    if proposal.target is None or proposal.value is None or proposal.in_force is None:
        return False
    rule_id, key = proposal.target
    rule = next(rule for rule in RULES if rule.id == rule_id)
    parameter = rule.parameter(key)
    return parameter is not None and parameter.loosens(proposal.value, proposal.in_force)
