"""The raw bytes of a link: each read before what was decoded from it, each write once the port took it."""

import pytest

from devices.drivers.berry import BerryDriver
from devices.errors import DeviceTimeoutError
from devices.link_core import LinkCore
from devices.signals import LinkStatus, RawBytes
from devices.transport.pipe import pipe

SPO2_FRAME = bytes.fromhex("55 AA 06 04 00 62 48 4B")  # protocols.md §1.4


def linked(*, raw: bool):
    far, near = pipe()
    far.open()
    return far, LinkCore(BerryDriver(), near, port="p", raw=raw)


def raw_of(arrivals):
    return [(a.signal.data, a.signal.sent) for a in arrivals if isinstance(a.signal, RawBytes)]


def test_every_byte_heard_and_sent_is_told_exactly():
    far, link = linked(raw=True)
    handshake = link.step(0)
    asked = far.read(0)
    assert asked
    assert b"".join(data for data, sent in raw_of(handshake) if sent) == asked
    heard = [b"\x00junk\xff", SPO2_FRAME[:3], SPO2_FRAME[3:] + SPO2_FRAME]
    told = []
    for number, data in enumerate(heard, start=1):
        far.write(data)
        arrivals = link.step(number * 20_000_000)
        assert {a.mono_ns for a in arrivals} == {number * 20_000_000}
        told += [data for data, sent in raw_of(arrivals) if not sent]
    assert told == heard
    kinds = [type(a.signal) for a in arrivals]
    assert kinds[0] is RawBytes
    assert LinkStatus in kinds[1:]


def test_without_the_switch_nothing_is_told():
    far, link = linked(raw=False)
    link.step(0)
    far.write(SPO2_FRAME)
    assert raw_of(link.step(1)) == []


def test_the_farewell_is_told_and_what_the_port_refused_is_not(monkeypatch: pytest.MonkeyPatch):
    far, link = linked(raw=True)
    link.step(0)
    far.read(0)
    farewell = raw_of(link.close(5))
    assert [data for data, _ in farewell] == [far.read(0)]

    far, link = linked(raw=True)

    def refuse(_data: bytes) -> None:
        raise DeviceTimeoutError("p does not take what is sent")

    monkeypatch.setattr(link._transport, "write", refuse)
    assert raw_of(link.step(0)) == []


def test_bytes_that_trip_a_decoder_are_told_all_the_same(monkeypatch: pytest.MonkeyPatch):
    far, link = linked(raw=True)
    link.step(0)

    def trip(_data: bytes, _now_ns: int) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(link._driver, "feed", trip)
    far.write(b"evil")
    with pytest.raises(ZeroDivisionError):
        link.step(1)
    assert (b"evil", False) in raw_of(link.fail(2, "internal error"))
