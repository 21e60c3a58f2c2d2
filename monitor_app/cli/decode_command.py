"""``chairside decode``: what a raw capture holds."""

import argparse
from typing import Any

from devices.registry import make_driver, plain_id
from monitor_app.cli.output import note, print_json
from monitor_app.services.decode_run import Line, decode_file

_SHOWN_SAMPLES = 8


def run_decode(arguments: argparse.Namespace) -> int:
    """Print every signal, then the summary; 1 when no valid frame was found. Raises KnownError."""
    driver = make_driver(plain_id(arguments.driver))
    frames_ok = 0
    for line in decode_file(driver, arguments.file, hexadecimal=arguments.hex):
        if arguments.json:
            print_json(line)
        else:
            print(_text(line))
        frames_ok = line.get("frames_ok", frames_ok)
    if frames_ok:
        return 0
    hint = "" if arguments.hex else ", or hexadecimal text that needs --hex"
    note(
        f"no valid frame of {driver.info.id} in {arguments.file}: it may be another monitor's, taken at a wrong "
        f"speed{hint}."
    )
    return 1


def _text(line: Line) -> str:
    return _WORDS[line["kind"]](line) + (f"  ({', '.join(line['quality'])})" if line.get("quality") else "")


def _numeric(line: Line) -> str:
    return f"{line['name']:8} {_value(line['value'])} {line['unit']}"


def _waveform(line: Line) -> str:
    samples = line["samples"]
    shown = " ".join(f"{value:g}" for value in samples[:_SHOWN_SAMPLES])
    more = " …" if len(samples) > _SHOWN_SAMPLES else ""
    unit = "counts" if line["unit"] == "1" else line["unit"]
    return f"{line['name']:8} {len(samples)} samples from {line['first_sample']}, {unit}: {shown}{more}"


def _nibp(line: Line) -> str:
    if line["status"] != "ok":
        return f"{'NIBP':8} {line['detail']}"
    return f"{'NIBP':8} {_value(line['systolic'])}/{_value(line['diastolic'])} ({_value(line['mean'])}) mmHg"


def _status(line: Line) -> str:
    detail = f" {line['detail']}" if line["detail"] else ""
    cuff = f" cuff {line['cuff_mmhg']} mmHg" if line.get("cuff_mmhg") is not None else ""
    return f"{'status':8} {line['code']} {'begins' if line['active'] else 'ends'}{detail}{cuff}"


def _identity(line: Line) -> str:
    names = (line["manufacturer"], line["model"], line["serial_number"], line["firmware"])
    return f"{'identity':8} {' '.join(name for name in names if name)}{' (a simulator)' if line['simulator'] else ''}"


def _summary(line: Line) -> str:
    return (
        f"{line['bytes']} bytes, {line['frames_ok']} good frames, {line['frames_bad']} bad, "
        f"{line['resyncs']} times out of step"
    )


def _value(value: Any) -> str:
    return "—" if value is None else f"{value:g}"


_WORDS = {
    "numeric": _numeric,
    "waveform": _waveform,
    "nibp": _nibp,
    "status": _status,
    "beat": lambda line: f"{'beat':8} {line['source']}",
    "identity": _identity,
    "summary": _summary,
}
