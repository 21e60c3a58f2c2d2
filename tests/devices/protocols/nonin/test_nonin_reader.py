import pytest

from devices.protocols.nonin.frames import Dialect
from devices.protocols.nonin.reader import FrameReader

F1 = bytes.fromhex("80 48 62")
F8 = bytes.fromhex("80 48 62 00")
F2 = bytes.fromhex("01 80 80 48 49")
F7 = bytes.fromhex("80 80 F2 48 3A")
SPOT = bytes.fromhex("00 02 00 0D 00 0E 20 26 01 02 10 15 30 00 02 00 00 48 00 62 4A 03")
LINE = b"SPO2=098 HR=072\r\n"
TIME = bytes.fromhex("02 F2 06 1A 01 02 0A 0F 1E 03")


def kinds(reader, data):
    return [frame.dialect for frame in reader.feed(data)]


@pytest.mark.parametrize(
    ("frame", "dialect", "needed"),
    [
        (F2, Dialect.F2, 1),
        (F7, Dialect.F7, 3),
        (F8, Dialect.F8, 3),
        (F1, Dialect.F1, 3),
        (SPOT, Dialect.F13, 1),
        (LINE, Dialect.LINE, 1),
    ],
)
def test_a_dialect_is_recognised_by_so_many_frames(frame, dialect, needed):
    reader = FrameReader()
    for _ in range(needed - 1):
        assert kinds(reader, frame) == []
        assert reader.dialect is None
    assert kinds(reader, frame) == [dialect] * needed
    assert reader.dialect is dialect
    assert reader.counters.bytes_discarded == 0


@pytest.mark.parametrize(
    ("frame", "dialect", "needed"),
    [(F2, Dialect.F2, 4), (F7, Dialect.F7, 6), (F8, Dialect.F8, 5), (F1, Dialect.F1, 5)],
)
def test_where_much_was_no_frame_it_takes_more(frame, dialect, needed):
    reader = FrameReader()
    assert kinds(reader, b"\x55\xaa" * 51 + frame * (needed - 1) + b"\xff\xff") == []
    assert kinds(reader, frame * needed) == [dialect] * needed
    # The dialect that was in use is taken back sooner.
    reader.feed(b"\x55\xaa" * 200)
    assert reader.dialect is None
    few = {Dialect.F2: 1}.get(dialect, 3)
    assert kinds(reader, frame * few) == [dialect] * few


def test_frames_of_five_bytes_without_a_sync_of_their_own_are_another_modules():
    # The cuff pressure of protocols.md §8.1, 1 mmHg at rest, begun at its last byte: the sums are right by its make.
    cuff = bytes.fromhex("3E 05 00 00 BD")
    reader = FrameReader()
    assert kinds(reader, cuff * 40) == []


@pytest.mark.parametrize("first", [F1, F8, F2, F7, LINE])
@pytest.mark.parametrize("then", [F1, F8, F2, F7, LINE])
def test_a_change_of_dialect_is_followed(first, then):
    reader = FrameReader()
    reader.feed(first * 6)
    before = reader.dialect
    reader.feed(then * 12)
    assert (
        before is {F1: Dialect.F1, F8: Dialect.F8, F2: Dialect.F2, F7: Dialect.F7, LINE: Dialect.LINE}[first]
    )
    assert kinds(reader, then * 3) == [reader.dialect] * 3
    assert reader.dialect is {
        F1: Dialect.F1, F8: Dialect.F8, F2: Dialect.F2, F7: Dialect.F7, LINE: Dialect.LINE
    }[then]  # fmt: skip


def test_numbers_that_disagree_prove_no_dialect():
    reader = FrameReader()
    for rate in (40, 100, 50, 110, 30, 90):
        assert kinds(reader, bytes((0x80, rate, 98))) == []


def test_a_finger_that_comes_and_goes_delays_the_proof_only():
    reader = FrameReader()
    missing = bytes.fromhex("A3 7F 7F 08")
    assert kinds(reader, missing + F8 + missing) == []
    assert kinds(reader, F8 * 3) == [Dialect.F8] * 3


@pytest.mark.parametrize("frame", [F1, F8])
def test_a_long_loss_asks_for_proof_again_and_a_slip_does_not(frame):
    reader = FrameReader()
    reader.feed(frame * 4)
    assert len(kinds(reader, frame[:-1] + frame)) == 1
    reader.feed(b"\x7f" * 5)
    assert reader.dialect is None
    assert kinds(reader, frame) == []
    assert len(kinds(reader, frame * 2)) == 3


def test_an_answer_is_a_frame_only_where_one_is_awaited():
    reader = FrameReader()
    assert kinds(reader, F2 + b"\x06" + F2) == [Dialect.F2, Dialect.F2]
    assert reader.counters.bytes_discarded == 1
    reader.replies_due = 1
    assert kinds(reader, b"\x06\x15" + F2) == [Dialect.REPLY, Dialect.F2]
    assert reader.counters.bytes_discarded == 2


def test_time_comes_between_frames_of_any_dialect():
    reader = FrameReader()
    assert kinds(reader, TIME) == [Dialect.TIME]
    assert reader.dialect is None
    assert kinds(reader, F2 + TIME + F2) == [Dialect.F2, Dialect.TIME, Dialect.F2]
    assert reader.counters.bytes_discarded == 0


def test_lost_bytes_are_told_with_the_frame_after_them():
    reader = FrameReader()
    bad = bytes.fromhex("01 80 80 48 48")
    assert [frame.lost for frame in reader.feed(F2 + bad + F2 + F2)] == [0, 5, 0]
    assert (reader.counters.frames_bad, reader.counters.resyncs) == (1, 1)


def test_every_bad_frame_is_counted():
    reader = FrameReader()
    bad = bytes.fromhex("01 80 80 48 48")
    reader.feed(F2 + bad * 3 + F2)
    assert (reader.counters.frames_bad, reader.counters.resyncs) == (3, 1)


def test_format_7_needs_two_frames_after_a_loss():
    reader = FrameReader()
    reader.feed(F7 * 3)
    assert kinds(reader, b"\x00" + F7) == []
    assert kinds(reader, F7) == [Dialect.F7, Dialect.F7]
