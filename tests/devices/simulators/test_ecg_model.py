import numpy as np
import pytest

from devices.simulators.ecg_model import LEADS, ecg_waves
from devices.simulators.pulse_model import REST_LEVEL, TRANSIT_S, pleth_wave, pulse_size, resp_wave

AT_S = np.arange(0, 3, 0.002)


def lead(name: str, rr_s: float = 0.85) -> np.ndarray:
    beats_s = np.arange(1.5 - 3 * rr_s, 3.5, rr_s)
    return ecg_waves(AT_S, beats_s, np.full(beats_s.size, rr_s))[LEADS.index(name)]


def qrs_width_s(wave: np.ndarray) -> float:
    near = (AT_S > 1.40) & (AT_S < 1.60)
    big = AT_S[near][np.abs(wave[near]) > 0.04]
    return float(big.max() - big.min())


@pytest.mark.parametrize("rr_s", [0.33, 0.5, 0.85, 1.5])
def test_lead_ii_is_a_monitor_sized_ecg(rr_s: float) -> None:
    wave = lead("ECG_II", rr_s)
    assert 0.9 < wave[np.argmin(np.abs(AT_S - 1.5))] < 1.25
    assert AT_S[(AT_S > 1.3) & (AT_S < 1.7)][np.argmax(wave[(AT_S > 1.3) & (AT_S < 1.7)])] == pytest.approx(
        1.5, abs=0.004
    )
    # clinical.md §8.3: QRS 0.5-5 mV, up to 120 ms; T no taller than 1.2 mV.
    assert wave.max() < 1.4


@pytest.mark.parametrize("rr_s", [0.45, 0.85, 1.5])
def test_qrs_keeps_its_width_while_qt_shortens(rr_s: float) -> None:
    wave = lead("ECG_II", rr_s)
    assert 0.05 < qrs_width_s(wave) < 0.11
    end_s = 1.5 + min(0.45, 0.8 * rr_s)
    after = (AT_S > 1.63) & (end_s > AT_S)
    t_peak_s = AT_S[after][np.argmax(wave[after])] - 1.5
    assert t_peak_s == pytest.approx(0.285 * np.sqrt(min(rr_s, 1.4)), abs=0.02)


def test_p_wave_precedes() -> None:
    wave = lead("ECG_II")
    before = (AT_S > 1.5 - 0.22) & (AT_S < 1.5 - 0.09)
    assert 0.08 < wave[before].max() < 0.2


def test_derived_lead_iii_is_plausible() -> None:
    # Einthoven: III = II - I; positive and smaller in a normal axis.
    peak = np.argmin(np.abs(AT_S - 1.5))
    assert 0.2 < (lead("ECG_II") - lead("ECG_I"))[peak] < 1.0


def test_no_beats_is_flat() -> None:
    nothing = np.empty(0)
    assert not ecg_waves(AT_S, nothing, nothing).any()
    assert (pleth_wave(AT_S, nothing, nothing, AT_S, pi_percent=3) == REST_LEVEL).all()


def test_pulse_begins_after_the_transit_time_and_has_a_shoulder() -> None:
    pulse = pleth_wave(AT_S, np.array([0.5]), np.array([0.9]), np.zeros_like(AT_S), pi_percent=3)
    peak = int(np.argmax(pulse))
    rise = AT_S[np.argmax(pulse > REST_LEVEL + 0.05 * (pulse.max() - REST_LEVEL))]
    assert 0.5 + TRANSIT_S - 0.03 < rise < 0.5 + TRANSIT_S + 0.06
    assert 0.5 + TRANSIT_S + 0.1 < AT_S[peak] < 0.5 + TRANSIT_S + 0.2
    # The notch: the fall slows down (its slope comes back towards 0) before the end of the pulse.
    slope = np.gradient(pulse)[peak : peak + 150]
    steepest = int(np.argmin(slope[:75]))
    assert slope[steepest : steepest + 60].max() > 0.5 * slope[steepest]
    assert 0 <= pulse.min() < pulse.max() <= 1


@pytest.mark.parametrize(("pi", "size"), [(0.0, 0.0), (0.03, 0.072), (3.0, 0.72), (12.0, 0.72)])
def test_pulse_size(pi: float, size: float) -> None:
    assert pulse_size(pi) == pytest.approx(size)


def test_resp_is_smooth_and_inside_its_range() -> None:
    wave = resp_wave(np.arange(0, 30, 0.005))
    assert wave.min() >= 0.0
    assert wave.max() <= 1.0
    assert np.abs(np.diff(wave)).max() < 0.02
