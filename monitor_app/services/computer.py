"""The computer itself: room on its disk, and what it runs on (clinical.md §6.6, TE-13 and TE-17)."""

import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from monitor_app.services.power import UNKNOWN_POWER, Power, read_power

LOOK_EVERY_S = 10.0
"""Neither changes faster than matters: at 300 MB free a session's 5 MB in two hours is far from the end."""
CLOSE_WAIT_S = 0.5


@dataclass(frozen=True, slots=True)
class Computer:
    """What the alarm rules may know of the computer. None: nobody can tell."""

    free_disk_bytes: int | None = None
    on_battery: bool = False
    battery_percent: float | None = None


UNKNOWN_COMPUTER = Computer()


def read_computer(folder: Path, power: Callable[[], Power] = read_power) -> Computer:
    """Look at the disk ``folder`` lies on and at the power supply. May block; anything unreadable is unknown."""
    try:
        free: int | None = shutil.disk_usage(folder).free
    except OSError:
        free = None
    try:
        now = power()
    except OSError:
        now = UNKNOWN_POWER
    return Computer(free, now.on_battery, now.percent)


class ComputerWatch:
    """Looks every 10 s, on a thread of its own: a disk that hangs must not hold up alarms.

    ``tell`` is called on that thread with what was found, whenever it is something new. ``read`` must not raise.
    """

    def __init__(self, read: Callable[[], Computer], tell: Callable[[Computer], None]) -> None:
        self._read = read
        self._tell = tell
        self._told: Computer | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="computer watch", daemon=True)

    def start(self) -> None:
        """Begin; the first look is at once."""
        self._thread.start()

    def close(self) -> None:
        """Stop looking. A look that hangs is left to end by itself. Harmless twice, and before ``start``."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_WAIT_S)

    def look(self) -> None:
        """Look once."""
        found = self._read()
        if found != self._told:
            self._told = found
            self._tell(found)

    def _run(self) -> None:
        while True:
            self.look()
            if self._stopping.wait(LOOK_EVERY_S):
                return
