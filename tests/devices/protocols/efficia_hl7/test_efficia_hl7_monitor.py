"""The emulator's bytes are read here by splitting at the separators of protocols.md §4, not by the program's decoder."""

from dataclasses import replace

import pytest

from devices.patient import CuffPressures, SensorState
from devices.protocols.base import CuffPanel
from devices.protocols.efficia_hl7.monitor import EfficiaHl7Monitor
from devices.protocols.efficia_hl7.request import positive_ack, query
from devices.signals import NibpFailure
from tests.devices.fake_patient import FakePatient

QUERY = (
    b"\x0bMSH|^~\\&|||||20260102101530||QRY^R02|APP0000001|P|2.4\r"
    b"QRD|20260102101530|R|I|Q0000001|||||STA\r\x1c\r"
)
"""protocols.md §4, as printed."""


def answer(monitor, at_s, request=QUERY):
    monitor.receive(request)
    data = monitor.advance(at_s)
    assert data.startswith(b"\x0bMSH|^~\\&|")
    assert data.endswith(b"\r\x1c\r")
    return [line.split("|") for line in data[1:-3].decode("ascii").split("\r")]


def screen(monitor, at_s):
    lines = [line + [""] * 20 for line in answer(monitor, at_s) if line[0] == "OBX"]
    return {line[3].split("^")[1]: (line[5], line[11], line[14]) for line in lines}


def test_the_request_is_the_one_of_the_document():
    ours = query(1, 0).replace(b"20000101000000", b"20260102101530")
    assert ours == QUERY
    ack = positive_ack(7, 61_000_000_000, "MONITORABC000000002D")
    assert ack == (
        b"\x0bMSH|^~\\&|||||20000101000101||ACK^^ACK_ALL|APP0000007|P|2.4\rMSA|AA|MONITORABC000000002D\r\x1c\r"
    )


def test_an_answer_as_documented():
    lines = answer(EfficiaHl7Monitor(FakePatient(), seed=1), 12.0)
    assert [line[0] for line in lines] == ["MSH", "MSA", "QRD", "PID", "PV1", "ORC", "OBR"] + ["OBX"] * 8
    msh, msa, qrd, _, _, orc, obr = lines[:7]
    assert msh[2] == "^EfficiaCM"  # MSH-3: the separator itself is MSH-1
    assert (msh[6], msh[8], len(msh[9]), msh[10], msh[11]) == ("20260105080012", "ORF^R04", 20, "P", "2.4")
    assert msh[20] == "2.16.840.1.113883.9.2.1"
    assert msa == ["MSA", "AA", "APP0000001"]
    assert qrd == ["QRD", "20260102101530", "R", "I", "Q0000001", "", "", "", "", "STA"]
    assert orc[18] == "CHAIRSIDE SIM"
    assert (obr[4], obr[7]) == ("MONITOR", "20260105080012")
    assert [
        "OBX",
        "",
        "NM",
        "0002-4bb8^SpO2^MDIL",
        "",
        "97",
        "0004-0220^%^MDIL",
        "",
        "",
        "",
        "",
        "F",
    ] in lines
    assert [
        "OBX",
        "",
        "NM",
        "0002-4a05^NBPs^MDIL",
        "",
        "",
        "0004-0f20^mmHg^MDIL",
        "",
        "",
        "",
        "",
        "F",
    ] in lines


def test_every_query_gives_exactly_one_message_with_a_new_id():
    monitor = EfficiaHl7Monitor(FakePatient(), seed=1)
    monitor.receive(QUERY * 3)
    data = monitor.advance(1.0)
    assert data.count(b"\x0b") == 3
    assert len({piece.split(b"|")[9] for piece in data.split(b"\x0b")[1:]}) == 3
    assert monitor.advance(60.0) == b""


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (QUERY.replace(b"Q0000001", b""), "Invalid query"),
        (QUERY.replace(b"STA", b"XYZ"), "Invalid query"),
        (QUERY.replace(b"QRY^R02", b"ADT^A01"), "Invalid query"),
        (QUERY.replace(b"|2.4", b"|2.9"), "Invalid query"),
        (QUERY.replace(b"QRD", b"QRF"), "Invalid query"),
        (QUERY.replace(b"STA", b"RES"), "No patient record to export"),
    ],
)
def test_what_it_refuses(request_, reason):
    lines = answer(EfficiaHl7Monitor(FakePatient(), seed=1), 1.0, request_)
    assert [line[0] for line in lines] == ["MSH", "MSA"]
    assert lines[1] == ["MSA", "AE", "APP0000001", reason]


