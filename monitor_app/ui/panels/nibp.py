"""The cuff: its plan, a reading now, and stopping it (clinical.md §8.4)."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea

from monitor_app.core.commands import NibpCancel, NibpNow, SetNibpPlan
from monitor_app.services.screen import Screen, TileView
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
            self.tr("No re-take"), lambda: self.send(NibpCancel(self.who(), retake_only=True)), "quiet"
        )
        self.hold = button(self.tr("Plan off"), self._disarm, "quiet")
        self.body.addWidget(label(self.tr("Measure every … minutes"), "strong"))
        self.body.addWidget(self.interval)
        row = QHBoxLayout()
        self.limbs = button(self.tr("Cuff and probe…"), lambda: self.open_panel.emit("limbs"), "quiet")
        for widget in (self.now, self.stop, self.skip, self.hold, self.limbs):
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
        self.equipment = label("", "muted")
        self.equipment.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.equipment.setObjectName("page")
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.equipment)
        self.body.addWidget(area, 1)

    def show_screen(self, screen: Screen) -> None:
        """Repeat each tile's limits, the rules that are off (``limits.off``), and what the monitors make impossible.

        The last is ``limits.delays``, the worst alarm delay by rule, and ``limits.cannot``.
        """
        self._show_equipment(screen)
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

    def _show_equipment(self, screen: Screen) -> None:
        delays = str(screen.fields.get("limits.delays") or "")
        cannot = str(screen.fields.get("limits.cannot") or "")
        limits = self.tr("What the monitors connected cannot do: %s") % cannot if cannot else ""
        text = "\n".join(part for part in (delays, limits) if part)
        if text != self.equipment.text():
            self.equipment.setText(text)
