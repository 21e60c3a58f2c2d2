"""What can be typed after ``chairside``: every command with its arguments, and the function that runs it.

The functions are named by module and imported only when they run, so that ``--help`` and short commands start at once.
"""

import argparse
import gc
import importlib
from collections.abc import Callable
from pathlib import Path

from devices.errors import ConfigError, KnownError
from monitor_app import __version__
from monitor_app.cli.alarms_arguments import add_alarms
from monitor_app.watchdog.arguments import add_arguments

Runner = Callable[[argparse.Namespace], int]
EXPORT_FORMATS = ("csv", "json", "raw")
RAW_HELP = "record the bytes of the monitors' lines beside the session too"
NIBP_AUTO_MIN = (0, 1, 2, 3, 5, 10, 15, 30, 60)
OPENS_WINDOW = ("run_window", "run_demo")


def _later(module: str, function: str) -> Runner:
    """A runner whose module is imported when it is called."""

    def run(arguments: argparse.Namespace) -> int:
        if function in OPENS_WINDOW:
            gc.disable()  # loading makes much and drops nothing; the window switches it on again
        loaded = importlib.import_module(f"monitor_app.cli.{module}")
        status: int = getattr(loaded, function)(arguments)
        return status

    return run


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"must be above 0, not {text}")
    return value


def _whole_above_0(text: str) -> int:
    value = int(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"must be above 0, not {text}")
    return value


def _seed(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"must be 0 or above, not {text}")
    return value


def _finite(text: str) -> float:
    value = float(text)
    if not abs(value) < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a number of seconds, not {text}")
    return value


def _of_form(module: str, function: str) -> Callable[[str], str]:
    """A type whose text must have the form that a parser elsewhere wants; what it means is the command's affair."""

    def check(text: str) -> str:
        parse = getattr(importlib.import_module(module), function)
        try:
            parse(text)
        except ConfigError as error:
            raise argparse.ArgumentTypeError(str(error)) from error
        except KnownError:
            return text  # well formed: the command says what else is wrong with it
        return text

    return check


_device = _of_form("devices.registry", "parse_device")
_baseline = _of_form("monitor_app.services.replay", "parse_baseline")
_pressure = _of_form("monitor_app.services.replay", "parse_pressure")


def build_parser() -> argparse.ArgumentParser:
    """Return the whole command line."""
    parser = argparse.ArgumentParser(
        prog="chairside",
        parents=[_common()],
        description="Companion at a ketamine-infusion chair. Without a command it opens the window.",
        epilog="A documentation, secondary-display and training companion: it does not control the pump, does not "
        "replace the monitor's own alarms, and is not a cleared medical device.",
    )
    parser.add_argument("--version", action="version", version=f"chairside {__version__}")
    parser.add_argument(
        "--device",
        type=_device,
        action="append",
        default=[],
        metavar="DRIVER@PORT",
        help="the monitor to open the window on",
    )
    parser.add_argument(
        "--confirm-real", default="", metavar="NAME", help="who has seen the real monitor at a network port"
    )
    parser.add_argument("--raw", action="store_true", help=RAW_HELP)
    parser.set_defaults(run=_later("window_command", "run_window"), command=None)
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

    _add_simulation(add)
    _add_devices(add)
    _add_records(add)
    _add_analysis(add)
    add_alarms(add)
    add_arguments(
        add("watchdog", "watchdog_command", "sounds when Chairside stops; by hand: --test", json=False)
    )
    return parser


def _common(default: object = None) -> argparse.ArgumentParser:
    """The arguments of every command; a subcommand's absent one must not undo one given before the command."""
    common = argparse.ArgumentParser(add_help=False)
    text = "folder of the databases (default: the platform's data folder)"
    common.add_argument("--data-dir", type=Path, help=text, default=default)
    return common


Add = Callable[..., argparse.ArgumentParser]

_EMULATE_NOTES = """\
Faults: NAME@T or NAME@T-T2, in seconds from the start; NAME:VALUE@T with a value.
  on the wire     drop double badsum garbage baud merge midstart silence reset
  in the monitor  clock count early-nibp same-nibp
  at the patient  lead-off no-finger probe-unplugged motion cuff-loose cuff-leak cuff-blocked
                  cuff-weak cuff-timeout cuff-error cable-out
Control: one JSON object a line, each answered by one line: {"act": "status"}, {"act": "pause_pump"},
  {"act": "set_oxygen", "l_per_min": 2}; an unknown act is answered with the list of all."""


