import numpy as np
import pytest

from devices.patient import SensorState
from devices.simulators.artefacts import CuffShadow, is_flat
from devices.simulators.noise import NoiseTiles


@pytest.mark.parametrize(
    ("off", "flat"),
    [
        ((), set()),
        (("RA",), {"ECG_I", "ECG_II", "ECG_V", "RESP"}),
        (("LA",), {"ECG_I", "ECG_V"}),
        (("LL",), {"ECG_II", "ECG_V", "RESP"}),
        (("V",), {"ECG_V"}),
        (("RL",), {"ECG_I", "ECG_II", "ECG_V", "RESP"}),
    ],
)
def test_which_leads_an_electrode_takes_with_it(off: tuple[str, ...], flat: set[str]) -> None:
    names = ("ECG_I", "ECG_II", "ECG_V", "RESP", "PLETH")
    assert {name for name in names if is_flat(name, SensorState(ecg_leads_off=off))} == flat


def test_the_pleth_needs_its_finger_and_its_plug() -> None:
    assert is_flat("PLETH", SensorState(spo2_finger_out=True))
    assert is_flat("PLETH", SensorState(spo2_probe_unplugged=True))
    assert not is_flat("PLETH", SensorState(ecg_leads_off=("RA",)))


def test_cuff_shadow() -> None:
    shadow = CuffShadow()
    at_s = np.arange(0, 60, 0.5)
    assert shadow.pulse_share(at_s) is None
    shadow.started(10)
    shadow.started(11)
    assert shadow.inflating
    share = shadow.pulse_share(at_s)
    assert share is not None
    assert share[at_s <= 12].min() == 1
    assert share[at_s >= 17].max() == 0
    shadow.ended(40)
    shadow.ended(41)
    assert not shadow.inflating
    share = shadow.pulse_share(at_s)
    assert share is not None
    assert share[(at_s >= 17) & (at_s <= 40)].max() == 0
    assert share[at_s >= 42].min() == 1
    assert shadow.pulse_share(np.arange(50, 60, 0.5)) is None


def test_noise_is_a_function_of_the_sample_number() -> None:
    tiles = NoiseTiles(4)
    whole = tiles.white(100, 40_000, stream=2)
    assert np.array_equal(whole[14_000:16_000], tiles.white(14_100, 2_000, stream=2))
    assert whole.std() == pytest.approx(1, abs=0.03)
    assert not np.array_equal(tiles.white(0, 50, stream=0), tiles.white(0, 50, stream=1))
    assert not np.array_equal(tiles.white(0, 50, stream=0), NoiseTiles(5).white(0, 50, stream=0))


def test_movement_is_slow_and_has_unit_size() -> None:
    at_s = np.arange(0, 300, 0.004)
    wave = NoiseTiles(4).movement(at_s, stream=1)
    assert wave.std() == pytest.approx(1, abs=0.25)
    power = np.abs(np.fft.rfft(wave)) ** 2
    hertz = np.fft.rfftfreq(at_s.size, 0.004)
    assert power[hertz > 10].sum() < 0.01 * power.sum()
