"""The alarm sound without a sound card: what it would play, what it says when nothing can be heard, how it ends."""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from fake_sound import FakeDevice, FakeOutputs, expected, same
from PySide6.QtMultimedia import QtAudio

from monitor_app.services.bedside.publication import SoundBurst
from monitor_app.ui.sound_bank import REMINDER
from monitor_app.ui.sounder import QtSounder

# Qt looks for a sound system that a computer without sound does not have.
pytestmark = pytest.mark.qt_log_ignore(r"Couldn't (load|resolve) \S+", "PulseAudioService", extend=True)

HIGH_SPO2 = SoundBurst("HIGH", "OXYGENATION", 0)
MEDIUM_BP = SoundBurst("MEDIUM", "CARDIOVASCULAR", 0)


class TestOnThisComputer:
    def test_it_starts_speaks_and_ends_whatever_the_computer_has(self, qtbot):
        sounder = QtSounder()
        qtbot.waitUntil(lambda: "not been opened yet" not in sounder.trouble, timeout=3000)
        sounder.play(HIGH_SPO2)
        sounder.silence()
        begun = time.monotonic()
        assert sounder.close()
        assert time.monotonic() - begun < 2.0

    def test_before_it_has_opened_the_output_it_says_so(self, qtbot):
        gate = threading.Event()

        def slow():
            gate.wait(5)
            return FakeOutputs(FakeDevice())

        sounder = QtSounder(slow)
        assert "not been opened yet" in sounder.trouble
        gate.set()
        qtbot.waitUntil(lambda: sounder.trouble == "this computer has no sound output")
        assert sounder.close()

    def test_closing_twice_is_harmless(self, with_outputs):
        sounder, _ = with_outputs(FakeDevice("Speaker"))
        assert sounder.close()
        assert sounder.close()


class TestWithoutOutput:
    def test_it_says_so_and_playing_is_harmless(self, with_outputs):
        sounder, outputs = with_outputs(FakeDevice())
        assert sounder.trouble == "this computer has no sound output"
        sounder.play(HIGH_SPO2)
        sounder.silence()
        assert outputs.sinks == []

    def test_one_that_cannot_play_is_named(self, with_outputs):
        sounder, outputs = with_outputs(FakeDevice("Headset", plays=False))
        assert sounder.trouble == "the sound output Headset cannot play the alarm sounds"
        assert outputs.sinks == []


