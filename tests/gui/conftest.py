"""The window of the tests: true size, no sliding, what it asked for in a list."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from monitor_app.services.screen import Screen
from monitor_app.ui.main_window import MainWindow
from monitor_app.ui.sound_bank import SoundBank
from monitor_app.ui.sounder import QtSounder

sys.path.insert(0, str(Path(__file__).parent))  # import-mode=importlib does not offer neighbours
import sample_screens
from fake_sound import FakeOutputs
from panel_hands import NURSE

REFERENCE = 1920 / 531.4
LAPTOP = 96 / 25.4
SIZES = {(1920, 1080): REFERENCE, (1366, 768): LAPTOP}

Open = Callable[..., MainWindow]


@pytest.fixture
def shared_spec() -> Path:
    folder = Path(__file__).resolve().parents[3] / "shared" / "spec"
    if not folder.is_dir():
        pytest.skip("shared/spec is not beside the project")
    return folder


@pytest.fixture
def open_window(qtbot) -> Open:
    def make(size=(1920, 1080), screen: Screen | None = None, now_ns: int = 0) -> MainWindow:
        window = MainWindow(QWidget(), QWidget(), slide_ms=0)
        window.px_per_mm = SIZES.get(size, REFERENCE)
        window.heard = []
        window.asked.connect(window.heard.append)
        qtbot.addWidget(window, before_close_func=lambda made: made.close_now())
        window.resize(*size)
        window.show()
        with qtbot.waitActive(window):
            window.activateWindow()
        window.show_screen(screen or sample_screens.quiet(), now_ns)
        return window

    return make


@pytest.fixture
def window(open_window, request) -> MainWindow:
    """A window with a nurse at it, on the screen a test module calls ``SCREEN``, at its ``SIZE``."""
    of = request.module
    made = open_window(getattr(of, "SIZE", (1920, 1080)), getattr(of, "SCREEN", sample_screens.quiet)())
    made.user = NURSE
    return made


@pytest.fixture(scope="session")
def sound_bank() -> SoundBank:
    return SoundBank()


@pytest.fixture
def with_outputs(qtbot, sound_bank):
    """A sounder on outputs of this test's making; the outputs live in the sounder's thread."""
    made: list[QtSounder] = []

    def make(device, *others):
        where: list[FakeOutputs] = []

        def outputs():
            where.append(FakeOutputs(device, *others))
            return where[0]

        sounder = QtSounder(outputs, lambda: sound_bank)
        made.append(sounder)
        qtbot.waitUntil(lambda: bool(where) and sounder._player._bank is not None)
        return sounder, where[0]

    yield make
    for sounder in made:
        assert sounder.close()
