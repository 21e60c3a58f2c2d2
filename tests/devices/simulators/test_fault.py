from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import ConfigError
from devices.simulators.fault import FAULT_NAMES, Fault, FaultLine, fault_help, parse_fault

INF = float("inf")
STREAM = bytes(i % 251 for i in range(20_000))


def through(fault: str, data: bytes = STREAM, *, seed: int = 1, at_s: float = 1.0) -> bytes:
    return FaultLine([parse_fault(fault)], seed=seed).apply(data, at_s)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("drop@60", Fault("drop", 60.0, INF, 0.01)),
        ("drop:0.2@60-90", Fault("drop", 60.0, 90.0, 0.2)),
        (" Silence@0 ", Fault("silence", 0.0, INF, 0.0)),
        ("merge:1.5@10", Fault("merge", 10.0, INF, 1.5)),
        ("reset@5.5", Fault("reset", 5.5, INF, 3.0)),
    ],
)
def test_how_a_fault_is_written(text, expected):
    assert parse_fault(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("drop", "write NAME@T"),
        ("drop@", "write NAME@T"),
        ("drop@-5", "write NAME@T"),
        ("@5", "write NAME@T"),
        ("drop@1.2.3", "has a number that is none"),
        ("drop@90-60", "ends before it starts"),
        ("drop:1.5@60", "0 to 1"),
        ("explode@5", "choose one of drop, double"),
    ],
)
def test_a_fault_written_wrong_says_what_is_right(text, words):
    with pytest.raises(ConfigError, match=words):
        parse_fault(text)


def test_every_name_can_be_written_and_is_explained():
    for name in FAULT_NAMES:
        assert parse_fault(f"{name}@1").name == name
        assert name in fault_help()


@pytest.mark.parametrize("name", FAULT_NAMES)
def test_outside_its_time_a_fault_does_nothing(name):
    line = FaultLine([parse_fault(f"{name}@10-20")], seed=1)
    assert line.apply(STREAM, 9.99) == STREAM
    line.before(10.0)
    assert line.apply(STREAM, 10.0) != STREAM
    line.apply(b"", 25.0)  # what was held back comes out
    assert line.apply(STREAM, 30.0) == STREAM


def test_drop_loses_its_share_and_keeps_the_order():
    heard = through("drop:0.1@0")
    assert 0.88 < len(heard) / len(STREAM) < 0.92
    rest = iter(STREAM)
    assert all(byte in rest for byte in heard)  # a subsequence


def test_double_repeats_its_share():
    heard = through("double:0.1@0")
    assert 1.08 < len(heard) / len(STREAM) < 1.12
    assert through("double:1@0", b"abc") == b"aabbcc"


def test_badsum_flips_one_bit_in_its_share():
    heard = through("badsum:0.1@0")
    flipped = [(a ^ b).bit_count() for a, b in zip(heard, STREAM, strict=True) if a != b]
    assert set(flipped) == {1}
    assert 0.09 < len(flipped) / len(STREAM) < 0.11


def test_garbage_puts_bursts_between_whole_bytes():
    heard = through("garbage:0.05@0", b"\x00" * 1000)
    assert len(heard) > 1100
    assert heard.count(0) >= 1000
    assert len(set(heard)) > 50


def test_baud_leaves_nothing_recognisable():
    heard = through("baud@0", b"\x55\xaa" * 5000)
    assert len(heard) == 10_000
    assert heard.count(b"\x55\xaa") < 5
    assert len(set(heard)) == 256


def test_midstart_begins_inside_a_frame_once():
    line = FaultLine([parse_fault("midstart:5@0")])
    assert line.apply(b"123", 0.1) == b""
    assert line.apply(b"45678", 0.2) == b"678"
    assert line.apply(b"9", 0.3) == b"9"


def test_merge_glues_what_it_holds_back():
    line = FaultLine([parse_fault("merge:0.5@1-3")])
    said = [line.apply(bytes([65 + i]), 0.9 + i * 0.2) for i in range(8)]
    assert said == [b"A", b"", b"", b"", b"BCDE", b"", b"", b""]
    assert line.apply(b"!", 3.0) == b"FGH!"


def test_silence_is_silent_and_ends():
    line = FaultLine([parse_fault("silence@1-2")])
    assert [line.apply(b"x", t) for t in (0.9, 1.0, 1.9, 2.0)] == [b"x", b"", b"", b"x"]


def test_reset_restarts_once_and_is_deaf_and_silent_meanwhile():
    restarts: list[int] = []
    line = FaultLine([parse_fault("reset:3@5")], restart=lambda: restarts.append(1))
    for t in (4.9, 5.0, 5.1, 8.0):
        line.before(t)
    assert restarts == [1]
    assert [line.deaf_at(t) for t in (4.9, 5.0, 7.9, 8.0)] == [False, True, True, False]
    assert [line.apply(b"x", t) for t in (5.0, 8.0)] == [b"", b"x"]


@given(
    st.sets(st.integers(1, 399)),
    st.lists(st.sampled_from(["drop", "double", "badsum", "garbage", "baud"]), max_size=3),
)
def test_the_same_seed_spoils_the_same_bytes_however_they_are_cut(cuts, names):
    data = STREAM[:400]
    faults = [Fault(name, 0.0, INF, 0.2) for name in names]
    whole = FaultLine(faults, seed=3).apply(data, 1.0)
    line = FaultLine(faults, seed=3)
    edges = [0, *sorted(cuts), 400]
    pieces = [line.apply(data[a:b], 1.0) for a, b in pairwise(edges)]
    assert b"".join(pieces) == whole


def test_another_seed_spoils_others():
    assert through("drop@0", seed=1) != through("drop@0", seed=2)
