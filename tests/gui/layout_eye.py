"""What an eye would object to in a picture: text cut off, text over text, buttons over buttons."""

from itertools import combinations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from monitor_app.ui.action_button import ActionButton
from monitor_app.ui.canvas import Painted, Placed


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
    common = one.rect.intersected(other.rect)
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
        assert widest <= widget.width() - 8, f"{widget.text()!r} is clipped"


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
    for row in window.feed.rows:
        if row.isVisible():
            assert_whole(row.label)
