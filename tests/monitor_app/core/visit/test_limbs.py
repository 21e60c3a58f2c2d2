"""Where cuff, probe and IV are: what is known, what is amiss, and what check-in asks (clinical.md §8.5, §16.3)."""

from dataclasses import replace

import pytest

from monitor_app.core.commands import Advance, RecordCare, Undo
from monitor_app.core.journal import CareEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.guards import guards_for
from monitor_app.core.visit.limbs import KIND, Limbs, limbs_now

NURSE = Actor("Nina", "nurse")


def say(chair, **places: str) -> CareEntry:
    (entry,) = chair.accepted(RecordCare(KIND, "", NURSE, places))
    return entry


def limbs_guard(chair):
    return next((g for g in guards_for(chair.visit, Phase.BASE, chair.facts) if g.key == KIND), None)


@pytest.mark.parametrize(
    ("cuff", "probe", "held"),
    [
        ("left arm", "left hand", True),
        ("right arm", "right hand", True),
        ("left leg", "left foot", True),
        ("right leg", "right foot", True),
        ("left arm", "right hand", False),
        ("left arm", "left foot", False),
        ("left leg", "left hand", False),
        ("left arm", "ear", False),
        ("", "left hand", False),
        ("left arm", "", False),
        ("", "", False),
    ],
)
def test_the_probe_is_held_only_behind_the_cuff(cuff: str, probe: str, held: bool) -> None:
    limbs = Limbs(cuff, probe)
    assert limbs.probe_behind_cuff is held
    assert any("SpO2 alarms are held" in words for words in limbs.warnings) is held


@pytest.mark.parametrize(
    ("cuff", "iv", "warned"),
    [("left arm", "left arm", True), ("left arm", "right arm", False), ("left arm", "elsewhere", False),
     ("left arm", "", False), ("", "left arm", False), ("", "", False)],
)  # fmt: skip
def test_a_cuff_on_the_iv_arm_is_warned_of(cuff: str, iv: str, warned: bool) -> None:
    limbs = Limbs(cuff, iv=iv)
    assert limbs.cuff_on_iv is warned
    assert any("IV arm" in words for words in limbs.warnings) is warned


def test_it_reads_as_one_line() -> None:
    assert Limbs("left arm", "right hand", "right arm").text == (
        "Cuff left arm, SpO2 probe right hand, IV right arm"
    )
    assert Limbs(probe="ear").text == "SpO2 probe ear"
    assert Limbs().text == ""


class TestRecording:
    def test_each_entry_may_say_only_what_moved(self, chair) -> None:
        chair.go(Phase.CHECKIN)
        say(chair, cuff="left arm", probe="right hand")
        say(chair, cuff="right arm")
        assert limbs_now(chair.visit.care) == Limbs("right arm", "right hand")

    def test_taking_it_back_leaves_what_was_said_before(self, chair) -> None:
        chair.go(Phase.CHECKIN)
        say(chair, cuff="left arm")
        wrong = say(chair, cuff="right arm")
        chair.accepted(Undo(wrong.entry_id, NURSE))
        assert limbs_now(chair.visit.care).cuff == "left arm"

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({}, "Say where"),
            ({"cuff": ""}, "Say where"),
            ({"cuff": "tail"}, "left arm, right arm"),
            ({"probe": "left arm"}, "left hand, right hand"),
            ({"cuff": "left arm", "probe": 3}, "left hand"),
        ],
    )
    def test_what_is_no_place_is_refused_in_words(self, chair, fields, words: str) -> None:
        chair.go(Phase.CHECKIN)
        reasons = chair.refused(RecordCare(KIND, "where they are", NURSE, fields))
        assert any(words in reason for reason in reasons), reasons


class TestCheckIn:
    def test_without_a_cuff_nothing_is_asked(self, chair) -> None:
        chair.go(Phase.CHECKIN)
        assert limbs_guard(chair) is None

    def test_with_a_cuff_the_baseline_waits_for_it(self, chair) -> None:
        chair.outside = replace(chair.outside, cuff_fitted=True, probe_fitted=True)
        chair.go(Phase.CHECKIN)
        assert limbs_guard(chair).text == "On which limb are the cuff and the SpO2 probe?"
        chair.prepare(Phase.BASE)
        (reason,) = chair.refused(Advance(Phase.BASE, NURSE))
        assert "cuff" in reason
        say(chair, cuff="left arm")
        assert limbs_guard(chair).text == "On which limb is the SpO2 probe?"
        say(chair, probe="right hand")
        guard = limbs_guard(chair)
        assert (guard.met, guard.amber) == (True, False)
        chair.go(Phase.BASE)

    def test_a_cuff_without_an_oximeter_asks_for_the_cuff_alone(self, chair) -> None:
        chair.outside = replace(chair.outside, cuff_fitted=True)
        chair.go(Phase.CHECKIN)
        say(chair, cuff="left leg")
        assert limbs_guard(chair).met

    def test_both_on_one_limb_passes_with_a_warning(self, chair) -> None:
        chair.outside = replace(chair.outside, cuff_fitted=True, probe_fitted=True)
        chair.go(Phase.CHECKIN)
        say(chair, cuff="left arm", probe="left hand")
        guard = limbs_guard(chair)
        assert (guard.met, guard.amber) == (True, True)
        assert "held while it inflates" in guard.text
