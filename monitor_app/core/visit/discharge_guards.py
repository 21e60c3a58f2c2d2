"""The lines of the discharge checklist that the program judges (clinical.md §12), and the guards of T8 beside them."""

from monitor_app.core.journal import Baseline, NibpEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import NS_PER_S
from monitor_app.core.visit.care import adverse_events, checks, oxygen_now, vas_values
from monitor_app.core.visit.closing_questions import NONE_OBSERVED, QUESTIONS
from monitor_app.core.visit.facts import VisitFacts
from monitor_app.core.visit.gates import RED, reading_text
from monitor_app.core.visit.guard import Guard, Judgement, asked, automatic, judged
from monitor_app.core.visit.infusion import infusion_of
from monitor_app.core.visit.recovery import recovery_minimum
from monitor_app.core.visit.score import aldrete_circulation_line, deviation, padss_vital_line
from monitor_app.core.visit.state import Visit

NEAR_BASELINE = 0.2  # clinical.md §12 D2, D3
NORMAL_BELOW_MMHG = (140.0, 90.0)  # clinical.md §12 D2
APART_NS = 5 * 60 * NS_PER_S  # clinical.md §12 D2
FRESH_NS = 5 * 60 * NS_PER_S  # clinical.md §3.1 DCA, §4.1
HIGH_WINDOW_NS = 15 * 60 * NS_PER_S  # clinical.md §12 D2
HR_RANGE = (50.0, 110.0)  # clinical.md §12 D3
HR_NEAR_PER_MIN = 20.0  # clinical.md §12 D3
SPO2_MIN = 94.0  # clinical.md §12 D4
SPO2_BELOW_BASELINE = 2.0  # clinical.md §12 D4
OFF_OXYGEN_NS = 10 * 60 * NS_PER_S  # clinical.md §12 D4
RR_RANGE = (10.0, 24.0)  # clinical.md §12 D5
RR_COUNT_NS = 15 * 60 * NS_PER_S  # clinical.md §4.1: a count holds until the next one is due
AWAKE = 5  # clinical.md §2.3
AWAKE_APART_NS = 10 * 60 * NS_PER_S  # clinical.md §12 D6


def d1_observation(visit: Visit, facts: VisitFacts) -> Guard:
    """The shortest observation is over; a decision to shorten it holds from recovery to discharge."""
    minimum = recovery_minimum(visit, facts.rules)
    if minimum is None:
        judgement = Judgement(ok=False, text="The observation has not begun.")
    elif facts.t_ns >= minimum.t_ns:
        judgement = Judgement(ok=True, text=f"Minimum observation reached ({minimum.reason}).")
    else:
        left = minimum.left_s(facts.t_ns)
        text = f"{left // 60:.0f}:{left % 60:02.0f} of the minimum observation left ({minimum.reason})."
        judgement = Judgement(ok=False, text=text)
    return judged(visit, QUESTIONS["d1_observation"], judgement, since_t_ns=_after_t_ns(visit))


def bp_recovered(visit: Visit, _facts: VisitFacts) -> Guard:
    """The last pressure is within 20 % of baseline, or below 140/90 (clinical.md §6.2 AL-BP-12)."""
    question = QUESTIONS["bp_recovered"]
    if not visit.readings:
        return judged(visit, question, Judgement(ok=False, text="No blood pressure has been measured."))
    last = visit.readings[-1]
    ok = _settled(last, _baseline(visit))
    text = (
        f"Blood pressure {reading_text(last)}: {'back' if ok else 'not back'} near baseline or below 140/90."
    )
    return judged(visit, question, Judgement(ok=ok, text=text))


def d2_bp(visit: Visit, facts: VisitFacts) -> Guard:
    """Every reading back to one 5 min or more before the last is settled, the last is fresh, none high in 15 min."""
    return judged(visit, QUESTIONS["d2_bp"], _pressure_settled(visit, facts))


def d3_hr(visit: Visit, facts: VisitFacts) -> Guard:
    """The 5-min median is 50 to 110 and within 20 % or 20 bpm of baseline."""
    hr = facts.hr_median_5_min_per_min
    baseline = _baseline(visit)
    usual = None if baseline is None else baseline.hr_per_min
    if hr is None:
        return judged(
            visit, QUESTIONS["d3_hr"], Judgement(ok=False, text="No heart rate over the last 5 min.")
        )
    near = usual is None or abs(hr - usual) <= max(HR_NEAR_PER_MIN, NEAR_BASELINE * usual)
    ok = HR_RANGE[0] <= hr <= HR_RANGE[1] and near
    text = f"Heart rate {hr:.0f} over 5 min" + ("" if usual is None else f", baseline {usual:.0f}") + "."
    return judged(visit, QUESTIONS["d3_hr"], Judgement(ok=ok, text=text))


