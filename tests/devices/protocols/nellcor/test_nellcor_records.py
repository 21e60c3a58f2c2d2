import time
from calendar import timegm

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.device_time import civil_time
from devices.protocols.nellcor.records import (
    CODES,
    Columns,
    Heading,
    Info,
    Limits,
    Measurement,
    Menu,
    Number,
    Setup,
    TrendEnd,
    clock_text,
    read_line,
)


def posix(text):
    """The C library's reading of the monitor's clock."""
    return float(timegm(time.strptime(text, "%d-%b-%y %H:%M:%S")))


def read(text):
    found = read_line(text.encode("latin-1") + b"\r\n")
    return found and found[0]


@pytest.mark.parametrize(
    ("line", "spo2", "pr", "amplitude", "codes"),
    [
        # protocols.md §6.2, printed and constructed
        ("12-NOV-98 14:00:05  100  120  50  ", Number(100), Number(120), Number(50), ()),
        ("02-JAN-26 10:15:30 98 72 60 ", Number(98), Number(72), Number(60), ()),
        ("02-JAN-26 10:15:32 --- --- --- SD", Number(None), Number(None), Number(None), ("SD",)),
        ("02-JAN-26 10:15:34 88* 72 55 SL", Number(88, out=True), Number(72), Number(55), ("SL",)),
        # columns as an N-560 lays them out
        (
            "02-Jan-26 10:15:36    79*     66      18    MO SL       AS   ",
            Number(79, out=True),
            Number(66),
            Number(18),
            ("MO", "SL", "AS"),
        ),
        (
            "02-Jan-26 10:15:38     0       0     ---    PS               ",
            Number(0),
            Number(0),
            Number(None),
            ("PS",),
        ),
        ("02-Jan-26 10:15:40    96     171*      9       PH          AO", Number(96), Number(171, out=True), Number(9), ("PH", "AO")),
        # a model without the amplitude column, and one with a column of codes only
        ("02-JAN-26 10:15:42 98 72", Number(98), Number(72), None, ()),
        ("02-JAN-26 10:15:44 98 72 MO LB", Number(98), Number(72), None, ("MO", "LB")),
        ("02-JAN-26 10:15:46 98 72 60 XY", Number(98), Number(72), Number(60), ("XY",)),
        ("31-DEC-70 23:59:59 98 300 255", Number(98), Number(300), Number(255), ()),
    ],
)  # fmt: skip
def test_data_lines(line, spo2, pr, amplitude, codes):
    assert read(line) == Measurement(posix(line[:18]), spo2, pr, amplitude, codes)


@pytest.mark.parametrize(
    "line",
    [
        "32-JAN-26 10:15:30 98 72 60",
        "30-FEB-26 10:15:30 98 72 60",
        "00-JAN-26 10:15:30 98 72 60",
        "02-JAM-26 10:15:30 98 72 60",
        "02-JAN-26 24:15:30 98 72 60",
        "02-JAN-26 10:60:30 98 72 60",
        "02-JAN-26 10:15:60 98 72 60",
        "2-JAN-26 10:15:30 98 72 60",
        "02-JAN-26  10:15:30 98 72 60",
        "202-JAN-26 10:15:30 98 72 60",
        "02-JAN-26 10:15:30 101 72 60",
        "02-JAN-26 10:15:30 98 301 60",
        "02-JAN-26 10:15:30 98 72 256",
        "02-JAN-26 10:15:30 98 072 60",
        "02-JAN-26 10:15:30 98 7: 60",
        "02-JAN-26 10:15:30 98 72 60 60",
        "02-JAN-26 10:15:30 98",
        "02-JAN-26 10:15:30 9872 60",
        "02-JAN-26 10:15:30 -- 72 60",
        "02-JAN-26 10:15:30 98** 72 60",
        "02-JAN-26 10:15:30 98 72 60 sl",
        "02-JAN-26 10:15:30 98 72 60 S",
        "02-JAN-26 10:15:30 98 72 60 SLM",
        "02-JAN-26 10:15:30 98 72 60 \xd3L",
        "02-JAN-26 10:15:30\t98 72 60",
    ],
)
def test_damaged_data_lines(line):
    assert read(line) is None


