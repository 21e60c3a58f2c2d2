"""The connection panel: safety first, the search and what it finds, and that the pictures are whole."""

import pytest
import sample_screens as samples
from connection_hands import BERRY, DENIED, FTDI, NOISE, SILENT, TWO, checkin, look_again, opened
from layout_eye import assert_picture
from panel_hands import NURSE, open_panel, press
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from monitor_app.services.settings import load_settings
from monitor_app.ui.panels.connection import ConnectionPanel
from monitor_app.ui.panels.electrical_safety import SAFETY
from monitor_app.ui.remembered import apply_settings, remember
from monitor_app.ui.requests import MonitorChosen, SafetyRead

SCREEN = checkin


def test_safety_comes_first_and_once_and_can_be_read_again(window) -> None:
    panel = opened(window, safety_read=False)
    assert panel.safety.isVisible()
    press(panel, "Read and understood")
    assert window.heard == [SafetyRead(NURSE)]
    assert panel.ports.isVisible()
    press(panel, "Electrical safety")
    assert panel.safety.isVisible()
    press(panel, "Read and understood")
    assert window.heard == [SafetyRead(NURSE)]
    window.panels.close_panel()
    window.open_panel("connection")
    assert panel.ports.isVisible()
    assert any("isolated" in sentence for sentence in SAFETY)


def test_the_only_port_is_chosen_for_them(window) -> None:
    panel = opened(window, [FTDI])
    assert panel.ports.port == "/dev/ttyUSB0"
    assert panel.search.text() == "Search this port"
    assert not panel.connect_button.isEnabled()


def test_an_adapter_that_is_plugged_in_meanwhile_appears(window) -> None:
    panel = opened(window, [])
    assert "No serial port" in panel.ports._none.text()
    assert not panel.search.isEnabled()
    panel.desk.present.append(FTDI)
    panel.desk.refresh()
    look_again(panel)
    assert list(panel.ports.rows) == ["/dev/ttyUSB0"]
    assert panel.search.isEnabled()


def test_a_search_asks_only_who_is_ticked_and_what_is_found_is_connected(window) -> None:
    panel = opened(window)
    panel.families.boxes["berry"].setChecked(True)
    press(panel, "Search all ports")
    (run,) = panel.desk.runs
    assert run.order.ports == ("/dev/ttyUSB0", "/dev/ttyUSB1", "/dev/ttyS0")
    assert run.order.ask == ("berry",)
    assert {"berry", "nonin", "masimo"} <= set(run.order.listen_for)
    assert panel.search.text() == "Stop search"
    run.tell("/dev/ttyUSB1", progress="asking Berry")
    run.tell("/dev/ttyUSB0", SILENT)
    run.tell("/dev/ttyUSB1", BERRY)
    run.tell("/dev/ttyS0", DENIED)
    panel.poll()
    assert panel.ports.port == "/dev/ttyUSB1"
    assert panel.words.text.startswith("Streaming: valid frames of Berry")
    assert "port opened, 0 bytes" in panel.ports.rows["/dev/ttyUSB0"].accessibleName()
    assert "not opened" in panel.ports.rows["/dev/ttyS0"].accessibleName()
    press(panel, "Connect")
    assert window.heard == [MonitorChosen(("berry@usb:1A86:7523@1-2",))]
    assert window.panels.key == ""


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (SILENT, "Port opened, 0 bytes"),
        (NOISE, "Bytes but no frame (2345 bytes): perhaps parity"),
        (DENIED, "No permission to open /dev/ttyS0: join the group dialout."),
    ],
)
def test_what_was_heard_is_said_with_the_cables_of_the_families_ticked(window, report, words) -> None:
    panel = opened(window, [FTDI])
    panel.families.boxes["berry"].setChecked(True)
    press(panel, "Search this port")
    panel.desk.runs[0].tell("/dev/ttyUSB0", report)
    panel.poll()
    assert panel.words.text.startswith(words)
    assert "USB units appear as a virtual COM port" in panel.words.text
    assert "null-modem" not in panel.words.text


