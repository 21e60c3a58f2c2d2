"""Filters and orders of the alarm log."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # import-mode=importlib does not offer neighbours
from alarm_lives import ANA, at, row
from hypothesis import given
from hypothesis import strategies as st

from monitor_app.core.alarm_query import AlarmQuery, Sort, select
from monitor_app.core.alarm_verdict import Verdict
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import NS_PER_S

TACHY = row("AL-HR-03", t_s=10, lasts_s=30, text="HR ↑131 > 120", acknowledged_by=ANA, phase=Phase.INF)
LEAD = row(
    "TE-01-M",
    t_s=40,
    lasts_s=5,
    text="ECG lead off: LA",
    alarm_class=AlarmClass.TECHNICAL,
    verdict=Verdict.ARTEFACT,
)
DESAT = row("AL-SP-01", t_s=70, text="SpO₂ ↓84 < 85", priority=Priority.HIGH, phase=Phase.REC, cleared=None)
RISE = row("AL-BP-11", t_s=90, lasts_s=300, text="SYS 152, +24", priority=Priority.LOW, phase=Phase.REC)
MISS = row("AL-HR-06", t_s=100, lasts_s=2, announced=None, suppressed=("AL-HR-07",))
ALL = (TACHY, LEAD, DESAT, RISE, MISS)

QUERIES = [
    (AlarmQuery(), [RISE, DESAT, LEAD, TACHY]),
    (AlarmQuery(near_misses=True), [MISS, RISE, DESAT, LEAD, TACHY]),
    (AlarmQuery(rules=frozenset({"AL-BP", "TE-01-M"})), [RISE, LEAD]),
    (AlarmQuery(priorities=frozenset({Priority.HIGH, Priority.LOW})), [RISE, DESAT]),
    (AlarmQuery(classes=frozenset({AlarmClass.TECHNICAL})), [LEAD]),
    (AlarmQuery(phases=frozenset({Phase.REC})), [RISE, DESAT]),
    (AlarmQuery(unjudged=True), [RISE, DESAT, TACHY]),
    (AlarmQuery(start_t_ns=40 * NS_PER_S, end_t_ns=70 * NS_PER_S), [DESAT, LEAD]),
    (AlarmQuery(text="spo2"), [DESAT]),
    (AlarmQuery(text="PRADO hr"), [TACHY]),
    (AlarmQuery(text="recovery"), [RISE, DESAT]),
    (AlarmQuery(text="artefact lead"), [LEAD]),
    (AlarmQuery(text="AL-HR-07", near_misses=True), [MISS]),
    (AlarmQuery(text="nothing of the kind"), []),
    (AlarmQuery(sort=Sort.OLDEST), [TACHY, LEAD, DESAT, RISE]),
    (AlarmQuery(sort=Sort.PRIORITY), [DESAT, LEAD, TACHY, RISE]),
    (AlarmQuery(sort=Sort.DURATION), [DESAT, RISE, TACHY, LEAD]),
]


@pytest.mark.parametrize(("query", "wanted"), QUERIES)
def test_queries(query, wanted) -> None:
    assert [r.rule for r in select(ALL, query)] == [r.rule for r in wanted]


def test_an_accent_is_no_obstacle() -> None:
    note = row("AL-HR-03", note="João saw it")
    assert select([note], AlarmQuery(text="joao")) == (note,)


@given(
    st.lists(st.integers(0, 500), unique=True, max_size=8),
    st.sampled_from(list(Sort)),
    st.sampled_from(["", "hr", "120", "zzz"]),
)
def test_a_query_only_leaves_out_and_orders(seconds, sort, text) -> None:
    rows = [row(t_s=t) for t in seconds]
    found = select(rows, AlarmQuery(sort=sort, text=text))
    assert {id(r) for r in found} <= {id(r) for r in rows}
    assert len(found) == (0 if text == "zzz" else len(rows))
    assert select(found, AlarmQuery(sort=sort, text=text)) == found
    if sort is Sort.OLDEST:
        assert [r.onset for r in found] == [at(t) for t in sorted(seconds)][: len(found)]
