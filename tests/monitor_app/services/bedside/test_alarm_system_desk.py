"""States of the alarm system live: who may, what is held, how it ends, and what the record says (clinical.md §5.5)."""

import pytest

from monitor_app.core.alarm_commands import (
    AlarmCommand,
    ExtendSensorsOff,
    PauseAlarms,
    PutSensorsOn,
    SwitchRule,
    SwitchSound,
    TakeSensorsOff,
)
from monitor_app.core.commands import Emergency, PauseAudio
from monitor_app.core.journal import RefusalEntry, SoundEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from tests.monitor_app.services.bedside.alarm_states import TO_RECOVERY, lines, sensors_off, states
from tests.monitor_app.services.bedside.bench import LEAD, NURSE, Bench, BenchMonitor, S

AUDITOR = Actor("Max", "auditor")


# Refusals.


@pytest.mark.parametrize(
    ("phases", "command", "words"),
    [
        (TO_RECOVERY, PauseAlarms(NURSE), "Check-in and Baseline only"),
        (TO_RECOVERY[:2], PauseAlarms(NURSE, 181), "30 to 180 s"),
        (TO_RECOVERY[:2], PauseAlarms(NURSE, 0), "not paused"),
        (TO_RECOVERY[:2], PauseAlarms(AUDITOR), "looks on"),
        (TO_RECOVERY[:4], SwitchRule("AL-SP-01", False, NURSE, "known"), "cannot be switched off"),
        (TO_RECOVERY, SwitchRule("AL-SP-01", False, LEAD, "known"), "cannot be switched off"),
        (TO_RECOVERY, SwitchRule("AL-HR-03", False, NURSE), "Say why"),
        (TO_RECOVERY, SwitchRule("AL-XX-99", False, NURSE, "known"), "no alarm rule AL-XX-99"),
        (TO_RECOVERY, SwitchRule("AL-HR-03", True, NURSE), "on already"),
        ((), SwitchRule("AL-HR-03", False, NURSE, "known"), "No patient"),
        (TO_RECOVERY[:4], TakeSensorsOff(NURSE, "Sam", "toilet"), "never in the infusion"),
        (TO_RECOVERY, TakeSensorsOff(NURSE, "Sam", "toilet"), "MOAA/S 4 or 5"),
        (TO_RECOVERY, ExtendSensorsOff(NURSE), "not recorded as off"),
        (TO_RECOVERY, PutSensorsOn(NURSE), "not recorded as off"),
        (TO_RECOVERY, SwitchSound(False, NURSE), "Only the clinical lead"),
        ((*TO_RECOVERY, Phase.EMERG), SwitchSound(False, LEAD), "emergency"),
        ((*TO_RECOVERY, Phase.EMERG), SwitchRule("AL-HR-03", False, LEAD, "known"), "emergency"),
        (TO_RECOVERY, SwitchSound(True, LEAD), "on already"),
    ],
)
def test_what_may_not_be_is_refused_in_one_sentence_and_recorded(
    bench: Bench, monitor: BenchMonitor, phases: tuple[Phase, ...], command: AlarmCommand, words: str
) -> None:
    bench.enter(*phases)
    before = bench.bedside.controls.system.state
    (reason,) = bench.do(command)
    assert words in reason
    if phases:  # before a patient is there nothing is kept
        (entry,) = bench.of(RefusalEntry)
        assert (entry.action, entry.reasons, entry.by) == (type(command).__name__, (reason,), command.by)
    assert bench.bedside.controls.system.state.off == before.off
    assert bench.of(SoundEntry) == []


# Alarm pause.


