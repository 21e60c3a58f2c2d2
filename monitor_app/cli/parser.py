"""What can be typed after ``chairside``: every command with its arguments, and the function that runs it.

The functions are named by module and imported only when they run, so that ``--help`` and short commands start at once.
"""

import argparse
import gc
from collections.abc import Callable
from pathlib import Path

from monitor_app import __version__
from monitor_app.cli.alarms_arguments import add_alarms
from monitor_app.cli.analysis_arguments import add_analysis
from monitor_app.cli.argument_types import RAW_HELP, Add, device_port
from monitor_app.cli.device_arguments import add_devices
from monitor_app.cli.loading import before_window, load_command
from monitor_app.cli.record_arguments import add_records
from monitor_app.cli.simulation_arguments import add_simulation
from monitor_app.watchdog.arguments import add_arguments

Runner = Callable[[argparse.Namespace], int]
OPEN_WINDOWS = ("run_window", "run_demo")
"""These switch the garbage collector on themselves, once their window stands."""


def _later(module: str, function: str) -> Runner:
    """A runner whose module is imported when it is called."""

    def run(arguments: argparse.Namespace) -> int:
        window = function in OPEN_WINDOWS
        loaded = load_command(f"monitor_app.cli.{module}", before_window(arguments) if window else ())
        if not window:
            gc.enable()
        status: int = getattr(loaded, function)(arguments)
        return status

    return run


def build_parser() -> argparse.ArgumentParser:
    """Return the whole command line."""
    parser = argparse.ArgumentParser(
        prog="chairside",
        parents=[_common()],
        description="Companion at a ketamine-infusion chair. Without a command it opens the window.",
        epilog="A documentation, secondary-display and training companion: it does not control the pump, does not "
        "replace the monitor's own alarms, and is not a cleared medical device.",
    )
    _add_options(parser)
    parser.set_defaults(run=_later("window_command", "run_window"), command=None)
    add = _adder(parser)
    add_simulation(add)
    add_devices(add)
    add_records(add)
    add_analysis(add)
    add_alarms(add)
    add_arguments(
        add("watchdog", "watchdog_command", "sounds when Chairside stops; by hand: --test", json=False)
    )
    return parser


def _add_options(parser: argparse.ArgumentParser) -> None:
    """Add what is said without a command, to open the window."""
    parser.add_argument("--version", action="version", version=f"chairside {__version__}")
    parser.add_argument(
        "--device",
        type=device_port,
        action="append",
        default=[],
        metavar="DRIVER@PORT",
        help="the monitor to open the window on",
    )
    parser.add_argument(
        "--confirm-real", default="", metavar="NAME", help="who has seen the real monitor at a network port"
    )
    parser.add_argument("--raw", action="store_true", help=RAW_HELP)


def _adder(parser: argparse.ArgumentParser) -> Add:
    """Return the function by which each room adds its commands."""
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    def add(name: str, module: str, text: str, *, json: bool = True) -> argparse.ArgumentParser:
        sub = commands.add_parser(
            name,
            parents=[_common(argparse.SUPPRESS)],
            help=text,
            description=text[0].upper() + text[1:] + ".",
        )
        sub.set_defaults(run=_later(module, f"run_{name}"))
        if json:
            sub.add_argument("--json", action="store_true", help="print JSON on stdout and nothing else")
        return sub

    return add


def _common(default: object = None) -> argparse.ArgumentParser:
    """The arguments of every command; a subcommand's absent one must not undo one given before the command."""
    common = argparse.ArgumentParser(add_help=False)
    text = "folder of the databases (default: the platform's data folder)"
    common.add_argument("--data-dir", type=Path, help=text, default=default)
    return common
