import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import DeviceLostError, DeviceNotFoundError
from devices.signals import Provenance
from devices.transport.pipe import PipeEnd, pipe


def opened(capacity_bytes: int = 65_536) -> tuple[PipeEnd, PipeEnd]:
    host, monitor = pipe(capacity_bytes=capacity_bytes)
    host.open()
    monitor.open()
    return host, monitor


def test_both_directions_carry_bytes_whole():
    host, monitor = opened()
    host.write(b"ask")
    monitor.write(b"ans")
    monitor.write(b"wer")
    assert monitor.read(0) == b"ask"
    assert host.read(0) == b"answer"
    assert host.read(0) == b""


def test_it_is_simulated():
    assert {end.provenance for end in pipe()} == {Provenance.SIMULATED}


@pytest.mark.parametrize("act", ["read", "write"])
def test_a_closed_end_is_lost(act):
    host, _ = pipe()
    with pytest.raises(DeviceLostError):
        host.read(0) if act == "read" else host.write(b"x")


def test_what_is_sent_to_a_closed_end_is_counted_and_never_heard():
    host, monitor = pipe()
    monitor.open()
    monitor.write(b"12345")
    host.open()
    assert host.read(0) == b""
    assert host.unheard_bytes == 5


def test_an_end_that_does_not_read_loses_the_newest_bytes_and_counts_them():
    host, monitor = opened(capacity_bytes=4)
    monitor.write(b"abc")
    monitor.write(b"defg")
    assert host.overrun_bytes == 3
    assert host.read(0) == b"abcd"


def test_pulling_the_cable_loses_both_ends_until_it_is_back_and_opened_again():
    host, monitor = opened()
    monitor.write(b"on the way")
    host.unplug()
    for end in (host, monitor):
        with pytest.raises(DeviceLostError):
            end.read(0)
        with pytest.raises(DeviceNotFoundError, match="plug it in"):
            end.open()
    host.replug()
    with pytest.raises(DeviceLostError):
        host.read(0)
    host.open()
    monitor.open()
    monitor.write(b"fresh")
    assert host.read(0) == b"fresh"


@pytest.mark.parametrize("event", ["write", "close", "unplug"])
def test_a_waiting_reader_wakes_at_once(event):
    host, monitor = opened()
    heard: list[bytes | str] = []

    def wait() -> None:
        try:
            heard.append(host.read(60.0))
        except DeviceLostError:
            heard.append("lost")

    reader = threading.Thread(target=wait)
    reader.start()
    {"write": lambda: monitor.write(b"x"), "close": host.close, "unplug": monitor.unplug}[event]()
    reader.join(10.0)
    # A close may come before the wait begins; either way the reader is told.
    assert heard == [b"x" if event == "write" else "lost"]


@given(st.lists(st.one_of(st.binary(max_size=40), st.none()), max_size=40), st.integers(1, 64))
def test_every_byte_is_read_in_order_or_counted(steps, capacity):
    """None reads, bytes write; the model is a plain queue that refuses what does not fit."""
    host, monitor = opened(capacity)
    model = bytearray()
    refused = 0
    for step in steps:
        if step is None:
            assert host.read(0) == bytes(model)
            model.clear()
            continue
        monitor.write(step)
        room = capacity - len(model)
        model += step[:room]
        refused += max(0, len(step) - room)
    assert host.waiting_bytes == len(model)
    assert host.overrun_bytes == refused


def test_two_threads_lose_nothing():
    host, monitor = opened(capacity_bytes=1_000_000)
    sent = bytes(range(256)) * 400

    def send() -> None:
        for start in range(0, len(sent), 7):
            monitor.write(sent[start : start + 7])

    writer = threading.Thread(target=send)
    writer.start()
    heard = b""
    while len(heard) < len(sent):
        piece = host.read(10.0)
        assert piece, "the writer is stuck"
        heard += piece
    writer.join()
    assert heard == sent
