"""AL-RR-01 at the bedside: the monitor says nought, or its breathing wave shows no breath (clinical.md §6.4)."""

import pytest

from devices.signals import DeviceStatus
from tests.monitor_app.services.bedside.bench import Bench, BenchMonitor
from tests.monitor_app.services.bedside.bench_visit import INFUSING, chair
from tests.monitor_app.services.bedside.wave_patient import WavePatient


def breathing(**numbers: float | None) -> tuple[Bench, BenchMonitor, WavePatient]:
    bench, monitor = chair(*INFUSING, **numbers)
    patient = WavePatient(bench, heart=None, breaths=15.0)
    patient.run(40, step_s=0.5)
    return bench, monitor, patient


def stop(patient: WavePatient, seconds: float) -> None:
    patient.stopped = frozenset({"RESP"})
    patient.run(seconds, step_s=0.5)


def test_the_monitors_nought_is_told_after_20_s() -> None:
    bench, monitor = chair(*INFUSING)
    monitor.numbers["RR"] = 0
    bench.run(19)
    assert bench.announced("AL-RR-01") == []
    bench.run(3)
    (at_s,) = bench.announced("AL-RR-01")
    assert at_s == pytest.approx(2 + 1 + 20, abs=0.1)
    monitor.numbers["RR"] = (
        None  # nothing is not nought, and no breath either; it was announced, and stays latched
    )
    bench.run(2)
    assert "AL-RR-01" in bench.standing()


def test_a_nought_from_the_beginning_is_a_monitor_that_does_not_measure_it() -> None:
    bench = Bench()
    bench.bedside.begin()
    monitor = bench.plug()
    monitor.numbers["RR"] = 0
    bench.enter(*INFUSING)
    bench.run(60)
    assert bench.announced("AL-RR-01") == []


def test_a_still_wave_is_believed_though_the_monitor_still_says_a_rate() -> None:
    bench, _, patient = breathing(RR=14)
    assert bench.state.facts.no_breath_since_t_ns is None
    began = bench.t_s
    stop(patient, 26)
    (at_s,) = bench.announced("AL-RR-01")
    assert began + 16 < at_s < began + 22  # 20 s from the last breath, which was some seconds before


def test_shallow_breathing_that_the_monitor_counts_is_no_alarm() -> None:
    bench, monitor, patient = breathing(RR=14)
    patient.breath_size = 0.2
    patient.run(40, step_s=0.5)
    assert bench.announced("AL-RR-01") == []
    monitor.numbers["RR"] = None  # now nobody counts it any more
    patient.run(12, step_s=0.5)
    assert bench.announced("AL-RR-01") != []


def test_with_an_electrode_off_nothing_is_known_of_the_breath() -> None:
    bench, _, patient = breathing(RR=None)
    bench.say(DeviceStatus("ECG_LEAD_OFF", active=True, detail="RA"))
    stop(patient, 30)
    assert bench.announced("AL-RR-01") == []
    bench.say(DeviceStatus("ECG_LEAD_OFF", active=False))
    bench.say(
        DeviceStatus("ECG_LEAD_OFF", active=True, detail="V")
    )  # breathing is not measured through this one
    patient.run(2)
    assert bench.announced("AL-RR-01") != []


def test_a_wave_that_is_gone_tells_nothing() -> None:
    bench, _, _ = breathing(RR=None)
    bench.run(40)
    assert bench.state.facts.no_breath_since_t_ns is None
    assert bench.announced("AL-RR-01") == []


def test_a_connection_that_comes_back_is_of_the_same_patient() -> None:
    """Who stops breathing while it was gone is not waited for until four breaths have been seen."""
    bench, _, patient = breathing(RR=None)
    bench.silence()
    assert bench.state.facts.no_breath_since_t_ns is None
    bench.run(5)
    bench.back()
    began = bench.t_s
    patient.sent.clear()
    stop(patient, 30)
    (at_s,) = bench.announced("AL-RR-01")
    assert at_s == pytest.approx(began + 20, abs=1.5)  # what was during the five seconds nobody knows


def test_a_connection_that_is_gone_tells_nothing_at_once() -> None:
    bench, _, patient = breathing(RR=None)
    stop(patient, 15)
    assert bench.state.facts.no_breath_since_t_ns is not None
    bench.silence()
    assert bench.state.facts.no_breath_since_t_ns is None


def test_a_frame_lost_now_and_then_does_not_hide_that_nobody_breathes() -> None:
    bench, _, patient = breathing(RR=None)
    began = bench.t_s
    patient.stopped = frozenset({"RESP"})
    for _ in range(4):
        patient.run(7, step_s=0.5)
        patient.sent["RESP"] += 5  # 0.2 s never arrive
    (at_s,) = bench.announced("AL-RR-01")
    assert began + 16 < at_s < began + 22
