"""What stands around a trace: its name and settings, the 1 mV mark, the words over one that no longer comes."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from monitor_app.services.screen import WaveView
from monitor_app.ui.strip_style import StripStyle

LABEL_BAND_PX = 34
MARK_COLUMN_PX = 18
BOTTOM_PX = 6
DIMMED = 2 / 3
"""How much of a stale trace the background takes away: dimmed, still legible."""
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_MIDDLE = Qt.AlignmentFlag.AlignCenter
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def label_band(area: QRect, style: StripStyle) -> QRect:
    """The part of a strip that holds its name."""
    return QRect(area.left(), area.top(), area.width(), style.px(LABEL_BAND_PX))


def trace_rect(area: QRect, style: StripStyle) -> QRect:
    """The part of a strip that the sweep has for itself."""
    return area.adjusted(style.px(MARK_COLUMN_PX), style.px(LABEL_BAND_PX), 0, -style.px(BOTTOM_PX))


def frame_height(style: StripStyle) -> int:
    """Height of what stands above and below the sweep in a strip."""
    return style.px(LABEL_BAND_PX) + style.px(BOTTOM_PX)


def paint_label(painter: QPainter, area: QRect, view: WaveView, style: StripStyle) -> None:
    """Empty the band and the mark's column; write name and settings, under a hairline where a strip lies above."""
    band = label_band(area, style)
    painter.fillRect(band, style.background)
    painter.fillRect(area.left(), area.top(), style.px(MARK_COLUMN_PX), area.height(), style.background)
    if area.top() > 0:
        painter.fillRect(area.left(), area.top(), area.width(), 1, style.hairline)
    line = _text_line(band, style)
    painter.setFont(style.title_font)
    painter.setPen(style.colour(view.role))
    painter.drawText(line, _LEFT, view.title)
    offset = painter.fontMetrics().horizontalAdvance(view.title) + style.px(14)
    painter.setFont(style.caption_font)
    painter.setPen(style.muted)
    painter.drawText(line.adjusted(offset, 1, 0, 1), _LEFT, view.caption)


def _text_line(band: QRect, style: StripStyle) -> QRect:
    return band.adjusted(style.px(MARK_COLUMN_PX), style.px(8), -style.px(MARK_COLUMN_PX), 0)


def mark_rows(trace: QRect, px_per_unit: float) -> tuple[float, float] | None:
    """Upper and lower row of the 1 mV mark: from the zero line up, or about it at a high gain; None if it has no room."""
    zero = trace.top() + 0.5 * trace.height()
    if px_per_unit <= 0.5 * trace.height():
        return zero - px_per_unit, zero
    if px_per_unit <= trace.height():
        return zero - 0.5 * px_per_unit, zero + 0.5 * px_per_unit
    return None


def paint_mark(painter: QPainter, area: QRect, px_per_unit: float, style: StripStyle) -> None:
    """Draw the 1 mV mark in the column left of the trace (clinical.md §8.6)."""
    rows = mark_rows(trace_rect(area, style), px_per_unit)
    if rows is None:
        return
    left, right, line = style.px(5), style.px(13), style.px(2)
    top, bottom = round(rows[0]), round(rows[1])
    for y in (top, bottom):
        painter.fillRect(left, y - line // 2, right - left, line, style.muted)
    painter.fillRect(left, top - line // 2, line, bottom - top + line, style.muted)


def trace_colour(view: WaveView, style: StripStyle) -> QColor:
    """Return a trace's colour: its role's, dimmed where it no longer comes, the ground's where it is no signal."""
    colour, ground = style.colour(view.role), style.background
    if view.covered and view.stale_text:
        return ground
    return mixed(colour, ground, DIMMED) if view.stale_text else colour


def mixed(colour: QColor, ground: QColor, share: float) -> QColor:
    """Return the colour with this share of the ground in it."""
    of, to = colour.toRgb(), ground.toRgb()
    channels = ((of.red(), to.red()), (of.green(), to.green()), (of.blue(), to.blue()))
    return QColor(*(round(low + share * (high - low)) for low, high in channels))


@dataclass(frozen=True, slots=True)
class Note:
    """Words in the middle of a strip, on a ``plate`` of the ground."""

    text: str
    below: QRect
    plate: QRect


def note_on(area: QRect, view: WaveView, style: StripStyle) -> Note | None:
    """Say why a trace no longer comes or is no signal (screen.md, Waves); None where all is well."""
    if not view.stale_text:
        return None
    below = area.adjusted(0, style.px(LABEL_BAND_PX), 0, 0)
    words = QFontMetrics(style.title_font).boundingRect(below, _MIDDLE, view.stale_text)
    plate = words.adjusted(-style.px(12), -style.px(4), style.px(12), style.px(4))
    return Note(view.stale_text, below, plate)


def paint_note(painter: QPainter, note: Note, style: StripStyle) -> None:
    """Write it over the trace."""
    painter.fillRect(note.plate, style.background)
    painter.setFont(style.title_font)
    painter.setPen(style.warning)
    painter.drawText(note.below, _MIDDLE, note.text)


def paint_frozen(painter: QPainter, band: QRect, words: str, style: StripStyle) -> None:
    """Say at the right of the first name that the picture is held still."""
    painter.setFont(style.title_font)
    painter.setPen(QPen(style.warning))
    painter.drawText(_text_line(band, style), _RIGHT, words)
