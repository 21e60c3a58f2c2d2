from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from devices.patient import SensorState
from devices.protocols.base import CuffPanel
from devices.protocols.datex_dri import requests
from devices.protocols.datex_dri.frames import encode_frame
from devices.protocols.datex_dri.monitor import DatexDriMonitor
from devices.protocols.datex_dri.numeric_sender import word
from devices.protocols.datex_dri.requests import AlarmCommand, Classes
from devices.protocols.datex_dri.wave_sender import fitting, period_s
from tests.devices.fake_patient import FakePatient
from tests.devices.protocols.datex_dri.dri_bytes import INVALID, Seen, at, frame, read, record, samples_of

START = 1767600000  # 2026-01-05T08:00:00Z


def switched_on(patient: FakePatient, *asked: bytes) -> DatexDriMonitor:
    monitor = DatexDriMonitor(patient, seed=1)
    for data in asked:
        monitor.receive(data)
    return monitor


def of(seen: list[Seen], main: int) -> list[Seen]:
    return [record for record in seen if record.main == main]


def basics(monitor: DatexDriMonitor, until_s: float) -> list[bytes]:
    return [record.parts[0][1] for record in of(read(monitor.advance(until_s)), 0)]


def wave(seen: list[Seen], kind: int) -> list[int]:
    return [x for r in of(seen, 1) for k, part in r.parts if k == kind for x in samples_of(part)[1]]


def test_silent_until_asked_and_after_a_stop():
    monitor = switched_on(FakePatient())
    assert monitor.advance(10.0) == b""
    monitor.receive(requests.request_numerics(5) + requests.request_waves([1]))
    assert read(monitor.advance(12.0))
    monitor.receive(requests.stop_numerics() + requests.stop_waves())
    assert monitor.advance(60.0) == b""


def test_numbers_come_at_once_and_at_the_interval():
    monitor = switched_on(FakePatient(), requests.request_numerics(5))
    seen = read(monitor.advance(22.0))
    assert [r.time_s - START for r in seen] == [0, 5, 10, 15, 20]
    assert [r.number for r in seen] == [0, 1, 2, 3, 4]
    assert {r.level for r in seen} == {10}


@pytest.mark.parametrize(
    ("classes", "kinds"),
    [
        (Classes.ALL, [0, 1, 2, 3]),
        (Classes.BASIC, [0]),
        (Classes.EXT1, [0, 1]),
        (Classes.EXT1 | Classes.DENY_BASIC, [1]),
    ],
)
def test_classes_asked_for(classes, kinds):
    [record] = read(switched_on(FakePatient(), requests.request_numerics(5, classes)).advance(1.0))
    assert [(kind, len(part)) for kind, part in record.parts] == [(1, 278)] * len(kinds)
    assert [at(part, 276, "H") for _, part in record.parts] == [kind << 8 | 0xA1 for kind in kinds]
    assert all(at(part, 0, "L") == record.time_s for _, part in record.parts)


def test_words_of_the_basic_record():
    [part] = basics(switched_on(FakePatient(), requests.request_numerics(5)), 1.0)
    assert at(part, 4, "L") == 3 | 9 << 3  # exists, active, rate from the ECG
    assert at(part, 8, "H") == 0x0217  # II, I, V
    assert [at(part, k) for k in (10, 12, 18)] == [75, INVALID, 15]
    assert [at(part, 76, "L"), at(part, 80, "H")] == [3, 0x003]
    assert [at(part, k) for k in (82, 84, 86, 88)] == [INVALID] * 4
    assert [at(part, 90, "L"), at(part, 94, "H"), at(part, 96)] == [3, 11, 3660]
    assert [at(part, 122, "L"), *(at(part, k) for k in (128, 130, 132, 134))] == [3, 9700, 76, 350, INVALID]
    assert [at(part, k) for k in (230, 232, 234)] == [75] * 3
    absent = {20: 4, 34: 4, 48: 4, 62: 4, 98: 1, 106: 1, 114: 1, 136: 4, 150: 2, 160: 2, 170: 3, 182: 8, 204: 4, 218: 3, 236: 1, 244: 4, 258: 4}  # fmt: skip
    for begin, count in absent.items():
        assert at(part, begin, "L") == 0
        assert [at(part, begin + 6 + 2 * k) for k in range(count)] == [INVALID] * count


