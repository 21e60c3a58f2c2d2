"""What a bedside is given to stand on."""

from collections.abc import Callable
from dataclasses import dataclass

from devices.clock import Clock
from monitor_app.core.alarm.engine import AlarmEngine
from monitor_app.core.commissioning import Commissioning
from monitor_app.core.journal import JournalEntry, SessionOpened
from monitor_app.core.sound_output import NO_OUTPUT, SoundOutput
from monitor_app.services.bedside.publication import Publication
from monitor_app.services.ports import Sounder
from monitor_app.services.presets import ReadPresets


@dataclass(frozen=True, slots=True)
class BedsideParts:
    """What a bedside is given. ``record`` and ``publish`` must not block; ``record_hash`` reads the stored record.

    ``commissionings``: what is known of the clinic's monitor models; None where it does not matter. ``presets``: where the
    session's limits begin.
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
    presets: ReadPresets
    volume_step: int
    quiet_low: bool = False
    second_sound: SoundOutput = NO_OUTPUT
    utc_offset_s: int = 0
    origin_t_ns: int = 0
    commissionings: tuple[Commissioning, ...] | None = None
