"""Where in a JSON text a key stands, for error messages a person can act on."""

from json import JSONDecoder

Path = tuple[str | int, ...]


def line_of(text: str, path: Path) -> int:
    """Return the line (from 1) on which the value at ``path`` begins; that of the deepest part found otherwise.

    The text must be valid JSON.
    """
    lines = _Lines(text)
    lines.value(0, ())
    while path not in lines.found:
        path = path[:-1]
    return text.count("\n", 0, lines.found[path]) + 1


class _Lines:
    """One walk over a valid JSON text that notes where each value begins."""

    def __init__(self, text: str) -> None:
        self.found: dict[Path, int] = {}
        self._text = text
        self._decode = JSONDecoder().raw_decode

    def value(self, at: int, path: Path) -> int:
        at = self._space(at)
        self.found[path] = at
        if self._text[at] == "{":
            return self._members(at + 1, path)
        if self._text[at] == "[":
            return self._items(at + 1, path)
        return int(self._decode(self._text, at)[1])

    def _members(self, at: int, path: Path) -> int:
        at = self._space(at)
        while self._text[at] != "}":
            key_at = self._space(at)
            key, at = self._decode(self._text, key_at)
            at = self._comma(self.value(self._space(at) + 1, (*path, key)))
            self.found[(*path, key)] = key_at
        return at + 1

    def _items(self, at: int, path: Path) -> int:
        at, index = self._space(at), 0
        while self._text[at] != "]":
            at = self._comma(self.value(at, (*path, index)))
            index += 1
        return at + 1

    def _comma(self, at: int) -> int:
        at = self._space(at)
        return self._space(at + 1) if self._text[at] == "," else at

    def _space(self, at: int) -> int:
        while self._text[at] in " \t\r\n":
            at += 1
        return at