def d4_spo2(visit: Visit, facts: VisitFacts) -> Guard:
    """94 % (or baseline - 2) without a break for 10 min off oxygen, or on what the patient has at home."""
    question = QUESTIONS["d4_spo2"]
    oxygen = oxygen_now(visit.care)
    if oxygen.on:
        text = f"Still on {oxygen.l_per_min:g} L/min oxygen."
        return judged(visit, question, Judgement(ok=False, text=text))
    if oxygen.off_since_t_ns is not None and facts.t_ns - oxygen.off_since_t_ns < OFF_OXYGEN_NS:
        minutes = (facts.t_ns - oxygen.off_since_t_ns) / NS_PER_S / 60
        text = f"Off oxygen for {minutes:.0f} min; 10 min are needed."
        return judged(visit, question, Judgement(ok=False, text=text))
    lowest = facts.spo2_lowest_10_min_percent
    if lowest is None:
        return judged(visit, question, Judgement(ok=False, text="No SpO2 over the last 10 min."))
    baseline = _baseline(visit)
    usual = None if baseline is None else baseline.spo2_percent
    floor = SPO2_MIN if usual is None else min(SPO2_MIN, usual - SPO2_BELOW_BASELINE)
    text = f"Lowest SpO2 of the last 10 min {lowest:.0f} %; {floor:.0f} % is needed."
    return judged(visit, question, Judgement(ok=lowest >= floor, text=text))


def d5_rr(visit: Visit, facts: VisitFacts) -> Guard:
    """10 to 24 breaths a minute, by the monitor or counted in the last 15 min."""
    question = QUESTIONS["d5_rr"]
    rr = facts.rr_per_min
    counted = [pair for pair in checks(visit.care, "rr") if facts.t_ns - pair[0] <= RR_COUNT_NS]
    if rr is None and counted and isinstance(counted[-1][1], (int, float)):
        rr = float(counted[-1][1])
    if rr is None:
        return judged(visit, question, Judgement(ok=False, text="Count the breathing."))
    ok = RR_RANGE[0] <= rr <= RR_RANGE[1]
    return judged(
        visit, question, Judgement(ok=ok, text=f"Breathing {rr:.0f} a minute; 10 to 24 is asked for.")
    )


def moaas_5(visit: Visit, _facts: VisitFacts) -> Guard:
    """The last sedation check since the infusion ended was MOAA/S 5 (clinical.md §3.2 T8)."""
    rated = _sedation(visit)
    if not rated:
        return automatic(
            "moaas_5", Judgement(ok=False, text="No sedation check (MOAA/S) since the infusion.")
        )
    last = rated[-1][1]
    judgement = Judgement(ok=last == AWAKE, text=f"Last sedation check: MOAA/S {last:g}; 5 is needed.")
    return automatic("moaas_5", judgement)


def d6_sedation(visit: Visit, _facts: VisitFacts) -> Guard:
    """MOAA/S 5 on two checks at least 10 min apart, with nothing less between."""
    run: list[int] = []
    for t_ns, value in _sedation(visit):
        run = [*run, t_ns] if value == AWAKE else []
    ok = len(run) >= 2 and run[-1] - run[0] >= AWAKE_APART_NS
    text = "MOAA/S 5 twice, 10 min apart." if ok else "MOAA/S 5 is needed on two checks 10 min apart."
    return automatic("d6_sedation", Judgement(ok=ok, text=text))


def post_vas(visit: Visit, _facts: VisitFacts) -> Guard:
    """Pain was rated after the infusion."""
    return _post_vas(visit, "post_vas")


def d12_pain(visit: Visit, _facts: VisitFacts) -> Guard:
    """Pain was rated after the infusion."""
    return _post_vas(visit, "d12_pain")


def post_vas_value(visit: Visit) -> float | None:
    """The pain rated last since the infusion ended; None: not yet."""
    since = _after_t_ns(visit)
    rated = [pair for pair in vas_values(visit.care) if pair[0] >= since]
    answer = visit.answers.get("post_vas")
    if answer is not None and answer.stamp.t_ns >= since and isinstance(answer.value, (int, float)):
        rated.append((answer.stamp.t_ns, float(answer.value)))
    return max(rated)[1] if rated else None


def ae_review(visit: Visit, _facts: VisitFacts) -> Guard:
    """Somebody looked back: "none observed" is said, and fits the record, or all is recorded (clinical.md §10.1)."""
    guard = asked(visit, QUESTIONS["ae_review"])
    recorded = len(adverse_events(visit.care))
    if guard.answer is None or guard.answer.value != NONE_OBSERVED or recorded == 0:
        return guard
    text = f'{recorded} recorded in this visit: "none observed" cannot be.'
    return Guard(guard.key, text, met=False, question=guard.question, answer=guard.answer)


