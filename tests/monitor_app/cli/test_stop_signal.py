"""A command that is told to end at any moment: while it loads, before its window's loop runs, in the middle of a visit."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer

from monitor_app.cli.qt_app import leave_when_stopped
from monitor_app.cli.stop_signal import StopSignal, leaving_at_once
from monitor_app.services.demo import DemoOrder, DemoVisit, VisitStoppedError
from monitor_app.storage.store import open_archive
from monitor_app.storage.verify import verify

ROOT = Path(__file__).parents[3]
posix = pytest.mark.skipif(os.name != "posix", reason="a process cannot send itself these signals elsewhere")
LOADING = """
import signal
from monitor_app.cli.stop_signal import leaving_at_once
with leaving_at_once():
    print("loads", flush=True)
    while True:
        signal.pause()
"""


@pytest.fixture(autouse=True)
def usual_handlers():
    """A shell starts what it puts into the background with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@posix
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_while_it_loads_a_command_leaves_without_a_word(number, status):
    child = subprocess.Popen(
        [sys.executable, "-c", LOADING],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline() == b"loads\n"
    child.send_signal(number)
    assert child.communicate(timeout=10) == (b"", b"")
    assert child.returncode == status


def test_afterwards_all_is_as_before():
    with leaving_at_once():
        assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    with StopSignal():
        assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


@posix
def test_the_first_signal_is_told_and_the_second_kills_as_usual():
    told = []
    with StopSignal() as stop:
        stop.on_stop(lambda: told.append(stop.status))
        assert (stop.requested, stop.status) == (False, 0)
        os.kill(os.getpid(), signal.SIGTERM)
        assert (stop.requested, stop.status, told) == (True, 143, [143])
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


@posix
def test_one_that_came_before_is_told_at_once():
    told = []
    with StopSignal() as stop:
        os.kill(os.getpid(), signal.SIGINT)
        stop.on_stop(lambda: told.append("stop"))
    assert told == ["stop"]


@posix
def test_what_has_to_be_ended_in_order_is_not_torn_out_of_it():
    before = signal.getsignal(signal.SIGHUP)
    with StopSignal(lasting=True) as stop:
        assert signal.getsignal(signal.SIGHUP) == before  # who closes the terminal leaves a patient unwatched
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGINT):
            os.kill(os.getpid(), number)
        assert stop.status == 143


@posix
@pytest.mark.parametrize("lasting", [True, False])
def test_nohup_is_respected(lasting):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with StopSignal(lasting=lasting) as stop:
            os.kill(os.getpid(), signal.SIGHUP)
            assert not stop.requested
    finally:
        signal.signal(signal.SIGHUP, before)


@posix
@pytest.mark.parametrize("early", [True, False])
def test_a_window_ends_also_when_told_before_its_loop_runs(qapp, early):
    too_late = QTimer()
    too_late.setSingleShot(True)
    too_late.timeout.connect(lambda: qapp.exit(1))
    with StopSignal(lasting=True) as stop:
        if early:
            os.kill(os.getpid(), signal.SIGINT)
        timer = leave_when_stopped(qapp, stop)
        if not early:
            QTimer.singleShot(0, lambda: os.kill(os.getpid(), signal.SIGTERM))
        too_late.start(10_000)
        assert qapp.exec() == 0
        timer.stop()
        too_late.stop()


@pytest.mark.parametrize("seconds", [0, 40])
def test_a_visit_that_is_stopped_leaves_a_whole_record_and_no_export(tmp_path, seconds):
    out = tmp_path / "out"
    out.mkdir()
    asked = []

    def stopped() -> bool:
        asked.append(None)
        return len(asked) > seconds

    visit = DemoVisit(DemoOrder("S01", 1, tmp_path / "data", out), stopped=stopped)
    with pytest.raises(VisitStoppedError, match="what was recorded until then is kept"):
        visit.run()
    assert list(out.iterdir()) == []
    assert len(open_archive(tmp_path / "data").sessions()) == min(seconds, 1)
    assert verify(tmp_path / "data") == []
