"""The warning's window: in front of everything, in words that can be read across the room, with one button."""

import sys
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtWidgets import QApplication, QLabel, QLayout, QPushButton, QVBoxLayout, QWidget

from monitor_app.watchdog.voice import BURST_NS, REPEAT_NS

TITLE = "Chairside watchdog"
BUTTON = "I am watching the patient"
# The alarm fill of screen.md, Colour; written here because this process shares no code with the window it warns of.
GROUND, INK, RAISED = "#FF3B4E", "#14110A", "#FFFFFF"
WIDTH_PX = 720
NS_PER_MS = 1_000_000


class Notice(QWidget):
    """Shows words until its button is pressed. ``closed`` in any way counts as pressed: somebody was there."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setWindowTitle(TITLE)
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.setAccessibleName(words)
        self.setStyleSheet(
            f"QWidget {{ background: {GROUND}; color: {INK}; font-size: 26px; font-weight: 600; }}"
            f"QPushButton {{ background: {RAISED}; border: none; border-radius: 10px; min-height: 60px; padding: 0 24px; }}"
            f"QPushButton:focus {{ border: 3px solid {INK}; }}"
        )
        self.words = QLabel(f"!!!  {words}")
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.button = QPushButton(BUTTON)
        self.button.clicked.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 32, 32, 32)
        layout.setSpacing(24)
        layout.addWidget(self.words)
        layout.addWidget(self.button)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.resize(WIDTH_PX, layout.totalHeightForWidth(WIDTH_PX))


def show_notice(words: str, sound: Path | None) -> int:
    """Show the window, and repeat a sound where one is given; exit status 0 once the button was pressed."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    notice = Notice(words)
    notice.show()
    if QApplication.platformName() != "offscreen":  # which has no stacking order and warns
        notice.raise_()
    player = _player(sound) if sound is not None else None
    status = app.exec()
    if player is not None:
        player.stop()
    return status


def has_sound() -> bool:
    """Whether Qt has an output to play on."""
    from PySide6.QtCore import QCoreApplication  # noqa: PLC0415 - not needed to show words
    from PySide6.QtMultimedia import QMediaDevices  # noqa: PLC0415 - as above

    app = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
    assert app is not None
    return not QMediaDevices.defaultAudioOutput().isNull()


def _player(sound: Path) -> QTimer:
    """Play a file again and again; returns what keeps it going."""
    from PySide6.QtMultimedia import QSoundEffect  # noqa: PLC0415 - as above

    timer = QTimer()
    effect = QSoundEffect(timer)
    effect.setSource(QUrl.fromLocalFile(str(sound)))
    effect.setVolume(1.0)
    timer.timeout.connect(effect.play)
    timer.start((BURST_NS + REPEAT_NS) // NS_PER_MS)
    effect.play()
    return timer
