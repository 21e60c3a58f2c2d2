"""People at the bedside: a small visit by commands, refusals, undo, alarms, sound, storage, restart."""

import numpy as np
import pytest

from devices.errors import DiskFullError
from monitor_app.core.commands import (
    Acknowledge,
    Advance,
    Answer,
    Command,
    Emergency,
    FreezeBaseline,
    PauseAudio,
    RecordCare,
    SelfTest,
    Sign,
    Undo,
)
from monitor_app.core.journal import (
    CareEntry,
    InfusionEntry,
    Order,
    PhaseEntry,
    RefusalEntry,
    SessionOpened,
    SignatureEntry,
    SoundEntry,
    VoidEntry,
)
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.state import fold
from monitor_app.services.bedside.publication import BedsideState, SoundBurst
from monitor_app.training.nurse import Seen, VirtualNurse
from tests.monitor_app.services.bedside.bench import NURSE, Bench, BenchMonitor, S, reading

ORDER = Order(0.5, 70.0, 1.0, 20.0, ordered_by="Dr. Kim Lind")


def play(bench: Bench, until: Phase, *, at_most_s: float = 6000) -> None:
    """Let the virtual nurse take the visit on; the pump runs as long as the order says."""
    nurse = VirtualNurse(ORDER)
    total_ml = ORDER.dose_mg_per_kg * ORDER.weight_kg / ORDER.concentration_mg_per_ml

    def act() -> None:
        state = bench.state
        started = next((e for e in state.visit.infusion if e.action == "started"), None)
        ran_s = 0.0 if started is None else state.stamp.t_s - started.stamp.t_s
        share = min(ran_s / (ORDER.duration_min * 60), 1.0)
        seen = Seen(
            state.stamp.t_ns,
            state.visit,
            state.visit_facts,
            state.conditions,
            pump_ml=total_ml * share,
            pump_running=0 < share < 1,
            pump_done=share >= 1,
        )
        for command in nurse.act(seen).commands:
            bench.do(command)

    for _ in range(int(at_most_s)):
        bench.run(1)
        act()
        if bench.bedside.visit.phase is until:
            return
    pytest.fail(f"stood still in {bench.bedside.visit.phase}: {bench.of(RefusalEntry)[-1:]}")


def test_a_small_visit_from_arrival_to_the_signed_record(bench: Bench, monitor: BenchMonitor) -> None:
    play(bench, Phase.SIGNED)
    steps = [e.to_phase for e in bench.of(PhaseEntry)]
    usual = [
        Phase.CHECKIN,
        Phase.BASE,
        Phase.READY,
        Phase.INF,
        Phase.REC,
        Phase.DCA,
        Phase.DONE,
        Phase.SIGNED,
    ]
    assert steps == usual
    assert [e.action for e in bench.of(InfusionEntry)] == ["started", "completed"]
    assert [s.by.role for s in bench.of(SignatureEntry)] == ["nurse", "prescriber"]
    # The record alone gives the same visit back.
    assert fold(bench.entries) == bench.bedside.visit
    assert isinstance(bench.entries[0], SessionOpened)
    stamps = [e.stamp.t_ns for e in bench.entries]
    assert stamps == sorted(stamps)
    ids = [e.entry_id for e in bench.of(CareEntry)]
    assert len(ids) == len(set(ids))


def test_nothing_is_kept_until_a_patient_arrives(bench: Bench, monitor: BenchMonitor) -> None:
    bench.run(30)
    assert bench.entries == []
    assert not bench.bedside.journal.keeping
    bench.enter(Phase.CHECKIN)
    assert isinstance(bench.entries[0], SessionOpened)
    assert bench.bedside.journal.keeping


