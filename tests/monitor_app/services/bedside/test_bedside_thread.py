"""The bedside's thread: order, deadlines, overload, faults (design.md §5)."""

import threading
from collections.abc import Callable, Iterator
from time import monotonic

import pytest

from devices.clock import SystemClock
from devices.signals import Arrival, LinkState, LinkStatus, NibpFailure, NumericReading
from monitor_app.core.commands import Acknowledge
from monitor_app.core.journal import RefusalEntry
from monitor_app.core.phase import Phase
from monitor_app.services.bedside import thread as thread_module
from monitor_app.services.bedside.thread import BedsideThread, Outlet, StorageTrouble
from tests.monitor_app.services.bedside.bench import NURSE, SOURCE, Bench, failed, wave

Wait = Callable[[Callable[[], bool]], None]


def until(what: Callable[[], bool], timeout_s: float = 5.0) -> None:
    """Return once it is so; fails when it does not come to be."""
    end = monotonic() + timeout_s
    event = threading.Event()
    while not what():
        assert monotonic() < end, "it did not happen"
        event.wait(0.005)


@pytest.fixture
def bench() -> Bench:
    made = Bench(clock=SystemClock())
    made.bedside.begin()
    made.plug()
    made.enter(Phase.CHECKIN, Phase.BASE)
    return made


@pytest.fixture
def running(bench: Bench) -> Iterator[BedsideThread]:
    thread = BedsideThread(bench.bedside)
    thread.start()
    yield thread
    thread.close()


def arrival(signal: object, source: str = SOURCE) -> Arrival:
    return Arrival(source, SystemClock().monotonic_ns(), signal)


def test_what_was_posted_is_done_in_order_and_before_closing(bench: Bench) -> None:
    thread = BedsideThread(bench.bedside)
    done: list[int] = []
    for number in range(50):
        thread.post(lambda n=number: done.append(n))
    thread.start()
    thread.close()
    assert done == list(range(50))
    thread.close()


def test_a_command_is_answered_without_any_signal(bench: Bench, running: BedsideThread) -> None:
    running.post(Acknowledge(NURSE))
    until(lambda: bool(bench.of(RefusalEntry)))


def test_it_wakes_each_second_and_at_each_alarm_deadline(bench: Bench, running: BedsideThread) -> None:
    """TE-09-L is due 3 s after the last frame; nothing arrives to wake the thread."""
    until(lambda: bool(bench.announced("TE-09-L")), 6)
    assert bench.announced("TE-09-L") == [pytest.approx(3.0, abs=0.1)]


@pytest.mark.expects_log
def test_an_exception_in_one_step_is_logged_recorded_and_survived(
    bench: Bench, running: BedsideThread, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("a defect")

    for _ in range(3):
        running.post(broken)
    running.post(Acknowledge(NURSE))
    until(lambda: bool(bench.of(RefusalEntry)))
    (entry,) = bench.system("INTERNAL_ERROR")
    assert "a defect" in entry.text
    assert "monitoring went on" in entry.text
    assert len(caplog.records) == 1  # once for each kind of fault, with its trace
    assert caplog.records[0].exc_info is not None


def test_storage_trouble_reaches_the_alarm(bench: Bench, running: BedsideThread) -> None:
    running.post(StorageTrouble("no room left: free some space"))
    until(lambda: "TE-12" in bench.standing())
    running.post(StorageTrouble(""))
    until(lambda: "TE-12" not in bench.standing())


def test_overload_drops_waves_and_numbers_only_counts_and_tells(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thread_module, "INBOX_LIMIT", 100)
    thread = BedsideThread(bench.bedside)
    for number in range(150):
        thread.post(arrival(wave("ECG_II", number, 1)))
        thread.post(arrival(NumericReading("HR", 70.0, "/min")))
    thread.post(arrival(failed(NibpFailure.MOTION)))
    thread.post(arrival(LinkStatus(LinkState.STALLED, "silent")))
    assert thread.dropped == 200
    thread.start()
    until(lambda: bool(bench.system("OVERLOAD")))
    thread.close()
    assert bench.system("OVERLOAD")[0].fields["lost"] == 200
    assert "200 signals" in bench.state.overload
    assert bench.state.links[0].state is LinkState.STALLED
    assert bench.bedside.cuff.facts().failures_in_a_row == 1


def test_what_the_recorder_gave_up_is_told_too(bench: Bench) -> None:
    thread = BedsideThread(bench.bedside, shed=lambda: 7)
    thread.start()
    until(lambda: bool(bench.system("OVERLOAD")))
    thread.close()
    assert bench.system("OVERLOAD")[0].fields["lost_in_all"] == 7


def test_two_threads_of_signals_leave_the_record_in_order(bench: Bench, running: BedsideThread) -> None:
    bench.plug("other@2")

    def speak(source: str) -> None:
        for number in range(300):
            running.post(arrival(NumericReading("HR", 60.0 + number % 5, "/min"), source))

    speakers = [threading.Thread(target=speak, args=(s,)) for s in (SOURCE, "other@2")]
    for speaker in speakers:
        speaker.start()
    for speaker in speakers:
        speaker.join()
    running.close()
    stamps = [e.stamp.t_ns for e in bench.entries]
    assert stamps == sorted(stamps)


def test_with_no_monitor_at_all_it_waits_for_the_next_second() -> None:
    bench = Bench()
    bench.bedside.begin()
    bench.bedside.advance()
    assert bench.bedside.next_deadline_t_ns() == 1_000_000_000


def test_idle_it_sleeps(bench: Bench) -> None:
    """Nothing comes: it looks up a few times a second, which is far below 1 % of a core."""
    thread = BedsideThread(bench.bedside)
    bench.run(0.1, step_s=0.1)
    waits = []
    for _ in range(20):
        bench.bedside.advance()
        waits.append(thread._wait_s())
    assert sum(waits) / len(waits) > 0.02


def test_an_outlet_keeps_order_and_counts_what_a_sleeping_listener_missed() -> None:
    outlet = Outlet(limit=10)
    bursts = [StorageTrouble(str(n)) for n in range(25)]
    for burst in bursts:
        outlet.put(burst)
    assert outlet.drain() == bursts[15:]
    assert outlet.dropped == 15
    assert outlet.drain() == []
