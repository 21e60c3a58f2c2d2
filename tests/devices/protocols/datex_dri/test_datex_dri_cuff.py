from dataclasses import replace
from itertools import groupby

import pytest

from devices.patient import CuffPressures, SensorState
from devices.protocols.datex_dri import requests
from devices.protocols.datex_dri.decoder import DatexDriDecoder
from devices.protocols.datex_dri.monitor import DatexDriMonitor
from devices.signals import NibpFailure, NibpResult
from tests.devices.fake_patient import FakePatient
from tests.devices.protocols.datex_dri.dri_bytes import INVALID, at, read

AUTO, MEASURING, OLD = 0x8, 0x20, 0x100


def each_second(patient: FakePatient) -> DatexDriMonitor:
    monitor = DatexDriMonitor(patient, seed=1)
    monitor.receive(requests.request_numerics(1, requests.Classes.BASIC))
    return monitor


def cuff(monitor: DatexDriMonitor, until_s: float) -> list[tuple[int, int]]:
    """The label and the systolic word of every record up to then."""
    parts = [record.parts[0][1] for record in read(monitor.advance(until_s))]
    return [(at(part, 80, "H"), at(part, 82)) for part in parts]


def runs(rows: list[tuple[int, int]]) -> list[tuple[tuple[int, int], int]]:
    return [(row, len(list(same))) for row, same in groupby(rows)]


def test_start_key_runs_one_cycle_as_the_real_one_does():
    patient = FakePatient()
    monitor = each_second(patient)
    monitor.advance(10.0)
    monitor.press_nibp()
    found = runs(cuff(monitor, 130.0))
    labels = [row for row, _ in found]
    assert labels in (
        [(MEASURING | 3, INVALID), (MEASURING | 3, 12200), (3, 12200), (OLD | 3, 12200)],
        [(MEASURING | 3, INVALID), (3, 12200), (OLD | 3, 12200)],
    )
    assert 25 <= found[0][1] <= 31
    assert 58 <= sum(n for row, n in found if row[1] == 12200 and not row[0] & OLD) <= 62
    assert [what for what, _ in patient.cuff_log] == ["started", "ended"]


def test_values_are_whole_mmhg_and_carry_the_pulse():
    patient = FakePatient(pressures=CuffPressures(121.6, 78.4, 92.5))
    monitor = each_second(patient)
    monitor.press_nibp()
    part = [record.parts[0][1] for record in read(monitor.advance(40.0))][-1]
    assert [at(part, k) for k in (82, 84, 86, 88)] == [12200, 7800, 9200, 76]


def test_auto_cycle_begins_at_once_and_repeats():
    patient = FakePatient()
    monitor = each_second(patient)
    monitor.advance(5.0)
    monitor.set_nibp_auto(5)
    assert all(label & AUTO for label, _ in cuff(monitor, 650.0))
    assert [round(at_s) for what, at_s in patient.cuff_log if what == "started"] == [5, 305, 605]
    monitor.set_nibp_auto(None)
    assert not any(label & AUTO for label, _ in cuff(monitor, 2000.0))
    assert len(patient.cuff_log) == 6


def test_auto_set_while_measuring_starts_no_second_one():
    patient = FakePatient()
    monitor = each_second(patient)
    monitor.press_nibp()
    monitor.advance(5.0)
    monitor.set_nibp_auto(1)
    monitor.advance(60.0)
    assert [what for what, _ in patient.cuff_log] == ["started", "ended"]


@pytest.mark.parametrize("minutes", [0, -1])
def test_a_cycle_of_no_time_is_refused(minutes):
    with pytest.raises(ValueError, match="1 minute"):
        each_second(FakePatient()).set_nibp_auto(minutes)


def results(patient: FakePatient, *press_at_s: float, until_s: float = 60.0) -> list[NibpResult]:
    monitor, decoder = each_second(patient), DatexDriDecoder()
    signals = []
    for at_s in press_at_s:
        signals += decoder.feed(monitor.advance(at_s))
        monitor.press_nibp()
    signals += decoder.feed(monitor.advance(until_s))
    return [s for s in signals if isinstance(s, NibpResult)]


def test_same_reading_twice_is_two_results():
    assert [r.systolic_mmhg for r in results(FakePatient(), 2.0, 40.0, until_s=80.0)] == [122.0, 122.0]


@pytest.mark.parametrize(
    "patient",
    [
        FakePatient(sensor_state=SensorState(cuff_loose=True)),
        FakePatient(pressures=CuffPressures(failure=NibpFailure.MOTION)),
        FakePatient(pressures=CuffPressures(330.0, 80.0, 160.0)),
    ],
)
def test_failures_have_no_cause_on_this_wire(patient):
    assert [r.failure for r in results(replace(patient), 2.0)] == [NibpFailure.ERROR]
    assert [what for what, _ in patient.cuff_log[:2]] == ["started", "ended"]


def test_loose_cuff_is_given_up_early():
    patient = FakePatient(sensor_state=SensorState(cuff_loose=True))
    results(patient, 2.0)
    assert patient.cuff_log == [("started", 2.0), ("ended", 12.0)]


def test_key_stops_what_runs():
    patient = FakePatient()
    assert [r.failure for r in results(patient, 2.0, 10.0)] == [NibpFailure.ERROR]
    assert patient.cuff_log == [("started", 2.0), ("ended", 10.0)]


def test_cycle_that_falls_due_while_measuring_is_left_out():
    patient = FakePatient()
    monitor = each_second(patient)
    monitor.set_nibp_auto(1)
    monitor.advance(50.0)
    monitor.press_nibp()
    monitor.advance(119.0)
    assert [at_s for what, at_s in patient.cuff_log if what == "started"] == [0.0, 50.0]
    monitor.advance(121.0)
    assert patient.cuff_log[-1] == ("started", 120.0)


@pytest.mark.parametrize(
    ("systolic", "text"), [(190.0, b"NIBP sys high"), (70.0, b"NIBP sys low"), (120.0, b"")]
)
def test_pressure_limits_of_the_monitor(systolic, text):
    monitor = DatexDriMonitor(FakePatient(pressures=CuffPressures(systolic, 50.0, 60.0)), seed=1)
    monitor.press_nibp()
    monitor.advance(40.0)
    monitor.receive(requests.request_alarms(requests.AlarmCommand.STATUS))
    [record] = read(monitor.advance(41.0))
    assert record.parts[0][1][10:90].rstrip(b"\x00") == text
