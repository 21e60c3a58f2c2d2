"""The view of the limits panel against the tables of clinical.md §6, and what it says of changes, phases and states."""

from dataclasses import replace

import pytest

from monitor_app.core.alarm import limit_names as names
from monitor_app.core.alarm.catalogue import RULES, default_limits
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.alarm.system_state import StateLine
from monitor_app.core.alarm.tile_limits import tile_limits
from monitor_app.core.journal import Baseline, LimitEntry
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.services.bedside.publication import AlarmSystemView
from monitor_app.services.limit_log import LimitLog
from monitor_app.services.limits_view import LimitsView, RuleView
from monitor_app.services.view import limit_words as words
from monitor_app.services.view.limits import GROUPS, Known, view_of

NURSE = Actor("Kim Lee", "nurse")
SYSTEM_VIEW = AlarmSystemView(limits=default_limits(), versions="Factory 2")


def shown(
    phase: Phase = Phase.INF, *, limits: Limits | None = None, log: LimitLog | None = None, **system: object
) -> LimitsView:
    made = replace(SYSTEM_VIEW, limits=limits or default_limits(), **system)
    return view_of(made, Known(phase, log or LimitLog(), {"AL-HR-03": 8.0}))


def rule(view: LimitsView, name: str) -> RuleView:
    return view.rules[name]


def test_every_rule_stands_in_one_group() -> None:
    grouped = [r.id for _, _, rules in GROUPS for r in rules]
    assert sorted(grouped) == sorted(r.id for r in RULES)
    assert [g.title for g in shown().groups[:4]] == ["Heart rate", "Blood pressure", "SpO₂", "Respiration"]


@pytest.mark.parametrize(
    ("tile", "first"),
    [
        ("HR", ["AL-HR-03", "AL-HR-06", "AL-HR-01", "AL-HR-02"]),
        ("NIBP", ["AL-BP-02", "AL-BP-08", "AL-BP-01"]),
        ("SPO2", ["AL-SP-02", "AL-SP-01", "AL-SP-03"]),
        ("RR", ["AL-RR-04", "AL-RR-03"]),
    ],
)
def test_the_rules_whose_limits_the_tile_writes_come_first(tile: str, first: list[str]) -> None:
    group = next(g for g in shown().groups if g.tile == tile)
    assert [r.rule for r in group.rules][: len(first)] == first
    assert len({r.rule for r in group.rules}) == len(group.rules)
    heads = [r.head.replace("↑", "").replace("↓", "") for r in group.rules]
    for place, (figure, _word) in enumerate(tile_limits(default_limits(), AlarmProfile.INF)[tile]):
        assert figure.split("/")[0] in heads[place]


@pytest.mark.parametrize(
    ("name", "head", "detail"),
    [  # clinical.md §6.1-§6.4: default, range, delay
        ("AL-HR-01", "No beat for 4 s", "limit can be set 3–10"),
        ("AL-HR-02", "↑140 /min", "limit can be set 130–200 · after 5 s"),
        ("AL-HR-03", "↑120 /min", "limit can be set 100–160 · after 3 s, at worst 8 s"),
        ("AL-HR-05", "Above baseline by 30 /min", "limit can be set 15–60 · after 60 s"),
        ("AL-HR-06", "↓50 /min", "limit can be set 35–60 · after 3 s"),
        ("AL-BP-01", "SYS ↑180 · DIA ↑110 mmHg", "limit can be set 160–200 · 100–120"),
        ("AL-BP-04", "↑120 % of baseline", "limit can be set 110–150"),
        ("AL-BP-06", "From 3 readings", "limit can be set 2–6"),
        ("AL-BP-08", "SYS ↓90 · MAP ↓60 mmHg", "limit can be set 70–110 · 50–75"),
        ("AL-BP-12", "Further from baseline than 20 %", "limit can be set 10–30"),
        ("AL-SP-02", "↓90 %", "limit can be set 85–94 · after 15 s"),
        ("AL-SP-03", "↓94 · Below baseline by 4 %", "limit can be set 90–96 · 2–6 · after 30 s"),
        ("AL-RR-04", "↑30 /min", "limit can be set 22–40 · after 30 s"),
        ("TE-01-M", "after 3 s", "delay can be set 0–10"),
        ("AL-SD-01", "", "has no number, comes at once"),
        ("TE-16-H", "Stalled for 5 s", "these numbers are fixed"),
    ],
)
def test_a_rule_says_its_limit_its_range_and_its_delay(name: str, head: str, detail: str) -> None:
    found = rule(shown(), name)
    assert (found.head, found.detail) == (head, detail)


def test_no_number_is_without_words_and_no_unit_without_a_reader() -> None:
    for each in RULES:
        for parameter in each.parameters:
            assert parameter.key in names.NAMES, f"{each.id} {parameter.key}"
            assert "mm[Hg]" not in names.number(parameter, parameter.default)
            fine, coarse = words.steps(parameter)
            assert 0 < fine <= coarse


