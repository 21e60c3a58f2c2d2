"""A second monitor joins a chair that runs (protocols.md §10, design.md §3)."""

from pathlib import Path
from threading import Event
from time import monotonic
from types import SimpleNamespace

import pytest

from devices.errors import KnownError
from devices.registry import DeviceAddress, parse_device
from devices.signals import LinkState
from monitor_app.cli.window_command import join
from monitor_app.core.visit.facts import SELF_TEST_SIMULATED
from monitor_app.services.computer import Computer
from monitor_app.services.live import LiveChair, LivePlan
from monitor_app.services.ports import RecordingSounder
from monitor_app.services.sim_chair import SimulatedChair, find_scenario, head_of
from monitor_app.ui.requests import MonitorChosen
from tests.devices.emulated_wire import wire_of


@pytest.fixture
def live(tmp_path: Path):
    scenario = find_scenario("S02")
    made = LiveChair(
        LivePlan(
            data_dir=tmp_path / "data",
            head=head_of(scenario, "new-session", 2),
            sounder=RecordingSounder(),
            self_test=SELF_TEST_SIMULATED,
            chair=SimulatedChair(scenario, seed=2),
            computer=lambda _folder: Computer(0),
        )
    )
    try:
        yield made
    finally:
        made.close()


def test_a_monitor_that_is_added_streams_beside_the_first(live: LiveChair, tmp_path: Path) -> None:
    capture = tmp_path / "nonin.raw"
    capture.write_bytes(wire_of("nonin", 30))
    live.start()
    address = DeviceAddress("nonin", f"capture://{capture}")
    live.add(address)
    end = monotonic() + 10
    while [link.state for link in live.bedside.state().links] != [LinkState.STREAMING] * 2:
        assert monotonic() < end, "it did not stream"
        Event().wait(0.02)
    assert [link.source for link in live.bedside.state().links][1] == address.source
    assert live.devices == (address,)
    with pytest.raises(KnownError, match="in use already"):
        live.add(address)


def test_a_real_monitor_does_not_join_a_simulated_session(live: LiveChair) -> None:
    with pytest.raises(KnownError, match="one kind at a time"):
        live.add(DeviceAddress("nonin", "/dev/ttyUSB7"))
    with pytest.raises(KnownError, match="nobody has confirmed"):
        live.add(DeviceAddress("nonin", "socket://10.0.0.7:4001"))
    assert live.devices == ()


FIRST, SECOND = "berry@/dev/ttyUSB0", "nonin@/dev/ttyUSB1"


@pytest.mark.parametrize(
    ("chosen", "joins", "added"),
    [
        ((FIRST, SECOND), True, [SECOND]),
        ((FIRST,), True, []),
        ((SECOND, FIRST), False, []),
        ((SECOND,), False, []),
        (("masimo@/dev/ttyUSB0", SECOND), False, []),
    ],
)
def test_what_is_only_added_joins_and_anything_else_begins_anew(chosen, joins, added) -> None:
    asked = []
    running = SimpleNamespace(
        devices=(parse_device(FIRST),),
        add=lambda address, confirmed_by: asked.append((address.text, confirmed_by)),
    )
    assert join(running, MonitorChosen(chosen, "R. Ortiz")) is joins
    assert asked == [(text, "R. Ortiz") for text in added]
