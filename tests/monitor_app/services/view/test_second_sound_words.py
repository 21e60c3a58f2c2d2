"""Why nothing can be heard on the second output, in two words (clinical.md §5.4)."""

import pytest

from monitor_app.core.sound_output import SoundOutput
from monitor_app.services.states_view import SecondSoundChoices
from monitor_app.services.view.second_sound import reason

HALL = SoundOutput("bt-7", "Hall loudspeaker")


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("", ""),
        ("Hall loudspeaker is not connected.", "not connected"),
        ("Hall loudspeaker is the output on which every alarm sounds.", "no sound"),
        ("Hall loudspeaker is muted.", "no sound"),
    ],
)
def test_only_one_that_is_missing_is_called_not_connected(trouble: str, said: str) -> None:
    assert reason(SecondSoundChoices(HALL, (HALL,), trouble)) == said
