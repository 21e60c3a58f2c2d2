"""Choices about the screen itself, kept in the clinic's settings."""

from pathlib import Path

from monitor_app.core.stamp import Actor
from monitor_app.services.settings import Settings, changed, load_settings, save_settings
from monitor_app.ui.main_window import MainWindow
from monitor_app.ui.panels.base import Panel
from monitor_app.ui.panels.connection import ConnectionPanel
from monitor_app.ui.requests import (
    CalibrationChosen,
    GainChosen,
    MonitorChosen,
    Request,
    SafetyRead,
    SecondSoundChosen,
    ThemeChosen,
    TrendWindowChosen,
    UserChosen,
    VolumeChosen,
)
from monitor_app.ui.style import Theme


def apply_settings(window: MainWindow, settings: Settings) -> None:
    """Open the window as it was left."""
    window.trend_min = settings.trend_min
    window.ecg_gain = settings.ecg_gain
    window.user = Actor(settings.user_name, settings.user_role)
    window.set_theme(Theme(settings.theme))
    if settings.px_per_mm is not None:
        window.set_px_per_mm(settings.px_per_mm)
    window.panels.made.connect(lambda panel: _tell(panel, settings))


def _tell(panel: Panel, settings: Settings) -> None:
    """Tell a panel that was just made what it must know of the settings."""
    if isinstance(panel, ConnectionPanel):
        panel.know(settings.devices, safety_read=settings.safety_read)


def tell_devices(window: MainWindow, devices: tuple[str, ...]) -> None:
    """Tell the connection panel which monitors are in use after all."""
    panel = window.panels.panel("connection")
    if isinstance(panel, ConnectionPanel):
        panel.know(devices, safety_read=True)


def remember(folder: Path, request: Request) -> None:
    """Keep a choice. Raises ConfigError when the folder cannot be written."""
    settings = load_settings(folder)
    if isinstance(request, ThemeChosen):
        settings = changed(settings, theme=request.theme.value)
    elif isinstance(request, CalibrationChosen):
        settings = changed(settings, px_per_mm=request.px_per_mm)
    elif isinstance(request, UserChosen):
        settings = changed(settings, user_name=request.user.name, user_role=request.user.role)
    elif isinstance(request, TrendWindowChosen):
        settings = changed(settings, trend_min=request.minutes)
    elif isinstance(request, GainChosen):
        settings = changed(settings, ecg_gain=request.mm_per_mv)
    elif isinstance(request, VolumeChosen):
        settings = changed(settings, volume_step=request.step)
    elif isinstance(request, SecondSoundChosen):
        settings = changed(
            settings, second_sound_key=request.output.key, second_sound_name=request.output.name
        )
    elif isinstance(request, MonitorChosen):
        settings = changed(settings, devices=request.devices)
    elif isinstance(request, SafetyRead):
        settings = changed(settings, safety_read=True)
    else:
        return
    save_settings(folder, settings)
