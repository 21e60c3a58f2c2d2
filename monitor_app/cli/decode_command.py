"""``chairside decode``: what a raw capture, or the raw bytes beside a session, hold."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from devices.drivers.base import Driver
from devices.errors import ConfigError
from devices.registry import make_driver, plain_id
from monitor_app.cli.data_dir import data_dir
from monitor_app.cli.output import note, print_json
from monitor_app.services.decode_run import Line, decode_file, decode_pieces
from monitor_app.services.raw_source import find_raw, is_file_name
from monitor_app.storage.store import open_archive

_SHOWN_SAMPLES = 8
_CHANCE_SHARE = 1 / 100
"""A file of which not so much stands in good frames holds them by chance: it is another monitor's."""


def run_decode(arguments: argparse.Namespace) -> int:
    """Print every signal, then the summary; 1 when no valid frame, or none but by chance, was found. Raises KnownError."""
    driver = make_driver(plain_id(arguments.driver))
    line: Line = {}
    for line in _lines(driver, arguments):
        if arguments.json:
            print_json(line)
        else:
            print(_text(line))
    trouble = _trouble(line, driver.info.id, arguments)
    if trouble:
        note(trouble)
    return 1 if trouble else 0


def _trouble(summary: Line, driver_id: str, arguments: argparse.Namespace) -> str:
    """Return why this is not that monitor's capture; empty where it is."""
    frames_ok, size, discarded = (summary.get(key, 0) for key in ("frames_ok", "bytes", "bytes_discarded"))
    if frames_ok and size - discarded >= _CHANCE_SHARE * size:
        return ""
    if frames_ok:
        return (
            f"{frames_ok} good frames of {driver_id}, no more, in the {size} bytes of {arguments.file}, as chance gives them: "
            "it may be another monitor's, or taken at a wrong speed."
        )
    plain_file = is_file_name(arguments.file) and not arguments.hex
    hint = ", or hexadecimal text that needs --hex" if plain_file else ""
    return (
        f"no valid frame of {driver_id} in {arguments.file}: it may be another monitor's, taken at a wrong "
        f"speed{hint}."
    )


def _lines(driver: Driver, arguments: argparse.Namespace) -> Iterator[Line]:
    if is_file_name(arguments.file):
        return decode_file(driver, Path(arguments.file), hexadecimal=arguments.hex)
    if arguments.hex:
        raise ConfigError("--hex is for files of hexadecimal text: a session's raw bytes are none.")
    record, track = find_raw(open_archive(data_dir(arguments)), arguments.file, driver_id=driver.info.id)
    return decode_pieces(driver, track.pieces(), zero_t_ns=record.opened.stamp.t_ns)


def _text(line: Line) -> str:
    at = f"{line['t']:10.3f} s  " if "t" in line else ""
    return (
        at + _WORDS[line["kind"]](line) + (f"  ({', '.join(line['quality'])})" if line.get("quality") else "")
    )


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
