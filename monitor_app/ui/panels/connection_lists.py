"""The lists of the connection panel: the ports with what was heard on them, and the families that may be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPushButton, QStyle, QStyleOptionButton

from monitor_app.services.connect import Family, PortChoice, PortState, short_words
from monitor_app.ui.icons import draw_tick
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import button, clear, label
from monitor_app.ui.panels.scrolled import ScrolledList
from monitor_app.ui.style import BODY, SMALL

ROOM_AT_SIDES_PX = 30
"""What a row needs beside its text."""


class TickBox(QCheckBox):
    """A box with a tick in it, and its text shortened to the room there is."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.whole = text
        self.tick_colour = QColor()
        self.setAccessibleName(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tick over what the style draws."""
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        place = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        painter = QPainter(self)
        inset = place.width() / 5
        draw_tick(painter, QRectF(place).adjusted(inset, inset, -inset, -inset), self.tick_colour)
        painter.end()


class PortList(ScrolledList):
    """One row for each port, of which one or none is chosen, and a field for another address.

    Signals: ``chosen(port)``, empty when the choice is taken back; ``typed(text)`` brings an address.
    """

    chosen = Signal(str)
    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.port = ""
        self.rows: dict[str, QPushButton] = {}
        self._texts: dict[str, tuple[str, str]] = {}
        self._look = Look()
        self._none = label(self.tr("No serial port is plugged in: connect the adapter."), "muted")
        self._rows = self.list
        self.address = QLineEdit()
        self.address.setPlaceholderText("socket://10.0.0.7:4001")
        self.address.setAccessibleName(self.tr("Another address"))
        self.add = button(self.tr("Add"), self._add, "quiet")
        self.address.returnPressed.connect(self._add)
        self._foot = QHBoxLayout()
        self._foot.addWidget(self.address, 1)
        self._foot.addWidget(self.add)
        self.list.addWidget(self._none)
        self.list.addLayout(self._foot)
        self.list.addStretch(1)

    def set_look(self, look: Look) -> None:
        """Take another size."""
        self._look = look
        for row in self.rows.values():
            row.setMinimumHeight(look.metrics.button_px)
        self.setStyleSheet(
            f'QPushButton[role="row"]:checked {{ border-left: {look.px(5)}px solid {look.palette.text}; }}'
        )
        self._foot.setSpacing(look.px(8))

    def show_ports(
        self, ports: Sequence[PortChoice], states: Mapping[str, PortState], used: Mapping[str, str]
    ) -> None:
        """Take the ports, and what is in use at some; rows stay while their ports do, so that no touch is lost."""
        if [choice.port for choice in ports] != list(self.rows):
            self._make(ports)
        for choice in ports:
            state = states.get(choice.port)
            taken = used.get(choice.port)
            said = short_words(state) if state is not None else f"in use: {taken}" if taken else ""
            below = f"{said} · {choice.detail}" if said else choice.detail
            self._texts[choice.port] = (choice.name, below)
        self._none.setVisible(not ports)
        self._write()

    def choose(self, port: str) -> None:
        """Choose a port without reporting it."""
        self.port = port if port in self.rows else ""
        for name, row in self.rows.items():
            row.setChecked(name == self.port)
        if self.port and self.isVisible():
            self.settle()
            self.ensureWidgetVisible(self.rows[self.port], 0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten what has no room."""
        super().resizeEvent(event)
        self._write()

    def _make(self, ports: Sequence[PortChoice]) -> None:
        for row in self.rows.values():
            self.list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows, self._texts = {}, {}
        for index, choice in enumerate(ports):
            row = QPushButton()
            row.setProperty("role", "row")
            row.setCheckable(True)
            row.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.setMinimumHeight(self._look.metrics.button_px)
            row.clicked.connect(lambda _checked=False, port=choice.port: self._press(port))
            self.rows[choice.port] = row
            self.list.insertWidget(index, row)
            row.show()
        self.settle()
        self.choose(self.port)

    def _write(self) -> None:
        room = self.viewport().width() - ROOM_AT_SIDES_PX
        for port, lines in self._texts.items():
            row = self.rows[port]
            row.ensurePolished()
            cut = [row.fontMetrics().elidedText(t, Qt.TextElideMode.ElideRight, room) for t in lines]
            row.setText("\n".join(cut))
            row.setAccessibleName(", ".join(lines))
            row.setToolTip("\n".join(lines) if cut != list(lines) else "")

    def _press(self, port: str) -> None:
        self.choose("" if port == self.port else port)
        self.chosen.emit(self.port)

    def _add(self) -> None:
        if self.address.text().strip():
            self.typed.emit(self.address.text())
            self.address.clear()


class FamilyList(ScrolledList):
    """A box to tick for each family. Signals: ``changed`` when a tick is set or taken away."""

    changed = Signal()

    def __init__(self, families: Sequence[Family]) -> None:
        super().__init__()
        self.boxes: dict[str, TickBox] = {}
        self._room_px = 0
        for family in families:
            box = TickBox(family.name)
            box.setToolTip("\n".join((family.name, *family.hints)))
            box.toggled.connect(self.changed)
            self.boxes[family.driver_id] = box
            self.list.addWidget(box)
        self.list.addStretch(1)

    @property
    def ticked(self) -> tuple[str, ...]:
        """Ids of the families ticked, in the order of the list."""
        return tuple(driver_id for driver_id, box in self.boxes.items() if box.isChecked())

    def set_look(self, look: Look) -> None:
        """Take another size and colour set: a box a gloved finger can hit."""
        side = look.px(26)
        palette = look.palette
        self._room_px = side + look.px(10) + 8
        for box in self.boxes.values():
            box.tick_colour = look.colour("background")
        self.setStyleSheet(
            f"QCheckBox {{ min-height: {round(look.metrics.button_px * 0.8)}px; spacing: {look.px(10)}px;"
            f" font-size: {look.metrics.font_px(SMALL if look.metrics.compact else BODY)}px; }}"
            f"QCheckBox::indicator {{ width: {side}px; height: {side}px; border: 2px solid {palette.muted};"
            f" border-radius: {look.px(6)}px; background: {palette.background}; }}"
            f"QCheckBox::indicator:checked {{ background: {palette.text}; border-color: {palette.text}; }}"
            f"QCheckBox:focus {{ text-decoration: underline; }}"
        )
        self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten what has no room."""
        super().resizeEvent(event)
        self._write()

    def _write(self) -> None:
        room = self.viewport().width() - self._room_px
        for box in self.boxes.values():
            box.ensurePolished()
            box.setText(box.fontMetrics().elidedText(box.whole, Qt.TextElideMode.ElideRight, room))


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the right column; ``role`` as in ``panels.base.label``."""

    text: str
    role: str = ""


class HintList(ScrolledList):
    """Sentences one below the other; after the first of them a field, where an answer is wanted."""

    def __init__(self, field: QLineEdit) -> None:
        super().__init__()
        self._field = field
        self.list.addWidget(field)
        self.said: tuple[Said, ...] = ()
        self.setMinimumHeight(1)  # it scrolls; the buttons below it do not give way

    @property
    def text(self) -> str:
        """Everything that is said, a line each."""
        return "\n".join(line.text for line in self.said)

    def say(self, lines: Sequence[Said]) -> None:
        """Say this instead of what was said before."""
        if tuple(lines) == self.said:
            return
        self.said = tuple(lines)
        self.list.removeWidget(self._field)  # it stays, with what was typed
        clear(self.list)
        for line in lines:
            made = label(line.text, line.role)
            self.list.addWidget(made)
            made.show()
        self.list.insertWidget(1, self._field)
        self.list.addStretch(1)
        self.settle()
        self.verticalScrollBar().setValue(0)

    def set_look(self, look: Look) -> None:
        """Take another size."""
        self.list.setSpacing(look.px(6))
