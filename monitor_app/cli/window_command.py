"""The window on a monitor: bare ``chairside``."""

import argparse
from contextlib import closing
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from devices.clock import SystemClock
from devices.errors import KnownError
from devices.registry import DeviceAddress, parse_device
from monitor_app.cli.data_dir import data_dir
from monitor_app.cli.guard import SCREEN_BEATS_EVERY_MS, guard
from monitor_app.cli.guided_start import guided_start, run_simulated_chair, why_guided
from monitor_app.cli.loading import settle
from monitor_app.cli.qt_app import application, leave_when_stopped
from monitor_app.cli.stop_signal import StopSignal
from monitor_app.core.record import SessionRecord
from monitor_app.core.stamp import Stamp
from monitor_app.core.visit.facts import SELF_TEST_NOT_RUN, SELF_TEST_SIMULATED
from monitor_app.services.alarm_snapshot import read_snapshot
from monitor_app.services.assembly import Head
from monitor_app.services.ids import random_session_id
from monitor_app.services.live import LiveChair, LivePlan, same_monitors, simulated_ports
from monitor_app.services.record_run import RESUME_WITHIN_S
from monitor_app.services.settings import Settings, changed, load_settings
from monitor_app.services.watchdog_link import SCREEN, WatchdogLink
from monitor_app.ui.live_window import LiveWindow
from monitor_app.ui.remembered import apply_settings, remember, tell_devices
from monitor_app.ui.requests import MonitorChosen, Request
from monitor_app.ui.snapshot_courier import SnapshotCourier
from monitor_app.ui.sounder import QtSounder

SIGN_WITHIN_S = 7 * 24 * 3600.0
"""How long a visit waits at its own chair for the signatures that were not given (clinical.md §15.2)."""


def run_window(arguments: argparse.Namespace) -> int:
    """Open the window on the monitors named, or on those configured; with neither, help to find one.

    Another monitor chosen in the window ends its session and begins one on that.
    """
    folder = data_dir(arguments)
    devices, witness = tuple(arguments.device), str(arguments.confirm_real)
    while True:
        settings = load_settings(folder)
        if arguments.raw:
            settings = changed(settings, record_raw=True)  # of this run, not of the file
        addresses = tuple(parse_device(text) for text in devices or settings.devices)
        trouble = "" if devices else why_guided(addresses, witness)
        if trouble:
            chosen = guided_start(folder, settings, trouble)
            if not isinstance(chosen, MonitorChosen):
                return 0 if chosen is None else run_simulated_chair(folder)
        else:
            outcome = _run_on(folder, settings, addresses, witness)
            if isinstance(outcome, int):
                return outcome
            chosen = outcome
        devices, witness = chosen.devices, chosen.witness or witness


def _run_on(
    folder: Path, settings: Settings, addresses: tuple[DeviceAddress, ...], witness: str
) -> int | MonitorChosen:
    simulated = simulated_ports(addresses, confirmed_by=witness)
    head = Head(session_id=random_session_id(), patient_key="", simulated=simulated, chair=settings.chair)
    with StopSignal(lasting=True) as stop, application() as app, closing(QtSounder()) as sounder:
        plan = LivePlan(
            data_dir=folder,
            head=head,
            sounder=sounder,
            self_test=SELF_TEST_SIMULATED if simulated else SELF_TEST_NOT_RUN,
            devices=addresses,
            resume_if=lambda record, last: _recent(record, last, addresses, RESUME_WITHIN_S),
            sign_if=lambda record, last: _recent(record, last, addresses, SIGN_WITHIN_S),
            confirmed_by=witness,
            raw=settings.record_raw,
        )
        return show_until_changed(app, plan, settings, stop)


def show(
    app: QApplication, plan: LivePlan, settings: Settings, stop: StopSignal, beside: QWidget | None = None
) -> int:
    """Run the window, and ``beside`` it another, until it is closed; everything is ended in order whatever happens."""
    outcome = show_until_changed(app, plan, settings, stop, beside)
    return outcome if isinstance(outcome, int) else 0


