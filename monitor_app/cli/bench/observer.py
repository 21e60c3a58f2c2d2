"""Sees the first waveform of whatever window opens, and says what the program has cost until then and after it."""

import json
import sys
import time

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from monitor_app.cli.bench.paint_watch import PaintWatch
from monitor_app.cli.bench.resident import resident_mb
from monitor_app.ui.strip_area import StripArea

LOOK_EVERY_MS = 5
SETTLE_S = 3.0
"""What opening the window cost is not part of running it."""


class Observer(QObject):
    """Finds the strips of whatever window opens, and watches them. Qt thread only."""

    def __init__(self, app: QApplication, seconds: float) -> None:
        super().__init__()
        self._app = app
        self._seconds = seconds
        self._seen = False
        self._strips: StripArea | None = None
        self._begun = (0.0, 0.0)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK_EVERY_MS)

    def _look(self) -> None:
        for window in self._app.topLevelWidgets():
            strips = window.findChild(StripArea)
            if isinstance(strips, StripArea):
                self._timer.stop()
                self._strips = strips
                PaintWatch(strips, self._painted)
                return

    def _painted(self, now_ns: int) -> None:
        if self._seen or self._strips is None or not self._strips.drawn():
            return
        self._seen = True
        _say({"first_waveform_ns": now_ns, "cpu_s": time.process_time()})
        if self._seconds <= 0:
            self._app.quit()
            return
        QTimer.singleShot(round(SETTLE_S * 1000), self._begin)

    def _begin(self) -> None:
        self._begun = (time.monotonic(), time.process_time())
        QTimer.singleShot(round(self._seconds * 1000), self._end)

    def _end(self) -> None:
        wall_s, cpu_s = time.monotonic() - self._begun[0], time.process_time() - self._begun[1]
        _say({"cpu_share": cpu_s / wall_s, "rss_mb": resident_mb()})
        self._app.quit()


def _say(what: dict[str, float]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()
