"""A chair with a nurse: drives a visit through its own rules, for the tests of this room."""

from dataclasses import dataclass, field, replace
from itertools import count

import pytest

from monitor_app.core.baseline import BaselineProposal
from monitor_app.core.commands import Advance, Answer, Command, RecordCare, SetOrder, Sign
from monitor_app.core.journal import (
    Baseline,
    JournalEntry,
    NibpEntry,
    Order,
    RefusalEntry,
    Scalar,
    SessionOpened,
)
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.core.visit.decide import decide
from monitor_app.core.visit.facts import VisitFacts
from monitor_app.core.visit.guards import guards_for
from monitor_app.core.visit.state import Visit

S = 1_000_000_000
MIN = 60 * S
WALL_0_MS = 1_767_600_000_000

NURSE = Actor("Nina", "nurse")
SECOND_NURSE = Actor("Sam", "nurse")
PRESCRIBER = Actor("Dr Ode", "prescriber")
OTHER_PRESCRIBER = Actor("Dr Weiss", "prescriber")
LEAD = Actor("Lea", "clinical lead")

ORDER = Order(dose_mg_per_kg=0.5, weight_kg=70, concentration_mg_per_ml=1, duration_min=40)
BASELINE = Baseline(124, 78, 72, 98, 14, 93)

GOOD: dict[str, Scalar] = {
    "allergies": "none known",
    "asa_class": "II",
    "today_antihypertensive": "none prescribed",
    "weight_kg": 70,
    "weight_measured": "today",
    "escort": "Jo, sister, 555",
    "pregnancy": "not possible",
    "pre_vas": 7,
    "pause_reason": "blood pressure",
    "pump_volume_ml": 35,
    "stop_reason": "prescriber's decision",
    "cancel_reason": "ate this morning",
    "emergency_outcome": "resolved, stays here",
    "addendum": "One more word.",
    "started_by_mistake": "wrong button",
    "post_vas": 2,
    "ae_review": "none observed",
    "d8_dissociation": "none",
    "d10_nausea": "none, holds water",
    "d13_score": 10,
    "d20_waste": "none left",
    "d22_release": "prescriber",
}

QUIET = VisitFacts(
    t_ns=0,
    hr_per_min=74,
    spo2_percent=98,
    rr_per_min=14,
    hr_median_5_min_per_min=75,
    spo2_lowest_10_min_percent=96,
    ecg_valid_since_t_ns=0,
    spo2_valid_since_t_ns=0,
    baseline=BaselineProposal(ready=True, baseline=BASELINE, nibp_ids=("n1", "n2")),
    self_test="passed",
    record_sha256="ab" * 32,
)


