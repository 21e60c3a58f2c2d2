"""Conditions a device reports over and over, told once when they begin, change or end."""

from devices.signals import DeviceStatus, NibpResult, Signal

_MOST_UNKNOWN = 32
"""So many kinds of unknown record are told of; a damaged line could invent new ones without end."""


class Conditions:
    """What is true of a device and its sensors now. Each method returns only what changed."""

    def __init__(self) -> None:
        self._active: dict[str, str] = {}  # code to detail
        self._unknown: set[str] = set()

    def active(self, code: str) -> bool:
        """Whether a condition holds."""
        return code in self._active

    def set(self, code: str, detail: str | None, *, held: NibpResult | None = None) -> list[Signal]:
        """Note that a condition holds with this detail, or (None) that it does not; ``held`` as in ``DeviceStatus``."""
        before = self._active.get(code)
        if before == detail:
            return []
        ended: list[Signal] = [] if before is None else [DeviceStatus(code, active=False)]
        if detail is None:
            del self._active[code]
            return ended
        self._active[code] = detail
        return [*ended, DeviceStatus(code, active=True, detail=detail, held=held)]

    def unknown(self, record: str) -> list[Signal]:
        """Note a record nobody has described; each kind is told once."""
        if record in self._unknown or len(self._unknown) >= _MOST_UNKNOWN:
            return []
        self._unknown.add(record)
        return [DeviceStatus("UNKNOWN_RECORD", active=True, detail=record)]
