"""The column of numbers: HR, SpO2 and NIBP over each other, respiration and sedation side by side below."""

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from monitor_app.services.screen import TileView
from monitor_app.ui.look import Look
from monitor_app.ui.tile import Tile, number_size

ORDER = ("HR", "SPO2", "NIBP", "RR", "SEDATION")


class TileColumn(QWidget):
    """Holds the tiles in the order of screen.png. Signals: ``pressed(key)``."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self.tiles = {key: Tile(key, self) for key in ORDER}
        for tile in self.tiles.values():
            tile.pressed.connect(self.pressed)

    def set_look(self, look: Look) -> None:
        """Take another colour set or size."""
        self._look = look
        for tile in self.tiles.values():
            tile.set_look(look)
        self._place()

    def show_views(self, views: tuple[TileView, ...], now_ns: int) -> None:
        """Give each tile its view; a tile nothing is known of is hidden."""
        known = {view.key: view for view in views}
        for key, tile in self.tiles.items():
            tile.setVisible(key in known)
            if key in known:
                tile.show_view(known[key], now_ns)
        self._place()

    def _rows(self) -> list[tuple[tuple[str, ...], float]]:
        """Return the rows that have something to show, each with its share of the height."""
        shown = {key for key, tile in self.tiles.items() if not tile.isHidden()}
        rows: list[tuple[tuple[str, ...], float]] = [
            (("HR",), number_size("HR", self._look) * 1.34),
            (("SPO2",), number_size("SPO2", self._look) * 1.34),
            (("NIBP",), number_size("NIBP", self._look) * 0.9 + self._look.px(76)),
            (("RR", "SEDATION"), number_size("RR", self._look) * 1.0 + self._look.px(40)),
        ]
        present = [(tuple(key for key in keys if key in shown), share) for keys, share in rows]
        return [(keys, share) for keys, share in present if keys]

    def _place(self) -> None:
        rows = self._rows()
        total = sum(share for _, share in rows)
        y, used = 0, 0.0
        for keys, share in rows:
            used += share
            bottom = round(self.height() * used / total)
            for index, key in enumerate(keys):
                left = self.width() * index // len(keys)
                right = self.width() * (index + 1) // len(keys)
                self.tiles[key].setGeometry(QRect(left, y, right - left, bottom - y))
            y = bottom

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Share the new height among the tiles."""
        self._place()
