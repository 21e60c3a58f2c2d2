"""The waves of a synthetic patient, generated a second at a time and handed out in any pieces."""

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from devices.simulators import ecg_model, pulse_model
from devices.simulators.beat_train import BeatTrain
from devices.simulators.noise import NoiseTiles
from devices.simulators.population import FloatArray

WAVE_NAMES = ("ECG_I", "ECG_II", "ECG_V", "PLETH", "RESP")

ECG_NOISE_MV = 0.008
WANDER_MV = 0.05  # baseline wander with the breath, in lead II
STORED_S = 4.0  # what is drawn is kept this long, for monitors that send in large or late pieces
PLETH_NOISE = 0.003
RESP_NOISE = 0.004

_MAKE: TypeAlias = Callable[[int, float, int, int], FloatArray]


class _Store:
    """The last seconds of one group of waves at one rate: rows are waves, columns samples from ``first`` on."""

    __slots__ = ("end", "first", "rows")

    def __init__(self, first: int, rows: int) -> None:
        self.first = first
        self.end = first
        self.rows = np.empty((rows, 0))

    def append(self, block: FloatArray, keep: int) -> None:
        tail = self.rows[:, -keep:]
        self.rows = np.concatenate([tail, block], axis=1)
        self.end += block.shape[1]
        self.first = self.end - self.rows.shape[1]


class WaveBank:
    """Ideal waves, without artefact, of one beat train. Sample k of a wave is taken at k / rate seconds."""

    def __init__(self, train: BeatTrain, *, seed: int, mains_hz: float = 0.0, mains_mv: float = 0.05) -> None:
        self._train = train
        self._noise = NoiseTiles(seed)
        self._mains_hz, self._mains_mv = mains_hz, mains_mv
        self._stores: dict[tuple[str, float], _Store] = {}

    @property
    def noise(self) -> NoiseTiles:
        """The noise of this patient, for the artefacts laid over the waves."""
        return self._noise

    def samples(self, name: str, rate_hz: float, first: int, count: int) -> FloatArray:
        """Return a fresh array of ``count`` samples; NaN for seconds that are not known (any more)."""
        group = "ECG" if name in ecg_model.LEADS else name
        key = (group, rate_hz)
        store = self._stores.get(key)
        if store is None or first < store.first:
            store = _Store(
                math.ceil(math.floor(first / rate_hz) * rate_hz - 1e-9), 3 if group == "ECG" else 1
            )
            self._stores[key] = store
        while store.end < first + count:
            self._extend(store, (group, rate_hz), needed_from=first)
        row = ecg_model.LEADS.index(name) if group == "ECG" else 0
        return store.rows[row, first - store.first : first - store.first + count].copy()

    def _extend(self, store: _Store, key: tuple[str, float], *, needed_from: int) -> None:
        group, rate_hz = key
        k = math.floor(store.end / rate_hz + 1e-9)
        count = math.ceil((k + 1) * rate_hz - 1e-9) - store.end
        makers: dict[str, _MAKE] = {"ECG": self._ecg, "PLETH": self._pleth, "RESP": self._resp}
        if self._train.second(k) is None:
            block = np.full((store.rows.shape[0], count), np.nan)
        else:
            block = makers[group](k, rate_hz, store.end, count)
        store.append(block, keep=max(math.ceil(STORED_S * rate_hz), store.end - needed_from))

    def _ecg(self, k: int, rate_hz: float, first: int, count: int) -> FloatArray:
        at_s = np.arange(first, first + count) / rate_hz
        beats_s, intervals_s = self._train.around(k, before_s=ecg_model.AFTER_S, next_too=True)
        leads = ecg_model.ecg_waves(at_s, beats_s, intervals_s)
        sway = np.sin(2.0 * np.pi * self._train.breath_phase(at_s, k))
        leads *= 1.0 + 0.04 * sway
        wander = WANDER_MV * (sway + 0.6 * np.sin(0.47 * at_s + 1.0))
        if self._mains_hz:
            wander += self._mains_mv * np.sin(2.0 * np.pi * self._mains_hz * at_s)
        for row, share in enumerate((0.6, 1.0, 0.8)):
            leads[row] += share * wander + ECG_NOISE_MV * self._noise.white(first, count, stream=row)
        return leads

    def _pleth(self, k: int, rate_hz: float, first: int, count: int) -> FloatArray:
        at_s = np.arange(first, first + count) / rate_hz
        second = self._train.second(k)
        assert second is not None
        beats_s, intervals_s = self._train.around(k, before_s=pulse_model.AFTER_S, next_too=False)
        phase = self._train.breath_phase(at_s, k)
        pleth = pulse_model.pleth_wave(
            at_s, beats_s, intervals_s, phase, pi_percent=second.perfusion_index_percent
        )
        return np.clip(pleth + PLETH_NOISE * self._noise.white(first, count, stream=3), 0.0, 1.0)[None, :]

    def _resp(self, k: int, rate_hz: float, first: int, count: int) -> FloatArray:
        at_s = np.arange(first, first + count) / rate_hz
        resp = pulse_model.resp_wave(self._train.breath_phase(at_s, k))
        return np.clip(resp + RESP_NOISE * self._noise.white(first, count, stream=4), 0.0, 1.0)[None, :]
