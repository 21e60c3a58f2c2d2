"""The window on a monitor: bare ``chairside``."""

import argparse
import gc
import signal
import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from devices.clock import SystemClock
from devices.errors import KnownError
from devices.registry import DeviceAddress, driver_ids, parse_device
from monitor_app.cli.data_dir import data_dir
from monitor_app.cli.qt_app import application
from monitor_app.core.record import SessionRecord
from monitor_app.core.stamp import Stamp
from monitor_app.core.visit.facts import SELF_TEST_NOT_RUN, SELF_TEST_SIMULATED
from monitor_app.services.assembly import Head
from monitor_app.services.ids import random_session_id
from monitor_app.services.live import LiveChair, LivePlan, same_monitors, simulated_ports
from monitor_app.services.record_run import RESUME_WITHIN_S
from monitor_app.services.settings import Settings, load_settings
from monitor_app.ui.live_window import LiveWindow
from monitor_app.ui.remembered import apply_settings, remember
from monitor_app.ui.sounder import QtSounder

LISTEN_FOR_SIGNALS_MS = 200


def run_window(arguments: argparse.Namespace) -> int:
    """Open the window on the monitors named, or on the one configured."""
    folder = data_dir(arguments)
    settings = load_settings(folder)
    addresses = tuple(parse_device(text) for text in arguments.device or settings.devices)
    if not addresses:
        raise KnownError(
            "no monitor is configured yet: name one with --device DRIVER@PORT "
            f"(drivers: {', '.join(driver_ids())}; ports: 'chairside ports'), or try 'chairside demo'."
        )
    simulated = simulated_ports(addresses, confirmed_by=arguments.confirm_real)
    head = Head(session_id=random_session_id(), patient_key="", simulated=simulated, chair=settings.chair)
    with application() as app:
        sounder = QtSounder()
        plan = LivePlan(
            data_dir=folder,
            head=head,
            sounder=sounder,
            self_test=SELF_TEST_SIMULATED if simulated else SELF_TEST_NOT_RUN,
            devices=addresses,
            resume_if=lambda record, last: _resumable(record, last, addresses),
            confirmed_by=arguments.confirm_real,
        )
        return show(app, plan, sounder, settings)


def show(
    app: QApplication, plan: LivePlan, sounder: QtSounder, settings: Settings, beside: QWidget | None = None
) -> int:
    """Run the window, and ``beside`` it another, until it is closed; everything is ended in order whatever happens."""
    live = LiveChair(plan)
    window = LiveWindow(live.outlet(), live.post, lambda request: remember(plan.data_dir, request))
    apply_settings(window.window, settings)
    if beside is not None:
        beside.show()
    app.setQuitOnLastWindowClosed(False)
    window.window.closed.connect(app.quit)
    ticker = _quit_on_signal(app)
    live.start()
    window.start()
    gc.freeze()  # the program itself stays; only what comes from now on is worth looking through
    gc.enable()
    try:
        return app.exec()
    finally:
        ticker.stop()
        window.stop()
        if beside is not None:
            beside.close()
        live.close()
        sounder.close()


def _resumable(record: SessionRecord, last: Stamp, devices: tuple[DeviceAddress, ...]) -> bool:
    """Whether a cut-off session is reopened: the same monitors, cut off within the hours of one visit."""
    ago_s = SystemClock().wall_utc().timestamp() - last.utc_ms / 1000
    return ago_s <= RESUME_WITHIN_S and same_monitors(record, devices)


def _quit_on_signal(app: QApplication) -> QTimer:
    """Let Ctrl-C and SIGTERM end the program in order: Python sees signals only when it runs."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: app.quit())
    ticker = QTimer()
    ticker.timeout.connect(lambda: sys.exc_info())  # noqa: PLW0108 - any Python at all lets a signal through
    ticker.start(LISTEN_FOR_SIGNALS_MS)
    return ticker
