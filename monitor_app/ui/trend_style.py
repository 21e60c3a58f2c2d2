"""Colours and fonts of the trend chart."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont

from monitor_app.core.priority import Priority


@dataclass(frozen=True, slots=True)
class TrendStyle:
    """Colours and fonts of the chart, and the factor on the pixels of screen.md."""

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
    scale: float = 1.0

    def px(self, design: float) -> float:
        """Pixels for a length of screen.md; not rounded, so that symbols keep their proportions."""
        return design * self.scale

    @property
    def strong(self) -> QFont:
        """The font of names."""
        font = QFont(self.font)
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def alarm(self, priority: Priority | None, otherwise: QColor) -> QColor:
        """Colour of what an alarm marks."""
        return otherwise if priority is None else self.alarms.get(priority.value, otherwise)


def faint(colour: QColor, alpha: int) -> QColor:
    """Return the colour with this opacity of 255."""
    made = QColor(colour)
    made.setAlpha(alpha)
    return made
