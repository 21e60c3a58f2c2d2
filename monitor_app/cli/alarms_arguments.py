"""What can be typed after ``chairside alarms``."""

import argparse
from collections.abc import Callable
from datetime import date


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"must be a day such as 2026-01-05, not {text}") from error


def add_alarms(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command; ``add`` makes a subcommand of a name, a module and a sentence."""
    alarms = add("alarms", "alarms_command", "the alarm log of a session, or the alarm-burden report")
    alarms.add_argument("session", nargs="*", help="a session's id, or its first letters")
    alarms.add_argument(
        "--burden",
        action="store_true",
        help="how many, how many worth it, how fast answered; without a session over all of a period",
    )
    alarms.add_argument("--from", dest="first", type=_day, default=None, metavar="DAY")
    alarms.add_argument("--to", dest="last", type=_day, default=None, metavar="DAY")
    alarms.add_argument("--simulated", action="store_true", help="over simulated sessions, not real ones")
    alarms.add_argument(
        "--rule", action="append", default=[], metavar="ID", help="a rule, or its beginning: AL-BP"
    )
    priorities = ("HIGH", "MEDIUM", "LOW", "INFO")
    alarms.add_argument("--priority", action="append", default=[], type=str.upper, choices=priorities)
    kinds = ("physiological", "technical", "workflow")
    alarms.add_argument("--class", dest="alarm_class", action="append", default=[], choices=kinds)
    phases = ("CHECKIN", "BASE", "READY", "INF", "PAUSE", "REC", "DCA", "EMERG")
    alarms.add_argument("--phase", action="append", default=[], type=str.upper, choices=phases)
    alarms.add_argument("--text", default="", metavar="WORDS", help="words that must all stand in the row")
    alarms.add_argument(
        "--near-misses", action="store_true", help="also conditions that were never announced"
    )
    alarms.add_argument("--unjudged", action="store_true", help="only those without a verdict")
    alarms.add_argument("--sort", choices=("newest", "oldest", "priority", "duration"), default="oldest")
