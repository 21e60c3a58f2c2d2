"""Puts the parts of one chair together: head of the record, rules with their limits, bedside, links."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from devices.clock import Clock
from monitor_app import __version__
from monitor_app.core.alarm.engine import AlarmEngine
from monitor_app.core.commissioning import Commissioning
from monitor_app.core.journal import JournalEntry, Scalar, SessionOpened
from monitor_app.core.sound_output import NO_OUTPUT, SoundOutput
from monitor_app.core.stamp import Stamp
from monitor_app.services.bedside.bedside import Bedside
from monitor_app.services.bedside.parts import BedsideParts
from monitor_app.services.bedside.publication import Publication
from monitor_app.services.ids import entry_ids
from monitor_app.services.ports import Sounder
from monitor_app.services.presets import PresetShelf
from monitor_app.services.settings import load_settings


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a session before it begins."""

    session_id: str
    patient_key: str
    simulated: bool
    initials: str = ""
    chair: str = "1"
    scenario: str = ""
    seed: int | None = None
    patient: dict[str, Scalar] | None = None


def opened_of(head: Head, clock: Clock) -> SessionOpened:
    """The first entry of a record."""
    return SessionOpened(
        stamp=Stamp(0, round(clock.wall_utc().timestamp() * 1000)),
        session_id=head.session_id,
        patient_key=head.patient_key,
        initials=head.initials,
        simulated=head.simulated,
        chair=head.chair,
        software=f"chairside {__version__}",
        scenario=head.scenario,
        seed=head.seed,
        patient=head.patient or {},
    )


@dataclass(frozen=True, slots=True)
class AlarmSetup:
    """What a chair's alarms begin with: where presets lie, and how they sound (``parts.BedsideParts``)."""

    presets: PresetShelf = field(default_factory=PresetShelf)
    volume_step: int = 4
    quiet_low: bool = False
    second_sound: SoundOutput = NO_OUTPUT


def alarm_setup(folder: Path) -> AlarmSetup:
    """What the clinic has set in its data directory; the window keeps a volume chosen later there. Raises ``ConfigError``."""
    settings = load_settings(folder)
    return AlarmSetup(PresetShelf(folder), settings.volume_step, settings.quiet_low, settings.second_sound)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a bedside stands in: where it writes, who looks on, who plays its sounds, which monitors were proved."""

    clock: Clock
    record: Callable[[JournalEntry], None]
    publish: Callable[[Publication], None]
    record_hash: Callable[[], str]
    sounder: Sounder
    self_test: str
    commissionings: tuple[Commissioning, ...] | None = None
    alarms: AlarmSetup = field(default_factory=AlarmSetup)


def make_bedside(
    opened: SessionOpened,
    around: Surroundings,
    *,
    first_entry: int = 0,
    origin_t_ns: int = 0,
    utc_offset_s: int | None = None,
) -> Bedside:
    """A bedside for a new session, or (``first_entry``, ``origin_t_ns``) for one taken up again.

    ``utc_offset_s``: the clinic's clock against UTC; None: the computer's. Raises ``ConfigError`` for a broken preset, except
    for a session taken up again.
    """
    new_id = entry_ids(first_entry)
    presets = around.alarms.presets
    parts = BedsideParts(
        clock=around.clock,
        opened=opened,
        engine=AlarmEngine(new_id),
        record=around.record,
        publish=around.publish,
        sounder=around.sounder,
        new_id=new_id,
        record_hash=around.record_hash,
        self_test=around.self_test,
        presets=presets.read_all_the_same() if origin_t_ns else presets.read(),
        volume_step=around.alarms.volume_step,
        quiet_low=around.alarms.quiet_low,
        second_sound=around.alarms.second_sound,
        utc_offset_s=local_offset_s(around.clock.wall_utc()) if utc_offset_s is None else utc_offset_s,
        origin_t_ns=origin_t_ns,
        commissionings=around.commissionings,
    )
    return Bedside(parts)


def local_offset_s(now: datetime) -> int:
    """The clinic's clock against UTC, for the cuff's clock marks."""
    offset = now.astimezone().utcoffset()
    return int(offset.total_seconds()) if offset and now.tzinfo is UTC else 0
