"""Window, strips and chart over a real bedside: choices about the screen, the self-test, and what refuses to close."""

import pytest
import visit_hands
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from devices.errors import ConfigError
from monitor_app.core import commands
from monitor_app.core.journal import SystemEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.facts import SELF_TEST_NOT_RUN
from monitor_app.services.headless import HeadlessChair
from monitor_app.services.settings import FILE_NAME, Settings, load_settings
from monitor_app.ui.main_window import FROZEN_AT_MOST_NS
from monitor_app.ui.remembered import apply_settings, remember
from monitor_app.ui.requests import (
    CalibrationChosen,
    StepChosen,
    ThemeChosen,
    TrendWindowChosen,
    UserChosen,
    VolumeChosen,
)
from monitor_app.ui.style import Theme


@pytest.fixture
def chair(tmp_path):
    made = HeadlessChair("S01", seed=2, data_dir=tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def hands(qtbot, chair, tmp_path):
    return visit_hands.Hands(qtbot, chair, tmp_path / "pictures", width=1920)


def monitor(hands) -> None:
    """Begin to monitor without a check-in, as a recording from the command line does."""
    hands.chair.bedside.start_recording()
    hands.wait(5)


def test_the_step_shown_is_the_usual_one_until_another_is_chosen(hands) -> None:
    hands.action("next")
    hands.press("Yes")
    hands.press("Patient is here")
    hands.action("next")
    hands.press("Other…")
    hands.press("Not treated")
    assert hands.screen.screen.phase_panel.to_phase is Phase.CANCEL
    assert hands.panel.title.text() == "Not to treat today"
    hands.type("Why not treated?", "fever")
    hands.press("Enter")
    hands.press("Not treated")
    assert hands.visit.phase is Phase.CANCEL


def test_closing_the_panel_forgets_the_other_step(hands) -> None:
    hands.action("next")
    hands.press("Yes")
    hands.press("Patient is here")
    hands.action("next")
    hands.window.asked.emit(StepChosen(Phase.CANCEL))
    assert hands.screen.screen.phase_panel.to_phase is Phase.CANCEL
    hands.press("Close")
    assert hands.screen.screen.phase_panel.to_phase is Phase.BASE


def test_a_refused_drug_brings_its_panel_back(hands) -> None:
    monitor(hands)
    hands.window.user = Actor("A. B.", "auditor")
    hands.action("drug")
    hands.press("Ondansetron")
    hands.digits("4")
    hands.press("Record")
    assert hands.window.panels.key == "drug"
    assert "looks on" in hands.panel.refusal.text()
    assert hands.panel.written.text() == "Ondansetron 4 mg IV"
    assert hands.feed()[0].startswith("Not done: ")
    assert hands.window.action_row.button("drug").mark != "recorded"


def test_waves_are_frozen_by_key_while_alarms_and_numbers_go_on(hands) -> None:
    monitor(hands)
    hands.qtbot.keyClick(hands.window, Qt.Key.Key_F11, Qt.KeyboardModifier.ShiftModifier)
    assert hands.screen.strips.frozen
    before = hands.screen.screen.t_ns
    hands.wait(3)
    assert hands.screen.screen.t_ns > before
    hands.qtbot.keyClick(hands.window, Qt.Key.Key_F11, Qt.KeyboardModifier.ShiftModifier)
    assert not hands.screen.strips.frozen


def test_frozen_waves_let_go_by_themselves(hands) -> None:
    monitor(hands)
    hands.window.toggle_frozen()
    now_ns = hands.chair.clock.monotonic_ns()
    hands.screen.refresh(now_ns + FROZEN_AT_MOST_NS)
    assert hands.screen.strips.frozen
    hands.screen.refresh(now_ns + FROZEN_AT_MOST_NS + 1_000_000_000)
    assert not hands.screen.strips.frozen


def test_the_window_stays_whoever_asks_it_to_close_while_a_patient_is_monitored(hands) -> None:
    monitor(hands)
    assert not hands.window.close()
    QApplication.closeAllWindows()  # what a session manager or window manager ends up doing
    assert hands.window.isVisible()
    assert "being monitored" in hands.window.feed.notice.text()


def test_the_chart_s_span_is_chosen_and_kept(hands, tmp_path) -> None:
    hands.window.open_panel("settings")
    chosen = []
    hands.window.asked.connect(chosen.append)
    hands.press("30 min")
    assert hands.screen.screen.trend.window_text == "30 min"
    assert chosen == [TrendWindowChosen(30)]


@pytest.mark.parametrize(
    ("request_", "field", "value"),
    [
        (TrendWindowChosen(0), "trend_min", 0),
        (CalibrationChosen(4.25), "px_per_mm", 4.25),
        (ThemeChosen(Theme.NIGHT), "theme", "night"),
        (VolumeChosen(2), "volume_step", 2),
        (UserChosen(Actor("B. C.", "prescriber")), "user_name", "B. C."),
    ],
)
def test_choices_about_the_screen_are_kept_in_the_settings(tmp_path, request_, field, value) -> None:
    remember(tmp_path, request_)
    assert getattr(load_settings(tmp_path), field) == value


def test_what_is_no_choice_for_next_time_is_not_written(tmp_path) -> None:
    remember(tmp_path, StepChosen(None))
    assert not (tmp_path / FILE_NAME).exists()


def test_a_broken_settings_file_is_never_taken_for_the_defaults(tmp_path) -> None:
    (tmp_path / FILE_NAME).write_text('theme = "pink"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="theme"):
        remember(tmp_path, ThemeChosen(Theme.DARK))


def test_the_window_opens_as_it_was_left(hands) -> None:
    apply_settings(
        hands.window,
        Settings(theme="light", px_per_mm=4.0, user_name="R. H.", user_role="prescriber", trend_min=60),
    )
    hands.look()
    assert hands.window.theme is Theme.LIGHT
    assert hands.window.px_per_mm == 4.0
    assert hands.window.user == Actor("R. H.", "prescriber")
    assert hands.screen.screen.trend.window_text == "1 h"


@pytest.fixture
def untested(qtbot, chair, tmp_path):
    """A chair whose alarms have not been tested today."""
    chair.bedside._builder.self_test = SELF_TEST_NOT_RUN
    return visit_hands.Hands(qtbot, chair, tmp_path / "pictures")


def test_the_self_test_opens_at_the_start_and_is_confirmed(untested, chair) -> None:
    hands = untested
    kept = []
    chair.listen(lambda entry: kept.append(entry) if isinstance(entry, SystemEntry) else None)
    assert hands.window.panels.key == "selftest"
    assert not hands.panel.passed.isEnabled()
    for words in ("!!!  HIGH", "!!  MEDIUM", "!  LOW"):
        hands.press(words)
    assert [b.urgency for b in chair.sounder.bursts] == ["SOFT_HIGH", "SOFT_MEDIUM", "SOFT_LOW"]
    seen = [hands.panel.keys[name].property("role") for name in ("HIGH", "MEDIUM", "LOW")]
    assert seen == ["high", "medium", "low"]
    hands.picture("self-test")
    hands.press("Heard and seen")
    assert hands.window.panels.key == ""
    assert [e.fields["result"] for e in kept if e.code == "SELF_TEST"] == ["passed"]
    hands.wait(2)
    assert hands.window.panels.key == ""  # offered once, not again and again


def test_a_test_not_heard_stays_failed(untested, chair) -> None:
    untested.press("Not heard or not seen")
    untested.wait(1)
    assert chair.bedside.state().visit_facts.self_test == "failed"


def test_a_visit_not_treated_is_closed_and_the_window_with_it(hands, chair) -> None:
    monitor(hands)
    hands.chair.bedside.command(commands.Answer("cancel_reason", "test", visit_hands.NURSE))
    hands.chair.bedside.command(commands.Advance(Phase.CANCEL, visit_hands.NURSE, "not well"))
    hands.wait(1)
    assert hands.visit.phase is Phase.CANCEL
    assert hands.screen.screen.phase_panel.to_phase is None
    assert not hands.window.action_row.button("next").isEnabled()
    assert hands.window.close()
