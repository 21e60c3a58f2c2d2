"""Bytes of our emulators, read by code written from protocols.md alone and sharing nothing with the decoders.

DRI and IntelliVue have fuller readers of this kind beside their own tests (``dri_bytes``, ``wire_reader``).
"""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from devices.protocols.nonin.frames import Dialect
from devices.protocols.nonin.monitor import NoninMonitor
from tests.devices.emulated_wire import wire_of
from tests.devices.fake_patient import FakePatient

Read = dict[str, float | None]


def read_berry(stream: bytes) -> Read:
    """§1.1, §1.3."""
    read: Read = {}
    at = 0
    while at < len(stream):
        assert stream[at : at + 2] == b"\x55\xaa"
        size = stream[at + 2]
        body = stream[at + 2 : at + 2 + size]
        assert sum(body) & 0xFF == 0xFF, "CHK is the complement of the sum"
        data = body[2:-1]
        if body[1] == 2:
            read |= {"HR": data[1], "RR": data[2]}
        elif body[1] == 4:
            read |= {"SPO2": data[1], "PR": data[2]}
        elif body[1] == 5:
            read["TEMP"] = data[1] + data[2] / 10
        elif body[1] == 3 and data[0] >> 2 & 15 == 0 and data[2]:
            read |= {"SYS": data[2], "MEAN": data[3], "DIA": data[4]}
        at += 2 + size
    return read


def read_nonin(stream: bytes) -> Read:
    """§5.3: 25 frames a packet, HR display in frames 20 and 21, SpO2 display in 9."""
    frames = [stream[k : k + 5] for k in range(0, len(stream) - 4, 5)]
    assert all(f[0] == 1 and sum(f[:4]) % 256 == f[4] for f in frames)
    syncs = [k for k, f in enumerate(frames) if f[1] & 1]
    assert {b - a for a, b in pairwise(syncs)} == {25}
    packet = frames[syncs[-2] : syncs[-1]]
    return {"PR": (packet[19][3] & 3) << 7 | packet[20][3] & 0x7F, "SPO2": packet[8][3]}


def read_nonin_7(stream: bytes) -> Read:
    """§5.4: as format 2 without the 01, pleth of 16 bits."""
    frames = [stream[k : k + 5] for k in range(0, len(stream) - 4, 5)]
    assert all(f[0] & 0x80 and sum(f[:4]) % 256 == f[4] for f in frames)
    syncs = [k for k, f in enumerate(frames) if f[0] & 1]
    assert {b - a for a, b in pairwise(syncs)} == {25}
    packet = frames[syncs[-2] : syncs[-1]]
    return {"PR": (packet[19][3] & 3) << 7 | packet[20][3] & 0x7F, "SPO2": packet[8][3]}


def read_nonin_1(stream: bytes) -> Read:
    """§5.2."""
    status, low, spo2 = stream[-3:]
    assert len(stream) % 3 == 0
    return {"PR": (status & 3) << 7 | low & 0x7F, "SPO2": spo2}


def read_nonin_8(stream: bytes) -> Read:
    """§5.5: b5 of the second status is a good measurement."""
    status, low, spo2, status2 = stream[-4:]
    assert len(stream) % 4 == 0
    assert status2 == 0x20
    return {"PR": (status & 3) << 7 | low, "SPO2": spo2}


def read_nonin_line(stream: bytes) -> Read:
    """§5.7: a header at power up, then a line a second."""
    header, *lines = stream.decode("ascii").split("\r\n")[:-1]
    assert "NONIN" in header
    found = re.fullmatch(r"SPO2=(\d{3}) HR=(\d{3})", lines[-1])
    assert found is not None
    return {"SPO2": int(found[1]), "PR": int(found[2])}


def read_masimo(stream: bytes) -> Read:
    """§6.1."""
    line = stream.decode("ascii").split("\r\n")[-2]
    pairs = dict(re.findall(r"(\w+)=(\S+)", line))
    return {"SPO2": int(pairs["SPO2"][:-1]), "PR": int(pairs["BPM"]), "PI": float(pairs["PI"])}


def read_nellcor(stream: bytes) -> Read:
    """§6.2."""
    columns = stream.decode("ascii").split("\r\n")[-2].split()
    return {"SPO2": int(columns[2]), "PR": int(columns[3])}


def read_bci(stream: bytes) -> Read:
    """§7.1."""
    frame = stream[-5:]
    assert [octet >> 7 for octet in frame] == [1, 0, 0, 0, 0]
    return {"PR": (frame[2] >> 6 & 1) << 7 | frame[3], "SPO2": frame[4]}