def d13_score(visit: Visit, _facts: VisitFacts) -> Guard:
    """PADSS or Aldrete 9 or more, with the line of the vital signs proposed."""
    guard = asked(visit, QUESTIONS["d13_score"])
    padss = padss_vital_line(visit.readings, _baseline(visit))
    aldrete = aldrete_circulation_line(visit.readings, _baseline(visit))
    if padss is None:
        return guard
    proposal = f"Proposed: vital signs {padss} (PADSS), circulation {aldrete} (Aldrete)."
    return Guard(
        key=guard.key,
        text=f"{guard.text} {proposal}",
        met=guard.met,
        amber=guard.amber,
        override=guard.override,
        question=guard.question,
        answer=guard.answer,
        overridden=guard.overridden,
    )


def d16_events(visit: Visit, _facts: VisitFacts) -> Guard:
    """Every adverse event has its grade and outcome."""
    open_terms = [e.term for e in adverse_events(visit.care) if e.grade is None or not e.outcome]
    text = f"Grade or outcome missing: {', '.join(open_terms)}." if open_terms else "Every event is complete."
    return automatic("d16_events", Judgement(ok=not open_terms, text=text))


def wf07_ongoing(visit: Visit, _facts: VisitFacts) -> Guard | None:
    """No adverse event is still going on (clinical.md §6.7 WF-07)."""
    ongoing = [event.term for event in adverse_events(visit.care) if event.ongoing]
    if not ongoing:
        return None
    text = f"Still going on: {', '.join(ongoing)}."
    return judged(visit, QUESTIONS["wf07_ongoing"], Judgement(ok=False, text=text))


def d17_alarms(_visit: Visit, facts: VisitFacts) -> Guard:
    """No alarm is active or unacknowledged."""
    standing = ", ".join(facts.standing_alarms)
    text = f"Alarms: {standing}." if standing else "No alarm is active or unacknowledged."
    return automatic("d17_alarms", Judgement(ok=not standing, text=text))


def _pressure_settled(visit: Visit, facts: VisitFacts) -> Judgement:
    if not visit.readings or facts.t_ns - visit.readings[-1].stamp.t_ns > FRESH_NS:
        return Judgement(ok=False, text="A blood pressure not older than 5 min is needed.")
    last_ns = visit.readings[-1].stamp.t_ns
    high = [r for r in visit.readings if facts.t_ns - r.stamp.t_ns <= HIGH_WINDOW_NS and RED.holds(r)]
    if high:
        return Judgement(ok=False, text=f"Blood pressure {reading_text(high[-1])} within the last 15 min.")
    earlier = [i for i, r in enumerate(visit.readings) if last_ns - r.stamp.t_ns >= APART_NS]
    if not earlier:
        return Judgement(ok=False, text="A second blood pressure at least 5 min after the first is needed.")
    looked_at = visit.readings[earlier[-1] :]
    baseline = _baseline(visit)
    text = f"Blood pressure {', '.join(reading_text(r) for r in looked_at)}."
    near = all(baseline is not None and deviation(r, baseline) <= NEAR_BASELINE for r in looked_at)
    normal = all(_normal(r) for r in looked_at)
    return Judgement(ok=near or normal, text=text)


def _settled(reading: NibpEntry, baseline: Baseline | None) -> bool:
    return _normal(reading) or (baseline is not None and deviation(reading, baseline) <= NEAR_BASELINE)


def _normal(reading: NibpEntry) -> bool:
    systolic, diastolic = NORMAL_BELOW_MMHG
    return (reading.systolic_mmhg or 0) < systolic and (reading.diastolic_mmhg or 0) < diastolic


def _baseline(visit: Visit) -> Baseline | None:
    return None if visit.baseline is None else visit.baseline.baseline


def _sedation(visit: Visit) -> tuple[tuple[int, float], ...]:
    """Rated sedation checks since the end of the infusion; "not disturbed" rates nothing."""
    since = _after_t_ns(visit)
    rated = (pair for pair in checks(visit.care, "moaas") if pair[0] >= since)
    return tuple((t_ns, float(value)) for t_ns, value in rated if isinstance(value, (int, float)))


def _after_t_ns(visit: Visit) -> int:
    infusion = infusion_of(visit)
    entered = (step.stamp.t_ns for step in visit.phases if step.to_phase is Phase.REC)
    return next(entered, visit.phase_start_t_ns) if infusion.t_end_ns is None else infusion.t_end_ns


def _post_vas(visit: Visit, key: str) -> Guard:
    value = post_vas_value(visit)
    question = QUESTIONS["post_vas"]
    text = (
        "Pain after the infusion has not been rated."
        if value is None
        else f"Pain {value:g} after the infusion."
    )
    return Guard(key, text, met=value is not None, question=question, answer=visit.answers.get("post_vas"))
