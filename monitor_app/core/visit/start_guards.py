"""Guards of check-in, start, pause, end and emergency that need more than the answer to one question (clinical.md §3.2)."""

from devices.errors import KnownError
from monitor_app.core.dose import dose_of
from monitor_app.core.dose_check import DoseFinding, check_last_dose, format_number, weight_changed
from monitor_app.core.journal import AnswerEntry, Order
from monitor_app.core.stamp import NS_PER_S
from monitor_app.core.visit.closing_questions import QUESTIONS
from monitor_app.core.visit.facts import SELF_TEST_PASSED, SELF_TEST_SIMULATED, VisitFacts
from monitor_app.core.visit.guard import Guard, Judgement, answer_to, asked, automatic, judged
from monitor_app.core.visit.infusion import infusion_of
from monitor_app.core.visit.state import Visit

STEADY_S = 30.0  # clinical.md §3.2 T4
MISTAKE_S = 60.0  # clinical.md §3.2 T16
NO_PREGNANCY_FROM_YEARS = 56
_NUMBER_TOLERANCE = 0.001
_WEIGHT_TOLERANCE = 0.05


def monitor_on_patient(visit: Visit, facts: VisitFacts) -> Guard:
    """The nurse says so; a name or id the monitor sends is compared, warned about, never overwritten."""
    guard = asked(visit, QUESTIONS["monitor_on_patient"])
    if not facts.monitor_mismatch:
        return guard
    text = f"{guard.text} {facts.monitor_mismatch}"
    return Guard(guard.key, text, guard.met, amber=True, question=guard.question, answer=guard.answer)


def weight_change(visit: Visit, _facts: VisitFacts) -> Guard | None:
    """A weight more than 5 % away from the last visit's is confirmed (clinical.md §9.2)."""
    weight, last = _number(visit.value("weight_kg")), _number(visit.patient("last_weight_kg"))
    if weight is None or not weight_changed(weight, last) or last is None:
        return None
    question = QUESTIONS["weight_change"]
    text = f"Weight {weight:g} kg, {(weight - last) / last:+.0%} since the last visit: confirm it."
    given = visit.answers.get("weight_kg")
    since = None if given is None else given.stamp.t_ns
    return judged(visit, question, Judgement(ok=False, text=text, confirm=True), since_t_ns=since)


def pregnancy(visit: Visit, _facts: VisitFacts) -> Guard | None:
    """Asked where it is relevant: not of men, nor from 56 years on; asked when either is unknown."""
    age = _number(visit.patient("age_years"))
    male = str(visit.patient("sex") or "").casefold() in {"m", "male"}
    if male or (age is not None and age >= NO_PREGNANCY_FROM_YEARS):
        return None
    return asked(visit, QUESTIONS["pregnancy"])


def order_signed(visit: Visit, _facts: VisitFacts) -> Guard:
    """Written or signed by a prescriber, or verbal and read back (with a co-signature due before SIGNED)."""
    if visit.order is None:
        return automatic("order_signed", Judgement(ok=False, text="No dose order yet."))
    order, since = visit.order.order, visit.order.stamp.t_ns
    if visit.order.by.role == "prescriber":
        text = f"Ordered by {visit.order.by.name or 'the prescriber'}."
        return automatic("order_signed", Judgement(ok=True, text=text))
    if order.verbal and order.ordered_by:
        text = f"Verbal order of {order.ordered_by}: read it back. The co-signature is due before the record is signed."
        judgement = Judgement(ok=False, text=text, confirm=True)
        return judged(visit, QUESTIONS["order_readback"], judgement, since_t_ns=since)
    text = "The order needs the prescriber's signature, or a verbal order read back."
    judgement = Judgement(ok=False, text=text, confirm=True)
    guard = judged(visit, QUESTIONS["order_signed"], judgement, since_t_ns=since)
    return guard if not guard.met else automatic("order_signed", Judgement(ok=True, text="Order signed."))


def dose_consistent(visit: Visit, facts: VisitFacts) -> Guard:
    """The dose calculator finds nothing that stops the order (clinical.md §9.2, §9.4)."""
    if visit.order is None:
        return automatic("dose_consistent", Judgement(ok=False, text="No dose to calculate yet."))
    order = visit.order.order
    try:
        findings = order_findings(visit, order, facts)
    except KnownError as error:
        return automatic("dose_consistent", Judgement(ok=False, text=str(error)))
    stopping = [finding.text for finding in findings if finding.severity.stops]
    if stopping:
        return automatic("dose_consistent", Judgement(ok=False, text=" ".join(stopping)))
    result = dose_of(order, facts.rules.dose)
    text = (
        f"{format_number(result.total_mg, 2)} mg, {format_number(result.volume_ml, 2)} mL, "
        f"{format_number(result.rate_ml_h, 2)} mL/h for {order.duration_min:g} min."
    )
    judgement = Judgement(ok=True, text=" ".join((text, *result.warnings)), amber=bool(result.warnings))
    return automatic("dose_consistent", judgement)


