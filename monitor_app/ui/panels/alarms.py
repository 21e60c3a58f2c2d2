"""All alarms in full, each to be acknowledged, with the questions of its card (clinical.md §5.4, §6.2)."""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from monitor_app.core.commands import Acknowledge
from monitor_app.services.screen import AlarmBarView, CardView, Screen
from monitor_app.ui.alarm_bar import headline
from monitor_app.ui.panels.base import Panel, Who, button, clear, label
from monitor_app.ui.requests import ResolvedSeen


class AlarmsPanel(Panel):
    """Lines at the left, the card of the highest alarm at the right, resolved ones until they are seen."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Alarms"), who)
        self._shown: tuple[object, ...] = ()
        self._list = QVBoxLayout()
        self._card = QVBoxLayout()
        row = QHBoxLayout()
        row.addWidget(_scrolling(self._list), 2)
        row.addWidget(_scrolling(self._card), 3)
        self.body.addLayout(row)
        self.add_below_title(
            button(self.tr("Sound and pauses"), lambda: self.open_panel.emit("sound"), "quiet")
        )
        self.add_beside_close(button(self.tr("Log"), lambda: self.open_panel.emit("alarm_log"), "quiet"))

    def show_screen(self, screen: Screen) -> None:
        """Take the conditions; rebuilt only when what they say changed."""
        bar = screen.alarm_bar
        shown = (tuple((x.rule, x.headline, x.detail, x.unacknowledged) for x in bar.lines), bar.resolved)
        if (shown, screen.cards) == self._shown:
            return
        self._shown = (shown, screen.cards)
        self._fill_list(bar)
        self._fill_card(screen.cards)

    def _fill_list(self, bar: AlarmBarView) -> None:
        clear(self._list)
        for line in bar.lines:
            row = QHBoxLayout()
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(label(f"{headline(line)}\n{line.detail}", "strong"), 1)
            if line.unacknowledged:
                row.addWidget(button(self.tr("Acknowledge"), partial(self._acknowledge, line.rule)))
            holder = QWidget()
            holder.setLayout(row)
            self._list.addWidget(holder)
        for text in bar.resolved:
            self._list.addWidget(label(text, "muted"))
        if bar.resolved:
            self._list.addWidget(
                button(self.tr("Seen"), lambda: self.asked.emit(ResolvedSeen(self.who())), "quiet")
            )
        if not bar.lines and not bar.resolved:
            self._list.addWidget(label(bar.quiet_text))
        self._list.addStretch(1)

    def _fill_card(self, cards: tuple[CardView, ...]) -> None:
        clear(self._card)
        for card in cards:
            self._card.addWidget(label(card.title, "strong"))
            for number, step in enumerate(card.steps, start=1):
                self._card.addWidget(label(f"{number}  {step}"))
        self._card.addStretch(1)

    def _acknowledge(self, rule: str) -> None:
        self.asked.emit(Acknowledge(self.who(), rule))


def _scrolling(layout: QVBoxLayout) -> QScrollArea:
    page = QWidget()
    page.setObjectName("page")
    page.setLayout(layout)
    layout.setContentsMargins(0, 0, 0, 0)
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    return area
