"""Bare ``chairside``: a window that helps where somebody is there to use it, one sentence where nobody is."""

import pytest

from monitor_app.cli import window_command
from monitor_app.cli.guided_start import NOT_CONFIGURED, SIMULATED_CHAIR, guided_start, why_guided
from monitor_app.cli.parser import build_parser
from monitor_app.services.settings import Settings, load_settings, save_settings
from monitor_app.ui.requests import MonitorChosen
from monitor_app.ui.start_window import StartWindow


@pytest.fixture
def nobody(monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def somebody(monkeypatch):
    """A display, as far as the command can tell, although the tests draw offscreen."""
    monkeypatch.setattr("monitor_app.cli.guided_start.can_show_windows", lambda: True)
    monkeypatch.setattr("monitor_app.cli.guided_start.HEADLESS_PLATFORMS", ())


def test_without_a_display_one_sentence_says_what_to_type(chairside, tmp_path, nobody):
    assert chairside("--data-dir", tmp_path).refused("--device DRIVER@PORT", "berry", "chairside demo")


def test_a_network_address_that_nobody_has_confirmed(chairside, tmp_path, nobody):
    save_settings(tmp_path, Settings(devices=("berry@socket://10.0.0.7:4001",)))
    assert chairside("--data-dir", tmp_path).refused("socket://10.0.0.7:4001", "--confirm-real NAME")


def test_a_wrong_line_in_the_settings_is_told(chairside, tmp_path, nobody):
    save_settings(tmp_path, Settings(devices=("berry",)))
    assert chairside("--data-dir", tmp_path).refused("DRIVER@PORT")


def test_when_guiding_is_needed():
    address = window_command.parse_device("berry@socket://10.0.0.7:4001")
    assert why_guided((), "") == NOT_CONFIGURED
    assert "10.0.0.7" in why_guided((address,), " ")
    assert why_guided((address,), "R. Ortiz") == ""
    assert why_guided((window_command.parse_device("berry@COM3"),), "") == ""


def test_the_window_opens_and_its_choice_is_kept_and_returned(qtbot, tmp_path, somebody, monkeypatch):
    chosen = MonitorChosen(("berry@usb:A1",))
    shown = []

    def choose(window):
        shown.append(window.isVisible())
        window._on_asked(chosen)

    monkeypatch.setattr("PySide6.QtWidgets.QApplication.exec", lambda *_: choose(windows[0]))
    windows = []
    original = StartWindow.__init__

    def note(self, *arguments, **named):
        windows.append(self)
        original(self, *arguments, **named)

    monkeypatch.setattr(StartWindow, "__init__", note)
    assert guided_start(tmp_path, Settings(safety_read=True), NOT_CONFIGURED) == chosen
    assert shown == [True]
    assert load_settings(tmp_path).devices == chosen.devices
    qtbot.addWidget(windows[0])


@pytest.fixture
def steps(monkeypatch):
    """What the command does, one entry each; the answers are taken from the front."""
    done, answers = [], []

    def answer(name):
        def step(*arguments):
            done.append((name, *arguments[1:]))
            return answers.pop(0)

        return step

    monkeypatch.setattr(window_command, "guided_start", answer("guide"))
    monkeypatch.setattr(window_command, "_run_on", answer("run"))
    monkeypatch.setattr(window_command, "run_simulated_chair", answer("simulate"))
    return done, answers


def run(tmp_path, *arguments):
    return window_command.run_window(build_parser().parse_args(["--data-dir", str(tmp_path), *arguments]))


def test_a_monitor_found_is_opened_and_may_be_changed_for_another(steps, tmp_path):
    done, answers = steps
    answers += [MonitorChosen(("berry@COM3",)), MonitorChosen(("nonin@socket://h:1",), "R. Ortiz"), 0]
    assert run(tmp_path) == 0
    assert [step[0] for step in done] == ["guide", "run", "run"]
    assert [address.source for address in done[1][2]] == ["berry@COM3"]
    assert ([address.source for address in done[2][2]], done[2][3]) == (["nonin@socket://h:1"], "R. Ortiz")


def test_the_simulated_chair_is_run_only_when_asked_for(steps, tmp_path):
    done, answers = steps
    answers += [SIMULATED_CHAIR, 0]
    assert run(tmp_path) == 0
    assert [step[0] for step in done] == ["guide", "simulate"]
    done.clear()
    answers += [None]
    assert run(tmp_path) == 0
    assert [step[0] for step in done] == ["guide"]


def test_a_device_named_needs_no_guiding(steps, tmp_path):
    done, answers = steps
    answers += [0]
    run(tmp_path, "--device", "berry@COM3")
    assert [step[0] for step in done] == ["run"]
