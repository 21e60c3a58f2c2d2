"""What a bedside is given to stand on."""

from collections.abc import Callable
from dataclasses import dataclass, field

from devices.clock import Clock
from monitor_app.core.alarm.engine import AlarmEngine
from monitor_app.core.commissioning import Commissioning
from monitor_app.core.journal import JournalEntry, SessionOpened
from monitor_app.services.bedside.publication import Publication
from monitor_app.services.ports import Sounder


@dataclass(frozen=True, slots=True)
class BedsideParts:
    """What a bedside is given. ``record`` and ``publish`` must not block; ``record_hash`` reads the stored record.

    ``commissionings``: what is known of the clinic's monitor models; None where it does not matter.
    """

    clock: Clock
    opened: SessionOpened
    engine: AlarmEngine
    record: Callable[[JournalEntry], None]
    publish: Callable[[Publication], None]
    sounder: Sounder
    new_id: Callable[[], str]
    record_hash: Callable[[], str]
    self_test: str
    tile_limits: dict[str, tuple[tuple[str, str], ...]]
    utc_offset_s: int = 0
    origin_t_ns: int = 0
    rule_delays: dict[str, float] = field(default_factory=dict)  # seconds by rule id
    commissionings: tuple[Commissioning, ...] | None = None