@pytest.mark.parametrize(
    ("heart", "bits"), [(75.0, 0), (45.0, 1 << 27), (50.0, 0), (121.0, 1 << 28), (0.0, 1), (None, 0)]
)
def test_rhythm_word(heart, bits):
    patient = FakePatient()
    patient.numbers = replace(patient.numbers, hr_per_min=heart)
    [record] = read(switched_on(patient, requests.request_numerics(5)).advance(1.0))
    basic, ext1 = (part for _, part in record.parts[:2])
    assert at(ext1, 16, "L") == bits
    assert at(ext1, 12) == (INVALID if not heart else round(60_000 / heart))
    assert bool(at(basic, 4, "L") & 4) == (heart == 0.0)


@pytest.mark.parametrize(
    ("sensors", "status", "values"),
    [
        (SensorState(), 3, (9700, 76)),
        (SensorState(spo2_probe_unplugged=True), 0, (INVALID, INVALID)),
        (SensorState(spo2_finger_out=True), 1, (INVALID, INVALID)),
    ],
)
def test_probe(sensors, status, values):
    [part] = basics(switched_on(FakePatient(sensor_state=sensors), requests.request_numerics(5)), 1.0)
    assert (at(part, 122, "L"), (at(part, 128), at(part, 130))) == (status, values)


def test_searching_and_no_oximeter():
    patient = FakePatient()
    patient.numbers = replace(patient.numbers, spo2_percent=None, pr_per_min=None)
    [part] = basics(switched_on(patient, requests.request_numerics(5)), 1.0)
    assert [at(part, 122, "L"), at(part, 128), at(part, 132)] == [3, INVALID, INVALID]
    patient = replace(patient, wave_names=("ECG_II",), now_s=0.0)
    patient.numbers = replace(patient.numbers, temperature_c=None)
    [part] = basics(switched_on(patient, requests.request_numerics(5)), 1.0)
    assert [at(part, 122, "L"), at(part, 90, "L")] == [0, 0]


@pytest.mark.parametrize(
    ("off", "channels", "source", "rate"),
    [(("LA",), 0x7000, 9, 75), (("LL",), 0x2800, 6, 76), (("V",), 0x1000, 9, 75), (("RA",), 0x3800, 6, 76)],
)
def test_electrodes_off(off, channels, source, rate):
    patient = FakePatient(sensor_state=SensorState(ecg_leads_off=off))
    patient.wave_names = ("ECG_II", "ECG_V", "ECG_I")
    [part] = basics(switched_on(patient, requests.request_numerics(5)), 1.0)
    status = at(part, 4, "L")
    assert at(part, 8, "H") == 0x0217
    wanted = {("LA",): 0x3000, ("LL",): 0x2800, ("V",): 0x2000, ("RA",): 0x3800}[off]
    assert status & 0x3800 == wanted
    assert (status >> 3 & 15, at(part, 10)) == (source, rate)
    assert at(part, 230) == (75 if source == 9 else INVALID)
    assert at(part, 18) == (15 if off == ("V",) else INVALID)


def test_movement_is_an_artifact():
    patient = FakePatient(sensor_state=SensorState(motion=0.8))
    [part] = basics(switched_on(patient, requests.request_numerics(5)), 1.0)
    assert at(part, 4, "L") & 0x180 == 0x100


@pytest.mark.parametrize(
    ("names", "label"),
    [
        (("ECG_II",), 0x0200), (("ECG_V5",), 0x0700), (("ECG_I", "ECG_III", "ECG_AVL"), 0x0135), ((), 0),
        (("ECG_AVR", "ECG_AVF", "ECG_V1"), 0x0647),
    ],
)  # fmt: skip
def test_channels_carry_the_leads_the_patient_has(names, label):
    [part] = basics(switched_on(FakePatient(wave_names=names), requests.request_numerics(5)), 1.0)
    assert at(part, 8, "H") == label
    assert bool(at(part, 4, "L") & 0x0800) == (not names)


def test_single_request_and_a_second_one_too_soon():
    monitor = switched_on(FakePatient(), requests.request_numerics(requests.ONCE))
    assert len(read(monitor.advance(2.0))) == 1
    monitor.receive(requests.request_numerics(requests.ONCE))
    assert monitor.advance(10.0) == b""
    monitor.receive(requests.request_numerics(requests.ONCE, Classes.BASIC))
    [record] = read(monitor.advance(30.0))
    assert len(record.parts) == 1


@pytest.mark.parametrize("record_type", [0, 2, 3, 9])
def test_trends_are_refused_without_a_case(record_type):
    monitor = switched_on(FakePatient(), requests.request_numerics(10, record_type=record_type))
    assert monitor.advance(120.0) == b""


