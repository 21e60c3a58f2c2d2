"""Whether the computer runs on its battery, and how full that is, read from the operating system (TE-17, clinical.md §6.6).

Three small readers instead of a library: one number and one flag every 10 s. Batteries of mice and headsets do not count.
"""

import contextlib
import ctypes
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

LINUX_SUPPLIES = Path("/sys/class/power_supply")
"""Linux, Documentation/ABI/testing/sysfs-class-power."""
_PMSET = ("/usr/bin/pmset", "-g", "batt")
_PMSET_WAIT_S = 2.0
_OFFLINE, _UNKNOWN_PERCENT = 0, 255
"""Windows, SYSTEM_POWER_STATUS: ``ACLineStatus`` 0, ``BatteryLifePercent`` 255."""
_MAC_PERCENT = re.compile(r"InternalBattery.*?(\d{1,3})%")


@dataclass(frozen=True, slots=True)
class Power:
    """What the computer runs on. ``percent``: charge of its own battery, None without one or where nobody says."""

    on_battery: bool = False
    percent: float | None = None


UNKNOWN_POWER = Power()


def read_power() -> Power:
    """Ask the operating system; may take a moment, and raises ``OSError`` where that fails."""
    if sys.platform == "win32":
        return _windows()
    if sys.platform == "darwin":
        return mac_power(_run_pmset())
    return linux_power(LINUX_SUPPLIES)


def linux_power(supplies: Path) -> Power:
    """Read the supplies the kernel lists: on battery where one discharges and no mains is connected."""
    try:
        found = [_fields(folder) for folder in sorted(supplies.iterdir())]
    except OSError:
        return UNKNOWN_POWER
    own = [f for f in found if f.get("type") == "Battery" and f.get("scope") != "Device"]
    mains = any(f.get("type") in {"Mains", "USB"} and f.get("online") == "1" for f in found)
    discharging = any(f.get("status") == "Discharging" for f in own)
    return Power(discharging and not mains, _charge(own))


def _fields(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("type", "scope", "online", "status", "capacity", "energy_now", "energy_full"):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            found[name] = (folder / name).read_text(encoding="ascii").strip()
    return found


def _charge(batteries: list[dict[str, str]]) -> float | None:
    """Return the charge of all batteries together: by their energies where each tells them, else the plain mean."""
    pairs = [(_number(f.get("energy_now")), _number(f.get("energy_full"))) for f in batteries]
    known = [(now, full) for now, full in pairs if now is not None and full]
    if batteries and len(known) == len(batteries):
        return min(100.0, 100 * sum(now for now, _ in known) / sum(full for _, full in known))
    shares = [share for f in batteries if (share := _number(f.get("capacity"))) is not None]
    return sum(shares) / len(shares) if shares else None


def _number(text: str | None) -> float | None:
    return float(text) if text is not None and text.isdigit() else None


def mac_power(told: str) -> Power:
    """Read what ``pmset -g batt`` prints: the source in its first line, each battery in one of its own."""
    percent = _MAC_PERCENT.search(told)
    on_battery = "'Battery Power'" in told.partition("\n")[0]
    return Power(on_battery, float(percent[1]) if percent else None)


def _run_pmset() -> str:
    try:
        done = subprocess.run(_PMSET, capture_output=True, timeout=_PMSET_WAIT_S, check=False)  # noqa: S603 - fixed
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode("utf-8", "replace")


class _SystemPowerStatus(ctypes.Structure):
    _fields_ = (
        ("ac_line_status", ctypes.c_ubyte),
        ("battery_flag", ctypes.c_ubyte),
        ("battery_life_percent", ctypes.c_ubyte),
        ("system_status_flag", ctypes.c_ubyte),
        ("battery_life_time", ctypes.c_ulong),
        ("battery_full_life_time", ctypes.c_ulong),
    )


def windows_power(ac_line_status: int, battery_life_percent: int) -> Power:
    """Read the two fields of SYSTEM_POWER_STATUS that matter."""
    percent = None if battery_life_percent == _UNKNOWN_PERCENT else float(battery_life_percent)
    return Power(ac_line_status == _OFFLINE, percent)


def _windows() -> Power:
    if sys.platform == "win32":
        status = _SystemPowerStatus()
        if ctypes.windll.kernel32.GetSystemPowerStatus(ctypes.byref(status)):
            return windows_power(status.ac_line_status, status.battery_life_percent)
    return UNKNOWN_POWER
