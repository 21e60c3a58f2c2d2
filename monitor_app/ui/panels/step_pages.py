"""What the phase panel shows instead of a question: the other ways from here, and the form of a signature."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from monitor_app.core.commands import FreezeBaseline
from monitor_app.services.screen import PhasePanelView
from monitor_app.ui.panels.base import Who, button, clear, label
from monitor_app.ui.panels.inputs import Chips
from monitor_app.ui.requests import StepChosen

SIGNERS = ("nurse", "prescriber")
COLUMNS = 3


class OtherWays(QWidget):
    """Other steps, the order, a new baseline. Signals: ``asked(object)``, ``open_panel(key)``, ``left``."""

    asked = Signal(object)
    open_panel = Signal(str)
    left = Signal()

    def __init__(self, who: Who) -> None:
        super().__init__()
        self.who = who
        self._shown: tuple[object, ...] = ()
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(self.tr("Why a new baseline?"))
        self.reason.setAccessibleName(self.tr("Why a new baseline?"))
        self.freeze = button(self.tr("New baseline"), self._freeze)
        self.freeze.setEnabled(False)
        self.reason.textChanged.connect(lambda text: self.freeze.setEnabled(bool(text.strip())))
        self._grid = QGridLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._grid)
        self._anew = QWidget()
        row = QHBoxLayout(self._anew)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.reason, 1)
        row.addWidget(self.freeze)
        layout.addWidget(self._anew)
        layout.addStretch(1)

    def show_view(self, view: PhasePanelView) -> None:
        """Take what is possible from here."""
        shown = (view.others, view.order_text, view.freeze_ready)
        if shown == self._shown:
            return
        self._shown = shown
        clear(self._grid)
        made = [button(step.title, partial(self._choose, step.to_phase)) for step in view.others]
        if view.order_text:
            made.append(button(view.order_text, lambda: self.open_panel.emit("order")))
        for index, key in enumerate(made):
            self._grid.addWidget(key, index // COLUMNS, index % COLUMNS)
        self._anew.setVisible(view.freeze_ready)

    @staticmethod
    def offered(view: PhasePanelView) -> bool:
        """Whether there is anything here."""
        return bool(view.others or view.order_text or view.freeze_ready)

    def _choose(self, to_phase: object) -> None:
        self.asked.emit(StepChosen(to_phase))  # type: ignore[arg-type]  # Signal arguments carry no type
        self.left.emit()

    def _freeze(self) -> None:
        self.asked.emit(FreezeBaseline(self.who(), self.reason.text().strip()))
        self.reason.clear()
        self.left.emit()


class SignForm(QWidget):
    """Typed name and role (clinical.md §3.2 T14, §15.2). Signals: ``changed`` when either was."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._proposed = ""
        self.signer = QLineEdit()
        self.signer.setPlaceholderText(self.tr("Type your full name"))
        self.signer.setAccessibleName(self.tr("Your name"))
        self.role = Chips(SIGNERS)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        words = self.tr("Your name below signs this record. The prescriber's signature locks it.")
        layout.addWidget(label(words, "question"))
        row = QHBoxLayout()
        row.addWidget(self.signer, 3)
        row.addWidget(self.role, 2)
        layout.addLayout(row)
        layout.addStretch(1)
        self.signer.textChanged.connect(lambda _text: self.changed.emit())
        self.role.chosen.connect(lambda _role: self.changed.emit())

    def propose(self, role: str) -> None:
        """Offer the form for the signature that comes next; a name is never filled in."""
        if role != self._proposed:
            self._proposed = role
            self.signer.clear()
            self.role.choose(role)

    @property
    def complete(self) -> bool:
        """Whether name and role are there."""
        return bool(self.signer.text().strip() and self.role.value)
