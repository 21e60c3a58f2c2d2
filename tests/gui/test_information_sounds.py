"""What is heard and is no alarm gives way to every alarm, and a lost output stays told (clinical.md §5.3, §6.6 TE-14)."""

from dataclasses import replace

import pytest
from fake_sound import FakeDevice, settle
from PySide6.QtMultimedia import QtAudio

from monitor_app.services.bedside.publication import SoundBurst

# Qt looks for a sound system that a computer without sound does not have.
pytestmark = pytest.mark.qt_log_ignore(r"Couldn't (load|resolve) \S+", "PulseAudioService", extend=True)

HIGH_SPO2 = SoundBurst("HIGH", "OXYGENATION", 0)
MEDIUM_BP = SoundBurst("MEDIUM", "CARDIOVASCULAR", 0)
PULSE_97 = SoundBurst("PULSE", "97", 0)
CHIME = SoundBurst("INFO", "GENERAL", 0)
S = 1_000_000_000


class TestInformation:
    """Pulse tone and chime are no alarms: they give way to every one and cut off none (clinical.md §5.3)."""

    def played(self, with_outputs, qtbot, *bursts, ended=False):
        """What the output was handed, in order; ``ended``: each sound is over when the next is asked for."""
        sounder, outputs = with_outputs(FakeDevice("Speaker"))
        sink = outputs.sinks[0]
        handed = []
        for number, burst in enumerate(bursts):
            sounder.play(burst)
            settle(qtbot, sounder)
            if sink.said.count("start") > len(handed):
                handed.append(number)
            if ended:
                sink.now = QtAudio.State.IdleState
        return handed

    def test_a_pulse_never_cuts_off_an_alarm(self, with_outputs, qtbot):
        pulse = replace(PULSE_97, t_ns=4 * S)
        assert self.played(with_outputs, qtbot, HIGH_SPO2, pulse) == [0]

    def test_nor_its_end_that_the_output_has_not_played_yet(self, with_outputs, qtbot):
        early, late = replace(PULSE_97, t_ns=2 * S), replace(PULSE_97, t_ns=4 * S)
        assert self.played(with_outputs, qtbot, HIGH_SPO2, early, late, ended=True) == [0, 2]

    def test_pulse_follows_pulse(self, with_outputs, qtbot):
        bursts = [replace(PULSE_97, t_ns=n * S) for n in range(3)]
        assert self.played(with_outputs, qtbot, *bursts, ended=True) == [0, 1, 2]

    def test_an_alarm_cuts_off_pulse_and_chime(self, with_outputs, qtbot):
        assert self.played(with_outputs, qtbot, PULSE_97, MEDIUM_BP) == [0, 1]
        assert self.played(with_outputs, qtbot, CHIME, MEDIUM_BP) == [0, 1]

    def test_the_chime_is_heard_over_a_pulse_and_not_cut_off_by_one(self, with_outputs, qtbot):
        assert self.played(with_outputs, qtbot, PULSE_97, CHIME, PULSE_97) == [0, 1]

    def test_after_silence_a_pulse_may_sound(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(FakeDevice("Speaker"))
        sounder.play(HIGH_SPO2)
        sounder.silence()
        sounder.play(PULSE_97)
        qtbot.waitUntil(lambda: outputs.sinks[0].said.count("start") == 2)

    def test_a_dropped_output_stays_a_trouble_however_often_a_pulse_is_asked_for(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(FakeDevice("Speaker"))
        outputs.sinks[0].fault = QtAudio.Error.IOError
        outputs.sinks[0].stateChanged.emit(QtAudio.State.StoppedState)
        qtbot.waitUntil(lambda: sounder.trouble == "the sound output Speaker failed")
        for _ in range(3):
            sounder.play(PULSE_97)
            settle(qtbot, sounder)
            assert sounder.trouble == "the sound output Speaker failed"
        assert len(outputs.sinks) == 1
        sounder.play(HIGH_SPO2)
        qtbot.waitUntil(lambda: len(outputs.sinks) == 2 and bool(outputs.sinks[1].playing))