class TestPlaying:
    def test_the_burst_reaches_the_output_in_the_sounders_thread(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(FakeDevice("Speaker"))
        assert sounder.trouble == ""
        sounder.play(HIGH_SPO2)
        qtbot.waitUntil(lambda: bool(outputs.sinks[0].playing))
        assert same(outputs.sinks[0].playing, expected("HIGH", "OXYGENATION"))
        assert outputs.sinks[0].thread_names[0] != threading.get_ident()

    def test_the_newest_burst_cuts_off_the_one_before(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(FakeDevice("Speaker"))
        sounder.play(MEDIUM_BP)
        sounder.play(HIGH_SPO2)
        qtbot.waitUntil(lambda: outputs.sinks[0].said.count("start") == 2)
        assert outputs.sinks[0].said[-2:] == ["stop", "start"]
        assert same(outputs.sinks[0].playing, expected("HIGH", "OXYGENATION"))

    def test_an_alarm_nobody_acknowledges_is_twice_as_loud(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(FakeDevice("Speaker"))
        sounder.play(MEDIUM_BP)
        qtbot.waitUntil(lambda: bool(outputs.sinks[0].playing))
        usual = np.frombuffer(outputs.sinks[0].playing, "<i2")
        sounder.play(replace(MEDIUM_BP, louder=True))
        qtbot.waitUntil(lambda: same(outputs.sinks[0].playing, expected("MEDIUM", "CARDIOVASCULAR", step=4)))
        louder = np.frombuffer(outputs.sinks[0].playing, "<i2")
        gain_db = 20 * np.log10(np.abs(louder).max() / np.abs(usual).max())
        assert gain_db == pytest.approx(6, abs=0.1)
        assert np.abs(louder).max() < 32767  # raised, not clipped

    def test_what_cannot_be_raised_sounds_as_usual(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(FakeDevice("Speaker"))
        sounder.play(replace(HIGH_SPO2, louder=True))
        qtbot.waitUntil(lambda: same(outputs.sinks[0].playing, expected("HIGH", "OXYGENATION")))

    def test_silence_is_at_once(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(FakeDevice("Speaker"))
        sounder.play(MEDIUM_BP)
        sounder.silence()
        qtbot.waitUntil(lambda: outputs.sinks[0].said[-1:] == ["stop"])

    def test_the_reminder_is_one_note_whatever_the_alarm_is_about(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(FakeDevice("Speaker"))
        sounder.play(SoundBurst(REMINDER, "VENTILATION", 0))
        qtbot.waitUntil(lambda: bool(outputs.sinks[0].playing))
        assert 0.1 < len(outputs.sinks[0].playing) / 2 / 48_000 < 0.4


@pytest.mark.expects_log
def test_an_urgency_without_sound_is_logged_not_raised(with_outputs, qtbot, caplog):
    sounder, _ = with_outputs(FakeDevice("Speaker"))
    sounder.play(SoundBurst("UNHEARD_OF", "GENERAL", 0))
    qtbot.waitUntil(lambda: "no sound for urgency UNHEARD_OF" in caplog.text)


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_a_burst_is_played_at_the_volume_chosen(with_outputs, qtbot, step):
    sounder, outputs = with_outputs(FakeDevice("Speaker"))
    sounder.play(replace(HIGH_SPO2, volume_step=step))
    qtbot.waitUntil(lambda: bool(outputs.sinks[0].playing))
    assert same(outputs.sinks[0].playing, expected("HIGH", "OXYGENATION", step=step))


class TestChange:
    def test_a_device_that_vanishes_is_told_at_once(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(FakeDevice("Speaker"))
        outputs.become(FakeDevice())
        qtbot.waitUntil(lambda: sounder.trouble == "this computer has no sound output")
        assert outputs.sinks[0].said[-1] == "stop"

    def test_a_device_that_appears_plays(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(FakeDevice())
        outputs.become(FakeDevice("Headphones"))
        qtbot.waitUntil(lambda: sounder.trouble == "")
        sounder.play(MEDIUM_BP)
        qtbot.waitUntil(lambda: bool(outputs.sinks[0].playing))
        assert same(outputs.sinks[0].playing, expected("MEDIUM", "CARDIOVASCULAR"))

    def test_another_default_takes_over(self, with_outputs, qtbot):
        _, outputs = with_outputs(FakeDevice("Speaker"))
        outputs.become(FakeDevice("Headphones"))
        qtbot.waitUntil(lambda: len(outputs.sinks) == 2)
        assert outputs.sinks[1].device.description() == "Headphones"

    def test_a_change_elsewhere_interrupts_nothing(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(FakeDevice("Speaker"))
        sounder.play(MEDIUM_BP)
        qtbot.waitUntil(lambda: bool(outputs.sinks[0].playing))
        outputs.changed.emit()
        sounder.silence()
        qtbot.waitUntil(lambda: outputs.sinks[0].said[-1] == "stop")
        assert len(outputs.sinks) == 1

    @pytest.mark.parametrize(
        "fault", [QtAudio.Error.OpenError, QtAudio.Error.IOError, QtAudio.Error.FatalError]
    )
    def test_an_output_that_fails_is_named_and_opened_anew_for_the_next_alarm(
        self, with_outputs, qtbot, fault
    ):
        sounder, outputs = with_outputs(FakeDevice("Speaker"))
        outputs.sinks[0].fault = fault
        outputs.sinks[0].stateChanged.emit(QtAudio.State.StoppedState)
        qtbot.waitUntil(lambda: sounder.trouble == "the sound output Speaker failed")
        sounder.play(HIGH_SPO2)
        qtbot.waitUntil(lambda: len(outputs.sinks) == 2 and bool(outputs.sinks[1].playing))
        qtbot.waitUntil(lambda: sounder.trouble == "")

    def test_running_dry_at_the_end_of_a_burst_is_no_fault(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(FakeDevice("Speaker"))
        sounder.play(MEDIUM_BP)
        qtbot.waitUntil(lambda: bool(outputs.sinks[0].playing))
        outputs.sinks[0].fault = QtAudio.Error.UnderrunError
        outputs.sinks[0].stateChanged.emit(QtAudio.State.IdleState)
        sounder.silence()
        qtbot.waitUntil(lambda: outputs.sinks[0].said[-1] == "stop")
        assert sounder.trouble == ""

    def test_a_muted_output_is_told(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(FakeDevice("Speaker"))
        outputs.sinks[0].loudness = 0.0
        sounder.play(MEDIUM_BP)
        qtbot.waitUntil(lambda: sounder.trouble == "the sound output is muted")

    def test_muting_is_noticed_without_an_alarm_and_so_is_its_end(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(FakeDevice("Speaker"))
        outputs.sinks[0].loudness = 0.0
        qtbot.waitUntil(lambda: sounder.trouble == "the sound output is muted", timeout=3000)
        outputs.sinks[0].loudness = 0.8
        qtbot.waitUntil(lambda: sounder.trouble == "", timeout=3000)


class TestMoved:
    """The default output became another one by itself: it plays, but perhaps where nobody hears it (TE-14)."""

    def test_it_is_told_apart_from_no_sound(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(FakeDevice("Speaker"))
        assert sounder.moved == ""
        outputs.become(FakeDevice("Headphones"))
        qtbot.waitUntil(lambda: sounder.moved == "moved from Speaker to Headphones")
        assert sounder.trouble == ""

    def test_it_is_over_when_the_old_output_is_back(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(FakeDevice("Speaker"))
        outputs.become(FakeDevice("Headphones"))
        qtbot.waitUntil(lambda: bool(sounder.moved))
        outputs.become(FakeDevice())
        qtbot.waitUntil(lambda: sounder.trouble == "this computer has no sound output")
        outputs.become(FakeDevice("Speaker"))
        qtbot.waitUntil(lambda: sounder.trouble == "" and sounder.moved == "")

    def test_it_is_over_when_somebody_knows(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(FakeDevice("Speaker"))
        outputs.become(FakeDevice("Headphones"))
        qtbot.waitUntil(lambda: bool(sounder.moved))
        sounder.accept_output()
        qtbot.waitUntil(lambda: sounder.moved == "")
        outputs.become(FakeDevice("Speaker"))
        qtbot.waitUntil(lambda: sounder.moved == "moved from Headphones to Speaker")

    def test_the_first_output_of_all_is_no_change(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(FakeDevice())
        sounder.accept_output()
        outputs.become(FakeDevice("Speaker"))
        qtbot.waitUntil(lambda: sounder.trouble == "")
        assert sounder.moved == ""
