"""Alarm sound and pauses: how loud, paused for how long, off by whom (clinical.md §5.3, §5.5).

What the phase or the person at the chair does not allow is not offered: a sentence stands in its place and says why.
"""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from monitor_app.core.alarm_commands import (
    ExtendSensorsOff,
    PauseAlarms,
    PutSensorsOn,
    SetPulseTone,
    SetVolume,
    SwitchSound,
)
from monitor_app.core.commands import SelfTest
from monitor_app.services.screen import Screen
from monitor_app.services.states_view import SoundChoices
from monitor_app.services.view.second_sound import reason
from monitor_app.ui.panels.base import Panel, Who, button, label
from monitor_app.ui.panels.inputs import Chips

COLUMN_GAP_PX, ROW_GAP_PX = 24, 8
STEPS = ("1", "2", "3", "4")
PULSE_OFF, PULSE_ON = "Pulse tone off", "Pulse tone on"
HEARD_AS = "MEDIUM"
"""The priority whose burst is played softly when the volume is changed."""


class Place(QStackedWidget):
    """A place of the panel: one of several rows of buttons, or the sentence why there is none."""

    def __init__(self, *rows: QWidget) -> None:
        super().__init__()
        self.why: QLabel = label("", "muted_row")
        self.why.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        for row in (*rows, self.why):
            self.addWidget(row)

    def offer(self, row: QWidget) -> None:
        """Show a row of buttons."""
        self.setCurrentWidget(row)

    def refuse(self, sentence: str) -> None:
        """Show the sentence."""
        self.why.setText(sentence)
        self.setCurrentWidget(self.why)


class SoundPanel(Panel):
    """Volume and pulse tone at the left, the pauses in the middle, sound off, self-test and second output at the right."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Alarm sound and pauses"), who)
        self._choices = SoundChoices()
        self.unheard = label("", "row_open")
        self.unheard.hide()
        self.add_below_title(self.unheard)
        self._sure = False
        columns = QHBoxLayout()
        columns.setSpacing(COLUMN_GAP_PX)
        for column, share in ((self._volume_column(), 5), (self._pause_column(), 6), (self._off_column(), 5)):
            columns.addLayout(column, share)
        self.body.addLayout(columns)
        self.body.addStretch(1)

    def _volume_column(self) -> QVBoxLayout:
        self.volume = Chips(STEPS)
        for step, chip in self.volume.buttons.items():
            chip.setAccessibleName(self.tr("Volume %s of 4") % step)
        self.volume.chosen.connect(self._choose_volume)
        self.pulse = Chips((PULSE_OFF, PULSE_ON))
        self.pulse.chosen.connect(lambda said: self.asked.emit(SetPulseTone(said == PULSE_ON, self.who())))
        return _column(self.tr("Volume · touch one to hear it"), self.volume, self.pulse)

    def _pause_column(self) -> QVBoxLayout:
        self.pause = button(self.tr("Pause alarms 2:00"), lambda: self.asked.emit(PauseAlarms(self.who())))
        self.resume = button("", lambda: self.asked.emit(PauseAlarms(self.who(), 0.0)))
        self.pause_place = Place(self.pause, self.resume)
        self.sensors = button(self.tr("Sensors off…"), lambda: self.open_panel.emit("sensors_off"))
        self.sensors_on = button("", lambda: self.asked.emit(PutSensorsOn(self.who())))
        self.extend = button(
            self.tr("5 min more"), lambda: self.asked.emit(ExtendSensorsOff(self.who())), "quiet"
        )
        self.off_row = _row(self.sensors_on, self.extend)
        self.sensors_place = Place(self.sensors, self.off_row)
        return _column(self.tr("Pauses"), self.pause_place, self.sensors_place)

    def _off_column(self) -> QVBoxLayout:
        self.off = button(self.tr("Sound off…"), partial(self._ask, True), "quiet")
        self.on = button(self.tr("Sound on again"), partial(self._switch_sound, True), "primary")
        yes = button(self.tr("Off until the next phase"), partial(self._switch_sound, False), "primary")
        no = button(self.tr("No"), partial(self._ask, False), "quiet")
        self.sure_row = _row(yes, no)
        self.off_place = Place(self.off, self.on, self.sure_row)
        self.test = button(self.tr("Self-test"), lambda: self.open_panel.emit("selftest"), "quiet")
        self.test.setAccessibleName(self.tr("Alarm self-test"))
        self.second = button(self.tr("Second output…"), lambda: self.open_panel.emit("second_sound"), "quiet")
        return _column(self.tr("All sound"), self.off_place, _row(self.test, self.second))

    def begin(self) -> None:
        """Start with nothing half asked."""
        self._ask(False)

    def show_screen(self, screen: Screen) -> None:
        """Offer what the phase and the person at the chair allow (``Screen.sound``)."""
        self._choices = screen.sound
        choices = screen.sound
        tested = self.tr("Self-test: %s") % choices.self_test if choices.self_test else ""
        lost = reason(choices.second)
        unheard = self.tr("Second output: %s") % lost if lost else ""
        for words, text in ((self.hint, tested), (self.unheard, unheard)):
            if words.text() != text:
                words.setText(text)
        self.unheard.setVisible(bool(unheard))
        self._update()

    def _update(self) -> None:
        choices = self._choices
        self.volume.choose(str(choices.volume_step))
        self.pulse.choose(PULSE_ON if choices.pulse_tone else PULSE_OFF)
        self._update_pauses(choices)
        if choices.sound_off:
            self.off_place.offer(self.on)
        elif choices.sound_refusal:
            self.off_place.refuse(choices.sound_refusal)
        else:
            self.off_place.offer(self.sure_row if self._sure else self.off)

    def _update_pauses(self, choices: SoundChoices) -> None:
        if choices.pause_left:
            _say(self.resume, self.tr("Alarms on again · %s left") % choices.pause_left)
            self.pause_place.offer(self.resume)
        elif choices.pause_refusal:
            self.pause_place.refuse(choices.pause_refusal)
        else:
            self.pause_place.offer(self.pause)
        if choices.sensors_left:
            _say(self.sensors_on, self.tr("Sensors on again · %s left") % choices.sensors_left)
            self.extend.setVisible(choices.can_extend)
            self.sensors_place.offer(self.off_row)
        elif choices.sensors_refusal:
            self.sensors_place.refuse(choices.sensors_refusal)
        else:
            self.sensors_place.offer(self.sensors)

    def _choose_volume(self, step: str) -> None:
        self.asked.emit(SetVolume(int(step), self.who()))
        self.asked.emit(SelfTest(HEARD_AS, self.who()))

    def _ask(self, sure: bool) -> None:  # noqa: FBT001 - both buttons of one question
        self._sure = sure
        self._update()

    def _switch_sound(self, on: bool) -> None:  # noqa: FBT001 - a switch
        self._sure = False
        self.asked.emit(SwitchSound(on, self.who()))
        self._update()


def _column(title: str, *rows: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(ROW_GAP_PX)
    column.addWidget(label(title, "strong"))
    for row in rows:
        column.addWidget(row)
    return column


def _row(*buttons: QPushButton) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    for index, made in enumerate(buttons):
        row.addWidget(made, 0 if index else 1)
    return holder


def _say(made: QPushButton, text: str) -> None:
    """Write a button's words where they changed: it is asked at every new picture."""
    if made.text() != text:
        made.setText(text)
        made.setAccessibleName(text)
