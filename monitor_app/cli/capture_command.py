"""``chairside capture``: what comes from a monitor, in a file, and what it looks like."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from devices.clock import SystemClock
from devices.drivers.base import Driver, SerialSettings
from devices.probe_report import line_words
from devices.registry import driver_ids
from devices.transport.open_port import line_matters, open_transport
from monitor_app.cli.output import note, print_json, trimmed
from monitor_app.cli.stop_signal import StopSignal
from monitor_app.services.capture_run import (
    USUAL_LINE,
    Captured,
    Look,
    capture_bytes,
    file_for_line,
    find_line,
    hex_lines,
    look_at,
)
from monitor_app.services.connect import family_name
from monitor_app.services.probe_run import loadable


@dataclass(frozen=True, slots=True)
class _Result:
    line: SerialSettings
    captured: Captured
    look: Look


def run_capture(arguments: argparse.Namespace) -> int:
    """Save raw bytes, one line setting after another; 1 when nothing came at any. Raises KnownError."""
    drivers, troubles = loadable(driver_ids())
    for trouble in troubles:
        note(trouble)
    results: list[_Result] = []
    with StopSignal() as stop:
        lines = _lines(arguments, drivers, lambda: stop.requested)
        for line in lines:
            if stop.requested and results:
                break
            captured = _capture(arguments, line, lines, lambda: stop.requested)
            results.append(_Result(line, captured, look_at(captured.path, drivers)))
    return _report(arguments, results)


def _capture(
    arguments: argparse.Namespace,
    line: SerialSettings,
    lines: Sequence[SerialSettings],
    stopped: Callable[[], bool],
) -> Captured:
    speeds, parities = {one.baud for one in lines}, {one.parity for one in lines}
    out = file_for_line(arguments.out, line, speeds=len(speeds) > 1, parities=len(parities) > 1)
    port = open_transport(arguments.port, line)
    return capture_bytes(port, out, arguments.seconds, clock=SystemClock(), stopped=stopped)


def _lines(
    arguments: argparse.Namespace, drivers: Sequence[Driver], stopped: Callable[[], bool]
) -> list[SerialSettings]:
    """Return the settings that were asked for; where none were, the one at which something is heard."""
    asked = any(value is not None for value in (arguments.baud, arguments.bits, arguments.parity))
    if asked or not line_matters(arguments.port):
        bits = arguments.bits or USUAL_LINE.bits
        return [
            replace(USUAL_LINE, baud=baud, bits=bits, parity=parity)
            for baud in dict.fromkeys(arguments.baud or [USUAL_LINE.baud])
            for parity in dict.fromkeys(arguments.parity or [USUAL_LINE.parity])
        ]
    line, heard = find_line(
        lambda one: open_transport(arguments.port, one),
        drivers,
        clock=SystemClock(),
        stopped=stopped,
        tell=lambda words: note(f"{arguments.port}: {words} …"),
    )
    if not heard:
        note(
            f"no known monitor was heard at any: saving what comes at {line_words(line)} (others: --baud, --parity)."
        )
    return [line]


def _report(arguments: argparse.Namespace, results: list[_Result]) -> int:
    total = sum(result.captured.bytes_saved for result in results)
    lost = next((result.captured.lost for result in results if result.captured.lost), "")
    if arguments.json:
        files = [_document(arguments.port, result) for result in results]
        print_json({"port": arguments.port, "bytes": total, "files": files})
    else:
        for result in results:
            _print(arguments.port, result)
    if lost:
        note(lost)
    if total == 0:
        note(
            f"nothing came from {arguments.port}: check power and cable, try other speeds with --baud; some monitors "
            "speak only when asked (chairside ports --probe --driver ID)."
        )
    return 0 if total and not lost else 1


def _document(port: str, result: _Result) -> dict[str, object]:
    captured, look = result.captured, result.look
    return {
        "baud": result.line.baud,
        "serial": asdict(result.line),
        "file": str(captured.path),
        "bytes": captured.bytes_saved,
        "lost": captured.lost or None,
        "head": look.head.hex(" "),
        "found": list(look.found),
        "fits": [{**asdict(item), "explained": trimmed(item.explained, 3)} for item in look.evidence],
        "next": next_step(port, captured.path, look) or None,
    }


def _print(port: str, result: _Result) -> None:
    captured, look = result.captured, result.look
    line = (
        f"{result.line.baud}"
        if result.line == replace(USUAL_LINE, baud=result.line.baud)
        else line_words(result.line)
    )
    print(f"{captured.bytes_saved} bytes at {line} in {captured.path}")
    for row in hex_lines(look.head):
        print(f"  {row}")
    for item in look.evidence:
        share = f"{100 * item.explained:.0f} % of the bytes"
        print(f"  {item.driver_id:15} {item.frames_ok} good frames, {item.frames_bad} bad, {share}")
    step = next_step(port, captured.path, look)
    if step:
        print(f"  {step}")


def next_step(port: str, path: Path, look: Look) -> str:
    """Return what to do with a capture, as a sentence; empty for one without bytes."""
    if not look.bytes_seen:
        return ""
    if len(look.found) == 1:
        driver_id = look.found[0]
        return (
            f"These are frames of {family_name(driver_id)}. See what they say: chairside decode {driver_id} {path}. "
            f"Open it: chairside --device {driver_id}@{port}"
        )
    if look.found:
        names = " and of ".join(family_name(driver_id) for driver_id in look.found)
        return f"This fits frames of {names} equally well: read on the device which it is, then chairside decode ID {path}"
    if look.parity:
        return (
            "This looks like text with a parity bit: capture again with --bits 7 --parity E, or set the monitor's port to "
            "no parity."
        )
    if look.text:
        return (
            "This is readable text of no known family: lines with separators can be described in a file "
            f"(docs/describing-a-monitor.md); else send {path} to support with the monitor's make and model."
        )
    return (
        f"No known family fits: try other speeds (--baud) and parities (--parity), or send {path} to support with the "
        "monitor's make, model and the settings of its port."
    )
