import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.suntech_nibp import messages
from devices.protocols.suntech_nibp.frames import (
    HostFrameReader,
    ModuleFrameReader,
    encode_host,
    encode_module,
)
from devices.signals import Counters

RECEIVED = bytes.fromhex("3E 04 4F 6F")
PRESSURE = bytes.fromhex("3E 05 96 00 27")


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("START", "3A 20 A6"),
        ("START_STREAMING", "3A 56 70"),
        ("ABORT", "3A 79 01 00 4C"),
        ("GET_RESULT", "3A 79 03 00 4A"),
        ("GET_PRESSURE", "3A 79 05 00 48"),
        ("GET_STATUS", "3A 79 11 00 3C"),
        ("RESET", "3A 8A 3C"),
    ],
)
def test_commands_stand_as_the_document_prints_them(name, printed):
    assert getattr(messages, name) == bytes.fromhex(printed)


@pytest.mark.parametrize("data", [b"", bytes(30)])
def test_what_is_no_frame_cannot_be_made(data):
    with pytest.raises(ValueError, match="1 to 29 data bytes"):
        encode_module(data)


@given(st.binary(min_size=1, max_size=29), st.binary(max_size=20))
def test_the_sum_of_every_frame_is_nothing(data, junk):
    frame = encode_module(data)
    assert sum(frame) % 256 == 0
    assert frame[1] == len(frame)
    assert ModuleFrameReader().feed(junk.replace(b"\x3e", b"") + frame) == [data]


@pytest.mark.parametrize("length", [0, 1, 3, 33, 255])
def test_an_impossible_length_is_skipped_at_once(length):
    reader = ModuleFrameReader()
    assert reader.feed(bytes((0x3E, length)) + RECEIVED) == [b"O"]
    assert reader.counters == Counters(6, 1, 1, 1, 2)


def test_a_wrong_checksum_costs_only_its_frame():
    reader = ModuleFrameReader()
    assert reader.feed(PRESSURE + bytes.fromhex("3E 05 97 00 27") + RECEIVED) == [b"\x96\x00", b"O"]
    assert reader.counters == Counters(14, 2, 1, 1, 5)


def test_a_damaged_length_swallows_answers_only_until_the_line_is_quiet():
    reader = ModuleFrameReader()
    swallowed = bytes.fromhex("3E 1F 96 00 27") + PRESSURE + RECEIVED
    assert reader.feed(swallowed) == []
    assert reader.buffered == len(swallowed)
    assert reader.give_up() == [b"\x96\x00", b"O"]
    assert reader.counters == Counters(14, 2, 1, 1, 5)
    assert reader.give_up() == []


def test_giving_up_ends_with_nothing_held():
    reader = ModuleFrameReader()
    reader.feed(b"\x3e\x10\x3e\x12\x3e\x05\x96")
    assert reader.give_up() == []
    assert reader.counters == Counters(7, 0, 3, 1, 7)
    assert reader.feed(RECEIVED) == [b"O"]


def test_noise_is_bounded_and_adds_up():
    reader = ModuleFrameReader()
    rng = np.random.default_rng(2)
    good = 0
    for _ in range(300):
        good += sum(len(data) + 3 for data in reader.feed(rng.bytes(3000)))
        assert reader.buffered < 32
    counters = reader.counters
    assert counters.bytes_in == 900_000 == good + counters.bytes_discarded + reader.buffered


def test_the_modules_ear_takes_commands_out_of_anything():
    reader = HostFrameReader()
    stream = b"\x3a\x3a\x20\xa6" + b"\x3a\x79\x05\x00\x49" + messages.ABORT + b"\x3a\x21\xa5" + messages.RESET
    heard = [command for octet in stream for command in reader.feed(bytes((octet,)))]
    assert heard == [b"\x20", b"\x79\x01\x00", b"\x8a"]
    for _ in range(100):
        assert reader.feed(RECEIVED * 10) == []


def test_a_start_takes_three_right_bytes():
    assert encode_host(b"\x20") == b"\x3a\x20\xa6"
    for wrong in (b"\x3a\x20\xa7", b"\x3a\x20\x00", b"\x3a\x60\xa6", b"\x20\xa6"):
        assert HostFrameReader().feed(wrong * 3) == []
