"""``chairside watchdog``: the watchdog as a command, for the bundle and to hear that it works."""

import argparse

from monitor_app.watchdog.__main__ import run


def run_watchdog(arguments: argparse.Namespace) -> int:
    """Watch, or try the sound; the watchdog's own exit status."""
    return run(arguments)
