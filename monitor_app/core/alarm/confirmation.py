"""The second opinion on a rate: the pulse beside the ECG, beat by beat (clinical.md §5.8.2).

It is asked at the moment a rate rule wants to announce. If the pulse is good, disagrees and is itself within the limit,
the announcement is put off by at most 5 s and never beyond 10 s after the first beat past the limit; it is then made
with the note that the pulse did not confirm it. It is never dropped. If both agree, a HIGH alarm does not wait for the
rest of its delay. Without a usable pulse, or while the cuff is on its limb, nothing is put off.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from monitor_app.core.alarm.facts import BeatFacts, Facts, PulseFacts
from monitor_app.core.alarm.rule import Case, Verdict
from monitor_app.core.stamp import NS_PER_S

RATE_FROM_ECG = "ECG"
NOT_BY_PULSE = "not confirmed by pulse"
PULSE_QUALITY = 0.7  # clinical.md §5.8.2
PULSES = 3  # clinical.md §5.8.3: regular pulses in the last 4 s
MISMATCH_PER_MIN = 10.0  # clinical.md §5.8.2
MISMATCH_PERCENT = 10.0  # clinical.md §5.8.2
MEDIAN_RR = 4  # clinical.md §5.8.2: the median of the last 4
_CHEST = re.compile(r"(?:V|C|CHEST|V[1-9]|C[1-9])(?:-LEAD)?")
"""What monitors call the chest electrode: V (AAMI) or C (IEC), with a number where there are several."""
STALE_BEAT_NS = 4 * NS_PER_S  # after as long without a beat, asystole is judged (clinical.md §6.1)


def lead_off(facts: Facts) -> bool:
    """Whether an ECG electrode is known to be off."""
    return bool(facts.ecg_leads_off) or facts.ecg_lead_off_since_t_ns is not None


def rate_lead_off(facts: Facts) -> bool:
    """Whether an electrode is off without which there is no limb lead, and so no heart rate.

    The chest electrode gives only the V lead; one that is off without a name may be any.
    """
    return lead_off(facts) and needed_for_rate(facts.ecg_leads_off)


def needed_for_rate(leads_off: Sequence[str]) -> bool:
    """Whether any of the electrodes named as off is more than a chest electrode; True where none is named."""
    words = [word for name in leads_off for word in name.upper().replace(",", " ").replace(";", " ").split()]
    return not words or not all(_CHEST.fullmatch(word) for word in words)


def fresh_beats(facts: Facts) -> BeatFacts | None:
    """Return the beats while they tell of now: no lead off, the last one no older than 4 s."""
    beats = facts.beats
    if beats is None or rate_lead_off(facts):
        return None
    last = beats.last_beat_t_ns
    return None if last is not None and facts.t_ns - last > STALE_BEAT_NS else beats


def disagree(ecg_per_min: float, pulse_per_min: float) -> bool:
    """Whether two beat-level rates are more than max(10, 10 % of the pulse) apart."""
    allowed = max(MISMATCH_PER_MIN, MISMATCH_PERCENT * pulse_per_min / 100)
    return abs(ecg_per_min - pulse_per_min) > allowed


def confirmed_by_pulse(case: Case, verdict: Verdict, *, limit_per_min: float, high: bool) -> Verdict:
    """Return the verdict with a doubt where the pulse contradicts, without its delay where it confirms a HIGH alarm.

    As soon as the beats themselves are beyond the limit, well before the averaged rate, the 10 s are counted.
    """
    beats, pulse = fresh_beats(case.facts), case.facts.pulse
    from_ecg = case.facts.hr.source in {"", RATE_FROM_ECG}
    if beats is None or beats.median_rate_per_min is None or not from_ecg:
        return verdict
    rate = beats.median_rate_per_min
    fast = _beyond(rate, limit_per_min, high=high)
    if fast:
        verdict = replace(
            verdict, cap_t_ns=_first_beat(case, beats, rate, high=high) + case.span_ns("total_s")
        )
    if not verdict.met or pulse is None or pulse.median_rate_per_min is None or not _usable(case, pulse):
        return verdict
    apart = disagree(rate, pulse.median_rate_per_min)
    if _beyond(pulse.median_rate_per_min, limit_per_min, high=high):
        return verdict if apart else replace(verdict, at_once=verdict.at_once or case.rule.latching)
    doubtful = apart or not fast  # averaging shows what the beats have already left
    return replace(verdict, doubt=NOT_BY_PULSE, doubt_s=case.limit("hold_s")) if doubtful else verdict


def _beyond(rate_per_min: float, limit_per_min: float, *, high: bool) -> bool:
    return rate_per_min > limit_per_min if high else rate_per_min < limit_per_min


def _usable(case: Case, pulse: PulseFacts) -> bool:
    inflating = case.facts.nibp.inflating_on_spo2_limb_since_t_ns is not None
    return pulse.quality >= PULSE_QUALITY and not inflating


def _first_beat(case: Case, beats: BeatFacts, rate_per_min: float, *, high: bool) -> int:
    """Estimate when the first beat past the limit began: the median of 4 lags by 3, a counted run tells more."""
    run = max(beats.fast_run if high else beats.slow_run, MEDIAN_RR - 1)
    last = case.facts.t_ns if beats.last_beat_t_ns is None else beats.last_beat_t_ns
    return last - round(run * 60 * NS_PER_S / rate_per_min)
