"""The confirm of EMERGENCY: one press, one confirm (clinical.md §3.1)."""

from PySide6.QtWidgets import QHBoxLayout

from monitor_app.core.commands import Emergency
from monitor_app.ui.panels.base import Panel, Who, button, label


class EmergencyPanel(Panel):
    """Two large answers and what happens then."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("EMERGENCY?"), who)
        self.confirm = button(self.tr("Yes, EMERGENCY"), lambda: self.send(Emergency(self.who())), "danger")
        self.cancel = button(self.tr("No, back"), self.done.emit, "quiet")
        words = self.tr(
            "Nothing is muted from then on, the cuff measures as often as it can, the clock starts and every "
            "press is kept. Chairside does not stop the pump and calls nobody: do both yourself."
        )
        self.body.addWidget(label(words))
        row = QHBoxLayout()
        row.addWidget(self.confirm, 2)
        row.addWidget(self.cancel, 1)
        self.body.addLayout(row)
        self.body.addStretch(1)

    def begin(self) -> None:
        """Put the keyboard on the confirm, so that Enter completes it."""
        self.confirm.setFocus()
