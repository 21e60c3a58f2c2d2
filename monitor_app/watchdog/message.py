"""What the program and its watchdog say to each other: one JSON object a line, both ways.

Each line tells the whole state, so a line that is lost or late changes nothing. Only the standard library is used here and
in the whole package: the watchdog must start fast, stay small, and share no fault with what it watches.
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Pulse:
    """The program's word. ``beats``: a counter for each part that must live; it grows while that part does.

    ``armed``: a patient is monitored. ``bye``: the program ends in an orderly way. ``told``: what the warning says of the
    place (chair, SIMULATED). ``sounds_for``: the parts for whose silence the program itself gives the alarm now, and is
    heard or has been answered; ``would_sound_for``: those for which it would.
    """

    armed: bool = False
    beats: dict[str, int] = field(default_factory=dict)
    bye: bool = False
    told: str = ""
    sounds_for: tuple[str, ...] = ()
    would_sound_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The watchdog's word: its state, how it would sound, and why it could not, in words (empty: it can)."""

    state: str
    sound: str = ""
    trouble: str = ""
    pid: int = 0


def pulse_line(pulse: Pulse) -> bytes:
    """Return the line of a pulse."""
    return json.dumps(asdict(pulse)).encode() + b"\n"


def read_pulse(line: bytes) -> Pulse | None:
    """Return what a line says; None for one that says nothing."""
    fields = _fields(line)
    beats = fields.get("beats")
    if not isinstance(beats, dict):
        return None
    counted = {str(name): count for name, count in beats.items() if isinstance(count, int)}
    told = fields.get("told")
    return Pulse(
        armed=fields.get("armed") is True,
        beats=counted,
        bye=fields.get("bye") is True,
        told=told if isinstance(told, str) else "",
        sounds_for=_names(fields.get("sounds_for")),
        would_sound_for=_names(fields.get("would_sound_for")),
    )


def report_line(report: Report) -> bytes:
    """Return the line of a report."""
    fields = {"state": report.state, "sound": report.sound, "trouble": report.trouble, "pid": report.pid}
    return json.dumps(fields).encode() + b"\n"


def read_report(line: bytes) -> Report | None:
    """Return what a line says; None for one that says nothing."""
    fields = _fields(line)
    state, pid = fields.get("state"), fields.get("pid")
    if not isinstance(state, str):
        return None
    sound, trouble = (str(fields.get(name) or "") for name in ("sound", "trouble"))
    return Report(state, sound, trouble, pid if isinstance(pid, int) else 0)


def _names(value: object) -> tuple[str, ...]:
    return tuple(name for name in value if isinstance(name, str)) if isinstance(value, list) else ()


def _fields(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
