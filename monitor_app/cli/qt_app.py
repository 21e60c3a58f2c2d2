"""The one Qt application of a command, and whether this computer can show a window."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QLoggingCategory, QTimer
from PySide6.QtWidgets import QApplication

from monitor_app.cli.stop_signal import StopSignal

LOOK_FOR_STOP_MS = 200
ERRORS_ONLY = "*.debug=false\n*.info=false\n*.warning=false"
"""Whoever looks for a fault in Qt says otherwise with QT_LOGGING_RULES, which goes before these."""


def can_show_windows() -> bool:
    """Whether there is a display; one chosen by QT_QPA_PLATFORM counts."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextmanager
def application() -> Iterator[QApplication]:
    """The application, made if there is none yet; of what Qt has to say, only errors reach the terminal.

    Qt drops the rest by itself. A handler of ours would stop the program for good one start in some hundred: Qt also speaks
    while a library is being loaded, then our handler waits for Python, and Python for a thread that waits to load another.
    """
    QLoggingCategory.setFilterRules(ERRORS_ONLY)
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("Chairside")
    app.setOrganizationName("Chairside")
    yield app


def leave_when_stopped(app: QApplication, stop: StopSignal) -> QTimer:
    """Let a signal end the application's loop, also one that came before the loop ran, until the timer is stopped.

    The timer is needed: Python sees a signal only when it runs. ``exit`` and not ``quit``, which asks the window, and that
    refuses to close on a monitored patient.
    """
    timer = QTimer()
    timer.timeout.connect(lambda: app.exit(0) if stop.requested else None)
    timer.start(LOOK_FOR_STOP_MS)
    return timer
