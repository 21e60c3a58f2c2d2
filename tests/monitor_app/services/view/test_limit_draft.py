"""A limit about to be set: what it changes, when it is refused and in which words, who must set it."""

from dataclasses import replace

import pytest

from monitor_app.core.alarm.auto_limits import auto_limits
from monitor_app.core.alarm.catalogue import default_limits
from monitor_app.core.alarm.limit_change import LimitChange
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.journal import Baseline
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.core.stamp import Actor
from monitor_app.services.bedside.publication import AlarmSystemView
from monitor_app.services.limits_view import LimitsView
from monitor_app.services.view.limit_draft import LimitDraft, note
from monitor_app.services.view.limit_refusal import OVER, auto_refused
from monitor_app.services.view.limits import Known, view_of

NURSE, LEAD = Actor("Kim Lee", "nurse"), Actor("Ana Ruiz", "clinical lead")
REC = AlarmProfile.REC


def view_in(phase: Phase = Phase.INF, limits: Limits | None = None, **system: object) -> LimitsView:
    made = replace(AlarmSystemView(limits=limits or default_limits()), **system)
    return view_of(made, Known(phase))


def draft(
    value: float,
    rule: str = "AL-HR-03",
    *,
    key: str = "limit_per_min",
    view: LimitsView | None = None,
    all_phases: bool = True,
) -> LimitDraft:
    known = view or view_in()
    found = known.rules[rule]
    number = next(n for n in found.numbers if n.parameter.key == key)
    return LimitDraft(known, found, number, value, all_phases)


def test_nothing_changed_is_not_refused_and_tells_the_range() -> None:
    same = draft(120)
    assert not same.changed
    assert same.refused(NURSE, "") == ""
    assert same.words == "Limit can be set 100–160 /min."


@pytest.mark.parametrize(
    ("all_phases", "profile", "words"),
    [
        (True, None, "120 /min → 130 /min in all phases."),
        (False, AlarmProfile.INF, "120 /min → 130 /min in infusion only."),
    ],
)
def test_it_is_for_all_phases_or_for_this_one(
    all_phases: bool, profile: AlarmProfile | None, words: str
) -> None:
    made = draft(130, all_phases=all_phases)
    assert made.change == LimitChange("AL-HR-03", "limit_per_min", 130, profile)
    assert made.words == f"{words} It alarms later or less often. Limit can be set 100–160 /min."
    assert made.refused(NURSE, "") == ""


def test_for_all_phases_reaches_a_phase_with_a_number_of_its_own() -> None:
    limits = default_limits().replaced("AL-HR-03", "limit_per_min", 115, REC)
    made = draft(110, view=view_in(limits=limits))
    assert made.change.profile is None
    assert "in all phases, also where it was Recovery 115." in made.words
    assert "later" not in made.words
    assert draft(120, view=view_in(limits=limits)).changed  # recovery would be another
    assert not draft(120, view=view_in(limits=limits), all_phases=False).changed


@pytest.mark.parametrize(
    ("value", "nurse", "lead", "lead_with_reason"),
    [
        (139, "", "", ""),
        (141, "no higher than Extreme tachycardia 140 /min", "no higher than", "no higher than"),
        (99, "ask the clinical lead", "write down the reason", ""),
        (301, "cannot be", "cannot be", "cannot be"),
    ],
)
def test_refusals_are_one_sentence_in_words(
    value: float, nurse: str, lead: str, lead_with_reason: str
) -> None:
    made = draft(value)
    for said, expected in (
        (made.refused(NURSE, ""), nurse),
        (made.refused(LEAD, ""), lead),
        (made.refused(LEAD, "athlete"), lead_with_reason),
    ):
        assert expected in said
        assert bool(said) == bool(expected)
        assert not said or said.endswith(".")
        assert "limit_per_min" not in said


@pytest.mark.parametrize(
    ("value", "lead", "reason"),
    [(130, False, False), (99, True, False), (141, False, False), (301, False, False)],
)
def test_the_lead_is_asked_for_only_where_the_lead_could(value: float, lead: bool, reason: bool) -> None:
    made = draft(value)
    assert made.needs_lead(NURSE) is lead
    assert made.needs_reason(NURSE) is reason
    assert not made.needs_lead(LEAD)
    assert made.needs_reason(LEAD) is lead


def test_what_the_clinic_locked_is_the_leads() -> None:
    view = view_in(locked=frozenset({("AL-HR-03", "limit_per_min")}))
    made = draft(110, view=view)
    assert "locked" in made.refused(NURSE, "")
    assert made.needs_lead(NURSE)
    assert made.refused(LEAD, "") == ""
    assert "Locked by the clinic." in note(view.rules["AL-HR-03"], made.number)


def test_pressures_are_said_in_mmhg() -> None:
    said = draft(139, "AL-BP-02", key="systolic_mmhg").refused(NURSE, "")
    assert said == (
        "Systolic above 139 mmHg is tighter than the 140 mmHg a nurse may set; ask the clinical lead."
    )


def test_after_the_visit_nothing_is_set() -> None:
    assert draft(130, view=view_in(Phase.DONE)).refused(LEAD, "x") == OVER


class TestFromBaseline:
    """Proposals of the document's example (clinical.md §5.6)."""

    PROPOSALS = auto_limits(Baseline(124, 78, 72, 98, 14, 93), default_limits())

    def test_the_examples_proposals_go_together(self) -> None:
        assert auto_refused(view_in(), self.PROPOSALS, by=NURSE) == ""

    def test_one_locked_is_named(self) -> None:
        view = view_in(locked=frozenset({("AL-BP-02", "systolic_mmhg")}))
        assert auto_refused(view, self.PROPOSALS, by=NURSE).startswith("The clinic has locked SYS high")
        assert auto_refused(view, self.PROPOSALS, by=LEAD) == ""

    def test_those_that_cross_are_named(self) -> None:
        high = [p for p in self.PROPOSALS if p.label == "HR high"]
        limits = default_limits().replaced("AL-HR-06", "limit_per_min", 60)
        crossing_low = [replace(high[0], value=62.0)]
        said = auto_refused(view_in(limits=limits), crossing_low, by=NURSE)
        assert said == "Bradycardia 60 /min must be at least 5 below Tachycardia 62 /min."
