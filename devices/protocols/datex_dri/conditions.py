"""Conditions of which several may hold at once under one code: rhythms, alarm texts."""

from collections.abc import Iterable

from devices.protocols.conditions import Conditions
from devices.signals import DeviceStatus, Signal


class ManyConditions(Conditions):
    """Conditions, told when they begin, change or end. A code is used with ``set`` or with ``set_all``, never both."""

    def __init__(self) -> None:
        super().__init__()
        self._details: dict[str, tuple[str, ...]] = {}

    def set_all(self, code: str, details: Iterable[str]) -> list[Signal]:
        """Note every detail under which a condition holds, none if it does not; return what changed."""
        now, before = tuple(details), self._details.get(code, ())
        self._details[code] = now
        ended = [DeviceStatus(code, active=False, detail=detail) for detail in before if detail not in now]
        begun = [DeviceStatus(code, active=True, detail=detail) for detail in now if detail not in before]
        return [*ended, *begun]
