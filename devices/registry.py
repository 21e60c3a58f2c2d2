"""Which drivers and emulated monitors exist: a built-in table, and plug-ins through entry points.

A plug-in is any installed distribution with an entry point in the group ``chairside.drivers`` (value ``module:DriverClass``)
or ``chairside.monitors`` (``module:MonitorFactory``); its name is the id. The built-in table is there because a frozen
program has no distribution metadata; a plug-in cannot replace an id of it.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Any

from devices.drivers.base import Driver, DriverInfo
from devices.errors import ConfigError, KnownError
from devices.patient import PatientSource
from devices.protocols.base import MonitorSide

DRIVER_GROUP = "chairside.drivers"
MONITOR_GROUP = "chairside.monitors"

BUILTIN_DRIVERS: Mapping[str, str] = MappingProxyType({"berry": "devices.drivers.berry:BerryDriver"})
BUILTIN_MONITORS: Mapping[str, str] = MappingProxyType(
    {"berry": "devices.protocols.berry.monitor:BerryMonitor"}
)


@dataclass(frozen=True, slots=True)
class DeviceAddress:
    """A monitor as it is named on the command line: which family, on which port."""

    driver_id: str
    port: str

    @property
    def source(self) -> str:
        """``driver@port``, as in ``Arrival.source``."""
        return f"{self.driver_id}@{self.port}"


def driver_ids() -> tuple[str, ...]:
    """Return the id of every driver there is, sorted; none is loaded for it."""
    return _ids(BUILTIN_DRIVERS, DRIVER_GROUP)


def monitor_ids() -> tuple[str, ...]:
    """Return the id of every monitor that can be emulated, sorted."""
    return _ids(BUILTIN_MONITORS, MONITOR_GROUP)


def make_driver(driver_id: str) -> Driver:
    """Return a new driver.

    :raises KnownError: there is none of this id, or the plug-in cannot be loaded.
    """
    return _driver_class(driver_id)()


def driver_info(driver_id: str) -> DriverInfo:
    """Return what a driver can do, without making one.

    :raises KnownError: as for ``make_driver``.
    """
    return _driver_class(driver_id).info


def make_monitor(driver_id: str, patient: PatientSource, *, seed: int = 0) -> MonitorSide:
    """Return the monitor's side of a family's wire, freshly switched on, with its sensors on ``patient``.

    :raises KnownError: this family cannot be emulated, or the plug-in cannot be loaded.
    """
    known = monitor_ids()
    if driver_id not in known:
        raise KnownError(f"There is no emulated monitor '{driver_id}': choose one of {_listed(known)}.")
    factory = _load(driver_id, BUILTIN_MONITORS, MONITOR_GROUP)
    if not callable(factory):
        raise KnownError(
            f"The plug-in for monitor '{driver_id}' is not a monitor factory: ask its author to correct it."
        )
    monitor: MonitorSide = factory(patient, seed=seed)
    return monitor


def parse_device(text: str) -> DeviceAddress:
    """Return the parts of ``DRIVER@PORT``, for example ``berry@/dev/ttyUSB0`` or ``berry@socket://10.0.0.7:4001``.

    :raises ConfigError: it is not of that form.
    :raises KnownError: there is no such driver.
    """
    driver_id, separator, port = text.partition("@")
    driver_id, port = driver_id.strip().lower(), port.strip()
    if not separator or not driver_id or not port:
        raise ConfigError(f"'{text}' names no device: write DRIVER@PORT, for example berry@/dev/ttyUSB0.")
    _require_driver(driver_id)
    return DeviceAddress(driver_id, port)


def _require_driver(driver_id: str) -> None:
    known = driver_ids()
    if driver_id not in known:
        raise KnownError(f"There is no driver '{driver_id}': choose one of {_listed(known)}.")


def _driver_class(driver_id: str) -> type[Driver]:
    _require_driver(driver_id)
    found = _load(driver_id, BUILTIN_DRIVERS, DRIVER_GROUP)
    if not (isinstance(found, type) and issubclass(found, Driver)):
        raise KnownError(
            f"The plug-in for driver '{driver_id}' is not a driver: ask its author to correct it."
        )
    return found


def _ids(builtin: Mapping[str, str], group: str) -> tuple[str, ...]:
    return tuple(sorted({*builtin, *(entry.name for entry in entry_points(group=group))}))


def _load(name: str, builtin: Mapping[str, str], group: str) -> Any:
    target = builtin.get(name)
    try:
        if target is not None:
            module, _, attribute = target.partition(":")
            return getattr(importlib.import_module(module), attribute)
        (entry, *_) = entry_points(group=group, name=name)
        return entry.load()
    except Exception as error:
        if target is not None:
            raise  # ours: a defect, not the user's affair
        raise KnownError(
            f"The plug-in for '{name}' cannot be loaded ({error}): update or remove it."
        ) from error


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names)
