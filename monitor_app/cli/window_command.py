"""The window: on a monitor (bare ``chairside``), or on the simulated chair (``demo``)."""

import argparse
import signal
import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from devices.clock import SystemClock
from devices.errors import KnownError
from devices.registry import DeviceAddress, driver_ids, parse_device
from monitor_app.cli.data_dir import data_dir
from monitor_app.cli.qt_app import application
from monitor_app.core.record import SessionRecord
from monitor_app.core.stamp import Stamp
from monitor_app.core.visit.facts import SELF_TEST_NOT_RUN, SELF_TEST_SIMULATED
from monitor_app.services.assembly import Head, head_of
from monitor_app.services.ids import random_session_id
from monitor_app.services.live import LiveChair, LivePlan, same_monitors, simulated_ports
from monitor_app.services.record_run import RESUME_WITHIN_S
from monitor_app.services.settings import Settings, load_settings
from monitor_app.services.sim_chair import SimulatedChair, find_scenario
from monitor_app.services.sim_hands import Hands
from monitor_app.ui.bedside_panel import BedsidePanel
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
        return _show(app, plan, sounder, settings)


def run_demo_window(arguments: argparse.Namespace) -> int:
    """Open the window on the simulated chair, with the virtual bedside beside it."""
    scenario = find_scenario(arguments.scenario)
    seed = scenario.seed if arguments.seed is None else arguments.seed
    folder = arguments.data_dir or data_dir(arguments)
    chair = SimulatedChair(scenario, seed=seed)
    with application() as app:
        sounder = QtSounder()
        plan = LivePlan(
            data_dir=folder,
            head=head_of(scenario, random_session_id(), seed),
            sounder=sounder,
            self_test=SELF_TEST_SIMULATED,
            chair=chair,
            speed=arguments.speed,
            resume=False,
        )
        return _show(app, plan, sounder, load_settings(folder))


def _show(app: QApplication, plan: LivePlan, sounder: QtSounder, settings: Settings) -> int:
    """Run the window until it is closed; everything is ended in order whatever happens."""
    live = LiveChair(plan)
    window = LiveWindow(live.outlet(), live.post, lambda request: remember(plan.data_dir, request))
    apply_settings(window.window, settings)
    bedside = BedsidePanel() if plan.chair is not None else None
    if bedside is not None and plan.chair is not None:
        _connect(bedside, Hands(plan.chair))
        bedside.show()
    app.setQuitOnLastWindowClosed(False)
    window.window.closed.connect(app.quit)
    ticker = _quit_on_signal(app)
    live.start()
    window.start()
    try:
        return app.exec()
    finally:
        ticker.stop()
        window.stop()
        if bedside is not None:
            bedside.close()
        live.close()
        sounder.close()


def _resumable(record: SessionRecord, last: Stamp, devices: tuple[DeviceAddress, ...]) -> bool:
    """Whether a cut-off session is reopened: the same monitors, cut off within the hours of one visit."""
    ago_s = SystemClock().wall_utc().timestamp() - last.utc_ms / 1000
    return ago_s <= RESUME_WITHIN_S and same_monitors(record, devices)


def _connect(panel: BedsidePanel, hands: Hands) -> None:
    """Every control of the panel moves a hand at the simulated chair; none of them records anything."""
    for name in ("pump", "oxygen", "drug", "cuff", "lead", "finger", "motion", "talk"):
        getattr(panel, name).connect(getattr(hands, name))


def _quit_on_signal(app: QApplication) -> QTimer:
    """Let Ctrl-C and SIGTERM end the program in order: Python sees signals only when it runs."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: app.quit())
    ticker = QTimer()
    ticker.timeout.connect(lambda: sys.exc_info())  # noqa: PLW0108 - any Python at all lets a signal through
    ticker.start(LISTEN_FOR_SIGNALS_MS)
    return ticker