def test_paused_alarms_are_not_announced_then_they_are(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(Phase.CHECKIN, Phase.BASE)
    assert bench.do(PauseAlarms(NURSE)) == ()
    monitor.numbers |= {"HR": 150.0, "PR": 150.0}
    bench.run(119)
    assert bench.standing() == set()
    assert bench.sounder.bursts == []
    assert lines(bench) == {"ALARM PAUSED": 1.0}
    bench.run(7)
    assert "AL-HR-02" in bench.standing()
    assert lines(bench) == {}
    assert states(bench) == [
        ("alarms paused", NURSE.name, "by hand"),
        ("alarms on", "Chairside", "the time is over"),
    ]
    assert bench.of(SoundEntry)[0].until_t_ns == 120 * S
    assert bench.of(SoundEntry)[1].stamp.t_ns == 120 * S  # at its own instant, not at the next second


def test_an_alarm_pause_ends_by_hand_and_with_the_phase(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(Phase.CHECKIN)
    bench.do(PauseAlarms(NURSE, 60))
    bench.do(PauseAlarms(NURSE, 0))
    assert lines(bench) == {}
    bench.do(PauseAlarms(NURSE, 60))
    bench.enter(Phase.BASE)
    bench.run(1)
    assert "ALARM PAUSED" in lines(bench)
    bench.enter(Phase.READY)
    bench.run(1)
    assert lines(bench) == {}
    assert states(bench)[-1] == ("alarms on", "Chairside", "the phase ended")


# A new condition during a pause of the sound is drawn and logged.


@pytest.mark.parametrize("command", [PauseAudio(LEAD), SwitchSound(False, LEAD)])
def test_a_new_condition_while_the_sound_is_paused_or_off_is_drawn_and_logged(
    bench: Bench, monitor: BenchMonitor, command: PauseAudio | SwitchSound
) -> None:
    bench.enter(Phase.CHECKIN, Phase.BASE)
    monitor.numbers |= {"SPO2": 80.0}
    bench.run(12)
    assert bench.do(command) == ()
    heard = len(bench.sounder.bursts)
    monitor.numbers |= {"HR": 130.0, "PR": 130.0}
    bench.run(5)
    assert {"AL-SP-01", "AL-HR-03"} <= bench.standing()
    assert bench.announced("AL-HR-03")
    assert len(bench.sounder.bursts) == heard  # MEDIUM does not break what silenced a HIGH one


# One rule off.


def test_a_rule_that_is_off_is_silent_and_comes_back_with_the_next_phase(
    bench: Bench, monitor: BenchMonitor
) -> None:
    bench.enter(*TO_RECOVERY[:4])
    bench.do(SwitchRule("AL-HR-03", False, NURSE, "runner"))
    monitor.numbers |= {"HR": 130.0, "PR": 130.0}
    bench.run(10)
    assert "AL-HR-03" not in bench.standing()
    assert bench.state.alarm_system.rules_off == ("AL-HR-03",)
    bench.enter(Phase.REC)
    bench.run(5)
    assert "AL-HR-03" in bench.standing()
    assert states(bench) == [
        ("AL-HR-03 off", NURSE.name, "runner"),
        ("AL-HR-03 on", "Chairside", "the phase ended"),
    ]


def test_a_low_rule_stays_off_until_somebody_switches_it_on(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(*TO_RECOVERY[:4])
    assert bench.do(SwitchRule("AL-HR-04", False, NURSE)) == ()
    bench.enter(Phase.REC)
    bench.run(1)
    assert bench.state.alarm_system.rules_off == ("AL-HR-04",)
    assert bench.do(SwitchRule("AL-HR-04", False, NURSE)) == ("Heart rate high for a minute is off already.",)
    assert bench.do(SwitchRule("AL-HR-04", True, NURSE)) == ()
    assert bench.state.alarm_system.rules_off == ()


def test_an_announced_alarm_leaves_the_bar_when_its_rule_is_switched_off_and_returns(
    bench: Bench, monitor: BenchMonitor
) -> None:
    bench.enter(*TO_RECOVERY[:4])
    monitor.numbers |= {"HR": 130.0, "PR": 130.0}
    bench.run(5)
    assert "AL-HR-03" in bench.standing()
    bench.do(SwitchRule("AL-HR-03", False, NURSE, "runner"))
    assert "AL-HR-03" not in bench.standing()
    bench.do(SwitchRule("AL-HR-03", True, NURSE))
    bench.run(4)
    assert "AL-HR-03" in bench.standing()


# Sound off.


def test_sound_off_is_silent_but_recalled_every_two_minutes_until_the_next_phase(
    bench: Bench, monitor: BenchMonitor
) -> None:
    bench.enter(*TO_RECOVERY[:4])
    bench.run(1)
    begun = bench.t_s
    assert bench.do(SwitchSound(False, LEAD)) == ()
    assert bench.do(SwitchSound(False, LEAD)) == ("The alarm sound is off already.",)
    monitor.numbers |= {"SPO2": 80.0}
    bench.run(365)
    assert "AL-SP-01" in bench.standing()
    found = [(b.urgency, b.t_ns / S - begun) for b in bench.sounder.bursts]
    assert found == [("REMINDER", 120.0), ("REMINDER", 240.0), ("REMINDER", 360.0)]
    assert bench.state.sound.state == "off"
    assert bench.state.alarm_system.audio_off
    assert bench.state.alarm_system.lines[0].words == "Sound off (Lea Poe)"
    assert "switch it on" in bench.do(PauseAudio(NURSE))[0]
    bench.enter(Phase.PAUSE)
    bench.run(1)
    assert bench.sounder.bursts[-1].urgency == "HIGH"
    assert not bench.state.alarm_system.audio_off
    assert states(bench) == [("off", "Lea Poe", "by hand"), ("normal", "Chairside", "the phase ended")]


def test_sound_on_again_sounds_what_nobody_heard(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(*TO_RECOVERY[:4])
    bench.do(SwitchSound(False, LEAD))
    monitor.numbers |= {"HR": 130.0, "PR": 130.0}
    bench.run(10)
    assert bench.sounder.bursts == []
    assert bench.do(SwitchSound(True, NURSE)) == ()
    assert bench.sounder.bursts[-1].urgency == "MEDIUM"


def test_in_an_emergency_nothing_is_muted(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(*TO_RECOVERY)
    monitor.numbers |= {"HR": 130.0, "PR": 130.0}
    bench.run(5)
    sensors_off(bench)
    bench.do(SwitchRule("AL-SP-02", False, NURSE, "cold fingers"))
    bench.do(PauseAudio(NURSE))
    heard = len(bench.sounder.bursts)
    bench.do(Emergency(NURSE))
    assert lines(bench) == {}
    assert bench.state.sound.state == "normal"
    assert len(bench.sounder.bursts) > heard
    assert {(s, why) for s, by, why in states(bench) if by == "Chairside"} == {
        ("sensors on", "nothing is muted in an emergency"),
        ("AL-SP-02 on", "nothing is muted in an emergency"),
        ("normal", "nothing is muted in an emergency"),
    }


def test_without_a_patient_the_system_stands_by(bench: Bench, monitor: BenchMonitor) -> None:
    assert [line.state for line in bench.state.alarm_system.lines] == ["STANDBY"]
    bench.enter(*TO_RECOVERY, Phase.DCA, Phase.DONE)
    bench.run(1)
    assert [line.state for line in bench.state.alarm_system.lines] == ["STANDBY"]
