"""An alarm's words: the worst value with its limit in front, then how it stands now (clinical.md §5.2, §5.4)."""

import pytest

from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.engine import Condition
from monitor_app.core.alarm.state import AlarmState
from monitor_app.services.view.alarm_words import arrow_now, headline, name_of, value_now

BY_ID = {rule.id: rule for rule in RULES}
ACTIVE, ACK, LATCHED = AlarmState.ACTIVE, AlarmState.ACTIVE_ACK, AlarmState.LATCHED


def condition(rule: str, worst: str, now: str, state: AlarmState = ACTIVE, **other: object) -> Condition:
    known: dict[str, object] = {
        "occurrence_id": "a1",
        "rule": BY_ID[rule],
        "state": state,
        "since_t_ns": 0,
        "announced_t_ns": 0,
        "acknowledged": state is ACK,
        "value": 1.0,
        "limit": 1.0,
        "worst_value": 1.0,
        "text": now,
        "worst_text": worst,
        "suppressed_by": "",
        "note": "",
    }
    return Condition(**{**known, **other})


@pytest.mark.parametrize(
    ("rule", "worst", "now", "clearing", "words"),
    [
        ("AL-SP-02", "SpO2 ↓86 < 90", "SpO2 ↓86 < 90", False, ("SpO₂ ↓86 < 90", "", "↓")),
        ("AL-SP-02", "SpO2 ↓86 < 90", "SpO2 ↓88 < 90", False, ("SpO₂ ↓86 < 90", "now 88", "↓")),
        ("AL-SP-02", "SpO2 ↓86 < 90", "SpO2 ↓90 (limit 90)", False, ("SpO₂ ↓86 < 90 · now 90", "", "")),
        ("AL-SP-02", "SpO2 ↓86 < 90", "SpO2 97", True, ("SpO₂ ↓86 < 90 · now 97, clearing", "", "")),
        ("AL-BP-02", "DIA ↑104 > 100", "SYS ↑166 > 160", False, ("DIA ↑104 > 100", "now SYS 166", "↑")),
        ("AL-BP-02", "DIA ↑104 > 100", "SYS ↑158 (limit 160)", False, ("DIA ↑104 > 100 · now SYS 158", "", "")),
        ("AL-BP-04", "SYS ↑156, 120 % of 130", "SYS ↑158, 122 % of 130", False,
         ("SYS ↑156, 120 % of 130", "now 158", "↑")),
        ("AL-HR-01", "No beat for 14 s", "Beats are back", True, ("No beat for 14 s · now beats are back, clearing", "", "")),
        ("AL-HR-01", "No beat for 13 s", "No beat for 14 s", False, ("No beat for 14 s", "", "")),
        ("AL-HR-02", "HR above 130 for 8 beats", "HR ↑135 > 130", False, ("HR ↑135 > 130", "", "↑")),
        ("AL-HR-02", "HR above 130 for 8 beats", "HR 95", True, ("HR above 130 for 8 beats · now HR 95, clearing", "", "")),
        ("TE-01-L", "ECG lead off: LA", "ECG lead off: LA, RA", False, ("ECG lead off: LA, RA", "", "")),
        ("TE-09-M", "No data for 20 s", "No data for 26 s", False, ("Monitor silent", "", "")),
    ],
)  # fmt: skip
def test_what_stands_where(rule: str, worst: str, now: str, clearing: bool, words: tuple[str, ...]) -> None:
    for state in (ACTIVE, ACK):
        it = condition(rule, worst, now, state, clearing=clearing)
        assert (headline(it), value_now(it), arrow_now(it)) == words


@pytest.mark.parametrize(
    ("worst", "words"),
    [
        ("SpO2 ↓79 < 85", "OVER · SpO₂ was ↓79 < 85"),
        ("SYS ↑182 ≥ 162, +60 from 122", "OVER · SYS was ↑182 ≥ 162, +60 from 122"),
        ("No beat for 14 s", "OVER · No beat for 14 s"),
    ],
)
def test_a_latched_one_says_that_it_is_over(worst: str, words: str) -> None:
    latched = condition("AL-SP-01", worst, worst, LATCHED)
    assert (headline(latched), value_now(latched), arrow_now(latched)) == (words, "", "")
    assert "OVER" not in name_of(latched)


def test_one_that_came_back_behind_its_latch_is_not_over() -> None:
    back = condition("AL-SP-01", "SpO2 ↓79 < 85", "SpO2 ↓79 < 85", LATCHED, returned=True)
    assert (headline(back), arrow_now(back)) == ("SpO₂ ↓79 < 85", "↓")


def test_the_call_for_help_stands_before_what_may_give_way() -> None:
    it = condition("AL-SP-01", "SpO2 ↓79 < 85", "SpO2 97", clearing=True)
    assert headline(it, call_help=True) == "SpO₂ ↓79 < 85 · CALL HELP · now 97, clearing"
    assert name_of(it) == "SpO₂ ↓79 < 85"


def test_without_words_the_rules_title_stands() -> None:
    assert headline(condition("AL-SP-02", "", "")) == "SpO₂ low"
