from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.patient import SensorState
from devices.protocols.berry import commands
from devices.protocols.berry.commands import CommandType, EcgMode, Gain, enable
from devices.protocols.berry.frames import FrameReader
from devices.protocols.berry.monitor import BerryMonitor
from tests.devices.fake_patient import FakePatient

ECG_ON = enable(CommandType.ECG, on=True)


def bodies(data: bytes) -> list[bytes]:
    reader = FrameReader()
    found = reader.feed(data)
    assert reader.counters.bytes_discarded == reader.counters.frames_bad == reader.buffered == 0
    return found


def of_type(data: bytes, kind: int) -> list[bytes]:
    return [body[1:] for body in bodies(data) if body[0] == kind]


def ecg_counts(data: bytes) -> np.ndarray:
    return np.array([list(body) for body in of_type(data, 0x01)], dtype=int)


def switched_on(patient: FakePatient, *commands_sent: bytes, seed: int = 1) -> BerryMonitor:
    monitor = BerryMonitor(patient, seed=seed)
    monitor.receive(b"".join(commands_sent))
    return monitor


def test_silent_until_a_stream_is_enabled():
    monitor = BerryMonitor(FakePatient(), seed=1)
    monitor.receive(commands.ecg_gain(Gain.TWO) + commands.ecg_mode(EcgMode.DIAGNOSTIC))
    assert monitor.advance(10.0) == b""


@pytest.mark.parametrize(
    ("stream", "types"),
    [
        (CommandType.ECG, {0x01, 0x02, 0x03, 0x30}),
        (CommandType.SPO2, {0x03, 0x04}),
        (CommandType.TEMPERATURE, {0x03, 0x05}),
        (CommandType.PLETH_WAVE, {0x03, 0xFE}),
        (CommandType.RESP_WAVE, {0x03, 0xFF}),
    ],
)
def test_each_stream_is_enabled_and_disabled_on_its_own(stream, types):
    monitor = switched_on(FakePatient(), enable(stream, on=True))
    assert {body[0] for body in bodies(monitor.advance(3.0))} == types
    monitor.receive(enable(stream, on=False))
    assert {body[0] for body in bodies(monitor.advance(6.0))} == {0x03}


def test_rates_without_drift():
    monitor = switched_on(FakePatient(), commands.start_up())
    data = b"".join(
        monitor.advance(k * 0.07) for k in range(1, 858)
    )  # 59.99 s in steps that fit no sample period
    data += monitor.advance(60.0)
    counts = {kind: len(of_type(data, kind)) for kind in (0x01, 0xFE, 0xFF, 0x02, 0x04, 0x05, 0x03, 0x30)}
    assert counts == {
        0x01: 15000, 0xFE: 3000, 0xFF: 3000, 0x02: 61, 0x04: 61, 0x05: 61, 0x03: 121, 0x30: 75,
    }  # fmt: skip
    assert 3.5e3 < len(data) / 60 < 3.8e3  # "about 3.6 kB/s"


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0.001, 0.9), min_size=1, max_size=12))
def test_how_it_is_stepped_does_not_change_the_bytes(steps):
    whole = switched_on(FakePatient(), commands.start_up(), commands.NIBP_START)
    fine = switched_on(FakePatient(), commands.start_up(), commands.NIBP_START)
    times = np.cumsum(steps)
    assert b"".join(fine.advance(float(t)) for t in times) == whole.advance(float(times[-1]))


def test_commands_cut_anywhere_are_understood():
    monitor = BerryMonitor(FakePatient(), seed=1)
    for byte in b"\x00\x55" + commands.start_up():
        monitor.receive(bytes((byte,)))
    assert len(of_type(monitor.advance(1.0), 0x01)) == 250


def test_wire_is_in_time_order():
    data = switched_on(FakePatient(), commands.start_up()).advance(0.1)
    kinds = [body[0] for body in bodies(data) if body[0] in (0x01, 0xFE, 0xFF)]
    assert kinds == ([0x01, 0xFE, 0xFF] + [0x01] * 4) * 5


def test_numbers_of_the_patient():
    data = switched_on(FakePatient(), commands.start_up()).advance(0.5)
    assert of_type(data, 0x02) == [bytes((0x18, 75, 15, 0, 1))]
    assert of_type(data, 0x04) == [bytes((0, 97, 76))]
    assert of_type(data, 0x05) == [bytes((0, 36, 6))]


@pytest.mark.parametrize(
    ("heart", "code"), [(None, 0), (0.0, 2), (45.0, 0x0B), (50.0, 1), (100.0, 1), (101.0, 0x0A)]
)
def test_rhythm_code(heart, code):
    patient = FakePatient()
    patient.numbers = replace(patient.numbers, hr_per_min=heart)
    [params] = of_type(switched_on(patient, ECG_ON).advance(0.5), 0x02)
    assert params[4] == code
    assert params[1] == round(heart or 0)


