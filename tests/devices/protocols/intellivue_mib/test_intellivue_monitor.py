import struct
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from devices.patient import SensorState
from tests.devices.fake_patient import FakePatient
from tests.devices.protocols.intellivue_mib import printed, wire_reader, wire_writer
from tests.devices.protocols.intellivue_mib.bare_host import POLL_ALARMS, Wire, alarm_texts, replies, values

REFUSED, RELEASED, ABORT, ACCEPT = 0x0C, 0x0A, 0x19, 0x0E


def test_association_as_printed():
    accept, created = Wire().say(printed.ASSOCIATION_REQUEST)
    assert accept.startswith(printed.ACCEPT_BEGINS)
    user = accept.index(b"\x81\x48") + 2
    real = printed.ACCEPT_USER_DATA[2:]
    assert accept[user : user + len(real)] == real.replace(bytes.fromhex("00000FA0"), bytes.fromhex("00001F40")).replace(
        bytes.fromhex("8E000000"), bytes.fromhex("8C000000")  # asked for 1 s and 8C
    )  # fmt: skip
    assert created[:6] == bytes.fromhex("E10000020001")
    assert created[24:26] == b"\x0d\x06"
    assert b"CHAIRSIDE-SIM" in created


def test_second_association_is_refused_and_the_first_stands():
    wire = Wire().associated()
    (refusal,) = wire.say(printed.ASSOCIATION_REQUEST)
    assert refusal[0] == REFUSED
    assert wire.monitor.associated


def test_nonsense_of_a_request_is_refused():
    bad = next(iter(wire_reader.payloads(printed.ASSOCIATION_REQUEST))).replace(
        b"\x80\x00\x00\x00\x40", b"\x80\x00\x00\x00\x41"
    )
    assert [payload[0] for payload in Wire().say(wire_reader.frame(bad))] == [REFUSED]


@pytest.mark.parametrize(
    "frame", [printed.POLL_NUMERICS, printed.RELEASE, printed.MDS_CREATE_RESULT, printed.PRIORITIES]
)
def test_without_an_association_there_is_no_answer(frame):
    wire = Wire()
    assert wire.say(frame) == []
    assert wire.run(30.0) == []


def test_no_answer_to_polls_before_the_mds_event_was_answered():
    wire = Wire()
    wire.say(printed.ASSOCIATION_REQUEST)
    assert wire.say(printed.POLL_NUMERICS) + wire.run(5.0) == []


def test_silent_host_is_cut_off_after_ten_seconds():
    wire = Wire().associated()
    wire.say(printed.POLL_NUMERICS)
    assert ABORT not in [payload[0] for payload in wire.run(9.9)]
    last = wire.run(0.2)[-1]
    assert last[0] == ABORT
    assert last[1] == len(last) - 2
    assert not wire.monitor.associated
    assert wire.run(20.0) == []
    assert wire.say(printed.ASSOCIATION_REQUEST)[0][0] == ACCEPT


def test_release_is_answered():
    wire = Wire().associated()
    wire.say(printed.POLL_NUMERICS)
    assert [payload[0] for payload in wire.say(printed.RELEASE)] == [RELEASED]
    assert wire.run(5.0) == []


def test_host_abort_is_obeyed_in_silence():
    wire = Wire().associated()
    assert wire.say(wire_reader.frame(bytes.fromhex("192E110103"))) == []
    assert not wire.monitor.associated


def test_numerics_every_second_linked_and_ended_by_an_empty_result():
    wire = Wire().associated()
    wire.say(printed.POLL_NUMERICS)
    heard = wire.kept_alive(4.0)
    found = replies(heard, 6)
    assert {reply.poll_number for reply in found} == {1}
    series = [[r for r in found if r.sequence == k] for k in range(1, 4)]
    for parts in series:
        assert [part.linked for part in parts] == [1, 3, 0]
        assert [part.ro_type for part in parts] == [5, 5, 2]
        assert parts[-1].objects == {}
        assert all(len(payload) <= 996 for payload in heard)
    assert [b[0].ticks - a[0].ticks for a, b in pairwise(series)] == [8000, 8000]


def test_first_numeric_poll_lists_names_without_values():
    wire = Wire().associated()
    heard = wire.say(printed.POLL_NUMERICS)
    assert replies(heard, 6)
    assert values(heard) == {}


