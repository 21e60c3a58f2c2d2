"""The alarm self-test at the start: each priority heard and seen by the nurse (clinical.md §5.3)."""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QPushButton

from monitor_app.core.commands import SelfTest
from monitor_app.core.visit.facts import SELF_TEST_FAILED, SELF_TEST_PASSED
from monitor_app.services.screen import Screen
from monitor_app.ui.panels.base import Panel, Who, button, label

PRIORITIES = {"HIGH": "!!!  HIGH", "MEDIUM": "!!  MEDIUM", "LOW": "!  LOW"}


class SelfTestPanel(Panel):
    """A touch on a priority sounds it softly and shows its colour; all three done, the nurse says how it was."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Alarm self-test"), who)
        self.tried: set[str] = set()
        self.keys: dict[str, QPushButton] = {}
        row = QHBoxLayout()
        for name, words in PRIORITIES.items():
            self.keys[name] = button(self.tr(words), partial(self._try, name))
            row.addWidget(self.keys[name], 1)
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

    def _try(self, name: str) -> None:
        self.tried.add(name)
        self.asked.emit(SelfTest(name, self.who()))
        self._update()

    def _update(self) -> None:
        for name, key in self.keys.items():
            role = name.lower() if name in self.tried else ""
            if key.property("role") != role:
                key.setProperty("role", role)
                key.style().polish(key)
        done = len(self.tried) == len(PRIORITIES)
        self.passed.setEnabled(done)
        asking = self.tr("Did you hear all three, and see red, yellow and cyan?")
        self.words.setText(
            asking if done else self.tr("Touch each one: it sounds softly and shows its colour.")
        )
