"""What a chair and its watchdog tell each other; the watchdog's process itself is not started here."""

from types import SimpleNamespace

import pytest

from monitor_app.cli.guard import AT_THE_WATCHDOG, guard
from monitor_app.core.commands import Acknowledge
from monitor_app.services.heart_outlet import HeartOutlet
from monitor_app.services.watchdog_link import OwnAlarm, WatchdogLink
from monitor_app.watchdog.message import Report


@pytest.fixture
def live(tmp_path, monkeypatch):
    monkeypatch.setattr(WatchdogLink, "start", lambda _link: None)
    head = SimpleNamespace(chair="2", simulated=True)
    plan = SimpleNamespace(head=head, data_dir=tmp_path)
    posted: list[object] = []
    return SimpleNamespace(plan=plan, outlets=[], before_close=[], post=posted.append, posted=posted)


def test_a_chair_is_listened_to_and_lets_its_watchdog_go_when_it_closes(live) -> None:
    link = guard(live)
    (outlet,) = live.outlets
    assert isinstance(outlet, HeartOutlet)
    assert live.before_close == [link.close]


def test_who_answers_the_watchdogs_window_acknowledges_the_windows_own_alarm(live) -> None:
    link = guard(live)
    link.own_alarm(OwnAlarm(sounds=True, would_sound=True))
    link._take(Report("showing"))
    link._take(Report("hushed"))
    assert live.posted == [Acknowledge(AT_THE_WATCHDOG, "TE-16-H")]