@pytest.mark.parametrize("interval", [-2, -100])
def test_senseless_intervals_are_ignored(interval):
    assert switched_on(FakePatient(), requests.request_numerics(interval)).advance(30.0) == b""


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ((1, 8, 15), (1, 8, 15)),
        ((1, 2), (1, 2)),
        ((1, 2, 8), (1, 2)),  # 700 samples/s do not fit on 19200 baud
        ((1, 2, 3, 8, 15), (1, 2)),
        ((1, 8, 2, 15), (1, 8, 15)),
        ((22,), ()),
        ((8, 8, 9, 8), (8,)),
    ],
)
def test_what_does_not_fit_on_the_line_is_left_out_silently(asked, sent):
    assert fitting(asked) == sent
    seen = read(switched_on(FakePatient(), requests.request_waves(asked)).advance(3.0))
    assert [kind for kind, _ in seen[0].parts] == list(sent) if sent else not seen


def test_waves_are_the_patients():
    patient = FakePatient()
    seen = read(switched_on(patient, requests.request_waves([1, 8, 15])).advance(10.0))
    ecg, pleth, resp = (np.array(wave(seen, kind)) for kind in (1, 8, 15))
    assert 2999 <= len(ecg) <= 3000
    assert 999 <= len(pleth) <= 1000
    assert 249 <= len(resp) <= 250
    assert np.abs(ecg - 1000 * patient.exact("ECG_II", np.arange(len(ecg)) / 300)).max() <= 0.5
    assert np.corrcoef(pleth, patient.exact("PLETH", np.arange(len(pleth)) / 100))[0, 1] > 0.9999
    assert np.corrcoef(resp, patient.exact("RESP", np.arange(len(resp)) / 25))[0, 1] > 0.9999


def test_packets_come_more_often_under_load_and_wobble():
    assert [period_s(types) for types in ([8], [8, 39], [1], [1, 8], [1, 8, 15])] == [
        1.0,
        1.0,
        0.5,
        0.5,
        0.25,
    ]
    seen = read(switched_on(FakePatient(), requests.request_waves([8])).advance(400.0))
    counts = [len(samples_of(r.parts[0][1])[1]) for r in seen]
    assert len(counts) == 400
    assert set(counts) == {99, 100, 101}
    assert 1 <= counts.count(99) <= 16
    assert sum(counts) in (39999, 40000)
    assert [r.number for r in seen[:258]] == [n % 256 for n in range(258)]


def test_status_bits_are_as_captured():
    seen = read(switched_on(FakePatient(), requests.request_waves([8])).advance(5.0))
    statuses = [samples_of(r.parts[0][1])[0] for r in seen]
    assert [status & 1 for status in statuses] == [1, 0, 0, 0, 0]
    assert all(status & 0x40E == 0x402 for status in statuses)
    assert [(b - a) for a, b in pairwise(statuses[1:])] == [16] * 3


def test_a_new_start_counts_from_zero_with_a_gap_and_the_same_goes_on():
    monitor = switched_on(FakePatient(), requests.request_waves([8]))
    monitor.advance(3.0)
    monitor.receive(requests.request_waves([8]))
    assert [r.number for r in read(monitor.advance(5.0))] == [3, 4]
    monitor.receive(requests.request_waves([8, 15]))
    seen = read(monitor.advance(7.0))
    assert [r.number for r in seen] == [0, 1]
    assert samples_of(seen[0].parts[0][1])[0] & 1


@pytest.mark.parametrize(
    ("sensors", "flat"),
    [
        (SensorState(ecg_leads_off=("LL",)), {1: 0, 15: INVALID}),
        (SensorState(spo2_finger_out=True), {8: INVALID}),
        (SensorState(spo2_probe_unplugged=True), {8: INVALID}),
    ],
)
def test_waves_of_sensors_that_are_off(sensors, flat):
    seen = read(
        switched_on(FakePatient(sensor_state=sensors), requests.request_waves([1, 8, 15])).advance(2.0)
    )
    for kind in (1, 8, 15):
        assert (set(wave(seen, kind)) == {flat[kind]}) if kind in flat else len(set(wave(seen, kind))) > 5
    leads_off = {samples_of(part)[0] & 8 for r in seen for kind, part in r.parts if kind == 1}
    assert leads_off == ({8} if sensors.ecg_leads_off else {0})


def test_a_gap_in_the_recording_is_sent_as_invalid():
    seen = read(switched_on(FakePatient(gap_s=(1.0, 2.0)), requests.request_waves([1, 8])).advance(3.1))
    assert set(wave(seen, 8)[100:200]) == {INVALID}
    assert INVALID not in wave(seen, 1)[:300]


