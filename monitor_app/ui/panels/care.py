"""Drug, oxygen and note: what is done at the chair, written in two or three touches (clinical.md §16.2)."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout

from monitor_app.core.commands import RecordCare
from monitor_app.core.journal import Scalar
from monitor_app.ui.panels.base import Panel, Who, button, label
from monitor_app.ui.panels.inputs import Chips, NumberPad

DRUGS = ("Midazolam", "Ondansetron", "Labetalol", "Other")
"""Premedication of the founding clinic (clinical.md §1.1 P6); anything else is typed. No dose is ever suggested."""

ROUTES = ("IV", "oral", "IM", "SL")
UNIT = "mg"
FLOWS = ("Off", "1", "2", "3", "4", "6", "8", "10", "15")
DEVICES = ("Nasal cannula", "Mask", "Reservoir mask")
PHRASES = ("Calm", "Talking", "Eyes closed", "Blanket given", "Prescriber informed", "Escort here")


class DrugPanel(Panel):
    """Which drug, how much, by which way."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Drug given"), who)
        self.hint.setText(self.tr("Recorded only: nothing is given by Chairside."))
        self.drug = Chips(DRUGS, columns=2)
        self.other = QLineEdit()
        self.other.setPlaceholderText(self.tr("Name"))
        self.other.setAccessibleName(self.tr("Name of the drug"))
        self.route = Chips(ROUTES, columns=2)
        self.dose = NumberPad()
        self.record = button(self.tr("Record"), self._record, "primary")
        self.written = label("", "figure")
        row = QHBoxLayout()
        for widget, share in ((self.drug, 4), (self.dose, 6), (self.route, 2)):
            row.addWidget(widget, share)
        ends = QVBoxLayout()
        ends.addWidget(self.other)
        ends.addStretch(1)
        ends.addWidget(self.record)
        row.addLayout(ends, 3)
        self.body.addLayout(row)
        self.body.addWidget(self.written)
        self.body.addStretch(1)
        for source in (self.drug.chosen, self.dose.changed, self.other.textChanged, self.route.chosen):
            source.connect(lambda _text: self._check())

    def begin(self) -> None:
        """Start empty, by vein."""
        self.drug.choose("")
        self.other.clear()
        self.route.choose("IV")
        self.dose.set_text("")
        self._check()

    @property
    def name(self) -> str:
        """The drug as it will be written."""
        chosen = self.drug.value
        return self.other.text().strip() if chosen == "Other" else chosen

    def _check(self) -> None:
        self.other.setVisible(self.drug.value == "Other")
        whole = f"{self.name} {self.dose.text} {UNIT} {self.route.value}"
        self.written.setText(whole if self.name and self.dose.text else self.tr("Which drug, how many mg?"))
        self.record.setEnabled(bool(self.name and self.dose.value and self.route.value))

    def _record(self) -> None:
        fields: dict[str, Scalar] = {
            "drug": self.name,
            "dose": self.dose.value,
            "unit": UNIT,
            "route": self.route.value,
        }
        text = f"{self.name} {self.dose.text} {UNIT} {self.route.value}"
        self.send(RecordCare("drug", text, self.who(), fields))


class OxygenPanel(Panel):
    """One touch: the flow. The device is chosen before where it is not a nasal cannula."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Oxygen"), who)
        self.hint.setText(self.tr("Touch the flow now running; Off is room air."))
        self.device = Chips(DEVICES)
        self.flow = Chips(FLOWS, keep=False)
        self.body.addWidget(self.device)
        self.body.addWidget(label(self.tr("L/min"), "muted"))
        self.body.addWidget(self.flow)
        self.flow.chosen.connect(self._record)

    def begin(self) -> None:
        """Start with the usual device."""
        self.device.choose(DEVICES[0])

    def _record(self, flow: str) -> None:
        if flow == "Off":
            self.send(
                RecordCare(
                    "oxygen", "Oxygen off, room air", self.who(), {"l_per_min": 0.0, "device": "room air"}
                )
            )
            return
        fields: dict[str, Scalar] = {"l_per_min": float(flow), "device": self.device.value}
        self.send(
            RecordCare("oxygen", f"Oxygen {flow} L/min, {self.device.value.lower()}", self.who(), fields)
        )


class NotePanel(Panel):
    """A line in words, or a phrase at a touch."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Note"), who)
        self.text = QLineEdit()
        self.text.setAccessibleName(self.tr("Note"))
        self.text.setPlaceholderText(self.tr("Write what you see"))
        self.record = button(self.tr("Record"), self._record, "primary")
        row = QHBoxLayout()
        row.addWidget(self.text, 1)
        row.addWidget(self.record)
        phrases = Chips(PHRASES, keep=False)
        phrases.chosen.connect(self._send)
        self.body.addLayout(row)
        self.body.addWidget(phrases)
        self.text.textChanged.connect(lambda said: self.record.setEnabled(bool(said.strip())))
        self.text.returnPressed.connect(self._record)

    def begin(self) -> None:
        """Start empty, ready to type."""
        self.text.clear()
        self.record.setEnabled(False)
        self.text.setFocus()

    def _record(self) -> None:
        if self.text.text().strip():
            self._send(self.text.text().strip())

    def _send(self, text: str) -> None:
        self.send(RecordCare("note", text, self.who()))
