"""A live chair looks after its computer and its window (clinical.md §6.6, TE-13, TE-16, TE-17)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from monitor_app.cli.guard import _tell
from monitor_app.core.alarm.facts import SystemFacts
from monitor_app.core.visit.facts import SELF_TEST_SIMULATED
from monitor_app.services.computer import Computer
from monitor_app.services.live import LiveChair, LivePlan
from monitor_app.services.ports import RecordingSounder
from monitor_app.services.sim_chair import SimulatedChair, find_scenario, head_of
from monitor_app.services.watchdog_link import WatchdogLink, WatchOrder
from monitor_app.watchdog.message import Report


def plan_for(data: Path) -> LivePlan:
    scenario = find_scenario("S02")
    return LivePlan(
        data_dir=data,
        head=head_of(scenario, "new-session", 2),
        sounder=RecordingSounder(),
        self_test=SELF_TEST_SIMULATED,
        chair=SimulatedChair(scenario, seed=2),
        computer=lambda folder: Computer(len(folder.name), on_battery=True, battery_percent=12.5),
    )


def until(live: LiveChair, what: Callable[[SystemFacts], bool]) -> None:
    end = monotonic() + 10
    while not what(live.bedside.state().facts.system):
        assert monotonic() < end, "it did not happen"
        Event().wait(0.02)


def test_computer_and_window_reach_the_rules(tmp_path: Path) -> None:
    live = LiveChair(plan_for(tmp_path))
    try:
        live.screen_beat()
        assert live.bedside.state().facts.system.screen_alive_t_ns is not None  # it does not wait in a queue
        live.bedside.watch.screen(None)
        live.start()
        until(live, lambda system: system.free_disk_bytes == len(tmp_path.name))
        system = live.bedside.state().facts.system
        assert (system.on_battery, system.battery_percent) == (True, 12.5)
        assert system.screen_alive_t_ns is None  # nobody has opened a window
        live.screen_beat()
        until(live, lambda system: system.screen_alive_t_ns is not None)
    finally:
        live.close()
    assert live.bedside.state().facts.system.screen_alive_t_ns is None


def test_on_a_faster_clock_no_window_is_waited_for(tmp_path: Path) -> None:
    live = LiveChair(replace(plan_for(tmp_path), speed=10.0))
    try:
        live.screen_beat()
        live.start()
        until(live, lambda system: system.free_disk_bytes is not None)
        assert live.bedside.state().facts.system.screen_alive_t_ns is None
    finally:
        live.close()


@pytest.mark.parametrize(
    ("report", "text", "mute"),
    [
        (Report("armed", "bell", "no way to play a sound here"), "no way to play a sound here", True),
        (Report("armed", "bell", "no way to play a sound here"), "it has ended", False),
        (None, "it cannot be started", False),
        (Report("armed", "aplay"), "", False),
    ],
)
def test_only_a_watchdog_that_answers_is_mute(
    tmp_path: Path, report: Report | None, text: str, mute: bool
) -> None:
    live = LiveChair(plan_for(tmp_path))
    link = WatchdogLink(WatchOrder(tmp_path, simulated=True), on_trouble=lambda _text: None)
    link._report = report
    try:
        _tell(live, link, text)
        live.thread.start()
    finally:
        live.close()
    assert live.bedside.system.watchdog_mute is mute
    assert live.bedside.system.watchdog_error == text
