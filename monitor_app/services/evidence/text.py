"""The evidence as pages of text: tables that a reader can check, and what they rest on."""

from collections.abc import Iterable, Sequence

from monitor_app.services.evidence.alarms_report import AlarmRow, LeadRow, alarm_scores
from monitor_app.services.evidence.beats_report import OURS, BeatTable, NoiseRow
from monitor_app.services.evidence.peers import Peer
from monitor_app.services.evidence.score import BeatScore

_BEATS_INTRO = """\
# Beats found by the live detector

Made by `chairside evidence`; nothing here is typed by hand. Whole records, first channel, no learning period left out,
match window ±150 ms, one to one (clinical.md §8.3). The live detector was fed 40 ms at a time and never sees what comes
later; the other programs saw each record at once, on the same samples, in the same run: {peers}.

These records were at hand while the detector was built. Its thresholds are physiological quantities (refractory
period, widest QRS, slope of a T wave, height of a P wave), the same for every record, lead and sampling rate, and none of
them moved by a fifth loses 0.1 % (`test_beat_sensitivity.py --long`). Other shapes, rhythms, leads, rates and disturbances
are asked in `test_beat_robustness.py`. No claim is made beyond these recordings.
"""
_MOTION_INTRO = """\
## Electrode motion

Every record in whole with synthesised electrode motion: bumps as narrow as a QRS and up to six times wider, over slow
drift, without pause; a run is one record with one seed, and everybody gets the same samples. SNR as PhysioNet's noise
stress test counts it (height² / 8 of the QRS over the noise's power). *Valid*: beats of quality 0.5 and more, the ones
shown as valid. What tells a bump from a beat (`steepness.py`) was chosen on two other seeds, which stand in no table; of
those that do, record 222 with seed 13 was looked at for it.
"""
_ALARMS_INTRO = """\
# Rate alarms on recordings whose truth is known

Made by `chairside evidence`; nothing here is typed by hand. *Plain limits* are the limits of our rules on beats alone,
without quality, confirmation or delay: {peers}. Default limits of clinical.md §6.1: AL-HR-01 asystole, AL-HR-02 extreme
tachycardia, AL-HR-07 extreme bradycardia.

## Alarms that experts judged

A monitor raised an alarm at 5:00; experts judged it true or false. Every ECG lead of a recording is asked by itself, with
the pleth beside it where there is one. *Raised* means that our rule was announced within 10 s of 5:00, or that its delay
was running when the recording stopped, for true and false alarms alike; the last column tells these apart. Plain limits
have no delay, so that the end of a recording costs them nothing. Score of clinical.md §5.8: 100 (TP + TN) / (TP + TN + FP + 5 FN).
"""
_LEADS_INTRO = """\
## Whole recordings

Every ECG lead of the annotated recordings from end to end, with no pulse beside it: alarms for which the annotated beats
give no cause within 15 s before. *Due*: what the annotated beats themselves bring past a plain limit. Leads whose median
QRS is lower than the 0.5 mV that must be found are added up apart: deflections of 0.15 mV and less must be ignored
(clinical.md §8.3), so that where most QRS are as low missing beats are announced as asystole, and another lead has to be
chosen.
"""
_QUIET_INTRO = """\
## Alarms in electrode motion

The noisy whole records of `beats.md`, ECG alone, with no pulse to confirm or contradict: announcements of AL-HR-01, -02,
-03, -06 and -07. *Justified*: the rate of the annotated beats was beyond the rule's limit within 15 s before. What clean
records announce and noisy ones do not was borderline, or hidden because its beats were of low quality; TE-02 tells of that.
"""


def _percent(share: float | None, digits: int = 3) -> str:
    return "—" if share is None else f"{100 * share:.{digits}f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def _score_cells(score: BeatScore, *, bold: bool = False) -> list[str]:
    f1 = _percent(score.f1)
    return [
        str(score.extra), str(score.missed), _percent(score.sensitivity), _percent(score.predictivity),
        f"**{f1}**" if bold else f1,
    ]  # fmt: skip


