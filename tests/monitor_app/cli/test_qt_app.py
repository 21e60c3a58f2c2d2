"""The one Qt application: quiet, and never waiting for itself."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
OFFSCREEN = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}

CROWDED_START = """
import threading, time
from monitor_app.cli.qt_app import application

def crowd():
    end = time.monotonic() + 0.3
    while time.monotonic() < end:
        sum(range(50))

with application() as app:
    from PySide6.QtWidgets import QWidget
    from monitor_app.ui.main_window import MainWindow
    from monitor_app.ui.sounder import QtSounder
    sounder, window = QtSounder(), MainWindow(QWidget(), QWidget())
    others = [threading.Thread(target=crowd) for _ in range(3)]
    for other in others:
        other.start()
    window.show()
    app.processEvents()
    window.close_now()
    sounder.close()
print("shown")
"""

SPEAKING = """
from PySide6.QtCore import qCritical, qDebug, qWarning
from monitor_app.cli.qt_app import application
with application():
    qDebug("a trifle")
    qWarning("a worry")
    qCritical("a fault")
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=OFFSCREEN,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )


def test_a_window_opens_while_the_sound_system_is_being_loaded() -> None:
    """Qt speaks while it loads the sound system; a handler in Python then stopped all threads, and no window came."""
    assert run(CROWDED_START).stdout == "shown\n"


def test_nobody_takes_qts_words_in_python() -> None:
    """The stop comes by chance; its cause does not."""
    for source in (ROOT / "monitor_app").rglob("*.py"):
        assert "qInstallMessageHandler" not in source.read_text(encoding="utf-8"), source


def test_of_what_qt_says_only_errors_reach_the_terminal() -> None:
    said = run(SPEAKING).stderr
    assert "a fault" in said
    assert "a trifle" not in said
    assert "a worry" not in said
