"""What an eye would object to in a picture: text cut off, text over text, buttons over buttons."""

from itertools import combinations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QStyle, QStyleOptionButton, QWidget

from monitor_app.ui.action_button import ActionButton
from monitor_app.ui.canvas import Painted, Placed

AIR = 3.0
SLACK = 3.0  # what a thicker edge of a pressed button takes, and letters do not fill
DIGITS_PX = 36


def painted(window: QWidget) -> list[QWidget]:
    window.grab()
    return [
        w for w in window.findChildren(QWidget) if isinstance(w, Painted | ActionButton) and w.isVisible()
    ]


def assert_texts_fit(widget: QWidget) -> None:
    room = QRectF(widget.rect()).adjusted(-0.5, -0.5, 0.5, 0.5)
    for placed in widget.placed:
        assert room.contains(placed.rect), f"{placed.text!r} is clipped in {widget.accessibleName()}"
    for one, other in combinations(widget.placed, 2):
        assert not touching(one, other), f"{one.text!r} overlaps {other.text!r}"


def touching(one: Placed, other: Placed) -> bool:
    """Whether inks overlap, or letters come nearer than ``AIR`` to digits of a tile's size."""
    digits = any(x.rect.height() > DIGITS_PX and x.text.strip("/0123456789") == "" for x in (one, other))
    pieces = all(x.rect.height() > DIGITS_PX for x in (one, other))  # of one number
    air = AIR if digits and not pieces else 0.0
    common = one.rect.adjusted(-air, -air, air, air).intersected(other.rect)
    return common.width() > 1 and common.height() > 1


def scrolled(widget: QWidget) -> bool:
    return any(w.objectName() == "page" for w in ancestors(widget))


def ancestors(widget: QWidget) -> list[QWidget]:
    found = []
    while (widget := widget.parentWidget()) is not None:
        found.append(widget)
    return found


def assert_whole(widget: QWidget) -> None:
    metrics = QFontMetricsF(widget.font())
    if isinstance(widget, QLabel):
        assert widget.heightForWidth(widget.width()) <= widget.height() + 1, f"{widget.text()!r} is clipped"
        longest = max((metrics.horizontalAdvance(word) for word in widget.text().split()), default=0)
        assert longest <= widget.width() + 1, f"{widget.text()!r} is too wide"
    elif isinstance(widget, QPushButton) and not isinstance(widget, ActionButton):
        widest = max(metrics.horizontalAdvance(line) for line in widget.text().split("\n"))
        assert widest <= contents_width(widget) + SLACK, f"{widget.text()!r} is clipped"


def contents_width(widget: QPushButton) -> float:
    """What the stylesheet's edges and paddings leave for the words."""
    option = QStyleOptionButton()
    widget.initStyleOption(option)
    return widget.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, widget).width()


def panel_parts(panel: QWidget) -> list[QWidget]:
    """Every label, field and button of a panel that is not inside something scrolled."""
    kinds = (QPushButton, QLabel, QLineEdit, ActionButton)
    return [
        w for w in panel.findChildren(QWidget) if isinstance(w, kinds) and w.isVisible() and not scrolled(w)
    ]


def assert_panel_whole(panel: QWidget) -> None:
    """Everything a panel holds is inside of it, whole, and alone in its place."""
    room = QRectF(panel.rect()).adjusted(-1, -1, 1, 1)
    places = {}
    for widget in panel_parts(panel):
        place = QRectF(widget.rect()).translated(widget.mapTo(panel, widget.rect().topLeft()))
        assert room.contains(place), f"{widget.text()!r} leaves the panel"
        assert_whole(widget)
        places[widget] = place
    for one, other in combinations(places, 2):
        if one in ancestors(other) or other in ancestors(one):
            continue
        common = places[one].intersected(places[other])
        assert not (common.width() > 1 and common.height() > 1), f"{one.text()!r} covers {other.text()!r}"


def assert_picture(window: QWidget) -> None:
    """Nothing painted is cut off or overlaps; an open panel shows all it holds."""
    for widget in painted(window):
        assert_texts_fit(widget)
    if window.panels.current is not None:
        assert_panel_whole(window.panels.current)
    assert_feed_whole(window.feed)


def assert_feed_whole(feed: QWidget) -> None:
    """Every line and sentence beside the trend stands whole, inside of its place."""
    shown = [row for row in feed.rows if row.isVisible()]
    for words in (*(row.label for row in shown), *([feed.notice] if feed.notice.isVisible() else [])):
        assert_whole(words)
    for widget in (*shown, feed.notice):
        assert not widget.isVisible() or feed.rect().contains(widget.geometry()), "the feed is cut off"