@pytest.mark.parametrize(
    ("sensors", "spo2", "expected"),
    [
        (SensorState(spo2_probe_unplugged=True), 97.0, (1, 127, 255)),
        (SensorState(spo2_finger_out=True), 97.0, (2, 127, 255)),
        (SensorState(), None, (3, 127, 255)),
        (SensorState(), 97.4, (0, 97, 255)),
    ],
)
def test_spo2_status(sensors, spo2, expected):
    patient = FakePatient(sensor_state=sensors)
    patient.numbers = replace(patient.numbers, spo2_percent=spo2, pr_per_min=None)
    monitor = switched_on(patient, enable(CommandType.SPO2, on=True))
    assert tuple(of_type(monitor.advance(0.5), 0x04)[0]) == expected


def test_search_becomes_too_long():
    patient = FakePatient()
    patient.numbers = replace(patient.numbers, spo2_percent=None, pr_per_min=None)
    frames = of_type(switched_on(patient, enable(CommandType.SPO2, on=True)).advance(40.0), 0x04)
    assert [frame[0] for frame in frames] == [3] * 30 + [4] * 11


def test_patient_without_an_oximeter_is_a_probe_not_plugged_in():
    patient = FakePatient(wave_names=("ECG_II",))
    patient.numbers = replace(patient.numbers, spo2_percent=None, pr_per_min=None, temperature_c=None)
    data = switched_on(patient, commands.start_up()).advance(0.5)
    assert of_type(data, 0x04) == [bytes((1, 127, 255))]
    assert of_type(data, 0x05) == [bytes((1, 0, 0))]
    assert set(of_type(data, 0xFE)) == {b"\x00"}
    assert set(of_type(data, 0xFF)) == {b"\x80"}


@pytest.mark.parametrize(
    "names",
    [
        ("ECG_I", "ECG_II", "ECG_V"), ("ECG_II",), ("ECG_I",), ("ECG_III",), ("ECG_AVF",), ("ECG_II", "ECG_V"),
        ("ECG_I", "ECG_III"), ("ECG_II", "ECG_AVR"), ("ECG_AVL", "ECG_AVF"), ("ECG_II", "ECG_V5"), ("ECG_V",), (),
    ],
)  # fmt: skip
def test_leads_follow_einthoven_and_goldberger_within_two_counts(names):
    patient = FakePatient(wave_names=names, ecg_amplitude_mv=0.5)  # the relations end where a lead clips
    counts = ecg_counts(switched_on(patient, ECG_ON).advance(4.0)) - 128
    one, two, three, avr, avl, avf, _ = counts.T
    assert np.abs(three - (two - one)).max() <= 2
    assert np.abs(avr + (one + two) / 2).max() <= 2
    assert np.abs(avl - (one - two / 2)).max() <= 2
    assert np.abs(avf - (two - one / 2)).max() <= 2


@pytest.mark.parametrize(
    ("names", "columns"),
    [
        (("ECG_I", "ECG_II", "ECG_V"), (0, 1, 6)),
        (("ECG_II", "ECG_AVR"), (1, 3)),
        (("ECG_I", "ECG_III"), (0, 2)),
        (("ECG_AVF",), (5,)),
        (("ECG_V5",), (6,)),
    ],
)
def test_leads_the_patient_has_are_sent_as_they_are(names, columns):
    patient = FakePatient(wave_names=names)
    counts = ecg_counts(switched_on(patient, ECG_ON).advance(4.0))
    for name, column in zip(names, columns, strict=True):
        exact = 128 + 50 * patient.exact(name, np.arange(1000) / 250)
        assert np.abs(counts[:, column] - exact).max() <= 0.5 + 1e-9


def test_two_alone_makes_one_half_of_it():
    counts = ecg_counts(switched_on(FakePatient(wave_names=("ECG_II",)), ECG_ON).advance(2.0)) - 128
    assert np.abs(counts[:, 0] - counts[:, 1] / 2).max() <= 1
    assert not counts[:, 6].any()  # a chest lead cannot be derived


def test_gap_holds_the_baseline():
    counts = ecg_counts(switched_on(FakePatient(gap_s=(1.0, 2.0)), ECG_ON).advance(3.0))
    assert (counts[250:500] == 128).all()
    assert (counts[:250] != 128).any()
    assert (counts[500:] != 128).any()


@pytest.mark.parametrize(("gain", "factor"), [(Gain.QUARTER, 0.25), (Gain.HALF, 0.5), (Gain.TWO, 2.0)])
def test_gain_scales_the_ecg_and_is_reported_before_the_next_sample(gain, factor):
    monitor = switched_on(FakePatient(), ECG_ON)
    plain = ecg_counts(monitor.advance(2.0)) - 128
    monitor.receive(commands.ecg_gain(gain))
    data = monitor.advance(4.0)
    first = bodies(data)[0]
    assert (first[0], first[1] >> 2 & 3) == (0x02, gain - 1)
    scaled = ecg_counts(data) - 128
    assert np.ptp(scaled[:, 1]) == pytest.approx(np.ptp(plain[:, 1]) * factor, abs=2)


