"""The waves around an alarm, standing still: 25 mm/s, true mm/mV, the alarm in the middle (clinical.md §8.6)."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QScrollArea, QScroller, QWidget

from monitor_app.core.stamp import NS_PER_S
from monitor_app.core.wave_snapshot import AROUND_S, Snapshot, SnapshotWave
from monitor_app.ui.canvas import Canvas, Painted, Run
from monitor_app.ui.look import Look
from monitor_app.ui.polyline import polyline
from monitor_app.ui.style import CAPTION, SMALL

SPEED_MM_PER_S = 25.0
GAINS_MM_PER_MV = (10.0, 5.0, 2.5)
"""Tried in this order: the first at which the whole ECG fits (clinical.md §8.6)."""
GRID_MM = 5.0
MOST_LANES = 2
ECG_SHARE = 0.64
TRACE_PX = 1.6
FOOT_PX = 18
PIECE = 256
"""Long lines are drawn in pieces: Qt's rasteriser takes ten times as long for one of thousands of points."""


class SnapshotStrip(Painted):
    """Draws a snapshot at its true width; it stands in a scroll area that shows the part around the alarm first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshot: Snapshot | None = None
        self._words = ""

    def show_snapshot(self, shot: Snapshot | None, words: str = "") -> None:
        """Take the waves, or ``words`` about why there are none."""
        self._snapshot, self._words = shot, words
        names = ", ".join(_title(wave) for wave in shot.waves) if shot is not None else ""
        self.setAccessibleName(self.tr("Waves around the alarm: %s") % (names or words))
        self.update()

    def sizeHint(self) -> QSize:
        """Twenty seconds at 25 mm/s."""
        return QSize(round(2 * AROUND_S * SPEED_MM_PER_S * self.look.metrics.px_per_mm), 60)

    @property
    def px_per_s(self) -> float:
        """Pixels of a second."""
        return SPEED_MM_PER_S * self.look.metrics.px_per_mm

    def paint(self, canvas: Canvas) -> None:
        """Draw grid, traces, the alarm's line and what it is drawn to."""
        look = self.look
        canvas.fill(QRectF(self.rect()), look.colour("panel"))
        shot = self._snapshot
        left = self.visibleRegion().boundingRect().left() + look.px(8)
        if shot is None or not shot.waves:
            words = self._words or self.tr("No wave was recorded here.")
            canvas.text(left, self.height() / 2, Run(words, look.text(SMALL), look.colour("muted")))
            return
        foot = look.px(FOOT_PX)
        self._paint_times(canvas, foot)
        waves = _chosen(shot.waves)
        lanes = _lanes(QRectF(0, 0, self.width(), self.height() - foot), waves)
        for wave, lane in zip(waves, lanes, strict=True):
            room = max(lane.height() - 2 * TRACE_PX, 1.0)
            gain, words = self._gain(wave, room)
            caption = f"{_title(wave)} · {SPEED_MM_PER_S:g} mm/s · {words}"
            at = lane.top() + look.px(14)  # below the trace: words must not hide a beat
            canvas.text(left, at, Run(caption, look.text(CAPTION), look.colour("text")))
            self._paint_wave(canvas, wave, lane, gain=gain, start_t_ns=shot.start_t_ns)

    def _paint_times(self, canvas: Canvas, foot: float) -> None:
        look, bottom = self.look, self.height() - foot
        grid = look.colour("hairline")
        step = GRID_MM * look.metrics.px_per_mm
        canvas.painter.setPen(QPen(grid, 1))
        for index in range(int(self.width() / step) + 1):
            canvas.painter.drawLine(QPointF(index * step, 0), QPointF(index * step, bottom))
        middle = AROUND_S * self.px_per_s
        canvas.painter.setPen(QPen(look.colour("text"), 2, Qt.PenStyle.DashLine))
        canvas.painter.drawLine(QPointF(middle, 0), QPointF(middle, bottom))
        base = self.height() - look.px(4)
        for second in range(-round(AROUND_S) + 1, round(AROUND_S)):
            words = self.tr("alarm") if second == 0 else f"{second:+d} s"
            run = Run(words, look.text(CAPTION), look.colour("text" if second == 0 else "muted"))
            x = middle + second * self.px_per_s
            canvas.centre(QRectF(x - 40, 0, 80, 10), base, run)

    def _paint_wave(
        self, canvas: Canvas, wave: SnapshotWave, lane: QRectF, *, gain: float, start_t_ns: int
    ) -> None:
        middle = (float(wave.values.min()) + float(wave.values.max())) / 2
        y = lane.center().y() - (wave.values - middle) * gain
        x = (wave.t_ns - start_t_ns) / NS_PER_S * self.px_per_s
        colour = QColor(self.look.palette.role(_role(wave.name)))
        canvas.painter.setPen(QPen(colour, TRACE_PX, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for run in wave.runs:
            _draw(canvas, x[run], y[run])

    def _gain(self, wave: SnapshotWave, room: float) -> tuple[float, str]:
        """Pixels per unit and the words for it: a true gain for an ECG in mV, else as high as the lane."""
        span = float(np.ptp(wave.values))
        filled = room / span if span > 0 else 1.0
        if wave.unit != "mV":
            return filled, self.tr("×1, uncalibrated") if not wave.unit else self.tr("scaled to fit")
        per_mm = self.look.metrics.px_per_mm
        for gain in GAINS_MM_PER_MV:
            if span * gain * per_mm <= room:
                return gain * per_mm, f"{gain:g} mm/mV"
        return filled, self.tr("scaled to fit")


class SnapshotView(QScrollArea):
    """A strip that is moved by a finger or the arrow keys; opens with the alarm in the middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strip = SnapshotStrip()
        self.setWidget(self.strip)
        self.setWidgetResizable(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.LeftMouseButtonGesture)
        self.horizontalScrollBar().valueChanged.connect(lambda _value: self.strip.update())

    def set_look(self, look: Look) -> None:
        """Take another colour set or size."""
        self.strip.set_look(look)
        self._fit()

    def centre(self) -> None:
        """Show the alarm in the middle."""
        bar = self.horizontalScrollBar()
        bar.setValue((self.strip.width() - self.viewport().width()) // 2)

    def resizeEvent(self, event: object) -> None:
        """Keep the strip as high as the view, and the alarm in the middle."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _fit(self) -> None:
        self.strip.resize(
            max(self.strip.sizeHint().width(), self.viewport().width()), self.viewport().height()
        )
        self.centre()


def _draw(canvas: Canvas, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> None:
    for begin in range(0, len(x), PIECE):
        end = min(begin + PIECE + 1, len(x))
        line = polyline(end - begin)
        line.x[:], line.y[:] = x[begin:end], y[begin:end]
        canvas.painter.drawPolyline(line.polygon)


def _chosen(waves: tuple[SnapshotWave, ...]) -> list[SnapshotWave]:
    """One wave of each kind, the ECG first; the longest where a scale became known in between."""
    best: dict[str, SnapshotWave] = {}
    for wave in waves:
        known = best.get(_role(wave.name))
        if known is None or (known.name == wave.name and len(wave.values) > len(known.values)):
            best[_role(wave.name)] = wave
    return list(best.values())[:MOST_LANES]


def _lanes(room: QRectF, waves: list[SnapshotWave]) -> list[QRectF]:
    if len(waves) == 1:
        return [room]
    first = room.height() * (ECG_SHARE if _role(waves[0].name) == "ecg" else 0.5)
    upper = QRectF(room.left(), room.top(), room.width(), first)
    return [upper, QRectF(room.left(), upper.bottom(), room.width(), room.height() - first)]


def _role(name: str) -> str:
    return "ecg" if name.startswith("ECG") else {"PLETH": "pleth", "RESP": "resp"}.get(name, name)


def _title(wave: SnapshotWave) -> str:
    return wave.name.replace("_", " ").replace("PLETH", "Pleth").replace("RESP", "Resp")
