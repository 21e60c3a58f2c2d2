"""One row per condition, whatever path its life took, with everything clinical.md §5.7 asks of it."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # import-mode=importlib does not offer neighbours
from alarm_lives import ANA, at, step

from devices.signals import Quality
from monitor_app.core import journal as j
from monitor_app.core.alarm_log import VERSIONS_CODE, alarm_log
from monitor_app.core.alarm_verdict import Verdict, verdict_fields
from monitor_app.core.stamp import SYSTEM

BERRY, NONIN = "berry@/dev/ttyUSB0", "nonin@/dev/ttyUSB1"

LIVES = [
    # a near miss: never announced
    ([("IDLE PENDING", 121, ""), ("PENDING IDLE", 119, "")], (None, None, 1, None, 121)),
    # announced and over by itself
    ([("IDLE ACTIVE", 130, ""), ("ACTIVE IDLE", 100, "")], (0, None, 1, None, 130)),
    # acknowledged, then over
    ([("IDLE ACTIVE", 130, ""), ("ACTIVE ACTIVE_ACK", 140, ""), ("ACTIVE_ACK IDLE", 90, "")], (0, 1, 2, None, 140)),
    # kept on the screen until acknowledged
    ([("IDLE ACTIVE", 130, ""), ("ACTIVE LATCHED", 100, ""), ("LATCHED IDLE", None, "")], (0, 2, 1, 2, 130)),
    # hidden by a worse one, later shown
    ([("IDLE ACTIVE", 130, "AL-HR-02"), ("ACTIVE ACTIVE", 125, ""), ("ACTIVE IDLE", 90, "")], (1, None, 2, None, 130)),
    # still there
    ([("IDLE ACTIVE", 130, "")], (0, None, None, None, 130)),
]  # fmt: skip


@pytest.mark.parametrize(("life", "wanted"), LIVES)
def test_lives(life, wanted) -> None:
    entries = [
        step(second, states, value, suppressed=hidden, by=ANA if "ACK" in states.split()[1] or states == "LATCHED IDLE" else None)
        for second, (states, value, hidden) in enumerate(life)
    ]  # fmt: skip
    (row,) = alarm_log(entries)
    times = [
        None if s is None else s.t_s
        for s in (row.announced, row.acknowledged, row.cleared, row.latch_cleared)
    ]
    assert (*times, row.worst) == wanted
    assert row.text == f"HR {row.worst:g} > 120"
    assert row.duration_s == (None if row.cleared is None else row.cleared.t_s)


def test_the_worst_of_a_low_limit_is_the_lowest() -> None:
    life = [("IDLE PENDING", 89.0), ("PENDING ACTIVE", 82.0), ("ACTIVE ACTIVE_ACK", 85.0)]
    (row,) = alarm_log(step(second, states, value, limit=90.0) for second, (states, value) in enumerate(life))
    assert (row.worst, row.worst_at) == (82.0, at(1))


def test_conditions_are_told_apart_by_their_id() -> None:
    assert [
        row.occurrence_id
        for row in alarm_log(step(t, "IDLE ACTIVE", 130, occurrence_id=i) for t, i in enumerate("bac"))
    ] == [*"bac"]
    assert alarm_log([]) == ()


def test_a_condition_that_comes_back_behind_its_latch_ends_the_one_before() -> None:
    first, second = alarm_log(
        [
            step(0, "IDLE ACTIVE", 150),
            step(5, "ACTIVE LATCHED", 110),
            step(20, "LATCHED ACTIVE", 160, occurrence_id="a2"),
            step(30, "ACTIVE ACTIVE_ACK", 160, occurrence_id="a2", by=ANA),
        ]
    )
    assert (first.cleared, first.latch_cleared, first.acknowledged) == (at(5), at(20), None)
    assert (second.announced, second.latch_cleared, second.acknowledge_s) == (at(20), None, 10.0)


def test_every_reason_for_silence_is_kept() -> None:
    (row,) = alarm_log(
        [
            step(0, "IDLE PENDING", 130, suppressed="cuff on this limb"),
            step(3, "PENDING ACTIVE", 130, suppressed="AL-HR-02"),
            step(9, "ACTIVE IDLE", 100, suppressed="AL-HR-02"),
        ]
    )
    assert (row.suppressed, row.announced) == (("cuff on this limb", "AL-HR-02"), None)


def numeric(t_s, name, value, source=BERRY, quality=Quality.GOOD):
    return j.NumericEntry(at(t_s), source, name, value, "/min", quality)


def test_source_quality_and_the_worst_between_the_steps_come_from_the_recorded_values() -> None:
    entries = [
        numeric(9, "HR", 118, "chairside"),
        numeric(10, "HR", 123),
        numeric(10.1, "PR", 99, NONIN),
        step(10.5, "IDLE PENDING", 123),
        numeric(13, "HR", 131),
        step(13.5, "PENDING ACTIVE", 131),
        numeric(20, "HR", 158),
        numeric(21, "HR", 250, quality=Quality.INVALID),
        numeric(30, "HR", 110),
        step(30.5, "ACTIVE IDLE", 110),
        numeric(40, "HR", 190),
    ]
    (row,) = alarm_log(entries)
    assert (row.signal, row.source, row.quality) == ("HR", BERRY, "good")
    assert (row.value, row.worst, row.worst_at) == (123, 158, at(20))


def test_a_rate_from_the_pulse_is_told_from_one_of_the_ecg() -> None:
    entries = [
        numeric(9.8, "HR", 88),
        numeric(10, "PR", 141, NONIN, Quality.WEAK),
        step(10, "IDLE ACTIVE", 141.3),
    ]
    (row,) = alarm_log(entries)
    assert (row.signal, row.source, row.quality) == ("PR", NONIN, "weak")
    stale = [numeric(1, "HR", 141), step(10, "IDLE ACTIVE", 141)]
    assert alarm_log(stale)[0].source == ""


def test_a_pressure_alarm_is_of_its_reading() -> None:
    reading = j.NibpEntry(
        at(60), "n1", BERRY, "auto", at(30).t_ns, 168, 92, 117, False, 80, None, "", "left arm"
    )
    refused = j.NibpEntry(
        at(90), "n2", BERRY, "auto", None, 250, 150, 190, False, None, None, "moved", "left arm"
    )
    alarm = step(60, "IDLE ACTIVE", 168, rule="AL-BP-02", limit=160.0)
    (row,) = alarm_log([reading, alarm, refused])
    assert (row.signal, row.source, row.worst) == ("SYS", BERRY, 168)


def test_baseline_and_versions_are_those_in_force_at_the_onset() -> None:
    def base(t_s, systolic):
        return j.BaselineEntry(at(t_s), j.Baseline(systolic, 80, 70, 98, None), (), ANA)

    entries = [
        j.SystemEntry(at(0), VERSIONS_CODE, "", {"AL-HR-03": 1, "TE-01-M": 7}),
        base(1, 120), base(50, 130), step(60, "IDLE ACTIVE", 130),
        j.SystemEntry(at(70), VERSIONS_CODE, "", {"AL-HR-03": 2}),
        base(90, 140), step(100, "IDLE ACTIVE", 130, occurrence_id="a2"),
    ]  # fmt: skip
    assert [(r.baseline.systolic_mmhg, r.rule_version) for r in alarm_log(entries)] == [(130, 1), (140, 2)]
    assert (
        alarm_log([step(0, "IDLE ACTIVE", 130)])[0].baseline,
        alarm_log([step(0, "IDLE ACTIVE", 130)])[0].rule_version,
    ) == (None, None)


def test_the_alarm_systems_own_state_and_what_was_done() -> None:
    entries = [
        j.SoundEntry(at(5), "paused", ANA, at(125).t_ns),
        j.CareEntry(at(8), "e0", "drug", "ondansetron", ANA, {"drug": "Ondansetron"}),
        step(10, "IDLE ACTIVE", 130),
        j.SoundEntry(at(11), "normal", SYSTEM),
        j.InfusionEntry(at(20), "e1", "paused", None, ANA),
        j.CareEntry(at(30), "e2", "oxygen", "", ANA, {"l_per_min": 2}),
        j.CareEntry(at(31), "e3", "drug", "", ANA, {"drug": "Labetalol"}),
        j.VoidEntry(at(35), "e3", ANA, "not given"),
        j.SystemEntry(at(40), "SOUND_LOST", "unplugged"),
        step(50, "ACTIVE IDLE", 100),
        j.CareEntry(at(100), "e4", "call", "Dr. Lind", ANA),
        j.CareEntry(at(171), "e5", "call", "later", ANA),
        j.SoundEntry(at(180), "paused", ANA),
    ]
    (row,) = alarm_log(entries)
    assert [c.text for c in row.states] == ["sound paused", "sound normal", "sound lost"]
    assert [c.text for c in row.actions] == ["pump paused", "oxygen 2 L/min", "call"]


def test_the_last_verdict_that_was_not_taken_back_counts() -> None:
    def verdict(t_s, entry_id, said, occurrence="a1"):
        return j.CareEntry(
            at(t_s), entry_id, "verdict", "", ANA, verdict_fields(occurrence, "AL-HR-03", said)
        )

    life = [step(0, "IDLE ACTIVE", 130), step(9, "ACTIVE IDLE", 100)]
    given = [
        verdict(10, "v1", Verdict.ACTED),
        verdict(20, "v2", Verdict.ARTEFACT),
        verdict(30, "v3", Verdict.TEST, "else"),
    ]
    (row,) = alarm_log([*life, *given])
    assert (row.judgement.verdict, row.judgement.by, row.judgement.stamp) == (Verdict.ARTEFACT, ANA, at(20))
    (row,) = alarm_log([*life, *given, j.VoidEntry(at(40), "v2", ANA, "")])
    assert row.judgement.verdict is Verdict.ACTED
    spoilt = j.CareEntry(at(41), "v4", "verdict", "", ANA, {"occurrence": "a1", "verdict": "perhaps"})
    assert alarm_log([*life, spoilt])[0].judgement is None
