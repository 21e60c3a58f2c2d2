"""What ``docs/evidence/challenge-alarms.md`` is made of: rate alarms of ours and of plain limits against the truth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from devices.recordings.recording import Recording, Wave
from monitor_app.services.beats_run import detect, ecg_channel
from monitor_app.services.evidence.alarm_run import RULES, Spell, plain_limit, raised, spells
from monitor_app.services.evidence.noise import mixed, motion_noise
from monitor_app.services.evidence.peers import Peer
from monitor_app.services.evidence.records import AnnotatedEcg, ChallengeAlarm
from monitor_app.services.evidence.score import AlarmScore

RULED = "Chairside, its rules"
OWN_LIMITS = "Chairside's beats, plain limits"
NOISE_RULES = ("AL-HR-01", "AL-HR-02", "AL-HR-03", "AL-HR-06", "AL-HR-07")
NOISE_SNR_DB = 6.0
NOISE_SEED = 11
_NOISY_S = 600.0
_SAME_ALARM_S = 15.0
"""An alarm that the same recording raises without the noise so near in time is the heart's."""


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One challenge alarm: what our rule did with it and why, and who raised it by plain limits."""

    name: str
    kind: str
    true: bool
    raised: dict[str, bool]
    how: str


def judge_alarms(alarms: Iterable[ChallengeAlarm], peers: Sequence[Peer]) -> list[AlarmRow]:
    """Judge every challenge alarm by our rules, and by plain limits on our beats and on each peer's."""
    return [_judge(alarm, peers) for alarm in alarms]


def _judge(alarm: ChallengeAlarm, peers: Sequence[Peer]) -> AlarmRow:
    recording = alarm.recording
    rule = RULES[alarm.kind]
    ours, how = raised(spells(recording, (rule,))[rule], recording.duration_s)
    by = {RULED: ours}
    lead = ecg_channel(recording)
    if lead is not None:
        wave = recording.waves[lead]
        found = {OWN_LIMITS: [beat.sample for beat in detect(wave)]}
        filled = np.nan_to_num(wave.samples, nan=float(np.nanmean(wave.samples)))
        found |= {peer.name: peer.find(filled, wave.rate_hz) for peer in peers}
        for name, beats in found.items():
            times_s = [beat / wave.rate_hz for beat in beats]
            by[name] = plain_limit(alarm.kind, times_s, recording.duration_s)
    return AlarmRow(alarm.name, alarm.kind, alarm.true, by, how)


def alarm_scores(rows: Sequence[AlarmRow]) -> dict[str, AlarmScore]:
    """Add the rows up by who raised what."""
    scores: dict[str, AlarmScore] = {}
    for row in rows:
        for name, did in row.raised.items():
            scores[name] = scores.get(name, AlarmScore()).with_case(true=row.true, raised=did)
    return scores


@dataclass(frozen=True, slots=True)
class NoiseAlarms:
    """Announcements in the first 10 min of a record, clean and with noise, and those that only the noise explains."""

    name: str
    clean: int
    noisy: int
    from_noise: tuple[str, ...]


def alarms_from_noise(ecg: AnnotatedEcg, snr_db: float = NOISE_SNR_DB) -> NoiseAlarms:
    """Replay a record's ECG alone, without a pulse to confirm anything, as it is and under electrode motion."""
    part = ecg.first(_NOISY_S)
    noise = motion_noise(part.samples.size, part.rate_hz, np.random.default_rng(NOISE_SEED))
    noisy = mixed(part.samples, noise, part.beats, part.rate_hz, snr_db=snr_db)
    before = _announced(part)
    after = _announced(replace(part, samples=noisy))
    own = [
        f"{rule} at {spell.from_s:.0f} s"
        for rule, spell in after
        if not any(rule == r and _near(spell, s) for r, s in before)
    ]
    return NoiseAlarms(ecg.name, len(before), len(after), tuple(own))


def _announced(ecg: AnnotatedEcg) -> list[tuple[str, Spell]]:
    alone = Recording(ecg.name, {"ECG_II": Wave(ecg.rate_hz, ecg.samples, "mV")}, {})
    found = spells(alone, NOISE_RULES)
    return [(rule, spell) for rule, some in found.items() for spell in some if spell.state == "ACTIVE"]


def _near(one: Spell, other: Spell) -> bool:
    return one.from_s <= other.to_s + _SAME_ALARM_S and other.from_s <= one.to_s + _SAME_ALARM_S
