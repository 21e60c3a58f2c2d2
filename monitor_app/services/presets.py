"""Presets: files of alarm limits, read, checked, laid over each other and written (clinical.md §5.6).

The factory preset and those of the indications come with the program; a clinic keeps its own in the folder ``presets``
beside its databases: ``clinic.toml``, and files of indications that go before ours of the same name.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from devices.errors import ConfigError, KnownError
from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.alarm.preset import InForce, Layer, LimitException, Preset, merged
from monitor_app.core.alarm.tile_limits import TileLimits, tile_limits
from monitor_app.core.phase import AlarmProfile
from monitor_app.resources_path import resource_path
from monitor_app.services.preset_text import preset_text

__all__ = [
    "FACTORY",
    "PresetShelf",
    "factory_limits",
    "indications",
    "load_limits",
    "load_preset",
    "preset_text",
    "tile_lines",
    "write_preset",
]

FOLDER = "presets"
FACTORY = (FOLDER, "factory.toml")
CLINIC = "clinic.toml"
INDICATION_FOLDER = "indication"


class _Exception(BaseModel):
    """A number let go outside its range."""

    model_config = ConfigDict(extra="forbid")

    rule: str
    parameter: str
    by: str = ""
    role: str = ""
    reason: str = ""


class _Head(BaseModel):
    """The table [preset] of a file."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=40)
    layer: str = Field(pattern="^(factory|clinic|indication|patient)$")
    version: int = Field(ge=1)
    approved_by: str = Field(default="", max_length=80)
    note: str = Field(default="", max_length=400)
    recovery_min: float | None = Field(default=None, ge=30, le=120)  # clinical.md §1.1 P3
    locked: tuple[str, ...] = ()
    exceptions: tuple[_Exception, ...] = ()


def load_preset(path: Path) -> Preset:
    """Read one preset. Raises ``ConfigError`` naming file and key, ``KnownError`` where it cannot be read."""
    table = _toml(path)
    if "preset" not in table:
        raise ConfigError(f"{path} has no table [preset] with name, layer and version; add one.")
    return _preset(path, table)


def load_limits(path: Path) -> Limits:
    """Return the limits a single file gives over the defaults; it needs no table [preset]. Raises like ``load_preset``."""
    table = _toml(path)
    head = {"name": path.stem, "layer": "clinic", "version": 1}
    return _merged(path, _preset(path, {"preset": head, **table})).limits


def factory_limits() -> Limits:
    """Return the limits the program comes with."""
    return load_limits(resource_path(*FACTORY))


def indications(folder: Path | None = None) -> tuple[Preset, ...]:
    """Return the presets of indications there are, by name; a clinic's own goes before ours of the same name."""
    found: dict[str, Preset] = {}
    for place in (resource_path(FOLDER), None if folder is None else folder / FOLDER):
        if place is None:
            continue
        for path in sorted((place / INDICATION_FOLDER).glob("*.toml")):
            preset = load_preset(path)
            if preset.layer is not Layer.INDICATION:
                raise ConfigError(f'{path}: a preset in this folder has layer = "indication".')
            found[preset.name.casefold()] = preset
    return tuple(found[name] for name in sorted(found))


def _below(folder: Path | None) -> list[Preset]:
    """The layers below that of an indication."""
    layers = [load_preset(resource_path(*FACTORY))]
    clinic = None if folder is None else folder / FOLDER / CLINIC
    if clinic is not None and clinic.is_file():
        layers.append(load_preset(clinic))
    return layers


@dataclass(frozen=True, slots=True)
class ReadPresets:
    """Every stack of presets a session may stand on, as the files were when they were read.

    ``names``: the indications there are. ``stacks``: by indication in small letters, "" for none; the error in place of one
    that cannot be laid over the clinic's own. ``trouble``: why the clinic's own are left out, in one sentence.
    """

    names: tuple[str, ...]
    stacks: Mapping[str, InForce | ConfigError] = field(default_factory=dict)
    trouble: str = ""

    def in_force(self, indication: str = "") -> InForce:
        """Return what a session stands on, for an indication by name. Raises ``ConfigError``."""
        found = self.stacks.get(indication.casefold())
        if found is None:
            raise ConfigError(f"There is no preset {indication}; there are {', '.join(self.names)}.")
        if isinstance(found, ConfigError):
            raise found
        return found


@dataclass(frozen=True, slots=True)
class PresetShelf:
    """Where the presets of one clinic lie. ``folder``: its data directory; None: the program's own alone."""

    folder: Path | None = None

    def read(self) -> ReadPresets:
        """Read every preset once, so that nobody waits for a file later. Raises like ``load_preset``."""
        below = _below(self.folder)
        known = indications(self.folder)
        stacks: dict[str, InForce | ConfigError] = {"": merged(below)}
        for preset in known:
            try:
                stacks[preset.name.casefold()] = merged([*below, preset])
            except ConfigError as error:
                stacks[preset.name.casefold()] = error
        return ReadPresets(tuple(preset.name for preset in known), stacks)

    def read_all_the_same(self) -> ReadPresets:
        """Read every preset, or the program's own alone where a file here is broken.

        For a session that was cut off: its numbers are in its record, and a patient must not wait for a file.
        """
        try:
            return self.read()
        except KnownError as error:
            return replace(PresetShelf().read(), trouble=str(error))


def write_preset(path: Path, preset: Preset) -> None:
    """Write a preset, all or nothing; it is checked first. Raises ``ConfigError``, ``KnownError``."""
    text = preset_text(_merged(path, preset).limits, preset)
    scratch = path.with_suffix(".tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_text(text, encoding="utf-8")
        scratch.replace(path)
    except OSError as error:
        raise KnownError(
            f"{path} cannot be written: {error.strerror or error}; check the folder's rights."
        ) from error


def tile_lines(limits: Limits, profile: AlarmProfile = AlarmProfile.INF) -> TileLimits:
    """Return the limits each tile shows in a phase profile."""
    return tile_limits(limits, profile)


def _merged(path: Path, preset: Preset) -> InForce:
    try:
        return merged([preset])
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise KnownError(f"{path} cannot be read: {error.strerror or error}; check the name.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} is not a TOML file: {error}.") from error


def _preset(path: Path, table: Mapping[str, object]) -> Preset:
    try:
        head = _Head.model_validate(table["preset"])
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{path}: [preset] {key}: {first['msg']}.") from error
    return Preset(
        name=head.name,
        layer=Layer[head.layer.upper()],
        version=head.version,
        table={key: value for key, value in table.items() if key != "preset"},
        approved_by=head.approved_by,
        locked=frozenset(_locked(path, entry) for entry in head.locked),
        exceptions=tuple(
            LimitException(e.rule, e.parameter, e.by, e.role, e.reason) for e in head.exceptions
        ),
        recovery_min=head.recovery_min,
        note=head.note,
    )


def _locked(path: Path, entry: str) -> tuple[str, str]:
    rule_id, _, key = entry.rpartition(".")
    rule = next((rule for rule in RULES if rule.id == rule_id), None)
    if rule is None or rule.parameter(key) is None:
        raise ConfigError(
            f'{path}: [preset] locked: "{entry}" is no limit; write for example "AL-BP-01.systolic_mmhg".'
        )
    return rule_id, key
