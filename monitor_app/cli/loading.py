"""Loading a command in the shortest time: without looking for garbage, and Qt last.

Loading makes a quarter of a million objects and drops none, so every collection meanwhile is in vain. And once Qt is
there, it reads the source of each further Python module to see whether it wants Qt's names in another form (shibokensupport,
``feature.py``): a fifth of a second for what could have come before. A start to the first waveform has 2 s (design.md §9).
"""

import argparse
import gc
import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from monitor_app.cli.data_dir import data_dir
from monitor_app.cli.stop_signal import leaving_at_once

BEFORE_QT = (
    "monitor_app.cli.guard",
    "monitor_app.processing.tones",
    "monitor_app.services.alarm_snapshot",
    "monitor_app.services.connect",
    "monitor_app.services.display",
    "monitor_app.services.live",
    "monitor_app.services.record_run",
    "monitor_app.services.view.builder",
)
"""Behind these stands everything that a window needs and that knows no Qt (a test looks for what they leave out)."""
BEFORE_QT_ON_THE_SIMULATED_CHAIR = (
    "devices.drivers.berry",
    "devices.protocols.berry.monitor",
    "monitor_app.services.sim_chair",
    "monitor_app.services.sim_hands",
    "monitor_app.services.sim_news",
)


@contextmanager
def without_collector() -> Iterator[None]:
    """Load a command with the garbage collector off, until the command says otherwise; when it ends it is on in any case."""
    gc.disable()
    # Its threads cost 50 ms to begin and wait in turns for work that arrays as short as ours never give them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        yield
    finally:
        gc.enable()


def before_window(arguments: argparse.Namespace) -> tuple[str, ...]:
    """Return what is loaded before Qt for a command that opens a window, with the drivers of its monitors.

    Raises ``ConfigError`` for broken settings, as the command itself would.
    """
    if arguments.command == "demo":
        return BEFORE_QT + BEFORE_QT_ON_THE_SIMULATED_CHAIR
    from devices.registry import driver_module, plain_id  # noqa: PLC0415 - short commands start without them
    from monitor_app.services.settings import load_settings  # noqa: PLC0415 - see above

    devices = arguments.device or load_settings(data_dir(arguments)).devices
    modules = (driver_module(plain_id(device.partition("@")[0])) for device in devices)
    return BEFORE_QT + tuple(module for module in modules if module)


def load_command(module: str, before: tuple[str, ...] = ()) -> ModuleType:
    """Import the module of a command, after the modules ``before`` it."""
    with leaving_at_once():
        for name in before:
            importlib.import_module(name)
        return importlib.import_module(module)


def settle() -> None:
    """Switch the collector on for what comes from now on; the program itself stays, and is not looked through again."""
    if (
        gc.get_freeze_count()
    ):  # a further window in the same process: what is left of the one before must not stay
        gc.collect()
    gc.freeze()
    gc.enable()
