"""The connection panel and the start window: what is offered, what a press asks for, and that the pictures are whole."""

from dataclasses import replace

import pytest
import sample_screens as samples
from layout_eye import assert_panel_whole, assert_picture
from panel_hands import NURSE, click, open_panel, press
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from devices.drivers.base import SerialSettings
from devices.probe_report import Heard, PortReport
from devices.transport.ports import SerialPortInfo
from monitor_app.core.phase import Phase
from monitor_app.services.connect import ConnectDesk
from monitor_app.services.probe_run import ProbeNews
from monitor_app.services.settings import Settings, load_settings
from monitor_app.ui.panels.connection import ConnectionPanel
from monitor_app.ui.panels.electrical_safety import SAFETY
from monitor_app.ui.remembered import apply_settings, remember
from monitor_app.ui.requests import MonitorChosen, SafetyRead
from monitor_app.ui.start_window import SIMULATED_CHAIR, StartWindow

FTDI = SerialPortInfo("/dev/ttyUSB0", "FT232R USB UART (FTDI FT232)", 0x0403, 0x6001, "A50285BI")
CH340 = SerialPortInfo("/dev/ttyUSB1", "USB2.0-Serial (CH340)", 0x1A86, 0x7523, location="1-2")
BUILT_IN = SerialPortInfo("/dev/ttyS0", "ttyS0")
BERRY = PortReport(Heard.STREAMING, ("berry",), SerialSettings(115200), after_asking=True, bytes_in=300)
SILENT = PortReport(Heard.SILENT)
NOISE = PortReport(Heard.BYTES_NO_FRAME, bytes_in=2345)
DENIED = PortReport(Heard.NOT_OPENED, reason="No permission to open /dev/ttyS0: join the group dialout.")
TWO = PortReport(Heard.STREAMING, ("bci", "nonin"), bytes_in=900)


class ScriptedRun:
    """A search whose reports come when the test says so."""

    def __init__(self, order, on_news):
        self.order, self._on_news = order, on_news
        self.started = self.cancelled = False

    def start(self):
        self.started = True

    def cancel(self):
        self.cancelled = True

    def join(self, _timeout_s):
        return True

    def tell(self, port, report=None, progress=""):
        self._on_news(ProbeNews(port, progress, report))


class Desk(ConnectDesk):
    def __init__(self, present):
        self.runs = []
        self.present = list(present)
        super().__init__(list_ports=lambda: self.present, make_run=self._make)

    def _make(self, order, on_news):
        self.runs.append(ScriptedRun(order, on_news))
        return self.runs[-1]


def opened(window, present=(FTDI, CH340, BUILT_IN), *, safety_read=True, devices=()):
    panel = window.panels.panel("connection")
    panel.desk = Desk(present)
    panel.know(devices, safety_read=safety_read)
    window.open_panel("connection")
    look_again(panel)
    return panel


def look_again(panel):
    assert panel.desk.wait(5)
    panel.poll()
    QApplication.processEvents()


@pytest.fixture
def window(open_window):
    made = open_window(screen=checkin())
    made.user = NURSE
    return made


def checkin():
    return replace(samples.quiet(), phase=Phase.CHECKIN)


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


FIRST = "berry@usb:0403:6001:A50285BI"
SECOND = "nonin@usb:1A86:7523@1-2"


def choose(panel, port, family):
    panel.ports.choose(port)
    panel.families.boxes[family].setChecked(True)
    panel._update()


def test_while_a_patient_is_monitored_the_monitor_stays(open_window) -> None:
    window = open_window(screen=samples.quiet())
    panel = opened(window, [FTDI, CH340], devices=(FIRST,))
    choose(panel, "/dev/ttyUSB1", "berry")
    assert not panel.connect_button.isEnabled()
    assert "End the visit" in panel.words.text
    panel.ports.choose("")
    panel._update()
    press(panel, "Search all")
    assert panel.desk.runs[0].order.ports == ("/dev/ttyUSB1",)  # the one in use would only say so


def test_a_second_monitor_joins_the_first_also_while_a_patient_is_monitored(open_window) -> None:
    window = open_window(screen=samples.quiet())
    panel = opened(window, [FTDI, CH340], devices=(FIRST,))
    assert "in use: Berry" in panel.ports.rows["/dev/ttyUSB0"].accessibleName()
    choose(panel, "/dev/ttyUSB1", "nonin")
    assert "second monitor on the same patient" in panel.words.text
    press(panel, "Add beside")
    assert window.heard == [MonitorChosen((FIRST, SECOND))]
    window.open_panel("connection")
    panel._update()
    rows = [row.accessibleName() for row in panel.ports.rows.values()]
    assert ["in use: 1. Berry" in rows[0], "in use: 2. Nonin" in rows[1]] == [True, True]
    panel.ports.choose("/dev/ttyUSB0")
    panel._update()
    assert panel.beside_button.text() == "Remove"
    assert not panel.beside_button.isEnabled()  # not while a patient is on it


def test_a_monitor_is_replaced_or_removed_before_monitoring(window) -> None:
    panel = opened(window, [FTDI, CH340], devices=(FIRST,))
    panel.ports.choose("/dev/ttyUSB0")
    panel._update()
    assert panel.beside_button.isHidden()  # one must stay
    choose(panel, "/dev/ttyUSB1", "nonin")
    press(panel, "Replace")
    assert window.heard == [MonitorChosen((SECOND,))]
    panel.know((FIRST, SECOND), safety_read=True)
    window.open_panel("connection")
    panel.ports.choose("/dev/ttyUSB0")
    panel._update()
    press(panel, "Remove")
    assert window.heard[1:] == [MonitorChosen((SECOND,))]


def test_a_monitor_in_use_whose_adapter_is_unplugged_can_be_removed(window) -> None:
    panel = opened(window, [FTDI], devices=(FIRST, SECOND))
    (absent,) = [port for port in panel.ports.rows if port != "/dev/ttyUSB0"]
    assert "not plugged in" in panel.ports.rows[absent].accessibleName()
    panel.ports.choose(absent)
    panel._update()
    press(panel, "Remove")
    assert window.heard == [MonitorChosen((FIRST,))]


def test_another_family_at_a_port_in_use_takes_its_place(window) -> None:
    panel = opened(window, [FTDI, CH340], devices=(FIRST, SECOND))
    choose(panel, "/dev/ttyUSB0", "masimo")
    press(panel, "Connect")
    assert window.heard == [MonitorChosen(("masimo@usb:0403:6001:A50285BI", SECOND))]
    window.open_panel("connection")
    panel._update()
    assert not panel.connect_button.isEnabled()  # it is there already


def test_a_simulated_port_does_not_join_a_real_monitor(window) -> None:
    panel = opened(window, [FTDI], devices=(FIRST,))
    panel.ports.typed.emit("loop://")
    panel.families.boxes["nonin"].setChecked(True)
    assert not panel.beside_button.isEnabled()
    assert panel.connect_button.isEnabled()
    assert "cannot be used beside a real one" in panel.words.text


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


@SIZES
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
