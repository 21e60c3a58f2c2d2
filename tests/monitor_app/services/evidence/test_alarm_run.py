"""What counts as raised, what plain limits would raise, and the challenge alarms that lie beside the project."""

import numpy as np
import pytest

from monitor_app.services.evidence.alarm_run import RULES, Spell, plain_limit, raised
from monitor_app.services.evidence.alarms_report import RULED, alarm_scores, alarms_from_noise, judge_alarms
from monitor_app.services.evidence.records import annotated_records, challenge_alarms

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


def test_no_true_alarm_is_missed(shared_data):
    alarms = [a for a in challenge_alarms(shared_data, frozenset({"bradycardia"})) if a.true]
    rows = judge_alarms(alarms, ())
    assert [row.raised[RULED] for row in rows] == [True] * len(alarms)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_challenge_alarms(shared_data):
    """No true alarm is missed, and none of the false ones is raised."""
    rows = judge_alarms(challenge_alarms(shared_data, frozenset(RULES)), ())
    assert len(rows) == 4
    score = alarm_scores(rows)[RULED]
    assert (score.true_positive_rate, score.true_negative_rate) == (1.0, 1.0), rows
    assert all(row.how for row in rows)


def test_motion_at_6_db_raises_nothing_in_a_quiet_heart(shared_data):
    """With no pulse beside it to contradict."""
    ecg = next(annotated_records(shared_data)).first(60)
    found = alarms_from_noise(ecg)
    assert (found.clean, found.noisy, found.from_noise) == (0, 0, ())
