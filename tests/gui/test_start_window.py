"""The window of the first start: the monitor chosen, or the simulated chair."""

import pytest
from connection_hands import CH340, FTDI, Desk, look_again
from layout_eye import assert_panel_whole
from panel_hands import click, press
from PySide6.QtWidgets import QApplication

from monitor_app.services.settings import Settings
from monitor_app.ui.requests import MonitorChosen
from monitor_app.ui.start_window import SIMULATED_CHAIR, StartWindow


@pytest.fixture
def start_window(qtbot):
    def make(size=(1366, 768), settings=None, present=(FTDI, CH340)):
        kept = []
        made = StartWindow(
            "No monitor is configured yet.",
            settings or Settings(safety_read=True),
            kept.append,
            desk=Desk(present),
        )
        made.kept = kept
        qtbot.addWidget(made, before_close_func=lambda window: window.finish())
        made.resize(*size)
        made.show()
        look_again(made.panel)
        return made

    return make


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)], ids=lambda size: f"{size[0]}")
@pytest.mark.parametrize("read", [False, True], ids=["safety", "ports"])
def test_pictures_of_the_start(start_window, tmp_path, size, read) -> None:
    window = start_window(
        size, Settings(safety_read=read, px_per_mm=96 / 25.4 if size[0] < 1900 else 1920 / 531.4)
    )
    QApplication.processEvents()
    window.grab().save(str(tmp_path / f"start-{size[0]}.png"))
    assert_panel_whole(window)


def test_the_start_ends_with_the_monitor_chosen(start_window) -> None:
    window = start_window(present=[FTDI])
    window.panel.families.boxes["berry"].setChecked(True)
    press(window.panel, "Connect")
    assert window.outcome == MonitorChosen(("berry@usb:0403:6001:A50285BI",))
    assert window.kept == [window.outcome]
    assert not window.isVisible()


def test_the_simulated_chair_is_apart_and_marked(start_window) -> None:
    window = start_window()
    assert "not a patient" in window.simulated.text()
    click(window.simulated)
    assert window.outcome == SIMULATED_CHAIR
    assert window.kept == []


def test_closing_the_start_chooses_nothing(start_window) -> None:
    window = start_window()
    window.close()
    assert window.outcome is None


def test_a_configured_address_that_needs_a_witness_is_offered(start_window) -> None:
    window = start_window(settings=Settings(devices=("berry@socket://10.0.0.7:4001",), safety_read=True))
    assert window.panel.ports.port == "socket://10.0.0.7:4001"
    assert window.panel.families.ticked == ("berry",)
    assert window.panel.witness.isVisible()
