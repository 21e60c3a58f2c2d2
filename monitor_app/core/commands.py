"""What a person may ask of the bedside: the one door through which the screen and the virtual nurse act.

A command is decided on by the rules of the visit (``core.visit``), the cuff plan and the alarm engine; the answer is
journal entries, or a refusal with reasons.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from monitor_app.core.alarm_commands import AlarmCommand
from monitor_app.core.journal import Order, Scalar
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer a question of the phase panel; ``override_by`` and ``reason`` where a guard is passed by decision."""

    key: str
    value: Scalar
    by: Actor
    override_by: Actor | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SetOrder:
    """Write the dose order."""

    order: Order
    by: Actor


@dataclass(frozen=True, slots=True)
class FreezeBaseline:
    """Freeze the patient's baseline from the readings so far; a second time needs a reason."""

    by: Actor
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Advance:
    """Move the visit to another phase (clinical.md §3.2)."""

    to_phase: Phase
    by: Actor
    reason: str = ""
    pump_volume_ml: float | None = None


@dataclass(frozen=True, slots=True)
class Emergency:
    """Enter EMERG; sent after the confirm."""

    by: Actor


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Acknowledge one alarm, or the one the button names when ``rule`` is empty (the highest unacknowledged)."""

    by: Actor
    rule: str = ""


@dataclass(frozen=True, slots=True)
class PauseAudio:
    """Pause the alarm sound (30 to 120 s), or end the pause with 0."""

    by: Actor
    duration_s: float = 120.0


@dataclass(frozen=True, slots=True)
class NibpNow:
    """Start the cuff."""

    by: Actor


@dataclass(frozen=True, slots=True)
class NibpCancel:
    """Stop a running measurement; ``retake_only`` keeps the plan and drops a pending re-take."""

    by: Actor
    retake_only: bool = False


@dataclass(frozen=True, slots=True)
class SetNibpPlan:
    """Arm or disarm automatic measurements at an interval of 1, 2, 2.5, 3, 5, 10, 15, 30 or 60 min."""

    armed: bool
    interval_min: float
    by: Actor


@dataclass(frozen=True, slots=True)
class RecordInfusion:
    """Record what was done at the pump without changing the phase: ``rate`` or ``volume``."""

    action: str
    by: Actor
    rate_ml_per_h: float | None = None
    pump_volume_ml: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RecordCare:
    """Record something done or seen (kinds of ``journal.CareEntry``)."""

    kind: str
    text: str
    by: Actor
    fields: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back an entry within 10 s of it (clinical.md §16.5), or void it later with a reason."""

    entry_id: str
    by: Actor
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """Sign the record by typed name and role; the prescriber's signature locks it."""

    by: Actor
    meaning: str = "performed"


@dataclass(frozen=True, slots=True)
class SelfTest:
    """The alarm self-test at the start (clinical.md §5.3).

    ``step`` HIGH, MEDIUM or LOW plays that priority softly; ``passed`` says that all three were heard and seen,
    ``failed`` that they were not.
    """

    step: str
    by: Actor


@dataclass(frozen=True, slots=True)
class SetEcgFilter:
    """Choose how the ECG is drawn (clinical.md §8.2); what is recorded stays unfiltered.

    ``mode``: ``monitor``, ``filtered`` or ``diagnostic``; ``mains_hz``: the notch at 50 or 60 Hz, 0 for none.
    """

    mode: str
    mains_hz: int
    by: Actor


Command: TypeAlias = (
    Answer
    | SetOrder
    | FreezeBaseline
    | Advance
    | Emergency
    | Acknowledge
    | PauseAudio
    | NibpNow
    | NibpCancel
    | SetNibpPlan
    | RecordInfusion
    | RecordCare
    | Undo
    | Sign
    | SelfTest
    | SetEcgFilter
    | AlarmCommand
)
