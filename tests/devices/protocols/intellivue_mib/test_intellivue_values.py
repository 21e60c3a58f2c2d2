import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.intellivue_mib.nomenclature import numeric_name, unit_text, wave_name
from devices.protocols.intellivue_mib.values import (
    State,
    pack_float,
    pack_text,
    pack_time,
    quality_of,
    read_float,
    read_text,
    read_time,
)
from devices.signals import Quality
from tests.devices.protocols.intellivue_mib import wire_reader


@pytest.mark.parametrize(
    ("octets", "value"),
    [
        ("00 00 00 3C", 60.0),
        ("FF 00 03 D4", 98.0),
        ("FE FF F0 00", -40.96),
        ("FD 00 9F FB", 40.955),
        ("02 00 00 05", 500.0),
        ("00 7F FF FF", None),
        ("FE 7F FF FF", None),
        ("00 80 00 00", None),
        ("00 7F FF FE", None),
        ("00 80 00 02", None),
        ("00 80 00 03", -8388605.0),
    ],
)
def test_float(octets, value):
    assert read_float(bytes.fromhex(octets)) == value


@given(value=st.floats(-80_000, 80_000), decimals=st.integers(0, 2))
def test_float_equals_a_decimal_literal(value, decimals):
    octets = pack_float(value, decimals)
    assert read_float(octets) == wire_reader.number(octets)
    assert read_float(octets) == pytest.approx(value, abs=0.51 * 10.0**-decimals)


@pytest.mark.parametrize("value", [None, 1e9, -1e9])
def test_float_that_is_no_number(value):
    assert read_float(pack_float(value)) is None


@pytest.mark.parametrize(
    ("octets", "posix_s"),
    [
        ("20 26 01 02 10 15 30 00", 1767348930.0),
        ("20 21 03 29 12 46 18 00", 1617021978.0),
        ("20 21 03 29 12 46 18 25", 1617021978.25),
        ("20 24 02 29 00 00 00 FF", 1709164800.0),
        ("FF FF FF FF FF FF FF FF", None),
        ("00 00 00 00 00 00 00 00", None),
    ],
)
def test_time(octets, posix_s):
    assert read_time(bytes.fromhex(octets)) == posix_s


@pytest.mark.parametrize(
    "octets",
    [
        "20 25 02 29 00 00 00 00",
        "20 25 13 01 00 00 00 00",
        "20 25 01 01 24 00 00 00",
        "2A 25 01 01 00 00 00 00",
        "20 25",
    ],
)
def test_no_time(octets):
    with pytest.raises(ValueError):  # noqa: PT011 -- several messages, one meaning
        read_time(bytes.fromhex(octets))


@given(hundredths=st.integers(0, 7_000_000_000_00))
def test_time_there_and_back(hundredths):
    assert read_time(pack_time(hundredths / 100)) == pytest.approx(hundredths / 100, abs=0.001)


def test_no_time_is_ff():
    assert pack_time(None) == b"\xff" * 8


@pytest.mark.parametrize("text", ["SpO2", "** HR 130>120", "µ° Ω"])
def test_text(text):
    assert read_text(pack_text(text)) == text


def test_text_keeps_nothing_unprintable():
    octets = "A\n\0B\0".encode("utf-16-be")
    assert read_text(struct.pack(">H", len(octets)) + octets) == "A B"


@pytest.mark.parametrize(
    ("state", "quality"),
    [
        (0, Quality.GOOD),
        (State.INVALID, Quality.INVALID),
        (State.QUESTIONABLE, Quality.QUESTIONABLE),
        (State.UNAVAILABLE, Quality.INVALID),
        (State.CALIBRATING, Quality.QUESTIONABLE),
        (State.TEST, Quality.DEMO),
        (State.DEMO, Quality.DEMO),
        (State.VALIDATED, Quality.GOOD),
        (State.EARLY, Quality.QUESTIONABLE),
        (State.ONGOING, Quality.GOOD),
        (State.IN_ALARM | State.ALARM_INHIBITED, Quality.GOOD),
        (State.INVALID | State.DEMO, Quality.INVALID | Quality.DEMO),
    ],
)
def test_state_bits(state, quality):
    assert quality_of(state) == quality


@pytest.mark.parametrize(
    ("physio", "name"),
    [
        (0x4182, "HR"), (0x4261, "PVC"), (0x4BB8, "SPO2"), (0x4822, "PR"), (0x4BB0, "PI"), (0x500A, "RR"), (0x4B48, "TEMP"),
        (0x0301, "ST_I"), (0x0302, "ST_II"), (0x0303, "ST_V1"), (0x0308, "ST_V6"), (0x033D, "ST_III"), (0x0343, "ST_V"),
        (0x50AC, "CO2"), (0x1234, "NUMERIC_1234"),
    ],
)  # fmt: skip
def test_numeric_names(physio, name):
    assert numeric_name(physio, "") == name


@pytest.mark.parametrize(
    ("physio", "name"),
    [
        (0x0100, "ECG"), (0x0101, "ECG_I"), (0x0102, "ECG_II"), (0x0103, "ECG_V1"), (0x0108, "ECG_V6"), (0x013D, "ECG_III"),
        (0x013E, "ECG_AVR"), (0x013F, "ECG_AVL"), (0x0140, "ECG_AVF"), (0x0143, "ECG_V"), (0x5000, "RESP"), (0x4BB4, "PLETH"),
        (0x4A11, "WAVE_4A11"),
    ],
)  # fmt: skip
def test_wave_names(physio, name):
    assert wave_name(physio, "") == name


def test_the_monitors_own_label_names_what_is_unknown():
    assert numeric_name(0x1234, "BIS") == wave_name(0x1234, "BIS") == "BIS"


@pytest.mark.parametrize(
    ("code", "unit"),
    [(0x0AA0, "/min"), (0x0220, "%"), (0x0F20, "mm[Hg]"), (0x0512, "mm"), (0x0200, "1"), (0x0AE0, "/min"), (0x10B2, "mV"),
     (0x17A0, "Cel"), (0x0ABC, "{unit 0ABC}")],
)  # fmt: skip
def test_units(code, unit):
    assert unit_text(code) == unit
