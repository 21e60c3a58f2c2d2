"""What can be typed after ``chairside replay``, ``beats``, ``evidence`` and ``dose``."""

from pathlib import Path

from monitor_app.cli.argument_types import Add, baseline, finite, positive, pressure


def _add_evidence(add: Add) -> None:
    evidence = add(
        "evidence", "evidence_command", "measure beats and rate alarms on annotated recordings", json=False
    )
    evidence.add_argument("--data", type=Path, default=None, metavar="DIR", help="folder of the recordings")
    evidence.add_argument(
        "--out", type=Path, default=None, metavar="DIR", help="where the pages go (default: docs/evidence)"
    )
    evidence.add_argument(
        "--first", type=positive, default=None, metavar="S", help="only the first seconds of each record"
    )


def add_analysis(add: Add) -> None:
    """Add the commands that work something out."""
    replay = add("replay", "replay_command", "a recording through processing and the alarm engine")
    replay.add_argument(
        "source", help="a CSV of numerics, a WFDB header, a session's id, or with --driver a raw capture"
    )
    replay.add_argument("--raw", action="store_true", help="decode the session's raw bytes again")
    replay.add_argument("--driver", default=None, metavar="ID", help="whose bytes a raw capture holds")
    replay.add_argument(
        "--speed", type=positive, default=None, help="times real time (default: as fast as it goes)"
    )
    replay.add_argument("--phase", choices=("pre", "inf", "rec"), default=None)
    replay.add_argument("--baseline", type=baseline, default=None, metavar="HR,SYS,DIA,SPO2")
    replay.add_argument("--t-end", type=finite, default=None, metavar="S", help="when the infusion ended")
    replay.add_argument(
        "--bp-end",
        type=pressure,
        default=None,
        metavar="SYS,DIA",
        help="blood pressure when the infusion ended",
    )
    replay.add_argument("--nibp-interval", type=positive, default=None, metavar="S")
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