@pytest.mark.parametrize(
    ("line", "model", "version", "limits", "trend"),
    [
        (
            "N-395 VERSION 2.0.0.0 CRC: XXXX SpO2 Limit: 70-100% PR Limit: 60-160BPM",
            "N-395",
            "2.0.0.0",
            Limits(70, 100, 60, 160),
            False,
        ),
        (
            "NPB-290 VERSION 1.0.0.1 TREND SpO2 Limit: 30-100% PR Limit: 100-180BPM",
            "NPB-290",
            "1.0.0.1",
            Limits(30, 100, 100, 180),
            True,
        ),
        (
            "N-560    VERSION 1.61.00    CRC:XXXX  SpO2 Limit: 95-100%    PR Limit: 59-148BPM",
            "N-560",
            "1.61.00",
            Limits(95, 100, 59, 148),
            False,
        ),
        (
            "N-600x VERSION 1.0.0 SpO2 Limit: 85-100% PR Limit: 40-170BPM",
            "N-600x",
            "1.0.0",
            Limits(85, 100, 40, 170),
            False,
        ),
    ],
)
def test_headings(line, model, version, limits, trend):
    assert read(line) == Heading(model, version, limits, trend)


@pytest.mark.parametrize(
    "line",
    [
        "N-395 VERSION 2.0.0.0 CRC: XXXX SpO2 Limit: 70-101% PR Limit: 60-160BPM",
        "N-395 VERSION 2.0.0.0 CRC: XXXX SpO2 Limit: 100-70% PR Limit: 60-160BPM",
        "N-395 VERSION 2.0.0.0 CRC: XXXX SpO2 Limit: 70-100% PR Limit: 60-760BPM",
        "N-395 VERSION 2 CRC: XXXX SpO2 Limit: 70-100% PR Limit: 60-160BPM",
        "N-395 VERSION 2.0.0.0 CRC: XXXX SpO2 Limit: 70-100% PR Limit: 60-160BP",
    ],
)
def test_damaged_headings(line):
    assert read(line) is None


@pytest.mark.parametrize(
    ("line", "record"),
    [
        ("TIME %SpO2 BPM PA Status", Columns(amplitude=True)),
        ("TIME                 %SPO2   BPM     PA     Status", Columns(amplitude=True)),
        ("TIME %SPO2 BPM Status", Columns(amplitude=False)),
        ("TIME %SPO2 BPM PA", Columns(amplitude=True)),
        ("                             ADULT            0SAT-S ", Setup("adult, 0 SatSeconds")),
        (
            "    NEO   25SAT-S   SPO2 RESP MODE: FAST",
            Setup("neo, 25 SatSeconds, response fast"),
        ),
        ("N-595 VERSION 3.1.0 INFO CRC:A1B2 SEC:12 3456", Info("N-595", "3.1.0")),
        ("NPB-595   Interactive Mode", Menu()),
        ("    1) Dump Instrument Info", Menu()),
        ("    0) Exit Interactive Mode", Menu()),
        ("    Command?", Menu()),
        ("Output Complete", TrendEnd()),
        ("hello, monitor", None),
        ("", None),
    ],
)
def test_other_lines(line, record):
    assert read(line) == record


def test_rubbish_before_a_line_is_measured():
    found = read_line(b"02-JAN-26 10:1\x00\xff02-JAN-26 10:15:30 98 72 60\n")
    assert found is not None
    assert found[1] == 16
    assert found[0] == read("02-JAN-26 10:15:30 98 72 60")


def test_every_code_of_the_document_is_known():
    assert set(CODES) == {"AO", "AS", "LB", "LM", "LP", "MO", "PH", "PL", "PS", "SD", "SH", "SL", "SO"}


@given(st.integers(0, 3_124_223_999))
def test_the_clock_survives_its_text(posix_s):
    text = clock_text(civil_time(posix_s))
    found = read(f"{text} 98 72 60")
    assert isinstance(found, Measurement)
    assert found.time_s == posix(text) == posix_s


@given(st.binary(max_size=200))
def test_any_line_is_read(data):
    found = read_line(data.replace(b"\n", b"") + b"\n")
    assert found is None or 0 <= found[1] <= len(data)
