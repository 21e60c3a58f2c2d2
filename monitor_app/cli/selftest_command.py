"""``selftest``: prove that this installation works, end to end, and say what was seen."""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from monitor_app.cli.data_dir import data_dir
from monitor_app.cli.output import print_json
from monitor_app.cli.qt_app import application
from monitor_app.core.sound_output import SoundOutput
from monitor_app.services.selftest import run_checks
from monitor_app.services.settings import load_settings

SOUND_WAIT_S = 2.0
SECOND_SOUND_WAIT_S = 0.5
"""What is wrong with the second output is known as soon as the first one is open."""


def run_selftest(arguments: argparse.Namespace) -> int:
    """Run every check; exit status 0 only if all hold."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="chairside-selftest-") as folder, application():
        outside = (("window", lambda: _window(Path(folder))), ("sound", lambda: _sound(_second(arguments))))
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


def _second(arguments: argparse.Namespace) -> SoundOutput:
    """The output this chair has for HIGH alarms nobody answers."""
    return load_settings(data_dir(arguments)).second_sound


def _sound(second: SoundOutput) -> str:
    """Alarm sounds play, or their absence is noticed: a silent failure would be the fault."""
    from monitor_app.ui.sounder import QtSounder  # noqa: PLC0415

    sounder = QtSounder()
    try:
        sounder.use_second(second)
        opening = sounder.trouble
        _wait(lambda: sounder.trouble != opening, SOUND_WAIT_S)
        if second.chosen:
            _wait(lambda: bool(sounder.second_trouble), SECOND_SOUND_WAIT_S)
        first = f"noticed that {sounder.trouble}" if sounder.trouble else "output open"
        return f"{first}; {_of_second(second, sounder.second_trouble)}"
    finally:
        sounder.close()


def _of_second(second: SoundOutput, trouble: str) -> str:
    if not second.chosen:
        return "no second output chosen"
    return f"second output: noticed that {trouble}" if trouble else f"second output {second.name} open"


def _wait(done: Callable[[], bool], longest_s: float) -> None:
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    until = time.monotonic() + longest_s
    while time.monotonic() < until and not done():
        QApplication.processEvents()
        time.sleep(0.02)
