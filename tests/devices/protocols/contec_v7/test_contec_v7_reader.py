import numpy as np
import pytest

from devices.protocols.contec_v7.reader import Found, RecordReader

A = bytes.fromhex("01 E0 85 B3 96 C1 E1 FF FF")
B = bytes.fromhex("01 A0 86 A8 88 C8 E2 B3 81")
IDLE = bytes.fromhex("0C 80")


def lost(*pieces: bytes) -> int:
    reader = RecordReader()
    return sum(piece.found is Found.LOST for data in pieces for piece in reader.feed(data))


def frames(*pieces: bytes) -> bytes:
    reader = RecordReader()
    found = [piece for data in pieces for piece in reader.feed(data)]
    return b"".join(piece.data for piece in found if piece.found is Found.FRAMES)


def spoilt(index: int, octet: int) -> bytes:
    return A[:index] + bytes((octet,)) + A[index + 1 :]


@pytest.mark.parametrize(
    ("index", "octet", "why"),
    [
        (1, 0xE4, "HB claims bit 7 for the reserved bits of B4"),
        (1, 0xF0, "HB claims bit 7 for SpO2"),
        (1, 0xC0, "a perfusion index of FF7F"),
        (1, 0xA0, "a perfusion index of 7FFF"),
        (4, 0xA0, "reserved bit 5 of B4"),
        (4, 0xC0, "reserved bit 6 of B4"),
        (6, 0xE5, "saturation 101"),
        (6, 0xFE, "saturation 126"),
        (7, 0xFE, "a perfusion index of FFFE"),
        (8, 0xA8, "a perfusion index above 100 %"),
    ],
)
def test_a_frame_wrong_in_a_bit_that_can_be_checked_is_lost(index, octet, why):
    bad = spoilt(index, octet)
    assert lost(B, bad, B) == 1, why
    assert frames(B, bad, B) == B + B


@pytest.mark.parametrize(
    ("damage", "count"),
    [
        (A[:-1], 1),  # a byte missing
        (A[:2], 1),
        (A[:1], 0),  # a lone TYPE byte is no evidence of a frame
        (A[1:], 1),  # the TYPE byte missing
        (b"\x81" + A[1:], 1),  # the TYPE byte with bit 7
        (b"\x03" + A[1:], 1),  # another TYPE byte
        (b"\x41" + A[1:], 1),
        (A[:4] + b"\x16" + A[5:], 1),  # bit 7 lost in the middle: one frame in two pieces
        (A[:4] + A[3:], 1),  # a byte doubled: its first nine bytes are no frame
        (A + A[-1:], 0),  # the last byte doubled: the frame in front of it is whole
        (b"\x80" * 8, 0),  # zeros are no frame
        (b"\xff" * 300, 0),
        (A[1:] + A[1:], 0),  # more than one frame could be: not guessed at
    ],
)
def test_lost_frames_are_counted_where_they_can_be_known(damage, count):
    whole = B + damage + B
    assert lost(whole) == count
    assert lost(*(whole[k : k + 1] for k in range(len(whole)))) == count


def test_replies_between_frames_are_no_loss():
    reader = RecordReader()
    replies = [IDLE, bytes.fromhex("0E 80 81"), bytes.fromhex("0B 80 80"), bytes.fromhex("0D 80 81")]
    found = reader.feed(B + b"".join(reply + B for reply in replies))
    assert [piece.data for piece in found if piece.found is Found.RECORD] == replies
    assert reader.counters.frames_ok == 9
    assert reader.counters.bytes_discarded == 0


@pytest.mark.parametrize("reply", ["0C 80", "0E 80 81", "0B 80 80", "0D 80 80", "06 80 80 87"])
def test_short_records_are_believed_next_to_a_good_one_only(reply):
    record = bytes.fromhex(reply)
    for before, good in ((b"", reply[:2] != "06"), (A, True), (b"\x00", False), (A + b"\xff", False)):
        reader = RecordReader()
        kinds = [piece.found for piece in reader.feed(before + record + A)]
        assert (Found.RECORD in kinds) == good, before


def test_nothing_valid_in_the_noise_of_a_wrong_baud_rate():
    reader = RecordReader()
    rng = np.random.default_rng(11)
    for _ in range(100):
        reader.feed(rng.bytes(2000))
        assert reader.buffered <= 9
    assert reader.counters.frames_ok == 0
    assert reader.counters.bytes_discarded + reader.buffered == 200_000
