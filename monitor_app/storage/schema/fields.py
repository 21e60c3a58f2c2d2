"""How one attribute of a journal entry becomes typed columns and comes back.

A ``Field`` names the attribute, its columns, and the pair encode/decode. Encoding refuses what SQLite could not give
back (integers over 64 bits, text that is not Unicode), so an entry that encodes can always be stored.
"""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeAlias

from sqlalchemy import Column, Float, Integer, Text

from monitor_app.core.stamp import Actor

Row: TypeAlias = dict[str, Any]
"""Column name to value, as bound to an INSERT."""

_INT64 = 1 << 63
_TRUTH = MappingProxyType({0: False, 1: True})


@dataclass(frozen=True, slots=True)
class Field:
    """``columns`` makes fresh columns; ``encode(value)`` gives their values in order; ``decode`` takes them back."""

    name: str
    columns: Callable[[], tuple[Column[Any], ...]]
    encode: Callable[[Any], tuple[Any, ...]]
    decode: Callable[[Iterator[Any]], Any]


def text(name: str, *, optional: bool = False) -> Field:
    """Text that is valid Unicode."""
    return _single(name, Text, optional=optional, encode=checked_text, decode=str)


def integer(name: str, *, optional: bool = False) -> Field:
    """A 64-bit integer."""
    return _single(name, Integer, optional=optional, encode=checked_int, decode=int)


def big_integer(name: str, *, optional: bool = False) -> Field:
    """An integer of any size (a seed), kept as decimal text."""
    return _single(name, Text, optional=optional, encode=str, decode=int)


def real(name: str, *, optional: bool = False) -> Field:
    """A finite number; not-a-number means "no value" where that is allowed."""
    if not optional:
        return _single(name, Float, optional=False, encode=_finite, decode=float)
    return Field(
        name,
        lambda: (Column(name, Float),),
        lambda value: (None if value is None or math.isnan(value) else float(value),),
        lambda cells: _or_none(next(cells), float),
    )


def flag(name: str) -> Field:
    """True or false, as 1 or 0; anything else in the file is damage, so the column is not left to guess."""
    return _single(
        name, Integer, optional=False, encode=lambda value: int(bool(value)), decode=_TRUTH.__getitem__
    )


def choice(name: str, kind: type[Enum], *, optional: bool = False) -> Field:
    """A member of an enumeration, by its value (text, or the bits of a flag)."""
    column_type = Integer if isinstance(next(iter(kind)).value, int) else Text
    return _single(name, column_type, optional=optional, encode=lambda member: member.value, decode=kind)


def words(name: str) -> Field:
    """A tuple of texts, as a JSON list."""
    return _single(
        name, Text, optional=False, encode=lambda v: _json(list(v)), decode=lambda v: tuple(json.loads(v))
    )


def scalar(name: str) -> Field:
    """Text, number, truth value or nothing, as JSON: keeps 1, 1.0 and true apart."""
    return _single(name, Text, optional=False, encode=_json, decode=json.loads)


def mapping(name: str) -> Field:
    """A mapping of scalars, as a JSON object with sorted keys."""
    return _single(name, Text, optional=False, encode=lambda v: _json(dict(v)), decode=json.loads)


def actor(name: str, *, optional: bool = False) -> Field:
    """A person: ``<name>_name`` and ``<name>_role``."""
    return Field(
        name,
        lambda: (
            Column(f"{name}_name", Text, nullable=optional),
            Column(f"{name}_role", Text, nullable=optional),
        ),
        lambda person: (
            (None, None) if person is None else (checked_text(person.name), checked_text(person.role))
        ),
        _decode_actor,
    )


def nested(name: str, kind: type[Any], *parts: Field) -> Field:
    """A value object spread over the columns of its own fields."""
    return Field(
        name,
        lambda: tuple(column for part in parts for column in part.columns()),
        lambda value: tuple(cell for part in parts for cell in part.encode(getattr(value, part.name))),
        lambda cells: kind(**{part.name: part.decode(cells) for part in parts}),
    )


def checked_int(value: int) -> int:
    """Return a plain int; raises ValueError where SQLite's 64 bits do not hold it."""
    number = int(value)
    if not -_INT64 <= number < _INT64:
        raise ValueError("integer over 64 bits")
    return number


def checked_text(value: str) -> str:
    """Return the text; raises UnicodeEncodeError (a ValueError) for half a surrogate pair."""
    value.encode()
    return value


def _finite(value: float) -> float:
    if math.isnan(value):
        raise ValueError("not a number, where a number is needed")
    return float(value)


def _json(value: object) -> str:
    return checked_text(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def _or_none(value: Any, decode: Callable[[Any], Any]) -> Any:
    return None if value is None else decode(value)


def _decode_actor(cells: Iterator[Any]) -> Actor | None:
    name, role = next(cells), next(cells)
    if (name is None) is not (role is None):
        raise ValueError("a person with half a name")
    return None if name is None else Actor(str(name), str(role))


def _single(
    name: str,
    column_type: type[Any],
    *,
    optional: bool,
    encode: Callable[[Any], Any],
    decode: Callable[[Any], Any],
) -> Field:
    def encoded(value: Any) -> tuple[Any, ...]:
        if value is None and not optional and column_type is not Text:
            raise ValueError(f"{name} is missing")
        return (None if value is None and optional else encode(value),)

    return Field(
        name,
        lambda: (Column(name, column_type, nullable=optional),),
        encoded,
        lambda cells: _or_none(next(cells), decode) if optional else decode(next(cells)),
    )
