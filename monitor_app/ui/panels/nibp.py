"""The cuff: its plan, a reading now, and stopping it (clinical.md §8.4)."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from monitor_app.core.commands import NibpCancel, NibpNow, SetNibpPlan
from monitor_app.services.screen import Screen, TileView
from monitor_app.ui.panels.base import Panel, Who, button, label
from monitor_app.ui.panels.inputs import Chips

INTERVALS = ("1", "2", "2.5", "3", "5", "10", "15", "30", "60")
"""Minutes (clinical.md §8.4)."""


class NibpPanel(Panel):
    """Interval of the plan at one touch; measure, stop, drop a re-take, or hold the plan."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Blood pressure"), who)
        self._interval = 5.0
        self.interval = Chips(INTERVALS)
        self.interval.chosen.connect(self._plan)
        self.now = button(self.tr("Measure now"), self._measure, "primary")
        self.stop = button(self.tr("Stop the cuff"), lambda: self.send(NibpCancel(self.who())))
        self.skip = button(
            self.tr("No re-take"), lambda: self.send(NibpCancel(self.who(), retake_only=True)), "quiet"
        )
        self.hold = button(self.tr("Plan off"), self._disarm, "quiet")
        self.body.addWidget(label(self.tr("Measure every … minutes"), "strong"))
        self.body.addWidget(self.interval)
        row = QHBoxLayout()
        for widget in (self.now, self.stop, self.skip, self.hold):
            row.addWidget(widget)
        self.body.addLayout(row)

    def show_screen(self, screen: Screen) -> None:
        """Show the plan in force: ``nibp.interval_min``, ``nibp.armed``."""
        interval = screen.fields.get("nibp.interval_min")
        armed = bool(screen.fields.get("nibp.armed"))
        if isinstance(interval, int | float):
            self._interval = float(interval)
        self.interval.choose(f"{self._interval:g}" if armed else "")
        self.hint.setText(self.tr("Plan on") if armed else self.tr("Plan off: touch an interval to start it"))
        self.hold.setEnabled(armed)

    def _plan(self, minutes: str) -> None:
        self.send(SetNibpPlan(armed=True, interval_min=float(minutes), by=self.who()))

    def _disarm(self) -> None:
        self.send(SetNibpPlan(armed=False, interval_min=self._interval, by=self.who()))

    def _measure(self) -> None:
        self.send(NibpNow(self.who()))


class LimitsPanel(Panel):
    """The limits in force, in words, tile by tile."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Limits in force"), who)
        self.hint.setText(self.tr("Preset of this phase. HIGH limits cannot be switched off."))
        self._views: tuple[TileView, ...] = ()
        self.columns = QHBoxLayout()
        self._labels = [label("") for _ in range(5)]
        for widget in self._labels:
            widget.setAlignment(Qt.AlignmentFlag.AlignTop)
            self.columns.addWidget(widget, 1)
        self.body.addLayout(self.columns)
        self.body.addStretch(1)

    def show_screen(self, screen: Screen) -> None:
        """Repeat each tile's limits, and the rules that are off (``limits.off``)."""
        if screen.tiles == self._views:
            return
        self._views = screen.tiles
        for widget, view in zip(self._labels, screen.tiles, strict=False):
            lines = [f"{line.strong} {line.rest}".strip() for line in view.lines if line.strong]
            if view.rule_off:
                lines.append(self.tr("a rule is off"))
            widget.setText("\n".join([view.title, *(lines or [self.tr("no limits")])]))
        off = screen.fields.get("limits.off")
        if isinstance(off, str) and off:
            self.hint.setText(off)
