"""Which monitors are in use: a second one beside the first, another in its place, one taken away."""

import sample_screens as samples
from connection_hands import CH340, FTDI, checkin, opened
from panel_hands import press

from monitor_app.ui.requests import MonitorChosen

SCREEN = checkin


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
