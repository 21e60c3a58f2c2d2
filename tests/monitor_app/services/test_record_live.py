"""Recording with real threads over a real pseudo-terminal (design.md §5, §7 ``record``; protocols.md §11)."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pytest

from devices.clock import SystemClock
from devices.drivers.berry import BerryDriver
from devices.errors import DiskFullError, KnownError
from devices.registry import DeviceAddress
from devices.simulators.acts import SetCable
from devices.simulators.emulator import EmulatorRunner
from devices.transport.pty import PtyPort
from monitor_app.core.journal import GapEntry, LinkEntry, NibpEntry, SystemEntry
from monitor_app.core.phase import Phase
from monitor_app.services.emulate_run import Emulation, EmulationPlan
from monitor_app.services.record_run import RecordOrder, RecordRun, await_ports
from monitor_app.storage.store import Store, open_archive
from monitor_app.storage.verify import verify

if sys.platform != "win32":
    import fcntl
    import resource

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
ROOT = Path(__file__).resolve().parents[3]
CHAIRSIDE = [sys.executable, "-m", "monitor_app"]
RATES = {wave.name: wave.rate_hz for wave in BerryDriver.info.waveforms}


class EmulatedPort:
    """An emulated Berry on a pseudo-terminal, in a thread of this process."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self.emulation = Emulation(EmulationPlan("berry", seed=4), PtyPort(link))
        self.runner = EmulatorRunner(self.emulation.emulator, SystemClock())

    def start(self) -> None:
        self.emulation.emulator.open()
        self.runner.start()

    def stop(self) -> None:
        self.runner.stop()

    @property
    def address(self) -> DeviceAddress:
        return DeviceAddress("berry", str(self.link))


@pytest.fixture
def emulated(tmp_path: Path) -> Iterator[EmulatedPort]:
    port = EmulatedPort(tmp_path / "monitor")
    port.start()
    yield port
    port.stop()


def order(tmp_path: Path, port: EmulatedPort | str, seconds: float, **more: Any) -> RecordOrder:
    address = DeviceAddress("berry", port) if isinstance(port, str) else port.address
    return RecordOrder(tmp_path / "data", (address,), seconds, **more)


def record(given: RecordOrder, at: tuple[tuple[float, Callable[[], None]], ...] = ()) -> dict[str, Any]:
    """Record; ``at``: things done so many seconds after recording began."""
    run = RecordRun(given)
    begun: list[float] = []

    def wait(seconds: float) -> bool:
        if seconds < 0.1:
            threading.Event().wait(seconds)
            return False
        begun.append(monotonic())
        for when, deed in at:
            threading.Event().wait(max(begun[0] + when - monotonic(), 0))
            deed()
        threading.Event().wait(max(begun[0] + seconds - monotonic(), 0))
        return False

    return run.run(wait)


def entries(tmp_path: Path, summary: dict[str, Any], kind: type) -> list[Any]:
    found = open_archive(tmp_path / "data").record(summary["session"])
    return [e for e in found.entries if isinstance(e, kind)]


def test_five_seconds_without_a_fault(tmp_path: Path, emulated: EmulatedPort) -> None:
    summary = record(order(tmp_path, emulated, 5.0, patient_key="P-9"))
    assert summary["frames_bad"] == 0
    assert summary["gaps"] == []
    assert summary["dropped"] == 0
    assert summary["waveforms"].keys() == RATES.keys()
    for name, count in summary["waveforms"].items():
        assert count == pytest.approx(RATES[name] * summary["seconds"], rel=0.01, abs=RATES[name] * 0.05)
    assert {"HR", "PR", "SPO2", "RR", "TEMP"} <= summary["numerics"].keys()
    assert all(4 <= count <= 6 for count in summary["numerics"].values())
    found = open_archive(tmp_path / "data").record(summary["session"])
    assert found.closed
    assert found.opened.patient_key == "P-9"
    assert found.opened.simulated
    stored = {track.name: track for track in found.waves}
    for name, count in summary["waveforms"].items():
        blocks = list(stored[name].blocks())
        assert stored[name].sample_count == count
        starts = np.array([b.first_sample for b in blocks])
        sizes = np.array([b.counts.size for b in blocks])
        np.testing.assert_array_equal(starts[1:], starts[:-1] + sizes[:-1])
    assert verify(tmp_path / "data") == []


