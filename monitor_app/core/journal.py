"""What can stand in the record of a visit: one frozen type per kind of entry.

The bedside emits these; the recorder stores them, the screen shows them, exporters read them back as a
``SessionRecord``. The state of a visit is a fold over them, so a session that was cut off is rebuilt by reading its
own journal. Every entry has a ``stamp``; ids are unique inside a session.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from devices.signals import Counts, LinkState, NibpFailure, Provenance, Quality, WaveScale
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.raw import RawEntry
from monitor_app.core.stamp import Actor, Stamp

Scalar: TypeAlias = str | int | float | bool | None
"""What an answer or a field of an event may hold."""


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """The head of a record. ``simulated`` never changes back; ``patient_key`` is a pseudonym."""

    stamp: Stamp
    session_id: str
    patient_key: str
    initials: str
    simulated: bool
    chair: str
    software: str
    scenario: str = ""
    seed: int | None = None
    patient: Mapping[str, Scalar] = field(
        default_factory=dict
    )  # age_years, weight_kg, sex, allergies, asa, htn


@dataclass(frozen=True, slots=True)
class DeviceEntry:
    """A monitor took part: ``source`` is ``driver@port``; repeated when its identity becomes known or changes."""

    stamp: Stamp
    source: str
    driver_id: str
    description: str
    provenance: Provenance
    identity: str = ""


@dataclass(frozen=True, slots=True)
class WaveBlock:
    """Raw samples of one wave; ``stamp`` is the time of the first sample.

    ``first_sample`` is the session's counter of this wave: the device's own counter, continued over reconnects with the
    missing samples left open.
    """

    stamp: Stamp
    source: str
    name: str
    rate_hz: float
    first_sample: int
    counts: Counts
    scale: WaveScale


@dataclass(frozen=True, slots=True)
class GapEntry:
    """Samples that never came; written when the gap ends, or at the session's end if it never did."""

    stamp: Stamp  # the gap's begin
    source: str
    channel: str  # wave name, "raw" for raw bytes, or "*" for the whole session (the program was not running)
    duration_ns: int
    reason: str


@dataclass(frozen=True, slots=True)
class NumericEntry:
    """One value as the device gave it, or as Chairside derived it (``source`` ``chairside``)."""

    stamp: Stamp
    source: str
    name: str
    value: float | None
    unit: str
    quality: Quality = Quality.GOOD


@dataclass(frozen=True, slots=True)
class NibpEntry:
    """A cuff measurement that ended. ``stamp`` is its end; rejected and failed ones are kept too."""

    stamp: Stamp
    nibp_id: str
    source: str
    trigger: str  # "manual", "auto", "retake", "retry", "entry", "stat", "monitor"
    started_t_ns: int | None
    systolic_mmhg: float | None
    diastolic_mmhg: float | None
    mean_mmhg: float | None
    mean_calculated: bool
    pulse_per_min: float | None
    failure: NibpFailure | None = None
    rejected: str = ""  # why an arrived reading was not accepted (clinical.md §8.4)
    limb: str = ""

    @property
    def accepted(self) -> bool:
        """Whether this is a reading that may be shown and judged."""
        return self.failure is None and not self.rejected and self.systolic_mmhg is not None


@dataclass(frozen=True, slots=True)
class NibpStarted:
    """A cuff was asked to inflate (or was seen inflating)."""

    stamp: Stamp
    source: str
    trigger: str


@dataclass(frozen=True, slots=True)
class PhaseEntry:
    """The visit moved. ``overrides`` name the guards passed by a prescriber's decision, with the reason."""

    stamp: Stamp
    from_phase: Phase
    to_phase: Phase
    by: Actor
    reason: str = ""
    overrides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusalEntry:
    """Something was asked and refused, with every reason."""

    stamp: Stamp
    action: str
    reasons: tuple[str, ...]
    by: Actor


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """A question of the phase panel was answered; the last answer to a key counts, all are kept."""

    stamp: Stamp
    key: str
    value: Scalar
    by: Actor
    override_by: Actor | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The patient's own normal (clinical.md §4.2)."""

    systolic_mmhg: float
    diastolic_mmhg: float
    hr_per_min: float | None
    spo2_percent: float | None
    rr_per_min: float | None
    mean_mmhg: float | None = None


