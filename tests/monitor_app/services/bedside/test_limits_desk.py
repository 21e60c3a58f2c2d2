"""Limits live: the presets a session begins with, who changes what, from when on, and what a restart keeps (clinical.md §5.6)."""

from dataclasses import replace

import pytest

from devices.errors import ConfigError
from monitor_app.core.alarm.catalogue import default_limits
from monitor_app.core.alarm_commands import ApplyAutoLimits, ChooseIndication, SetLimit
from monitor_app.core.journal import (
    Baseline,
    BaselineEntry,
    InfusionEntry,
    LimitEntry,
    RefusalEntry,
    SystemEntry,
)
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.core.stamp import SYSTEM, Actor
from monitor_app.services.bedside.limits_desk import BROKEN_CODE, PRESETS_CODE
from monitor_app.services.presets import PresetShelf
from tests.monitor_app.services.bedside.bench import LEAD, NURSE, Bench, S, reading
from tests.monitor_app.services.bedside.limits_told import (
    CLINIC,
    HR_HIGH,
    INF,
    REC,
    TO_INFUSION,
    limit,
    make_bench,
)
from tests.monitor_app.services.bedside.restart import restarted


@pytest.fixture
def bench() -> Bench:
    return make_bench()


def hr(value: float, *, by: Actor = NURSE, reason: str = "", profile: AlarmProfile | None = None) -> SetLimit:
    return SetLimit(*HR_HIGH, value, by, reason, profile)


def freeze(bench: Bench, baseline: Baseline) -> None:
    bench.bedside.journal.write(BaselineEntry(bench.bedside.clock.stamp(), baseline, (), NURSE))


# What a session begins with.


def test_a_session_begins_with_the_whole_set_in_the_record(bench: Bench) -> None:
    assert bench.entries == []  # nothing is kept until a patient arrives
    bench.enter(Phase.CHECKIN)
    entries = bench.of(LimitEntry)
    assert len(entries) == len(default_limits().values) + 1
    assert {(e.by, e.reason) for e in entries} == {(SYSTEM, "Factory 2")}
    assert {(e.rule, e.parameter): e.value for e in entries}["WF-05", "recovery_min"] == 30
    assert bench.system(PRESETS_CODE)[0].fields["versions"] == "Factory 2"
    view = bench.state.alarm_system
    assert (view.versions, view.indication) == ("Factory 2", "")
    assert set(view.indications) == {"Depression", "Esketamine-120", "Pain", "Training"}


def test_the_clinics_own_preset_is_in_force_and_its_locks_hold(clinic: PresetShelf) -> None:
    bench = make_bench(clinic)
    assert bench.state.alarm_system.versions == "Factory 2 > Clinic 3"
    assert (limit(bench), limit(bench, profile=REC)) == (118, 112)
    wish = SetLimit("AL-BP-02", "systolic_mmhg", 150, NURSE)
    assert "locked" in bench.do(wish)[0]
    assert bench.do(replace(wish, by=LEAD)) == ()
    assert ("AL-BP-02", "systolic_mmhg") in bench.state.alarm_system.locked


def test_a_broken_clinic_preset_keeps_the_session_from_beginning(clinic: PresetShelf) -> None:
    assert clinic.folder is not None
    (clinic.folder / "presets" / "clinic.toml").write_text(CLINIC + "[AL-XX-01]\nx = 1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="AL-XX-01"):
        make_bench(clinic)


def test_a_session_that_was_cut_off_goes_on_where_a_preset_has_been_broken(clinic: PresetShelf) -> None:
    bench = make_bench(clinic)
    bench.enter(*TO_INFUSION)
    bench.do(SetLimit(*HR_HIGH, 130, NURSE, "runner"))
    assert clinic.folder is not None
    (clinic.folder / "presets" / "clinic.toml").write_text("[preset", encoding="utf-8")
    again = restarted(bench, shelf=clinic)
    assert limit(again) == 130
    (told,) = [e for e in again.of(SystemEntry) if e.code == BROKEN_CODE]
    assert "clinic.toml" in told.text
    assert "limits stay as they were recorded" in told.text


def test_nothing_of_the_last_patient_is_left(clinic: PresetShelf) -> None:
    first = make_bench(clinic)
    first.do(hr(130, reason="runner"))
    first.do(ChooseIndication("Pain", NURSE))
    assert limit(first) == 130
    second = make_bench(clinic)
    assert limit(second) == 118
    assert second.state.alarm_system.indication == ""


# One number.


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (hr(170, reason="runner"), "ask the clinical lead"),
        (hr(170, by=LEAD), "write down the reason"),
        (hr(145), "Tachycardia 145 /min must be no higher than Extreme tachycardia 140 /min."),
        (SetLimit("AL-XX-01", "limit", 1, NURSE), "has no limit"),
        (hr(125, by=Actor("Max", "auditor")), "looks on"),
        (ApplyAutoLimits(("HR high",), NURSE), "Freeze the baseline"),
        (ChooseIndication("Headache", NURSE), "There is no preset Headache"),
    ],
)
def test_what_may_not_be_is_refused_in_one_sentence(bench: Bench, command: SetLimit, words: str) -> None:
    bench.enter(Phase.CHECKIN)
    recorded = len(bench.of(LimitEntry))
    (reason,) = bench.do(command)
    assert words in reason
    assert [e.reasons for e in bench.of(RefusalEntry)] == [(reason,)]
    assert len(bench.of(LimitEntry)) == recorded
    assert limit(bench) == 120