def order_findings(visit: Visit, order: Order, facts: VisitFacts) -> tuple[DoseFinding, ...]:
    """Everything the calculator has to say about an order; raises ``KnownError`` for numbers that cannot be meant."""
    findings = dose_of(order, facts.rules.dose).findings
    decimal = check_last_dose(order.dose_mg_per_kg, _number(visit.patient("last_dose_mg_per_kg")))
    return findings if decimal is None else (decimal, *findings)


def order_weight(visit: Visit, _facts: VisitFacts) -> Guard | None:
    """An order for another weight than the one measured (ideal or adjusted weight) is confirmed."""
    measured = _number(visit.value("weight_kg"))
    if visit.order is None or measured is None:
        return None
    ordered = visit.order.order.weight_kg
    if abs(ordered - measured) <= _WEIGHT_TOLERANCE:
        return None
    text = f"The order counts with {ordered:g} kg, the scale says {measured:g} kg: confirm it."
    judgement = Judgement(ok=False, text=text, confirm=True)
    return judged(visit, QUESTIONS["order_weight"], judgement, since_t_ns=visit.order.stamp.t_ns)


def second_check_weight(visit: Visit, facts: VisitFacts) -> Guard | None:
    """Above a soft limit a second person enters the weight blind (clinical.md §9.2)."""
    expected = None if visit.order is None else visit.order.order.weight_kg
    return _second_check(visit, facts, "second_check_weight_kg", expected)


def second_check_dose(visit: Visit, facts: VisitFacts) -> Guard | None:
    """Above a soft limit a second person enters the dose blind (clinical.md §9.2)."""
    expected = None if visit.order is None else visit.order.order.dose_mg_per_kg
    return _second_check(visit, facts, "second_check_dose_mg_per_kg", expected)


def self_test(visit: Visit, facts: VisitFacts) -> Guard:
    """The alarm self-test passed today; a run without sound counts in a simulated visit only."""
    ok = facts.self_test == SELF_TEST_PASSED or (visit.simulated and facts.self_test == SELF_TEST_SIMULATED)
    text = (
        "Alarm self-test passed today."
        if ok
        else f"Alarm self-test of today: {facts.self_test}. Run it first."
    )
    return automatic("self_test", Judgement(ok=ok, text=text))


def no_high_alarm(_visit: Visit, facts: VisitFacts) -> Guard:
    """No HIGH alarm waits for somebody to see it."""
    waiting = ", ".join(facts.unacknowledged_high)
    text = f"Acknowledge first: {waiting}." if waiting else "No HIGH alarm waits to be acknowledged."
    return automatic("no_high_alarm", Judgement(ok=not waiting, text=text))


def ecg_steady(visit: Visit, facts: VisitFacts) -> Guard:
    """The ECG has been valid for 30 s."""
    return _steady(visit, facts, "ecg_steady", "ECG", since_t_ns=facts.ecg_valid_since_t_ns)


def spo2_steady(visit: Visit, facts: VisitFacts) -> Guard:
    """SpO2 has been valid for 30 s."""
    return _steady(visit, facts, "spo2_steady", "SpO2", since_t_ns=facts.spo2_valid_since_t_ns)


def start_time(visit: Visit, facts: VisitFacts) -> Guard:
    """The pump's actual start lies in READY (clinical.md §3.2 T4: t0 is the actual start)."""
    return _past_time(visit, facts, "start_min_ago", visit.phase_start_t_ns, "Started", "the time-out")


def end_time(visit: Visit, facts: VisitFacts) -> Guard:
    """The pump's actual end lies after its last recorded start (clinical.md §3.2 T7)."""
    segments = infusion_of(visit).segments
    earliest_ns = segments[-1].start_t_ns if segments else 0
    return _past_time(visit, facts, "end_min_ago", earliest_ns, "Ended", "it last started")


def ended_t_ns(visit: Visit, now_t_ns: int) -> int:
    """tEnd: as answered; else when the pump stopped if it was paused; else now."""
    answer = answer_to(visit, QUESTIONS["end_min_ago"])
    if answer is not None:
        return _minutes_before(answer)
    stopped_ns = infusion_of(visit).stopped_t_ns
    return now_t_ns if stopped_ns is None else stopped_ns


def begun_t_ns(visit: Visit, now_t_ns: int) -> int:
    """t0: as answered, else now."""
    answer = answer_to(visit, QUESTIONS["start_min_ago"])
    return now_t_ns if answer is None else _minutes_before(answer)


