from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.bci.frames import (
    _FRAME_UP_TO,
    BEEP,
    DOUBT_BYTES,
    LONGEST_BUFFER,
    NO_FINGER,
    PLETH_HIGH,
    PLETH_HIGH_CMS50,
    PROOF_FRAMES,
    FrameReader,
    ProbeFrame,
    encode_frame,
)
from devices.signals import Counters

GOOD = bytes.fromhex("85 40 09 48 62")
OTHER = bytes.fromhex("C5 40 49 02 61")


def frames_of(reader, data):
    return b"".join(run.octets for run in reader.feed(data))


@pytest.mark.parametrize(
    ("frame", "printed"),
    [
        (ProbeFrame(5, 64, 9, 72, 98), "85 40 09 48 62"),
        (ProbeFrame(5, 64, 9, 130, 97, first=BEEP), "C5 40 49 02 61"),
        (ProbeFrame(0, 0, 0, None, None, third=NO_FINGER), "80 00 50 7F 7F"),
    ],
)
def test_printed_frames_are_built(frame, printed):
    assert encode_frame(frame) == bytes.fromhex(printed)


@pytest.mark.parametrize(
    "frame",
    [
        ProbeFrame(16, 0, 0, 72, 98),
        ProbeFrame(0, 128, 0, 72, 98),
        ProbeFrame(0, 0, 16, 72, 98),
        ProbeFrame(0, 0, 0, 256, 98),
        ProbeFrame(0, 0, 0, -1, 98),
        ProbeFrame(0, 0, 0, 72, 128),
    ],
)
def test_what_does_not_fit_is_refused(frame):
    with pytest.raises(ValueError, match="does not fit"):
        encode_frame(frame)


@pytest.mark.parametrize(
    "printed",
    [
        "05 40 09 48 62",  # no start bit
        "85 C0 09 48 62",  # bit 7 in each of the others
        "85 40 89 48 62",
        "85 40 09 C8 62",
        "85 40 09 48 E2",
        "89 40 09 48 62",  # signal strength 9
        "8E 40 09 48 62",
        "85 40 09 48 65",  # SpO2 101
        "85 40 09 48 7E",
    ],
)
def test_what_breaks_a_rule_is_no_frame(printed):
    reader = FrameReader()
    assert reader.feed(bytes.fromhex(printed) + GOOD * PROOF_FRAMES)[0].octets == GOOD * PROOF_FRAMES
    counters = reader.counters
    assert counters.frames_ok == PROOF_FRAMES
    assert counters.bytes_discarded == 5
    assert counters.resyncs == 1
    assert counters.frames_bad == int(printed[0] in "89A")


@pytest.mark.parametrize("printed", ["8F 40 09 48 62", "88 40 09 48 62", "85 7F 09 48 64", "85 00 7F 7F 7F"])
def test_edges_of_the_ranges_are_frames(printed):
    assert frames_of(FrameReader(), bytes.fromhex(printed)) == bytes.fromhex(printed)


def test_a_known_probe_may_not_exceed_its_pleth_range():
    reader = FrameReader()
    reader.pleth_high = PLETH_HIGH
    assert reader.feed(bytes.fromhex("85 65 09 48 62")) == []
    assert reader.feed(bytes.fromhex("85 64 09 48 62") * PROOF_FRAMES)


def test_out_of_step_a_frame_must_repeat_what_is_known():
    reader = FrameReader()
    reader.feed(GOOD)
    assert frames_of(reader, b"\x00" + GOOD) == GOOD  # known numbers: alone is enough
    assert frames_of(reader, b"\x00" + OTHER) == b""  # news: not yet
    assert reader.buffered == 5
    assert frames_of(reader, OTHER) == OTHER * 2
    assert frames_of(reader, b"\x00" + GOOD + b"\x00" + GOOD) == b""  # never two on end


def test_damage_loses_the_frames_it_lasted():
    reader = FrameReader()
    reader.feed(GOOD * 3)
    for junk, lost in ((b"\x00", 0), (GOOD[:4], 1), (GOOD[1:], 1), (b"\x00" * 10, 2), (b"\x00" * 4000, 100)):
        (run,) = reader.feed(junk + GOOD * (2 if len(junk) < 1000 else PROOF_FRAMES))
        assert (run.lost, run.broken) == (lost, True)
    (run,) = reader.feed(GOOD)
    assert (run.lost, run.broken) == (0, False)


@pytest.mark.parametrize("known", [0, 3])
def test_after_much_that_was_no_frame_the_wire_is_proved_anew(known):
    reader = FrameReader()
    reader.feed(GOOD * known)
    assert frames_of(reader, b"\x00" * (DOUBT_BYTES + 1) + GOOD * (PROOF_FRAMES - 1)) == b""
    assert reader.buffered == 5 * (PROOF_FRAMES - 1)
    assert frames_of(reader, OTHER) == GOOD * (PROOF_FRAMES - 1) + OTHER
    reader.feed(b"\x00" * (DOUBT_BYTES + 1))
    assert frames_of(reader, (GOOD * (PROOF_FRAMES - 1) + b"\x00") * 3) == b""


def test_beginning_inside_a_frame_loses_nothing_known():
    (run,) = FrameReader().feed(GOOD[2:] + GOOD * PROOF_FRAMES)
    assert (len(run.octets), run.lost) == (5 * PROOF_FRAMES, 0)


@given(
    data=st.binary(max_size=400),
    cuts=st.lists(st.integers(0, 400), max_size=10),
    good=st.integers(0, 4),
)
def test_cutting_changes_nothing(data, cuts, good):
    stream = GOOD * good + data + OTHER * good + data[::-1] + GOOD * good
    whole, pieces = FrameReader(), FrameReader()
    edges = sorted({0, *(cut for cut in cuts if cut < len(stream)), len(stream)})
    expected = frames_of(whole, stream)
    got = b"".join(frames_of(pieces, stream[a:b]) for a, b in pairwise(edges))
    assert got == expected
    assert pieces.counters == whole.counters
    assert pieces.buffered == whole.buffered <= LONGEST_BUFFER
    counters = whole.counters
    assert counters.bytes_in == 5 * counters.frames_ok + counters.bytes_discarded + whole.buffered


def test_noise_is_almost_never_a_frame():
    rng = np.random.default_rng(1)
    reader = FrameReader()
    for _ in range(40):
        reader.feed(rng.bytes(50_000))
        assert reader.buffered <= LONGEST_BUFFER
    assert reader.counters.frames_ok == 0
    assert reader.counters.bytes_in == 2_000_000


@given(octets=st.binary(min_size=5, max_size=5), high=st.sampled_from([PLETH_HIGH, PLETH_HIGH_CMS50]))
def test_both_forms_of_the_rules_are_the_same(octets, high):
    in_step = FrameReader()
    in_step.pleth_high = high
    assert bool(in_step.feed(octets)) == bool(_FRAME_UP_TO[high].fullmatch(octets))


def test_empty():
    reader = FrameReader()
    assert reader.feed(b"") == []
    assert reader.counters == Counters()
