import pytest

from devices.protocols.device_time import CivilTime
from devices.protocols.masimo.line import parse_line

CLOCK = b"01/02/26 10:15:30 "
RAD8 = CLOCK + b"SN=0000012345 SPO2=098% BPM=072 PI=04.35 DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000800"
RADICAL7 = (
    b"03/17/16 19:19:36 SN=---------- SPO2=098% BPM=123 PI=00.55 SPCO=--% SPMET=--.-% SPHB=--.- SPOC=-- RESVD=--- "
    b"DESAT=-- PIDELTA=+-- PVI=--- ALARM=000000 EXC=0000C00 EXC1=00000000"
)


def test_the_line_of_the_document():
    line = parse_line(RAD8)
    assert line is not None
    assert line.time == CivilTime(2026, 1, 2, 10, 15, 30)
    assert [line.number(key) for key in ("SPO2", "BPM", "PI", "DESAT")] == [98.0, 72.0, 4.35, None]
    assert line.exceptions == 0x800


def test_the_longest_line_known():
    line = parse_line(RADICAL7)
    assert line is not None
    assert [line.number(key) for key in ("SPO2", "BPM", "PI", "SPCO", "SPMET", "PVI")] == [
        98.0,
        123.0,
        0.55,
        None,
        None,
        None,
    ]
    assert line.exceptions == 0xC00


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b"DESAT=-- ", b"DESAT=-- # ", id="a stray sign, as in a sample"),
        pytest.param(b"PI=04.35", b"PI=--.--%", id="no PI, with a percent sign"),
        pytest.param(b"PI=04.35 ", b"", id="no PI at all"),
        pytest.param(
            b"PI=04.35", b"PI=04.35 SPCO=03% SPMET=01.2% SPHB=13.1 SPOC=17 PVI=021", id="more fields"
        ),
        pytest.param(b"SN=0000012345", b"SN=CHAIRSIDE-SIM", id="a name for a number"),
        pytest.param(b"SPO2=098%", b"SPO2=---%", id="no saturation"),
        pytest.param(b"BPM=072", b"BPM=---", id="no rate"),
        pytest.param(b"BPM=072", b"BPM=240", id="highest rate"),
        pytest.param(b"01/02/26", b"00/00/00", id="a clock that is not set"),
        pytest.param(b"EXC=000800", b"EXC=000800 NEWKEY=12", id="a field nobody has described"),
    ],
)
def test_what_a_line_may_also_be(old, new):
    assert old in RAD8
    assert parse_line(RAD8.replace(old, new)) is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"SPO2=098%", b"SPO2=98%"),
        (b"SPO2=098%", b"SPO2=098"),
        (b"SPO2=098%", b"SPO2=09x%"),
        (b"SPO2=098%", b"SPO2=--8%"),
        (b"SPO2=098%", b"SPO2=101%"),
        (b"SPO2=098% ", b""),
        (b"SPO2=", b"SPO3="),
        (b"BPM=072", b"BPM=72"),
        (b"BPM=072", b"BPM=0722"),
        (b"BPM=072", b"BPM=472"),
        (b"BPM=072 ", b""),
        (b"PI=04.35", b"PI=4.35"),
        (b"PI=04.35", b"PI=04:35"),
        (b"PIDELTA=+--", b"PIDELTA=--"),
        (b"EXC=000800", b"EXC=00080G"),
        (b"EXC=000800", b"EXC=00080"),
        (b"EXC=000800", b""),
        (b"ALARM=0000", b"ALARM=00"),
        (b"DESAT=--", b"DESAT --"),
        (b"DESAT=--", b"DESAT=-- DESAT=--"),
        (b"DESAT=--", b"DESAT=\x80-"),
        (b"DESAT=--", b"desat=--"),
        (b"DESAT=-- ", b"DESAT=-- ## "),
        (b"10:15:30", b"10:15.30"),
        (b"SN=0000012345", b"SN=0000_12345"),
    ],
)
def test_what_is_wrong_in_one_place_spoils_the_line(old, new):
    assert old in RAD8
    assert parse_line(RAD8.replace(old, new)) is None


def test_few_flipped_bits_leave_a_line_whose_saturation_or_rate_differs():
    """There is no checksum; the form of the line finds most of what a flipped bit does."""
    true = parse_line(RAD8)
    assert true is not None
    flips = far_off = other = 0
    for bit in range(8 * len(RAD8)):
        damaged = bytearray(RAD8)
        damaged[bit // 8] ^= 1 << bit % 8
        line = parse_line(bytes(damaged))
        flips += 1
        if line is None:
            continue
        for key in ("SPO2", "BPM"):
            now, then = line.number(key), true.number(key)
            if now != then:
                other += 1
                far_off += now is not None and abs(now - then) > 0.2 * then
    assert flips == 8 * len(RAD8)
    assert other <= 0.015 * flips
    assert far_off <= 0.01 * flips  # and these are jumps, which have to be seen twice
