"""The one Qt application of a command, and whether this computer can show a window."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication


def can_show_windows() -> bool:
    """Whether there is a display; one chosen by QT_QPA_PLATFORM counts."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextmanager
def application() -> Iterator[QApplication]:
    """The application, made if there is none yet; Qt's own chatter goes to the log, not to the terminal."""
    qInstallMessageHandler(_log_message)
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("Chairside")
    app.setOrganizationName("Chairside")
    try:
        yield app
    finally:
        qInstallMessageHandler(None)


def _log_message(kind: QtMsgType, _context: object, message: str) -> None:
    import logging  # noqa: PLC0415 - called from Qt at any time, also while modules are being torn down

    level = {
        QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR,
        QtMsgType.QtFatalMsg: logging.CRITICAL,
    }.get(kind, logging.DEBUG)
    logging.getLogger("qt").log(level, "%s", message)