def test_the_cable_pulled_and_put_back(tmp_path: Path, emulated: EmulatedPort) -> None:
    """The data cable: the port is there, nothing comes; then it comes again by itself."""
    bedside = emulated.emulation.patient.bedside
    pulled = (
        (1.0, lambda: bedside.post(SetCable(out=True))),
        (5.0, lambda: bedside.post(SetCable(out=False))),
    )
    summary = record(order(tmp_path, emulated, 7.5), pulled)
    states = [e.state.value for e in entries(tmp_path, summary, LinkEntry)]
    assert states[-4:] == ["streaming", "stalled", "streaming", "closed"]
    gaps = [g for g in summary["gaps"] if g["channel"] == "ECG_II"]
    assert len(gaps) == 1
    assert gaps[0]["seconds"] == pytest.approx(4.0, abs=0.3)
    assert {"TE-09-L"} <= {a["rule"] for a in summary["alarms"]}
    stored = entries(tmp_path, summary, GapEntry)
    assert len({g.channel for g in stored}) == 9


def test_the_adapter_unplugged_in_the_middle_of_a_cuff_cycle(tmp_path: Path) -> None:
    port = EmulatedPort(tmp_path / "monitor")
    port.start()
    again = EmulatedPort(tmp_path / "monitor")
    deeds = ((2.0, port.stop), (3.0, again.start))
    try:
        summary = record(order(tmp_path, port, 6.5, nibp_every_min=5), deeds)
    finally:
        again.stop()
    (cycle,) = entries(tmp_path, summary, NibpEntry)
    assert cycle.failure is not None
    assert cycle.failure.value == "no answer from the monitor"
    assert [e.state.value for e in entries(tmp_path, summary, LinkEntry)][-4:] == [
        "lost",
        "searching",
        "streaming",
        "closed",
    ]
    gap = next(g for g in summary["gaps"] if g["channel"] == "PLETH")
    assert gap["seconds"] == pytest.approx(1.3, abs=1.0)


def test_a_monitor_that_never_comes_back_leaves_its_gap(tmp_path: Path, emulated: EmulatedPort) -> None:
    bedside = emulated.emulation.patient.bedside
    summary = record(order(tmp_path, emulated, 4.0), ((1.5, lambda: bedside.post(SetCable(out=True))),))
    gap = next(g for g in summary["gaps"] if g["channel"] == "ECG_II")
    assert gap["t"] + gap["seconds"] == pytest.approx(4.0, abs=1.0)
    assert gap["seconds"] == pytest.approx(2.5, abs=0.5)


def test_a_silent_port_a_wrong_rate_and_a_missing_port_are_told_apart(tmp_path: Path) -> None:
    with PtyPort(tmp_path / "silent") as silent:
        silent.open()
        run = RecordRun(order(tmp_path, str(tmp_path / "silent"), 0.6))
        assert run.run(threading.Event().wait)["frames_ok"] == 0
        assert "0 bytes so far" in run.why_nothing_came()
    rng = np.random.default_rng(5)
    with PtyPort(tmp_path / "noisy") as noisy:
        noisy.open()
        run = RecordRun(order(tmp_path, str(tmp_path / "noisy"), 2.0))

        def wait(seconds: float) -> bool:
            noisy.write(rng.integers(0, 256, 200, dtype=np.uint8).tobytes())
            return threading.Event().wait(seconds)

        summary = run.run(wait)
        assert summary["waveforms"] == {}
        assert "baud" in run.why_nothing_came()
    run = RecordRun(order(tmp_path, str(tmp_path / "nowhere"), 0.2))
    summary = run.run(threading.Event().wait)
    assert "does not exist" in run.why_nothing_came()
    assert summary["session"] is None
    assert open_archive(tmp_path / "data").sessions() == []


def test_a_port_is_waited_for_before_it_is_settled_whether_a_patient_is_there(tmp_path: Path) -> None:
    given = order(tmp_path, str(tmp_path / "later") + "#9600-8N1", 5.0)
    polls: list[float] = []

    def wait(seconds: float) -> bool:
        polls.append(seconds)
        if len(polls) == 3:
            (tmp_path / "later").symlink_to("/dev/pts/none")
        return False

    assert await_ports(given, wait) < given.seconds
    assert len(polls) == 3


@pytest.mark.parametrize("port", ["socket://127.0.0.1:1", "usb:0403:6001", "COM3"])
def test_what_is_no_device_file_is_not_waited_for(tmp_path: Path, port: str) -> None:
    def wait(_seconds: float) -> bool:
        pytest.fail("nothing to wait for")

    assert await_ports(order(tmp_path, port, 5.0), wait) < 1.0


