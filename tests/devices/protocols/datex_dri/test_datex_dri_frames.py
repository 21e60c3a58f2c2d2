import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.datex_dri.frames import LONGEST_FRAME, FrameReader, encode_frame, open_body
from devices.signals import Counters
from tests.devices.protocols.datex_dri import dri_bytes

RECORDS = [dri_bytes.record(1, [(8, dri_bytes.wave_part([126, 125, 32382, -1]))], number=n) for n in range(3)]


def padded(size: int) -> bytes:
    """A record of ``size`` bytes whose length is right."""
    return size.to_bytes(2, "little") + bytes(size - 2)


def test_escapes_and_checksum_as_written_by_hand():
    for record in (*RECORDS, padded(40), padded(0x7E), padded(0x7D), padded(1490)):
        assert encode_frame(record) == dri_bytes.frame(record)


@pytest.mark.parametrize(("checksum", "escaped"), [(0x7E, b"\x7d\x5e"), (0x7D, b"\x7d\x5d")])
def test_the_checksum_is_escaped_too(checksum, escaped):
    record = bytearray(padded(40))
    record[39] = checksum - 40
    assert encode_frame(bytes(record))[-3:-1] == escaped
    assert FrameReader().feed(encode_frame(bytes(record))) == [bytes(record)]


@pytest.mark.parametrize("size", [0, 39, 1491])
def test_what_no_frame_can_hold_is_refused(size):
    with pytest.raises(ValueError, match="40 to 1490"):
        encode_frame(bytes(size))


@given(st.binary(min_size=38, max_size=300), st.integers(1, 50))
def test_any_record_comes_back_however_cut(rest: bytes, step: int):
    record = (len(rest) + 2).to_bytes(2, "little") + rest
    stream = dri_bytes.frame(record) * 2
    reader = FrameReader()
    got = [r for at in range(0, len(stream), step) for r in reader.feed(stream[at : at + step])]
    assert got == [record, record]
    assert reader.counters == Counters(bytes_in=len(stream), frames_ok=2)


def test_frames_may_share_a_flag():
    bodies = [dri_bytes.frame(record)[1:-1] for record in RECORDS]
    stream = b"\x7e" + b"\x7e".join(bodies) + b"\x7e"
    reader = FrameReader()
    assert reader.feed(stream) == RECORDS
    assert reader.counters == Counters(bytes_in=len(stream), frames_ok=3)


def test_idle_flags_are_no_damage():
    reader = FrameReader()
    assert reader.feed(b"\x7e\x7e\x7e" + dri_bytes.frame(RECORDS[0]) + b"\x7e\x7e") == [RECORDS[0]]
    assert (reader.counters.frames_bad, reader.counters.resyncs) == (0, 0)
    assert reader.counters.bytes_discarded + reader.buffered == 5


BODY = dri_bytes.frame(padded(60))[1:-1]


@pytest.mark.parametrize(
    "body",
    [
        BODY[:-1] + bytes((BODY[-1] ^ 1,)),  # checksum
        BODY[:-1],  # checksum missing
        BODY + b"\x00",  # one byte too many
        b"\x3d" + BODY[1:-1] + bytes((BODY[-1] + 1,)),  # r_len one more than there is
        BODY[:20] + b"\x7d\x41" + BODY[22:],  # an escape nobody makes
        BODY[:-1] + b"\x7d",  # escape cut off
        b"",
        bytes(40),
        bytes(41),
    ],
)
def test_what_is_not_valid_is_no_record(body):
    assert open_body(body) is None


def test_damage_costs_one_frame_and_is_counted_once():
    frames = [dri_bytes.frame(record) for record in RECORDS]
    bad = bytearray(frames[1])
    bad[30] ^= 0x10
    reader = FrameReader()
    assert reader.feed(frames[0] + bytes(bad) + frames[2]) == [RECORDS[0], RECORDS[2]]
    counters = reader.counters
    assert (counters.frames_ok, counters.frames_bad, counters.resyncs) == (2, 1, 1)
    assert counters.bytes_discarded + sum(map(len, (frames[0], frames[2]))) == counters.bytes_in


def test_a_lost_flag_between_two_frames_costs_nothing_while_one_is_left():
    frames = [dri_bytes.frame(record) for record in RECORDS]
    assert FrameReader().feed(frames[0][:-1] + frames[1] + frames[2]) == RECORDS


def test_endless_bytes_without_a_flag_are_let_go():
    reader = FrameReader()
    rng = np.random.default_rng(1)
    for _ in range(50):
        reader.feed(rng.bytes(1000).replace(b"\x7e", b"\x00"))
        assert reader.buffered <= LONGEST_FRAME
    assert reader.feed(b"\x7e" + dri_bytes.frame(RECORDS[0])) == [RECORDS[0]]
    assert reader.counters.frames_bad >= 10


def test_longest_record_of_nothing_but_flags_fits():
    record = bytearray(b"\x7e" * 1490)
    record[0:2] = (1490).to_bytes(2, "little")
    reader = FrameReader()
    stream = encode_frame(bytes(record))
    assert LONGEST_FRAME - 4 <= len(stream) <= LONGEST_FRAME
    for byte in stream:
        got = reader.feed(bytes((byte,)))
    assert got == [bytes(record)]
