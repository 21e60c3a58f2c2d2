"""The cuff: its plan, a reading now, and stopping it (clinical.md §8.4)."""

from PySide6.QtWidgets import QHBoxLayout

from monitor_app.core.commands import NibpCancel, NibpNow, SetNibpPlan
from monitor_app.services.screen import Screen
from monitor_app.ui.panels.base import Panel, Who, button, label
from monitor_app.ui.panels.inputs import Chips

INTERVALS = ("1", "2", "2.5", "3", "5", "10", "15", "30", "60")
"""Minutes (clinical.md §8.4)."""


class NibpPanel(Panel):
    """Interval of the plan at one touch; measure, stop, drop a re-take, hold the plan, or say where the cuff is."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Blood pressure"), who)
        self._interval = 5.0
        self.interval = Chips(INTERVALS)
        self.interval.chosen.connect(self._plan)
        self.now = button(self.tr("Measure now"), self._measure, "primary")
        self.stop = button(self.tr("Stop the cuff"), lambda: self.send(NibpCancel(self.who())))
        self.skip = button(
            self.tr("Skip the repeat"), lambda: self.send(NibpCancel(self.who(), retake_only=True)), "quiet"
        )
        self.hold = button(self.tr("Stop the plan"), self._disarm, "quiet")
        self.body.addWidget(label(self.tr("Measure every … minutes"), "strong"))
        self.body.addWidget(self.interval)
        row = QHBoxLayout()
        self.limbs = button(self.tr("Cuff and probe…"), lambda: self.open_panel.emit("limbs"), "quiet")
        self.limits = button(self.tr("Limits…"), lambda: self.open_panel.emit("limits/NIBP"), "quiet")
        for widget in (self.now, self.stop, self.skip, self.hold, self.limbs, self.limits):
            row.addWidget(widget)
        self.body.addLayout(row)

    def show_screen(self, screen: Screen) -> None:
        """Show the plan in force and the limbs: ``nibp.interval_min``, ``nibp.armed``, ``nibp.differs``, ``limbs.text``."""
        interval = screen.fields.get("nibp.interval_min")
        armed = bool(screen.fields.get("nibp.armed"))
        if isinstance(interval, int | float):
            self._interval = float(interval)
        self.interval.choose(f"{self._interval:g}" if armed else "")
        plan = self.tr("Plan on") if armed else self.tr("Plan off: touch an interval to start it")
        places = str(screen.fields.get("limbs.text") or self.tr("Cuff and probe: limb not said"))
        differs = str(screen.fields.get("nibp.differs") or "")
        self.hint.setText(". ".join(part for part in (plan, places, differs) if part))
        self.hold.setEnabled(armed)

    def _plan(self, minutes: str) -> None:
        self.send(SetNibpPlan(armed=True, interval_min=float(minutes), by=self.who()))

    def _disarm(self) -> None:
        self.send(SetNibpPlan(armed=False, interval_min=self._interval, by=self.who()))

    def _measure(self) -> None:
        self.send(NibpNow(self.who()))
