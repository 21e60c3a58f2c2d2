"""``record`` and ``resume``: recording without a window, and what a cut-off session left."""

import argparse
import json
import sys
import threading

from devices.errors import KnownError
from devices.registry import parse_device
from monitor_app.cli.data_dir import data_dir
from monitor_app.cli.guard import guard
from monitor_app.cli.stop_signal import StopSignal
from monitor_app.services.record_run import RecordOrder, RecordRun, await_ports, open_sessions
from monitor_app.services.settings import load_settings


def run_record(arguments: argparse.Namespace) -> int:
    """Record for a while; exit status 1 when no valid frame came."""
    folder = data_dir(arguments)
    order = RecordOrder(
        data_dir=folder,
        devices=tuple(parse_device(text) for text in arguments.device),
        seconds=arguments.seconds,
        nibp_every_min=arguments.nibp_every,
        patient_key=arguments.patient,
        fresh=arguments.new,
        confirmed_by=arguments.confirm_real,
        raw=arguments.raw or load_settings(folder).record_raw,
    )
    stopped = threading.Event()
    with StopSignal() as stop:
        stop.on_stop(stopped.set)
        run = RecordRun(order, waited_s=await_ports(order, stopped.wait))
        if run.resumed_text:
            print(run.resumed_text, file=sys.stderr)
        guard(run.chair)
        summary = run.run(stopped.wait)
    if arguments.json:
        print(json.dumps(summary))
    elif summary["session"] is not None:
        _print_summary(summary)
    if not summary["frames_ok"]:
        raise KnownError(run.why_nothing_came())
    return 0


def _print_summary(summary: dict[str, object]) -> None:
    waves, numerics, gaps = summary["waveforms"], summary["numerics"], summary["gaps"]
    assert isinstance(waves, dict)
    assert isinstance(numerics, dict)
    assert isinstance(gaps, list)
    print(f"session {summary['session']}: {summary['seconds']:.1f} s, {summary['frames_ok']} frames")
    for name, count in {**waves, **numerics}.items():
        print(f"  {name}: {count}")
    print(f"  NIBP readings: {summary['nibp']}, gaps: {len(gaps)}, bad frames: {summary['frames_bad']}")


def run_resume(arguments: argparse.Namespace) -> int:
    """Say what cut-off sessions left, newest first."""
    found = open_sessions(data_dir(arguments))
    if arguments.json:
        print(json.dumps(found))
        return 0
    if not found:
        print("No session was cut off.")
    for left in found:
        mark = "SIMULATED" if left["simulated"] else "clinical"
        print(
            f"{left['session']}  {left['patient'] or '(no key)'}  {mark}: reopens in {left['phase']}, "
            f"recorded until {left['last_utc']} ({left['recorded_s']:.1f} s)"
        )
    return 0
