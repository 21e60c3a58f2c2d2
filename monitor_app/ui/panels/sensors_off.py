"""Taking the sensors off on purpose: what for, and who stays with the patient meanwhile (clinical.md §5.5)."""

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from monitor_app.core.alarm_commands import TakeSensorsOff
from monitor_app.services.screen import Screen
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import Panel, Who, button, label
from monitor_app.ui.panels.inputs import Chips

REASONS = ("toilet", "repositioning", "end of monitoring")
"""clinical.md §5.5."""
OTHERS = ("another nurse", "prescriber", "companion")
ME = "me"


class SensorsOffPanel(Panel):
    """Two answers and one press; five minutes then run. A name may be typed instead of the second."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Sensors off on purpose"), who)
        self._refused = ""
        self._me = ""
        self.reason = Chips(REASONS)
        self.with_patient = Chips((ME, *OTHERS))
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("or a name"))
        self.name.setAccessibleName(self.tr("Name of who is with the patient"))
        self.take = button(self.tr("Sensors off 5:00"), self._take, "primary")
        self._asking = QWidget()
        self._grid = QGridLayout(self._asking)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.addWidget(label(self.tr("What for"), "strong"), 0, 0)
        self._grid.addWidget(self.reason, 0, 1)
        self._grid.addWidget(self.take, 0, 2)
        self._grid.addWidget(label(self.tr("Who is with the patient"), "strong"), 1, 0)
        self._grid.addWidget(self.with_patient, 1, 1)
        self._grid.addWidget(self.name, 1, 2)
        self._grid.setColumnStretch(1, 1)
        self.why = label("", "strong")
        self.body.addWidget(self._asking)
        self.body.addWidget(self.why)
        self.body.addStretch(1)
        self.hint.setText(self.tr("Missing signals wait 5 min; all other alarms go on."))
        self.reason.chosen.connect(lambda _said: self._update())
        self.with_patient.chosen.connect(self._on_person)
        self.name.textEdited.connect(self._on_name)

    def set_look(self, look: Look) -> None:
        """Take another colour set or size."""
        super().set_look(look)
        self._grid.setSpacing(look.px(8))
        self.name.setFixedWidth(look.px(230))
        self._grid.setColumnMinimumWidth(0, look.px(120))

    def begin(self) -> None:
        """Start with nothing answered."""
        self.reason.choose("")
        self.with_patient.choose("")
        self.name.clear()
        self._update()

    def show_screen(self, screen: Screen) -> None:
        """Ask, or say why it is not possible now."""
        self._refused, self._me = screen.sound.sensors_refusal, screen.sound.me
        self.why.setText(self._refused)
        self.why.setVisible(bool(self._refused))
        self._asking.setVisible(not self._refused)
        self._update()

    @property
    def person(self) -> str:
        """Who stays with the patient, as it is recorded."""
        chosen = self.with_patient.value
        return self.name.text().strip() or (self._me if chosen == ME else chosen)

    def _on_person(self, _said: str) -> None:
        self.name.clear()
        self._update()

    def _on_name(self, typed: str) -> None:
        if typed.strip():
            self.with_patient.choose("")
        self._update()

    def _update(self) -> None:
        self.take.setEnabled(bool(self.reason.value and self.person and not self._refused))

    def _take(self) -> None:
        self.send(TakeSensorsOff(self.who(), self.person, self.reason.value))
