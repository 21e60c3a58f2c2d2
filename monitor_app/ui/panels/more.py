"""The actions that have no room in the row of a small screen, one press away (screen.md, Sizes)."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout

from monitor_app.services.screen import ActionView
from monitor_app.ui.action_button import ActionButton
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import Panel, Who, button, clear

COLUMNS = 5


class MorePanel(Panel):
    """The remaining actions as the same buttons. Signals: ``pressed(key)``."""

    pressed = Signal(str)

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("More"), who)
        self._grid = QGridLayout()
        self._views: tuple[ActionView, ...] = ()
        self.buttons: dict[str, ActionButton] = {}
        self.body.addLayout(self._grid)
        self.body.addStretch(1)

    def set_look(self, look: Look) -> None:
        """Take another colour set or size."""
        super().set_look(look)
        self._grid.setSpacing(look.px(8))
        self._rebuild()

    def show_actions(self, views: tuple[ActionView, ...]) -> None:
        """Take the actions that the row could not show."""
        if tuple(view.key for view in views) != tuple(view.key for view in self._views):
            self._views = views
            self._rebuild()
        self._views = views
        for view in views:
            self.buttons[view.key].show_view(view)

    def _rebuild(self) -> None:
        clear(self._grid)
        self.buttons = {}
        for index, view in enumerate(self._views):
            made = ActionButton(view.key)
            made.set_look(self.look)
            made.show_view(view)
            made.setMinimumHeight(self.look.metrics.button_px)
            made.clicked.connect(lambda _checked=False, key=view.key: self._press(key))
            self.buttons[view.key] = made
            self._grid.addWidget(made, index // COLUMNS, index % COLUMNS)
        others = {
            "alarm_log": self.tr("Alarm log"),
            "sound": self.tr("Sound, pauses"),
            "settings": self.tr("Screen"),
        }
        for place, (key, text) in enumerate(others.items(), start=len(self._views)):
            other = button(text, partial(self.open_panel.emit, key), "quiet")
            self._grid.addWidget(other, place // COLUMNS, place % COLUMNS)

    def _press(self, key: str) -> None:
        self.done.emit()
        self.pressed.emit(key)
