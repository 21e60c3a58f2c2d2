"""Which monitor's cuff measures: one patient is measured by one cuff."""

from collections.abc import Callable

from devices.drivers.base import NibpTiming
from monitor_app.services.bedside.sources import Switch


class CuffInUse:
    """The first that was added, until another is taken. Bedside thread only.

    ``source`` is empty and ``timing`` NONE while no monitor with a cuff takes part.
    """

    def __init__(self) -> None:
        self._cuffs: dict[str, NibpTiming] = {}
        self.source = ""
        self.timing = NibpTiming.NONE

    def add(self, source: str, timing: NibpTiming) -> bool:
        """A monitor takes part; True when its cuff is the one in use from now on."""
        if timing is NibpTiming.NONE:
            return False
        self._cuffs[source] = timing
        first = self.timing is NibpTiming.NONE
        if first:
            self.source, self.timing = source, timing
        return first

    def first_there(self, alive: Callable[[str], bool]) -> str:
        """The first monitor with a cuff that is there; the one in use where none is, or it has no rival."""
        if len(self._cuffs) < 2:
            return self.source
        return next((source for source in self._cuffs if alive(source)), self.source)

    def has_cuff(self, source: str) -> bool:
        """Whether this monitor has one."""
        return source in self._cuffs

    def switch_to(self, source: str, why: str) -> Switch:
        """Use another monitor's from now on."""
        before = self.source
        self.source, self.timing = source, self._cuffs[source]
        return Switch("NIBP", (before, "NIBP"), (source, "NIBP"), why)