def test_a_refusal_gives_its_reasons_is_recorded_once_and_shown(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(Phase.CHECKIN)
    reasons = bench.do(Advance(Phase.BASE, NURSE))
    assert len(reasons) > 5
    (entry,) = bench.of(RefusalEntry)
    assert entry.reasons == reasons
    assert entry.by == NURSE
    assert bench.bedside.visit.phase is Phase.CHECKIN
    line = bench.display.lines[-1]
    assert line.refused
    assert line.text.startswith("Not done: ")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (Advance(Phase.INF, NURSE), "no step from Check-in to Infusion"),
        (Acknowledge(NURSE), "no unacknowledged alarm"),
        (PauseAudio(NURSE, 500), "120"),
        (FreezeBaseline(NURSE), ""),
        (Answer("no_such_question", 1, NURSE), ""),
        (Undo("000099", NURSE), ""),
        (Sign(NURSE), ""),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    bench: Bench, monitor: BenchMonitor, command: object, words: str
) -> None:
    bench.enter(Phase.CHECKIN)
    reasons = bench.do(command)
    assert reasons
    assert words in " ".join(reasons)
    assert len(bench.of(RefusalEntry)) == 1
    assert all("\n" not in r and "Error" not in r for r in reasons)


def test_an_entry_is_taken_back_within_ten_seconds(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(Phase.CHECKIN, Phase.BASE)
    bench.do(RecordCare("note", "dizzy", NURSE))
    (care,) = bench.of(CareEntry)
    bench.run(5)
    assert bench.do(Undo(care.entry_id, NURSE)) == ()
    assert bench.of(VoidEntry)[0].entry_id == care.entry_id
    assert bench.bedside.visit.care == ()
    assert care in bench.entries  # struck through, not gone


def test_after_ten_seconds_a_reason_is_asked_for(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(Phase.CHECKIN, Phase.BASE)
    bench.do(RecordCare("note", "dizzy", NURSE))
    bench.run(11)
    (care,) = bench.of(CareEntry)
    assert bench.do(Undo(care.entry_id, NURSE))
    assert bench.do(Undo(care.entry_id, NURSE, "wrong chair")) == ()


def test_the_emergency_is_one_press_from_any_monitoring_phase(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(Phase.CHECKIN, Phase.BASE)
    assert bench.do(Emergency(NURSE)) == ()
    assert bench.bedside.visit.phase is Phase.EMERG
    assert bench.bedside.cuff.plan.interval_s == 150


def test_every_command_and_every_second_publishes_the_state(bench: Bench, monitor: BenchMonitor) -> None:
    def states() -> int:
        return sum(isinstance(p, BedsideState) for p in bench.published)

    assert states() == 1  # a monitor takes part: seen before the first whole second
    bench.run(10)
    assert states() == 11
    bench.do(Acknowledge(NURSE))
    assert states() == 12


class TestAlarms:
    def test_an_alarm_sounds_is_recorded_and_acknowledged(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        monitor.numbers |= {"HR": 130.0, "PR": 130.0}
        bench.run(6)
        assert bench.announced("AL-HR-03")
        assert bench.sounder.bursts[0].urgency == "MEDIUM"
        assert any(isinstance(p, SoundBurst) for p in bench.published)
        assert bench.do(Acknowledge(NURSE)) == ()
        assert bench.do(Acknowledge(NURSE)) == ("There is no unacknowledged alarm.",)

    def test_a_medium_alarm_nobody_acknowledges_gets_louder_and_quicker(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        monitor.numbers |= {"HR": 130.0, "PR": 130.0}
        bench.run(160, step_s=0.5)
        times = {
            loud: [b.t_ns / S for b in bench.sounder.bursts if b.louder is loud] for loud in (False, True)
        }
        announced = bench.announced("AL-HR-03")[0]
        assert min(times[True]) == pytest.approx(announced + 120, abs=1)  # clinical.md §5.4
        assert max(times[False]) < announced + 120
        assert np.diff(times[True]) == pytest.approx(10.9, abs=0.6)  # 10 s between bursts of 0.9 s
        bench.do(Acknowledge(NURSE))
        bench.run(130)
        assert not bench.sounder.bursts[-1].louder

    def test_a_paused_sound_is_recorded_and_broken_by_a_new_alarm(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        monitor.numbers |= {"HR": 130.0, "PR": 130.0}
        bench.run(6)
        bench.do(PauseAudio(NURSE))
        assert bench.state.sound.state == "paused"
        monitor.numbers["SPO2"] = 80.0
        bench.run(15)
        assert bench.state.sound.state == "normal"
        assert [e.state for e in bench.of(SoundEntry)] == ["paused", "normal"]

    def test_a_pause_ends_by_itself_after_two_minutes(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.do(PauseAudio(NURSE))
        bench.run(119)
        assert bench.state.sound.state == "paused"
        bench.run(2)
        assert bench.state.sound.state == "normal"


class TestTheProgramItself:
    def test_storage_trouble_is_an_alarm_until_it_is_over(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        text = str(DiskFullError("no room left on /data: free some space"))
        bench.bedside.storage_trouble(text)
        assert bench.announced("TE-12")
        assert not bench.state.can_record
        bench.bedside.storage_trouble(text)  # told again: nothing new
        bench.bedside.storage_trouble("")
        bench.run(1)
        assert "TE-12" not in bench.standing()
        assert bench.state.can_record
        assert [e.text for e in bench.system("STORAGE_ERROR")] == [text]
        assert len(bench.system("STORAGE_OK")) == 1

    def test_a_sound_that_is_missing_is_an_alarm_after_two_seconds(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(2)
        bench.sounder.trouble = "no loudspeaker"
        bench.run(4)
        assert bench.announced("TE-14") == [pytest.approx(5, abs=0.5)]
        assert bench.state.sound.state == "missing"
        bench.sounder.trouble = ""
        bench.run(1)
        assert "TE-14" not in bench.standing()
        assert [e.code for e in bench.system("SOUND_LOST") + bench.system("SOUND_OK")] == [
            "SOUND_LOST",
            "SOUND_OK",
        ]

    @pytest.mark.parametrize("how", [Acknowledge(NURSE), SelfTest("passed", NURSE)])
    def test_a_sound_that_moved_is_an_alarm_until_somebody_knows(
        self, bench: Bench, monitor: BenchMonitor, how: Command
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(2)
        bench.sounder.moved = "moved from Speaker to Headphones"
        bench.run(4)
        assert bench.announced("TE-14")
        assert bench.state.sound.state == "moved"
        (condition,) = [c for c in bench.bedside.alarms.conditions if c.rule.id == "TE-14"]
        assert condition.text == "Alarm sound: moved from Speaker to Headphones"
        assert bench.do(how) == ()
        bench.run(2)
        assert "TE-14" not in bench.standing()
        assert bench.state.sound.state == "normal"

    def test_losses_are_recorded_and_shown(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.bedside.watch.losses(0)
        assert bench.state.overload == ""
        bench.bedside.watch.losses(40)
        bench.bedside.watch.losses(60)
        assert [e.fields["lost"] for e in bench.system("OVERLOAD")] == [40]
        assert "60 signals" in bench.state.overload
        bench.run(11)
        bench.bedside.watch.losses(60)
        assert [e.fields["lost"] for e in bench.system("OVERLOAD")] == [40, 20]
        bench.run(60)
        assert bench.state.overload == ""

    def test_recording_without_a_window_says_that_nothing_was_asked(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.bedside.start_recording()
        (step,) = bench.of(PhaseEntry)
        assert step.to_phase is Phase.BASE
        assert "nothing was asked" in step.reason
        bench.run(400)
        assert monitor.asked == []  # only --nibp-every arms the cuff
        bench.bedside.arm_cuff(5, Actor("op", "system"))
        bench.run(2)
        assert [c.value for c in monitor.asked] == ["nibp_start"]


def test_a_phase_that_is_not_left_keeps_its_high_alarm_latched(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(Phase.CHECKIN, Phase.BASE)
    monitor.pressures = [reading(190, 112), reading(130, 80)]
    bench.run(200)
    assert "AL-BP-01" in bench.standing()
    assert bench.state.visit_facts.unacknowledged_high
