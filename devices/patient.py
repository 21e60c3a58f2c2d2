"""The patient as a monitor's sensors see it: the one interface behind every emulator.

Synthetic and recorded patients both implement it, so any emulated monitor can be put on any of them. Time is the
patient's own axis in seconds, starting at 0 and never going back.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from devices.signals import NibpFailure


@dataclass(frozen=True, slots=True)
class SensorState:
    """What is attached to the patient. A sensor that is off gives no value and a flat or searching wave."""

    ecg_leads_off: tuple[str, ...] = ()  # electrodes off, e.g. ("LA",)
    spo2_probe_unplugged: bool = False
    spo2_finger_out: bool = False
    cuff_loose: bool = False
    motion: float = 0.0  # 0 still .. 1 violent; adds artefact to the waves


@dataclass(frozen=True, slots=True)
class PatientNumerics:
    """True values at one instant; None where the source has none (a recording without that signal)."""

    hr_per_min: float | None = None
    pr_per_min: float | None = None
    spo2_percent: float | None = None
    rr_per_min: float | None = None
    perfusion_index_percent: float | None = None
    temperature_c: float | None = None


@dataclass(frozen=True, slots=True)
class CuffPressures:
    """What a cuff would read now (sampled at the end of its cycle), or why it cannot."""

    systolic_mmhg: float = 0.0
    diastolic_mmhg: float = 0.0
    mean_mmhg: float = 0.0
    failure: NibpFailure | None = None


class PatientSource(Protocol):
    """A patient with sensors on. All methods are called from one thread, with time never going back."""

    @property
    def wave_names(self) -> tuple[str, ...]:
        """Waves it can give (``ECG_II`` …); a monitor sends a flat line for those it lacks."""
        ...

    def advance(self, until_s: float) -> None:
        """Move the patient's state to this instant."""
        ...

    def wave(
        self, name: str, rate_hz: float, first_sample: int, count: int
    ) -> npt.NDArray[np.float64] | None:
        """Samples ``first_sample … first_sample+count`` of a wave at ``rate_hz``, sample k taken at k/rate_hz seconds.

        ECG in mV; PLETH and RESP 0..1. None when the patient has no such wave. NaN where a recording has a gap.
        """
        ...

    def numerics(self) -> PatientNumerics:
        """Values at the instant last advanced to."""
        ...

    def sensors(self) -> SensorState:
        """What is attached at that instant."""
        ...

    def beats_between(self, start_s: float, end_s: float) -> npt.NDArray[np.float64]:
        """Times in seconds of the R peaks in [start_s, end_s)."""
        ...

    def cuff_pressures(self) -> CuffPressures:
        """What a cuff cycle ending now reads."""
        ...

    def cuff_started(self, at_s: float) -> None:
        """A cuff began to inflate on this patient (pleth on the same limb fades until ``cuff_ended``)."""
        ...

    def cuff_ended(self, at_s: float) -> None:
        """The cuff is deflated again."""
        ...
