"""Bare ``chairside`` with no monitor configured: a window that helps to find one; without a display, one sentence."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from devices.errors import KnownError
from devices.registry import DeviceAddress, driver_ids
from monitor_app.cli.loading import settle
from monitor_app.cli.qt_app import application, can_show_windows, leave_when_stopped
from monitor_app.cli.stop_signal import StopSignal, leaving_at_once
from monitor_app.services.connect import needs_witness
from monitor_app.services.settings import Settings
from monitor_app.ui.remembered import remember
from monitor_app.ui.requests import MonitorChosen
from monitor_app.ui.start_window import SIMULATED_CHAIR, StartWindow

NOT_CONFIGURED = "No monitor is configured yet: plug its cable in, choose the port, search, connect."
HEADLESS_PLATFORMS = ("offscreen", "minimal")
"""Qt platforms on which a window has nobody before it (Qt for embedded Linux, Qt Platform Abstraction)."""


def why_guided(addresses: Sequence[DeviceAddress], witness: str) -> str:
    """Return why the monitors of the settings cannot simply be opened, as a sentence; empty where they can."""
    if not addresses:
        return NOT_CONFIGURED
    unseen = next((address.port for address in addresses if needs_witness(address.port)), "")
    if unseen and not witness.strip():
        return f"{unseen} is a network address: say who has seen a real monitor there."
    return ""


def guided_start(folder: Path, settings: Settings, trouble: str) -> MonitorChosen | str | None:
    """Show the start window; what was chosen, ``SIMULATED_CHAIR``, or None when it was closed.

    :raises KnownError: nobody is there to choose; the sentence says how to do it without a window.
    """
    if not _somebody_is_there():
        raise KnownError(_without_window(trouble))
    with StopSignal(lasting=True) as stop, application() as app:
        window = StartWindow(trouble, settings, lambda request: remember(folder, request))
        app.setQuitOnLastWindowClosed(True)
        ticker = leave_when_stopped(app, stop)
        window.show()
        settle()
        app.exec()
        ticker.stop()
        window.finish()
        return window.outcome


def run_simulated_chair(folder: Path) -> int:
    """Run what ``chairside demo`` runs."""
    with leaving_at_once():
        from monitor_app.cli.demo_window import run_demo_window  # noqa: PLC0415 - it imports the window's own module

    return run_demo_window(argparse.Namespace(scenario="S02", seed=None, speed=1.0, data_dir=folder))


def _somebody_is_there() -> bool:
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    return can_show_windows() and platform not in HEADLESS_PLATFORMS


def _without_window(trouble: str) -> str:
    if trouble != NOT_CONFIGURED:
        return f"{trouble[:-1]} with --confirm-real NAME."
    return (
        "no monitor is configured yet: name one with --device DRIVER@PORT "
        f"(drivers: {', '.join(driver_ids())}; ports: 'chairside ports'), or try 'chairside demo'."
    )


__all__ = ["SIMULATED_CHAIR", "guided_start", "run_simulated_chair", "why_guided"]