def show_until_changed(
    app: QApplication, plan: LivePlan, settings: Settings, stop: StopSignal, beside: QWidget | None = None
) -> int | MonitorChosen:
    """As ``show``; returns the monitor by which the present one is to be replaced, where one was chosen.

    One that is only added joins the session that runs. On the simulated chair the choice is only remembered, for the
    next start.
    """
    if stop.requested:
        return 0
    shown = _Shown(app, plan, settings)
    if beside is not None:
        beside.show()
    app.setQuitOnLastWindowClosed(False)
    ticker = leave_when_stopped(app, stop)
    beats = shown.start()
    try:
        status = app.exec()
    finally:
        ticker.stop()
        beats.stop()
        if beside is not None:
            beside.close()
        shown.close()
    return status if shown.instead is None else shown.instead


class _Shown:
    """A live chair and its window. ``instead``: the monitor that was chosen in place of the present one."""

    def __init__(self, app: QApplication, plan: LivePlan, settings: Settings) -> None:
        self._app, self._plan = app, plan
        self._live = LiveChair(plan)
        self.instead: MonitorChosen | None = None
        self._window = LiveWindow(self._live.outlet(), self._live.post, self._keep)
        window = self._window.window
        in_use = tuple(address.text for address in plan.devices)
        apply_settings(window, changed(settings, devices=in_use) if plan.chair is None else settings)
        SnapshotCourier(window.panels, partial(read_snapshot, plan.data_dir, self._live.bedside.session_id))
        window.closed.connect(app.quit)

    def start(self) -> QTimer:
        """Let the chair and its window live; return the timer that tells that the window does."""
        self._live.start()
        self._window.start()
        beats = _screen_beats(guard(self._live), self._live)
        settle()
        return beats

    def close(self) -> None:
        """End everything in order; the session too where another monitor takes its place."""
        self._window.stop()
        self._live.close(end_session=self.instead is not None)

    def _keep(self, request: Request) -> None:
        """Do what was chosen in the window and is no command of the bedside; remember it for the next start."""
        if isinstance(request, MonitorChosen):
            if self._plan.chair is not None:
                self._window.window.say("From its next start Chairside opens on this monitor.")
            elif not self._take(request):
                return
        remember(self._plan.data_dir, request)

    def _take(self, request: MonitorChosen) -> bool:
        """Let the chosen monitors join, or end for those that take the present ones' place; False where refused."""
        try:
            joined = join(self._live, request)
        except KnownError as error:
            self._window.window.say(str(error))
            tell_devices(self._window.window, tuple(address.text for address in self._live.devices))
            return False
        if not joined:
            self.instead = self.instead or request
            self._app.quit()
        return True


def join(live: LiveChair, request: MonitorChosen) -> bool:
    """Let the monitors join that are chosen beside those in use; False where one of these is to go.

    :raises KnownError: a monitor does not fit the session.
    """
    present = tuple(address.text for address in live.devices)
    if request.devices[: len(present)] != present:
        return False
    for text in request.devices[len(present) :]:
        live.add(parse_device(text), confirmed_by=request.witness)
    return True


def _recent(record: SessionRecord, last: Stamp, devices: tuple[DeviceAddress, ...], within_s: float) -> bool:
    """Whether a session is of the same monitors and ended not too long ago: only then it is reopened."""
    ago_s = SystemClock().wall_utc().timestamp() - last.utc_ms / 1000
    return ago_s <= within_s and same_monitors(record, devices)


def _screen_beats(link: WatchdogLink, live: LiveChair) -> QTimer:
    """Tell watchdog and alarm rules from the Qt thread that it lives, until the timer is stopped."""

    def beat() -> None:
        link.beat(SCREEN)
        live.screen_beat()

    timer = QTimer()
    timer.timeout.connect(beat)
    timer.start(SCREEN_BEATS_EVERY_MS)
    beat()
    return timer
