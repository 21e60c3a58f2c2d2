"""A line that is no signal of the patient never looks like one (screen.md, Waves; clinical.md §5.5, §6.6)."""

import numpy as np
import pytest

from devices.clock import NS_PER_S
from devices.signals import DeviceStatus
from monitor_app.core.alarm_commands import TakeSensorsOff
from monitor_app.core.commands import RecordCare
from monitor_app.core.phase import Phase
from monitor_app.services.screen import WaveView
from monitor_app.services.view.builder import build_screen
from tests.monitor_app.services.bedside.bench import NURSE, Bench, info, wave

TO_RECOVERY = (Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF, Phase.REC)


@pytest.fixture
def bench() -> Bench:
    made = Bench()
    made.bedside.begin()
    made.plug()
    made.enter(Phase.CHECKIN, Phase.BASE)
    return made


def shown(bench: Bench, name: str) -> WaveView:
    bench.display.apply(bench.state)
    screen = build_screen(bench.display, NURSE)
    assert screen is not None
    return next(view for view in screen.waves if view.name == name)


def clean_line(bench: Bench, name: str) -> None:
    """The monitor goes on sending a flat, clean line."""
    bench.say(wave(name, 0, 250))


def test_a_clean_line_with_a_lead_off_is_covered_and_says_so(bench: Bench) -> None:
    clean_line(bench, "ECG_II")
    assert not shown(bench, "ECG_II").covered
    bench.say(DeviceStatus("ECG_LEAD_OFF", active=True, detail="LA"))
    bench.run(1)
    view = shown(bench, "ECG_II")
    assert view.covered
    assert view.stale_text == "Lead off: LA"


def test_a_lead_off_without_a_name(bench: Bench) -> None:
    clean_line(bench, "ECG_II")
    bench.say(DeviceStatus("ECG_LEAD_OFF", active=True))
    bench.run(1)
    assert shown(bench, "ECG_II").stale_text == "Lead off"


def test_the_chest_electrode_covers_only_the_wave_it_gives(bench: Bench) -> None:
    clean_line(bench, "ECG_II")
    bench.say(DeviceStatus("ECG_LEAD_OFF", active=True, detail="V"))
    bench.run(1)
    assert not shown(bench, "ECG_II").covered


def test_it_is_drawn_again_when_the_lead_is_back(bench: Bench) -> None:
    bench.say(DeviceStatus("ECG_LEAD_OFF", active=True, detail="LA"))
    clean_line(bench, "ECG_II")
    bench.run(1)
    bench.say(DeviceStatus("ECG_LEAD_OFF", active=False, detail="LA"))
    bench.run(1)
    assert not shown(bench, "ECG_II").covered


def ring_values(bench: Bench, name: str) -> np.ndarray:
    return bench.display.waves[name].ring.since(0).values


def test_what_came_with_a_lead_off_stays_a_gap_when_it_is_back(bench: Bench) -> None:
    bench.say(wave("ECG_II", 0, 250))
    bench.run(1)
    bench.say(DeviceStatus("ECG_LEAD_OFF", active=True, detail="LA"))
    bench.run(1)
    bench.say(wave("ECG_II", 250, 500))
    bench.run(1)
    bench.say(DeviceStatus("ECG_LEAD_OFF", active=False, detail="LA"))
    bench.run(1)
    bench.say(wave("ECG_II", 750, 250))
    values = ring_values(bench, "ECG_II")
    assert not shown(bench, "ECG_II").covered
    assert np.isfinite(values[:250]).all()
    assert np.isnan(values[250:750]).all()
    assert np.isfinite(values[750:]).all()


