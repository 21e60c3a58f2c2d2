"""Battery and mains as Linux, macOS and Windows tell them (TE-17, clinical.md §6.6)."""

import sys
from pathlib import Path

import pytest

from monitor_app.services.power import (
    UNKNOWN_POWER,
    Power,
    linux_power,
    mac_power,
    read_power,
    windows_power,
)

AC = {"type": "Mains", "online": "1"}
NO_AC = {"type": "Mains", "online": "0"}
BATTERY = {"type": "Battery", "status": "Discharging", "capacity": "64", "scope": "System"}
MOUSE = {"type": "Battery", "status": "Discharging", "capacity": "5", "scope": "Device"}


def supplies(folder: Path, **found: dict[str, str]) -> Path:
    for name, fields in found.items():
        (folder / name).mkdir()
        for field, text in fields.items():
            (folder / name / field).write_text(f"{text}\n")
    return folder


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({}, UNKNOWN_POWER),
        ({"AC": AC, "BAT0": {**BATTERY, "status": "Charging"}}, Power(on_battery=False, percent=64)),
        ({"AC": NO_AC, "BAT0": BATTERY}, Power(on_battery=True, percent=64)),
        ({"BAT0": BATTERY}, Power(on_battery=True, percent=64)),
        ({"BAT0": {**BATTERY, "status": "Full"}}, Power(on_battery=False, percent=64)),
        # A strong load drains a battery though the mains is there: the computer does not stop when it is empty.
        ({"AC": AC, "BAT0": BATTERY}, Power(on_battery=False, percent=64)),
        ({"AC": NO_AC, "mouse": MOUSE}, Power(on_battery=False, percent=None)),
        ({"BAT0": BATTERY, "mouse": MOUSE}, Power(on_battery=True, percent=64)),
        ({"USBC": {"type": "USB", "online": "1"}, "BAT0": BATTERY}, Power(on_battery=False, percent=64)),
        ({"BAT0": {"type": "Battery", "status": "Discharging"}}, Power(on_battery=True, percent=None)),
        (
            {
                "BAT0": {**BATTERY, "energy_now": "1000", "energy_full": "10000"},
                "BAT1": {**BATTERY, "energy_now": "20000", "energy_full": "50000"},
            },
            Power(on_battery=True, percent=35),
        ),
        ({"BAT0": BATTERY, "BAT1": {**BATTERY, "capacity": "16"}}, Power(on_battery=True, percent=40)),
    ],
)
def test_linux(tmp_path: Path, found: dict[str, dict[str, str]], expected: Power) -> None:
    assert linux_power(supplies(tmp_path, **found)) == expected


def test_linux_without_the_folder(tmp_path: Path) -> None:
    assert linux_power(tmp_path / "nothing") == UNKNOWN_POWER


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            "Now drawing from 'Battery Power'\n -InternalBattery-0 (id=22806627)\t78%; discharging; 5:05 remaining\n",
            Power(on_battery=True, percent=78),
        ),
        (
            "Now drawing from 'AC Power'\n -InternalBattery-0 (id=1234567)\t100%; charged; 0:00 remaining\n",
            Power(on_battery=False, percent=100),
        ),
        ("Now drawing from 'AC Power'\n", UNKNOWN_POWER),
        ("", UNKNOWN_POWER),
    ],
)
def test_macos(told: str, expected: Power) -> None:
    assert mac_power(told) == expected


@pytest.mark.parametrize(
    ("line", "percent", "expected"),
    [
        (0, 42, Power(on_battery=True, percent=42)),
        (1, 100, Power(on_battery=False, percent=100)),
        (1, 255, UNKNOWN_POWER),
        (255, 255, UNKNOWN_POWER),
        (0, 255, Power(on_battery=True, percent=None)),
    ],
)
def test_windows(line: int, percent: int, expected: Power) -> None:
    assert windows_power(line, percent) == expected


def test_this_computer_answers() -> None:
    assert isinstance(read_power(), Power), sys.platform
