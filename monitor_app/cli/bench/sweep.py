"""The cost of a frame: our sweep, and the same picture drawn by a plotting library, in turns in one run (design.md §9)."""

import statistics
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QApplication, QWidget

from devices.clock import NS_PER_MS, NS_PER_S
from monitor_app.cli.bench.figure import Figure
from monitor_app.services.screen import WaveView
from monitor_app.services.wave_ring import WaveRing
from monitor_app.ui.chart_looks import strip_style
from monitor_app.ui.look import Look
from monitor_app.ui.strip_area import StripArea
from monitor_app.ui.strip_lane import LaneInk

TRACES, RATE_HZ, SIZE = 12, 500.0, (1920, 1080)
FRAMES_PER_S = 60
PX_PER_MM = 3.78
"""96 dots to the inch: what an uncalibrated screen says of itself."""
FRAME_BOUND_MS, RATIO_BOUND = 1.5, 100.0
"""design.md §9, first row."""

Samples = npt.NDArray[np.float32]


def measure_sweep(app: QApplication, *, quick: bool) -> list[Figure]:
    """Interleave blocks of our frames with single frames of the rival; medians of CPU time of the whole process."""
    ours, rival = _OurStrips(), _RivalCurves()
    ours.widget.show()
    rival.widget.show()
    ours.fill()
    rival.fill()
    app.processEvents()
    ours_ns: list[int] = []
    rival_ns: list[int] = []
    for _ in range(3 if quick else 6):
        for _ in range(60 if quick else 150):
            ours.add_frame()
            ours_ns.append(_cost_ns(lambda: _draw(ours.widget.draw_frame, app)))
        rival.add_frame()
        rival_ns.append(_cost_ns(lambda: _draw(rival.update_whole, app)))
    ours.widget.close()
    rival.let_go()
    frame_ms, rival_ms = (statistics.median(ns) / NS_PER_MS for ns in (ours_ns, rival_ns))
    p99_ms = float(np.quantile(ours_ns, 0.99)) / NS_PER_MS
    what = (
        f"{TRACES} traces × {RATE_HZ:g} Hz, {SIZE[0]}×{SIZE[1]}, antialiased 2 px, CPU of the whole process"
    )
    return [
        Figure("sweep frame", frame_ms, "ms", FRAME_BOUND_MS, note=what),
        Figure("sweep frame p99", p99_ms, "ms"),
        Figure(
            "same picture, PlotCurveItems updated whole", rival_ms, "ms", note=f"pyqtgraph {pg.__version__}"
        ),
        Figure("sweep against PlotCurveItems", rival_ms / frame_ms, "×", RATIO_BOUND, at_least=True),
    ]


def _cost_ns(work: Callable[[], None]) -> int:
    """CPU time of all threads of this process: what one core pays, whoever else is on the machine."""
    begun = time.process_time_ns()
    work()
    return time.process_time_ns() - begun


def _draw(work: Callable[[], None], app: QApplication) -> None:
    work()
    app.processEvents()


def _wave(first: int, count: int) -> Samples:
    """A beat of 75/min on a breathing baseline, mV."""
    t_s = np.arange(first, first + count) / RATE_HZ
    beat = np.exp(-((((t_s % 0.8) - 0.4) / 0.012) ** 2)) - 0.2 * np.exp(
        -((((t_s % 0.8) - 0.44) / 0.015) ** 2)
    )
    hump = 0.25 * np.exp(-((((t_s % 0.8) - 0.62) / 0.05) ** 2))
    return (beat + hump + 0.1 * np.sin(2 * np.pi * 0.25 * t_s)).astype(np.float32)


def _frame_samples(frame: int) -> tuple[int, int]:
    """First sample of a frame and how many it has, without drift."""
    first = int(frame * RATE_HZ / FRAMES_PER_S)
    return first, int((frame + 1) * RATE_HZ / FRAMES_PER_S) - first


class _OurStrips:
    """The strips of the program, fed frame by frame."""

    def __init__(self) -> None:
        self.widget = StripArea(strip_style(Look()), PX_PER_MM)
        self.widget.resize(*SIZE)
        names = [f"ECG_{k}" for k in range(TRACES)]
        self._rings = {name: WaveRing(RATE_HZ) for name in names}
        views = (WaveView(n, n, "25 mm/s", "ecg", RATE_HZ, 25.0, 10.0, -1.0, 1.0) for n in names)
        self._views = tuple(views)
        self._frame = 0

    def fill(self) -> None:
        """One sweep and a half, so that the erase bar runs over older ink."""
        for _ in range(20 * FRAMES_PER_S):
            self.add_frame()
        self.widget.show_waves(self._views, self._rings)

    def add_frame(self) -> None:
        """Let the samples of one frame arrive."""
        first, count = _frame_samples(self._frame)
        self._frame += 1
        values = _wave(first, count)
        for ring in self._rings.values():
            ring.append(first, values, round((first + count) * NS_PER_S / RATE_HZ))


class _RivalCurves:
    """The same picture as curve items: each frame the whole sweep of each trace is set anew."""

    def __init__(self) -> None:
        look = Look()
        self.widget: QWidget = pg.GraphicsView()
        self.widget.setBackground(look.colour("background"))
        self.widget.resize(*SIZE)
        self._view = pg.ViewBox(enableMouse=False)
        self.widget.setCentralItem(self._view)
        self._view.setRange(xRange=(0, SIZE[0]), yRange=(0, SIZE[1]), padding=0)
        self._view.invertY(True)
        pen: QPen = LaneInk(look.colour("ecg"), look.colour("background")).pen
        pen.setCosmetic(True)
        pen.setStyle(Qt.PenStyle.SolidLine)
        self._curves = [pg.PlotCurveItem(pen=pen, antialias=True, connect="finite") for _ in range(TRACES)]
        for curve in self._curves:
            self._view.addItem(curve)
        px_per_sample = 25 * PX_PER_MM / RATE_HZ
        self._x = px_per_sample * np.arange(int(SIZE[0] / px_per_sample))
        self._values = np.full(len(self._x), np.nan, dtype=np.float32)
        self._gap = int(0.25 * RATE_HZ)
        self._frame = 0

    def fill(self) -> None:
        """One sweep and a half."""
        for _ in range(20 * FRAMES_PER_S):
            self.add_frame()
        self.update_whole()

    def add_frame(self) -> None:
        """Let the samples of one frame arrive, and open the gap before them."""
        first, count = _frame_samples(self._frame)
        self._frame += 1
        where = np.arange(first, first + count) % len(self._x)
        self._values[where] = _wave(first, count)
        self._values[np.arange(first + count, first + count + self._gap) % len(self._x)] = np.nan

    def update_whole(self) -> None:
        """Set every curve anew."""
        lane = SIZE[1] / TRACES
        for number, curve in enumerate(self._curves):
            curve.setData(self._x, (number + 0.6) * lane - 10 * PX_PER_MM * self._values)

    def let_go(self) -> None:
        """Close the view in the order the library needs: its own ``close`` is not safe in 0.14."""
        for curve in self._curves:
            self._view.removeItem(curve)
        QWidget.close(self.widget)
        self.widget.deleteLater()
