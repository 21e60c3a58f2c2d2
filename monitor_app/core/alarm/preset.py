"""Presets in layers: factory, clinic, indication, patient; each says only what it changes (clinical.md §5.6).

A session always begins from its layers; nothing of an earlier patient's is left. A number outside its range needs an
exception signed by a clinical lead with a reason. What a preset locks no later layer changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from devices.errors import ConfigError
from monitor_app.core.alarm.catalogue import default_limits
from monitor_app.core.alarm.limit_check import PROFILES, limits_of
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.alarm.system_state import LEAD


class Layer(IntEnum):
    """The layers, the later one over the earlier."""

    FACTORY = 0
    CLINIC = 1
    INDICATION = 2
    PATIENT = 3


@dataclass(frozen=True, slots=True)
class LimitException:
    """A number let go outside its range, by whom and why."""

    rule: str
    parameter: str
    by: str
    role: str
    reason: str


@dataclass(frozen=True, slots=True)
class Preset:
    """One layer. ``table``: rule → parameter → number, with sub-tables of a phase; what it leaves out stays as it was.

    ``version`` grows with every change. ``recovery_min`` None: as in the layer below (clinical.md §1.1 P3).
    """

    name: str
    layer: Layer
    version: int
    table: Mapping[str, object] = field(default_factory=dict)
    approved_by: str = ""
    locked: frozenset[tuple[str, str]] = frozenset()
    exceptions: tuple[LimitException, ...] = ()
    recovery_min: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class InForce:
    """What the layers give together. ``versions``: "Factory 1 > Clinic 3 > Pain 1", for the record."""

    limits: Limits
    presets: tuple[Preset, ...]
    locked: frozenset[tuple[str, str]]
    recovery_min: float | None

    @property
    def versions(self) -> str:
        """The layers by name and version."""
        return " > ".join(f"{preset.name} {preset.version}" for preset in self.presets)


def merged(presets: Sequence[Preset]) -> InForce:
    """Lay the presets over each other. Raises ``ConfigError`` naming preset, key and what is wrong."""
    limits, locked = default_limits(), frozenset[tuple[str, str]]()
    recovery_min: float | None = None
    last: Layer | None = None
    for preset in presets:
        if last is not None and preset.layer <= last:
            raise ConfigError(
                f"Preset {preset.name}: a {preset.layer.name.lower()} preset cannot stand here."
            )
        try:
            _check_locks(preset, locked)
            beyond = _beyond(preset)
            limits = limits_of(preset.table, base=limits, beyond=beyond | _already_beyond(presets, preset))
        except ConfigError as error:
            raise ConfigError(f"Preset {preset.name}: {error}") from error
        locked |= preset.locked
        recovery_min = recovery_min if preset.recovery_min is None else preset.recovery_min
        last = preset.layer
    return InForce(limits, tuple(presets), locked, recovery_min)


def _beyond(preset: Preset) -> frozenset[tuple[str, str]]:
    """The numbers its exceptions let go outside their range; an exception without lead or reason is refused."""
    for exception in preset.exceptions:
        name = f"the exception for [{exception.rule}] {exception.parameter}"
        if exception.role != LEAD or not exception.by.strip():
            raise ConfigError(f'{name} needs by = the name and role = "{LEAD}".')
        if not exception.reason.strip():
            raise ConfigError(f"{name} needs a written reason.")
    return frozenset((exception.rule, exception.parameter) for exception in preset.exceptions)


def _already_beyond(presets: Sequence[Preset], until: Preset) -> frozenset[tuple[str, str]]:
    """What an earlier layer let go: a later one may say the same number again."""
    earlier = (preset for preset in presets if preset.layer < until.layer)
    return frozenset((e.rule, e.parameter) for preset in earlier for e in preset.exceptions)


def _check_locks(preset: Preset, locked: frozenset[tuple[str, str]]) -> None:
    for rule, numbers in preset.table.items():
        for key in _keys(numbers):
            if (rule, key) in locked:
                raise ConfigError(f"[{rule}] {key} is locked by the clinic; take it out.")


def _keys(numbers: object) -> list[str]:
    """Every parameter a rule's table names, those of one phase too."""
    if not isinstance(numbers, Mapping):
        return []
    found: list[str] = []
    for key, value in numbers.items():
        found += list(value) if key in PROFILES and isinstance(value, Mapping) else [str(key)]
    return found