def test_waiting_for_a_port_ends_when_told_to_stop(tmp_path: Path) -> None:
    given = order(tmp_path, str(tmp_path / "never"), 60.0)
    assert await_ports(given, lambda _seconds: True) < 1.0


def cli(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*CHAIRSIDE, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )


def started(data: Path, timeout_s: float = 60.0) -> str:
    """Wait until a session with some events is in the store; its id."""
    end = monotonic() + timeout_s
    while monotonic() < end:
        with suppress(KnownError):  # the database is being made
            found = open_archive(data).sessions()
            if found and found[0].duration_s > 0.5:
                return found[0].id
        threading.Event().wait(0.1)
    pytest.fail("no session came to be")


def test_term_ends_in_order_and_a_second_recorder_is_told_to_wait(
    tmp_path: Path, emulated: EmulatedPort
) -> None:
    data = tmp_path / "data"
    given = ("record", "--device", f"berry@{emulated.link}", "--data-dir", str(data), "--json")
    with cli(*given, "--for", "60") as first:
        session = started(data)
        with cli(*given, "--for", "1") as second:
            out, err = second.communicate(timeout=30)
        assert second.returncode == 1
        assert out == ""
        assert err.count("\n") == 1
        assert "another Chairside" in err
        assert "--data-dir" in err
        first.send_signal(signal.SIGTERM)
        out, err = first.communicate(timeout=30)
    assert first.returncode == 0, err
    assert session in out
    record_read = open_archive(data).record(session)
    assert record_read.closed
    assert record_read.phase is Phase.BASE


@pytest.mark.skipif(sys.platform != "linux", reason="limits another process's file size")
def test_a_full_disk_is_told_and_the_record_goes_on_when_there_is_room(
    tmp_path: Path, emulated: EmulatedPort
) -> None:
    data = tmp_path / "data"
    given = ("record", "--device", f"berry@{emulated.link}", "--data-dir", str(data), "--json", "--for", "60")
    with cli(*given) as child:
        session = started(data)
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (4096, hard))
        threading.Event().wait(3.0)
        resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (hard, hard))
        threading.Event().wait(2.5)
        child.send_signal(signal.SIGTERM)
        out, err = child.communicate(timeout=30)
    assert child.returncode == 0, err
    assert '"TE-12"' in out
    found = open_archive(data).record(session)
    codes = [e.code for e in found.entries if isinstance(e, SystemEntry)]
    assert codes.index("STORAGE_ERROR") < codes.index("STORAGE_OK")
    ecg = next(track for track in found.waves if track.name == "ECG_II")
    blocks = list(ecg.blocks())
    starts = np.array([b.first_sample for b in blocks])
    sizes = np.array([b.counts.size for b in blocks])
    np.testing.assert_array_equal(starts[1:], starts[:-1] + sizes[:-1])  # nothing was lost meanwhile
    assert verify(data) == []


def test_a_store_without_room_for_the_session_keeps_it_until_there_is(
    tmp_path: Path, emulated: EmulatedPort, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tries = Store.new_session, []

    def full(store: Store, opened: Any) -> None:
        tries.append(monotonic())
        if len(tries) < 3:
            raise DiskFullError("no room left: free some space")
        real(store, opened)

    monkeypatch.setattr(Store, "new_session", full)
    summary = record(order(tmp_path, emulated, 4.0))
    assert tries[1] - tries[0] >= 0.9
    assert {"TE-12"} <= {a["rule"] for a in summary["alarms"]}
    found = open_archive(tmp_path / "data").record(summary["session"])
    stored = {track.name: track.sample_count for track in found.waves}
    assert stored == summary["waveforms"]
    codes = [e.code for e in found.entries if isinstance(e, SystemEntry)]
    assert "STORAGE_ERROR" in codes
    assert "STORAGE_OK" in codes


def test_a_port_in_use_is_told(tmp_path: Path, emulated: EmulatedPort) -> None:
    holder = os.open(emulated.link, os.O_RDWR | os.O_NOCTTY)
    try:
        fcntl.flock(holder, fcntl.LOCK_EX)
        run = RecordRun(order(tmp_path, emulated, 0.5))
        summary = run.run(threading.Event().wait)
    finally:
        os.close(holder)
    assert summary["frames_ok"] == 0
    assert "in use" in run.why_nothing_came()
