"""What was done at the pump. It is recorded only: the pump is not controlled (clinical.md §16.2)."""

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from monitor_app.core.commands import Advance, Answer, RecordInfusion
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import NS_PER_S
from monitor_app.core.visit import questions
from monitor_app.services.screen import Screen
from monitor_app.ui.panels.base import Panel, Who, button, label
from monitor_app.ui.panels.inputs import Chips, Figure

JUST_NOW_S = 15.0
"""A stop entered within this long of the press that opened the panel is recorded as now."""


class PumpPanel(Panel):
    """Reason, then the volume the pump shows.

    A pause is recorded at the touch of its reason, and its volume may follow later. An end is recorded with its volume
    (clinical.md §3.2 T7), as of the press that opened the panel; its reason is asked where part of the dose is left.
    """

    def __init__(self, who: Who, *, stop: bool) -> None:
        super().__init__(self.tr("Pump stopped") if stop else self.tr("Pump paused"), who)
        self._stop = stop
        self._phase = Phase.INF
        self._early = True
        self._now_ns = 0
        self._opened_ns = 0
        self._reason = ""
        self.hint.setText(self.tr("Recorded only. Stop or pause the pump itself at the pump."))
        words = questions.STOP_REASONS if stop else questions.PAUSE_REASONS
        self.reasons = Chips(tuple(x[0].upper() + x[1:] for x in words), columns=5, keep=False)
        self.reasons.chosen.connect(self._reasoned)
        self.volume = Figure("mL")
        self.record = button(self.tr("Record"), self._record, "primary")
        self.later = button(self.tr("Later"), self.done.emit, "quiet")
        self.asking = label("", "strong")
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
        layout.addWidget(self.asking)
        row = QHBoxLayout()
        row.addWidget(self.volume, 1)
        buttons = QVBoxLayout()
        buttons.addWidget(self.record)
        buttons.addWidget(self.later)
        row.addLayout(buttons)
        layout.addLayout(row)
        layout.addStretch(1)
        return page

    def show_screen(self, screen: Screen) -> None:
        """Learn phase and time, and whether part of the dose is left (``infusion.early``)."""
        self._phase, self._now_ns = screen.phase, screen.t_ns
        self._early = screen.fields.get("infusion.early") is not False

    def begin(self) -> None:
        """Start with the reason, where one is needed; the moment of this press counts."""
        self._opened_ns = self._now_ns
        self._reason = ""
        self.volume.pad.set_text("")
        if self._stop and not self._early:
            self._ask_volume(self.tr("Complete. What volume does the pump show?"))
        else:
            self._pages.setCurrentIndex(0)

    def _ask_volume(self, sentence: str) -> None:
        self.asking.setText(sentence)
        self.later.setVisible(not self._stop)
        self.record.setEnabled(False)
        self._pages.setCurrentIndex(1)

    def _reasoned(self, reason: str) -> None:
        self._reason = reason
        if self._stop:
            self._ask_volume(self.tr("What volume does the pump show?"))
            return
        self.asked.emit(Advance(Phase.PAUSE, self.who(), reason))
        self._ask_volume(self.tr("Recorded. What volume does the pump show?"))

    def _record(self) -> None:
        volume = self.volume.value
        if volume is None:
            return
        if not self._stop:
            self.send(RecordInfusion("volume", self.who(), pump_volume_ml=volume))
        elif self._phase is Phase.EMERG:
            self.send(RecordInfusion("stopped", self.who(), pump_volume_ml=volume, reason=self._reason))
        else:
            self._end(volume)

    def _end(self, volume_ml: float) -> None:
        """Record the end as of the press that opened the panel; a paused pump ended when it was paused."""
        ago_s = (self._now_ns - self._opened_ns) / NS_PER_S
        if self._phase is Phase.INF and ago_s > JUST_NOW_S:
            self.asked.emit(Answer("end_min_ago", round(ago_s / 60, 2), self.who()))
        self.send(Advance(Phase.REC, self.who(), self._reason, pump_volume_ml=volume_ml))