@dataclass
class Chair:
    """One visit with everything at hand; time moves by ``wait`` only."""

    visit: Visit = field(default_factory=Visit)
    entries: list[JournalEntry] = field(default_factory=list)
    t_ns: int = 0
    outside: VisitFacts = QUIET
    ids: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def stamp(self) -> Stamp:
        return Stamp(self.t_ns, WALL_0_MS + self.t_ns // 1_000_000)

    @property
    def facts(self) -> VisitFacts:
        return replace(self.outside, t_ns=self.t_ns)

    def wait(self, minutes: float) -> None:
        self.t_ns += round(minutes * MIN)

    def store(self, *entries: JournalEntry) -> None:
        for entry in entries:
            self.entries.append(entry)
            self.visit = self.visit.apply(entry)

    def open(self, *, simulated: bool = False, **patient: Scalar) -> None:
        known: dict[str, Scalar] = {"age_years": 40, "sex": "F", "htn": False} | patient
        self.store(SessionOpened(self.stamp, "s1", "P-1", "AB", simulated, "1", "test", patient=known))

    def do(self, command: Command) -> tuple[JournalEntry, ...]:
        entries = decide(
            self.visit, command, facts=self.facts, stamp=self.stamp, new_id=lambda: f"e{next(self.ids)}"
        )
        self.store(*entries)
        return entries

    def refused(self, command: Command) -> tuple[str, ...]:
        before = self.visit.phase
        (entry,) = self.do(command)
        assert isinstance(entry, RefusalEntry)
        assert self.visit.phase is before
        assert entry.reasons
        return entry.reasons

    def accepted(self, command: Command) -> tuple[JournalEntry, ...]:
        entries = self.do(command)
        assert entries
        assert not any(isinstance(e, RefusalEntry) for e in entries), entries
        return entries

    def reading(self, systolic: float = 124, diastolic: float = 78) -> None:
        self.store(
            NibpEntry(
                self.stamp,
                f"n{next(self.ids)}",
                "berry@loop",
                "auto",
                None,
                systolic,
                diastolic,
                (systolic + 2 * diastolic) / 3,
                mean_calculated=False,
                pulse_per_min=72,
            )
        )

    def check(self, **fields: Scalar) -> None:
        self.accepted(RecordCare("check", "", NURSE, fields))

    def answer(self, key: str, value: Scalar, by: Actor = NURSE) -> None:
        self.accepted(Answer(key, value, by))

    def override(self, key: str, by: Actor = PRESCRIBER) -> None:
        self.accepted(Answer(key, None, NURSE, override_by=by, reason="seen and decided"))

    def answer_for(self, to_phase: Phase, *, leave: str = "") -> None:
        """Answer every open question of a step with what a good visit would say."""
        for guard in guards_for(self.visit, to_phase, self.facts):
            question = guard.question
            if guard.met or question is None or question.automatic or guard.key == leave:
                continue
            default: Scalar = question.passing[0] if question.passing else False
            by = {"prescriber": PRESCRIBER, "supervisor": LEAD}.get(question.answered_by, NURSE)
            self.answer(question.key, GOOD.get(question.key, default), by)

    def prepare(self, to_phase: Phase, *, leave: str = "") -> None:
        """Do what the step to this phase needs, but not the step."""
        if self.visit.phase is Phase.READY and to_phase is Phase.INF and self.visit.order is None:
            self.accepted(SetOrder(ORDER, PRESCRIBER))
        if to_phase is Phase.DCA:
            self.wait(20)
            self.check(moaas=5)
            self.wait(11)
            self.check(moaas=5)
        if to_phase in {Phase.READY, Phase.DCA}:
            self.reading()
        if to_phase is Phase.DONE and self.visit.phase is Phase.DCA:
            self.wait(5)
            self.reading()
        self.answer_for(to_phase, leave=leave)

    def go(self, *phases: Phase) -> None:
        """Go through these phases the good way."""
        for phase in phases:
            if self.visit.phase is Phase.INF and phase is Phase.REC:
                self.wait(40)
            if phase is Phase.SIGNED:
                self.accepted(Sign(NURSE))
                self.accepted(Sign(PRESCRIBER))
            else:
                self.prepare(phase)
                self.accepted(Advance(phase, LEAD if self._mistake(phase) else NURSE))
            assert self.visit.phase is phase
            self.wait(0.5)

    def _mistake(self, phase: Phase) -> bool:
        return self.visit.phase is Phase.INF and phase is Phase.READY


ROUTES: dict[Phase, tuple[Phase, ...]] = {
    Phase.SCHED: (),
    Phase.CHECKIN: (Phase.CHECKIN,),
    Phase.BASE: (Phase.CHECKIN, Phase.BASE),
    Phase.READY: (Phase.CHECKIN, Phase.BASE, Phase.READY),
}
ROUTES[Phase.INF] = (*ROUTES[Phase.READY], Phase.INF)
ROUTES[Phase.PAUSE] = (*ROUTES[Phase.INF], Phase.PAUSE)
ROUTES[Phase.REC] = (*ROUTES[Phase.INF], Phase.REC)
ROUTES[Phase.DCA] = (*ROUTES[Phase.REC], Phase.DCA)
ROUTES[Phase.DONE] = (*ROUTES[Phase.DCA], Phase.DONE)
ROUTES[Phase.SIGNED] = (*ROUTES[Phase.DONE], Phase.SIGNED)
ROUTES[Phase.CANCEL] = (Phase.CHECKIN, Phase.CANCEL)
ROUTES[Phase.EMERG] = (*ROUTES[Phase.BASE], Phase.EMERG)


@pytest.fixture
def chair() -> Chair:
    """A chair with an opened visit that has not begun."""
    made = Chair()
    made.open()
    return made


@pytest.fixture
def routes() -> dict[Phase, tuple[Phase, ...]]:
    """The good way to each phase."""
    return ROUTES
