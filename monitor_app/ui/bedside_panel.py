"""The virtual bedside: hands for a simulated chair. What is done here the patient feels; nothing of it is recorded.

A window of its own, unlike the clinical one: violet edge, its own title, no numbers. Recording what was done stays the
trainee's task in the clinical window (design.md §3).
"""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import button, label
from monitor_app.ui.panels.inputs import Chips
from monitor_app.ui.style_sheet import style_sheet

FLOWS = ("0", "1", "2", "4", "6", "10", "15")
DOSES_MG = {"Midazolam": "2", "Ondansetron": "4", "Labetalol": "10"}
"""What the training cart offers; a syringe for a simulated patient, not advice."""

LIMBS = ("left arm", "right arm", "left leg", "right leg")
LEADS = ("RA", "LA", "LL", "V")
_LINES_KEPT = 200


class BedsidePanel(QWidget):
    """Hands at a simulated chair.

    Signals: ``pump(action)`` with start, pause, resume or stop; ``oxygen(l_per_min)``; ``drug(name, mg)``;
    ``cuff(on, limb)``; ``lead(name, on)``; ``finger(on)``; ``motion(share)`` 0.0 to 1.0; ``talk(words)``.
    """

    pump = Signal(str)
    oxygen = Signal(float)
    drug = Signal(str, float)
    cuff = Signal(bool, str)
    lead = Signal(str, bool)
    finger = Signal(bool)
    motion = Signal(float)
    talk = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bedside")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(self.tr("Virtual bedside: simulated patient"))
        self.pump_keys = {
            name: button(text, partial(self.pump.emit, name))
            for name, text in (
                ("start", self.tr("Start")),
                ("pause", self.tr("Pause")),
                ("resume", self.tr("Resume")),
                ("stop", self.tr("Stop")),
            )
        }
        self.flow = Chips(FLOWS)
        self.limb = Chips(LIMBS, columns=2)
        self.cuff_on = _switch(self.tr("Cuff on"), on=True)
        self.leads = {name: _switch(name, on=True) for name in LEADS}
        self.finger_on = _switch(self.tr("Finger probe on"), on=True)
        self.movement = QSlider(Qt.Orientation.Horizontal)
        self.movement.setRange(0, 100)
        self.movement.setAccessibleName(self.tr("Movement"))
        self._make_talk()
        self.flow.choose("0")
        self.limb.choose(LIMBS[0])
        self._build()
        self._connect()
        self.set_look(Look())

    def _make_talk(self) -> None:
        self.heard = QPlainTextEdit()
        self.heard.setReadOnly(True)
        self.heard.setMaximumBlockCount(_LINES_KEPT)
        self.heard.setAccessibleName(self.tr("What the patient says"))
        self.words = QLineEdit()
        self.words.setPlaceholderText(self.tr("Say something to the patient"))
        self.words.setAccessibleName(self.tr("Say something to the patient"))

    def set_look(self, look: Look) -> None:
        """Take another colour set or size; the violet edge stays."""
        edge = f"#bedside {{ background: {look.palette.panel}; border: {look.px(4)}px solid {look.palette.hatch}; }}"
        fields = f"QPlainTextEdit {{ background: {look.palette.background}; border: 1px solid {look.palette.dim}; }}"
        self.setStyleSheet(style_sheet(look) + edge + fields)

    def add_line(self, words: str) -> None:
        """Show what the patient or the trainer says."""
        self.heard.appendPlainText(words)

    def show_pump(self, state: str, given_text: str = "") -> None:
        """Enable what can be done to a pump that is ``ready``, ``running``, ``paused`` or ``done``."""
        allowed = {
            "ready": {"start"},
            "running": {"pause", "stop"},
            "paused": {"resume", "stop"},
            "done": set(),
        }
        for name, key in self.pump_keys.items():
            key.setEnabled(name in allowed.get(state, set()))
        self.pump_state.setText(given_text or state)

    def _build(self) -> None:
        self.pump_state = label("", "muted")
        layout = QVBoxLayout(self)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setMinimumSize(640, 600)
        title = label(self.tr("Virtual bedside · SIMULATED"), "title")
        layout.addWidget(title)
        layout.addWidget(
            label(self.tr("What you do here happens to the patient. It is not recorded."), "muted")
        )
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        rows: list[tuple[str, QWidget]] = [
            (self.tr("Pump"), _row(*self.pump_keys.values(), self.pump_state)),
            (self.tr("Oxygen L/min"), self.flow),
            (self.tr("Drugs"), self._drugs()),
            (self.tr("Cuff"), _row(self.cuff_on, self.limb)),
            (self.tr("ECG leads on"), _row(*self.leads.values())),
            (self.tr("SpO₂"), self.finger_on),
            (self.tr("Movement"), self.movement),
        ]
        for index, (name, widget) in enumerate(rows):
            grid.addWidget(QLabel(name), index, 0)
            grid.addWidget(widget, index, 1)
        layout.addLayout(grid)
        layout.addWidget(self.heard, 1)
        layout.addWidget(self.words)

    def _drugs(self) -> QWidget:
        keys = [
            button(f"{name} {dose} mg", partial(self.drug.emit, name, float(dose)))
            for name, dose in DOSES_MG.items()
        ]
        return _row(*keys)

    def _connect(self) -> None:
        self.flow.chosen.connect(lambda text: self.oxygen.emit(float(text)))
        self.cuff_on.toggled.connect(lambda on: self.cuff.emit(on, self.limb.value))
        self.limb.chosen.connect(lambda limb: self.cuff.emit(self.cuff_on.isChecked(), limb))
        for name, key in self.leads.items():
            key.toggled.connect(partial(self.lead.emit, name))
        self.finger_on.toggled.connect(self.finger)
        self.movement.valueChanged.connect(lambda percent: self.motion.emit(percent / 100))
        self.words.returnPressed.connect(self._say)

    def _say(self) -> None:
        words = self.words.text().strip()
        if words:
            self.words.clear()
            self.add_line(self.tr("You: %s") % words)
            self.talk.emit(words)


def _switch(text: str, *, on: bool) -> QPushButton:
    made = QPushButton(text)
    made.setCheckable(True)
    made.setChecked(on)
    made.setAccessibleName(text)
    return made


def _row(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        layout.addWidget(widget)
    return holder
