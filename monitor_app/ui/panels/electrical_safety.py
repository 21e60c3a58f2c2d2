"""What must hold before a computer is joined to a monitor that is on a patient; shown once, and always reachable."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QWidget

from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import button, label
from monitor_app.ui.panels.scrolled import ScrolledList

SAFETY = (
    "A serial cable joins the computer's ground to the monitor's, and the monitor is on a patient.",
    "Use a medically isolated serial adapter (IEC 60601-1). An ordinary USB adapter isolates nothing.",
    "Run the laptop on battery without its charger, or keep it outside the patient area (1.5 m around the chair).",
    "Let a competent person test the whole set-up, leakage current included, before it is used on anybody.",
    "Join nothing else to the computer that goes to the mains: no printer, no screen, no network cable.",
    "Use the cable that was made for this model, and never open the monitor.",
    "Chairside does not replace the monitor's own alarms: leave them on.",
)
"""The same in docs/connecting.md, with the reasons."""

LOW_PX = 420
UNBOUNDED_PX = 16_777_215
"""Qt's own QWIDGETSIZE_MAX."""


class SafetyPage(QWidget):
    """The sentences, and the button by which somebody says that they have been read."""

    def __init__(self, on_read: Callable[[], None]) -> None:
        super().__init__()
        self.words = ScrolledList()
        for sentence in SAFETY:
            self.words.list.addWidget(label(self.tr(sentence)))
        self.words.list.addStretch(1)
        self.read: QPushButton = button(self.tr("Read and understood"), on_read, "primary")
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.words, 1)
        self._row.addWidget(self.read, 0, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)

    def set_look(self, look: Look) -> None:
        """Take another size."""
        self.words.list.setSpacing(look.px(2 if look.metrics.compact else 8))
        self._row.setSpacing(look.px(20))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the button beside the sentences where the room is low, right below them where there is enough."""
        super().resizeEvent(event)
        low = self.height() < LOW_PX
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if low else QBoxLayout.Direction.TopToBottom)
        page = self.words.widget()
        needed = page.heightForWidth(self.words.viewport().width()) if page is not None else 0
        self.words.setMaximumHeight(UNBOUNDED_PX if low else max(needed, 1))
        self._row.setStretch(0, int(low))
        self._row.setStretch(1, int(not low))
        edge = Qt.AlignmentFlag.AlignBottom if low else Qt.AlignmentFlag.AlignTop
        self._row.setAlignment(self.read, edge | Qt.AlignmentFlag.AlignLeft)
        self._row.setAlignment(self.words, Qt.AlignmentFlag(0) if low else Qt.AlignmentFlag.AlignTop)