def test_values():
    wire = Wire().associated()
    wire.say(printed.POLL_NUMERICS)
    latest = values(wire.kept_alive(3.0))
    assert {label: value[0] for label, value in latest.items()} == {
        0x4182: 75.0, 0x4BB8: 97.0, 0x4822: 76.0, 0x4BB0: 3.5, 0x500A: 15.0, 0x4B48: 36.6, 0x4A04: (None, None, None),
    }  # fmt: skip
    assert latest[0x4A04][1:] == (0x2000, "")


@pytest.mark.parametrize(
    ("sensors", "gone", "text"),
    [
        (SensorState(ecg_leads_off=("LA",)), {0x4182, 0x500A}, "LA LEAD OFF"),
        (SensorState(ecg_leads_off=("V",)), set(), "V LEAD OFF"),
        (SensorState(ecg_leads_off=("RA", "LA")), {0x4182, 0x500A}, "ECG LEADS OFF"),
        (SensorState(spo2_probe_unplugged=True), {0x4BB8, 0x4822, 0x4BB0}, "SpO2 NO SENSOR"),
        (SensorState(spo2_finger_out=True), {0x4BB8, 0x4822, 0x4BB0}, "SpO2 SENSOR OFF"),
    ],
)
def test_sensors_off(sensors, gone, text):
    wire = Wire(FakePatient(sensor_state=sensors)).associated()
    wire.say(printed.POLL_NUMERICS, POLL_ALARMS)
    heard = wire.kept_alive(3.0)
    missing = {label for label, value in values(heard).items() if value[0] is None and value[1] & 0x8000}
    assert missing == gone
    assert alarm_texts(heard) == ([text], [])


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ({"hr_per_min": 131.0}, "** HR 131>120"),
        ({"hr_per_min": 44.0}, "** HR 44<50"),
        ({"hr_per_min": 0.0}, "***ASYSTOLE"),
        ({"spo2_percent": 86.0}, "** SpO2 86<90"),
        ({"spo2_percent": 76.0}, "***DESAT 76<80"),
        ({"rr_per_min": 5.0}, "** RR 5<8"),
    ],
)
def test_alarms_of_its_own(numbers, text):
    patient = FakePatient()
    patient.numbers = replace(patient.numbers, **numbers)
    wire = Wire(patient).associated()
    wire.say(POLL_ALARMS)
    assert alarm_texts(wire.kept_alive(2.0)) == ([], [text])


def test_waves_block_by_block():
    wire = Wire().associated()
    wire.say(printed.POLL_WAVES)
    found = replies(wire.kept_alive(6.0), 9)
    first, *later = [reply for reply in found if reply.objects]
    assert all(not attributes for attributes in first.objects.values())
    ecg = [reply for reply in later if 0x8100 in reply.objects]
    assert {b.ticks - a.ticks for a, b in pairwise(ecg)} == {2048}
    assert [0x096D in reply.objects[0x8100] for reply in ecg[:9]] == [True, False, False, False] * 2 + [True]
    data = b"".join(reply.objects[0x8100][0x0967][10:138] for reply in ecg)
    counts = np.frombuffer(data, dtype=">u2")
    source = wire.patient.exact("ECG_II", (64 + np.arange(len(counts))) / 250)
    assert np.abs((-40.96 + counts * 81.915 / 16383) - source).max() <= 0.0026  # half a count


def test_priorities_choose_the_waves():
    wire = Wire().associated()
    (answer,) = wire.say(printed.PRIORITIES)
    assert answer[4:6] == b"\x00\x02"
    assert answer[10:12] == b"\x00\x05"
    wire.say(printed.POLL_WAVES)
    later = [reply for reply in replies(wire.kept_alive(2.0), 9) if reply.objects][1:]
    ecg = [reply.objects[0x8100][0x0967] for reply in later if 0x8100 in reply.objects]
    assert ecg
    assert all(wire_reader.u16(block, 0) == 1 for block in ecg)
    assert all(0x8510 not in reply.objects for reply in later)
    get = struct.pack(">HHIHHH", 0x21, 0, 0, 1, 2, 0xF23A)
    (told,) = wire.say(wire_writer.message(1, 3, get[:6] + bytes(4) + get[8:]))
    assert bytes.fromhex("F23A 000C 0002 0008 00020102 00024BB4") in told


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (b"\x00\x01\x00\x06\x00\x00", b"\x00\x01\x00\x07\x00\x00", 0),  # no such class
        (b"\xf1\x3b", b"\xf1\x3c", 9),  # no such action
        (b"\x00\x01\x00\x07\x00\x22", b"\x00\x01\x00\x06\x00\x22", 9),  # no such command
    ],
)
def test_errors(old, new, error):
    request = next(iter(wire_reader.payloads(printed.POLL_NUMERICS))).replace(old, new)
    (answer,) = Wire().associated().say(wire_reader.frame(request))
    assert answer[4:6] == b"\x00\x03"
    assert answer[8:12] == bytes.fromhex("0001") + error.to_bytes(2, "big")


