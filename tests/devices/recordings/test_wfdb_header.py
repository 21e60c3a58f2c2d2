from datetime import UTC, datetime

import pytest

from devices.recordings.recording import RecordingError
from devices.recordings.wfdb_header import parse_header

MITDB = """100 2 360 650000
100.dat 212 200 11 1024 995 -22131 0 MLII
100.dat 212 200 11 1024 1011 20052 0 V5
# 69 M 1085 1629 x1
# Aldomet, Inderal
"""


def test_the_header_everybody_uses() -> None:
    header = parse_header(MITDB, source="100.hea")
    assert (header.name, header.rate_hz, header.frames, header.start_utc) == ("100", 360, 650000, None)
    first, second = header.signals
    assert (first.file, first.fmt, first.gain, first.baseline, first.unit) == (
        "100.dat",
        212,
        200,
        1024,
        "mV",
    )
    assert (first.checksum, first.label, second.checksum, second.label) == (-22131, "MLII", 20052, "V5")
    assert header.comments == ("69 M 1085 1629 x1", "Aldomet, Inderal")


def test_offset_gain_and_unit() -> None:
    line = "t174s 1 250 75000\nt174s.mat 16+24 1.052e+04(-12)/NU 16 0 -171 -27403 0 PLETH wave 1\n"
    signal = parse_header(line, source="x").signals[0]
    assert (signal.offset, signal.gain, signal.baseline, signal.unit) == (24, 10520, -12, "NU")
    assert signal.label == "PLETH wave 1"


def test_everything_in_the_format_field_and_short_lines() -> None:
    header = parse_header("r 2 125\na.dat 16x2:3+512\nb.dat 80 0\n", source="x")
    first, second = header.signals
    assert (first.fmt, first.per_frame, first.skew, first.offset) == (16, 2, 3, 512)
    assert (first.gain, first.unit, first.checksum, first.label) == (200, "mV", None, "")
    assert (second.fmt, second.gain) == (80, 200)
    assert header.frames is None


@pytest.mark.parametrize(
    ("clock", "start"),
    [
        ("31:25.894 10/10/2896", datetime(2896, 10, 10, 0, 31, 25, 894000, tzinfo=UTC)),
        ("23:59:01 31/12/1999", datetime(1999, 12, 31, 23, 59, 1, tzinfo=UTC)),
        ("23:59:01", None),
        ("", None),
    ],
)
def test_start_time(clock: str, start: datetime | None) -> None:
    assert parse_header(f"r 0 0.0166666666667/125 1936 {clock}\n", source="x").start_utc == start


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("# only a comment\n", "is empty"),
        ("100\n", "cannot|can be read"),
        ("100 two 360\n", "can be read"),
        ("100 2 360 10\n100.dat 212\n", "promises 2 signals but describes 1"),
        ("100 1 360 10\n100.dat abc 200\n", "'abc' is not understood"),
        ("100/3 2 360 10\na 5\nb 5\n", "open one of the segments"),
        ("100 0 360 10 25:99:99 45/13/2000\n", "can be read"),
    ],
)
def test_broken_headers(text: str, words: str) -> None:
    with pytest.raises(RecordingError, match=words):
        parse_header(text, source="100.hea")