def test_what_came_before_the_screen_knew_of_it_is_a_gap_too(bench: Bench) -> None:
    bench.say(wave("ECG_II", 0, 250))
    bench.run(1)
    bench.say(wave("ECG_II", 250, 250))
    drawn = bench.display.waves["ECG_II"].ring.epoch
    bench.say(DeviceStatus("ECG_LEAD_OFF", active=True, detail="LA"))
    bench.clock.sleep_until(bench.clock.monotonic_ns() + NS_PER_S // 2)
    bench.say(wave("ECG_II", 500, 125))
    bench.run(1)
    values = ring_values(bench, "ECG_II")
    assert np.isfinite(values[:500]).all()
    assert np.isnan(values[500:]).all()
    assert bench.display.waves["ECG_II"].ring.epoch > drawn  # the strip is drawn anew


def test_a_probe_off_the_finger_leaves_the_others_whole(bench: Bench) -> None:
    bench.say(DeviceStatus("SPO2_NO_FINGER", active=True))
    bench.run(1)
    bench.say(wave("PLETH", 0, 50, rate_hz=50.0))
    bench.say(wave("ECG_II", 0, 250))
    assert np.isnan(ring_values(bench, "PLETH")).all()
    assert np.isfinite(ring_values(bench, "ECG_II")).all()


def test_breathing_is_measured_through_the_same_electrodes() -> None:
    bench = Bench()
    bench.bedside.begin()
    waves = (*info().waveforms, type(info().waveforms[0])("RESP", 50.0))
    bench.plug(info=info(waveforms=waves))
    bench.enter(Phase.CHECKIN)
    clean_line(bench, "ECG_II")
    bench.say(wave("RESP", 0, 50, rate_hz=50.0))
    bench.say(DeviceStatus("ECG_LEAD_OFF", active=True, detail="LL"))
    bench.run(1)
    assert shown(bench, "RESP").stale_text == "Lead off: LL"


def test_a_probe_off_the_finger_covers_the_pleth_alone(bench: Bench) -> None:
    clean_line(bench, "ECG_II")
    bench.say(wave("PLETH", 0, 50, rate_hz=50.0))
    bench.say(DeviceStatus("SPO2_NO_FINGER", active=True))
    bench.run(1)
    assert shown(bench, "PLETH").stale_text == "SpO₂ sensor off"
    assert shown(bench, "PLETH").covered
    assert not shown(bench, "ECG_II").covered


def test_a_monitor_that_searches_for_the_pulse_still_shows_what_it_finds(bench: Bench) -> None:
    bench.say(wave("PLETH", 0, 50, rate_hz=50.0))
    bench.say(DeviceStatus("SPO2_SEARCHING", active=True))
    bench.run(1)
    view = shown(bench, "PLETH")
    assert view.caption.endswith("searching for a pulse")
    assert not view.covered


def test_sensors_off_on_purpose_is_the_reason_given(bench: Bench) -> None:
    bench.enter(Phase.READY, Phase.INF, Phase.REC)
    bench.do(RecordCare("check", "MOAA/S 5", NURSE, {"moaas": 5}))
    clean_line(bench, "ECG_II")
    assert bench.do(TakeSensorsOff(NURSE, "Ann Lee", "toilet")) == ()
    bench.say(DeviceStatus("ECG_LEAD_OFF", active=True, detail="LA"))
    bench.run(1)
    assert shown(bench, "ECG_II").stale_text == "sensors off on purpose · 4:59"


def test_after_the_patient_has_left_what_comes_is_nobodys(bench: Bench) -> None:
    bench.enter(Phase.READY, Phase.INF, Phase.REC, Phase.DCA, Phase.DONE)
    clean_line(bench, "ECG_II")
    view = shown(bench, "ECG_II")
    assert (view.stale_text, view.covered) == ("not monitored", True)


def test_before_check_in_the_monitor_is_seen_to_work_but_dimmed() -> None:
    bench = Bench()
    bench.bedside.begin()
    bench.plug()
    clean_line(bench, "ECG_II")
    view = shown(bench, "ECG_II")
    assert (view.stale_text, view.covered) == ("not monitored yet", False)
    bench.silence()
    bench.run(4)
    assert shown(bench, "ECG_II").stale_text == "no signal 0:03 · reconnecting"
