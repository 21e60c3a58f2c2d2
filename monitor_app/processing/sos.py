"""Second-order sections: Butterworth and notch designs by the bilinear transform.

A section is one row ``b0 b1 b2 1 a1 a2``; a cascade has shape (n, 6). Numpy only, because the installed program
carries no scipy (libraries.md §12 lists what it does carry); the tests compare with scipy's own designs.
"""

import math

import numpy as np
import numpy.typing as npt

Sos = npt.NDArray[np.float64]


def butter_lowpass(order: int, corner_hz: float, rate_hz: float) -> Sos:
    """Butterworth low-pass cascade with its -3 dB point at ``corner_hz``."""
    return _butter(order, corner_hz, rate_hz, high=False)


def butter_highpass(order: int, corner_hz: float, rate_hz: float) -> Sos:
    """Butterworth high-pass cascade with its -3 dB point at ``corner_hz``."""
    return _butter(order, corner_hz, rate_hz, high=True)


def _butter(order: int, corner_hz: float, rate_hz: float, *, high: bool) -> Sos:
    if order < 1 or not 0 < corner_hz < rate_hz / 2:
        raise ValueError(f"no Butterworth filter of order {order} at {corner_hz} Hz for {rate_hz} Hz samples")
    warped = math.tan(math.pi * corner_hz / rate_hz)
    rows = []
    for pair in range(order // 2):
        damping = 2.0 * math.sin(math.pi * (2 * pair + 1) / (2 * order))
        rows.append(_second_order(warped, damping, high=high))
    if order % 2:
        rows.append(_first_order(warped, high=high))
    return np.array(rows)


def _second_order(warped: float, damping: float, *, high: bool) -> list[float]:
    scale = 1.0 / (1.0 + damping * warped + warped * warped)
    gain = scale if high else warped * warped * scale
    middle = -2.0 * gain if high else 2.0 * gain
    a1 = 2.0 * (warped * warped - 1.0) * scale
    a2 = (1.0 - damping * warped + warped * warped) * scale
    return [gain, middle, gain, 1.0, a1, a2]


def _first_order(warped: float, *, high: bool) -> list[float]:
    scale = 1.0 / (1.0 + warped)
    gain = scale if high else warped * scale
    return [gain, -gain if high else gain, 0.0, 1.0, (warped - 1.0) * scale, 0.0]


def notch(centre_hz: float, rate_hz: float, width_hz: float) -> Sos:
    """One section that removes ``centre_hz``; ``width_hz`` lies between its -3 dB points."""
    if not 0 < centre_hz < rate_hz / 2:
        raise ValueError(f"no notch at {centre_hz} Hz for {rate_hz} Hz samples")
    gain = 1.0 / (1.0 + math.tan(math.pi * width_hz / rate_hz))
    middle = -2.0 * gain * math.cos(2.0 * math.pi * centre_hz / rate_hz)
    return np.array([[gain, middle, gain, 1.0, middle, 2.0 * gain - 1.0]])


def response(sos: Sos, frequency_hz: npt.NDArray[np.float64], rate_hz: float) -> npt.NDArray[np.complex128]:
    """Complex gain of the cascade at each frequency."""
    z = np.exp(-2j * np.pi * np.asarray(frequency_hz, dtype=np.float64) / rate_hz)
    powers = np.stack([np.ones_like(z), z, z * z])
    gains = (sos[:, :3] @ powers) / (sos[:, 3:] @ powers)
    return np.asarray(np.prod(gains, axis=0), dtype=np.complex128)


def group_delay_s(sos: Sos, frequency_hz: float, rate_hz: float) -> float:
    """Delay of the envelope of a narrow-band signal at ``frequency_hz``, in seconds."""
    step_hz = rate_hz * 1e-5
    around = np.array([frequency_hz - step_hz, frequency_hz + step_hz])
    low, high = response(sos, around, rate_hz)
    return -float(np.angle(high / low)) / (2.0 * math.pi * 2.0 * step_hz)
