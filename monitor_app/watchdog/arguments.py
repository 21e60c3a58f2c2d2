"""What can be typed after ``chairside watchdog`` and ``python -m monitor_app.watchdog``."""

import argparse
from pathlib import Path

from monitor_app.watchdog.judge import SILENCE_S

DESCRIPTION = (
    "Sounds when the program that started it stops while a patient is monitored. The program starts it by itself; "
    "by hand it is of use with --test."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments; those without help are between the program and its watchdog."""
    parser.add_argument(
        "--test", action="store_true", help="sound once and show the window: is it heard and seen?"
    )
    parser.add_argument(
        "--player", nargs="+", default=[], metavar="COMMAND", help="plays a WAV file named last"
    )
    parser.add_argument("--log", type=Path, default=None, metavar="FILE", help="what happened, for support")
    parser.add_argument("--token", type=Path, default=None, metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("--silence", type=float, default=SILENCE_S, metavar="S", help=argparse.SUPPRESS)
    parser.add_argument("--notice", default=None, metavar="WORDS", help=argparse.SUPPRESS)
    parser.add_argument("--sound", type=Path, default=None, help=argparse.SUPPRESS)
    parser.add_argument("--has-sound", action="store_true", help=argparse.SUPPRESS)
