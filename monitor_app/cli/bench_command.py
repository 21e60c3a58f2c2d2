"""``chairside bench``: measures speed and size against the bounds of design.md §9; exit status 1 if one is missed."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

from monitor_app.cli.bench.alarm import measure_alarm
from monitor_app.cli.bench.decode import measure_decoding
from monitor_app.cli.bench.figure import Figure, show, taken
from monitor_app.cli.bench.latency import measure_latency
from monitor_app.cli.bench.process import can_emulate
from monitor_app.cli.bench.recording import measure_recording
from monitor_app.cli.bench.startup import measure_resume, measure_startup
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
        figures = measure(parts(app, Path(folder), quick=arguments.quick), tell=not arguments.json)
    show(figures, json=arguments.json)
    return 1 if any(figure.ok is False for figure in figures) else 0


def parts(app: QApplication, folder: Path, *, quick: bool) -> Sequence[Part]:
    """What is measured, in order: the quiet single-threaded measurements first."""

    def place(name: str) -> Path:
        made = folder / name
        made.mkdir()
        return made

    found: list[Part] = [
        ("sweep", lambda: measure_sweep(app, quick=quick)),
        ("decode", lambda: measure_decoding(quick=quick)),
        ("recording", lambda: measure_recording(place("recording"), quick=quick)),
        ("headless visit", lambda: measure_headless(place("headless"), quick=quick)),
        ("start", lambda: measure_startup(place("startup"), quick=quick)),
        ("latency", lambda: measure_latency(place("latency"), quick=quick)),
        ("alarm", lambda: measure_alarm(place("alarm"), quick=quick)),
    ]
    if can_emulate():
        found.append(("usage", lambda: measure_usage(place("usage"), quick=quick)))
        if not quick:
            found.append(("kill -9", lambda: measure_resume(place("resume"))))
    return found


def measure(wanted: Sequence[Part], *, tell: bool) -> list[Figure]:
    """Take one part after another; ``tell`` says on stderr which one runs."""
    figures: list[Figure] = []
    for name, part in wanted:
        if tell:
            print(f"measuring: {name} …", file=sys.stderr, flush=True)
        figures += taken(name, part)
    return figures
