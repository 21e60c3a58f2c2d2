"""Where the rows and columns of the window lie (screen.md, Rows and Columns)."""

from dataclasses import dataclass

from PySide6.QtCore import QRect

from monitor_app.ui.metrics import Metrics

TREND_PX = 268
TREND_SMALL_PX = 180
TILES_PX = 640
TILES_LEAST_PX = 420
FEED_PX = 320


@dataclass(frozen=True, slots=True)
class Rows:
    """Rectangles inside the window's frame; none overlaps another."""

    alarm_bar: QRect
    header: QRect
    strips: QRect
    tiles: QRect
    trend: QRect
    feed: QRect
    actions: QRect

    @property
    def panel(self) -> QRect:
        """The trend row whole: the only place of panels."""
        return self.trend.united(self.feed)

    @property
    def below_alarms(self) -> QRect:
        """Everything but the alarm bar: the place of the far view."""
        return self.header.united(self.actions)


def lay_out(inner: QRect, metrics: Metrics, *, alarm_px: int, actions_px: int) -> Rows:
    """Share the room inside the frame: fixed rows first, the tiles' column next, the waves take the rest."""
    compact = metrics.compact
    header_px = metrics.px(64 if compact else 76)
    trend_px = metrics.px(TREND_SMALL_PX if compact else TREND_PX)
    tiles_px = min(metrics.px(TILES_PX), round(inner.width() * 0.4))
    tiles_px = max(metrics.px(TILES_LEAST_PX), tiles_px)
    feed_px = metrics.px(FEED_PX * 0.9 if compact else FEED_PX)
    left, right, width = inner.left(), inner.left() + inner.width(), inner.width()
    header_top = inner.top() + alarm_px
    middle_top = header_top + header_px
    actions_top = inner.top() + inner.height() - actions_px
    trend_top = actions_top - trend_px
    middle_px = trend_top - middle_top
    return Rows(
        alarm_bar=QRect(left, inner.top(), width, alarm_px),
        header=QRect(left, header_top, width, header_px),
        strips=QRect(left, middle_top, width - tiles_px, middle_px),
        tiles=QRect(right - tiles_px, middle_top, tiles_px, middle_px),
        trend=QRect(left, trend_top, width - feed_px, trend_px),
        feed=QRect(right - feed_px, trend_top, feed_px, trend_px),
        actions=QRect(left, actions_top, width, actions_px),
    )
