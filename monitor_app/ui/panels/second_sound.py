"""The second sound output, for HIGH alarms nobody answers: which one it is, and a test of it (clinical.md §5.4)."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from monitor_app.core.alarm_commands import ChooseSecondSound, TrySecondSound
from monitor_app.core.sound_output import NO_OUTPUT, SoundOutput
from monitor_app.services.screen import Screen
from monitor_app.services.states_view import SecondSoundChoices
from monitor_app.services.view.second_sound import NOT_CONNECTED, reason
from monitor_app.ui.panels.base import Panel, Who, button, clear, label
from monitor_app.ui.panels.inputs import Chips
from monitor_app.ui.panels.scrolled import ScrolledPage

NONE = "None"
COLUMNS = 3
NAME_LETTERS = 36
"""Two lines of a button; the end of an output's name often tells it from the next one."""
GAP_PX = 24


class SecondSoundPanel(Panel):
    """The computer's other outputs at the left; what is wrong and the test at the right."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Second output"), who)
        self._offered: dict[str, SoundOutput] = {}
        self.chips = Chips(())
        self._place = QVBoxLayout()
        self._place.addWidget(self.chips)
        self._place.addStretch(1)
        self.test = button(self.tr("Test this output softly"), self._try)
        self.words = label("", "strong")
        side = QVBoxLayout()
        side.addWidget(self.test)
        side.addWidget(self.words)
        side.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(GAP_PX)
        columns.addWidget(ScrolledPage(self._place), 3)
        columns.addLayout(side, 2)
        heading = self.tr("A HIGH alarm that nobody acknowledges for 60 s sounds here as well")
        self.body.addWidget(label(heading, "strong"))
        self.body.addLayout(columns, 1)

    def show_screen(self, screen: Screen) -> None:
        """Offer what the computer has now (``Screen.sound``)."""
        second = screen.sound.second
        offered = _offered(second)
        if offered != self._offered:
            self._offer(offered)
        now = second.chosen.key
        self.chips.choose(next((text for text, output in offered.items() if output.key == now), ""))
        self.test.setVisible(second.chosen.chosen)
        self.test.setEnabled(not second.trouble)
        self._say(second)

    def _offer(self, offered: dict[str, SoundOutput]) -> None:
        self._offered = offered
        self.leave_touched()
        clear(self._place)
        self.chips = Chips(tuple(offered), columns=COLUMNS, wrap=True)
        self.chips.chosen.connect(self._choose)
        self._place.addWidget(self.chips)
        self._place.addStretch(1)

    def _say(self, second: SecondSoundChoices) -> None:
        nothing = self.tr("This computer has no other sound output: connect one, and it appears here.")
        self.words.setText(second.trouble or ("" if second.outputs else nothing))
        self.words.setVisible(bool(self.words.text()))
        self.hint.setText(second.none_refusal)

    def _choose(self, text: str) -> None:
        self.asked.emit(ChooseSecondSound(self._offered[text], self.who()))

    def _try(self) -> None:
        self.asked.emit(TrySecondSound(self.who()))


def _offered(second: SecondSoundChoices) -> dict[str, SoundOutput]:
    """Each choice by its words; none first, unless this person may not choose it."""
    none = () if second.none_refusal else ((NONE, NO_OUTPUT),)
    missing = second.chosen.key if reason(second) == NOT_CONNECTED else ""
    named = zip(_distinct(second.outputs), second.outputs, strict=True)
    said = ((f"{name}, {NOT_CONNECTED}" if output.key == missing else name, output) for name, output in named)
    return dict((*none, *said))


def _distinct(outputs: Sequence[SoundOutput]) -> list[str]:
    """Names short enough for a button; where two are the same, each has its number."""
    short = [_short(output.name) for output in outputs]
    return [
        f"{name} ({short[: at + 1].count(name)})" if short.count(name) > 1 or name == NONE else name
        for at, name in enumerate(short)
    ]


def _short(name: str) -> str:
    if len(name) <= NAME_LETTERS:
        return name
    half = (NAME_LETTERS - 1) // 2
    return f"{name[:half].rstrip()}…{name[-half:].lstrip()}"