@dataclass(frozen=True, slots=True)
class BaselineEntry:
    """A baseline was frozen, from which inputs, by whom; the newest counts, all are kept."""

    stamp: Stamp
    baseline: Baseline
    nibp_ids: tuple[str, ...]
    by: Actor
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What was ordered. ``drug`` is ketamine; concentration is of the bag or syringe at the pump."""

    dose_mg_per_kg: float
    weight_kg: float
    concentration_mg_per_ml: float
    duration_min: float
    ordered_by: str = ""
    verbal: bool = False
    drug: str = "ketamine"


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """An order was written or changed."""

    stamp: Stamp
    order: Order
    by: Actor


@dataclass(frozen=True, slots=True)
class InfusionEntry:
    """What somebody recorded about the pump; nothing is controlled.

    ``action``: ``started``, ``paused``, ``resumed``, ``rate``, ``completed``, ``stopped``, ``volume``.
    """

    stamp: Stamp
    entry_id: str
    action: str
    rate_ml_per_h: float | None
    by: Actor
    reason: str = ""
    pump_volume_ml: float | None = None


@dataclass(frozen=True, slots=True)
class CareEntry:
    """Something done or seen at the chair.

    ``kind``: ``note``, ``drug``, ``oxygen``, ``adverse_event``, ``check``, ``vas``, ``call``, ``snapshot``, ``limbs``,
    ``verdict``.
    """

    stamp: Stamp
    entry_id: str
    kind: str
    text: str
    by: Actor
    fields: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VoidEntry:
    """An entry was taken back; it stays, struck through."""

    stamp: Stamp
    entry_id: str
    by: Actor
    reason: str


@dataclass(frozen=True, slots=True)
class AlarmEntry:
    """One step in an alarm's life (clinical.md §5.4); the occurrence id joins the steps of one condition."""

    stamp: Stamp
    occurrence_id: str
    rule: str
    alarm_class: AlarmClass
    priority: Priority
    from_state: str  # IDLE PENDING ACTIVE ACTIVE_ACK LATCHED
    to_state: str
    phase: Phase
    value: float | None
    limit: float | None
    text: str  # "SYS 182 > 180"
    suppressed: str = ""  # the rule or hold that keeps it from being announced
    note: str = ""  # "not confirmed", "not confirmed by pulse"
    by: Actor | None = None


@dataclass(frozen=True, slots=True)
class SoundEntry:
    """An alarm-system state changed: audio paused, audio back, output missing (clinical.md §5.5)."""

    stamp: Stamp
    state: str
    by: Actor
    until_t_ns: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LimitEntry:
    """A limit was set: the whole set at the start, single rules afterwards."""

    stamp: Stamp
    rule: str
    parameter: str
    value: float
    by: Actor
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LinkEntry:
    """A connection changed its state."""

    stamp: Stamp
    source: str
    state: LinkState
    detail: str
    frames_ok: int = 0
    frames_bad: int = 0
    bytes_discarded: int = 0


@dataclass(frozen=True, slots=True)
class SystemEntry:
    """The program or the computer did something worth keeping: restart, clock jump, self-test, disk."""

    stamp: Stamp
    code: str  # RESTARTED, CLOCK_JUMP, SELF_TEST, STORAGE_ERROR, STORAGE_OK, SOUND_LOST …
    text: str
    fields: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignatureEntry:
    """A signature, bound to the hash of the record up to it."""

    stamp: Stamp
    by: Actor
    meaning: str
    record_sha256: str


JournalEntry: TypeAlias = (
    SessionOpened
    | DeviceEntry
    | WaveBlock
    | RawEntry
    | GapEntry
    | NumericEntry
    | NibpStarted
    | NibpEntry
    | PhaseEntry
    | RefusalEntry
    | AnswerEntry
    | BaselineEntry
    | OrderEntry
    | InfusionEntry
    | CareEntry
    | VoidEntry
    | AlarmEntry
    | SoundEntry
    | LimitEntry
    | LinkEntry
    | SystemEntry
    | SignatureEntry
)

STREAMED = (WaveBlock, NumericEntry, RawEntry)
"""What comes many times a second: it may wait for the half second, and may be dropped and counted when it must be."""
