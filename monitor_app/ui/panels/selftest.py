"""The alarm self-test at the start: each priority heard and seen by the nurse (clinical.md §5.3)."""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QPushButton

from monitor_app.core.alarm_commands import TrySecondSound
from monitor_app.core.commands import SelfTest
from monitor_app.core.visit.facts import SELF_TEST_FAILED, SELF_TEST_PASSED
from monitor_app.services.screen import Screen
from monitor_app.services.states_view import SecondSoundChoices
from monitor_app.services.view.second_sound import NOT_CONNECTED, reason
from monitor_app.ui.panels.base import Panel, Who, button, label

PRIORITIES = {"HIGH": "!!!  HIGH", "MEDIUM": "!!  MEDIUM", "LOW": "!  LOW"}
SECOND = "SECOND"
"""The HIGH burst on the second output, where one is chosen."""

COLOURS = {SECOND: "high"}


class SelfTestPanel(Panel):
    """A touch on a priority sounds it softly and shows its colour; all done, the nurse says how it was.

    Where a second output is chosen it is one more to be touched.
    """

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Alarm self-test"), who)
        self.tried: set[str] = set()
        self._second = SecondSoundChoices()
        self.keys: dict[str, QPushButton] = {}
        row = QHBoxLayout()
        for name, words in PRIORITIES.items():
            self.keys[name] = button(self.tr(words), partial(self._try, name))
            row.addWidget(self.keys[name], 1)
        self.second = self.keys[SECOND] = button("", partial(self._try, SECOND))
        self.second.hide()
        row.addWidget(self.second, 1)
        self.passed = button(
            self.tr("Heard and seen"), lambda: self.send(SelfTest(SELF_TEST_PASSED, self.who())), "primary"
        )
        self.failed = button(
            self.tr("Not heard or not seen"),
            lambda: self.send(SelfTest(SELF_TEST_FAILED, self.who())),
            "quiet",
        )
        below = QHBoxLayout()
        below.addWidget(self.passed, 2)
        below.addWidget(self.failed, 1)
        self.words = label("", "strong")
        self.body.addWidget(self.words)
        self.body.addLayout(row)
        self.body.addLayout(below)
        self.body.addStretch(1)

    def begin(self) -> None:
        """Start with nothing tried."""
        self.tried = set()
        self._update()

    def show_screen(self, screen: Screen) -> None:
        """Show how the last test went."""
        self.hint.setText(self.tr("Today: %s") % screen.fields.get("self_test", ""))
        self._second = screen.sound.second
        self.second.setVisible(self._second.chosen.chosen)
        self._update()

    def _try(self, name: str) -> None:
        self.tried.add(name)
        by = self.who()
        self.asked.emit(TrySecondSound(by) if name == SECOND else SelfTest(name, by))
        self._update()

    def _update(self) -> None:
        self._update_second()
        for name, key in self.keys.items():
            role = COLOURS.get(name, name.lower()) if name in self.tried else ""
            if key.property("role") != role:
                key.setProperty("role", role)
                key.style().polish(key)
        second = not self.second.isHidden()
        done = self.tried >= {*PRIORITIES, *((SECOND,) if second else ())}
        self.passed.setEnabled(done and not self._second.trouble)
        self.words.setText(self._words(done=done, second=second))

    def _update_second(self) -> None:
        """One that cannot be heard is not to be touched; when it is back, it is to be heard anew."""
        lost = reason(self._second)
        text = self.tr("Second output:\n%s") % lost if lost else self.tr("!!!  HIGH, second output")
        if self.second.text() != text:
            self.second.setText(text)
            self.second.setAccessibleName(text.replace("\n", " "))
        self.second.setEnabled(not lost)
        if lost:
            self.tried.discard(SECOND)

    def _words(self, *, done: bool, second: bool) -> str:
        if self._second.trouble:
            connect = self.tr("Connect it, or touch Not heard.")
            repair = self.tr("Put it right, or touch Not heard.")
            missing = reason(self._second) == NOT_CONNECTED
            return f"{self._second.trouble} {connect if missing else repair}"
        if not done:
            return self.tr("Touch each one: it sounds softly and shows its colour.")
        heard = self.tr("all three, and one from the second output") if second else self.tr("all three")
        return self.tr("Did you hear %s, and see red, yellow and cyan?") % heard
