"""The one family of the program: Inter, bundled under the Open Font License, with tabular figures everywhere."""

from functools import lru_cache

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

from monitor_app.resources_path import resource_path

FAMILY = "Inter"
_FACES = ("Inter-Medium.otf", "Inter-SemiBold.otf", "Inter-Bold.otf")


def load_fonts() -> str:
    """Make the bundled faces known to Qt and return the family to use.

    Called once an application exists, before the first widget. The platform's own family is returned where the faces
    cannot be read, so a damaged copy still shows its numbers.
    """
    missing = [face for face in _FACES if _add(face) < 0]
    if not missing or FAMILY in QFontDatabase.families():
        return FAMILY
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()


def _add(face: str) -> int:
    path = resource_path("fonts", face)
    return QFontDatabase.addApplicationFont(str(path)) if path.is_file() else -1


@lru_cache(maxsize=256)
def make_font(family: str, pixel_size: int, weight: int) -> QFont:
    """Return a font of this pixel size and weight, figures all of one width. Not to be modified by the caller."""
    font = QFont(family)
    font.setPixelSize(pixel_size)
    font.setWeight(QFont.Weight(weight))
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


@lru_cache(maxsize=4096)
def text_width(font: QFont, text: str) -> float:
    """Return how many pixels ``text`` advances in ``font``.

    Remembered: a text is shaped anew each time it is measured, and laying out a tile asks a hundred times.
    """
    return QFontMetricsF(font).horizontalAdvance(text)


@lru_cache(maxsize=4096)
def text_ink(font: QFont, text: str) -> QRectF:
    """Return what ``text`` blackens, from the start of its baseline. Not to be modified by the caller."""
    return QFontMetricsF(font).tightBoundingRect(text)
