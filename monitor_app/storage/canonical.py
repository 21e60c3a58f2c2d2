"""One spelling for every value, so that equal records have equal hashes (clinical.md §15.1)."""

import json
import math
from collections.abc import Mapping
from enum import Enum
from typing import TypeAlias

JsonValue: TypeAlias = "str | int | float | bool | list[JsonValue] | dict[str, JsonValue] | None"

_EXACT_INTEGER = 2**53


def canonical_json(value: object) -> str:
    """Return the canonical JSON text: sorted keys, no spaces, floats as ``repr`` writes them."""
    return json.dumps(
        plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def plain(value: object) -> JsonValue:
    """Reduce dataclasses, enums, mappings and tuples to JSON values; a dataclass becomes an object of its fields.

    A whole number has one spelling whether it was held as int or as float: a REAL column gives 85.0 for 85.
    Raises TypeError for anything a journal entry cannot hold (arrays: see ``record_hash``).
    """
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, float):
        return _number(value)
    return _composite(value)


def _composite(value: object) -> JsonValue:
    names = getattr(
        type(value), "__dataclass_fields__", None
    )  # as is_dataclass looks, and asked first: most are
    if names is not None:
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no canonical form")


def entry_fields(entry: object) -> dict[str, JsonValue]:
    """Return a journal entry as an object whose ``type`` is the name of its class."""
    reduced = plain(entry)
    if not isinstance(reduced, dict):
        raise TypeError(f"{type(entry).__name__} is not an entry")
    return {"type": type(entry).__name__, **reduced}


def _number(value: float) -> JsonValue:
    if not math.isfinite(value):
        return repr(value)
    if value.is_integer() and abs(value) < _EXACT_INTEGER:
        return int(value)
    return value
