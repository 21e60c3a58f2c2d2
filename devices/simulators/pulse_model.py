"""The finger's pulse and the chest's breath, 0..1, tied to the same beats as the ECG (clinical.md §17.2)."""

import numpy as np

from devices.simulators.population import FloatArray

TRANSIT_S = 0.20
"""From the R peak to the foot of the pulse at the finger."""

AFTER_S = 1.5
"""How long after its R peak a pulse shows."""

REST_LEVEL = 0.08
"""Where the pleth lies between pulses, and where it stays when no pulse comes."""

_MAIN_S, _MAIN_WIDTH_S = (
    0.155,
    0.058,
)  # systolic wave after the foot; notch and shoulder as drawn in screen.png
_SECOND_S, _SECOND_WIDTH_S, _SECOND_SHARE = 0.315, 0.075, 0.42


def pleth_wave(
    at_s: FloatArray,
    beats_s: FloatArray,
    intervals_s: FloatArray,
    breath_phase: FloatArray,
    *,
    pi_percent: float,
) -> FloatArray:
    """Return the pleth at these instants. Amplitude follows the perfusion index and, a little, the breath."""
    if beats_s.size == 0:
        return np.full(at_s.size, REST_LEVEL)
    root = np.sqrt(np.clip(intervals_s, 0.3, 1.2))
    since = at_s[:, None] - (beats_s + TRANSIT_S)[None, :]
    main = (since - _MAIN_S * root) / (_MAIN_WIDTH_S * root)
    second = (since - _SECOND_S * root) / (_SECOND_WIDTH_S * root)
    pulses = np.exp(-0.5 * main * main) + _SECOND_SHARE * np.exp(-0.5 * second * second)
    # A short filling time gives a small pulse.
    strength = np.clip(0.55 + 0.5 * intervals_s, 0.6, 1.05)
    sway = np.sin(2.0 * np.pi * breath_phase)
    size = pulse_size(pi_percent) * (1.0 + 0.06 * sway)
    return np.asarray(REST_LEVEL + size * (pulses @ strength) + 0.012 * sway)


def pulse_size(pi_percent: float) -> float:
    """Return the height of a pulse as a share of the screen: 0.72 from a perfusion index of 3 % up, less below."""
    return float(0.72 * min(max(pi_percent, 0.0) / 3.0, 1.0) ** 0.5)


def resp_wave(breath_phase: FloatArray) -> FloatArray:
    """Return the breathing wave: a quicker rise than fall, depth changing a little from breath to breath."""
    whole = np.floor(breath_phase)
    part = breath_phase - whole
    # 40 % of a breath is inspiration, at rest.
    warped = np.where(part < 0.4, part / 0.8, 0.5 + (part - 0.4) / 1.2)
    depth = 0.36 + 0.05 * np.sin(2.399963 * whole)
    return np.asarray(0.12 + depth * (1.0 - np.cos(2.0 * np.pi * warped)))
