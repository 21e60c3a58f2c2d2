"""What is chosen of the sound at the bedside is kept by the window, which alone writes the settings (clinical.md §5.3; design.md §5)."""

import pytest

from devices.errors import ConfigError
from monitor_app.core.alarm_commands import ChooseSecondSound, SetVolume
from monitor_app.core.sound_output import NO_OUTPUT, SoundOutput
from monitor_app.services.bedside.thread import Outlet
from monitor_app.services.settings import Settings, load_settings
from monitor_app.ui.live_window import LiveWindow
from monitor_app.ui.remembered import remember
from monitor_app.ui.requests import VolumeChosen
from tests.monitor_app.services.bedside.bench import NURSE, Bench


class Chair:
    """A bedside under the live window; ``keep`` is what remembers."""

    def __init__(self, qtbot, keep) -> None:
        self.bench, self.outlet, self.told = Bench(), Outlet(), 0
        self.bench.bedside.begin()
        self.bench.plug()
        self.live = LiveWindow(self.outlet, self.bench.do, keep, clock=self.bench.clock)
        qtbot.addWidget(self.live.window, before_close_func=lambda made: made.close_now())
        self.look()

    def look(self) -> None:
        """A second passes, and the window takes what was published."""
        self.bench.run(1)
        for publication in self.bench.published[self.told :]:
            self.outlet.put(publication)
        self.told = len(self.bench.published)
        self.live.frame()


def test_a_new_volume_is_kept_once_and_the_one_of_the_start_is_not(qtbot) -> None:
    kept: list[object] = []
    chair = Chair(qtbot, kept.append)
    chair.look()
    assert kept == []
    chair.bench.do(SetVolume(2, NURSE))
    chair.look()
    chair.look()
    assert kept == [VolumeChosen(2)]
    chair.bench.do(SetVolume(5, NURSE))  # which is refused
    chair.look()
    assert kept == [VolumeChosen(2)]


def test_the_second_output_is_kept_likewise(qtbot, tmp_path) -> None:
    chair = Chair(qtbot, lambda request: remember(tmp_path, request))
    hall = SoundOutput("bt-7", "Hall")
    chair.bench.sounder.other_outputs = (hall,)
    chair.bench.do(ChooseSecondSound(hall, NURSE))
    chair.look()
    assert load_settings(tmp_path).second_sound == hall
    chair.bench.do(ChooseSecondSound(NO_OUTPUT, NURSE))
    chair.look()
    assert load_settings(tmp_path) == Settings()


def test_one_that_cannot_be_kept_holds_and_is_said(qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def full(_request: object) -> None:
        raise ConfigError("settings.toml cannot be written (full): check the folder's rights.")

    chair = Chair(qtbot, full)
    monkeypatch.setattr(chair.live.window, "say", said.append)
    chair.bench.do(SetVolume(2, NURSE))
    chair.look()
    chair.look()
    assert [text.partition(":")[0] for text in said] == ["The volume is not remembered for the next session"]
    assert chair.bench.state.alarm_system.volume_step == 2
