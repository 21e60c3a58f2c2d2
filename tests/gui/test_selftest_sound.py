"""What ``chairside selftest`` says of the sound outputs, on whatever computer it runs."""

import pytest

from monitor_app.cli.selftest_command import _of_second, _sound
from monitor_app.core.sound_output import NO_OUTPUT, SoundOutput

# Qt looks for a sound system that a computer without sound does not have.
pytestmark = pytest.mark.qt_log_ignore(r"Couldn't (load|resolve) \S+", "PulseAudioService", extend=True)

HALL = SoundOutput("an output nobody has", "Hall")


def test_the_first_is_looked_at_and_that_there_is_no_second_is_said(qtbot) -> None:
    first, _, second = _sound(NO_OUTPUT).partition("; ")
    assert first == "output open" or first.startswith("noticed that ")
    assert "not been opened yet" not in first
    assert second == "no second output chosen"


def test_a_second_that_is_missing_is_noticed(qtbot) -> None:
    assert _sound(HALL).endswith("; second output: noticed that Hall is not connected")


def test_one_that_is_there_is_open() -> None:
    assert _of_second(HALL, "") == "second output Hall open"
