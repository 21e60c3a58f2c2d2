import pytest

from devices.protocols.device_time import CivilTime
from devices.protocols.nonin.frames import (
    MEASURES,
    WAIT,
    Dialect,
    clock_time,
    spot_frame,
    wave_frame_f2,
    wave_frame_f7,
)

GOOD = [
    # protocols.md §5.3: from the captured packet, and the constructed frames
    (Dialect.F2, "01 81 00 00 82"),
    (Dialect.F2, "01 80 00 3D BE"),
    (Dialect.F2, "01 80 00 61 E2"),
    (Dialect.F2, "01 80 00 29 AA"),
    (Dialect.F2, "01 81 80 01 03"),
    (Dialect.F2, "01 80 80 48 49"),
    (Dialect.F2, "01 83 80 01 05"),
    (Dialect.F2, "01 89 00 03 8D"),
    (Dialect.F2, "01 88 00 7F 08"),
    # §5.4
    (Dialect.F7, "81 80 E8 00 E9"),
    (Dialect.F7, "80 80 F2 48 3A"),
    (Dialect.F7, "80 80 FC 62 5E"),
    # §5.5
    (Dialect.F8, "80 48 62 00"),
    (Dialect.F8, "81 48 62 00"),
    (Dialect.F8, "A0 48 62 08"),
    (Dialect.F8, "A3 7F 7F 08"),
    # §5.6
    (Dialect.F13, "00 02 00 0D 00 0E 20 26 01 02 10 15 30 00 02 00 00 48 00 62 4A 03"),
    # §5.2
    (Dialect.F1, "80 48 62"),
    (Dialect.F1, "E3 7F 7F"),
    # §5.1
    (Dialect.TIME, "02 F2 06 1A 01 02 0A 0F 1E 03"),
]
LINES = [
    b"SPO2=098 HR=072\r\n",
    b"SPO2=--- HR=---\r\n",
    b"SPO2=098 HR=072 F\r\n",
    b"SPO2=098 HR=072*\r\n",
    b"SPO2=098 HR=072 *\r\n",
    b"SPO2= 98 HR= 72\r\n",
    b"10:15:30 SPO2=098 HR=072\r\n",
    b"10:15:30 SPO2=098 HR=072 B\r\n",
]


@pytest.mark.parametrize(("dialect", "hex_text"), GOOD)
def test_documented_frames_stand(dialect, hex_text):
    frame = bytes.fromhex(hex_text)
    measure = MEASURES[dialect]
    assert measure(frame, 0) == len(frame)
    assert measure(b"\x55" + frame + b"\x55", 1) == len(frame)
    for end in range(1, len(frame)):
        assert measure(frame[:end], 0) == WAIT


@pytest.mark.parametrize("line", LINES)
def test_documented_lines_stand(line):
    measure = MEASURES[Dialect.LINE]
    assert measure(line, 0) == len(line)
    for end in range(1, len(line)):
        assert measure(line[:end], 0) == WAIT


@pytest.mark.parametrize(
    ("dialect", "hex_text"),
    [
        pytest.param(Dialect.F2, "01 81 00 00 83", id="checksum"),
        pytest.param(Dialect.F2, "01 71 00 00 72", id="status without bit 7"),
        pytest.param(Dialect.F2, "02 81 00 00 83", id="no 01"),
        pytest.param(Dialect.F7, "81 80 E8 00 EA", id="checksum of format 7"),
        pytest.param(Dialect.F7, "81 80 E8 80 69", id="FLOAT with bit 7"),
        pytest.param(Dialect.F8, "80 C8 62 00", id="HR with bit 7"),
        pytest.param(Dialect.F8, "80 48 E2 00", id="SpO2 with bit 7"),
        pytest.param(Dialect.F8, "80 48 62 80", id="second status with bit 7"),
        pytest.param(Dialect.F8, "80 48 65 00", id="SpO2 101"),
        pytest.param(Dialect.F8, "80 48 00 00", id="SpO2 0"),
        pytest.param(Dialect.F8, "80 11 62 00", id="HR 17"),
        pytest.param(Dialect.F8, "82 42 62 00", id="HR 322"),
        pytest.param(Dialect.F1, "48 48 62", id="status of format 1"),
        pytest.param(
            Dialect.F13, "00 02 00 0D 00 0E 20 26 01 02 10 15 30 00 02 00 00 48 00 62 4B 03", id="CHK"
        ),
        pytest.param(
            Dialect.F13, "00 02 00 0D 00 0E 20 26 01 02 10 15 30 00 02 00 00 48 00 62 4A 02", id="03"
        ),
        pytest.param(
            Dialect.F13, "00 02 00 0D 00 0D 20 26 01 02 10 15 30 00 02 00 00 48 00 4A 03", id="short"
        ),
        pytest.param(Dialect.F13, "00 02 00 0D FF FF", id="endless"),
        pytest.param(Dialect.TIME, "02 F2 06 1A 0D 02 0A 0F 1E 03", id="month 13"),
        pytest.param(Dialect.TIME, "02 F2 06 1A 01 02 0A 0F 1E 04", id="no 03"),
    ],
)
def test_what_is_wrong_in_one_place_is_no_frame(dialect, hex_text):
    assert MEASURES[dialect](bytes.fromhex(hex_text), 0) == 0


@pytest.mark.parametrize(
    "line",
    [
        b"SPO2=98 HR=072\r\n",
        b"SPO2=098 HR=72\r\n",
        b"SPO2=0 8 HR=072\r\n",
        b"SPO2=098 HR= 7 \r\n",
        b"SPO2=098 HR=072\n",
        b"SPO2=098  HR=072\r\n",
        b"SPO2=0:8 HR=072\r\n",
        b"spo2=098 HR=072\r\n",
        b"SPO2=098 HR=072 X\r\n",
        b"1:15:30 SPO2=098 HR=072\r\n",
        b"SPO2=098 HR=072" + b" " * 90 + b"\r\n",
    ],
)
def test_what_is_wrong_in_one_place_is_no_line(line):
    assert MEASURES[Dialect.LINE](line, 0) == 0


def test_a_header_names_the_maker():
    measure = MEASURES[Dialect.HEADER]
    assert measure(b"NONIN AVANT 9600 01/02/26 10:15:30\r\n", 0) == 36
    assert measure(b"SOME OTHER PRINTER\r\n", 0) == 0


def test_every_single_flipped_bit_of_a_checksummed_frame_is_seen():
    for dialect, hex_text in GOOD:
        if dialect in (Dialect.F1, Dialect.F8, Dialect.TIME):
            continue
        frame = bytes.fromhex(hex_text)
        for bit in range(8 * len(frame)):
            damaged = bytearray(frame)
            damaged[bit // 8] ^= 1 << bit % 8
            assert MEASURES[dialect](bytes(damaged), 0) != len(frame), (dialect, bit)


def test_builders_make_the_documented_frames():
    assert wave_frame_f2(0x83, 0x80, 0x01) == bytes.fromhex("01 83 80 01 05")
    assert wave_frame_f7(0x80, 0x80F2, 0x48) == bytes.fromhex("80 80 F2 48 3A")
    data = bytes.fromhex("20 26 01 02 10 15 30 00 02 00 00 48 00 62")
    assert spot_frame(data) == bytes.fromhex("00 02 00 0D 00 0E") + data + b"\x4a\x03"


def test_the_clock_is_plain_binary():
    assert clock_time(bytes((26, 1, 2, 10, 15, 30))) == CivilTime(2026, 1, 2, 10, 15, 30)
