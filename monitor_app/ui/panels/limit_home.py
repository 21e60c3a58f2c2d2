"""First page of the limits: the signs with their limits, and what else can be done about limits."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from monitor_app.services.limits_view import LimitsView
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import button, label
from monitor_app.ui.style import BODY, DETAIL

SIGNS = 4
"""The groups that have a key of their own; the others share one."""


class LimitHome(QWidget):
    """What the monitors allow stands below where there is room, else behind a key.

    Signals: ``group(index)`` asks for the rules of a sign; ``page(key)`` for another page.
    """

    group = Signal(int)
    page = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.groups = [button("", partial(self.group.emit, index)) for index in range(SIGNS)]
        self.rest = button("", lambda: self.page.emit("rest"))
        self.auto = button(self.tr("From baseline…"), lambda: self.page.emit("auto"))
        self.indication = button(self.tr("Indication…"), lambda: self.page.emit("indication"))
        self.monitor = button(self.tr("What this monitor allows…"), lambda: self.page.emit("monitor"))
        self.equipment = label("")
        self.equipment.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.equipment.setObjectName("page")
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setWidget(self.equipment)
        self._area.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._upper, self._lower = QHBoxLayout(), QHBoxLayout()
        for key in (*self.groups, self.rest):
            self._upper.addWidget(key, 1)
        for key in (self.auto, self.indication, self.monitor):
            self._lower.addWidget(key, 1)
        for key in (*self.groups, self.rest, self.auto, self.indication, self.monitor):
            key.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        for row in (self._upper, self._lower):
            self._whole.addLayout(row, 1)
        self._whole.addWidget(self._area, 1)

    def set_look(self, look: Look) -> None:
        """Take another size."""
        for layout in (self._upper, self._lower, self._whole):
            layout.setSpacing(look.px(8))
        m = look.metrics
        self.monitor.setVisible(m.compact)
        self._area.setVisible(not m.compact)
        self._whole.setStretch(2, 0 if m.compact else 2)
        size = m.font_px(BODY if m.compact else DETAIL)
        self.setStyleSheet(f"QPushButton {{ font-size: {size}px; padding: 0 {m.px(6)}px; }}")

    def show_view(self, view: LimitsView) -> None:
        """Write each sign with its limits, how many of its rules are off, and the indication in force."""
        for key, group in zip(self.groups, view.groups[:SIGNS], strict=False):
            _write(key, group.title, group.summary, group.off)
        rest = view.groups[SIGNS:]
        summary = self.tr("sensors, tasks")
        _write(self.rest, self.tr("All other rules"), summary, sum(g.off for g in rest))
        for key in (*self.groups, self.rest):
            key.setEnabled(bool(view.groups))
        _write(self.indication, self.tr("Indication: %s") % (view.indication or self.tr("none")), "")


class OtherRules(QWidget):
    """The groups that are no sign, side by side. Signals: ``group(index)``."""

    group = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.groups: list[QPushButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)

    def set_look(self, look: Look) -> None:
        """Take another size."""
        self._row.setSpacing(look.px(8))
        m = look.metrics
        self.setStyleSheet(f"QPushButton {{ font-size: {m.font_px(BODY if m.compact else DETAIL)}px; }}")

    def show_view(self, view: LimitsView) -> None:
        """Write each group with how many rules it has and how many are off."""
        while len(self.groups) < len(view.groups) - SIGNS:
            key = button("", partial(self.group.emit, SIGNS + len(self.groups)))
            key.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
            self.groups.append(key)
            self._row.addWidget(key, 1)
        for key, group in zip(self.groups, view.groups[SIGNS:], strict=False):
            _write(key, group.title, group.summary, group.off)


def _write(key: QPushButton, title: str, summary: str, off: int = 0) -> None:
    """Put two lines on a key: what it is, and what is in force."""
    above = f"{title} · {off} off" if off else title
    text = f"{above}\n{summary}" if summary else above
    if key.text() != text:
        key.setText(text)
        key.setAccessibleName(title)
        key.setAccessibleDescription(text.replace("\n", ", "))
