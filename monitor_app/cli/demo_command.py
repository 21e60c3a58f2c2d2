"""``demo``: a simulated visit, in the window for a nurse to take it through, or headless from check-in to signature."""

import argparse
import sys

from monitor_app.cli.qt_app import can_show_windows
from monitor_app.cli.stop_signal import leaving_at_once


def run_demo(arguments: argparse.Namespace) -> int:
    """Run the demo; where there is no display it is headless, and says so.

    Each form is imported only when it runs: the window must not wait for exporters, nor a headless run for sound.
    """
    if not arguments.headless and can_show_windows():
        with leaving_at_once():
            from monitor_app.cli.demo_window import run_demo_window  # noqa: PLC0415

        return run_demo_window(arguments)
    if not arguments.headless:
        print("No display here: the demo runs without a window.", file=sys.stderr)
    with leaving_at_once():
        from monitor_app.cli.headless_demo import run_headless_demo  # noqa: PLC0415

    return run_headless_demo(arguments)