def test_a_limit_holds_at_once_on_tile_engine_and_record(bench: Bench) -> None:
    bench.enter(*TO_INFUSION)
    bench.monitors["bench@port"][0].numbers |= {"HR": 115.0, "PR": 115.0}
    bench.run(10)
    assert "AL-HR-03" not in bench.standing()
    assert bench.do(hr(105, reason="anxious")) == ()
    assert bench.state.tile_limits["HR"][0] == ("105", "high")
    bench.run(4)
    assert "AL-HR-03" in bench.standing()
    last = bench.of(LimitEntry)[-1]
    assert (last.rule, last.parameter, last.value, last.by, last.reason) == (*HR_HIGH, 105, NURSE, "anxious")
    assert bench.do(SetLimit("AL-HR-03", "delay_s", 0, NURSE)) == ()
    assert bench.state.rule_delays["AL-HR-03"] == 0


def test_a_limit_of_one_phase_shows_in_that_phase(bench: Bench) -> None:
    bench.enter(*TO_INFUSION)
    bench.do(hr(110, profile=REC))
    assert bench.state.tile_limits["HR"][0] == ("120", "high")
    assert bench.of(LimitEntry)[-1].parameter == "rec.limit_per_min"
    bench.enter(Phase.REC)
    assert bench.state.tile_limits["HR"][0] == ("110", "high")


def test_in_all_phases_means_all(clinic: PresetShelf) -> None:
    bench = make_bench(clinic)
    bench.do(hr(115))
    assert [limit(bench, profile=p) for p in (AlarmProfile.PRE, INF, REC)] == [115, 115, 115]


def test_after_the_patient_has_left_nothing_is_changed(bench: Bench) -> None:
    bench.enter(*TO_INFUSION, Phase.REC, Phase.DCA, Phase.DONE)
    assert "has left" in bench.do(hr(115))[0]
    assert bench.state.tile_limits["HR"] == ()


# From the baseline.


def test_limits_from_the_baseline_are_shown_and_taken_as_confirmed(bench: Bench) -> None:
    bench.enter(Phase.CHECKIN, Phase.BASE)
    assert bench.state.alarm_system.proposals == ()
    freeze(bench, Baseline(124, 78, 72, 98, 14, 93))  # the example of clinical.md §5.6
    proposals = {p.label: p for p in bench.state.alarm_system.proposals}
    assert proposals["HR low"].value == 57.6
    assert bench.do(ApplyAutoLimits(("HR low", "SYS high", "DIA low"), NURSE)) == ()
    assert limit(bench, ("AL-HR-06", "limit_per_min")) == 57.6
    assert limit(bench, ("AL-BP-02", "systolic_mmhg")) == 144.6
    assert limit(bench, ("AL-BP-02", "diastolic_mmhg")) == 100  # not confirmed, so not taken
    changes = [(e.rule, e.value, e.reason) for e in bench.of(LimitEntry) if e.by == NURSE]
    assert changes == [("AL-HR-06", 57.6, "from the baseline"), ("AL-BP-02", 144.6, "from the baseline")]
    assert bench.do(ApplyAutoLimits(("DIA low",), NURSE)) == ("Choose at least one limit that has an alarm.",)
    assert "no limit SPO2" in bench.do(ApplyAutoLimits(("SPO2 low",), NURSE))[0]


def test_a_locked_limit_is_taken_from_the_baseline_by_the_lead_alone(clinic: PresetShelf) -> None:
    bench = make_bench(clinic)
    bench.enter(Phase.CHECKIN, Phase.BASE)
    freeze(bench, Baseline(124, 78, 72, 98, 14, 93))
    assert "locked SYS high" in bench.do(ApplyAutoLimits(("SYS high",), NURSE))[0]
    assert bench.do(ApplyAutoLimits(("SYS high",), LEAD)) == ()