def _add_simulation(add: Add) -> None:
    demo = add("demo", "demo_command", "a whole simulated visit, from check-in to the signed record")
    demo.add_argument("--scenario", default="S02", metavar="ID", help="S01, S02 … or a scenario file")
    demo.add_argument("--speed", type=_positive, default=1.0, help="times real time, in the window")
    demo.add_argument("--seed", type=_seed, default=None, help="same seed, same visit")
    demo.add_argument("--raw", action="store_true", help=RAW_HELP)
    demo.add_argument("--headless", action="store_true", help="without a window, as fast as it goes")
    demo.add_argument(
        "--out", type=Path, default=None, metavar="DIR", help="where record, exports and pictures go"
    )
    bench = add("bench", "bench_command", "measure speed and size against their bounds")
    bench.add_argument("--quick", action="store_true", help="shorter runs with wider spread")
    add("selftest", "selftest_command", "prove that this installation works, end to end")


def _add_devices(add: Add) -> None:
    add("drivers", "device_commands", "the monitors Chairside can read, and what each can and cannot do")
    ports = add("ports", "device_commands", "the serial ports of this computer")
    ports.add_argument(
        "--probe", action="store_true", help="listen on each port, then ask as the drivers named do"
    )
    ports.add_argument(
        "--driver",
        "--drivers",
        action="append",
        default=[],
        metavar="ID[,ID]",
        help="drivers that may also ask, not only listen; they ask what changes nothing, and never for the cuff",
    )
    ports.add_argument("port", nargs="*", metavar="PORT", help="probe these instead of all that are found")
    _add_capture(add)
    _add_emulate(add)
    decode = add(
        "decode",
        "decode_command",
        "decode a raw capture of monitor-to-host bytes, or the raw bytes beside a session",
    )
    decode.epilog = (
        "Samples are in the unit named where the monitor publishes its scale, otherwise the monitor's own counts with "
        "unit 1 (zero, low and high tell how to read them). Values the monitor marks invalid are null. Exit status 1 "
        "when the file holds no valid frame."
    )
    decode.add_argument("driver")
    decode.add_argument(
        "file", metavar="FILE|SESSION[:SOURCE]", help="a capture, or a session recorded with --raw"
    )
    decode.add_argument("--hex", action="store_true", help="the file holds hexadecimal text")


def _add_capture(add: Add) -> None:
    capture = add("capture", "capture_command", "save the raw bytes of an unknown monitor, for support")
    capture.add_argument("port")
    capture.add_argument(
        "--baud",
        type=_whole_above_0,
        nargs="+",
        default=None,
        help="speeds to listen at, one after another; with several, each has a file of its own (FILE-9600). Without any, "
        "those of all known monitors are tried until one fits",
    )
    capture.add_argument("--bits", type=int, choices=(7, 8), default=None, help="data bits (default: 8)")
    capture.add_argument(
        "--parity",
        type=str.upper,
        choices=("N", "E", "O"),
        nargs="+",
        default=None,
        help="one or several to listen with (default: N)",
    )
    capture.add_argument("--for", dest="seconds", type=_positive, required=True, metavar="S")
    capture.add_argument("--out", type=Path, required=True, metavar="FILE")


def _add_emulate(add: Add) -> None:
    emulate = add("emulate", "emulate_command", "behave as a monitor on a wire", json=False)
    emulate.formatter_class = argparse.RawDescriptionHelpFormatter
    emulate.epilog = _EMULATE_NOTES
    emulate.add_argument("driver")
    wire = emulate.add_mutually_exclusive_group(required=True)
    wire.add_argument("--pty", type=Path, metavar="LINK", help="make a pseudo-terminal and this link to it")
    wire.add_argument("--port", metavar="URL", help="an existing port, or a pyserial URL")
    emulate.add_argument("--scenario", default="S02", metavar="ID")
    emulate.add_argument(
        "--recording", type=Path, metavar="FILE", help="a recorded patient in the simulated one's place"
    )
    emulate.add_argument(
        "--start-phase", default="baseline", metavar="PHASE", help="pre, baseline, inf or rec"
    )
    emulate.add_argument("--speed", type=_positive, default=1.0)
    emulate.add_argument(
        "--nibp-auto",
        type=int,
        choices=NIBP_AUTO_MIN,
        default=5,
        metavar="MIN",
        help="cycle of a monitor that times its own cuff, in minutes; 0 is manual (default: 5)",
    )
    emulate.add_argument("--seed", type=_seed, default=None)
    emulate.add_argument(
        "--fault", action="append", default=[], metavar="NAME@T", help="a fault at T seconds"
    )
    emulate.add_argument(
        "--control", metavar="tcp://127.0.0.1:PORT", help="take commands on this loopback address"
    )


