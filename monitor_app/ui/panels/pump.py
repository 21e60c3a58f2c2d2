"""What was done at the pump. It is recorded only: the pump is not controlled (clinical.md §16.2)."""

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from monitor_app.core.commands import Advance, RecordInfusion
from monitor_app.core.phase import Phase
from monitor_app.ui.panels.base import Panel, Who, button, label
from monitor_app.ui.panels.inputs import Chips, Figure

PAUSE_REASONS = (
    "Blood pressure",
    "Heart rate",
    "Breathing",
    "Distress",
    "Nausea",
    "IV line",
    "Toilet",
    "Other",
)
STOP_REASONS = (
    "Complete",
    "Blood pressure",
    "Heart rate",
    "Breathing",
    "Patient wants to stop",
    "Reaction",
    "IV line",
    "Other",
)


class PumpPanel(Panel):
    """Reason first, recorded at that touch; then the volume the pump shows, now or later."""

    def __init__(self, who: Who, *, stop: bool) -> None:
        super().__init__(self.tr("Pump stopped") if stop else self.tr("Pump paused"), who)
        self._to = Phase.REC if stop else Phase.PAUSE
        self.hint.setText(self.tr("Recorded only. Stop or pause the pump itself at the pump."))
        self.reasons = Chips(STOP_REASONS if stop else PAUSE_REASONS, columns=4, keep=False)
        self.reasons.chosen.connect(self._moved)
        self.volume = Figure("mL")
        self.record = button(self.tr("Record volume"), self._record, "primary")
        self.later = button(self.tr("Later"), self.done.emit, "quiet")
        self._pages = QStackedWidget()
        self._pages.addWidget(self._reason_page())
        self._pages.addWidget(self._volume_page())
        self.body.addWidget(self._pages)
        self.volume.changed.connect(lambda _text: self.record.setEnabled(self.volume.value is not None))

    def _reason_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(label(self.tr("Why?"), "strong"))
        layout.addWidget(self.reasons)
        layout.addStretch(1)
        return page

    def _volume_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(label(self.tr("Recorded. What volume does the pump show?"), "strong"))
        row = QHBoxLayout()
        row.addWidget(self.volume, 1)
        buttons = QVBoxLayout()
        buttons.addWidget(self.record)
        buttons.addWidget(self.later)
        row.addLayout(buttons)
        layout.addLayout(row)
        layout.addStretch(1)
        return page

    def begin(self) -> None:
        """Start with the reason."""
        self.volume.pad.set_text("")
        self._pages.setCurrentIndex(0)

    def _moved(self, reason: str) -> None:
        self.asked.emit(Advance(self._to, self.who(), reason))
        self._pages.setCurrentIndex(1)

    def _record(self) -> None:
        self.send(RecordInfusion("volume", self.who(), pump_volume_ml=self.volume.value))
