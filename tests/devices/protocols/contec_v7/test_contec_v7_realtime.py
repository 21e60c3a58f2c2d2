from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.contec_v7.realtime import RealTime, changes, encode_frame, numbers_key

QUIET, BEEP = RealTime(72, 98, 4.35, 6), RealTime(72, 98, 4.35, 6, beep=True)


def says(frame: bytes) -> tuple[int, ...]:
    """All of a frame but wave and bar, field by field: HB holds the wave byte's flag."""
    return (frame[1], frame[2], frame[4] & 0xF0, *frame[5:])


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 127), st.integers(0, 15)), min_size=1, max_size=90),
    st.sampled_from([-1, numbers_key(encode_frame(QUIET, 5, 5)), numbers_key(encode_frame(BEEP, 5, 5))]),
)
def test_changes_are_where_anything_but_wave_and_bar_differs(plan, key):
    frames = [encode_frame(BEEP if beep else QUIET, wave, bar) for beep, wave, bar in plan]
    expected = [k for k, (a, b) in enumerate(pairwise(frames), 1) if says(a) != says(b)]
    if numbers_key(frames[0]) != key:
        expected.insert(0, 0)
    assert changes(b"".join(frames), key) == expected


@pytest.mark.parametrize("count", [1, 6, 16, 17, 25, 64, 65, 200])
def test_a_steady_run_has_no_change_whatever_its_length(count):
    frames = b"".join(encode_frame(QUIET, k % 128, k % 16) for k in range(count))
    assert changes(frames, numbers_key(frames[:9])) == []
    assert changes(frames, -1) == [0]


def test_the_key_leaves_out_wave_and_bar_only():
    key = numbers_key(encode_frame(QUIET, 1, 2))
    assert key >= 0
    assert key == numbers_key(encode_frame(QUIET, 100, 15))
    for other in (
        BEEP,
        RealTime(73, 98, 4.35, 6),
        RealTime(72, 98, None, 6),
        RealTime(72, 98, 4.35, 6, searching=True),
    ):
        assert numbers_key(encode_frame(other, 1, 2)) != key
