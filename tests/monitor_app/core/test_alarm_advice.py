"""What the verdicts suggest: only outwards, only inside the range, never past an alarm that was acted on."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # import-mode=importlib does not offer neighbours
from alarm_lives import row
from hypothesis import given
from hypothesis import strategies as st

from monitor_app.core.alarm_advice import advise
from monitor_app.core.alarm_verdict import Verdict

NOT, ACTED, FALSE = Verdict.NOT_ACTIONABLE, Verdict.ACTED, Verdict.ARTEFACT


def tachycardias(*worsts_and_verdicts):
    return [
        row("AL-HR-03", t_s=index, worst=float(worst), limit=120.0, verdict=verdict)
        for index, (worst, verdict) in enumerate(worsts_and_verdicts)
    ]


def test_the_limit_that_spares_most_and_loses_none() -> None:
    rows = tachycardias(
        *[(w, NOT) for w in (121, 122, 122, 123, 124, 124, 125, 128)], (130, ACTED), (127, ACTED)
    )
    (advice,) = advise(rows)
    assert (advice.now, advice.suggested, advice.spared, advice.useless, advice.judged) == (
        120,
        125,
        7,
        8,
        10,
    )
    assert "125 /min instead of 120" in advice.text
    assert "clinical lead" in advice.text


def test_a_low_limit_goes_down_and_stops_at_its_range() -> None:
    low = [row("AL-HR-06", t_s=t, value=48.0, worst=36.0, limit=50.0, verdict=FALSE) for t in range(10)]
    (advice,) = advise(low)
    assert (advice.suggested, advice.spared) == (36, 10)
    deep = [row("AL-HR-06", t_s=t, value=48.0, worst=34.0, limit=50.0, verdict=FALSE) for t in range(10)]
    assert advise(deep) == ()  # 35 is as low as a clinic may go (clinical.md §6.1)


@pytest.mark.parametrize(
    "rows",
    [
        tachycardias(*[(122, NOT)] * 9),  # too few
        tachycardias(*[(122, NOT)] * 6, *[(140, ACTED)] * 4),  # worth it often enough
        tachycardias(*[(122, NOT)] * 9, (121, ACTED)),  # the mildest was acted on
        [row("AL-HR-02", t_s=t, worst=142.0, limit=140.0, verdict=NOT) for t in range(12)],  # HIGH
        [row("TE-01-M", t_s=t, verdict=FALSE) for t in range(12)],  # no limit of a value
        [*tachycardias(*[(122, NOT)] * 9), row("AL-HR-03", t_s=99, worst=116.0, limit=115.0, verdict=NOT)],
        tachycardias(*[(122, Verdict.TEST)] * 12),
    ],
    ids=["few", "useful", "mild", "high", "technical", "two limits", "tests"],
)
def test_no_advice(rows) -> None:
    assert advise(rows) == ()


verdicts = st.sampled_from([NOT, ACTED, FALSE])


@given(st.lists(st.tuples(st.integers(121, 180), verdicts), min_size=10, max_size=30))
def test_no_alarm_that_was_acted_on_would_have_been_silent(cases) -> None:
    for advice in advise(tachycardias(*cases)):
        assert 120 < advice.suggested <= 160
        assert all(worst > advice.suggested for worst, verdict in cases if verdict is ACTED)
        assert advice.spared == sum(worst <= advice.suggested for worst, _ in cases) > 0
