"""The burden report against figures worked out by hand."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # import-mode=importlib does not offer neighbours
from alarm_lives import ANA, at, row

from monitor_app.core.alarm_burden import (
    SessionAlarms,
    Stretch,
    alarm_burden,
    monitored_stretches,
)
from monitor_app.core.alarm_verdict import Verdict
from monitor_app.core.journal import GapEntry, PhaseEntry
from monitor_app.core.phase import Phase
from monitor_app.core.priority import Priority
from monitor_app.core.stamp import NS_PER_S

HOUR = 3600


def stretch(start_s, end_s):
    return Stretch(start_s * NS_PER_S, end_s * NS_PER_S)


def phase(t_s, before, after):
    return PhaseEntry(at(t_s), before, after, ANA)


STEPS = [
    ([], 0, ()),
    ([phase(10, Phase.CHECKIN, Phase.BASE)], 100, (stretch(10, 100),)),
    (
        [phase(10, Phase.CHECKIN, Phase.BASE), phase(60, Phase.BASE, Phase.READY), phase(90, Phase.DCA, Phase.DONE)],
        500,
        (stretch(10, 90),),
    ),
    (
        [phase(10, Phase.CHECKIN, Phase.BASE), GapEntry(at(40), "", "*", 30 * NS_PER_S, "the program was not running")],
        100,
        (stretch(10, 40), stretch(70, 100)),
    ),
    ([phase(10, Phase.CHECKIN, Phase.BASE), GapEntry(at(40), "berry", "ECG_II", NS_PER_S, "cable")], 100, (stretch(10, 100),)),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "end_s", "wanted"), STEPS)
def test_when_a_patient_was_monitored(entries, end_s, wanted) -> None:
    assert monitored_stretches(entries, end_s * NS_PER_S) == wanted


def sessions():
    """Two sessions, 2 h and 1 h: four tachycardias, two desaturations, one near miss, one hidden."""
    first = (
        row("AL-HR-03", t_s=100, lasts_s=20, acknowledged=at(110), verdict=Verdict.ACTED),
        row("AL-HR-03", t_s=200, lasts_s=40, acknowledged=at(230), verdict=Verdict.ARTEFACT),
        row("AL-HR-03", t_s=4000, lasts_s=60, verdict=Verdict.NOT_ACTIONABLE),
        row("AL-SP-02", t_s=5000, lasts_s=10, priority=Priority.MEDIUM, verdict=Verdict.TEST),
        row("AL-HR-06", t_s=300, announced=None),
        row("AL-HR-03", t_s=400, announced=None, suppressed=("AL-HR-02",)),
    )
    second = (
        row("AL-HR-03", t_s=50, cleared=None, acknowledged=at(70)),
        row("AL-SP-02", t_s=3500, lasts_s=30, acknowledged=at(3505), verdict=Verdict.ACTED),
    )
    return [
        SessionAlarms("s1", first, (stretch(0, HOUR), stretch(HOUR + 600, 2 * HOUR + 600))),
        SessionAlarms("s2", second, (stretch(0, HOUR),)),
    ]


def test_the_whole() -> None:
    report = alarm_burden(sessions())
    assert (report.sessions, report.monitored_h, report.near_misses, report.hidden) == (2, 3.0, 1, 1)
    total = report.total
    assert (total.announced, total.per_session, total.per_hour) == (6, 3.0, 2.0)
    assert (total.acknowledged, total.median_acknowledge_s) == (4, 15.0)  # 5, 10, 20, 30 s
    assert total.median_duration_s == 30.0  # 10, 20, 30, 40, 60; one still lasts
    assert (total.judged, total.acted, total.not_actionable, total.artefacts) == (4, 2, 1, 1)
    assert (total.actionable_percent, total.false_percent) == (50.0, 25.0)
    assert report.by_hour == (4, 2)


def test_by_rule_noisiest_first() -> None:
    tachy, desat = alarm_burden(sessions()).by_rule
    assert (tachy.rule, tachy.priority, tachy.announced, tachy.per_session) == (
        "AL-HR-03",
        Priority.MEDIUM,
        4,
        2.0,
    )
    assert tachy.actionable_percent == pytest.approx(100 / 3)
    assert (desat.rule, desat.announced, desat.judged, desat.actionable_percent) == ("AL-SP-02", 2, 1, 100.0)


def test_the_second_hour_of_monitoring_leaves_out_the_gap() -> None:
    session = SessionAlarms("s", (row(t_s=HOUR + 700),), (stretch(0, 1800), stretch(HOUR, 3 * HOUR)))
    assert alarm_burden([session]).by_hour == (1, 0, 0)  # 1800 + 700 s: still the first hour


def test_nothing_is_divided_by_nothing() -> None:
    for empty in ([], [SessionAlarms("s", (), ())]):
        total = alarm_burden(empty).total
        assert (total.announced, total.per_hour, total.median_acknowledge_s, total.actionable_percent) == (
            0,
            None,
            None,
            None,
        )