def test_the_alarm_follows_the_limit_from_the_baseline(bench: Bench) -> None:
    bench.enter(Phase.CHECKIN, Phase.BASE)
    freeze(bench, Baseline(124, 78, 72, 98, 14, 93))
    bench.do(ApplyAutoLimits(("SYS high",), NURSE))
    bench.enter(Phase.READY, Phase.INF)
    bench.monitors["bench@port"][0].pressures = [reading(150, 90)] * 3
    bench.run(60)
    assert bench.announced("AL-BP-02")


# The indication.


def test_an_indication_sets_the_recovery_time_and_keeps_this_patients_limits(bench: Bench) -> None:
    bench.enter(Phase.CHECKIN)
    bench.do(hr(130, reason="runner"))
    assert bench.do(ChooseIndication("depression", NURSE)) == ()
    view = bench.state.alarm_system
    assert (view.indication, view.versions) == ("Depression", "Factory 2 > Depression 1")
    assert limit(bench) == 130
    assert bench.state.visit_facts.rules.recovery_min == 60
    last = bench.of(LimitEntry)[-1]
    assert (last.rule, last.parameter, last.value, last.by) == ("WF-05", "recovery_min", 60, NURSE)
    assert last.reason == "Factory 2 > Depression 1"
    assert bench.do(ChooseIndication("", NURSE)) == ()
    assert bench.state.visit_facts.rules.recovery_min == 30
    assert bench.state.alarm_system.versions == "Factory 2"


def test_the_recovery_time_of_the_indication_is_what_wf_05_waits_for(bench: Bench) -> None:
    bench.enter(Phase.CHECKIN)
    bench.do(ChooseIndication("Esketamine-120", NURSE))
    bench.enter(*TO_INFUSION[1:])
    for entry_id, action in (("e1", "started"), ("e2", "completed")):
        bench.bedside.journal.write(InfusionEntry(bench.bedside.clock.stamp(), entry_id, action, 60.0, NURSE))
    bench.enter(Phase.REC)
    assert bench.state.facts.recovery_minimum_t_ns == bench.bedside.clock.t_ns() + 120 * 60 * S


def test_it_is_chosen_before_the_infusion_only(bench: Bench) -> None:
    bench.enter(*TO_INFUSION)
    (reason,) = bench.do(ChooseIndication("Pain", NURSE))
    assert "before the infusion" in reason
    assert bench.state.alarm_system.indication == ""


def test_limits_of_this_patient_that_would_cross_refuse_an_indication(clinic: PresetShelf) -> None:
    assert clinic.folder is not None
    folder = clinic.folder / "presets" / "indication"
    folder.mkdir()
    text = '[preset]\nname = "Strict"\nlayer = "indication"\nversion = 1\n[AL-HR-02]\nlimit_per_min = 130\n'
    (folder / "strict.toml").write_text(text, encoding="utf-8")
    bench = make_bench(clinic)
    bench.enter(Phase.CHECKIN)
    bench.do(hr(138))
    (reason,) = bench.do(ChooseIndication("Strict", NURSE))
    assert "Tachycardia 138 /min must be no higher than Extreme tachycardia 130 /min" in reason
    assert bench.state.alarm_system.indication == ""
    bench.do(hr(125))
    assert bench.do(ChooseIndication("Strict", NURSE)) == ()
    assert limit(bench, ("AL-HR-02", "limit_per_min")) == 130


# After a restart.


def test_limits_and_indication_come_back_from_the_record(clinic: PresetShelf) -> None:
    bench = make_bench(clinic)
    bench.enter(Phase.CHECKIN, Phase.BASE)
    bench.do(ChooseIndication("Depression", NURSE))
    freeze(bench, Baseline(124, 78, 72, 98, 14, 93))
    bench.do(ApplyAutoLimits(("HR low", "HR high", "SYS low"), NURSE))
    bench.do(hr(108, profile=REC))
    before = bench.state.alarm_system
    again = restarted(bench, gap_s=20)  # stands on the factory preset: the record alone gives the numbers
    after = again.state.alarm_system
    assert after.limits == before.limits
    assert after.indication == "Depression"
    assert again.state.visit_facts.rules.recovery_min == 60
    assert len(again.of(LimitEntry)) == len(bench.of(LimitEntry))


def test_a_record_from_before_limits_were_recorded_gets_the_whole_set(bench: Bench) -> None:
    bench.enter(Phase.CHECKIN, Phase.BASE)
    bench.entries = [e for e in bench.entries if not isinstance(e, LimitEntry)]
    again = restarted(bench, gap_s=20)
    assert len(again.of(LimitEntry)) == len(default_limits().values) + 1
