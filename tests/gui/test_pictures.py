"""Pictures of every state at both sizes, in the test's folder, for people to look at; here only that they are drawn."""

from pathlib import Path

import pytest
import sample_screens
from PySide6.QtGui import QImage

from monitor_app.ui.style import PALETTES, Theme

SIZES = [(1920, 1080), (1366, 768)]
both_sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}")


def save(window, path: Path) -> QImage:
    image = window.grab().toImage()
    assert image.save(str(path))
    return image


@both_sizes
@pytest.mark.parametrize("name", sample_screens.ALL)
def test_every_state_is_drawn(open_window, tmp_path, size, name) -> None:
    image = save(open_window(size, sample_screens.ALL[name]()), tmp_path / f"{name}-{size[0]}.png")
    assert (image.width(), image.height()) == size
    colours = {image.pixelColor(x, y).name() for x in range(0, size[0], 7) for y in range(0, size[1], 7)}
    assert len(colours) > 20


@both_sizes
@pytest.mark.parametrize("theme", Theme)
def test_every_colour_set_is_used(open_window, tmp_path, size, theme) -> None:
    window = open_window(size, sample_screens.medium())
    window.set_theme(theme)
    window.open_panel("phase")
    image = save(window, tmp_path / f"{theme.value}-{size[0]}.png")
    strips = window.rows.strips.center()
    assert image.pixelColor(strips).name().upper() == PALETTES[theme].background


@pytest.mark.parametrize(
    "size", [(1100, 700), (1280, 1024), (2560, 1440), (3840, 2160)], ids=lambda s: f"{s[0]}"
)
def test_other_sizes_are_drawn_whole(open_window, tmp_path, size) -> None:
    window = open_window(size, sample_screens.medium())
    window.set_px_per_mm(2 * 1920 / 531.4 if size[0] == 3840 else 3.8)
    save(window, tmp_path / f"medium-{size[0]}.png")
    rows = window.rows
    assert rows.tiles.height() > 300
    for tile in window.tiles.tiles.values():
        for placed in tile.placed:
            assert (
                tile.rect()
                .adjusted(-1, -1, 1, 1)
                .contains(placed.rect.toAlignedRect().adjusted(1, 1, -1, -1))
            )
