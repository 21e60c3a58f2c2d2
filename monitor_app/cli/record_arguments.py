"""What can be typed after ``chairside record``, ``resume``, ``sessions``, ``export``, ``commission`` and ``verify``."""

from pathlib import Path

from monitor_app.cli.argument_types import RAW_HELP, Add, device_port, positive

EXPORT_FORMATS = ("csv", "json", "raw")


def add_records(add: Add) -> None:
    """Add the commands about sessions and their records."""
    _add_record(add)
    add("resume", "record_command", "what a cut-off session left, and in which state it reopens")
    add("sessions", "session_commands", "the sessions of both databases")
    _add_export(add)
    _add_commission(add)
    verify = add("verify", "session_commands", "check audit chain, record hashes and databases")
    verify.add_argument("session", nargs="?", default=None)


def _add_record(add: Add) -> None:
    record = add("record", "record_command", "record without a window")
    record.add_argument("--device", type=device_port, action="append", required=True, metavar="DRIVER@PORT")
    record.add_argument("--for", dest="seconds", type=positive, required=True, metavar="S")
    record.add_argument("--nibp-every", type=positive, default=None, metavar="MIN", help="arm the cuff plan")
    record.add_argument(
        "--confirm-real", default="", metavar="NAME", help="who has seen the real monitor at a network port"
    )
    record.add_argument("--raw", action="store_true", help=RAW_HELP)
    record.add_argument("--new", action="store_true", help="do not go on with a session that was cut off")
    record.add_argument("--patient", default="", metavar="KEY", help="the patient's pseudonym")


def _add_export(add: Add) -> None:
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


def _add_commission(add: Add) -> None:
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