def test_a_switch_is_on_or_off() -> None:
    rising = rule(shown(), "AL-BP-07")
    assert (rising.head, rising.numbers[0].text, rising.numbers[0].allowed) == ("on", "on", "on or off")
    off = shown(limits=default_limits().replaced("AL-BP-07", "on", 0))
    assert rule(off, "AL-BP-07").head == "off in this preset"


def test_the_signs_say_what_their_tiles_say() -> None:
    summaries = [group.summary for group in shown().groups[:4]]
    assert summaries == ["120 high · 50 low", "160/100 high · 90 low", "90 low", "30 high · 10 low"]
    assert shown(Phase.BASE).groups[3].summary == "from the infusion on"


@pytest.mark.parametrize(
    ("phase", "name", "live", "when"),
    [
        (Phase.INF, "AL-HR-03", True, "in baseline, infusion, recovery only"),
        (Phase.BASE, "AL-HR-05", False, "in infusion, recovery only"),
        (Phase.REC, "AL-HR-08", True, "in recovery only"),
        (Phase.INF, "WF-09", False, "at check-in only"),
        (Phase.CHECKIN, "TE-12", True, "in baseline, infusion, recovery only"),
        (Phase.CHECKIN, "AL-HR-03", False, "in baseline, infusion, recovery only"),
    ],
)
def test_a_rule_says_in_which_phases_it_is_live(phase: Phase, name: str, live: bool, when: str) -> None:
    found = rule(shown(phase), name)
    assert (found.live, found.when) == (live, when)


def test_the_number_shown_is_that_of_the_phase() -> None:
    limits = default_limits().replaced("AL-HR-03", "limit_per_min", 115, AlarmProfile.REC)
    in_infusion = rule(shown(Phase.PAUSE, limits=limits), "AL-HR-03").numbers[0]
    in_recovery = rule(shown(Phase.DCA, limits=limits), "AL-HR-03").numbers[0]
    assert (in_infusion.value, in_infusion.own, in_infusion.others) == (120, False, "Recovery 115")
    assert (in_recovery.value, in_recovery.own, in_recovery.others) == (115, True, "")


def test_a_phase_that_names_the_same_number_is_not_another_one() -> None:
    limits = default_limits().replaced("AL-HR-03", "limit_per_min", 120, AlarmProfile.REC)
    assert rule(shown(limits=limits), "AL-HR-03").numbers[0].same_everywhere


@pytest.fixture
def changed() -> LimitLog:
    log = LimitLog()
    for value, t_ns, reason in ((120, 0, "Factory 2"), (130, 60, "athlete")):
        log.take(
            LimitEntry(Stamp(t_ns, 1_767_600_000_000), "AL-HR-03", "limit_per_min", value, NURSE, reason)
        )
    return log


def test_who_changed_it_when_and_why(changed: LimitLog) -> None:
    limits = default_limits().replaced("AL-HR-03", "limit_per_min", 130)
    view = shown(limits=limits, log=changed)
    said = rule(view, "AL-HR-03").changed
    assert said.startswith("Changed ")
    assert said.endswith(" by Kim Lee, was 120: athlete")
    assert view.changes == 1
    assert rule(view, "AL-HR-06").changed == ""


def test_a_phase_with_its_own_number_was_not_changed_by_that(changed: LimitLog) -> None:
    limits = default_limits().replaced("AL-HR-03", "limit_per_min", 130)
    limits = limits.replaced("AL-HR-03", "limit_per_min", 115, AlarmProfile.REC)
    assert rule(shown(Phase.REC, limits=limits, log=changed), "AL-HR-03").changed == ""


def test_a_rule_that_is_off_says_why() -> None:
    lines = (StateLine("ALARM OFF", "AL-HR-04 off: prescriber told"), StateLine("AUDIO OFF", "Sound off"))
    view = shown(rules_off=("AL-HR-04", "AL-HR-05"), lines=lines)
    assert rule(view, "AL-HR-04").off == "prescriber told"
    assert rule(view, "AL-HR-05").off == "no reason given"
    assert rule(view, "AL-HR-03").off == ""
    assert view.groups[0].off == 2


@pytest.mark.parametrize("phase", Phase)
def test_an_indication_can_be_chosen_before_the_infusion_only(phase: Phase) -> None:
    before = phase in {Phase.SCHED, Phase.CHECKIN, Phase.BASE, Phase.READY}
    assert (shown(phase).too_late == "") == before


def test_what_is_locked_and_what_the_baseline_was() -> None:
    view = shown(locked=frozenset({("AL-BP-01", "systolic_mmhg")}))
    assert [n.locked for n in rule(view, "AL-BP-01").numbers[:2]] == [True, False]
    known = Known(Phase.INF, baseline=Baseline(124, 78, 72, 98, None))
    assert view_of(SYSTEM_VIEW, known).baseline_text == "Baseline 124/78, HR 72"


def test_without_limits_there_is_nothing_to_show() -> None:
    view = view_of(AlarmSystemView(), Known(Phase.INF))
    assert (view.limits, view.groups, view.rules) == (None, (), {})
