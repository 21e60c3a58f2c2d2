"""A bedside in a session just begun, and a monitor plugged into it."""

import pytest

from tests.monitor_app.services.bedside.bench import Bench, BenchMonitor


@pytest.fixture
def bench() -> Bench:
    made = Bench()
    made.bedside.begin()
    return made


@pytest.fixture
def monitor(bench: Bench) -> BenchMonitor:
    return bench.plug()
