"""An eye for the strips: where the ink of a trace stands in a picture, with nothing known of how it was drawn."""

import numpy as np
from PySide6.QtGui import QColor, QFont, QImage, QPixmap

from monitor_app.services.screen import WaveView
from monitor_app.services.wave_ring import WaveRing
from monitor_app.ui.strip_area import StripArea
from monitor_app.ui.strip_style import StripStyle

PX_PER_MM = 3.78
PX_PER_S = 25 * PX_PER_MM
NS = 1_000_000_000
BACKGROUND = QColor("#0A0E13")
GREEN = QColor("#2EE58B")
BLUE = QColor("#6AA8FF")


def style() -> StripStyle:
    font = QFont("Inter")
    font.setPixelSize(15)
    return StripStyle(
        background=BACKGROUND,
        hairline=QColor("#1D2732"),
        muted=QColor("#8A97A6"),
        warning=QColor("#E8EEF4"),
        roles={"ecg": GREEN, "pleth": BLUE},
        title_font=font,
        caption_font=font,
    )


def view(
    name="ECG_II", *, role="ecg", rate_hz=500.0, gain=10.0, sweep=25.0, low=-1.0, high=1.0, stale=""
) -> WaveView:
    return WaveView(name, name, "25 mm/s", role, rate_hz, sweep, gain, low, high, stale)


def add(ring: WaveRing, values, first: int | None = None, zero_s: float = 0.0) -> None:
    """Append samples whose counter 0 was taken at ``zero_s``."""
    first = ring.end if first is None else first
    end = first + len(values)
    ring.append(first, np.asarray(values, dtype=np.float32), round((zero_s + end / ring.rate_hz) * NS))


def area(qtbot, size=(800, 240)) -> StripArea:
    strip = StripArea(style(), PX_PER_MM)
    qtbot.addWidget(strip)
    strip.resize(*size)
    strip.show()
    return strip


def showing(qtbot, *pairs, size=(800, 240)) -> StripArea:
    """A strip that shows these views with these rings."""
    strip = area(qtbot, size)
    strip.show_waves(tuple(v for v, _ in pairs), {v.name: ring for v, ring in pairs})
    return strip


def pixels(picture: QPixmap | QImage) -> np.ndarray:
    """Colours as floats, shape (rows, columns, 3)."""
    image = QImage(picture.toImage() if isinstance(picture, QPixmap) else picture)
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    table = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return table[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(float)


def ink(strip: StripArea, name="ECG_II", colour=GREEN) -> np.ndarray:
    """Share of each device pixel of a trace's rectangle that is covered, shape (rows, columns)."""
    ratio = strip.picture.devicePixelRatioF()
    rect = strip.trace_rect(name)
    box = [
        round(v * ratio)
        for v in (rect.top(), rect.top() + rect.height(), rect.left(), rect.left() + rect.width())
    ]
    table = pixels(strip.picture)[box[0] : box[1], box[2] : box[3]]
    ground = np.array(BACKGROUND.getRgb()[:3], dtype=float)
    towards = np.array(colour.getRgb()[:3], dtype=float) - ground
    return np.clip((table - ground) @ towards / (towards @ towards), 0, 1)


def rows(cover: np.ndarray) -> np.ndarray:
    """Row of the ink's centre in each column; NaN where there is none."""
    weight = cover.sum(axis=0)
    heights = np.arange(len(cover)) + 0.5
    with np.errstate(invalid="ignore"):
        return np.where(weight > 0.3, heights @ cover / np.where(weight > 0.3, weight, 1), np.nan)


def empty_columns(cover: np.ndarray) -> np.ndarray:
    """Columns without any ink."""
    return np.flatnonzero(cover.max(axis=0) < 0.02)
