import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import ConfigError
from monitor_app.core.sound_output import NO_OUTPUT, SoundOutput
from monitor_app.services.settings import FILE_NAME, Settings, _toml, changed, load_settings, save_settings


def test_without_a_file_there_are_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()


def test_what_was_saved_is_read_back(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    settings = Settings(
        ("berry@/dev/ttyUSB0", "berry@COM3"), "12", "night", 3.78, 'Dr. "K" \\ Ode\tjr', "prescriber"
    )
    save_settings(folder, settings)
    assert load_settings(folder) == settings
    save_settings(folder, changed(settings, theme="dark", px_per_mm=None))
    assert load_settings(folder).theme == "dark"
    assert [p.name for p in folder.iterdir()] == [FILE_NAME]


def test_the_second_sound_output_is_remembered_by_key_and_name(tmp_path: Path) -> None:
    hall = SoundOutput("{0.0.0.00000000}.{4b1f…}", 'Hall "2"')
    settings = changed(Settings(), second_sound_key=hall.key, second_sound_name=hall.name)
    save_settings(tmp_path, settings)
    assert load_settings(tmp_path).second_sound == hall
    assert Settings().second_sound == NO_OUTPUT
    assert Settings(second_sound_key="alsa:hw1").second_sound == SoundOutput("alsa:hw1", "alsa:hw1")


@given(st.text())
def test_any_text_is_valid_toml(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert tomllib.loads(f"x = {_toml(text)}")["x"] == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("theme = 'pink'", "theme"),
        ("colour = 'red'", "colour"),
        ("px_per_mm = 900", "px_per_mm"),
        ("devices = 3", "devices"),
        ("chair = [", "not valid TOML"),
        ("volume_step = 0", "volume_step"),
        ("volume_step = 5", "volume_step"),
        ("quiet_low = 3", "quiet_low"),
        ("second_sound_key = 3", "second_sound_key"),
    ],
)
def test_a_broken_file_is_never_taken_for_the_defaults(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(ConfigError, match=words) as caught:
        load_settings(tmp_path)
    assert str(tmp_path / FILE_NAME) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"theme = '\xff\xfe'")
    with pytest.raises(ConfigError):
        load_settings(tmp_path)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        save_settings(tmp_path / "file", Settings())
