"""What ``docs/evidence/challenge-alarms.md`` is made of: rate alarms of ours and of plain limits against the truth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from devices.recordings.recording import Recording, Wave
from monitor_app.services.beats_run import detect
from monitor_app.services.evidence.alarm_run import (
    RULES,
    continued,
    plain_episodes,
    plain_limit,
    raised,
    spells,
)
from monitor_app.services.evidence.noise import qrs_height
from monitor_app.services.evidence.peers import Peer
from monitor_app.services.evidence.records import AnnotatedEcg, ChallengeAlarm, of_one_lead
from monitor_app.services.evidence.score import AlarmScore
from monitor_app.services.evidence.truth import TrueRhythm

RULED = "Chairside, its rules"
OWN_LIMITS = "Chairside's beats, plain limits"
LEAST_QRS_MV = 0.5
"""clinical.md §8.3: a detector must find QRS of 0.5 to 5 mV."""
_PIECES_PER_S = 2
_WHOLE_S = 0.5


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One challenge alarm read in one lead: what our rule did with it and why, and who raised it by plain limits."""

    name: str
    lead: str
    kind: str
    true: bool
    raised: dict[str, bool]
    how: str


def judge_alarms(alarms: Iterable[ChallengeAlarm], peers: Sequence[Peer]) -> list[AlarmRow]:
    """Judge every challenge alarm in each of its ECG leads: by our rules, and by plain limits on everyone's beats."""
    return [
        _judge(alarm, lead, peers)
        for alarm in alarms
        for lead in alarm.recording.waves
        if lead.startswith("ECG")
    ]


def _judge(alarm: ChallengeAlarm, lead: str, peers: Sequence[Peer]) -> AlarmRow:
    recording, wave = of_one_lead(alarm.recording, lead), alarm.recording.waves[lead]
    rule = RULES[alarm.kind]
    end_s = recording.duration_s
    ours, how = raised(spells(recording, (rule,))[rule], end_s)
    found = {OWN_LIMITS: [beat.sample for beat in detect(wave)]}
    filled = np.nan_to_num(wave.samples, nan=float(np.nanmean(wave.samples)))
    found |= {peer.name: peer.find(filled, wave.rate_hz) for peer in peers}
    if ours and not how.startswith("announced"):
        how += _had_it_gone_on(recording, lead, found[OWN_LIMITS], rule)
    by = {RULED: ours}
    for name, beats in found.items():
        by[name] = plain_limit(alarm.kind, [beat / wave.rate_hz for beat in beats], end_s)
    return AlarmRow(alarm.name, lead.removeprefix("ECG_"), alarm.kind, alarm.true, by, how)


def _had_it_gone_on(recording: Recording, lead: str, beats: Sequence[int], rule: str) -> str:
    """Say when the rule is announced if the heart beats on as it did last."""
    states = spells(continued(recording, lead, beats), (rule,))[rule]
    at_s = next((s.from_s for s in states if s.state == "ACTIVE" and s.to_s > recording.duration_s), None)
    return "" if at_s is None else f"; with the last cycle repeated it is announced at {at_s:.1f} s"


def alarm_scores(rows: Sequence[AlarmRow]) -> dict[str, AlarmScore]:
    """Add the rows up by who raised what."""
    scores: dict[str, AlarmScore] = {}
    for row in rows:
        for name, did in row.raised.items():
            scores[name] = scores.get(name, AlarmScore()).with_case(true=row.true, raised=did)
    return scores


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A whole annotated lead: alarms without a cause in the true rhythm, by who raised them.

    ``due``: what plain limits announce of the annotated beats themselves. ``readable`` False: its QRS are too low.
    """

    name: str
    lead: str
    qrs_mv: float
    readable: bool
    due: int
    false: dict[str, int]


def judge_leads(leads: Iterable[tuple[str, AnnotatedEcg]], peers: Sequence[Peer]) -> list[LeadRow]:
    """Judge every annotated lead over its whole length; those with lower QRS than clinical.md §8.3 asks are marked."""
    return [_judge_lead(lead, ecg, peers) for lead, ecg in leads]


def _judge_lead(lead: str, ecg: AnnotatedEcg, peers: Sequence[Peer]) -> LeadRow:
    height, name = qrs_height(ecg.samples, ecg.beats, ecg.rate_hz), lead.removeprefix("ECG_")
    due = plain_episodes([b / ecg.rate_hz for b in ecg.beats], ecg.samples.size / ecg.rate_hz)
    wave = Wave(ecg.rate_hz, ecg.samples, "mV")
    alone = Recording(ecg.name, {lead: wave}, {})
    rhythm = TrueRhythm([b / ecg.rate_hz for b in ecg.beats], alone.duration_s)
    states = spells(alone, tuple(RULES.values()), pieces_per_s=_PIECES_PER_S)
    ruled = [(rule, s.from_s) for rule, some in states.items() for s in some if s.state == "ACTIVE"]
    found = {OWN_LIMITS: [beat.sample for beat in detect(wave, _WHOLE_S)]}
    found |= {peer.name: peer.find(ecg.samples, ecg.rate_hz) for peer in peers}
    said = {RULED: ruled}
    for who, beats in found.items():
        said[who] = plain_episodes([b / ecg.rate_hz for b in beats], alone.duration_s)
    false = {who: sum(not rhythm.justifies(*one) for one in some) for who, some in said.items()}
    return LeadRow(ecg.name, name, height, readable=height >= LEAST_QRS_MV, due=len(due), false=false)
