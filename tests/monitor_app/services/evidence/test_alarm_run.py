"""What counts as raised, what plain limits would raise, and the challenge alarms that lie beside the project."""

from dataclasses import replace

import numpy as np
import pytest

from devices.recordings.recording import Recording, Wave
from monitor_app.services.evidence.alarm_run import (
    RULES,
    Spell,
    continued,
    plain_episodes,
    plain_limit,
    raised,
)
from monitor_app.services.evidence.alarms_report import RULED, alarm_scores, judge_alarms, judge_leads
from monitor_app.services.evidence.records import AnnotatedEcg, challenge_alarms, of_one_lead

LONG_END = 330.0


@pytest.mark.parametrize(
    ("spells", "end_s", "expected"),
    [
        ([Spell("IDLE", 0, 300)], 300, False),
        ([Spell("ACTIVE", 10, 300)], 300, True),
        ([Spell("ACTIVE", 10, 200), Spell("LATCHED", 200, 300)], 300, False),
        ([Spell("IDLE", 0, 298), Spell("PENDING", 298, 300)], 300, True),  # the recording stops, not the rule
        ([Spell("IDLE", 0, 298), Spell("PENDING", 298, 304), Spell("IDLE", 304, 330)], LONG_END, False),
        ([Spell("IDLE", 0, 305), Spell("ACTIVE", 305, 330)], LONG_END, True),
        ([Spell("IDLE", 0, 311), Spell("ACTIVE", 311, 330)], LONG_END, False),
        ([], 300, False),
    ],
)
def test_raised_within_ten_seconds(spells, end_s, expected):
    assert raised(spells, end_s)[0] is expected


@pytest.mark.parametrize(
    ("kind", "beats_s", "expected"),
    [
        ("asystole", np.arange(0, 300, 0.8), False),
        ("asystole", np.arange(0, 296, 0.8), True),  # to the end of the recording
        ("asystole", np.append(np.arange(0, 280, 0.8), np.arange(285, 300, 0.8)), False),  # too long ago
        ("tachycardia", np.arange(0, 300, 60 / 142), True),
        ("tachycardia", np.arange(0, 300, 60 / 138), False),
        ("bradycardia", np.arange(0, 300, 60 / 39), True),
        ("bradycardia", np.append(np.arange(0, 295, 0.8), [296.6, 298.2, 299.8]), False),  # four beats only
    ],
)
def test_plain_limits(kind, beats_s, expected):
    assert plain_limit(kind, list(beats_s), 300.0) is expected


@pytest.mark.parametrize(
    ("beats_s", "expected"),
    [
        (np.arange(0.5, 60, 0.8), []),
        (np.append(np.arange(0.5, 20, 0.8), np.arange(25, 60, 0.8)), [("AL-HR-01", 23.7)]),
        (np.append(np.arange(0.0, 10, 0.75), np.arange(10, 60, 0.4)), [("AL-HR-02", 16.0)]),
        (np.append(np.arange(0.0, 10, 0.75), np.arange(10, 60, 1.6)), [("AL-HR-07", 16.4)]),
    ],
)
def test_plain_limits_over_a_whole_recording(beats_s, expected):
    found = plain_episodes([float(b) for b in beats_s], 60.0)
    assert [rule for rule, _ in found] == [rule for rule, _ in expected]
    assert [at for _, at in found] == [pytest.approx(at, abs=0.01) for _, at in expected]


def test_a_recording_goes_on_as_it_last_beat():
    wave = np.zeros(1000)
    wave[[300, 700, 900]] = 1.0
    longer = continued(
        Recording("x", {"ECG_II": Wave(100.0, wave, "mV")}, {}), "ECG_II", [300, 700, 900], 6.0
    )
    assert np.flatnonzero(longer.waves["ECG_II"].samples).tolist() == [300, 700, 900, 1100, 1300, 1500]


def test_a_lead_too_low_to_be_read_is_told_apart():
    beats = tuple(range(100, 5900, 80))
    wave = np.zeros(6000)
    wave[list(beats)] = 0.1
    (row,) = judge_leads([("ECG_V", AnnotatedEcg("x", 100.0, wave, beats))], ())
    assert (row.lead, row.readable, row.qrs_mv, row.due) == ("V", False, 0.1, 0)
    assert row.false[RULED] > 0  # asystole: it must not be taken for a beat


def test_no_true_alarm_is_missed(shared_data):
    """The recording stops while the delay runs: had the heart gone on so, the alarm would have come."""
    (alarm,) = (a for a in challenge_alarms(shared_data, frozenset({"bradycardia"})) if a.true)
    alone = replace(alarm, recording=of_one_lead(alarm.recording, "ECG_II"))
    (row,) = judge_alarms([alone], ())
    assert row.raised[RULED]
    assert row.how.endswith("with the last cycle repeated it is announced at 301.0 s")


@pytest.mark.long
@pytest.mark.timeout(600)
def test_challenge_alarms(shared_data):
    """No true alarm is missed, and none of the false ones is raised."""
    rows = judge_alarms(challenge_alarms(shared_data, frozenset(RULES)), ())
    assert len(rows) == 8  # two leads each
    score = alarm_scores(rows)[RULED]
    assert (score.true_positive_rate, score.true_negative_rate) == (1.0, 1.0), rows
    assert all(row.how for row in rows)
