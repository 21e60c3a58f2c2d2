"""A table of a description file, read key by key; every mistake is one sentence that names file, place and remedy."""

from collections.abc import Mapping
from typing import Any

from devices.errors import ConfigError

_MISSING: Any = object()


class Table:
    """One table of the file. ``done`` complains about keys nobody asked for: most of them are spelling mistakes."""

    def __init__(self, where: str, content: Mapping[str, Any]) -> None:
        self._where = where
        self._content = content
        self._asked: set[str] = set()

    def error(self, key: str, problem: str) -> ConfigError:
        """Return the error of one key; ``problem`` says what to write."""
        return ConfigError(f"{self._where}, '{key}': {problem}.")

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._content

    def text(self, key: str, default: str = _MISSING) -> str:
        """Return a text of printable ASCII; control characters are allowed only where ``raw`` is used."""
        value = self.raw(key, default)
        if not value.isprintable():
            raise self.error(key, "write printable characters only")
        return value

    def raw(self, key: str, default: str = _MISSING) -> str:
        """Return a text that may hold control characters, such as a line ending."""
        value = self._take(key, default)
        if not isinstance(value, str) or not value.isascii():
            raise self.error(key, "write a text in quotes, ASCII only")
        if value == "" and default is _MISSING:
            raise self.error(key, "it must not be empty")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty where the key is absent."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            raise self.error(key, 'write a list of texts, such as ["---"]')
        return tuple(value)

    def number(self, key: str, default: float = _MISSING, *, low: float, high: float) -> float:
        """Return a number within limits."""
        if key not in self._content and default is not _MISSING:
            self._asked.add(key)
            return float(default)
        value = self._take(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.error(key, f"write a number from {low:g} to {high:g}")
        return float(value)

    def whole(self, key: str, default: int = _MISSING, *, low: int, high: int) -> int:
        """Return a whole number within limits."""
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.error(key, f"write a whole number from {low} to {high}")
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; false where the key is absent."""
        value = self._take(key, False)
        if not isinstance(value, bool):
            raise self.error(key, "write true or false")
        return value

    def choice(self, key: str, allowed: tuple[str, ...], default: str = _MISSING) -> str:
        """Return one of the allowed texts."""
        value = self._take(key, default)
        if value not in allowed:
            raise self.error(key, f"choose one of {', '.join(allowed)}")
        return str(value)

    def name(self, key: str, default: str = _MISSING) -> str:
        """Return the name of a field: a text, or its number from 1."""
        value = self._take(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 999:
            return str(value)
        if not isinstance(value, str) or not value.isascii() or (value == "" and default is _MISSING):
            raise self.error(key, "write the name of a field in quotes, or its number from 1")
        return value

    def table(self, key: str) -> "Table | None":
        """Return a table inside this one, or None where it is absent."""
        if key not in self._content:
            return None
        value = self._take(key)
        if not isinstance(value, dict):
            raise self.error(key, f"write a table [{key}]")
        return Table(f"{self._where}, [{key}]", value)

    def tables(self, key: str) -> tuple["Table", ...]:
        """Return a list of tables, empty where the key is absent."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(key, f"write one [[{key}]] for each")
        return tuple(Table(f"{self._where}, {key} {n}", item) for n, item in enumerate(value, 1))

    def entries(self, key: str) -> dict[str, Any]:
        """Return a table of free keys, empty where it is absent."""
        value = self._take(key, {})
        if not isinstance(value, dict):
            raise self.error(key, 'write a table such as { "E1" = "cuff loose or not connected" }')
        return value

    def done(self) -> None:
        """Complain about the first key that means nothing here."""
        for key in self._content:
            if key not in self._asked:
                known = ", ".join(sorted(self._asked))
                raise self.error(key, f"there is no such key; known here are {known}")

    def _take(self, key: str, default: Any = _MISSING) -> Any:
        self._asked.add(key)
        value = self._content.get(key, default)
        if value is _MISSING:
            raise self.error(key, "it is missing")
        return value
