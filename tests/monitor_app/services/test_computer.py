"""The look at disk and power: now and then, on a thread of its own, told only when it is something new."""

import threading
from pathlib import Path

from monitor_app.services.computer import UNKNOWN_COMPUTER, Computer, ComputerWatch, read_computer
from monitor_app.services.power import Power


def test_disk_and_power_of_the_folder(tmp_path: Path) -> None:
    found = read_computer(tmp_path, lambda: Power(on_battery=True, percent=50.0))
    assert found.free_disk_bytes is not None
    assert found.free_disk_bytes > 0
    assert (found.on_battery, found.battery_percent) == (True, 50.0)


def test_what_cannot_be_read_is_unknown(tmp_path: Path) -> None:
    def broken() -> Power:
        raise OSError

    assert read_computer(tmp_path / "nothing", broken) == UNKNOWN_COMPUTER


def test_only_what_is_new_is_told() -> None:
    looks = iter([Computer(5), Computer(5), Computer(4)])
    told: list[Computer] = []
    watch = ComputerWatch(lambda: next(looks), told.append)
    for _ in range(3):
        watch.look()
    assert told == [Computer(5), Computer(4)]


def test_it_looks_at_once_and_ends_when_closed() -> None:
    first = threading.Event()
    watch = ComputerWatch(lambda: Computer(7), lambda _now: first.set())
    watch.start()
    assert first.wait(5)
    watch.close()
    watch.close()
    assert not watch._thread.is_alive()


def test_closing_one_that_never_began_is_harmless() -> None:
    ComputerWatch(lambda: UNKNOWN_COMPUTER, lambda _now: None).close()