def beats_page(table: BeatTable, noise: Sequence[NoiseRow], share: float, peers: Sequence[Peer]) -> str:
    """Return the page about beats."""
    names = [OURS, *(peer.name for peer in peers)]
    head = ["Record", "Beats", *(f"{n} {c}" for n in names for c in ("FP", "FN", "Se %", "+P %", "F1 %"))]
    rows = []
    for record, row in table.rows.items():
        beats = row[OURS].true + row[OURS].missed
        rows.append([record, str(beats), *(cell for n in names for cell in _score_cells(row[n]))])
    gross = [table.gross(n) for n in names]
    total = str(gross[0].true + gross[0].missed)
    rows.append(["gross", total, *(cell for score in gross for cell in _score_cells(score, bold=True))])
    parts = [_BEATS_INTRO.format(peers=_titles(peers)), _table(head, rows), _noise_part(noise, peers)]
    parts.append(
        f"## Cost\n\nLive ECG at 500 Hz (filter, beats, rate and quality, 40 ms at a time) took {100 * share:.1f} % of "
        "one core of the machine this page was made on.\n"
    )
    return "\n".join(parts)


def _noise_part(noise: Sequence[NoiseRow], peers: Sequence[Peer]) -> str:
    head = ["SNR dB", "runs", "valid +P %", "valid Se %", "all F1 %", *(f"{p.name} F1 %" for p in peers)]
    rows = [
        [
            f"{row.snr_db:g}",
            str(row.runs),
            _percent(row.valid.predictivity, 2),
            _percent(row.valid.sensitivity, 2),
            _percent(row.ours.f1, 2),
            *(_percent(row.peers[p.name].f1, 2) for p in peers),
        ]
        for row in noise
        if row.snr_db is not None
    ]
    return "\n".join([_MOTION_INTRO, _table(head, rows), _ahead(noise, peers)])


def _ahead(noise: Sequence[NoiseRow], peers: Sequence[Peer]) -> str:
    """Say plainly where another program, which sees what comes later, found the beats better."""
    ahead = [
        f"{peer.name} at {row.snr_db:g} dB by {_percent(row.peers[peer.name].f1 - row.ours.f1, 2)}"
        for row in noise
        for peer in peers
        if row.snr_db is not None and row.peers[peer.name].f1 > row.ours.f1
    ]
    return f"Ahead of all our beats: {', '.join(ahead) or 'none'} (F1, percentage points).\n"


def alarms_page(
    rows: Sequence[AlarmRow], leads: Sequence[LeadRow], noise: Sequence[NoiseRow], peers: Sequence[Peer]
) -> str:
    """Return the page about alarms."""
    parts = [_ALARMS_INTRO.format(peers=_titles(peers)), _alarm_table(rows), _alarm_sums(rows)]
    parts += [_LEADS_INTRO, _lead_table(leads), _QUIET_INTRO, _quiet_table(noise)]
    return "\n".join(part for part in parts if part)


def _alarm_table(rows: Sequence[AlarmRow]) -> str:
    names = list(rows[0].raised) if rows else []
    body = [
        [row.name, row.lead, row.kind, "true" if row.true else "false"]
        + ["raised" if row.raised[n] else "not raised" for n in names]
        + [row.how]
        for row in rows
    ]
    return _table(["Record", "Lead", "Alarm", "Expert", *names, "Our rule"], body)


def _alarm_sums(rows: Sequence[AlarmRow]) -> str:
    sums = [
        [name, str(s.true_raised + s.true_missed), _percent(s.true_positive_rate, 1),
         str(s.false_raised + s.false_held), _percent(s.true_negative_rate, 1), f"{s.challenge_score:.1f}"]
        for name, s in alarm_scores(rows).items()
    ]  # fmt: skip
    return _table(["", "true alarms", "TPR %", "false alarms", "TNR %", "score"], sums)


def _lead_table(leads: Sequence[LeadRow]) -> str:
    names = list(leads[0].false) if leads else []

    def line(title: str, lead: str, qrs: str, rows: Sequence[LeadRow]) -> list[str]:
        false = (str(sum(row.false[name] for row in rows)) for name in names)
        return [title, lead, qrs, str(sum(row.due for row in rows)), *false]

    body = [line(row.name, row.lead, f"{row.qrs_mv:.2f}", [row]) for row in leads]
    body.append(line("0.5 mV and more", "", "", [row for row in leads if row.readable]))
    body.append(line("lower", "", "", [row for row in leads if not row.readable]))
    return _table(["Record", "Lead", "QRS mV", "due", *(f"false: {n}" for n in names)], body)


def _quiet_table(noise: Sequence[NoiseRow]) -> str:
    body = [
        [
            "clean" if row.snr_db is None else f"{row.snr_db:g}",
            str(row.runs),
            str(row.due),
            "; ".join(row.unjustified) or "none",
        ]
        for row in noise
    ]
    return _table(["SNR dB", "runs", "justified", "from noise"], body)


def _titles(peers: Sequence[Peer]) -> str:
    return "; ".join(peer.title for peer in peers) or "none asked"
