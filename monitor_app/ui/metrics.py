"""Millimetres to pixels: how large things are on this screen (screen.md, Sizes).

The pixels of screen.md are for a 24-inch 1080p screen. They grow with the screen's own dots per millimetre as far as the
window has room; what must be read across the room has a floor in millimetres that no scaling goes below.
"""

import math
from dataclasses import dataclass, field

REFERENCE_PX_PER_MM = 1920 / 531.4
"""A 24-inch 16:9 panel is 531.4 mm wide (screen.md: "the pixels here are for a 24-inch 1080p one")."""

CAP_HEIGHT_EM = 0.727
"""Height of Inter's digits as a share of the font's pixel size; other families differ by less than 3 %."""

NUMBER_MM = 20.0
"""HR, SpO2 and systolic digits (screen.md, Sizes)."""

SMALL_NIBP_MM = 15.0
"""Systolic digits on small laptops (screen.md, Sizes)."""

ALARM_LINE_MM = 7.0
BUTTON_MM = 15.0
SMALL_DIAGONAL_MM = 17 * 25.4
"""Under 17 inches respiration goes and at most six actions are shown (screen.md, Sizes)."""

_PLAUSIBLE_PX_PER_MM = (2.0, 16.0)


@dataclass(frozen=True, slots=True)
class Metrics:
    """The sizes of one window of ``width_px`` x ``height_px`` on a screen of ``px_per_mm``.

    ``compact``: a small laptop, under 17 inches or with too few pixels for the drawn rows. ``scale``: factor on the pixels
    of screen.md: physical size, held between what is legible and what fits.
    """

    width_px: int = 1920
    height_px: int = 1080
    px_per_mm: float = REFERENCE_PX_PER_MM
    compact: bool = field(init=False, compare=False)
    scale: float = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "compact", self._is_compact())  # asked for with every text that is drawn
        object.__setattr__(self, "scale", self._scale())

    def _is_compact(self) -> bool:
        diagonal_mm = math.hypot(self.width_px, self.height_px) / self.px_per_mm
        return diagonal_mm < SMALL_DIAGONAL_MM or self.width_px < 1560 or self.height_px < 860

    def _scale(self) -> float:
        fits = min(self.width_px / 1920, self.height_px / 1080)
        if self.compact:
            fits = max(fits, min(self.width_px / 1366, self.height_px / 768))
        physical = self.px_per_mm / REFERENCE_PX_PER_MM
        return max(min(1.0, fits), min(physical, fits))

    def px(self, design: float) -> int:
        """Pixels for a length of screen.md."""
        return max(1, round(design * self.scale))

    def mm(self, millimetres: float) -> int:
        """Pixels for a physical length, never less than it."""
        return math.ceil(millimetres * self.px_per_mm - 1e-6)

    def font_px(self, step: int) -> int:
        """Pixel size for a step of the type scale; nothing is set smaller than 12."""
        return max(12, round(step * self.scale))

    def digits_px(self, step: int, least_mm: float) -> int:
        """Pixel size of a font whose digits are at least ``least_mm`` high, and at least the step's size."""
        floor = math.ceil(self.mm(least_mm) / CAP_HEIGHT_EM)
        return floor if self.compact else max(self.font_px(step), floor)

    @property
    def number_px(self) -> int:
        """Font size of HR and SpO2."""
        return self.digits_px(118, NUMBER_MM)

    @property
    def nibp_px(self) -> int:
        """Font size of the systolic digits."""
        return self.digits_px(92, SMALL_NIBP_MM if self.compact else NUMBER_MM)

    @property
    def alarm_px(self) -> int:
        """Font size of a line of the alarm bar: 7 mm and never under 24 px (clinical.md §5.2)."""
        return max(24, self.mm(ALARM_LINE_MM), self.font_px(27))

    @property
    def button_px(self) -> int:
        """Least height and width of anything to be touched."""
        return self.mm(BUTTON_MM)


def plausible_px_per_mm(width_px: float, width_mm: float, logical_dpi: float) -> float:
    """Return pixels per millimetre from what a screen says of itself; its logical dpi where that is nonsense."""
    if width_mm > 0:
        measured = width_px / width_mm
        if _PLAUSIBLE_PX_PER_MM[0] <= measured <= _PLAUSIBLE_PX_PER_MM[1]:
            return measured
    return logical_dpi / 25.4
