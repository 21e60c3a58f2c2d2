"""The state of a visit: a fold over its journal, so a visit cut off is rebuilt by reading what it had recorded.

``Visit`` is a value. ``apply`` gives the visit after one more entry; entries that say nothing about the visit (waves,
numerics, links) leave it as it is, at the cost of one look-up. Nothing derived is stored: what was given, what is due
and what is missing are worked out from this by the modules beside it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from types import MappingProxyType
from typing import Any

from monitor_app.core.journal import (
    AlarmEntry,
    AnswerEntry,
    BaselineEntry,
    CareEntry,
    InfusionEntry,
    JournalEntry,
    NibpEntry,
    OrderEntry,
    PhaseEntry,
    Scalar,
    SessionOpened,
    SignatureEntry,
    VoidEntry,
)
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor, Stamp

LASTING_PRESSURE_RULES = frozenset({"AL-BP-01", "AL-BP-02", "AL-BP-05"})  # clinical.md §12 D1
NOT_CONFIRMED = "not confirmed"  # clinical.md §5.8.5: the label of a re-take that was normal
_ANNOUNCED = frozenset({"ACTIVE", "ACTIVE_ACK", "LATCHED"})


@dataclass(frozen=True, slots=True)
class Visit:
    """All that the rules of a visit look at. Voided entries are gone from ``care`` and ``infusion``, not from the record."""

    opened: SessionOpened | None = None
    phase: Phase = Phase.SCHED
    phase_started: Stamp | None = None
    left_phase: Phase | None = None
    phases: tuple[PhaseEntry, ...] = ()
    answers: Mapping[str, AnswerEntry] = field(default_factory=dict)
    order: OrderEntry | None = None
    baseline: BaselineEntry | None = None
    readings: tuple[NibpEntry, ...] = ()  # accepted ones, oldest first
    infusion: tuple[InfusionEntry, ...] = ()
    care: tuple[CareEntry, ...] = ()
    voided: frozenset[str] = frozenset()
    pressure_alarms: Mapping[str, bool] = field(default_factory=dict)  # occurrence id: confirmed
    signatures: tuple[SignatureEntry, ...] = ()
    last_interaction_t_ns: int | None = None

    @property
    def phase_start_t_ns(self) -> int:
        """When the present phase began, by the session's clock."""
        return 0 if self.phase_started is None else self.phase_started.t_ns

    @property
    def simulated(self) -> bool:
        """Whether this is not a patient."""
        return self.opened is not None and self.opened.simulated

    @property
    def had_emergency(self) -> bool:
        """Whether the visit was ever in EMERG."""
        return any(step.to_phase is Phase.EMERG for step in self.phases)

    def patient(self, name: str) -> Scalar:
        """One field of the session's head (``age_years``, ``sex``, ``last_weight_kg`` …); None when not known."""
        return None if self.opened is None else self.opened.patient.get(name)

    def value(self, key: str) -> Scalar:
        """The last answer to a question; None when there is none."""
        answer = self.answers.get(key)
        return None if answer is None else answer.value

    def apply(self, entry: JournalEntry) -> "Visit":
        """The visit after one more entry."""
        fold_one = _FOLDS.get(type(entry))
        visit = self if fold_one is None else fold_one(self, entry)
        actor = getattr(entry, "by", None)
        if isinstance(actor, Actor) and actor.role != "system":
            seen_t_ns = max(visit.last_interaction_t_ns or 0, entry.stamp.t_ns)
            return replace(visit, last_interaction_t_ns=seen_t_ns)
        return visit


def fold(entries: Iterable[JournalEntry], start: Visit | None = None) -> Visit:
    """Rebuild a visit from its entries in the order they were recorded."""
    return reduce(Visit.apply, entries, start or Visit())


def _opened(visit: Visit, entry: SessionOpened) -> Visit:
    return replace(visit, opened=entry, phase_started=visit.phase_started or entry.stamp)


def _phase(visit: Visit, entry: PhaseEntry) -> Visit:
    return replace(
        visit,
        phase=entry.to_phase,
        phase_started=entry.stamp,
        left_phase=entry.from_phase,
        phases=(*visit.phases, entry),
    )


def _answer(visit: Visit, entry: AnswerEntry) -> Visit:
    return replace(visit, answers={**visit.answers, entry.key: entry})


def _baseline(visit: Visit, entry: BaselineEntry) -> Visit:
    return replace(visit, baseline=entry)


def _order(visit: Visit, entry: OrderEntry) -> Visit:
    return replace(visit, order=entry)


def _nibp(visit: Visit, entry: NibpEntry) -> Visit:
    return replace(visit, readings=(*visit.readings, entry)) if entry.accepted else visit


def _infusion(visit: Visit, entry: InfusionEntry) -> Visit:
    return replace(visit, infusion=(*visit.infusion, entry))


def _care(visit: Visit, entry: CareEntry) -> Visit:
    return replace(visit, care=(*visit.care, entry))


def _void(visit: Visit, entry: VoidEntry) -> Visit:
    return replace(
        visit,
        voided=visit.voided | {entry.entry_id},
        infusion=tuple(e for e in visit.infusion if e.entry_id != entry.entry_id),
        care=tuple(e for e in visit.care if e.entry_id != entry.entry_id),
    )


def _alarm(visit: Visit, entry: AlarmEntry) -> Visit:
    """Keep whether an alarm that lengthens the observation was announced, and not disproved by its re-take."""
    if entry.rule not in LASTING_PRESSURE_RULES:
        return visit
    known = visit.pressure_alarms.get(entry.occurrence_id)
    announced = entry.to_state in _ANNOUNCED or known is not None
    if not announced:
        return visit
    confirmed = entry.note != NOT_CONFIRMED and known is not False
    if known == confirmed:
        return visit
    return replace(visit, pressure_alarms={**visit.pressure_alarms, entry.occurrence_id: confirmed})


def _signature(visit: Visit, entry: SignatureEntry) -> Visit:
    return replace(visit, signatures=(*visit.signatures, entry))


_FOLDS: Mapping[type, Callable[[Visit, Any], Visit]] = MappingProxyType(
    {
        SessionOpened: _opened,
        PhaseEntry: _phase,
        AnswerEntry: _answer,
        BaselineEntry: _baseline,
        OrderEntry: _order,
        NibpEntry: _nibp,
        InfusionEntry: _infusion,
        CareEntry: _care,
        VoidEntry: _void,
        AlarmEntry: _alarm,
        SignatureEntry: _signature,
    }
)
