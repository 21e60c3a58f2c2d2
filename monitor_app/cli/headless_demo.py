"""The headless demo: a whole visit by the virtual nurse, its record, its exports, and a picture of each phase."""

import argparse
import gc
import json
import os
from pathlib import Path

from devices.errors import KnownError
from monitor_app.cli.output import note
from monitor_app.cli.qt_app import application
from monitor_app.cli.stop_signal import StopSignal
from monitor_app.services.demo import DemoOrder, DemoVisit, VisitStoppedError, prepare_out
from monitor_app.training.nurse import NURSE
from monitor_app.ui.chair_screen import Photographer

DEFAULT_OUT = Path("demo-output")
GC_THRESHOLD = 100_000
"""A short run makes few cycles; looking for them less often saves a twentieth of its time."""


def run_headless_demo(arguments: argparse.Namespace) -> int:
    """Play a whole visit, write record, exports and pictures, and say where they are.

    Told to stop, it ends the record where it is, exports nothing, and returns the status of that signal.
    """
    out = arguments.out or DEFAULT_OUT
    prepare_out(out)
    data_dir = arguments.data_dir or out / "record"
    order = DemoOrder(
        scenario=arguments.scenario, seed=arguments.seed, data_dir=data_dir, out=out, raw=arguments.raw
    )
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD)
    gc.enable()
    with StopSignal() as stop, application():
        try:
            visit = DemoVisit(order, lambda model: Photographer(model, NURSE), stopped=lambda: stop.requested)
            summary = visit.run()
        except VisitStoppedError as ended:
            note(str(ended))
            return stop.status
    if arguments.json:
        print(json.dumps(summary))
    else:
        _print_summary(summary, data_dir, out)
    return 0


def _print_summary(summary: dict[str, object], data_dir: Path, out: Path) -> None:
    simulated, wall = summary["simulated_s"], summary["wall_s"]
    alarms = summary["alarms"]
    if not isinstance(simulated, float) or not isinstance(wall, float) or not isinstance(alarms, list):
        raise KnownError("the demo gave no summary")
    print(
        f"Scenario {summary['scenario']}, seed {summary['seed']}: {simulated / 60:.0f} min in {wall:.1f} s."
    )
    for alarm in alarms:
        print(
            f"  {alarm['t'] / 60:6.1f} min  {alarm['phase']:6} {alarm['priority']:6} {alarm['rule']}  {alarm['text']}"
        )
    print(f"Record:   {data_dir / 'training.db'} (session {summary['session']})")
    print(f"Exports:  {out / 'csv'}, {out / 'json'}")
    print(f"Pictures: {out}/screen-*.png")