def read_contec(stream: bytes) -> Read:
    """§7.2: HB bit k is bit 7 of byte 2 + k."""
    frame = stream[-9:]
    assert frame[0] == 1
    assert all(octet & 0x80 for octet in frame[1:])
    data = [octet & 0x7F | (frame[1] >> k & 1) << 7 for k, octet in enumerate(frame[2:])]
    return {"PR": data[3], "SPO2": data[4], "PI": (data[5] | data[6] << 8) / 100}


def read_suntech(stream: bytes) -> Read:
    """§8.1: the result is the frame of 24 bytes."""
    at = stream.index(b"\x3e\x18")
    frame = stream[at : at + 24]
    assert sum(frame) % 256 == 0
    return {"SYS": frame[2] | frame[3] << 8, "DIA": frame[4] | frame[5] << 8, "MEAN": frame[18]}


def read_efficia(stream: bytes) -> Read:
    """§4: MLLP, and one OBX for each value."""
    names = {"4bb8": "SPO2", "4182": "HR", "5000": "RR", "f0c7": "TEMP"}
    message = stream[stream.rindex(b"\x0b") + 1 : -2].decode("ascii")
    assert stream.endswith(b"\r\x1c\r")
    rows = [segment.split("|") for segment in message.split("\r")]
    assert rows[0][:2] == ["MSH", "^~\\&"]
    values = {row[3].split("^")[0][-4:]: row[5] for row in rows if row[0] == "OBX" and row[11] == "F"}
    return {name: float(values[code]) for code, name in names.items()}


@pytest.mark.parametrize(
    ("driver_id", "seconds", "read", "expected"),
    [
        (
            "berry",
            50,
            read_berry,
            {"HR": 75, "RR": 15, "SPO2": 97, "PR": 76, "TEMP": 36.6, "SYS": 122, "MEAN": 92, "DIA": 78},
        ),
        ("nonin", 6, read_nonin, {"PR": 76, "SPO2": 97}),
        ("masimo", 6, read_masimo, {"SPO2": 97, "PR": 76, "PI": 3.5}),
        ("nellcor", 8, read_nellcor, {"SPO2": 97, "PR": 76}),
        ("bci", 6, read_bci, {"PR": 76, "SPO2": 97}),
        ("contec-v7", 6, read_contec, {"PR": 76, "SPO2": 97, "PI": 3.5}),
        ("suntech-nibp", 60, read_suntech, {"SYS": 122, "DIA": 78, "MEAN": 92}),
        ("efficia-hl7", 12, read_efficia, {"HR": 75, "SPO2": 97, "RR": 15, "TEMP": 36.6}),
    ],
)
def test_an_emulator_says_what_another_reader_understands(
    driver_id: str, seconds: int, read: Callable[[bytes], Read], expected: Read
) -> None:
    assert read(wire_of(driver_id, seconds)) == expected


@pytest.mark.parametrize(
    ("dialect", "read"),
    [
        (Dialect.F1, read_nonin_1),
        (Dialect.F7, read_nonin_7),
        (Dialect.F8, read_nonin_8),
        (Dialect.LINE, read_nonin_line),
    ],
)
@pytest.mark.parametrize("rate", [60.0, 127.0, 128.0, 200.0])
def test_every_format_of_a_nonin_is_understood_too(
    dialect: Dialect, read: Callable[[bytes], Read], rate: float
) -> None:
    patient = FakePatient()
    patient.numbers = replace(patient.numbers, pr_per_min=rate, hr_per_min=rate, spo2_percent=93.0)
    stream = wire_of("nonin", 8, monitor=NoninMonitor(patient, seed=1, dialect=dialect))
    assert read(stream) == {"PR": rate, "SPO2": 93}


def test_the_pleth_of_a_contec_swings_with_the_pulse() -> None:
    """§7.2: 60 frames a second, wave in b0-6 of B3, bit 7 of B3 (searching) apart."""
    stream = wire_of("contec-v7", 12)
    frames = [stream[k : k + 9] for k in range(stream.index(b"\x01"), len(stream) - 8, 9)]
    frames = [f for f in frames if f[0] == 1 and all(octet & 0x80 for octet in f[1:])]
    wave = np.array([f[3] & 0x7F for f in frames][-512:], dtype=float)
    power = np.abs(np.fft.rfft(wave - wave.mean()))
    strongest_hz = (np.argmax(power[3:]) + 3) * 60.0 / len(wave)
    assert strongest_hz == pytest.approx(76 / 60, abs=0.13)
