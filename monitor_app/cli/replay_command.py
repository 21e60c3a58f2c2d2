"""``chairside replay``: a recording through processing and the alarm engine."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from devices.clock import NS_PER_S, Clock, SystemClock
from devices.errors import KnownError
from devices.recordings.csv_signals import NUMERICS_SUFFIX, SIGNALS_SUFFIX
from devices.recordings.loader import load_recording
from devices.registry import make_driver, plain_id
from monitor_app.cli.data_dir import data_dir
from monitor_app.cli.output import print_json
from monitor_app.services.raw_source import driver_of, is_file_name
from monitor_app.services.replay import (
    Line,
    parse_baseline,
    parse_pressure,
    parse_replay_phase,
    replay_csv,
)
from monitor_app.services.replay_facts import ReplayOptions
from monitor_app.services.replay_judged import KIND as NOT_JUDGED
from monitor_app.services.replay_raw import replay_capture, replay_raw_session
from monitor_app.services.replay_session import replay_session
from monitor_app.services.replay_waves import replay_recording
from monitor_app.storage.store import open_archive

_WFDB_SUFFIXES = frozenset({".hea", ".dat", ".mat", ".atr"})
CAPTURE_SUFFIXES = frozenset({".raw", ".cap"})
_EDF_SUFFIXES = frozenset({".edf", ".bdf"})


def run_replay(arguments: argparse.Namespace) -> int:
    """Print the alarms of a recording, with ``--numerics`` its values too, and last the rules that could not be judged.

    Raises KnownError.
    """
    clock = SystemClock()
    lines = _lines(arguments)
    for line in lines if arguments.speed is None else paced(lines, arguments.speed, clock):
        if arguments.json:
            print_json(line)
        else:
            print(_text(line))
        if arguments.speed is not None:
            sys.stdout.flush()
    return 0


def paced(lines: Iterator[Line], speed: float, clock: Clock) -> Iterator[Line]:
    """Yield each line when its time has come, ``speed`` seconds of the recording to a second of the clock."""
    start_ns = clock.monotonic_ns()
    for line in lines:
        t_s = line["t"]
        if isinstance(t_s, int | float):
            clock.sleep_until(start_ns + round(t_s / speed * NS_PER_S))
        yield line


def _lines(arguments: argparse.Namespace) -> Iterator[Line]:
    options, source = _options(arguments), Path(arguments.source)
    if arguments.raw or arguments.driver is not None or source.suffix.lower() in CAPTURE_SUFFIXES:
        return _raw_lines(arguments, options)
    suffix = source.suffix.lower()
    if suffix in _EDF_SUFFIXES:
        raise KnownError(
            f"{source.name} is an EDF file, which cannot be replayed yet: convert it to WFDB or CSV."
        )
    if source.name.endswith((SIGNALS_SUFFIX, NUMERICS_SUFFIX)) or suffix in _WFDB_SUFFIXES:
        return replay_recording(load_recording(source), options)
    if suffix == ".csv":
        return replay_csv(source, options)
    if Path(f"{source}.hea").is_file() or Path(f"{source}{SIGNALS_SUFFIX}").is_file():
        return replay_recording(load_recording(source), options)
    if source.exists() or len(source.parts) > 1:
        found = "is no recording that can be replayed" if source.exists() else "does not exist"
        raise KnownError(
            f"{source} {found}: give a .csv of numerics, a WFDB header (.hea) or a session's id."
        )
    return replay_session(open_archive(data_dir(arguments)).record(arguments.source), options)


def _raw_lines(arguments: argparse.Namespace, options: ReplayOptions) -> Iterator[Line]:
    text, named = arguments.source, arguments.driver
    if is_file_name(text):
        if named is None:
            raise KnownError(f"{text} is a raw capture: name its monitor's family with --driver ID.")
        return replay_capture(Path(text), make_driver(plain_id(named)), options)
    record = open_archive(data_dir(arguments)).record(text)
    return replay_raw_session(
        record, lambda source: make_driver(plain_id(named or driver_of(source))), options
    )


def _options(arguments: argparse.Namespace) -> ReplayOptions:
    return ReplayOptions(
        phase=parse_replay_phase(arguments.phase) if arguments.phase is not None else ReplayOptions().phase,
        baseline=parse_baseline(arguments.baseline) if arguments.baseline is not None else None,
        t_end_s=arguments.t_end,
        bp_end=parse_pressure(arguments.bp_end) if arguments.bp_end is not None else None,
        nibp_interval_s=arguments.nibp_interval,
        numerics=arguments.numerics,
    )


def _text(line: Line) -> str:
    if line["kind"] == NOT_JUDGED:
        return _unjudged_text(line)
    at = f"{line['t']:10.3f} s"
    if line["kind"] == "numeric":
        value = "—" if line["value"] is None else f"{line['value']:g}"
        return f"{at}  {line['name']} {value} {line['unit']}"
    hidden = f"  (hidden by {line['suppressed_by']})" if line["suppressed"] else ""
    return (
        f"{at}  {line['rule']:9} {line['from']} to {line['to']}  {line['priority']}  {line['text']}{hidden}"
    )


def _unjudged_text(line: Line) -> str:
    """Group the rules by the reason they share."""
    rules, by_reason = line["rules"], dict[str, list[str]]()
    assert isinstance(rules, list)
    for rule in rules:
        by_reason.setdefault(rule["why"], []).append(rule["rule"])
    said = [f"  {', '.join(ids)}: {why}" for why, ids in by_reason.items()]
    return "\n".join(["Rules that could not be judged:", *said])
