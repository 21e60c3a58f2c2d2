from itertools import pairwise

import numpy as np
import pytest

from devices.clock import NS_PER_S, SEEDED_START_UTC
from devices.drivers.base import DriverCommand, NibpTiming
from devices.drivers.datex_dri import WAVES, DatexDriDriver
from devices.link_watchdog import LinkTiming
from devices.protocols.base import MonitorSide
from devices.protocols.datex_dri import requests
from devices.protocols.datex_dri.monitor import DatexDriMonitor
from devices.protocols.datex_dri.requests import AlarmCommand, Classes
from devices.signals import (
    DeviceStatus,
    NibpPhase,
    NibpProgress,
    NibpResult,
    NumericReading,
    Signal,
    WaveChunk,
)
from tests.devices.fake_patient import FakePatient
from tests.devices.protocols.datex_dri.dri_bytes import frame, numbers, read, record, wave_frame

NUMBERS = requests.request_numerics(5, Classes.EXT1)
WAVES_ON = requests.request_waves(WAVES)
ALARMS_ON = requests.request_alarms(AlarmCommand.ENTER_DIFFERENTIAL)
RECORD = frame(record(0, [(1, numbers())]))
OLDER_RECORD = frame(record(0, [(1, numbers())], level=9))


def s(seconds: float) -> int:
    return round(seconds * NS_PER_S)


def run(
    driver: DatexDriDriver, monitor: MonitorSide, start_s: float, end_s: float, *, step_s: float = 0.1
) -> list[Signal]:
    heard: list[Signal] = []
    for k in range(round(start_s / step_s) + 1, round(end_s / step_s) + 1):
        heard += driver.feed(monitor.advance(k * step_s), s(k * step_s))
        monitor.receive(driver.due(s(k * step_s)))
    return heard


def test_handshake_asks_for_numbers_and_waves_and_nothing_else():
    assert DatexDriDriver().opened(0) == NUMBERS + WAVES_ON
    assert [r.main for r in read(DatexDriDriver().opened(0))] == [0, 1]


def test_handshake_asks_for_the_waves_of_the_document():
    """protocols.md §2.4: start ECG1 + PLETH + RESP."""
    printed = "00 00 00 00 01 08 0F FF"
    [_, waves] = read(DatexDriDriver().opened(0))
    assert waves.parts[0][1][:8] == bytes.fromhex(printed)


def test_what_it_asks_for_fits_on_the_line():
    """19200 8E1 is 1745 bytes/s; numbers and waves together leave room for alarms."""
    for interval_s in (5, 1):
        driver, monitor = DatexDriDriver(interval_s=interval_s), DatexDriMonitor(FakePatient(), seed=1)
        monitor.receive(driver.opened(0))
        assert len(monitor.advance(60.0)) / 60 < 0.9 * 19200 / 11


def test_numbers_each_second_as_a_setting():
    driver, monitor = DatexDriDriver(interval_s=1), DatexDriMonitor(FakePatient(), seed=1)
    monitor.receive(driver.opened(0))
    heart = [x for x in run(driver, monitor, 0, 10) if isinstance(x, NumericReading) and x.name == "HR"]
    assert len(heart) == 11
    with pytest.raises(ValueError, match="every 1 s"):
        DatexDriDriver(interval_s=0)


def test_silence_asks_for_everything_again():
    driver = DatexDriDriver()
    driver.opened(0)
    assert driver.due(s(4.9)) == b""
    assert driver.due(s(5)) == NUMBERS + WAVES_ON
    assert driver.due(s(9.9)) == b""
    assert driver.due(s(10)) == NUMBERS + WAVES_ON


def test_alarms_are_asked_for_once_where_the_level_has_them():
    driver = DatexDriDriver()
    driver.opened(0)
    driver.feed(OLDER_RECORD, s(1))
    assert driver.due(s(1)) == b""
    driver.feed(RECORD, s(2))
    assert driver.due(s(2)) == ALARMS_ON
    assert driver.due(s(2.5)) == b""


