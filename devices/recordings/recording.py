"""What every reader of recordings returns, and the one table of names (shared by all of them)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from devices.errors import KnownError

FloatArray: TypeAlias = npt.NDArray[np.float64]


class RecordingError(KnownError):
    """A recording is missing, broken or of a kind that cannot be read."""


@dataclass(frozen=True, slots=True)
class Wave:
    """One recorded wave in its own unit; NaN where the recording has a gap. Sample k is at k / rate_hz seconds."""

    rate_hz: float
    samples: FloatArray
    unit: str

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.samples.size / self.rate_hz


@dataclass(frozen=True, slots=True)
class Series:
    """A recorded number over time: times in seconds from the beginning, rising; NaN where it says no value."""

    times_s: FloatArray
    values: FloatArray

    def interval_s(self) -> float:
        """Return the usual time between two values, 1 s when there are fewer than two."""
        return float(np.median(np.diff(self.times_s))) if self.times_s.size > 1 else 1.0


@dataclass(frozen=True, slots=True)
class Recording:
    """A whole recording under the names of ``devices.signals``; pressures as ``NIBP_SYS NIBP_DIA NIBP_MEAN``."""

    name: str
    waves: Mapping[str, Wave]
    numerics: Mapping[str, Series]
    start_utc: datetime | None = None
    beats_s: FloatArray | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def duration_s(self) -> float:
        """Length in seconds of the longest part."""
        waves = [wave.duration_s for wave in self.waves.values()]
        rows = [float(s.times_s[-1]) + s.interval_s() for s in self.numerics.values() if s.times_s.size]
        return max([0.0, *waves, *rows])


_WAVE_NAMES = {
    "II": "ECG_II",
    "MLII": "ECG_II",
    "ECG": "ECG_II",
    "I": "ECG_I",
    "MLI": "ECG_I",
    "III": "ECG_III",
    "MLIII": "ECG_III",
    "AVR": "ECG_AVR",
    "AVL": "ECG_AVL",
    "AVF": "ECG_AVF",
    "V": "ECG_V",
    "V1": "ECG_V",
    "V2": "ECG_V",
    "V3": "ECG_V",
    "V4": "ECG_V",
    "V5": "ECG_V",
    "V6": "ECG_V",
    "MCL": "ECG_V",
    "MCL1": "ECG_V",
    "PLETH": "PLETH",
    "PPG": "PLETH",
    "SPO2": "PLETH",
    "RESP": "RESP",
    "IMPEDANCE": "RESP",
}
_NUMERIC_NAMES = {
    "HR": "HR",
    "PULSE": "PR",
    "PR": "PR",
    "SPO2": "SPO2",
    "RESP": "RR",
    "RR": "RR",
    "TEMP": "TEMP",
    "PI": "PI",
    "PERF": "PI",
    "NBPSYS": "NIBP_SYS",
    "NBPDIAS": "NIBP_DIA",
    "NBPMEAN": "NIBP_MEAN",
    "NIBPSYS": "NIBP_SYS",
    "NIBPDIA": "NIBP_DIA",
    "NIBPMEAN": "NIBP_MEAN",
}


def wave_name(label: str) -> str:
    """Return our name for a recorded wave; an unknown label stays as it is."""
    plain = label.strip().upper().replace(" ", "").removeprefix("ECG_").removeprefix("LEAD")
    return _WAVE_NAMES.get(plain, label.strip())


def numeric_name(label: str) -> str:
    """Return our name for a recorded number; an unknown label stays as it is."""
    plain = "".join(c for c in label.upper() if c.isalnum())
    return _NUMERIC_NAMES.get(plain, label.strip())
