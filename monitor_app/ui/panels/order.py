"""The dose order with its arithmetic in sight: mg, mL, mL/h and the end time at once (clinical.md §9.2)."""

from functools import partial

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton

from devices.errors import KnownError
from monitor_app.core.commands import SetOrder
from monitor_app.core.dose import DoseResult, dose_of
from monitor_app.core.dose_check import format_number
from monitor_app.core.journal import Order
from monitor_app.services.screen import Screen
from monitor_app.ui.panels.base import Panel, Who, button, label
from monitor_app.ui.panels.inputs import NumberPad

FIELDS = {
    "dose_mg_per_kg": ("Dose", "mg/kg"),
    "weight_kg": ("Weight", "kg"),
    "concentration_mg_per_ml": ("Concentration", "mg/mL"),
    "duration_min": ("Over", "min"),
}


class OrderPanel(Panel):
    """Four numbers, a prescriber, and what follows from them."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Order"), who)
        self.texts = dict.fromkeys(FIELDS, "")
        self._current = "dose_mg_per_kg"
        self._known: dict[str, str] = {}
        self._ordered_by = ""
        self.fields: dict[str, QPushButton] = {}
        self.pad = NumberPad()
        self.pad.changed.connect(self._typed)
        self.result = label("", "figure")
        self.warnings = label("", "strong")
        self.prescriber = QLineEdit()
        self.prescriber.setPlaceholderText(self.tr("Prescriber"))
        self.prescriber.setAccessibleName(self.tr("Prescriber"))
        self.prescriber.textChanged.connect(lambda _text: self._update())
        self.verbal = button(self.tr("Verbal, read back"), self._update)
        self.verbal.setCheckable(True)
        self.record = button(self.tr("Write order"), self._record, "primary")
        self._build()

    def _build(self) -> None:
        grid = QGridLayout()
        for index, key in enumerate(FIELDS):
            field = button("", partial(self.choose, key))
            field.setCheckable(True)
            self.fields[key] = field
            grid.addWidget(field, index // 2, index % 2)
        top = QHBoxLayout()
        top.addLayout(grid, 5)
        top.addWidget(self.pad, 5)
        who = QGridLayout()
        who.addWidget(self.prescriber, 0, 0, 1, 2)
        who.addWidget(self.verbal, 1, 0)
        who.addWidget(self.record, 1, 1)
        top.addLayout(who, 4)
        self.body.addLayout(top)
        below = QHBoxLayout()
        below.addWidget(self.result, 1)
        below.addWidget(self.warnings, 1)
        self.body.addLayout(below)

    def begin(self) -> None:
        """Start from what is known: the order in force, or the patient's weight."""
        self.texts = {key: self._known.get(key, "") for key in FIELDS}
        self.verbal.setChecked(False)
        self.prescriber.setText(self.who().name if self.who().role == "prescriber" else self._ordered_by)
        self.choose("dose_mg_per_kg")

    def show_screen(self, screen: Screen) -> None:
        """Learn from ``fields``: ``order.dose_mg_per_kg`` …, ``weight_kg``."""
        known = {key: screen.fields.get(f"order.{key}") for key in FIELDS}
        if known["weight_kg"] is None:
            known["weight_kg"] = screen.fields.get("weight_kg")
        self._ordered_by = str(screen.fields.get("order.ordered_by") or "")
        self._known = {key: _text(value) for key, value in known.items() if isinstance(value, int | float)}

    def choose(self, key: str) -> None:
        """Edit one of the numbers; the first digit typed replaces what was there."""
        self._current = key
        self.pad.text = ""
        self._update()

    def _typed(self, text: str) -> None:
        self.texts[self._current] = text
        self._update()

    def order(self) -> Order | None:
        """Return the order as it stands, or None while a number is missing."""
        try:
            dose, weight, strength, minutes = (float(self.texts[key]) for key in FIELDS)
        except ValueError:
            return None
        by, verbal = self.prescriber.text().strip(), self.verbal.isChecked()
        return Order(dose, weight, strength, minutes, ordered_by=by, verbal=verbal)

    def _worked_out(self) -> tuple[DoseResult | None, str]:
        order = self.order()
        if order is None:
            return None, self.tr("Fill in the four numbers.")
        try:
            result = dose_of(order)
        except KnownError as error:
            return None, str(error)
        return result, " ".join(result.warnings)

    def _update(self) -> None:
        for key, (name, unit) in FIELDS.items():
            self.fields[key].setText(f"{self.tr(name)}\n{self.texts[key] or '—'} {unit}")
            self.fields[key].setAccessibleName(self.tr(name))
            self.fields[key].setChecked(key == self._current)
        result, words = self._worked_out()
        self.warnings.setText(words)
        if result is None:
            self.result.setText("— mg · — mL · — mL/h")
        else:
            figures = (
                format_number(result.total_mg),
                format_number(result.volume_ml),
                format_number(result.rate_ml_h),
            )
            self.result.setText("{} mg · {} mL · {} mL/h".format(*figures))
        self.record.setEnabled(result is not None and bool(self.prescriber.text().strip()))
        self.hint.setText("" if self.prescriber.text().strip() else self.tr("Who ordered it?"))

    def _record(self) -> None:
        order = self.order()
        if order is not None:
            self.send(SetOrder(order, self.who()))


def _text(value: float) -> str:
    return format_number(float(value))
