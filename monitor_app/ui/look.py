"""How everything looks now: one colour set at one size. Handed to every widget, replaced as a whole."""

from dataclasses import dataclass, field

from PySide6.QtGui import QColor, QFont

from monitor_app.ui.fonts import FAMILY, make_font
from monitor_app.ui.metrics import Metrics
from monitor_app.ui.style import DARK, WEIGHT_NAME, WEIGHT_NUMBER, WEIGHT_TEXT, Palette


@dataclass(frozen=True, slots=True)
class Look:
    """Colours, sizes and family in force. Widgets compare looks and do nothing when theirs is unchanged."""

    palette: Palette = DARK
    metrics: Metrics = field(default_factory=Metrics)
    family: str = FAMILY

    def px(self, design: float) -> int:
        """See ``Metrics.px``."""
        return self.metrics.px(design)

    def text(self, step: int) -> QFont:
        """Font of units, captions and running text."""
        return make_font(self.family, self.metrics.font_px(step), WEIGHT_TEXT)

    def number(self, step: int) -> QFont:
        """Font of figures at a step of the type scale."""
        return make_font(self.family, self.metrics.font_px(step), WEIGHT_NUMBER)

    def name(self, step: int) -> QFont:
        """Font of names and of what is emphasised."""
        return make_font(self.family, self.metrics.font_px(step), WEIGHT_NAME)

    def digits(self, pixel_size: int) -> QFont:
        """Font of a tile's number at an exact pixel size."""
        return make_font(self.family, pixel_size, WEIGHT_NUMBER)

    def strong(self, pixel_size: int) -> QFont:
        """Font of an alarm line at an exact pixel size."""
        return make_font(self.family, pixel_size, WEIGHT_NAME)

    def colour(self, token: str) -> QColor:
        """Colour of a palette token by name."""
        return QColor(getattr(self.palette, token))
