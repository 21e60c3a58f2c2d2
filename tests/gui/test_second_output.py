"""The second output of the sounder: what it plays and what never, how it is lost and found again (clinical.md §5.4)."""

import gc
import threading
from dataclasses import replace

import pytest
from fake_sound import FakeDevice, FakeOutputs, expected, same, settle
from PySide6.QtMultimedia import QtAudio

from monitor_app.core.sound_output import NO_OUTPUT, PlayedOn, SoundOutput
from monitor_app.processing import tones
from monitor_app.services.bedside.publication import SoundBurst
from monitor_app.ui import sounder as sounder_module
from monitor_app.ui.first_player import NOT_OPENED, FirstPlayer
from monitor_app.ui.second_player import SecondPlayer
from monitor_app.ui.sound_bank import SOFT_LEVEL, samples
from monitor_app.ui.sounder import QtSounder

# Qt looks for a sound system that a computer without sound does not have.
pytestmark = pytest.mark.qt_log_ignore(r"Couldn't (load|resolve) \S+", "PulseAudioService", extend=True)

ALONE = SoundBurst("HIGH", "OXYGENATION", 0)
BOTH = replace(ALONE, played_on=PlayedOn.BOTH)
TEST = SoundBurst("SOFT_HIGH", "GENERAL", 0, played_on=PlayedOn.SECOND)
HALL = SoundOutput("Hall", "Hall")
SPEAKER = FakeDevice("Speaker")


@pytest.fixture
def pair(with_outputs, qtbot):
    """A sounder on a first output, with a second chosen and open."""
    sounder, outputs = with_outputs(SPEAKER, FakeDevice("Hall"))
    sounder.use_second(HALL)
    qtbot.waitUntil(lambda: outputs.on("Hall") is not None)
    return sounder, outputs


def starts(outputs, name: str) -> int:
    sink = outputs.on(name)
    return 0 if sink is None else sink.said.count("start")