def test_waves_that_were_not_agreed_on_are_refused():
    wire = Wire()
    asked = next(iter(wire_reader.payloads(printed.ASSOCIATION_REQUEST))).replace(
        b"\x8c\0\0\0", b"\x80\0\0\0"
    )
    wire.say(wire_reader.frame(asked))
    wire.say(printed.MDS_CREATE_RESULT)
    (answer,) = wire.say(printed.POLL_WAVES)
    assert answer[4:6] == b"\x00\x03"


def test_extended_poll_ends_with_its_time():
    short = next(iter(wire_reader.payloads(printed.POLL_NUMERICS))).replace(
        bytes.fromhex("00493E00"), bytes.fromhex("00009C40")
    )
    wire = Wire().associated()
    wire.say(wire_reader.frame(short))  # 5 s
    assert replies(wire.kept_alive(5.0), 6)
    assert replies(wire.kept_alive(5.0), 6) == []


def test_demo_marks_everything():
    wire = Wire().associated()
    wire.monitor.set_demo(on=True)
    wire.say(printed.POLL_NUMERICS, printed.POLL_WAVES, POLL_ALARMS)
    heard = wire.kept_alive(3.0)
    assert all(value[1] & 0x0400 for value in values(heard).values())
    (attributes,) = replies(heard, 0x36)[-1].objects.values()
    assert wire_reader.u16(attributes[0x0916], 0) == 0x0100


def test_steps_do_not_change_the_bytes():
    streams = []
    for step_s in (0.05, 0.7):
        wire = Wire().associated()
        wire.monitor.receive(printed.POLL_NUMERICS + printed.POLL_WAVES + POLL_ALARMS)
        stream = b""
        for k in range(1, round(7.0 / step_s) + 1):
            stream += wire.monitor.advance(wire.now_s + k * step_s)
        streams.append(stream)
    assert streams[0] == streams[1]


def test_messages_that_make_no_sense_are_ignored():
    wire = Wire().associated()
    for payload in (
        b"",
        b"\xe1",
        b"\xe1\0\0\x02\0\x01\0\x0a\0\1\0\7\0\1\0",
        bytes.fromhex("E10000020002000600010007 0000"),
    ):
        assert wire.say(wire_reader.frame(payload)) == []
    assert wire.monitor.associated


def test_only_the_wave_priorities_can_be_set():
    other = next(iter(wire_reader.payloads(printed.PRIORITIES))).replace(b"\xf2\x3a", b"\xf2\x3b")
    (answer,) = Wire().associated().say(wire_reader.frame(other))
    assert answer[4:6] == b"\x00\x03"


def test_searching_pulse_and_movement():
    patient = FakePatient(sensor_state=SensorState(motion=0.9))
    patient.numbers = replace(patient.numbers, spo2_percent=None)
    wire = Wire(patient).associated()
    wire.say(printed.POLL_NUMERICS, POLL_ALARMS)
    heard = wire.kept_alive(3.0)
    assert alarm_texts(heard)[0] == ["SpO2 SEARCHING"]
    latest = values(heard)
    assert latest[0x4182] == (75.0, 0x4000)
    assert latest[0x4B48] == (36.6, 0)


@pytest.mark.parametrize(
    ("names", "handles", "leads"),
    [
        (("ECG_V5",), {0x8100}, [0x0107]),  # its only lead stands in for those asked for
        (("PLETH",), {0x8410}, []),
        (("ECG_II", "RESP"), {0x8100, 0x8510}, [0x0102]),
    ],
)
def test_only_connected_waves_are_exported(names, handles, leads):
    wire = Wire(FakePatient(wave_names=names)).associated()
    wire.say(printed.POLL_WAVES)
    found = [reply.objects for reply in replies(wire.kept_alive(2.0), 9) if reply.objects]
    assert set().union(*found) == handles
    for objects in found[1:]:
        if 0x8100 in objects:
            block = objects[0x8100][0x0967]
            assert [wire_reader.u16(block, 4 + 134 * k) for k in range(wire_reader.u16(block, 0))] == leads