def _add_records(add: Add) -> None:
    record = add("record", "record_command", "record without a window")
    record.add_argument("--device", type=_device, action="append", required=True, metavar="DRIVER@PORT")
    record.add_argument("--for", dest="seconds", type=_positive, required=True, metavar="S")
    record.add_argument("--nibp-every", type=_positive, default=None, metavar="MIN", help="arm the cuff plan")
    record.add_argument(
        "--confirm-real", default="", metavar="NAME", help="who has seen the real monitor at a network port"
    )
    record.add_argument("--raw", action="store_true", help=RAW_HELP)
    record.add_argument("--new", action="store_true", help="do not go on with a session that was cut off")
    record.add_argument("--patient", default="", metavar="KEY", help="the patient's pseudonym")
    add("resume", "record_command", "what a cut-off session left, and in which state it reopens")
    add("sessions", "session_commands", "the sessions of both databases")
    export = add("export", "session_commands", "one session as files with a manifest")
    export.add_argument("session", help="a session's id, or its first letters")
    export.add_argument("--format", choices=EXPORT_FORMATS, required=True)
    export.add_argument("--out", type=Path, required=True, metavar="DIR")
    who = export.add_mutually_exclusive_group()
    who.add_argument("--identified", action="store_true", help="with what names the patient")
    who.add_argument(
        "--deidentify",
        choices=("shift", "relative"),
        help="nothing that leads to the person; times moved by an offset, or relative to the beginning",
    )
    export.add_argument(
        "--time-zone", default="UTC", metavar="NAME", help="of local times, e.g. Europe/Madrid"
    )
    commission = add(
        "commission", "commission_command", "what has been proved of a monitor model at this clinic"
    )
    commission.add_argument("driver")
    deed = commission.add_mutually_exclusive_group()
    deed.add_argument(
        "--show", action="store_true", help="print the examinations of this model (the default)"
    )
    deed.add_argument("--import", dest="file", type=Path, metavar="FILE.toml", help="keep an examination")
    deed.add_argument("--template", action="store_true", help="print a file to fill in")
    verify = add("verify", "session_commands", "check audit chain, record hashes and databases")
    verify.add_argument("session", nargs="?", default=None)


def _add_evidence(add: Add) -> None:
    evidence = add(
        "evidence", "evidence_command", "measure beats and rate alarms on annotated recordings", json=False
    )
    evidence.add_argument("--data", type=Path, default=None, metavar="DIR", help="folder of the recordings")
    evidence.add_argument(
        "--out", type=Path, default=None, metavar="DIR", help="where the pages go (default: docs/evidence)"
    )
    evidence.add_argument(
        "--first", type=_positive, default=None, metavar="S", help="only the first seconds of each record"
    )


def _add_analysis(add: Add) -> None:
    replay = add("replay", "replay_command", "a recording through processing and the alarm engine")
    replay.add_argument(
        "source", help="a CSV of numerics, a WFDB header, a session's id, or with --driver a raw capture"
    )
    replay.add_argument("--raw", action="store_true", help="decode the session's raw bytes again")
    replay.add_argument("--driver", default=None, metavar="ID", help="whose bytes a raw capture holds")
    replay.add_argument(
        "--speed", type=_positive, default=None, help="times real time (default: as fast as it goes)"
    )
    replay.add_argument("--phase", choices=("pre", "inf", "rec"), default=None)
    replay.add_argument("--baseline", type=_baseline, default=None, metavar="HR,SYS,DIA,SPO2")
    replay.add_argument("--t-end", type=_finite, default=None, metavar="S", help="when the infusion ended")
    replay.add_argument(
        "--bp-end",
        type=_pressure,
        default=None,
        metavar="SYS,DIA",
        help="blood pressure when the infusion ended",
    )
    replay.add_argument("--nibp-interval", type=_positive, default=None, metavar="S")
    replay.add_argument("--numerics", action="store_true", help="print the values of each second too")
    beats = add("beats", "beats_command", "the beats of a recording, as the live detector finds them")
    beats.add_argument("record")
    beats.add_argument("--channel", default=None, metavar="NAME")
    _add_evidence(add)
    dose = add("dose", "dose_command", "what a dose comes to: mg, mL and mL/h")
    dose.add_argument("--weight", type=float, required=True, metavar="KG")
    dose.add_argument("--dose", type=float, required=True, metavar="MG_PER_KG")
    dose.add_argument("--concentration", type=float, required=True, metavar="MG_PER_ML")
    dose.add_argument("--minutes", type=float, required=True, metavar="MIN")