class TestWhatItPlays:
    def test_a_burst_for_both_is_the_same_on_both_each_in_its_own_thread(self, pair, qtbot):
        sounder, outputs = pair
        sounder.play(BOTH)
        qtbot.waitUntil(lambda: bool(outputs.on("Hall").playing) and bool(outputs.on("Speaker").playing))
        assert outputs.on("Hall").playing == outputs.on("Speaker").playing
        assert same(outputs.on("Hall").playing, expected("HIGH", "OXYGENATION"))
        threads = {outputs.on(name).thread_names[0] for name in ("Hall", "Speaker")}
        assert len(threads | {threading.get_ident()}) == 3

    @pytest.mark.parametrize("urgency", ["HIGH", "MEDIUM", "LOW", "REMINDER", "INFO", "SOFT_HIGH"])
    def test_nothing_that_is_for_the_first_alone(self, pair, qtbot, urgency):
        sounder, outputs = pair
        sounder.play(SoundBurst(urgency, "GENERAL", 0))
        settle(qtbot, sounder)
        assert (starts(outputs, "Speaker"), starts(outputs, "Hall")) == (1, 0)

    def test_a_test_is_soft_and_heard_there_only(self, pair, qtbot):
        sounder, outputs = pair
        sounder.play(TEST)
        settle(qtbot, sounder)
        soft = tones.burst(tones.Urgency.HIGH, tones.Melody.GENERAL, volume_step=4) * SOFT_LEVEL
        assert same(outputs.on("Hall").playing, bytes(samples(soft).data()))
        assert starts(outputs, "Speaker") == 0

    def test_an_alarm_on_the_first_alone_ends_what_sounds_there(self, pair, qtbot):
        sounder, outputs = pair
        sounder.play(BOTH)
        sounder.play(ALONE)
        settle(qtbot, sounder)
        assert outputs.on("Hall").said[-1] == "stop"

    def test_without_a_choice_a_burst_for_both_is_the_firsts(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(SPEAKER, FakeDevice("Hall"))
        sounder.play(BOTH)
        settle(qtbot, sounder)
        assert (starts(outputs, "Speaker"), outputs.on("Hall")) == (1, None)
        assert sounder.second_trouble == ""

    def test_where_the_first_is_gone_the_second_sounds_all_the_same(self, pair, qtbot):
        sounder, outputs = pair
        outputs.become(FakeDevice(), FakeDevice("Hall"))
        qtbot.waitUntil(lambda: bool(sounder.trouble))
        sounder.play(BOTH)
        qtbot.waitUntil(lambda: starts(outputs, "Hall") == 1)

    def test_a_second_that_hangs_does_not_hold_up_the_first(self, pair, qtbot):
        sounder, outputs = pair
        gate = threading.Event()
        sounder._second.post(lambda: gate.wait(5))
        sounder.play(BOTH)
        qtbot.waitUntil(lambda: starts(outputs, "Speaker") == 1)
        assert starts(outputs, "Hall") == 0
        gate.set()
        qtbot.waitUntil(lambda: starts(outputs, "Hall") == 1)

    def test_one_that_hangs_is_told_and_noticed_when_it_answers(self, pair, qtbot):
        sounder, _ = pair
        gate = threading.Event()
        sounder._second.post(lambda: gate.wait(5))
        for _ in range(4):
            assert sounder.second_trouble == ""
            sounder._second.ask()
        assert sounder.second_trouble == "Hall does not answer"
        gate.set()
        settle(qtbot, sounder)
        sounder._second.ask()
        assert sounder.second_trouble == ""

    def test_a_first_that_hangs_is_told_and_noticed_when_it_answers(self, pair, qtbot):
        sounder, _ = pair
        gate = threading.Event()
        sounder._player.post(lambda: gate.wait(5))
        for _ in range(4):
            assert sounder.trouble == ""
            sounder._player.ask()
        assert sounder.trouble == "the sound output does not answer"
        assert sounder.second_trouble == ""
        gate.set()
        settle(qtbot, sounder)
        sounder._player.ask()
        assert sounder.trouble == ""

    @pytest.mark.parametrize("order", [("_player", "_second"), ("_second", "_player")])
    def test_both_that_hang_are_told_whichever_was_first(self, pair, qtbot, order):
        sounder, _ = pair
        gate = threading.Event()
        for hung in order:
            getattr(sounder, hung).post(lambda: gate.wait(5))
            sounder.ask()
        for _ in range(4):
            sounder.ask()
        assert sounder.trouble == "the sound output does not answer"
        assert sounder.second_trouble == "Hall does not answer"
        gate.set()
        settle(qtbot, sounder)
        sounder.ask()
        assert (sounder.trouble, sounder.second_trouble) == ("", "")

    def test_a_first_that_failed_is_opened_anew_when_the_outputs_change(self, pair, qtbot):
        sounder, outputs = pair
        broken = outputs.on("Speaker")
        broken.fault = QtAudio.Error.FatalError
        broken.stateChanged.emit(QtAudio.State.StoppedState)
        qtbot.waitUntil(lambda: sounder.trouble == "the sound output Speaker failed")
        outputs.changed.emit()
        qtbot.waitUntil(lambda: sounder.trouble == "")
        assert outputs.on("Speaker") is not broken

    @pytest.mark.expects_log
    def test_one_that_hangs_for_good_does_not_take_the_program_with_it(self, qtbot, monkeypatch):
        monkeypatch.setattr(sounder_module, "_CLOSE_WAIT_MS", 50)
        outputs = FakeOutputs(SPEAKER)
        sounder = QtSounder(lambda: outputs)
        settle(qtbot, sounder)
        gate = threading.Event()
        sounder._second.post(lambda: gate.wait(5))
        (hung, _) = sounder._threads
        assert not sounder.close()
        del sounder
        gc.collect()
        assert hung.isRunning()
        gate.set()
        assert hung.wait(2000)
        hung.setParent(None)

    def test_without_sounds_no_output_is_well(self, pair):
        def no_sounds():
            raise MemoryError

        player = FirstPlayer(lambda: pair[1], no_sounds, SecondPlayer())
        with pytest.raises(MemoryError):
            player.begin()
        assert player.trouble == NOT_OPENED


class TestSilence:
    def test_there_alone(self, pair, qtbot):
        sounder, outputs = pair
        sounder.play(BOTH)
        sounder.silence_second()
        settle(qtbot, sounder)
        assert outputs.on("Hall").said[-1] == "stop"
        assert outputs.on("Speaker").said[-1] == "start"

    def test_everywhere(self, pair, qtbot):
        sounder, outputs = pair
        sounder.play(BOTH)
        sounder.silence()
        settle(qtbot, sounder)
        assert {outputs.on(name).said[-1] for name in ("Hall", "Speaker")} == {"stop"}

    def test_when_it_is_no_longer_chosen(self, pair, qtbot):
        sounder, outputs = pair
        sounder.play(BOTH)
        sounder.use_second(NO_OUTPUT)
        settle(qtbot, sounder)
        assert outputs.on("Hall").said[-1] == "stop"
        sounder.play(BOTH)
        settle(qtbot, sounder)
        assert starts(outputs, "Hall") == 1


# What the computer has besides "Speaker" (None: "Hall" is itself the first), and what is said of "Hall".
CONNECTIONS = [
    ((FakeDevice("Hall"),), ""),
    ((), "Hall is not connected"),
    ((FakeDevice("Headset"),), "Hall is not connected"),
    (None, "Hall is the output on which every alarm sounds"),
]


class TestLost:
    @pytest.mark.parametrize(("others", "said"), CONNECTIONS)
    def test_it_is_told_never_taken_for_the_first_and_noticed_when_back(self, pair, qtbot, others, said):
        sounder, outputs = pair
        first = FakeDevice("Hall") if others is None else SPEAKER
        outputs.become(first, *(others or ()))
        qtbot.waitUntil(lambda: sounder.second_trouble == said)
        assert sounder.trouble == ""
        outputs.become(SPEAKER, FakeDevice("Hall"))
        qtbot.waitUntil(lambda: sounder.second_trouble == "")
        sounder.play(BOTH)
        qtbot.waitUntil(lambda: starts(outputs, "Hall") == 1)

    def test_one_that_cannot_play_is_told(self, with_outputs, qtbot):
        sounder, outputs = with_outputs(SPEAKER, FakeDevice("Hall", plays=False))
        sounder.use_second(HALL)
        qtbot.waitUntil(lambda: sounder.second_trouble == "Hall cannot play the alarm sounds")
        assert (sounder.trouble, outputs.on("Hall")) == ("", None)

    def test_a_change_elsewhere_interrupts_nothing(self, pair, qtbot):
        sounder, outputs = pair
        sounder.play(BOTH)
        outputs.become(SPEAKER, FakeDevice("Hall"), FakeDevice("Headset"))
        settle(qtbot, sounder)
        assert {outputs.on(name).said[-1] for name in ("Hall", "Speaker")} == {"start"}
        assert [o.name for o in sounder.other_outputs] == ["Hall", "Headset"]

    def test_one_that_failed_is_named_and_opened_anew_for_the_next_burst(self, pair, qtbot):
        sounder, outputs = pair
        broken = outputs.on("Hall")
        broken.fault = QtAudio.Error.IOError
        broken.stateChanged.emit(QtAudio.State.StoppedState)
        qtbot.waitUntil(lambda: sounder.second_trouble == "Hall failed")
        sounder.play(BOTH)
        qtbot.waitUntil(lambda: outputs.on("Hall") is not broken and starts(outputs, "Hall") == 1)
        assert (sounder.second_trouble, sounder.trouble) == ("", "")

    def test_one_that_is_muted_is_told_without_an_alarm(self, pair, qtbot):
        sounder, outputs = pair
        outputs.on("Hall").loudness = 0.0
        qtbot.waitUntil(lambda: sounder.second_trouble == "Hall is muted", timeout=3000)
        assert sounder.trouble == ""
        outputs.on("Hall").loudness = 1.0
        qtbot.waitUntil(lambda: sounder.second_trouble == "", timeout=3000)

    def test_chosen_before_the_outputs_are_known_nothing_is_wrong_yet(self, with_outputs, qtbot):
        sounder, _ = with_outputs(SPEAKER)
        assert (sounder.second, sounder.second_trouble) == (NO_OUTPUT, "")
        sounder.use_second(HALL)
        assert sounder.second == HALL
        qtbot.waitUntil(lambda: sounder.second_trouble == "Hall is not connected")
        sounder.use_second(NO_OUTPUT)
        qtbot.waitUntil(lambda: sounder.second_trouble == "")


def test_what_can_be_chosen_is_everything_but_the_first(with_outputs, qtbot):
    sounder, outputs = with_outputs(SPEAKER, FakeDevice("Hall"), FakeDevice("Headset"))
    assert sounder.other_outputs == (HALL, SoundOutput("Headset", "Headset"))
    outputs.become(FakeDevice("Hall"), SPEAKER)
    qtbot.waitUntil(lambda: sounder.other_outputs == (SoundOutput("Speaker", "Speaker"),))
