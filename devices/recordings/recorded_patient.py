"""A recording as a patient that any emulated monitor can be put on."""

from bisect import bisect_right
from collections.abc import Mapping

import numpy as np

from devices.patient import CuffPressures, PatientNumerics, SensorState
from devices.recordings.recording import FloatArray, Recording, Series, Wave
from devices.recordings.resample import Resampler
from devices.signals import NibpFailure

ECG_MV_PER_NU = 1.6
"""What 1 NU of an ECG becomes: BIDMC scales a lead to a usual swing of 1 NU (spikes reach 2), a usual lead is 1.6 mV."""

BEATS_GONE_S = 4.0
"""Without a beat for this long there is no rate (clinical.md §6.1, AL-HR-01)."""

_ALL_ELECTRODES = ("RA", "LA", "RL", "LL", "V")


class RecordedPatient:
    """A ``PatientSource`` that plays a recording from its beginning, at patient time 0.

    ``beats_s`` are R peaks in seconds (a detector's); without them the recording's own annotations, if any. At the end
    all sensors are off, unless ``loop``. Without recorded pressures the cuff reports that it is loose: a recording
    has no arm.
    """

    def __init__(
        self, recording: Recording, *, beats_s: FloatArray | None = None, loop: bool = False
    ) -> None:
        self.recording = recording
        self.cable_out = False
        self._loop = loop
        self._duration_s = recording.duration_s
        beats = beats_s if beats_s is not None else recording.beats_s
        self._beats_s = np.sort(beats) if beats is not None else np.empty(0)
        self._waves = {
            name: shown for name, wave in recording.waves.items() if (shown := display_wave(name, wave))
        }
        self._resamplers: dict[tuple[str, float], Resampler] = {}
        self._readings = _cuff_readings(recording.numerics)
        self._now_s = 0.0

    @property
    def wave_names(self) -> tuple[str, ...]:
        """Waves of the recording that a monitor can show."""
        return tuple(self._waves)

    @property
    def ended(self) -> bool:
        """Whether the recording is over."""
        return not self._loop and self._now_s >= self._duration_s

    def advance(self, until_s: float) -> None:
        """See ``PatientSource``."""
        self._now_s = max(self._now_s, until_s)

    def wave(self, name: str, rate_hz: float, first_sample: int, count: int) -> FloatArray | None:
        """See ``PatientSource``."""
        if name not in self._waves:
            return None
        key = (name, rate_hz)
        if key not in self._resamplers:
            self._resamplers[key] = Resampler(self._waves[name], rate_hz, loop=self._loop)
        return self._resamplers[key].samples(first_sample, count)

    def numerics(self) -> PatientNumerics:
        """See ``PatientSource``: as recorded; rates from the beats where the recording has no HR."""
        if self.ended:
            return PatientNumerics()
        value = {name: self._recorded(series) for name, series in self.recording.numerics.items()}
        hr, pr = value.get("HR"), value.get("PR")
        if "HR" not in value and "PR" not in value:
            hr = pr = rate_at(self._beats_s, self._place_s())
        return PatientNumerics(
            hr_per_min=hr,
            pr_per_min=pr,
            spo2_percent=value.get("SPO2"),
            rr_per_min=value.get("RR"),
            perfusion_index_percent=value.get("PI"),
            temperature_c=value.get("TEMP"),
        )

    def sensors(self) -> SensorState:
        """See ``PatientSource``: what the recording has signals of."""
        names = set() if self.ended else {*self._waves, *self.recording.numerics}
        has_ecg = any(name.startswith("ECG") for name in names) or "HR" in names
        has_finger = bool(names & {"PLETH", "SPO2", "PR"})
        return SensorState(
            ecg_leads_off=() if has_ecg else _ALL_ELECTRODES,
            spo2_probe_unplugged=not has_finger,
            spo2_finger_out=not has_finger,
            cuff_loose=self.ended or not self._readings,
        )

    def beats_between(self, start_s: float, end_s: float) -> FloatArray:
        """See ``PatientSource``."""
        if not self._loop or not self._duration_s:
            return self._slice_of_beats(start_s, end_s)
        found: list[FloatArray] = []
        turn = int(start_s // self._duration_s)
        while turn * self._duration_s < end_s:
            shift_s = turn * self._duration_s
            found.append(
                self._slice_of_beats(max(start_s - shift_s, 0.0), min(end_s - shift_s, self._duration_s))
                + shift_s
            )
            turn += 1
        return np.concatenate(found) if found else np.empty(0)

    def cuff_pressures(self) -> CuffPressures:
        """See ``PatientSource``: the last recorded reading."""
        index = bisect_right(self._readings, self._place_s(), key=lambda item: item[0])
        if self.ended or index == 0:
            return CuffPressures(failure=NibpFailure.CUFF_LOOSE)
        return self._readings[index - 1][1]

    def cuff_started(self, at_s: float) -> None:
        """See ``PatientSource``: a recording cannot feel a cuff."""

    def cuff_ended(self, at_s: float) -> None:
        """See ``PatientSource``."""

    def _place_s(self) -> float:
        return self._now_s % self._duration_s if self._loop and self._duration_s else self._now_s

    def _slice_of_beats(self, start_s: float, end_s: float) -> FloatArray:
        first, last = np.searchsorted(self._beats_s, [start_s, end_s])
        return np.array(self._beats_s[first:last])

    def _recorded(self, series: Series) -> float | None:
        index = int(np.searchsorted(series.times_s, self._place_s(), side="right")) - 1
        if index < 0:
            return None
        # Held until the next row is due: a file of one row a minute speaks for that minute.
        if self._place_s() - series.times_s[index] > 1.5 * series.interval_s():
            return None
        value = float(series.values[index])
        return None if np.isnan(value) else value


def rate_at(beats_s: FloatArray, now_s: float) -> float | None:
    """Return the heart rate a monitor would show for these beats now; None without recent beats.

    Last 3 RR all over 1200 ms: mean of the last 4; else the mean of the last 12 without the longest and the shortest
    (clinical.md §8.3). Fewer than 12: the mean of what there is, from 2 on.
    """
    last = int(np.searchsorted(beats_s, now_s, side="right"))
    recent = np.diff(beats_s[max(last - 13, 0) : last])
    if recent.size < 2 or now_s - beats_s[last - 1] >= BEATS_GONE_S:
        return None
    if recent.size >= 4 and (recent[-3:] > 1.2).all():
        return float(60.0 / recent[-4:].mean())
    if recent.size >= 12:
        recent = np.sort(recent)[1:-1]
    return float(60.0 / recent.mean())


def display_wave(name: str, wave: Wave) -> Wave | None:
    """Return a wave in the units monitors are given: ECG in mV, PLETH and RESP 0..1; None for any other name.

    An ECG in normalised units is centred on its median and scaled by ``ECG_MV_PER_NU``. Pleth and breathing that leave
    0..1 are fitted into 0.05..0.95 by their 0.5 and 99.5 percentiles.
    """
    samples = wave.samples
    if name.startswith("ECG_"):
        if wave.unit.lower() in {"mv", "uv", "v"}:
            return Wave(wave.rate_hz, samples * {"mv": 1.0, "uv": 1e-3, "v": 1e3}[wave.unit.lower()], "mV")
        return Wave(wave.rate_hz, (samples - _percentiles(samples, (50.0,))[0]) * ECG_MV_PER_NU, "mV")
    if name not in {"PLETH", "RESP"}:
        return None
    if samples.size and (np.nanmin(samples, initial=0.0) < 0.0 or np.nanmax(samples, initial=1.0) > 1.0):
        low, high = _percentiles(samples, (0.5, 99.5))
        samples = np.clip(0.05 + 0.9 * (samples - low) / max(high - low, 1e-12), 0.0, 1.0)
    return Wave(wave.rate_hz, samples, "1")


def _percentiles(samples: FloatArray, at: tuple[float, ...]) -> list[float]:
    good = samples[~np.isnan(samples)]
    return [0.0] * len(at) if not good.size else [float(value) for value in np.percentile(good, at)]


def _cuff_readings(numerics: Mapping[str, Series]) -> list[tuple[float, CuffPressures]]:
    if not {"NIBP_SYS", "NIBP_DIA"} <= set(numerics):
        return []
    systolic, diastolic = numerics["NIBP_SYS"], numerics["NIBP_DIA"]
    mean = (
        numerics["NIBP_MEAN"].values
        if "NIBP_MEAN" in numerics
        else (systolic.values + 2 * diastolic.values) / 3
    )
    return [
        (float(at_s), CuffPressures(float(high), float(low), float(middle)))
        for at_s, high, low, middle in zip(
            systolic.times_s, systolic.values, diastolic.values, mean, strict=True
        )
        if not np.isnan([high, low, middle]).any()
    ]
