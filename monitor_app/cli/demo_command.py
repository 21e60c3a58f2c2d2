"""``demo``: a simulated visit, in the window for a nurse to take it through, or headless from check-in to signature."""

import argparse
import json
import os
import sys
from pathlib import Path

from devices.errors import KnownError
from monitor_app.cli.qt_app import application, can_show_windows
from monitor_app.services.demo import DemoOrder, DemoVisit, prepare_out

DEFAULT_OUT = Path("demo-output")


def run_demo(arguments: argparse.Namespace) -> int:
    """Run the demo; where there is no display it is headless, and says so."""
    if arguments.headless:
        return _headless(arguments)
    if not can_show_windows():
        print("No display here: the demo runs without a window.", file=sys.stderr)
        return _headless(arguments)
    from monitor_app.cli.window_command import run_demo_window  # noqa: PLC0415 - only the window needs all of Qt

    return run_demo_window(arguments)


def _headless(arguments: argparse.Namespace) -> int:
    out = arguments.out or DEFAULT_OUT
    prepare_out(out)
    data_dir = arguments.data_dir or out / "record"
    order = DemoOrder(scenario=arguments.scenario, seed=arguments.seed, data_dir=data_dir, out=out)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with application():
        from monitor_app.training.nurse import NURSE  # noqa: PLC0415
        from monitor_app.ui.chair_screen import Photographer  # noqa: PLC0415

        visit = DemoVisit(order, lambda model: Photographer(model, NURSE))
        summary = visit.run()
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