def test_waves_that_never_come_are_asked_for_again_at_once_then_rarely():
    driver = DatexDriDriver()
    driver.opened(0)
    asked = []
    for tenth in range(1, 400):
        if tenth % 50 == 1:
            driver.feed(OLDER_RECORD, s(tenth / 10))
        if data := driver.due(s(tenth / 10)):
            asked.append((tenth / 10, data))
    assert asked == [(3.0, WAVES_ON), (13.0, WAVES_ON), (23.0, WAVES_ON), (33.0, WAVES_ON)]


def test_waves_that_stop_mean_that_everything_may_have_stopped():
    driver = DatexDriDriver()
    driver.opened(0)
    driver.feed(RECORD + wave_frame(0, (8, [1])), s(1))
    assert driver.due(s(1)) == ALARMS_ON
    driver.feed(RECORD, s(3))
    assert driver.due(s(3.9)) == b""
    assert driver.due(s(4)) == NUMBERS + WAVES_ON + ALARMS_ON
    driver.feed(RECORD, s(8))
    assert driver.due(s(8)) == b""


def test_numbers_that_stop_are_asked_for_again():
    driver = DatexDriDriver()
    driver.opened(0)
    asked = []
    for tenth in range(1, 300):
        driver.feed(wave_frame(tenth, (8, [1])), s(tenth / 10))
        data = driver.due(s(tenth / 10))
        if data:
            assert data in (NUMBERS, ALARMS_ON)
        asked += [tenth / 10] if data == NUMBERS else []
    assert asked == [12.5, 25.0]


def test_monitor_that_was_switched_off_and_on_is_asked_again():
    driver, first = DatexDriDriver(), DatexDriMonitor(FakePatient(), seed=1)
    first.receive(driver.opened(0))
    run(driver, first, 0, 10)
    second = DatexDriMonitor(FakePatient(), seed=1)
    second.advance(10.0)
    heard = run(driver, second, 10, 20)
    assert {x.name for x in heard if isinstance(x, WaveChunk)} == {"ECG_II", "PLETH", "RESP"}
    assert [x for x in heard if isinstance(x, NumericReading)]


def test_waves_stopped_behind_its_back_come_back():
    driver, monitor = DatexDriDriver(), DatexDriMonitor(FakePatient(), seed=1)
    monitor.receive(driver.opened(0))
    run(driver, monitor, 0, 10)
    monitor.receive(requests.stop_waves())  # as after a handshake that blocked for 2 s
    heard = run(driver, monitor, 10, 16)
    assert [x for x in heard if isinstance(x, WaveChunk)]
    assert driver.counters.bytes_discarded == 0


@pytest.mark.parametrize("command", list(DriverCommand))
def test_there_is_no_command(command):
    driver = DatexDriDriver()
    driver.opened(0)
    assert driver.command(command, 1) == b""
    assert driver.info.nibp is NibpTiming.MONITOR


def test_probe_asks_for_one_record_and_leaves_nothing_running():
    driver, monitor = DatexDriDriver(), DatexDriMonitor(FakePatient(), seed=1)
    monitor.receive(driver.probe(0))
    assert len(read(monitor.advance(60.0))) == 1


def test_closing_silences_the_monitor():
    driver, monitor = DatexDriDriver(), DatexDriMonitor(FakePatient(), seed=1)
    monitor.receive(driver.opened(0))
    run(driver, monitor, 0, 8)
    monitor.receive(driver.closing())
    assert monitor.advance(60.0) == b""
    assert [r.main for r in read(driver.closing())] == [4, 0, 1]
    assert [r.main for r in read(DatexDriDriver().closing())] == [0, 1]