def test_of_two_that_fit_the_nurse_ticks_one(window) -> None:
    panel = opened(window, [FTDI])
    press(panel, "Search this port")
    panel.desk.runs[0].tell("/dev/ttyUSB0", TWO)
    panel.poll()
    assert not panel.connect_button.isEnabled()
    assert "Tick the one family" in panel.words.text
    panel.families.boxes["nonin"].setChecked(True)
    press(panel, "Connect")
    assert window.heard == [MonitorChosen(("nonin@usb:0403:6001:A50285BI",))]


def test_one_family_ticked_is_enough_to_connect_without_a_search(window) -> None:
    panel = opened(window, [FTDI])
    panel.families.boxes["berry"].setChecked(True)
    assert panel.connect_button.isEnabled()
    panel.families.boxes["nonin"].setChecked(True)
    assert not panel.connect_button.isEnabled()


def test_a_search_ends_when_it_is_stopped_or_the_panel_closes(window) -> None:
    panel = opened(window, [FTDI])
    press(panel, "Search this port")
    press(panel, "Stop search")
    assert panel.desk.runs[0].cancelled
    panel.desk.runs[0].tell("/dev/ttyUSB0", BERRY)  # too late
    panel.poll()
    assert panel.desk.states == {}
    press(panel, "Search this port")
    window.panels.close_panel()
    assert panel.desk.runs[1].cancelled
    assert not panel._timer.isActive()


def test_a_network_address_needs_somebody_who_has_seen_the_monitor(window) -> None:
    panel = opened(window, [FTDI])
    QTest.keyClicks(panel.ports.address, "socket://10.0.0.7:4001")
    QTest.keyClick(panel.ports.address, Qt.Key.Key_Return)
    panel.families.boxes["berry"].setChecked(True)
    assert panel.ports.port == "socket://10.0.0.7:4001"
    assert panel.witness.isVisible()
    assert not panel.connect_button.isEnabled()
    QTest.keyClicks(panel.witness, "R. Ortiz")
    press(panel, "Connect")
    assert window.heard == [MonitorChosen(("berry@socket://10.0.0.7:4001",), "R. Ortiz")]


def test_what_is_chosen_is_kept_and_known_at_the_next_start(open_window, tmp_path) -> None:
    remember(tmp_path, SafetyRead(NURSE))
    remember(tmp_path, MonitorChosen(("berry@usb:A50285BI",)))
    settings = load_settings(tmp_path)
    assert settings.devices == ("berry@usb:A50285BI",)
    window = open_window(screen=checkin())
    apply_settings(window, settings)
    panel = window.panels.panel("connection")
    assert isinstance(panel, ConnectionPanel)
    window.open_panel("connection")
    assert not panel.safety.isVisible()


def test_it_is_reached_from_the_settings(window) -> None:
    press(open_panel(window, "settings"), "Monitor")
    assert window.panels.key == "connection"


FIRST = "berry@usb:0403:6001:A50285BI"
SECOND = "nonin@usb:1A86:7523@1-2"


SIZES = pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)], ids=lambda size: f"{size[0]}")


@SIZES
@pytest.mark.parametrize("state", ["safety", "ports", "found", "denied", "network", "second", "monitored"])
def test_pictures_of_the_panel(open_window, tmp_path, size, state) -> None:
    window = open_window(size, samples.quiet() if state == "monitored" else checkin())
    devices = {"second": (FIRST,), "monitored": (FIRST, SECOND)}.get(state, ())
    panel = opened(window, safety_read=state != "safety", devices=devices)
    panel.families.boxes["berry"].setChecked(True)
    if devices:
        panel.ports.choose("/dev/ttyS0" if state == "second" else "/dev/ttyUSB0")
        panel._update()
    if state in ("found", "denied"):
        press(panel, "Search all ports")
        for port, report in (("/dev/ttyUSB0", NOISE), ("/dev/ttyUSB1", BERRY), ("/dev/ttyS0", DENIED)):
            panel.desk.runs[0].tell(port, report)
        panel.poll()
        panel.ports.choose("/dev/ttyUSB1" if state == "found" else "/dev/ttyS0")
        panel._update()
    if state == "network":
        panel.ports.typed.emit("rfc2217://10.0.0.7:4001")
    QApplication.processEvents()
    window.grab().save(str(tmp_path / f"{state}-{size[0]}.png"))
    assert_picture(window)
