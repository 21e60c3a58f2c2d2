"""The one-press actions: acknowledge first, pause sound, the phase's own, EMERGENCY last (screen.md, Actions)."""

from itertools import pairwise

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from monitor_app.services.screen import ActionView, Emphasis
from monitor_app.ui.action_button import ActionButton
from monitor_app.ui.look import Look
from monitor_app.ui.style import BODY, EDGE

FIRST = ("ack", "pause_sound")
LAST = "emergency"
MORE = "more"
NEXT = "next"
COMPACT_MOST = 6
"""At most six actions under 17 inches, the rest one press away (screen.md, Sizes)."""

FULL_MOST = 11
"""Actions of the infusion, the fullest row (clinical.md §16.2); the fixed ones are placed as if it were always full."""

ACK_SLOTS = 1.7
"""Acknowledge is wider than the rest: it names what it acknowledges (screen.png)."""

MIDDLE_MOST_SLOTS = 1.6

_RECORDED_WITHIN_NS = 4_000_000_000


class ActionRow(QWidget):
    """The bottom row. Signals: ``pressed(key)``; ``more_pressed`` asks for the actions that have no room."""

    pressed = Signal(str)
    more_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._views: tuple[ActionView, ...] = ()
        self._buttons: dict[str, ActionButton] = {}
        self._waiting: tuple[str, int] | None = None
        self._now_ns = 0
        self._entries: frozenset[str] = frozenset()
        self.setAccessibleName(self.tr("Actions"))

    def set_look(self, look: Look) -> None:
        """Take another colour set or size."""
        self._look = look
        for button in self._buttons.values():
            button.set_look(look)
        self._place()

    def show_views(self, views: tuple[ActionView, ...], entries: frozenset[str], now_ns: int) -> None:
        """Take the row; ``entries`` are the ids of what is recorded, so that a press is seen to have arrived."""
        self._now_ns = now_ns
        self._confirm(entries)
        for button in self._buttons.values():
            button.show_now(now_ns)
        if views == self._views:
            return
        self._views = views
        for view in views:
            self._button(view.key).show_view(view)
        self._place()

    def button(self, key: str) -> ActionButton | None:
        """Return the button of an action, if the row knows it."""
        return self._buttons.get(key)

    @property
    def hidden_views(self) -> tuple[ActionView, ...]:
        """Actions that the row has no room for."""
        shown = {view.key for view in self._shown()}
        return tuple(view for view in self._views if view.key not in shown)

    def press(self, key: str) -> bool:
        """Press an action by its key, as its shortcut does; False where it is unknown or disabled."""
        view = next((view for view in self._views if view.key == key), None)
        if view is None or not view.enabled:
            return False
        self._on_pressed(key)
        return True

    def _on_pressed(self, key: str) -> None:
        if key == MORE:
            self.more_pressed.emit()
            return
        if key != NEXT:  # it opens the step's questions: an answer recorded there is not the step
            self._waiting = (key, self._now_ns)
        button = self._buttons.get(key)
        if button is not None:
            button.mark_pressed(self._now_ns)
        self.pressed.emit(key)

    def _confirm(self, entries: frozenset[str]) -> None:
        fresh = entries - self._entries
        self._entries = entries
        if self._waiting is None:
            return
        key, since_ns = self._waiting
        if fresh and key in self._buttons:
            self._buttons[key].mark_recorded(self._now_ns)
        if fresh or self._now_ns - since_ns > _RECORDED_WITHIN_NS:
            self._waiting = None

    def _button(self, key: str) -> ActionButton:
        if key not in self._buttons:
            button = ActionButton(key, self)
            button.set_look(self._look)
            button.clicked.connect(lambda _checked=False, name=key: self._on_pressed(name))
            self._buttons[key] = button
        return self._buttons[key]

    def _shown(self) -> list[ActionView]:
        """Return the actions in place order; on a small screen the due and the next step win the free places."""
        start = [view for view in self._views if view.key in FIRST]
        end = [view for view in self._views if view.key == LAST]
        middle = [view for view in self._views if view.key not in (*FIRST, LAST)]
        room = COMPACT_MOST - len(start) - len(end)
        if self._look.metrics.compact and len(middle) > room:
            urgent = (Emphasis.OVERDUE, Emphasis.PRIMARY, Emphasis.DUE, Emphasis.ACTIVE)
            ranked = sorted(
                middle, key=lambda v: (urgent.index(v.emphasis) if v.emphasis in urgent else 9, v.rank)
            )
            kept = {view.key for view in ranked[:room]}
            middle = [view for view in middle if view.key in kept]
        return [*start, *middle, *end]

    def _place(self) -> None:
        shown = self._shown()
        keys = [view.key for view in shown]
        if len(shown) < len(self._views):
            self._button(MORE).show_view(ActionView(MORE, self.tr("More"), "", ""))
            keys.insert(len(keys) - (keys[-1:] == [LAST]), MORE)
        for key, button in self._buttons.items():
            button.setVisible(key in keys)
        gap, edge = self._look.px(11), self._look.px(12 if self._look.metrics.compact else EDGE)
        height = max(self._look.px(66), self._look.metrics.button_px)
        top = (self.height() - height) // 2
        places = self._widths(keys, self.width() - 2 * edge, gap)
        x = float(edge)
        for key, width in places.items():
            if key == LAST:
                x = self.width() - edge - width
            self._buttons[key].setGeometry(QRect(round(x), top, round(x + width) - round(x), height))
            x += width + gap
        self._even_titles(keys)
        self._order_tabs(keys)

    def _widths(self, keys: list[str], room: float, gap: float) -> dict[str, float]:
        """Return each button's width: the fixed three have theirs whatever the phase, the others share what is left."""
        most = (COMPACT_MOST + 1) if self._look.metrics.compact else FULL_MOST
        slot = (room - gap * (most - 1)) / (most - 1 + ACK_SLOTS)
        widths = {key: slot * (ACK_SLOTS if key == "ack" else 1.0) for key in keys}
        middle = [key for key in keys if key not in (*FIRST, LAST)]
        taken = sum(widths[key] for key in keys if key not in middle)
        share = (room - taken - gap * (len(keys) - 1)) / max(1, len(middle))
        return widths | dict.fromkeys(middle, min(share, slot * MIDDLE_MOST_SLOTS))

    def _even_titles(self, keys: list[str]) -> None:
        """Set the titles of the ordinary buttons in one size; acknowledge has its own, being wider."""
        plain = [self._buttons[key] for key in keys if key != "ack"]
        step = min((made.title_step(made.width()) for made in plain), default=BODY)
        for made in plain:
            made.limit_title(max(step, BODY))

    def _order_tabs(self, keys: list[str]) -> None:
        for before, after in pairwise(keys):
            QWidget.setTabOrder(self._buttons[before], self._buttons[after])

    def sizeHint(self) -> QSize:
        """Return the row's height: 92 as drawn, or the buttons and their margins on a small screen."""
        least = self._look.metrics.button_px + self._look.px(14)
        return QSize(600, least if self._look.metrics.compact else max(self._look.px(92), least))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Share the new width among the buttons."""
        self._place()
