"""The monitor's port is pulled and comes back, again and again (design.md §3; protocols.md §11: reconnect for ever)."""

import queue
import statistics
import sys
import threading
import time
from pathlib import Path

import pytest

from devices.clock import SystemClock
from devices.link import Link
from devices.registry import make_driver
from devices.signals import Arrival, LinkState, LinkStatus
from devices.simulators.emulator import EmulatorRunner
from devices.transport.open_port import open_transport
from devices.transport.pty import PtyPort
from monitor_app.services.emulate_run import Emulation, EmulationPlan
from tests.devices.fakes import open_descriptors

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
BACK_WITHIN_S = 3.0
PATIENCE_S = 20.0
ROUNDS, ROUNDS_LONG = 8, 200


class Plug:
    """A monitor on a pseudo-terminal that can be pulled out whole and put back under the same name."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self._runner: EmulatorRunner | None = None

    def put_in(self, seed: int) -> None:
        emulation = Emulation(EmulationPlan("berry", seed=seed), PtyPort(self.link))
        emulation.emulator.open()
        self._runner = EmulatorRunner(emulation.emulator, SystemClock())
        self._runner.start()

    def pull_out(self) -> None:
        if self._runner is not None:
            assert self._runner.stop()
            self._runner = None


def until(heard: "queue.SimpleQueue[Arrival]", state: LinkState) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while (left := deadline - time.monotonic()) > 0:
        signal = heard.get(timeout=left).signal
        if isinstance(signal, LinkStatus) and signal.state is state:
            return
    pytest.fail(f"never {state}")


@pytest.mark.timeout(900)
def test_pulled_and_put_back_it_streams_again_within_3_s_and_leaves_nothing_behind(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    rounds = ROUNDS_LONG if request.config.getoption("--long") else ROUNDS
    plug, heard = Plug(tmp_path / "m"), queue.SimpleQueue[Arrival]()
    driver = make_driver("berry")
    link = Link(
        driver, open_transport(str(plug.link), driver.info.serial), SystemClock(), heard.put, port="m"
    )
    back_s: list[float] = []
    plug.put_in(0)
    link.start()
    try:
        until(heard, LinkState.STREAMING)
        threads, descriptors = threading.active_count(), open_descriptors()
        for number in range(1, rounds + 1):
            plug.pull_out()
            until(heard, LinkState.LOST)
            plug.put_in(number)
            begun = time.monotonic()
            until(heard, LinkState.STREAMING)
            back_s.append(time.monotonic() - begun)
        assert threading.active_count() == threads
        assert open_descriptors() <= descriptors
    finally:
        link.close()
        plug.pull_out()
    assert len(back_s) == rounds
    assert max(back_s) <= BACK_WITHIN_S, (
        f"median {statistics.median(back_s):.2f} s, worst {max(back_s):.2f} s"
    )