def test_too_much_gain_clips_at_the_edges():
    monitor = switched_on(FakePatient(ecg_amplitude_mv=3.0), commands.ecg_gain(Gain.TWO), ECG_ON)
    counts = ecg_counts(monitor.advance(2.0))
    assert (counts.min(), counts.max()) == (0, 250)


@pytest.mark.parametrize(
    ("mode", "bits"), [(EcgMode.OPERATION, 0), (EcgMode.MONITOR, 1), (EcgMode.DIAGNOSTIC, 2)]
)
def test_mode_is_reported(mode, bits):
    data = switched_on(FakePatient(), commands.ecg_mode(mode), ECG_ON).advance(0.5)
    assert of_type(data, 0x02)[0][0] >> 4 & 3 == bits


class Buzz(FakePatient):
    """50 Hz on every lead."""

    def exact(self, name, t_s):
        return np.sin(2 * np.pi * 50 * t_s)


def test_operation_mode_takes_out_what_is_fast_however_it_is_stepped():
    steps = np.arange(1, 101) * 0.02
    swings = {}
    for mode in EcgMode:
        whole = switched_on(Buzz(), commands.ecg_mode(mode), ECG_ON)
        fine = switched_on(Buzz(), commands.ecg_mode(mode), ECG_ON)
        counts = ecg_counts(whole.advance(2.0))
        assert (ecg_counts(b"".join(fine.advance(float(t)) for t in steps)) == counts).all()
        swings[mode] = np.ptp(counts[10:, 1])
    assert swings[EcgMode.OPERATION] < 0.35 * swings[EcgMode.MONITOR]
    assert swings[EcgMode.DIAGNOSTIC] == swings[EcgMode.MONITOR]


@pytest.mark.parametrize(
    ("off", "flat", "heart"),
    [(("LA",), {0, 2, 3, 4, 5, 6}, 0), (("LL",), {1, 2, 3, 4, 5, 6}, 0), (("V",), {6}, 75), (("RL",), set(range(7)), 0)],
)  # fmt: skip
def test_electrode_off_flattens_its_leads(off, flat, heart):
    patient = FakePatient(sensor_state=SensorState(ecg_leads_off=off))
    data = switched_on(patient, commands.start_up()).advance(2.0)
    counts = ecg_counts(data)
    assert {lead for lead in range(7) if (counts[:, lead] == 128).all()} == flat
    params = of_type(data, 0x02)[0]
    assert params[0] & 0x02
    assert params[1] == heart
    assert bool(of_type(data, 0x30)) is bool(heart)


def test_weak_signal_in_violent_movement():
    patient = FakePatient(sensor_state=SensorState(motion=0.8))
    assert of_type(switched_on(patient, ECG_ON).advance(0.5), 0x02)[0][0] == 0x19


def test_pleth_and_resp_scaling():
    patient = FakePatient()
    data = switched_on(patient, commands.start_up()).advance(4.0)
    t_s = np.arange(200) / 50
    pleth = np.array([body[0] for body in of_type(data, 0xFE)])
    resp = np.array([body[0] for body in of_type(data, 0xFF)])
    assert np.abs(pleth - 100 * patient.exact("PLETH", t_s)).max() <= 0.51
    assert np.abs(resp - (28 + 200 * patient.exact("RESP", t_s))).max() <= 0.51


def test_resp_gain():
    monitor = switched_on(
        FakePatient(), commands.resp_gain(Gain.HALF), enable(CommandType.RESP_WAVE, on=True)
    )
    resp = [body[0] for body in of_type(monitor.advance(8.0), 0xFF)]
    assert (min(resp), max(resp)) == (83, 173)


def test_versions_name_the_simulator():
    monitor = switched_on(FakePatient(), commands.FIRMWARE_QUERY + commands.HARDWARE_QUERY)
    assert bodies(monitor.advance(0.01)) == [b"\xfcCHAIRSIDE-SIM ECG 50/mV", b"\xfdCHAIRSIDE-SIM PM6750"]


@pytest.mark.parametrize(
    "command", ["55 AA 04 07 00 F4", "55 AA 04 07 05 EF", "55 AA 04 08 04 EF", "55 AA 04 0B 01 EF"]
)
def test_values_and_commands_it_does_not_know_are_ignored(command):
    monitor = switched_on(FakePatient(), ECG_ON)
    monitor.receive(bytes.fromhex(command))
    assert of_type(monitor.advance(0.5), 0x02)[0][0] == 0x18