def test_cuff_of_the_monitor_is_watched_with_numbers_every_five_seconds():
    patient = FakePatient()
    driver, monitor = DatexDriDriver(), DatexDriMonitor(patient, seed=3)
    monitor.receive(driver.opened(0))
    monitor.set_nibp_auto(1)
    heard = [x for x in run(driver, monitor, 0, 200) if isinstance(x, NibpProgress | NibpResult)]
    assert [x.phase for x in heard if isinstance(x, NibpProgress)] == [
        NibpPhase.MEASURING,
        NibpPhase.IDLE,
    ] * 3 + [NibpPhase.MEASURING]
    readings = [x for x in heard if isinstance(x, NibpResult)]
    assert [(r.systolic_mmhg, r.diastolic_mmhg, r.mean_mmhg, r.pulse_per_min) for r in readings] == [
        (122.0, 78.0, 92.0, 76.0)
    ] * 3


def test_monitor_alarm_reaches_the_host():
    patient = FakePatient()
    driver, monitor = DatexDriDriver(), DatexDriMonitor(patient, seed=1)
    monitor.receive(driver.opened(0))
    run(driver, monitor, 0, 5)
    patient.numbers = type(patient.numbers)(hr_per_min=170.0, spo2_percent=97.0)
    heard = run(driver, monitor, 5, 10)
    assert DeviceStatus("MONITOR_ALARM", active=True, detail="red") in heard


def test_clock_set_back_on_the_monitor_harms_nothing():
    driver, monitor = DatexDriDriver(), DatexDriMonitor(FakePatient(), seed=1)
    monitor.receive(driver.opened(0))
    heard = run(driver, monitor, 0, 6)
    monitor.set_clock(SEEDED_START_UTC.timestamp() - 86400)
    heard += run(driver, monitor, 6, 12)
    pleth = [x for x in heard if isinstance(x, WaveChunk) and x.name == "PLETH"]
    assert all(a.first_sample + len(a.samples) == b.first_sample for a, b in pairwise(pleth))
    times = [x.device_time_s for x in heard if isinstance(x, NumericReading) and x.name == "HR"]
    assert times[-1] is not None
    assert times[0] is not None
    assert times[-1] < times[0]


def test_damaged_wave_record_shows_as_a_gap_of_its_length():
    driver, monitor = DatexDriDriver(), DatexDriMonitor(FakePatient(), seed=1)
    monitor.receive(driver.opened(0))
    chunks: list[WaveChunk] = []
    for k in range(1, 101):
        data = bytearray(monitor.advance(k * 0.1))
        if k == 50:
            data[60] ^= 0x04
        chunks += [
            x for x in driver.feed(bytes(data), s(k * 0.1)) if isinstance(x, WaveChunk) and x.name == "PLETH"
        ]
    assert driver.counters.frames_bad == 1
    jumps = [b.first_sample - a.first_sample - len(a.samples) for a, b in pairwise(chunks)]
    assert sorted(set(jumps)) in ([0], [0, 24], [0, 25], [0, 26])
    assert sum(jumps) + sum(len(c.samples) for c in chunks) == pytest.approx(1000, abs=30)


def test_thresholds_hold_with_and_without_waves():
    timing = LinkTiming.for_driver(DatexDriDriver.info)
    assert 5.0 < timing.stalled_s < 6.0  # not between two records of a monitor that sends no waves
    assert timing.ask_again_s <= 2.5 * 5
    assert timing.reopen_s == 20.0  # protocols.md §2.8


def test_round_trip_within_the_resolution_of_the_wire():
    """protocols.md §12: SpO2 0.01 %, ECG 1 uV."""
    patient = FakePatient()
    patient.numbers = type(patient.numbers)(hr_per_min=71.4, spo2_percent=96.127, rr_per_min=12.2)
    driver, monitor = DatexDriDriver(), DatexDriMonitor(patient, seed=1)
    monitor.receive(driver.opened(0))
    heard = run(driver, monitor, 0, 5)
    got = {x.name: x.value for x in heard if isinstance(x, NumericReading)}
    assert (got["HR"], got["SPO2"], got["RR"]) == (71.0, 96.13, 12.0)
    ecg = np.concatenate(
        [x.scale.physical(x.samples) for x in heard if isinstance(x, WaveChunk) and x.name == "ECG_II"]
    )
    assert np.abs(ecg - patient.exact("ECG_II", np.arange(len(ecg)) / 300)).max() <= 0.00051
