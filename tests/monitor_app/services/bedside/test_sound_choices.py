"""How the chair sounds: volume, the tone at a pulse, the chime of an information (clinical.md §5.3, §6.7, §16.3)."""

from pathlib import Path

import pytest

from monitor_app.core.alarm_commands import SetPulseTone, SetVolume, SwitchSound
from monitor_app.core.commands import Acknowledge, PauseAudio, SelfTest
from monitor_app.core.journal import InfusionEntry, SoundEntry
from monitor_app.core.phase import Phase
from monitor_app.services.assembly import AlarmSetup, alarm_setup
from monitor_app.services.bedside.publication import SoundBurst
from monitor_app.services.bedside.sound_choices import PulseTone, newest_beat_t_ns
from monitor_app.services.settings import Settings, load_settings, save_settings
from tests.monitor_app.services.bedside.bench import LEAD, NURSE, Bench, S, plugged_in
from tests.monitor_app.services.bedside.restart import restarted

TO_INFUSION = (Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF)


@pytest.fixture
def bench() -> Bench:
    return plugged_in(AlarmSetup())


def fast_heart(bench: Bench, rate: float = 130.0) -> None:
    bench.monitors["bench@port"][0].numbers |= {"HR": rate, "PR": rate}


# Volume.


def test_the_volume_is_that_of_every_burst_recorded_and_told() -> None:
    bench = plugged_in(AlarmSetup(volume_step=3))
    bench.enter(*TO_INFUSION)
    assert bench.state.alarm_system.volume_step == 3
    assert bench.do(SetVolume(1, NURSE)) == ()
    fast_heart(bench)
    bench.run(5)
    assert [b.volume_step for b in bench.sounder.bursts] == [1]
    (entry,) = bench.system("VOLUME")
    assert entry.fields == {"step": 1, "by": NURSE.name}
    assert bench.state.alarm_system.volume_step == 1


def test_a_session_begins_as_loud_as_the_last_was_left_and_the_bedside_writes_no_file(tmp_path: Path) -> None:
    save_settings(tmp_path, Settings(chair="7", quiet_low=True, volume_step=3))
    bench = plugged_in(alarm_setup(tmp_path))
    assert bench.state.alarm_system.volume_step == 3
    bench.do(SetVolume(2, NURSE))
    assert bench.state.alarm_system.volume_step == 2
    assert (
        load_settings(tmp_path).volume_step == 3
    )  # the window keeps it: no disk is waited for at the bedside


@pytest.mark.parametrize("step", [0, -1, 5])
def test_no_volume_is_silent(bench: Bench, step: int) -> None:
    bench.enter(*TO_INFUSION)
    (reason,) = bench.do(SetVolume(step, NURSE))
    assert "1 to 4" in reason
    assert bench.state.alarm_system.volume_step == 4


def test_the_self_test_is_as_loud_as_the_alarms(bench: Bench) -> None:
    bench.do(SetVolume(2, NURSE))
    bench.do(SelfTest("HIGH", NURSE))
    assert bench.sounder.bursts[-1].volume_step == 2


# LOW alarms as a picture only.


@pytest.mark.parametrize(("quiet", "heard"), [(True, []), (False, ["LOW"])])
def test_low_alarms_of_the_infusion_may_be_picture_only(quiet: bool, heard: list[str]) -> None:
    bench = plugged_in(AlarmSetup(quiet_low=quiet))
    bench.enter(*TO_INFUSION)
    fast_heart(bench, 115.0)
    bench.run(65)
    assert "AL-HR-04" in bench.standing()
    assert [b.urgency for b in bench.sounder.bursts] == heard
    bench.enter(Phase.REC)
    bench.run(35)
    assert bench.sounder.bursts[-1].urgency == "LOW"


# The tone at a pulse.


class Ear:
    """Counts tones, and says whether one may sound."""

    def __init__(self) -> None:
        self.heard: list[SoundBurst] = []
        self.free = True
        self.tone = PulseTone(self.heard.append, lambda _t_ns: self.free)

    def beat(self, beat_s: float, at_s: float, spo2: float | None = 97.4) -> None:
        self.tone.beat(round(beat_s * S), round(at_s * S), spo2_percent=spo2, volume_step=2)


def test_each_beat_is_one_tone_with_the_saturation_as_its_pitch() -> None:
    ear = Ear()
    for at in (1.0, 1.4, 1.8):
        ear.beat(1.0, at)
    ear.beat(1.9, 2.0, 84.6)
    ear.beat(2.8, 3.0, None)
    assert [(b.urgency, b.melody, b.volume_step) for b in ear.heard] == [
        ("PULSE", "97", 2),
        ("PULSE", "85", 2),
        ("PULSE", "100", 2),
    ]


