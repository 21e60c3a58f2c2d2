import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.contec_v7 import commands
from devices.protocols.contec_v7.identity import SIMULATOR_IDENTITY, encode_identity, parse_identity
from devices.protocols.contec_v7.records import encode_record, is_record, restore
from devices.signals import DeviceIdentity


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("STOP_STORED", "A7"),
        ("STOP", "A2"),
        ("ASK_PI_SUPPORT", "AC"),
        ("ASK_IDENTITY", "AA"),
        ("START", "A1"),
        ("KEEP_ALIVE", "AF"),
    ],
)
def test_commands_stand_as_the_document_prints_them(name, code):
    assert getattr(commands, name) == bytes.fromhex(f"7D 81 {code} 80 80 80 80 80 80")


def test_commands_that_were_captured(shared_captures):
    lines = (shared_captures / "contec_v7_serial/transcribed_lines.txt").read_text().splitlines()
    sent = [bytes.fromhex(line[3:].split("|")[0]) for line in lines if line.startswith("TX")]
    places = [sent.index(question) for question in commands.START_UP]
    assert places == sorted(places)


def test_the_start_up_changes_no_setting_and_reads_no_memory():
    assert {command[2] for command in commands.START_UP} == {0xA1, 0xA2, 0xA7, 0xAA, 0xAC}


@pytest.mark.parametrize(
    ("record", "data"),
    [
        ("0C 80", ""),
        ("0E 80 81", "01"),
        ("02 81 FF A0 A0 A0 A0 A0 A0", "FF 20 20 20 20 20 20"),
        ("04 80 F5 F3 E5 F2 A0 A0 A0", "75 73 65 72 20 20 20"),
        ("01 E0 85 B3 96 C1 E1 FF FF", "05 33 16 41 61 FF FF"),
        ("01 A8 C6 A8 88 8C E2 B3 81", "46 28 08 8C 62 B3 01"),
    ],
)
def test_bits_seven_come_back(record, data):
    octets = bytes.fromhex(record)
    assert restore(octets) == bytes.fromhex(data)
    assert encode_record(octets[0], bytes.fromhex(data)) == octets
    assert is_record(octets)


@given(st.integers(0, 0x7F), st.binary(max_size=7))
def test_only_the_type_byte_has_bit_seven_clear(kind, data):
    record = encode_record(kind, data)
    assert record[0] == kind
    assert all(octet >= 0x80 for octet in record[1:])
    assert restore(record) == data


@pytest.mark.parametrize(("kind", "data"), [(0x80, b""), (0x01, bytes(8))])
def test_what_is_no_record_cannot_be_made(kind, data):
    with pytest.raises(ValueError, match=r"no V7\.0 record"):
        encode_record(kind, data)


@pytest.mark.parametrize("record", ["0C 81", "0E 82 81", "0B", "0B 80 80 80 80 80 80 80 80 80"])
def test_high_bits_of_bytes_that_are_not_there(record):
    assert not is_record(bytes.fromhex(record))


def test_identity_as_captured():
    record = bytes.fromhex("04 80 F5 F3 E5 F2 A0 A0 A0")
    assert parse_identity(record) == DeviceIdentity("Contec", serial_number="user")


def test_identity_of_the_simulator():
    identity = parse_identity(encode_identity(SIMULATOR_IDENTITY))
    assert identity == DeviceIdentity("Chairside", "CHAIRSIDE SIM", serial_number="CHR_SIM", simulator=True)