def test_clock_can_be_set_back_and_only_the_clock_moves():
    monitor = switched_on(FakePatient(), requests.request_numerics(5))
    monitor.advance(7.0)
    monitor.set_clock(START + 7 - 3600)
    assert [r.time_s - START for r in read(monitor.advance(17.0))] == [10 - 3600, 15 - 3600]


def test_alarms_once_at_a_change_and_two_seconds_apart():
    patient = FakePatient()
    monitor = switched_on(patient, requests.request_alarms(AlarmCommand.STATUS))
    [first] = read(monitor.advance(10.0))
    assert (first.main, first.parts[0][0], len(first.parts[0][1])) == (4, 1, 510)
    assert at(first.parts[0][1], 10 + 82) == 0
    monitor.receive(requests.request_alarms(AlarmCommand.ENTER_DIFFERENTIAL))
    assert len(read(monitor.advance(20.0))) == 1
    patient.numbers = replace(patient.numbers, hr_per_min=130.0, spo2_percent=80.0)
    seen = read(monitor.advance(30.0))
    assert [at(seen[0].parts[0][1], 10 + 98 * k + 82) for k in range(3)] == [3, 2, 0]
    assert seen[0].parts[0][1][10:18] == b"SpO2 low"
    assert len(seen) == 1
    for k in range(20):  # a change every half second
        patient.numbers = replace(patient.numbers, hr_per_min=130.0 if k % 2 else 75.0)
        seen += read(monitor.advance(30.5 + k / 2))
    times = [r.time_s for r in seen[1:]]
    assert all(b - a >= 2 for a, b in pairwise(times))
    monitor.receive(requests.request_alarms(AlarmCommand.EXIT_DIFFERENTIAL))
    patient.numbers = replace(patient.numbers, hr_per_min=0.0)
    assert monitor.advance(60.0) == b""


@pytest.mark.parametrize(
    ("change", "sensors", "colour", "text"),
    [
        ({"hr_per_min": 0.0}, SensorState(), 3, b"Asystole"),
        ({"hr_per_min": 170.0}, SensorState(), 3, b"HR high"),
        ({"hr_per_min": 45.0}, SensorState(), 2, b"HR low"),
        ({"hr_per_min": None}, SensorState(), 0, b""),
        ({"spo2_percent": 88.0}, SensorState(), 2, b"SpO2 low"),
        ({}, SensorState(ecg_leads_off=("LL",)), 2, b"ECG leads off"),
        ({}, SensorState(spo2_finger_out=True), 1, b"Check SpO2 probe"),
        ({}, SensorState(spo2_probe_unplugged=True), 1, b"SpO2 probe not connected"),
    ],
)
def test_alarms_of_the_monitor(change, sensors, colour, text):
    patient = FakePatient(sensor_state=sensors)
    patient.numbers = replace(patient.numbers, **change)
    [record] = read(switched_on(patient, requests.request_alarms(AlarmCommand.STATUS)).advance(1.0))
    part = record.parts[0][1]
    assert (at(part, 92), part[10:90].rstrip(b"\x00")) == (colour, text)


def test_requests_cut_anywhere_and_amid_noise_are_understood():
    monitor = switched_on(FakePatient())
    for byte in b"\x00\x7e\x01" + requests.request_numerics(5) + encode_frame(bytes((40,)) + bytes(39)):
        monitor.receive(bytes((byte,)))
    assert len(read(monitor.advance(1.0))) == 1


def test_how_it_is_stepped_changes_nothing():
    asked = requests.request_numerics(5) + requests.request_waves([1, 8, 15])
    whole, fine = switched_on(FakePatient(), asked), switched_on(FakePatient(), asked)
    for monitor in (whole, fine):
        monitor.set_nibp_auto(1)
    steps = np.cumsum(np.random.default_rng(2).uniform(0.001, 0.3, 600))
    assert b"".join(fine.advance(float(t)) for t in steps) == whole.advance(float(steps[-1]))


def test_it_has_a_panel():
    assert isinstance(DatexDriMonitor(FakePatient(), seed=1), CuffPanel)


def test_alarm_commands_it_does_not_know_are_ignored():
    body = (9).to_bytes(2, "little") + bytes(10)
    monitor = switched_on(FakePatient(), frame(record(4, [(0, body)])))
    assert monitor.advance(10.0) == b""


@pytest.mark.parametrize(("value", "code"), [(40000.0, -32763), (-40000.0, -32764), (None, -32767), (1.5, 2)])
def test_values_that_no_word_holds_have_codes_of_their_own(value, code):
    assert word(value) == code
