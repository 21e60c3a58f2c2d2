"""Colours, fonts and scale of the sweep strips."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont


@dataclass(frozen=True, slots=True)
class StripStyle:
    """Colours by role, the two label fonts, and the factor on the pixels of screen.md."""

    background: QColor
    hairline: QColor
    muted: QColor
    warning: QColor
    roles: Mapping[str, QColor]
    title_font: QFont
    caption_font: QFont
    scale: float = 1.0

    def colour(self, role: str) -> QColor:
        """Colour of a role; an unknown wave is drawn in the muted colour."""
        return self.roles.get(role, self.muted)

    def px(self, design: float) -> int:
        """Pixels for a length of screen.md."""
        return max(1, round(design * self.scale))
