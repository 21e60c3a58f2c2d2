import numpy as np
import pytest

from devices.protocols.delimited.layout import ChecksumKind, LineForm, LineLayout
from devices.protocols.delimited.lines import LONGEST_LINE, MAX_BUFFERED, LineReader, checksum, frame_line
from devices.signals import Counters

PLAIN = LineLayout(LineForm.KEY_VALUE, ending="\r\n")
CHECKED = LineLayout(
    LineForm.KEY_VALUE, start="$", ending="\r\n", checksum=ChecksumKind.XOR, checksum_mark="*"
)
NMEA = b"$GPGLL,5300.97914,N,00259.98174,E,125926,A*28\r\n"
"""A published sentence with the same kind of checksum, made by somebody else."""


def reader(layout, understand=lambda text: text or None):
    return LineReader(layout, understand, lambda: None)


def test_checksum_of_somebody_else():
    assert reader(CHECKED).feed(NMEA) == [NMEA[1:-5]]
    assert frame_line(CHECKED, NMEA[1:-5]) == NMEA


def test_sum_over_text_and_start():
    """protocols.md §8.2: CC is the 8-bit sum of what stands before it: `01;;` gives D7, `18;;` DF."""
    assert [checksum(ChecksumKind.SUM, b"01;;"), checksum(ChecksumKind.SUM, b"18;;")] == [b"D7", b"DF"]
    layout = LineLayout(
        LineForm.FIELDS, start="0", ending="\r", checksum=ChecksumKind.SUM, checksum_covers_start=True
    )
    assert reader(layout).feed(b"01;;D7\r") == [b"1;;"]
    assert reader(layout).feed(b"01;;d7\r") == [b"1;;"]
    assert frame_line(layout, b"1;;") == b"01;;D7\r"


@pytest.mark.parametrize(
    ("data", "good", "bad", "discarded"),
    [
        (b"HR=72\r\nHR=73\r\n", 2, 0, 0),
        (b"\r\nHR=72\r\n", 1, 0, 2),  # an empty line is nobody's frame
        (b"A" * (LONGEST_LINE + 1) + b"\r\nHR=72\r\n", 1, 1, LONGEST_LINE + 3),
    ],
)
def test_plain_lines(data, good, bad, discarded):
    r = reader(PLAIN)
    assert len(r.feed(data)) == good
    assert r.counters == Counters(len(data), good, bad, bool(discarded), discarded)


@pytest.mark.parametrize(
    ("data", "bad", "discarded"),
    [
        (b"junk" + NMEA, 0, 4),
        (NMEA[:-9] + NMEA, 0, len(NMEA) - 9),  # torn: the next start mark wins
        (NMEA.replace(b"*28", b"*29") + NMEA, 1, len(NMEA)),
        (NMEA.replace(b"*28", b"*2G") + NMEA, 1, len(NMEA)),
        (NMEA.replace(b"*28", b"+28") + NMEA, 1, len(NMEA)),
        (b"no start\r\n" + NMEA, 1, 10),
        (b"$\r\n" + NMEA, 1, 3),
    ],
)
def test_damage_costs_only_itself_however_it_is_cut(data, bad, discarded):
    for size in (len(data), 1):
        r = reader(CHECKED)
        assert sum(len(r.feed(data[k : k + size])) for k in range(0, len(data), size)) == 1
        assert (r.counters.frames_bad, r.counters.bytes_discarded, r.counters.resyncs) == (bad, discarded, 1)


@pytest.mark.parametrize("layout", [PLAIN, CHECKED])
def test_bounded_on_anything(layout):
    r = reader(layout)
    rng = np.random.default_rng(4)
    for noise in (bytes(5000), b"$" * 5000, b"A" * 5000, b"\r" * 5000, rng.bytes(200_000)):
        for k in range(0, len(noise), 500):
            r.feed(noise[k : k + 500])
            assert r.buffered <= MAX_BUFFERED
