"""Where cuff, SpO2 probe and IV are: asked at check-in, changed when something is moved (clinical.md §8.5, §16.3)."""

from PySide6.QtWidgets import QGridLayout, QWidget

from monitor_app.core.commands import RecordCare
from monitor_app.core.journal import Scalar
from monitor_app.core.visit.limbs import CUFF_PLACES, IV_PLACES, KIND, PROBE_PLACES, Limbs
from monitor_app.services.screen import Screen
from monitor_app.ui.panels.base import Panel, Who, button, label
from monitor_app.ui.panels.inputs import Chips

APART_PX = 16
"""Space before a second question on the same line: its name belongs to what follows."""


class LimbsPanel(Panel):
    """Three places at a touch each, begun with what is known; nothing is chosen that nobody has said."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Cuff and probe"), who)
        self._known = Limbs()
        self.cuff = Chips(CUFF_PLACES)
        self.probe = Chips(PROBE_PLACES)
        self.iv = Chips(IV_PLACES)
        self.record = button(self.tr("Record"), self._record, "primary")
        upper = self._line((self.tr("Cuff"), self.cuff, 4), (self.tr("IV"), self.iv, 3))
        lower = self._line((self.tr("SpO₂ probe"), self.probe, 5), ("", self.record, 2))
        for row in (upper, lower):
            self.body.addWidget(row)
        self.body.addStretch(1)
        for chips in (self.cuff, self.probe, self.iv):
            chips.chosen.connect(lambda _text: self._check())

    def _line(self, *parts: tuple[str, QWidget, int]) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        for number, (words, widget, share) in enumerate(parts):
            if words:
                said = label(words, "strong")
                said.setIndent(APART_PX if number else 0)
                grid.addWidget(said, 0, 2 * number)
            grid.addWidget(widget, 0, 2 * number + 1)
            grid.setColumnStretch(2 * number + 1, share)
        return holder

    @property
    def chosen(self) -> Limbs:
        """The places as they will be recorded."""
        return Limbs(self.cuff.value, self.probe.value, self.iv.value)

    def begin(self) -> None:
        """Start from what has been said."""
        self.cuff.choose(self._known.cuff)
        self.probe.choose(self._known.probe)
        self.iv.choose(self._known.iv)
        self._check()

    def show_screen(self, screen: Screen) -> None:
        """Take what is known: ``limbs.cuff``, ``limbs.probe``, ``limbs.iv``."""
        cuff, probe, iv = (str(screen.fields.get(f"limbs.{name}") or "") for name in ("cuff", "probe", "iv"))
        self._known = Limbs(cuff, probe, iv)

    def _check(self) -> None:
        chosen = self.chosen
        self.hint.setText(" ".join(chosen.warnings) or self.tr("Recorded as said; nothing is assumed."))
        self.record.setEnabled(bool(chosen.cuff or chosen.probe or chosen.iv))

    def _record(self) -> None:
        chosen = self.chosen
        said = {"cuff": chosen.cuff, "probe": chosen.probe, "iv": chosen.iv}
        fields: dict[str, Scalar] = {name: place for name, place in said.items() if place}
        self.send(RecordCare(KIND, " ".join((chosen.text, *chosen.warnings)), self.who(), fields))
