"""ECG as a sum of Gaussians per beat: P, Q, R, S and a skewed T, seen in leads I, II and V (clinical.md §17.2).

After McSharry et al. 2003, with the waves placed in time rather than in phase, so that the QRS keeps its width while
PR and QT shorten with the rate.
"""

import numpy as np

from devices.simulators.population import FloatArray

LEADS = ("ECG_I", "ECG_II", "ECG_V")
"""The leads a chest wire set measures; the monitor derives the other four."""

AFTER_S = 0.75
"""How long after its R peak a beat shows."""

# Columns: P, Q, R, S, T rising part, T falling part. Amplitudes in mV; widths in s (standard deviations).
_AMPLITUDES_MV = np.array(
    [
        [0.08, -0.06, 0.62, -0.12, 0.09, 0.13],  # I
        [0.14, -0.10, 1.14, -0.24, 0.15, 0.22],  # II
        [0.07, -0.09, 1.28, -0.38, 0.16, 0.25],  # V (V5 position)
    ]
).T
_QRS_OFFSETS_S = (-0.026, 0.0, 0.027)
_QRS_WIDTHS_S = (0.0085, 0.0105, 0.0095)
_P_OFFSET_S, _P_WIDTH_S = 0.165, 0.022
_T_OFFSETS_S, _T_WIDTHS_S = (0.255, 0.300), (0.045, 0.030)  # at RR 1 s; QT follows the root of RR (Bazett)


def ecg_waves(at_s: FloatArray, beats_s: FloatArray, intervals_s: FloatArray) -> FloatArray:
    """Return the three leads of ``LEADS`` in mV, shape (3, n), at these instants, for beats and the RR before each."""
    if beats_s.size == 0:
        return np.zeros((3, at_s.size))
    rr_s = np.clip(intervals_s, 0.24, 1.4)
    root = np.sqrt(rr_s)
    ones = np.ones_like(rr_s)
    p_offset_s = -np.minimum(_P_OFFSET_S, 0.10 + 0.08 * rr_s)
    offsets = np.stack(
        [p_offset_s, *(o * ones for o in _QRS_OFFSETS_S), *(o * root for o in _T_OFFSETS_S)], axis=1
    )
    widths = np.stack(
        [
            _P_WIDTH_S * np.minimum(root, 1.0),
            *(w * ones for w in _QRS_WIDTHS_S),
            *(w * root for w in _T_WIDTHS_S),
        ],
        axis=1,
    )
    centres = beats_s[:, None] + offsets
    scaled = (at_s[:, None] - centres.ravel()) / widths.ravel()
    bumps = np.exp(-0.5 * scaled * scaled)
    by_wave = bumps.reshape(at_s.size, beats_s.size, 6).sum(axis=1)
    return np.asarray((by_wave @ _AMPLITUDES_MV).T)
