"""How the watchdog sounds: what it plays, with what, how often; found out before it is needed."""

import io
import sys
import wave

import numpy as np
import pytest

from monitor_app.processing import tones
from monitor_app.watchdog import voice as module
from monitor_app.watchdog.voice import BELL, QT, SILENCE, SOUND, Means, Voice, find_means, runs_well

S = 1_000_000_000
NOTICE = ("notice",)


def samples(path):
    with wave.open(io.BytesIO(path.read_bytes())) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2"), file.getframerate()


def test_the_sound_is_the_programs_own_high_burst_of_equipment_failure() -> None:
    rate_hz = 16_000
    rendered = tones.burst(tones.Urgency.HIGH, tones.Melody.EQUIPMENT, rate_hz=rate_hz)
    stored, found_hz = samples(SOUND)
    wanted, _ = np.frombuffer(tones.wav_bytes(rendered, rate_hz=rate_hz)[44:], dtype="<i2"), None
    assert found_hz == rate_hz
    assert len(stored) == len(wanted)
    assert np.abs(stored.astype(int) - wanted).max() <= 1  # another libm may round a sample differently


def test_a_player_is_tried_without_a_sound() -> None:
    stored, _ = samples(SILENCE)
    assert not stored.any()
    assert 0.05 <= len(stored) / 16_000 <= 0.2


@pytest.fixture
def linux(monkeypatch):
    """Linux with a display where every program exists and every player works; what was tried is kept."""
    tried: list[str] = []
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(module.shutil, "which", lambda name: f"/usr/bin/{name}")
    return tried


def means(tried, *working):
    def probe(command):
        tried.append(command[0] if command[0] != "notice" else command[1])
        return tried[-1] in working

    return find_means((), probe, NOTICE)


def test_the_first_player_that_works_is_taken(linux) -> None:
    assert means(linux, "aplay", "afplay").command == ("aplay", "-q")
    assert linux == ["pw-play", "paplay", "aplay"]


def test_then_qt_then_the_bell_with_a_word_about_it(linux) -> None:
    assert means(linux, "--has-sound") == Means(QT, (), window=True)
    none = means(linux)
    assert (none.kind, none.trouble) == (
        BELL,
        "no way to play a sound here, only a window",
    )
    assert Means(QT).trouble == ""


def test_without_a_display_there_is_no_window(linux, monkeypatch) -> None:
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    found = means(linux, "--has-sound")
    assert (found.kind, found.window) == (BELL, False)
    assert "only the bell" in found.trouble


def test_a_player_named_by_hand_goes_before_all(linux) -> None:
    found = find_means(["/opt/speaker", "--loud"], lambda _: pytest.fail("tried"), NOTICE)
    assert found.command == ("/opt/speaker", "--loud")


def test_windows_plays_by_itself(monkeypatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert find_means((), lambda _: False, NOTICE).kind == "winsound"


@pytest.mark.parametrize(("code", "well"), [("", True), ("raise SystemExit(1)", False)])
def test_whether_a_command_runs_well(code, well) -> None:
    assert runs_well([sys.executable, "-c", code]) is well
    assert not runs_well(["no-such-player-anywhere"])


def command_voice(code: str, bells: list[int], **more) -> Voice:
    return Voice(
        Means("player", (sys.executable, "-c", code), **more), SOUND, NOTICE, lambda: bells.append(1)
    )


def test_bursts_repeat_as_those_of_high_priority_do(tmp_path) -> None:
    heard, bells = tmp_path / "heard", []
    made = command_voice(f"import sys; open({str(heard)!r}, 'a').write(sys.argv[1] + chr(10))", bells)
    made.keep(0)
    assert made._player is None  # not asked to sound
    made.start("words")
    for now_s in (1, 2, 11, 12, 22, 23):
        made.keep(now_s * S)
        if made._player is not None:
            made._player.wait(10)
    assert (
        heard.read_text().splitlines() == [str(SOUND)] * 3
    )  # at 1, 12 and 23 s: never within 10.1 s (clinical.md §5.3)
    made.stop()
    made.keep(99 * S)
    assert len(heard.read_text().splitlines()) == 3
    assert bells == []


def test_a_window_without_a_sound(tmp_path) -> None:
    """With Qt the window itself plays: it is then not told what."""
    seen = tmp_path / "seen"
    code = f"import sys; open({str(seen)!r}, 'a').write(' '.join(sys.argv[1:]) + chr(10))"
    command, bells = (sys.executable, "-c", code), []
    for kind, played in ((QT, f" --sound={SOUND}"), (BELL, "")):
        made = Voice(Means(kind, (), window=True), SOUND, command, lambda: bells.append(1))
        for aloud in (False, True):
            made.start("words", aloud=aloud)
            made._window.wait(10)
            made.keep(1 * S)
            assert seen.read_text().splitlines()[-1] == "--notice=words" + (played if aloud else "")
            assert len(bells) == aloud + (kind == BELL)
            made.stop()


def test_a_player_that_fails_is_helped_by_the_bell() -> None:
    bells: list[int] = []
    made = command_voice("raise SystemExit(3)", bells)
    made.start("words")
    made.keep(1 * S)
    made._player.wait(10)
    assert bells == []
    made.keep(12 * S)
    assert bells == [1]
    made.stop()
    missing = Voice(Means("gone", ("no-such-player-anywhere",)), SOUND, NOTICE, lambda: bells.append(2))
    missing.start("words")
    missing.keep(1)
    assert bells == [1, 2]


def test_the_window_is_acknowledged_by_its_own_end_only() -> None:
    command = (sys.executable, "-c", "import sys; sys.exit(0 if sys.argv[1] == '--notice=pressed' else 5)")
    for words, pressed in (("pressed", True), ("crashed", False)):
        made = Voice(Means(BELL, (), window=True), SOUND, command, lambda: None)
        assert not made.acknowledged
        made.start(words)
        made._window.wait(10)
        assert made.acknowledged is pressed
        made.stop()
