"""Which drivers and emulated monitors exist: a built-in table, and plug-ins through entry points.

A plug-in is any installed distribution with an entry point in the group ``chairside.drivers`` (value ``module:DriverClass``)
or ``chairside.monitors`` (``module:MonitorFactory``); its name is the id. The built-in table is there because a frozen
program has no distribution metadata; a plug-in cannot replace an id of it.

Where an id is asked for, ``file:PATH`` names a monitor described in a TOML file (``devices.declarative_file``).
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from devices.drivers.base import Driver, DriverInfo
from devices.errors import ConfigError, KnownError
from devices.patient import PatientSource
from devices.protocols.base import MonitorSide

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

    from devices.declarative_file import DeclaredDevice

DRIVER_GROUP = "chairside.drivers"
MONITOR_GROUP = "chairside.monitors"
FILE_SCHEME = "file:"

BUILTIN_DRIVERS: Mapping[str, str] = MappingProxyType(
    {
        "berry": "devices.drivers.berry:BerryDriver",
        "nellcor": "devices.drivers.nellcor:NellcorDriver",
        "nonin": "devices.drivers.nonin:NoninDriver",
        "masimo": "devices.drivers.masimo:MasimoDriver",
        "intellivue-mib": "devices.drivers.intellivue_mib:IntellivueDriver",
        "datex-dri": "devices.drivers.datex_dri:DatexDriDriver",
        "bci": "devices.drivers.bci:BciDriver",
        "contec-v7": "devices.drivers.contec_v7:ContecV7Driver",
        "suntech-nibp": "devices.drivers.suntech_nibp:SuntechNibpDriver",
        "efficia-hl7": "devices.drivers.efficia_hl7:EfficiaHl7Driver",
    }
)
BUILTIN_MONITORS: Mapping[str, str] = MappingProxyType(
    {
        "berry": "devices.protocols.berry.monitor:BerryMonitor",
        "nellcor": "devices.protocols.nellcor.monitor:NellcorMonitor",
        "nonin": "devices.protocols.nonin.monitor:NoninMonitor",
        "masimo": "devices.protocols.masimo.monitor:MasimoMonitor",
        "intellivue-mib": "devices.protocols.intellivue_mib.monitor:IntellivueMonitor",
        "datex-dri": "devices.protocols.datex_dri.monitor:DatexDriMonitor",
        "bci": "devices.protocols.bci.monitor:BciMonitor",
        "contec-v7": "devices.protocols.contec_v7.monitor:ContecV7Monitor",
        "suntech-nibp": "devices.protocols.suntech_nibp.monitor:SuntechMonitor",
        "efficia-hl7": "devices.protocols.efficia_hl7.monitor:EfficiaHl7Monitor",
    }
)


@dataclass(frozen=True, slots=True)
class DeviceAddress:
    """A monitor as it is named on the command line: which family, on which port."""

    driver_id: str
    port: str

    @property
    def text(self) -> str:
        """``driver@port`` as it is typed; ``parse_device`` reads it."""
        return f"{self.driver_id}@{self.port}"

    @property
    def source(self) -> str:
        """``driver@port``, as in ``Arrival.source``; a described monitor is called by the id its file gives it."""
        described = _described(self.driver_id)
        return f"{described.driver.info.id if described else self.driver_id}@{self.port}"


def driver_ids() -> tuple[str, ...]:
    """Return the id of every driver there is, sorted; none is loaded for it."""
    return _ids(BUILTIN_DRIVERS, DRIVER_GROUP)


def monitor_ids() -> tuple[str, ...]:
    """Return the id of every monitor that can be emulated, sorted."""
    return _ids(BUILTIN_MONITORS, MONITOR_GROUP)


def driver_module(driver_id: str) -> str:
    """Return the module of a built-in driver, which may be imported early; empty for any other."""
    return BUILTIN_DRIVERS.get(driver_id, "").partition(":")[0]


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
    if described := _described(driver_id):
        return described.monitor(patient, seed=seed)
    if driver_id not in BUILTIN_MONITORS and driver_id not in (known := monitor_ids()):
        raise KnownError(f"There is no emulated monitor '{driver_id}': choose one of {_listed(known)}.")
    factory = _load(driver_id, BUILTIN_MONITORS, MONITOR_GROUP)
    if not callable(factory):
        raise KnownError(
            f"The plug-in for monitor '{driver_id}' is not a monitor factory: ask its author to correct it."
        )
    monitor: MonitorSide = factory(patient, seed=seed)
    return monitor


def plain_id(text: str) -> str:
    """Return a driver id as a person typed it in the form used here: small letters, except in the path of a file."""
    text = text.strip()
    return text if text.lower().startswith(FILE_SCHEME) else text.lower()


def parse_device(text: str) -> DeviceAddress:
    """Return the parts of ``DRIVER@PORT``, for example ``berry@/dev/ttyUSB0`` or ``berry@socket://10.0.0.7:4001``.

    ``file:/path/monitor.toml@/dev/ttyUSB0`` names a monitor described in a file.

    :raises ConfigError: it is not of that form, or the description has a mistake.
    :raises KnownError: there is no such driver.
    """
    # The path of a description may hold an @ too; a port that does is no serial port.
    described = text.strip().lower().startswith(FILE_SCHEME)
    driver_id, separator, port = text.rpartition("@") if described else text.partition("@")
    driver_id, port = plain_id(driver_id), port.strip()
    if not separator or not driver_id or not port:
        raise ConfigError(f"'{text}' names no device: write DRIVER@PORT, for example berry@/dev/ttyUSB0.")
    _require_driver(driver_id)
    return DeviceAddress(driver_id, port)


def _described(driver_id: str) -> "DeclaredDevice | None":
    """Return the device of ``file:PATH``; None for any other id. Raises ConfigError like ``load_declarative``."""
    if not driver_id.lower().startswith(FILE_SCHEME):
        return None
    from devices.declarative_file import load_declarative  # noqa: PLC0415 - not needed for the built-in ones

    return load_declarative(Path(driver_id[len(FILE_SCHEME) :]).expanduser())


def _require_driver(driver_id: str) -> None:
    if driver_id in BUILTIN_DRIVERS:
        return  # without looking through every installed distribution
    if _described(driver_id):
        return
    known = driver_ids()
    if driver_id not in known:
        raise KnownError(f"There is no driver '{driver_id}': choose one of {_listed(known)}.")


def _driver_class(driver_id: str) -> type[Driver]:
    if described := _described(driver_id):
        return described.driver
    _require_driver(driver_id)
    found = _load(driver_id, BUILTIN_DRIVERS, DRIVER_GROUP)
    if not (isinstance(found, type) and issubclass(found, Driver)):
        raise KnownError(
            f"The plug-in for driver '{driver_id}' is not a driver: ask its author to correct it."
        )
    return found


def _entry_points(group: str) -> "EntryPoints":
    from importlib.metadata import entry_points  # noqa: PLC0415 - takes its time, and is for plug-ins only

    return entry_points(group=group)


def _ids(builtin: Mapping[str, str], group: str) -> tuple[str, ...]:
    return tuple(sorted({*builtin, *(entry.name for entry in _entry_points(group))}))


def _load(name: str, builtin: Mapping[str, str], group: str) -> Any:
    target = builtin.get(name)
    try:
        if target is not None:
            module, _, attribute = target.partition(":")
            return getattr(importlib.import_module(module), attribute)
        (entry, *_) = _entry_points(group).select(name=name)
        return entry.load()
    except Exception as error:
        if target is not None:
            raise  # ours: a defect, not the user's affair
        raise KnownError(
            f"The plug-in for '{name}' cannot be loaded ({error}): update or remove it."
        ) from error


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names)
