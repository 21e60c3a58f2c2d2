import re
import time
from dataclasses import replace

import pytest

from devices.patient import PatientNumerics, SensorState
from devices.protocols.nellcor.monitor import NellcorMonitor
from devices.protocols.nellcor.records import Limits
from tests.devices.fake_patient import FakePatient

# As other programs that read these monitors take the lines apart (OpenICE N-595; protocols.md §6.2).
DATA = re.compile(r"^(.{18})\s+([0-9*-]+)\s+([0-9*-]+)\s+([0-9*-]+)((?:\s+[A-Z]{2})*)\s*$")
HEADING = re.compile(
    r"^(\S+)\s+VERSION ([0-9.]+)\s+CRC:(\S+)\s+SpO2 Limit: ?(\d+)- ?(\d+)%\s+PR Limit: ?(\d+)- ?(\d+)BPM.*$"
)
COLUMNS = re.compile(r"^\s*TIME\s+%SPO2\s+BPM\s+PA\s+Status\s*$", re.IGNORECASE)
INFO = re.compile(r"^(\S+)\s+VERSION\s+([0-9.]+)\s+INFO\s+CRC:(\S+)\s+SEC:([0-9 /]+)\s*$")
OFF = ("---", "---", "---")


def run(monitor, start_s, end_s, step_s=0.5):
    steps = range(round(start_s / step_s) + 1, round(end_s / step_s) + 1)
    data = b"".join(monitor.advance(k * step_s) for k in steps)
    assert data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r")
    return data.decode("ascii").split("\r\n")[:-1]


def columns(line):
    found = DATA.match(line)
    assert found, line
    return found[2], found[3], found[4], found[5].split()


def data_lines(lines):
    return [line for line in lines if DATA.match(line)]


def test_it_begins_by_itself_with_its_heading():
    first, second, *lines = run(NellcorMonitor(FakePatient(), seed=1), 0.0, 10.0)
    heading = HEADING.match(first)
    assert heading
    assert heading.groups() == ("CHAIRSIDE-SIM", "1.61.00", "5A17", "85", "100", "40", "170")
    assert COLUMNS.match(second)
    assert [line[:18] for line in lines] == [f"05-JAN-26 08:00:{second:02}" for second in (2, 4, 6, 8, 10)]
    assert {columns(line)[:2] for line in lines} == {("97", "76")}
    assert columns(lines[0])[3] == []


def test_columns_stand_where_an_n560_has_them():
    patient = FakePatient()
    patient.numbers = replace(patient.numbers, spo2_percent=79.0, pr_per_min=66.0)
    patient.sensor_state = SensorState(motion=0.5)
    monitor = NellcorMonitor(patient, seed=1)
    monitor.silence_alarm()
    line = data_lines(run(monitor, 0.0, 2.0))[0]
    assert line[18:44] == "    79*     66      42    "
    assert (line.index("MO"), line.index("SL"), line.index("AS")) == (44, 47, 59)


def test_the_heading_comes_again_after_25_lines_and_with_new_limits():
    monitor = NellcorMonitor(FakePatient(), seed=1)
    lines = run(monitor, 0.0, 110.0)
    assert [k for k, line in enumerate(lines) if HEADING.match(line)] == [0, 27, 54]
    assert len(data_lines(lines)) == 55
    monitor.set_limits(Limits(90, 100, 50, 120))
    heading = HEADING.match(run(monitor, 110.0, 112.0)[0])
    assert heading
    assert heading.groups()[3:] == ("90", "100", "50", "120")


@pytest.mark.parametrize(
    ("spo2", "pr", "expected"),
    [
        (84.4, 76.0, ("84*", "76", ["SL"])),
        (85.0, 40.0, ("85", "40", [])),
        (97.0, 39.4, ("97", "39*", ["PL"])),
        (97.0, 171.0, ("97", "171*", ["PH"])),
        (100.4, 170.0, ("100", "170", [])),
        (80.0, 35.0, ("80*", "35*", ["SL", "PL"])),
        (97.0, 999.0, ("97", "300*", ["PH"])),
        (None, 76.0, ("---", "76", [])),
    ],
)
def test_its_own_alarms(spo2, pr, expected):
    patient = FakePatient(PatientNumerics(spo2_percent=spo2, pr_per_min=pr))
    line = data_lines(run(NellcorMonitor(patient, seed=1), 0.0, 2.0))[0]
    saturation, pulse, amplitude, codes = columns(line)
    assert (saturation, pulse, codes) == expected
    assert amplitude == "---"


def test_high_saturation_has_a_limit_too():
    monitor = NellcorMonitor(FakePatient(), seed=1)
    monitor.set_limits(Limits(85, 95, 40, 170))
    assert columns(data_lines(run(monitor, 0.0, 2.0))[0])[::3] == ("97*", ["SH"])


