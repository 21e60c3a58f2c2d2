"""Commissioning a monitor model: a file to fill in, its strict reading, and keeping it among the clinical records."""

import json
import platform
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from devices.clock import Clock
from devices.drivers.base import DriverInfo
from devices.errors import ConfigError
from monitor_app.core.commissioning import (
    Commissioning,
    ComparedValue,
    Standing,
    in_force,
    mistakes,
    shortfalls,
    standing,
)
from monitor_app.core.stamp import Stamp
from monitor_app.services.bedside.commissioning_desk import needed_values
from monitor_app.storage.commissioning import add_commissioning
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.store import Store, open_archive

_KIND = StoreKind.CLINICAL

SUGGESTED = {
    "HR": ((60, 2), (120, 2)),
    "PR": ((60, 3), (120, 3)),
    "SPO2": ((97, 2), (85, 3)),
    "RR": ((15, 2),),
    "NIBP_SYS": ((120, 8), (180, 10)),
    "NIBP_DIA": ((80, 8), (110, 10)),
}
"""Points on both sides of the limits of clinical.md §6, and what they may differ by unless the monitor's manual says
otherwise. A suggestion for the template: whoever examines writes down what they used."""


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    name: str = Field(min_length=1)
    set: float
    shown: float | None = None
    tolerance: float = Field(ge=0)


class _Nibp(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    detected: bool


class _Alarm(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    rule: str = ""
    delay_s: float | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    driver: str
    model: str = Field(min_length=1)
    simulator: str
    by: str
    role: str
    examined_on: date = Field(alias="date")
    valid_until: date = Field(alias="until")
    note: str = ""
    value: tuple[_Value, ...]
    nibp: _Nibp | None = None
    alarm: _Alarm = _Alarm()


@dataclass(frozen=True, slots=True)
class Kept:
    """An examination that was kept; ``reasons`` why it does not pass, empty when it does."""

    examined: Commissioning
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelStanding:
    """One model of a family: its newest examination, and how it stands today."""

    newest: Commissioning
    standing: Standing
    reasons: tuple[str, ...]


def load_examination(path: Path, driver_id: str, today: date) -> Commissioning:
    """Read a filled-in template.

    :raises ConfigError: naming file, key and what is wrong; also for what cannot be true (a date to come).
    """
    try:
        found = _File.model_validate(tomllib.loads(path.read_bytes().decode("utf-8")))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}): check its name and rights.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML ({error}): correct it.") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{path}: {key}: {first['msg']}; correct it.") from error
    if found.driver != driver_id:
        raise ConfigError(f"{path}: driver: the file is for {found.driver!r}, the command for {driver_id!r}.")
    examined = _examined(found)
    wrong = mistakes(examined, today)
    if wrong:
        raise ConfigError(f"{path}: {wrong[0]}; correct it.")
    return examined


def keep_examination(data_dir: Path, info: DriverInfo, path: Path, clock: Clock) -> Kept:
    """Read an examination and keep it for good, passed or not: the newest one of a model is what counts.

    :raises ConfigError: the file is wrong, and nothing is kept.
    :raises StorageError: the clinical database cannot be written.
    """
    now = clock.wall_utc()
    examined = load_examination(path, info.id, now.astimezone().date())
    if _KIND.path(data_dir).is_file():
        open_archive(data_dir).commissionings()  # an older file is brought up to date first
    else:
        Store.open(data_dir, _KIND).close()
    stamp = Stamp(0, round(now.astimezone(UTC).timestamp() * 1000))
    add_commissioning(data_dir, _KIND, examined, stamp, platform.node())
    return Kept(examined, shortfalls(examined, needed_values(info)))


def standings(known: Sequence[Commissioning], info: DriverInfo, today: date) -> tuple[ModelStanding, ...]:
    """Return how each examined model of a family stands, in the order the models were first examined."""
    needed = needed_values(info)
    models = dict.fromkeys(item.model for item in known if item.driver_id == info.id)
    found = []
    for model in models:
        newest = in_force(known, info.id, model, today)
        if newest is not None:
            stands = standing(known, info.id, model, needed=needed, today=today)
            found.append(ModelStanding(newest, stands, shortfalls(newest, needed)))
    return tuple(found)


def template(info: DriverInfo, today: date) -> str:
    """Return a file to fill in for a family, with the values it gives."""
    quoted = json.dumps(info.id)
    head = [
        f"# Commissioning of {info.name}. Fill in, then: chairside commission {info.id} --import FILE",
        "# Connect the monitor to a patient simulator, and open Chairside on it.",
        f"driver = {quoted}",
        'model = ""  # manufacturer and model, as the monitor tells them or as on its type plate',
        'simulator = ""  # the patient simulator: make, model, serial number',
        'by = ""  # who examined it',
        'role = "biomedical engineer"',
        f"date = {today.isoformat()}",
        f"until = {_next_year(today).isoformat()}  # when it must be done again",
        'note = ""',
    ]
    return "\n".join([*head, *_value_blocks(info), *_nibp_block(info), *_ALARM_BLOCK]) + "\n"


def _value_blocks(info: DriverInfo) -> list[str]:
    lines = []
    for name in needed_values(info):
        for point, tolerance in SUGGESTED[name]:
            lines += [
                "",
                "[[value]]",
                f'name = "{name}"',
                f"set = {point}  # on the simulator",
                "# shown =   # by Chairside; leave it out if nothing was shown",
                f"tolerance = {tolerance}  # by the manuals of monitor and simulator",
            ]
    return lines


def _nibp_block(info: DriverInfo) -> list[str]:
    if "NIBP_SYS" not in needed_values(info):
        return []
    return [
        "",
        "[nibp]",
        "detected = false  # true: each reading taken on the monitor arrived in Chairside, once",
    ]


_ALARM_BLOCK = [
    "",
    "[alarm]",
    'rule = ""  # which alarm was provoked, for example AL-HR-02',
    "# delay_s =   # seconds from the change on the simulator to the alarm on Chairside's screen",
]


def _examined(found: _File) -> Commissioning:
    return Commissioning(
        driver_id=found.driver,
        model=found.model.strip(),
        values=tuple(ComparedValue(v.name, v.set, v.shown, v.tolerance) for v in found.value),
        nibp_detected=None if found.nibp is None else found.nibp.detected,
        alarm_rule=found.alarm.rule,
        alarm_delay_s=found.alarm.delay_s,
        simulator=found.simulator,
        by_name=found.by,
        by_role=found.role,
        examined_on=found.examined_on,
        valid_until=found.valid_until,
        note=found.note,
    )


def _next_year(today: date) -> date:
    try:
        return today.replace(year=today.year + 1)
    except ValueError:  # the 29th of February
        return today.replace(year=today.year + 1, day=28)
