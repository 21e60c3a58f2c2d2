"""The program itself, watched from inside: ``python -m monitor_app.cli.bench.child SECONDS COMMAND …``.

Runs the command as a user would and prints one JSON line when its first waveform stands on the screen, and another after
``SECONDS`` more with what it cost. With 0 seconds it ends at once. Times are on the monotonic clock, which all processes
of a computer share.

Nothing is imported here that the command would not: the observer needs Qt, so it comes where the command brings Qt in.
"""

import importlib
import sys

from monitor_app.cli import run
from monitor_app.cli.loading import before_window, load_command, without_collector
from monitor_app.cli.parser import build_parser


def observe(seconds: float, typed: list[str]) -> int:
    """Run the command that was typed under an observer for some seconds."""
    with without_collector():
        arguments = build_parser().parse_args(typed)
        widgets = load_command("PySide6.QtWidgets", before_window(arguments))
        app = widgets.QApplication(["chairside"])
        observer = importlib.import_module("monitor_app.cli.bench.observer").Observer(app, seconds)
        status = run(arguments)
        del observer
        return status


if __name__ == "__main__":
    sys.exit(observe(float(sys.argv[1]), sys.argv[2:]))
