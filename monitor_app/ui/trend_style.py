"""Colours and fonts of the trend chart."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont


@dataclass(frozen=True, slots=True)
class TrendStyle:
    """Colours and fonts of the chart."""

    background: QColor
    grid: QColor
    muted: QColor
    text: QColor
    hr: QColor
    spo2: QColor
    nibp: QColor
    drug: QColor
    bands: Mapping[str, QColor]
    alarms: Mapping[str, QColor]
    font: QFont