def test_a_beat_of_the_past_and_one_under_an_alarm_have_no_tone() -> None:
    ear = Ear()
    ear.beat(1.0, 3.0)
    ear.free = False
    ear.beat(4.0, 4.1)
    ear.free = True
    ear.beat(4.0, 4.2)  # not made up for
    assert ear.heard == []


@pytest.mark.parametrize(
    ("qrs_s", "pulse_s", "said_s"),
    [(9.5, 9.7, 9.5), (6.9, 9.7, 9.7), (None, 9.7, 9.7), (None, None, None), (7.0, None, 7.0)],
)
def test_the_ecg_speaks_first_and_the_pleth_where_it_is_silent(
    qrs_s: float | None, pulse_s: float | None, said_s: float | None
) -> None:
    def ns(seconds: float | None) -> int | None:
        return None if seconds is None else round(seconds * S)

    assert newest_beat_t_ns(ns(qrs_s), ns(pulse_s), 10 * S) == ns(said_s)


def test_it_is_off_until_somebody_wants_it_and_only_that_is_recorded(bench: Bench) -> None:
    bench.enter(*TO_INFUSION)
    assert not bench.state.alarm_system.pulse_tone
    assert bench.do(SetPulseTone(True, NURSE)) == ()
    assert bench.state.alarm_system.pulse_tone
    bench.do(SetPulseTone(True, NURSE))
    assert [e.fields["on"] for e in bench.system("PULSE_TONE")] == [True]
    again = restarted(bench, gap_s=5)
    assert again.state.alarm_system.pulse_tone


def test_no_tone_under_an_alarm_nor_before_one_nor_while_silenced(bench: Bench) -> None:
    alarms = bench.bedside.alarms

    def may() -> bool:
        return alarms.tone_may_sound(bench.bedside.clock.t_ns())

    assert not may()  # nobody is monitored
    bench.enter(*TO_INFUSION)
    bench.run(2)
    assert may()
    bench.do(SelfTest("HIGH", NURSE))
    assert not may()
    bench.run(4)
    fast_heart(bench)
    bench.run(4.3, step_s=0.1)
    assert bench.sounder.bursts[-1].urgency == "MEDIUM"
    began = bench.sounder.bursts[-1].t_ns
    assert not may()
    bench.run(2)
    assert may()  # between two bursts
    assert not alarms.tone_may_sound(began + round(20.85 * S))  # 0.05 s before the next
    bench.do(PauseAudio(NURSE))
    assert not may()
    bench.do(PauseAudio(NURSE, 0))
    bench.do(Acknowledge(NURSE))
    bench.run(1)
    assert may()
    bench.do(SwitchSound(False, LEAD))
    assert not may()


# Off and on again.


def test_a_sound_switched_off_while_paused_and_on_again_is_on(bench: Bench) -> None:
    bench.enter(*TO_INFUSION)
    bench.monitors["bench@port"][0].numbers["SPO2"] = 70.0
    bench.run(40)
    assert bench.bedside.alarms.unacknowledged_high
    bench.do(PauseAudio(NURSE, 120))
    told = len(bench.of(SoundEntry))
    bench.do(SwitchSound(False, LEAD))
    bench.run(10)
    assert [e.state for e in bench.of(SoundEntry)[told:]] == ["off"]  # which ends the pause, too
    heard = len(bench.sounder.bursts)
    bench.do(SwitchSound(True, LEAD))
    assert bench.state.sound.state == "normal"
    bench.run(12)
    assert "HIGH" in [burst.urgency for burst in bench.sounder.bursts[heard:]]


def test_nothing_says_the_sound_is_on_while_it_is_off(bench: Bench) -> None:
    bench.enter(*TO_INFUSION)
    bench.do(PauseAudio(NURSE, 60))
    bench.do(SwitchSound(False, LEAD))
    bench.run(100)  # longer than the pause was to be
    assert [e.state for e in bench.of(SoundEntry)] == ["paused", "off"]
    assert bench.state.sound.state == "off"


# The chime.


def recovered(bench: Bench) -> None:
    bench.enter(*TO_INFUSION)
    for entry_id, action in (("e1", "started"), ("e2", "completed")):
        bench.bedside.journal.write(InfusionEntry(bench.bedside.clock.stamp(), entry_id, action, 60.0, NURSE))
    bench.enter(Phase.REC)


def test_the_end_of_the_minimum_recovery_chimes_once_and_is_no_alarm(bench: Bench) -> None:
    recovered(bench)
    minimum = bench.bedside.clock.t_ns() + 30 * 60 * S
    bench.run(1780, step_s=89)
    bench.sounder.bursts.clear()
    bench.run(50)
    chimes = [b for b in bench.sounder.bursts if b.urgency == "INFO"]
    assert [(b.melody, b.t_ns) for b in chimes] == [("DRUG_DELIVERY", minimum)]
    assert "WF-05" not in bench.standing()
