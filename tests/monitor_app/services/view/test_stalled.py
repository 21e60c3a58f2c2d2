"""The screen while the program does not answer: nothing that might be old looks like a value (clinical.md §6.6, TE-16)."""

import pytest

from monitor_app.core.phase import Phase
from monitor_app.core.priority import Priority
from monitor_app.services.screen import Freshness, Screen
from monitor_app.services.view.stalled import stalled
from tests.monitor_app.services.bedside.bench import Bench, reading
from tests.monitor_app.services.view.looked_at import screen


@pytest.fixture(scope="module")
def alarming() -> Screen:
    """A screen with numbers and an alarm."""
    bench = Bench()
    bench.bedside.begin()
    bench.plug().pressures = [reading(168, 96)]
    bench.enter(Phase.CHECKIN, Phase.BASE)
    bench.run(40)
    return screen(bench)


def test_it_stands_above_every_alarm_and_says_for_how_long_and_what_to_do(alarming: Screen) -> None:
    first, *others = stalled(alarming, 75.4).alarm_bar.lines
    assert (first.rule, first.priority, first.headline) == ("TE-16", Priority.HIGH, "CHAIRSIDE HAS STOPPED")
    assert (first.unacknowledged, first.latched, first.age_text) == (True, False, "for 1:15")
    assert first.detail == "watch the patient and the monitor itself · restart Chairside"
    assert others == list(alarming.alarm_bar.lines)
    assert all(line.age_text.startswith("for ") for line in (first, *others))


def test_no_number_is_left(alarming: Screen) -> None:
    assert any(tile.alarm is not None for tile in alarming.tiles)
    shown = stalled(alarming, 3)
    assert {tile.value for tile in shown.tiles} == {"—"}
    assert {tile.freshness for tile in shown.tiles} == {Freshness.BLANK}
    assert {tile.alarm for tile in shown.tiles} == {None}
    assert {tile.arrow + tile.foot for tile in shown.tiles} == {""}
    assert {wave.stale_text for wave in shown.waves} <= {"Chairside has stopped"}
    assert shown.border is Priority.HIGH