@pytest.mark.parametrize(
    ("sensors", "codes"),
    [
        (SensorState(spo2_probe_unplugged=True, spo2_finger_out=True), ["SD"]),
        (SensorState(spo2_finger_out=True), ["SO"]),
    ],
)
def test_a_sensor_that_comes_off_and_back(sensors, codes):
    patient = FakePatient()
    monitor = NellcorMonitor(patient, seed=1)
    run(monitor, 0.0, 4.0)
    patient.sensor_state = sensors
    assert [columns(line) for line in run(monitor, 4.0, 8.0)] == [(*OFF, codes)] * 2
    patient.sensor_state = SensorState()
    assert [columns(line) for line in run(monitor, 8.0, 12.0)] == [(*OFF, ["PS"])] * 2
    assert columns(run(monitor, 12.0, 14.0)[0])[:2] == ("97", "76")


def test_a_pulse_that_is_lost_and_one_never_found():
    patient = FakePatient(PatientNumerics())
    monitor = NellcorMonitor(patient, seed=1)
    assert columns(run(monitor, 0.0, 2.0)[-1]) == (*OFF, ["PS"])
    patient.numbers = FakePatient().numbers
    assert columns(run(monitor, 2.0, 4.0)[-1])[0] == "97"
    patient.numbers = PatientNumerics()
    assert columns(run(monitor, 4.0, 6.0)[-1]) == (*OFF, ["LP"])
    patient.sensor_state = SensorState(motion=0.9)
    assert columns(run(monitor, 6.0, 8.0)[-1]) == (*OFF, ["LM"])


def test_silencing_the_alarm_lasts_a_minute():
    monitor = NellcorMonitor(FakePatient(), seed=1)
    run(monitor, 0.0, 4.0)
    monitor.silence_alarm()
    lines = data_lines(run(monitor, 4.0, 70.0))
    assert [k for k, line in enumerate(lines) if columns(line)[3] == ["AS"]] == list(range(29))


def test_xoff_stops_it_and_xon_goes_on():
    monitor = NellcorMonitor(FakePatient(), seed=1)
    run(monitor, 0.0, 2.0)
    monitor.receive(b"\x13")
    assert run(monitor, 2.0, 10.0) == []
    monitor.receive(b"\x11")
    (line,) = run(monitor, 10.0, 12.0)
    assert line.startswith("05-JAN-26 08:00:12")


def test_on_battery_it_sends_nothing():
    monitor = NellcorMonitor(FakePatient(), seed=1)
    monitor.run_on_battery(on=True)
    monitor.receive(b"\x11\x03\x031\r\n")
    assert run(monitor, 0.0, 10.0) == []
    monitor.receive(b"0\r\n")
    monitor.run_on_battery(on=False)
    assert run(monitor, 10.0, 12.0)


def test_its_clock_can_be_set():
    monitor = NellcorMonitor(FakePatient(), seed=1)
    run(monitor, 0.0, 4.0)
    monitor.set_clock(951_826_799.0)  # 2000-02-29 12:19:59 UTC
    (line,) = run(monitor, 4.0, 6.0)
    assert time.strptime(line[:18], "%d-%b-%y %H:%M:%S")[:6] == (2000, 2, 29, 12, 20, 1)


def test_interactive_mode():
    monitor = NellcorMonitor(FakePatient(), seed=1)
    run(monitor, 0.0, 6.0)
    monitor.receive(b"\x03")
    monitor.receive(b"\x03")
    menu = run(monitor, 6.0, 10.0)
    assert menu[0] == "CHAIRSIDE-SIM   Interactive Mode"
    assert menu[-1].strip() == "Command?"
    assert not data_lines(menu)
    monitor.receive(b"1\r\n")
    (info,) = [line for line in run(monitor, 10.0, 12.0) if INFO.match(line)]
    assert INFO.match(info)[4] == "10"
    monitor.receive(b"9\r\n" + b"x" * 100 + b"\r\n")
    assert not [line for line in run(monitor, 12.0, 14.0) if INFO.match(line)]
    monitor.receive(b"0\r")
    assert HEADING.match(run(monitor, 14.0, 16.0)[0])
    monitor.receive(b"\n1\r\n")  # outside the menu it means nothing
    assert len(run(monitor, 16.0, 18.0)) == 1


@pytest.mark.parametrize("noise", [b"\x03", b"\x03x\x03", b"1\r\n", bytes(64), b"hello"])
def test_other_bytes_from_the_host_change_nothing(noise):
    monitor, untouched = NellcorMonitor(FakePatient(), seed=1), NellcorMonitor(FakePatient(), seed=2)
    monitor.receive(noise)
    assert run(monitor, 0.0, 6.0) == run(untouched, 0.0, 6.0, step_s=3.0)
