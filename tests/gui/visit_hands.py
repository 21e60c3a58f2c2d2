"""A nurse at the window of a simulated chair: presses what is on the screen, types, waits; nothing else."""

import os
from collections.abc import Callable
from pathlib import Path

import layout_eye
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from devices.simulators.acts import Act
from monitor_app.core.commands import Command
from monitor_app.core.stamp import Actor
from monitor_app.services.headless import HeadlessChair
from monitor_app.ui.chair_screen import ChairScreen
from monitor_app.ui.panels.inputs import NumberPad, VasSlider

SIZES = {1920: (QSize(1920, 1080), 1920 / 531.4), 1366: (QSize(1366, 768), 96 / 25.4)}
NURSE = Actor("Robin Hale", "nurse")


class Hands:
    """``qtbot`` does the clicking; the chair is stepped between presses."""

    def __init__(self, qtbot, chair: HeadlessChair, pictures: Path, *, width: int = 1366) -> None:
        self.qtbot = qtbot
        self.chair = chair
        self.pictures = Path(os.environ.get("CHAIRSIDE_PICTURES") or pictures)
        self.pictures.mkdir(parents=True, exist_ok=True)
        self.screen = ChairScreen(chair.display)
        self.window = self.screen.window
        self.window.user = NURSE
        self.window.panels._slide_ms = 0
        self.objections: list[str] = []
        self._width = width
        self._number = 0
        qtbot.addWidget(self.window, before_close_func=lambda made: made.close_now())
        self._size(width)
        self.window.show()
        with qtbot.waitActive(self.window):
            self.window.activateWindow()
        self.window.asked.connect(self._ask)
        self.wait(2)
        self.look()

    # What the bedside does.

    def _ask(self, what: object) -> None:
        if isinstance(what, Command):
            self.chair.bedside.command(what)
            self.look()

    def act(self, act: Act) -> None:
        self.chair.chair.bedside.post(act)

    @property
    def visit(self):
        return self.chair.bedside.visit

    def look(self) -> None:
        self.screen.refresh(self.chair.clock.monotonic_ns())
        QApplication.processEvents()

    def wait(self, seconds: float) -> None:
        end_s = self.chair.now_s + seconds
        while self.chair.now_s < end_s:
            self.chair.step()
        self.look()

    def wait_until(self, done: Callable[[], bool], most_s: float) -> None:
        end_s = self.chair.now_s + most_s
        while not done():
            assert self.chair.now_s < end_s, f"waited in vain; {self.shown()}"
            self.chair.step()
        self.look()

    # What a nurse does.

    def press(self, text: str) -> None:
        """Click the visible, enabled button that says this (in the open panel first)."""
        found = [b for b in self._buttons() if said(b, text)]
        assert found, f"no button {text!r}; {self.shown()}"
        self.qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)
        QApplication.processEvents()

    def action(self, key: str) -> None:
        """Press an action in the row, or behind More."""
        button = self.window.action_row.button(key)
        if button is None or not button.isVisible():
            self.qtbot.mouseClick(self.window.action_row.button("more"), Qt.MouseButton.LeftButton)
            QApplication.processEvents()
            button = self.window.panels.current.buttons[key]
        assert button.isEnabled(), f"{key} cannot be pressed; {self.shown()}"
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        QApplication.processEvents()

    def digits(self, text: str) -> None:
        pad = next(p for p in self.panel.findChildren(NumberPad) if p.isVisible())
        for key in text:
            self.qtbot.mouseClick(pad.keys[key], Qt.MouseButton.LeftButton)

    def type(self, name: str, text: str) -> None:
        """Type into the visible field of this name, whatever it held."""
        field = next(
            (f for f in self.panel.findChildren(QLineEdit) if f.isVisible() and f.accessibleName() == name),
            None,
        )
        assert field is not None, f"no field {name!r}; {self.shown()}"
        self.qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
        field.selectAll()
        self.qtbot.keyClicks(field, text)

    def key(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(self.window, key)
        QApplication.processEvents()

    def line(self, value: float) -> None:
        """Touch the pain line."""
        slider = next(s for s in self.panel.findChildren(VasSlider) if s.isVisible())
        line = slider.line_rect()
        spot = QPoint(round(line.left() + line.width() * value / 10), round(line.top()))
        self.qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=spot)

    def question(self) -> str:
        """The question on the phase panel."""
        guard = self.panel.answer._guard
        return "" if guard is None or guard.met else guard.question or guard.key

    # What is on the screen.

    @property
    def panel(self) -> QWidget:
        assert self.window.panels.current is not None, "no panel is open"
        return self.window.panels.current

    def _buttons(self) -> list[QPushButton]:
        current = self.window.panels.current
        inside = current.findChildren(QPushButton) if current is not None else []
        everywhere = self.window.findChildren(QPushButton)
        return [b for b in [*inside, *everywhere] if b.isVisible() and b.isEnabled()]

    def shown(self) -> str:
        feed = [line.text for line in self.screen.screen.feed]
        missing = [g.text for g in self.screen.screen.phase_panel.guards if not g.met]
        names = [b.text() or b.accessibleName() for b in self._buttons()]
        return f"panel {self.window.panels.key!r}, buttons {names}, feed {feed}, missing {missing}"

    def feed(self) -> list[str]:
        return [line.text for line in self.screen.screen.feed]

    def picture(self, name: str) -> None:
        """Keep a picture at both sizes and let the eye object to each."""
        self._number += 1
        for width in SIZES:
            self._size(width)
            self.look()
            self.screen.draw_frame(self.chair.clock.monotonic_ns())
            path = self.pictures / f"{self._number:02d}-{name}-{width}.png"
            assert self.window.grab().save(str(path))
            try:
                layout_eye.assert_picture(self.window)
            except AssertionError as error:
                if not os.environ.get("CHAIRSIDE_PICTURES"):
                    raise
                self.objections.append(f"{path.name}: {str(error).splitlines()[0]}")
        self._size(self._width)
        self.look()

    def _size(self, width: int) -> None:
        size, px_per_mm = SIZES[width]
        self.window.px_per_mm = px_per_mm
        self.window.resize(size)
        QApplication.processEvents()


def said(button: QPushButton, text: str) -> bool:
    return text in {button.text(), button.accessibleName()}
