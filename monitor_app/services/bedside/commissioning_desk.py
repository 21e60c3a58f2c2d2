"""Which real monitors here are not commissioned: said on the screen while it is so, and once in the record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from devices.drivers.base import DriverInfo, NibpTiming
from monitor_app.core.commissioning import Commissioning, Standing, Uncommissioned, in_force, standing
from monitor_app.core.journal import SystemEntry
from monitor_app.core.stamp import Stamp
from monitor_app.services.bedside.links import LinksDesk


@dataclass(frozen=True, slots=True)
class _Told:
    model: str
    standing: Standing


class CommissioningDesk:
    """Bedside thread only. ``known`` is None where nothing is looked at: nobody's values are verified in a simulation."""

    def __init__(
        self, known: tuple[Commissioning, ...] | None, links: LinksDesk, *, utc_offset_s: int = 0
    ) -> None:
        self._known = known
        self._links = links
        self._utc_offset_s = utc_offset_s
        self._told: dict[str, _Told] = {}

    def lacking(self, stamp: Stamp) -> tuple[Uncommissioned, ...]:
        """Return the real monitors that are not commissioned on this day."""
        if self._known is None:
            return ()
        found = (self._of(source, stamp) for source in self._links.sources)
        return tuple(item for item in found if item is not None)

    def note(self, source: str, stamp: Stamp, emit: Callable[[SystemEntry], None]) -> None:
        """Put in the record that a monitor is not commissioned, once for each model it turns out to be."""
        found = None if self._known is None else self._of(source, stamp)
        if found is None:
            return
        told = _Told(self._links.model(source), found.standing)
        if self._told.get(source) != told:
            self._told[source] = told
            text = f"{source}: monitor model {found.standing.value}: values are not verified"
            emit(
                SystemEntry(
                    stamp, "UNCOMMISSIONED", text, {"source": source, "standing": found.standing.value}
                )
            )

    def _of(self, source: str, stamp: Stamp) -> Uncommissioned | None:
        links, known = self._links, self._known or ()
        if links.simulated(source) or links.barred(source):
            return None
        info, model = links.info(source), links.model(source)
        today = self._day(stamp)
        found = standing(known, info.id, model, needed=needed_values(info), today=today)
        if found is Standing.COMMISSIONED:
            return None
        newest = in_force(known, info.id, model, today)
        until = newest.valid_until if newest is not None and found is Standing.EXPIRED else None
        return Uncommissioned(source, info.name, found, until)

    def _day(self, stamp: Stamp) -> date:
        return datetime.fromtimestamp(stamp.utc_ms // 1000 + self._utc_offset_s, UTC).date()


def needed_values(info: DriverInfo) -> tuple[str, ...]:
    """Return which values a commissioning of this family must compare: those it gives, the pulse where it has no ECG."""
    rate = "HR" if "HR" in info.numerics else "PR"
    found = [name for name in (rate, "SPO2", "RR") if name in info.numerics]
    cuff = [] if info.nibp is NibpTiming.NONE else ["NIBP_SYS", "NIBP_DIA"]
    return (*found, *cuff)
