"""A small patient with every value settable, for the tests of emulated monitors."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from devices.patient import CuffPressures, PatientNumerics, SensorState

Wave = npt.NDArray[np.float64]


@dataclass
class FakePatient:
    """Regular beats, sine waves, and a log of what was done to it. Not physiology: only something to recognise."""

    numbers: PatientNumerics = field(
        default_factory=lambda: PatientNumerics(
            hr_per_min=75.0,
            pr_per_min=76.0,
            spo2_percent=97.0,
            rr_per_min=15.0,
            perfusion_index_percent=3.5,
            temperature_c=36.6,
        )
    )
    sensor_state: SensorState = field(default_factory=SensorState)
    pressures: CuffPressures = field(default_factory=lambda: CuffPressures(122.0, 78.0, 92.0))
    wave_names: tuple[str, ...] = ("ECG_I", "ECG_II", "ECG_V", "PLETH", "RESP")
    ecg_amplitude_mv: float = 1.0
    gap_s: tuple[float, float] = (np.inf, np.inf)
    now_s: float = 0.0
    cuff_log: list[tuple[str, float]] = field(default_factory=list)

    def advance(self, until_s: float) -> None:
        assert until_s >= self.now_s, "time went back"
        self.now_s = until_s

    def wave(self, name: str, rate_hz: float, first_sample: int, count: int) -> Wave | None:
        if name not in self.wave_names:
            return None
        t_s = np.arange(first_sample, first_sample + count) / rate_hz
        assert count == 0 or t_s[-1] <= self.now_s + 1e-9, "asked for the future"
        samples = self.exact(name, t_s)
        samples[(t_s >= self.gap_s[0]) & (t_s < self.gap_s[1])] = np.nan
        return samples

    def exact(self, name: str, t_s: Wave) -> Wave:
        """The wave as a formula, to compare with what came over the wire."""
        if name == "PLETH":
            return 0.5 + 0.4 * np.sin(2 * np.pi * 1.25 * t_s)
        if name == "RESP":
            return 0.5 + 0.45 * np.sin(2 * np.pi * 0.25 * t_s)
        share = {"ECG_I": 0.6, "ECG_II": 1.0, "ECG_V": -0.8}.get(name, 0.3)
        phase = {"ECG_I": 0.3, "ECG_V": 1.1}.get(name, 0.0)
        return self.ecg_amplitude_mv * share * np.sin(2 * np.pi * 1.25 * t_s + phase)

    def numerics(self) -> PatientNumerics:
        return self.numbers

    def sensors(self) -> SensorState:
        return self.sensor_state

    def beats_between(self, start_s: float, end_s: float) -> Wave:
        rate = (self.numbers.hr_per_min or 0.0) / 60.0
        if rate == 0.0:
            return np.zeros(0)
        k = np.arange(np.ceil(start_s * rate), np.ceil(end_s * rate))
        return np.asarray(k / rate, dtype=np.float64)

    def cuff_pressures(self) -> CuffPressures:
        return self.pressures

    def cuff_started(self, at_s: float) -> None:
        self.cuff_log.append(("started", at_s))

    def cuff_ended(self, at_s: float) -> None:
        self.cuff_log.append(("ended", at_s))
