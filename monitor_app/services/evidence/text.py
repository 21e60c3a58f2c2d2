"""The evidence as pages of text: tables that a reader can check, and what they rest on."""

from collections.abc import Iterable, Sequence

from monitor_app.services.evidence.alarms_report import NOISE_SNR_DB, AlarmRow, NoiseAlarms, alarm_scores
from monitor_app.services.evidence.beats_report import NOISY_S, OURS, BeatTable, NoiseRow
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
_ALARMS_INTRO = """\
# Rate alarms on recordings whose alarms experts judged

Made by `chairside evidence`. A monitor raised an alarm at 5:00; experts judged it true or false. *Raised* means that our
rule (AL-HR-01 asystole, AL-HR-02 tachycardia, AL-HR-07 bradycardia, default limits of clinical.md §6.1) was announced
within 10 s of it, or that its delay was running when the recording stopped, for true and false alarms alike. *Plain
limits* are the same limits on beats alone in the same window, without quality, confirmation or delay: {peers}.
Score of clinical.md §5.8: 100 (TP + TN) / (TP + TN + FP + 5 FN).
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
    head = ["SNR dB", "valid +P %", "valid Se %", "all F1 %", *(f"{p.name} F1 %" for p in peers)]
    rows = [
        [
            f"{row.snr_db:g}",
            _percent(row.valid.predictivity, 2),
            _percent(row.valid.sensitivity, 2),
            _percent(row.ours.f1, 2),
            *(_percent(row.peers[p.name].f1, 2) for p in peers),
        ]
        for row in noise
    ]
    return (
        f"## Electrode motion\n\nThe first {NOISY_S / 60:.0f} min of every record with synthesised electrode motion: bumps "
        "as narrow as a QRS and up to six times wider, over slow drift, without pause. SNR as PhysioNet's noise stress "
        "test counts it (height² / 8 of the QRS over the noise's power). *Valid*: beats of quality 0.5 and more, the "
        "ones shown as valid.\n\n" + _table(head, rows)
    )


def alarms_page(rows: Sequence[AlarmRow], noise: Sequence[NoiseAlarms], peers: Sequence[Peer]) -> str:
    """Return the page about alarms."""
    names = list(rows[0].raised) if rows else []
    head = ["Record", "Alarm", "Expert", *names, "Our rule"]
    body = [
        [row.name, row.kind, "true" if row.true else "false"]
        + ["raised" if row.raised[n] else "not raised" for n in names]
        + [row.how]
        for row in rows
    ]
    sums = [
        [name, str(s.true_raised + s.true_missed), _percent(s.true_positive_rate, 1),
         str(s.false_raised + s.false_held), _percent(s.true_negative_rate, 1), f"{s.challenge_score:.1f}"]
        for name, s in alarm_scores(rows).items()
    ]  # fmt: skip
    sums_head = ["", "true alarms", "TPR %", "false alarms", "TNR %", "score"]
    quiet = [[n.name, str(n.clean), str(n.noisy), ", ".join(n.from_noise) or "none"] for n in noise]
    quiet_head = ["Record", "announced, clean", "announced, noisy", "from noise"]
    return "\n".join(
        [
            _ALARMS_INTRO.format(peers=_titles(peers)),
            _table(head, body),
            _table(sums_head, sums),
            (
                f"## Alarms in electrode motion\n\nThe ECG alone, with no pulse to confirm or contradict, at "
                f"{NOISE_SNR_DB:g} dB: announcements of asystole, tachycardia and bradycardia rules that the clean "
                "recording does not make.\n"
            ),
            _table(quiet_head, quiet),
        ]
    )


def _titles(peers: Sequence[Peer]) -> str:
    return "; ".join(peer.title for peer in peers) or "none asked"
