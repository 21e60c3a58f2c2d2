"""What can be typed after ``chairside drivers``, ``ports``, ``capture``, ``emulate`` and ``decode``."""

import argparse
from pathlib import Path

from monitor_app.cli.argument_types import Add, positive, seed, whole_above_0

NIBP_AUTO_MIN = (0, 1, 2, 3, 5, 10, 15, 30, 60)

_EMULATE_NOTES = """\
Faults: NAME@T or NAME@T-T2, in seconds from the start; NAME:VALUE@T with a value.
  on the wire     drop double badsum garbage baud merge midstart silence reset
  in the monitor  clock count early-nibp same-nibp
  at the patient  lead-off no-finger probe-unplugged motion cuff-loose cuff-leak cuff-blocked
                  cuff-weak cuff-timeout cuff-error cable-out
Control: one JSON object a line, each answered by one line: {"act": "status"}, {"act": "pause_pump"},
  {"act": "set_oxygen", "l_per_min": 2}; an unknown act is answered with the list of all."""


def add_devices(add: Add) -> None:
    """Add the commands about monitors and their wires."""
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
        type=whole_above_0,
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
    capture.add_argument("--for", dest="seconds", type=positive, required=True, metavar="S")
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
    emulate.add_argument("--speed", type=positive, default=1.0)
    emulate.add_argument(
        "--nibp-auto",
        type=int,
        choices=NIBP_AUTO_MIN,
        default=5,
        metavar="MIN",
        help="cycle of a monitor that times its own cuff, in minutes; 0 is manual (default: 5)",
    )
    emulate.add_argument("--seed", type=seed, default=None)
    emulate.add_argument(
        "--fault", action="append", default=[], metavar="NAME@T", help="a fault at T seconds"
    )
    emulate.add_argument(
        "--control", metavar="tcp://127.0.0.1:PORT", help="take commands on this loopback address"
    )