@pytest.mark.parametrize("noise", [b"hello", QUERY[1:], QUERY[:-2], b"\x0bPID|1\r\x1c\r"])
def test_what_it_ignores(noise):
    monitor = EfficiaHl7Monitor(FakePatient(), seed=1)
    monitor.receive(noise)
    assert monitor.advance(5.0) == b""


def test_sensors():
    patient = FakePatient()
    monitor = EfficiaHl7Monitor(patient, seed=1)
    patient.sensor_state = SensorState(ecg_leads_off=("LA",), spo2_finger_out=True)
    shown = screen(monitor, 1.0)
    assert {shown[name] for name in ("HR", "Resp", "SpO2", "Pulse")} == {("", "X", "")}
    patient.sensor_state = SensorState(spo2_probe_unplugged=True)
    shown = screen(monitor, 2.0)
    assert (shown["SpO2"], shown["HR"]) == (("", "F", ""), ("75", "F", ""))
    patient.sensor_state = SensorState()
    patient.numbers = replace(patient.numbers, spo2_percent=None, hr_per_min=0.0, temperature_c=None)
    shown = screen(monitor, 3.0)
    assert (shown["SpO2"], shown["HR"], shown["Temp"]) == (("", "X", ""), ("0", "F", ""), ("", "F", ""))


def test_cuff_from_the_front():
    patient = FakePatient()
    monitor = EfficiaHl7Monitor(patient, seed=1)
    assert isinstance(monitor, CuffPanel)
    assert screen(monitor, 1.0)["NBPs"] == ("", "F", "")
    monitor.press_nibp()
    assert screen(monitor, 20.0)["NBPs"] == ("", "F", "")  # still measuring
    shown = screen(monitor, 45.0)
    assert [shown[name][0] for name in ("NBPs", "NBPd", "NBPm")] == ["122", "78", "92"]
    assert len({shown[name][2] for name in ("NBPs", "NBPd", "NBPm")}) == 1
    assert "20260105080026" <= shown["NBPs"][2] <= "20260105080041"
    assert screen(monitor, 600.0)["NBPs"] == shown["NBPs"]
    assert [what for what, _ in patient.cuff_log] == ["started", "ended"]


def test_automatic_cycle_and_manual_again():
    patient = FakePatient()
    monitor = EfficiaHl7Monitor(patient, seed=1)
    monitor.advance(10.0)
    monitor.set_nibp_auto(5)
    monitor.advance(710.0)
    assert [at_s for what, at_s in patient.cuff_log if what == "started"] == [10.0, 310.0, 610.0]
    monitor.set_nibp_auto(None)
    monitor.advance(2000.0)
    assert len(patient.cuff_log) == 6


@pytest.mark.parametrize(
    "patient",
    [
        FakePatient(pressures=CuffPressures(failure=NibpFailure.MOTION)),
        FakePatient(sensor_state=SensorState(cuff_loose=True)),
        FakePatient(pressures=CuffPressures(300.0, 160.0, 210.0)),
    ],
)
def test_a_failed_measurement_is_a_question_mark_with_a_time(patient):
    monitor = EfficiaHl7Monitor(patient, seed=1)
    monitor.press_nibp()
    value, status, measured = screen(monitor, 60.0)["NBPs"]
    assert (value, status, len(measured)) == ("", "X", 14)


def test_start_pressed_again_stops():
    patient = FakePatient()
    monitor = EfficiaHl7Monitor(patient, seed=1)
    monitor.press_nibp()
    monitor.advance(10.0)
    monitor.press_nibp()
    assert [what for what, _ in patient.cuff_log] == ["started", "ended"]
    assert screen(monitor, 11.0)["NBPs"][1] == "X"


def test_a_positive_acknowledgement_clears_the_pressure():
    monitor = EfficiaHl7Monitor(FakePatient(), seed=1)
    monitor.press_nibp()
    assert screen(monitor, 60.0)["NBPs"][0] == "122"
    monitor.receive(positive_ack(2, 0, "CHAIRSIDES0000000001"))
    assert screen(monitor, 61.0)["NBPs"][0] == ""
