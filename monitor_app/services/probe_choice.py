"""Whom a search of ports listens for, and who may ask: every family, and the monitors the clinic has described itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from devices.errors import KnownError
from devices.registry import FILE_SCHEME, driver_ids, driver_info, plain_id
from monitor_app.services.described_monitors import described_ids
from monitor_app.services.probe_run import loaded


@dataclass(frozen=True, slots=True)
class ProbeChoice:
    """Driver ids for a ``ProbeOrder``. ``troubles``: a sentence for each that is left out."""

    listen_for: tuple[str, ...]
    ask: tuple[str, ...]
    troubles: tuple[str, ...] = ()


def probe_choice(named: Sequence[str], data_dir: Path) -> ProbeChoice:
    """Return whom to listen for where these drivers were named.

    Of described monitors those named, wherever their file lies; where none is named, all in the clinic's folder. A
    name is an id of ``chairside drivers`` or the name a description in that folder gives its monitor.

    :raises KnownError: there is no such driver, its file has a mistake, or several descriptions go by this name.
    """
    folder = described_ids(data_dir)
    ask = tuple(dict.fromkeys(_named(text, folder) for text in named))
    described = tuple(driver_id for driver_id in ask if is_described(driver_id)) or folder
    drivers, troubles = loaded((*driver_ids(), *described))
    return ProbeChoice(tuple(drivers), ask, tuple(troubles))


def is_described(driver_id: str) -> bool:
    """Whether this monitor is described in a file."""
    return driver_id.lower().startswith(FILE_SCHEME)


def _named(text: str, folder: Sequence[str]) -> str:
    """Return the id somebody meant."""
    driver_id = plain_id(text)
    if not is_described(driver_id) and driver_id not in driver_ids():
        meant = [known for known in folder if _recorded_as(known) == driver_id]
        if len(meant) > 1:
            raise KnownError(
                f"{' and '.join(meant)} both describe '{driver_id}': name one of them by its file, "
                "or give one another id in its file."
            )
        driver_id = meant[0] if meant else driver_id
    driver_info(driver_id)  # whether there is such a driver at all, and its file without a mistake
    return driver_id


def _recorded_as(driver_id: str) -> str:
    try:
        return driver_info(driver_id).id
    except KnownError:
        return ""  # a file with a mistake, told of where all are loaded
