"""The seven ECG leads an emulated board sends, from whichever leads its patient has.

With the limb leads I and II the others follow Einthoven and Goldberger: III = II − I, aVR = −(I + II)/2, aVL = I − II/2,
aVF = II − I/2. Any two limb leads give I and II; of one alone I = II/2 is assumed, the mean frontal axis of 60°.
"""

import numpy as np
import numpy.typing as npt

from devices.protocols.berry.waves import CHEST_NAMES, ECG_HIGH, ECG_LOW, ECG_NAMES, ECG_ZERO

_OF_I_AND_II: dict[str, tuple[float, float]] = {
    "ECG_II": (0.0, 1.0),
    "ECG_I": (1.0, 0.0),
    "ECG_III": (-1.0, 1.0),
    "ECG_AVF": (-0.5, 1.0),
    "ECG_AVL": (1.0, -0.5),
    "ECG_AVR": (-0.5, -0.5),
}
"""Each limb lead as (share of I, share of II), in order of preference as a source."""

_CHEST_SOURCES = ("ECG_V", "ECG_V1", "ECG_V5", *CHEST_NAMES)
_LIMBS = frozenset({"RA", "LA", "LL", "RL"})
_ELECTRODES: dict[str, frozenset[str]] = {
    "ECG_I": frozenset({"RA", "LA", "RL"}),
    "ECG_II": frozenset({"RA", "LL", "RL"}),
    "ECG_III": frozenset({"LA", "LL", "RL"}),
    "ECG_V": _LIMBS | {"V"},
}
"""Electrodes a lead needs; the Goldberger leads need all limbs."""


class LeadMixer:
    """Chooses the source leads once, and mixes their samples into counts.

    ``sources`` are the waves to ask of the patient, at most three; empty when it has no ECG.
    """

    def __init__(self, wave_names: tuple[str, ...]) -> None:
        limbs = [name for name in _OF_I_AND_II if name in wave_names][:2]
        chest = [name for name in _CHEST_SOURCES if name in wave_names][:1]
        self.sources = (*limbs, *chest)
        self._mix = np.zeros((len(self.sources), len(ECG_NAMES)))
        if limbs:
            self._mix[: len(limbs), :6] = _to_i_and_ii(limbs) @ _from_i_and_ii()
        if chest:
            self._mix[len(limbs), 6] = 1.0

    def counts(
        self, millivolts: npt.NDArray[np.float64], counts_per_mv: float, off: tuple[str, ...]
    ) -> npt.NDArray[np.uint8]:
        """Mix samples without gaps, shape (sources, instants), into counts, shape (instants, 7).

        A lead with an electrode ``off`` lies on the baseline.
        """
        mixed = millivolts.T @ self._mix
        if off:
            mixed[:, [bool(_ELECTRODES.get(name, _LIMBS) & set(off)) for name in ECG_NAMES]] = 0.0
        return counts_within(mixed * counts_per_mv + ECG_ZERO, ECG_LOW, ECG_HIGH)


def without_gaps(samples: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the samples with gaps (NaN) at 0; the array given is changed."""
    samples[np.isnan(samples)] = 0.0
    return samples


def counts_within(values: npt.NDArray[np.float64], low: int, high: int) -> npt.NDArray[np.uint8]:
    """Round to counts, held at the edges of the converter."""
    return np.minimum(np.maximum(np.rint(values), low), high).astype(np.uint8)


def _from_i_and_ii() -> npt.NDArray[np.float64]:
    """Return the matrix that takes rows of (I, II) to the six limb leads: shape (2, 6)."""
    return np.array([_OF_I_AND_II[name] for name in ECG_NAMES[:6]]).T


def _to_i_and_ii(limbs: list[str]) -> npt.NDArray[np.float64]:
    """Return the matrix that takes rows of the source leads to (I, II): shape (sources, 2)."""
    shares = np.array([_OF_I_AND_II[name] for name in limbs])
    if len(limbs) == 2:
        return np.asarray(np.linalg.inv(shares).T)
    of_ii_alone = 0.5 * shares[0, 0] + shares[0, 1]
    return np.array([[0.5 / of_ii_alone, 1.0 / of_ii_alone]])
