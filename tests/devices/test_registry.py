import importlib.metadata
import sys
import tomllib
from pathlib import Path
from textwrap import dedent

import pytest

from devices.drivers.base import Driver
from devices.errors import ConfigError, KnownError
from devices.registry import (
    BUILTIN_DRIVERS,
    DeviceAddress,
    driver_ids,
    driver_info,
    driver_module,
    make_driver,
    make_monitor,
    monitor_ids,
    parse_device,
)
from tests.devices.fake_patient import FakePatient
from tests.devices.fakes import FakeMonitor


@pytest.fixture
def plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An installed distribution outside the project, found as pip would leave it: on the path, with its metadata."""
    (tmp_path / "clinic_drivers.py").write_text(
        dedent("""
            from tests.devices.fakes import FakeDriver, FakeMonitor

            class ClinicDriver(FakeDriver):
                pass

            class NoDriver:
                pass
        """)
    )
    metadata = tmp_path / "clinic_drivers-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: clinic-drivers\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(
        dedent("""
            [chairside.drivers]
            clinic = clinic_drivers:ClinicDriver
            wrong = clinic_drivers:NoDriver
            broken = clinic_drivers_that_are_not_there:Driver
            berry = clinic_drivers:ClinicDriver

            [chairside.monitors]
            clinic = clinic_drivers:FakeMonitor
        """)
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "clinic"
    sys.modules.pop("clinic_drivers", None)


def test_the_built_in_families_are_there_without_any_metadata(monkeypatch):
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda **_: [])
    assert "berry" in driver_ids()
    assert "berry" in monitor_ids()
    for driver_id in BUILTIN_DRIVERS:
        driver = make_driver(driver_id)
        assert isinstance(driver, Driver)
        assert driver.info.id == driver_id
        assert driver_info(driver_id) is driver.info


def test_the_projects_entry_points_say_the_same_as_the_table():
    pyproject = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert pyproject["project"]["entry-points"]["chairside.drivers"] == dict(BUILTIN_DRIVERS)


def test_the_emulated_berry_is_made_on_a_patient():
    monitor = make_monitor("berry", FakePatient(), seed=7)
    assert monitor.advance(1.0) == b""  # silent until enabled (protocols.md §1.1)


def test_a_plug_in_needs_no_fork(plug_in):
    assert plug_in in driver_ids()
    assert type(make_driver(plug_in)).__name__ == "ClinicDriver"
    assert driver_info(plug_in).name == "Fake monitor"
    assert isinstance(make_monitor(plug_in, FakePatient(), seed=1), FakeMonitor)
    assert parse_device("clinic@COM3") == DeviceAddress("clinic", "COM3")


def test_a_plug_in_cannot_take_the_place_of_a_built_in_driver(plug_in):
    assert type(make_driver("berry")).__name__ == "BerryDriver"


@pytest.mark.parametrize(("name", "words"), [("wrong", "is not a driver"), ("broken", "cannot be loaded")])
def test_a_bad_plug_in_is_named_and_spoils_nothing_else(plug_in, name, words):
    with pytest.raises(KnownError, match=words):
        make_driver(name)
    assert driver_info(plug_in)


@pytest.mark.parametrize("make", [make_driver, driver_info, lambda i: make_monitor(i, FakePatient(), seed=0)])
def test_an_unknown_family_lists_the_known_ones(make):
    with pytest.raises(KnownError, match=r"'philips'.*berry"):
        make("philips")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("berry@./m", DeviceAddress("berry", "./m")),
        ("berry@COM3", DeviceAddress("berry", "COM3")),
        (" Berry @ /dev/ttyUSB0 ", DeviceAddress("berry", "/dev/ttyUSB0")),
        ("berry@socket://user@10.0.0.7:4001", DeviceAddress("berry", "socket://user@10.0.0.7:4001")),
    ],
)
def test_a_device_is_driver_at_port(text, expected):
    assert parse_device(text) == expected


def test_the_source_of_an_address():
    assert DeviceAddress("berry", "./m").source == "berry@./m"


@pytest.mark.parametrize("text", ["", "berry", "berry@", "@COM3", "@", "/dev/ttyUSB0"])
def test_what_is_no_device_is_said_with_an_example(text):
    with pytest.raises(ConfigError, match="write DRIVER@PORT, for example"):
        parse_device(text)


def test_a_device_of_an_unknown_family():
    with pytest.raises(KnownError, match="choose one of"):
        parse_device("philips@COM3")


def test_where_a_built_in_driver_lives():
    for driver_id in BUILTIN_DRIVERS:
        assert driver_module(driver_id) == type(make_driver(driver_id)).__module__
    assert driver_module("clinic") == driver_module("file:/monitor.toml") == ""
