"""What is longer than its place and scrolls by finger or wheel."""

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QScroller, QVBoxLayout, QWidget


class ScrolledPage(QScrollArea):
    """A page with this layout, as wide as its place."""

    def __init__(self, layout: QLayout) -> None:
        super().__init__()
        layout.setContentsMargins(0, 0, 0, 0)
        page = QWidget()
        page.setObjectName("page")
        page.setLayout(layout)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)


class ScrolledList(ScrolledPage):
    """A column; put rows into ``list``."""

    def __init__(self) -> None:
        self.list = QVBoxLayout()
        self.list.setSpacing(0)
        super().__init__(self.list)

    def settle(self) -> None:
        """Lay out what was just put in, so that not even one picture shows it squeezed into the old height."""
        self.list.activate()
        QCoreApplication.sendPostedEvents(self.widget(), QEvent.Type.LayoutRequest.value)