def stop_reason(visit: Visit, facts: VisitFacts) -> Guard | None:
    """A reason is needed where part of the ordered dose was not given."""
    infusion = infusion_of(visit)
    end_ns = ended_t_ns(visit, facts.t_ns)
    if not infusion.early(end_ns) or infusion.ordered is None:
        return None
    guard = asked(visit, QUESTIONS["stop_reason"])
    given, ordered = infusion.given_mg(end_ns), infusion.ordered.total_mg
    text = f"{format_number(given, 1)} of {format_number(ordered, 1)} mg given. {guard.text}"
    return Guard(guard.key, text, guard.met, question=guard.question, answer=guard.answer)


def resume_alarm(visit: Visit, facts: VisitFacts) -> Guard:
    """No HIGH physiological alarm is active."""
    active = ", ".join(facts.active_high_physiological)
    text = f"Still active: {active}." if active else "No HIGH alarm is active."
    return judged(visit, QUESTIONS["resume_alarm"], Judgement(ok=not active, text=text))


def pump_off(visit: Visit, _facts: VisitFacts) -> Guard | None:
    """An emergency is not left with the infusion still recorded as going on."""
    infusion = infusion_of(visit)
    if infusion.t0_ns is None:
        return None
    if not infusion.open:
        return automatic("pump_off", Judgement(ok=True, text="The end of the infusion is recorded."))
    text = "The infusion is not recorded as ended: record that the pump was stopped."
    return automatic("pump_off", Judgement(ok=False, text=text))


def within_60_s(visit: Visit, facts: VisitFacts) -> Guard:
    """Only within 60 s of the start, and only the first start (clinical.md §3.2 T16)."""
    age_s = (facts.t_ns - visit.phase_start_t_ns) / NS_PER_S
    if len(visit.infusion) != 1:
        text = "The infusion has gone on since its start; end it instead."
        return automatic("within_60_s", Judgement(ok=False, text=text))
    text = f"Started {age_s:.0f} s ago; a mistake can be taken back within 60 s."
    return automatic("within_60_s", Judgement(ok=age_s <= MISTAKE_S, text=text))


def _second_check(visit: Visit, facts: VisitFacts, key: str, expected: float | None) -> Guard | None:
    if visit.order is None or expected is None:
        return None
    if not _above_soft(visit.order.order, facts):
        return None
    question = QUESTIONS[key]
    answer = answer_to(visit, question, visit.order.stamp.t_ns)
    if answer is None:
        text = f"{question.text}. Above the soft limit a second person enters it blind."
        return Guard(key, text, met=False, question=question)
    value = _number(answer.value)
    if answer.by.name.casefold() == visit.order.by.name.casefold():
        text = f"{question.text}: {answer.by.name} wrote the order; another person has to check it."
        return Guard(key, text, met=False, question=question, answer=answer)
    agrees = value is not None and abs(value - expected) <= _NUMBER_TOLERANCE
    text = f"{question.text} {value:g} {question.unit}: {'agrees' if agrees else 'does not agree with the order'}."
    return Guard(key, text, agrees, question=question, answer=answer)


def _above_soft(order: Order, facts: VisitFacts) -> bool:
    """Whether dose, rate or total passes its soft limit; a long or short duration alone needs no second person."""
    try:
        findings = dose_of(order, facts.rules.dose).findings
    except KnownError:
        return True
    return any(finding.key in {"dose", "rate", "total"} for finding in findings)


def _steady(visit: Visit, facts: VisitFacts, key: str, name: str, *, since_t_ns: int | None) -> Guard:
    for_s = 0.0 if since_t_ns is None else (facts.t_ns - since_t_ns) / NS_PER_S
    ok = since_t_ns is not None and for_s >= STEADY_S
    length = "not valid now" if since_t_ns is None else f"valid for {for_s:.0f} s"
    text = f"{name} {length}; 30 s are needed." if not ok else f"{name} {length}."
    return judged(visit, QUESTIONS[key], Judgement(ok=ok, text=text))


def _past_time(visit: Visit, facts: VisitFacts, key: str, earliest_ns: int, *words: str) -> Guard:
    verb, bound = words
    question = QUESTIONS[key]
    answer = answer_to(visit, question)
    if answer is None:
        return Guard(key, f"{verb} just now.", met=True, question=question)
    minutes = (facts.t_ns - _minutes_before(answer)) / NS_PER_S / 60
    if _minutes_before(answer) < earliest_ns:
        text = f"{verb} {minutes:.0f} min ago would be before {bound}; correct the minutes."
        return Guard(key, text, met=False, question=question, answer=answer)
    return Guard(key, f"{verb} {minutes:.0f} min ago.", met=True, question=question, answer=answer)


def _minutes_before(answer: AnswerEntry) -> int:
    minutes = _number(answer.value) or 0.0
    return answer.stamp.t_ns - round(minutes * 60 * NS_PER_S)


def _number(value: object) -> float | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return None
