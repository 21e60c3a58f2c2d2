import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.protocols.berry.frames import LONGEST_FRAME, MAX_DATA, FrameReader, checksum, encode_frame
from devices.signals import Counters

FLAT = bytes.fromhex("55 AA 0A 01 80 80 80 80 80 80 80 74")  # official
CLIPPED = bytes.fromhex("55 AA 0A 01 F9 89 01 08 F9 18 30 28")  # captured
DAMAGED = CLIPPED[:-1] + b"\x29"


@pytest.mark.parametrize("frame", [FLAT, CLIPPED, bytes.fromhex("55 AA 04 FB 00 00")])
def test_encoding_reproduces_printed_frames(frame):
    assert encode_frame(frame[3], frame[4:-1]) == frame
    assert checksum(frame[3:-1]) == frame[-1]


@pytest.mark.parametrize("size", [0, MAX_DATA + 1])
def test_a_frame_that_no_reader_would_take_is_not_made(size):
    with pytest.raises(ValueError, match="1 to 29 data bytes"):
        encode_frame(1, bytes(size))


def test_reader_returns_type_and_data():
    assert FrameReader().feed(FLAT + CLIPPED) == [FLAT[3:-1], CLIPPED[3:-1]]


@pytest.mark.parametrize(
    ("stream", "bodies", "bad", "resyncs", "discarded"),
    [
        (FLAT[5:] + FLAT, 1, 0, 1, 7),  # mid-frame start
        (b"\x55" + FLAT, 1, 0, 1, 1),  # a 55 of its own before the header
        (b"\x55\xaa" + FLAT, 1, 1, 1, 2),  # a header cut off after two bytes: LEN 55 is not allowed
        (b"\x55\xaa\x03\x01" + FLAT, 1, 1, 1, 4),  # LEN below 4
        (b"\x55\xaa\x21" + FLAT, 1, 1, 1, 3),  # LEN above 32
        (FLAT[:-3] + FLAT, 1, 1, 1, 9),  # a frame cut short swallows nothing of the next
        (FLAT[:7] + FLAT[8:] + FLAT, 1, 1, 1, 11),  # one byte dropped
        (FLAT[:7] + FLAT[6:] + FLAT, 1, 1, 1, 13),  # one byte doubled
        (FLAT + b"\x00" + FLAT + b"\x01" + FLAT, 3, 0, 2, 2),  # two separate losses of step
    ],
)
def test_resynchronisation(stream, bodies, bad, resyncs, discarded):
    reader = FrameReader()
    good = [body for body in reader.feed(stream) if len(body) > 1]
    assert good == [FLAT[3:-1]] * bodies
    assert reader.counters == Counters(len(stream), bodies, bad, resyncs, discarded)
    assert reader.buffered == 0


def test_header_bytes_inside_data_do_not_disturb():
    inside = encode_frame(0x01, b"\x55\xaa\x0a\x01\x55\xaa\x04")
    reader = FrameReader()
    assert reader.feed(inside * 3) == [inside[3:-1]] * 3
    assert reader.counters.resyncs == 0


def test_header_inside_data_after_a_mid_frame_start_is_rejected_by_its_checksum():
    inside = encode_frame(0x01, b"\x80\x80\x55\xaa\x04\xfe\x40")
    reader = FrameReader()
    good = [body for body in reader.feed(inside[4:] + inside + FLAT) if len(body) > 1]
    assert good == [inside[3:-1], FLAT[3:-1]]


def test_one_byte_past_the_55_after_a_failure():
    """The next header may begin right inside the rejected frame."""
    reader = FrameReader()
    assert reader.feed(b"\x55\xaa\x0a\x02" + FLAT + bytes(4)) == [FLAT[3:-1]]
    assert reader.counters.bytes_discarded == 8


def test_a_damaged_wave_frame_leaves_a_mark():
    assert FrameReader().feed(FLAT + DAMAGED + FLAT) == [FLAT[3:-1], b"\x01", FLAT[3:-1]]


def test_a_damaged_frame_of_another_kind_or_length_leaves_none():
    numeric = bytes.fromhex("55 AA 06 04 00 62 48 4C")
    odd = bytes.fromhex("55 AA 05 01 80 80 00")
    assert FrameReader().feed(numeric + odd + FLAT) == [FLAT[3:-1]]


def test_longest_frame_passes_and_the_buffer_holds_no_more():
    longest = encode_frame(0xFC, bytes(range(MAX_DATA)))
    assert len(longest) == LONGEST_FRAME
    reader = FrameReader()
    assert reader.feed(longest[:-1]) == []
    assert reader.buffered == LONGEST_FRAME - 1
    assert reader.feed(longest[-1:]) == [longest[3:-1]]


@given(st.lists(st.binary(min_size=1, max_size=MAX_DATA), max_size=8), st.integers(0, 255))
def test_what_is_encoded_is_read(data, frame_type):
    reader = FrameReader()
    stream = b"".join(encode_frame(frame_type, item) for item in data)
    assert reader.feed(stream) == [bytes((frame_type,)) + item for item in data]
    assert reader.counters == Counters(len(stream), len(data))


def read_in(stream: bytes, step: int) -> tuple[list[bytes], Counters, int]:
    reader = FrameReader()
    bodies = [body for at in range(0, len(stream), step) for body in reader.feed(stream[at : at + step])]
    return bodies, reader.counters, reader.buffered


@settings(max_examples=150)
@given(
    st.lists(
        st.lists(st.sampled_from([0x55, 0xAA, 4, 128, 250]), min_size=1, max_size=7),
        min_size=80,
        max_size=120,
    ),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=3),
)
def test_long_stretches_are_read_as_short_ones_are(data, damage):
    stream = bytearray(b"".join(encode_frame(1, bytes(item)) for item in data))
    for at, value in damage:
        stream[at % len(stream)] = value
    assert read_in(bytes(stream), len(stream)) == read_in(bytes(stream), 100)
