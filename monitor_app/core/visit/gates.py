"""The gates on the patient's own numbers before the infusion (clinical.md §3.2 T3)."""

from dataclasses import dataclass

from monitor_app.core.journal import NibpEntry
from monitor_app.core.visit.care import oxygen_now
from monitor_app.core.visit.closing_questions import QUESTIONS
from monitor_app.core.visit.facts import VisitFacts
from monitor_app.core.visit.guard import Guard, Judgement, automatic, judged
from monitor_app.core.visit.state import Visit


@dataclass(frozen=True, slots=True)
class PressureBand:
    """A band of the gate: reached at ``systolic_mmhg`` or ``diastolic_mmhg``, whichever comes first."""

    systolic_mmhg: float
    diastolic_mmhg: float

    def holds(self, reading: NibpEntry) -> bool:
        """Whether a reading reaches this band."""
        return (reading.systolic_mmhg or 0) >= self.systolic_mmhg or (
            reading.diastolic_mmhg or 0
        ) >= self.diastolic_mmhg


AMBER = PressureBand(140, 90)
RED = PressureBand(160, 100)
NO_START = PressureBand(180, 110)

HR_PASS = (50.0, 110.0)
HR_AMBER = (40.0, 120.0)
SPO2_PASS = 94.0
SPO2_AMBER = 90.0


def baseline_complete(visit: Visit, facts: VisitFacts) -> Guard:
    """A baseline is frozen, or could be frozen with this very step."""
    if visit.baseline is not None:
        b = visit.baseline.baseline
        text = f"Baseline frozen: {b.systolic_mmhg:.0f}/{b.diastolic_mmhg:.0f}."
        return automatic("baseline_complete", Judgement(ok=True, text=text))
    if facts.baseline.ready:
        text = "Baseline complete; it is frozen with this step."
        return automatic("baseline_complete", Judgement(ok=True, text=text))
    reasons = " ".join(facts.baseline.reasons) or "It has not been measured."
    return automatic("baseline_complete", Judgement(ok=False, text=f"Baseline not complete. {reasons}"))


def bp_gate(visit: Visit, _facts: VisitFacts) -> Guard:
    """< 140/90 passes, to 159/99 the nurse confirms that the prescriber knows, from 160/100 a prescriber decides.

    A decision counts for the reading it was taken on: a newer reading needs a new one.
    """
    question = QUESTIONS["bp_gate"]
    if not visit.readings:
        return judged(visit, question, Judgement(ok=False, text="No blood pressure has been measured."))
    last = visit.readings[-1]
    since = last.stamp.t_ns
    figure = f"Blood pressure {reading_text(last)}"
    if NO_START.holds(last):
        judgement = Judgement(ok=False, text=f"{figure}: 180/110 or more, no start.")
    elif RED.holds(last):
        judgement = Judgement(ok=False, text=f"{figure}: 160/100 or more.")
    elif AMBER.holds(last):
        text = f"{figure}: 140/90 or more; confirm that the prescriber was told."
        judgement = Judgement(ok=False, text=text, confirm=True)
    else:
        judgement = Judgement(ok=True, text=f"{figure}: below 140/90.")
    return judged(visit, question, judgement, since_t_ns=since)


def bp_gate_second(visit: Visit, _facts: VisitFacts) -> Guard | None:
    """From 180/110 a second prescriber, not the first one, has to agree too."""
    if not visit.readings or not NO_START.holds(visit.readings[-1]):
        return None
    question = QUESTIONS["bp_gate_second"]
    text = f"Blood pressure {reading_text(visit.readings[-1])}: a second prescriber has to agree."
    judgement = Judgement(ok=False, text=text)
    guard = judged(visit, question, judgement, since_t_ns=visit.readings[-1].stamp.t_ns)
    first = visit.answers.get("bp_gate")
    same = (
        guard.answer is not None
        and guard.answer.override_by is not None
        and first is not None
        and first.override_by is not None
        and guard.answer.override_by.name.casefold() == first.override_by.name.casefold()
    )
    if not same:
        return guard
    text = f"{text} {first.override_by.name if first and first.override_by else ''} has already decided."
    return Guard(guard.key, text, met=False, override=guard.override, question=question, answer=guard.answer)


def hr_gate(visit: Visit, facts: VisitFacts) -> Guard:
    """50 to 110 passes, 40 to 49 and 111 to 120 the nurse confirms, beyond a prescriber decides."""
    hr = None if facts.hr_per_min is None else round(facts.hr_per_min)
    if hr is None:
        judgement = Judgement(ok=False, text="No heart rate now.")
    elif HR_PASS[0] <= hr <= HR_PASS[1]:
        judgement = Judgement(ok=True, text=f"Heart rate {hr}: within 50 to 110.")
    elif HR_AMBER[0] <= hr <= HR_AMBER[1]:
        text = f"Heart rate {hr}: outside 50 to 110; confirm that the prescriber was told."
        judgement = Judgement(ok=False, text=text, confirm=True)
    else:
        judgement = Judgement(ok=False, text=f"Heart rate {hr}: outside 40 to 120.")
    return judged(visit, QUESTIONS["hr_gate"], judgement)


def spo2_gate(visit: Visit, facts: VisitFacts) -> Guard:
    """94 % on room air passes, 90 to 93 (or any good value on oxygen) the nurse confirms, below a prescriber decides."""
    oxygen = oxygen_now(visit.care)
    spo2 = None if facts.spo2_percent is None else round(facts.spo2_percent)
    place = f"on {oxygen.l_per_min:g} L/min oxygen" if oxygen.on else "on room air"
    if spo2 is None:
        judgement = Judgement(ok=False, text="No SpO2 now.")
    elif spo2 < SPO2_AMBER:
        judgement = Judgement(ok=False, text=f"SpO2 {spo2} % {place}: below 90 %.")
    elif spo2 < SPO2_PASS or oxygen.on:
        text = f"SpO2 {spo2} % {place}; confirm that the prescriber was told."
        judgement = Judgement(ok=False, text=text, confirm=True)
    else:
        judgement = Judgement(ok=True, text=f"SpO2 {spo2} % {place}: 94 % or more.")
    return judged(visit, QUESTIONS["spo2_gate"], judgement)


def reading_text(reading: NibpEntry) -> str:
    """A reading as people say it."""
    return f"{reading.systolic_mmhg or 0:.0f}/{reading.diastolic_mmhg or 0:.0f}"
