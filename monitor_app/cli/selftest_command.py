"""``selftest``: prove that this installation works, end to end, and say what was seen."""

import argparse
import os
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from monitor_app.cli.output import print_json
from monitor_app.cli.qt_app import application
from monitor_app.services.selftest import run_checks

SOUND_WAIT_S = 2.0


def run_selftest(arguments: argparse.Namespace) -> int:
    """Run every check; exit status 0 only if all hold."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="chairside-selftest-") as folder, application():
        outside = (("window", lambda: _window(Path(folder))), ("sound", _sound))
        checks = list(run_checks(Path(folder), outside))
    if arguments.json:
        print_json([asdict(check) for check in checks])
    else:
        for check in checks:
            print(f"{'ok    ' if check.ok else 'FAILED'}  {check.check}: {check.detail}")
    return 0 if all(check.ok for check in checks) else 1


def _window(folder: Path) -> str:
    """Draw the window once and look that it is not blank."""
    from PySide6.QtGui import QImage  # noqa: PLC0415 - only this check needs it

    from monitor_app.services.headless import HeadlessChair  # noqa: PLC0415
    from monitor_app.training.nurse import NURSE  # noqa: PLC0415
    from monitor_app.ui.chair_screen import Photographer  # noqa: PLC0415

    chair = HeadlessChair("S01", seed=2, data_dir=folder / "window")
    try:
        photographer = Photographer(chair.display, NURSE)
        while chair.now_s < 8:
            chair.step()
        path = folder / "window.png"
        photographer.take(path)
        photographer.close()
    finally:
        chair.close()
    image = QImage(str(path))
    colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    if len(colours) < 20:
        raise AssertionError(f"the picture has {len(colours)} colours only")
    return f"{image.width()}x{image.height()}, {len(colours)} colours"


def _sound() -> str:
    """Alarm sounds play, or their absence is noticed: a silent failure would be the fault."""
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from monitor_app.ui.sounder import QtSounder  # noqa: PLC0415

    sounder = QtSounder()
    try:
        until = time.monotonic() + SOUND_WAIT_S
        opening = sounder.trouble
        while time.monotonic() < until and sounder.trouble == opening:
            QApplication.processEvents()
            time.sleep(0.02)
        return f"noticed that {sounder.trouble}" if sounder.trouble else "output open"
    finally:
        sounder.close()
