"""How the watchdog is started: as a module where there is a Python, as a command of the bundle where there is none."""

import sys


def watchdog_command() -> tuple[str, ...]:
    """Return the command that starts a watchdog."""
    if getattr(sys, "frozen", False):
        return (sys.executable, "watchdog")
    return (sys.executable, "-m", "monitor_app.watchdog")


def notice_command() -> tuple[str, ...]:
    """Return the command of the warning's window; ``--notice=WORDS`` and ``--sound=FILE`` follow."""
    return watchdog_command()
