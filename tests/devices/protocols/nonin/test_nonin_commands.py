import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.device_time import CivilTime
from devices.protocols.nonin.commands import (
    GET_TIME,
    FormatRequest,
    RequestReader,
    TimeRequest,
    select_format,
    time_reply,
)
from devices.protocols.nonin.frames import Dialect

# protocols.md §5.1
TABLE = [
    ("02 70 02 02 0D 03", FormatRequest(Dialect.F13)),
    ("02 70 02 02 08 03", FormatRequest(Dialect.F8)),
    ("02 70 02 02 07 03", FormatRequest(Dialect.F7)),
    ("02 70 02 02 02 03", FormatRequest(Dialect.F2)),
    ("02 70 02 02 01 03", FormatRequest(None)),
    ("02 72 00 03", TimeRequest()),
    ("02 72 06 1A 01 02 0A 0F 1E 03", TimeRequest(CivilTime(2026, 1, 2, 10, 15, 30))),
]


@pytest.mark.parametrize(("hex_text", "request_heard"), TABLE)
def test_documented_requests_are_heard_however_they_are_cut(hex_text, request_heard):
    octets = bytes.fromhex(hex_text)
    assert RequestReader().feed(b"\xff" + octets + b"\x00") == [request_heard]
    reader = RequestReader()
    assert [r for i in range(len(octets)) for r in reader.feed(octets[i : i + 1])] == [request_heard]


@pytest.mark.parametrize(
    "hex_text",
    ["02 70 02 02 02 04", "02 70 02 03 02 03", "02 71 02 02 02 03", "70 02 02 02 03", "02 72 00 04", "02 02"],
)
def test_anything_else_is_ignored(hex_text):
    assert RequestReader().feed(bytes.fromhex(hex_text)) == []


def test_a_request_after_a_broken_one_is_heard():
    assert RequestReader().feed(bytes.fromhex("02 70 02") + GET_TIME) == [TimeRequest()]
    assert RequestReader().feed(bytes.fromhex("02 70 02 02") + b"\x09" + GET_TIME) == [TimeRequest()]


def test_what_the_host_sends():
    assert select_format(Dialect.F2) == bytes.fromhex("02 70 02 02 02 03")
    assert select_format(Dialect.F13) == bytes.fromhex("02 70 02 02 0D 03")
    assert time_reply(CivilTime(2026, 1, 2, 10, 15, 30)) == bytes.fromhex("02 F2 06 1A 01 02 0A 0F 1E 03")


@pytest.mark.parametrize("dialect", [Dialect.F1, Dialect.LINE])
def test_what_cannot_be_asked_for(dialect):
    with pytest.raises(ValueError, match="set on the device"):
        select_format(dialect)


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_noise_never_raises_and_is_not_kept(pieces: list[bytes]):
    reader = RequestReader()
    for piece in pieces:
        reader.feed(piece)
        assert len(reader._buffer) < 10
