"""``chairside bench``: measures speed and size against the bounds of design.md §9; exit status 1 if one is missed."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

from devices.errors import ConfigError
from monitor_app.cli.bench.alarm import measure_alarm
from monitor_app.cli.bench.decode import measure_decoding
from monitor_app.cli.bench.figure import Figure, show, taken
from monitor_app.cli.bench.latency import measure_latency
from monitor_app.cli.bench.noise import Crowd
from monitor_app.cli.bench.process import can_emulate
from monitor_app.cli.bench.recording import measure_recording
from monitor_app.cli.bench.startup import measure_resume, measure_startup
from monitor_app.cli.bench.storm import Extent, measure_storm
from monitor_app.cli.bench.sweep import measure_sweep
from monitor_app.cli.bench.usage import measure_headless, measure_usage
from monitor_app.cli.qt_app import application
from monitor_app.ui.fonts import load_fonts

Part = tuple[str, Callable[[], list[Figure]]]


def run_bench(arguments: argparse.Namespace) -> int:
    """Measure everything, print it, and say whether every bound is kept."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with application() as app, tempfile.TemporaryDirectory(prefix="chairside-bench-") as folder:
        load_fonts()
        found = parts(app, Path(folder), quick=arguments.quick, named=arguments.parts)
        try:
            wanted = chosen(found, arguments.parts)
        except ConfigError as error:
            print(f"chairside: {error}", file=sys.stderr)
            return 2
        crowd = Crowd()
        figures = measure(wanted, tell=not arguments.json)
        figures += [row for row in (crowd.figure(),) if row is not None]
    show(figures, json=arguments.json)
    return 1 if any(figure.ok is False for figure in figures) else 0


def parts(app: QApplication, folder: Path, *, quick: bool, named: Sequence[str] = ()) -> Sequence[Part]:
    """What is measured, in order: the quiet single-threaded measurements first.

    A storm asked for by name is a long one. Where there are no pseudo-terminals one alarm at a time stands for it.
    """

    def place(name: str) -> Path:
        made = folder / name
        made.mkdir()
        return made

    found: list[Part] = [
        ("sweep", lambda: measure_sweep(app, quick=quick)),
        ("decode", lambda: measure_decoding(quick=quick)),
        ("recording", lambda: measure_recording(place("recording"), quick=quick)),
        ("headless", lambda: measure_headless(place("headless"), quick=quick)),
        ("start", lambda: measure_startup(place("startup"), quick=quick)),
        ("latency", lambda: measure_latency(place("latency"), quick=quick)),
    ]
    if not can_emulate() or "alarm" in named:
        found.append(("alarm", lambda: measure_alarm(place("alarm"), quick=quick)))
    if can_emulate():
        extent = Extent.QUICK if quick else Extent.LONG if "storm" in named else Extent.USUAL
        found.append(("storm", lambda: measure_storm(place("storm"), extent)))
        found.append(("usage", lambda: measure_usage(place("usage"), quick=quick)))
        if not quick:
            found.append(("kill", lambda: measure_resume(place("resume"))))
    return found


def chosen(found: Sequence[Part], named: Sequence[str]) -> Sequence[Part]:
    """The parts with these names, all where none is named. Raises ConfigError for a name that is none."""
    there = [name for name, _ in found]
    for name in named:
        if name not in there:
            raise ConfigError(f"The bench has no part {name} here; choose from {', '.join(there)}.")
    return [part for part in found if part[0] in named] if named else found


def measure(wanted: Sequence[Part], *, tell: bool) -> list[Figure]:
    """Take one part after another; ``tell`` says on stderr which one runs."""
    figures: list[Figure] = []
    for name, part in wanted:
        if tell:
            print(f"measuring: {name} …", file=sys.stderr, flush=True)
        figures += taken(name, part)
    return figures
