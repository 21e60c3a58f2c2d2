"""A scripted search for monitors, and touches on the connection panel."""

from dataclasses import replace

import sample_screens as samples
from PySide6.QtWidgets import QApplication

from devices.drivers.base import SerialSettings
from devices.probe_report import Heard, PortReport
from devices.transport.ports import SerialPortInfo
from monitor_app.core.phase import Phase
from monitor_app.services.connect import ConnectDesk
from monitor_app.services.probe_run import ProbeNews

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


def checkin():
    return replace(samples.quiet(), phase=Phase.CHECKIN)
