"""What loose sensors, movement and an inflating cuff do to the ideal waves."""

from collections.abc import Sequence

import numpy as np

from devices.patient import SensorState
from devices.simulators.noise import NoiseTiles
from devices.simulators.population import FloatArray
from devices.simulators.pulse_model import REST_LEVEL
from devices.simulators.virtual_bedside import Attachment

MOTION_ECG_MV = 0.6  # deviation at full movement
MOTION_PLETH = 0.22
MOTION_RESP = 0.25
CUFF_CLOSES_S = (2.0, 7.0)
"""After the start of inflation the pulse beyond the cuff begins to fade, and is gone [D]."""

CUFF_OPENS_S = 2.0
"""After deflation it is back [D]."""

_NEEDS = {
    "ECG_I": {"LA", "RA"},
    "ECG_II": {"LL", "RA"},
    "ECG_V": {"V", "RA", "LA", "LL"},
    "RESP": {"RA", "LL"},
}
"""Electrodes without which a lead is flat; impedance breathing is measured along lead II."""

_STREAMS = {"ECG_I": 0, "ECG_II": 1, "ECG_V": 2, "PLETH": 3, "RESP": 4}
_FLAT = {"ECG_I": 0.0, "ECG_II": 0.0, "ECG_V": 0.0, "PLETH": 0.0, "RESP": 0.5}


class CuffShadow:
    """When the cuff was up, and so how much of the pulse gets past it."""

    def __init__(self) -> None:
        self._cycles: list[tuple[float, float | None]] = []

    @property
    def inflating(self) -> bool:
        """Whether a cuff is up now."""
        return bool(self._cycles) and self._cycles[-1][1] is None

    def started(self, at_s: float) -> None:
        """A cuff begins to inflate."""
        if not self.inflating:
            self._cycles.append((at_s, None))

    def ended(self, at_s: float) -> None:
        """It is down again."""
        if self.inflating:
            self._cycles[-1] = (self._cycles[-1][0], at_s)

    def pulse_share(self, at_s: FloatArray) -> FloatArray | None:
        """Return 0..1 of the pulse at these instants; None when no cuff touched any of them."""
        share: FloatArray | None = None
        for start_s, end_s in reversed(self._cycles):
            if end_s is not None and end_s + CUFF_OPENS_S <= at_s[0]:
                break
            if start_s >= at_s[-1]:
                continue
            closing = 1.0 - (at_s - start_s - CUFF_CLOSES_S[0]) / (CUFF_CLOSES_S[1] - CUFF_CLOSES_S[0])
            closed = np.clip(closing, 0.0, 1.0)
            if end_s is not None:
                closed = np.maximum(closed, np.clip((at_s - end_s) / CUFF_OPENS_S, 0.0, 1.0))
            share = closed if share is None else np.minimum(share, closed)
        return share


def is_flat(name: str, sensors: SensorState) -> bool:
    """Whether this wave carries nothing with these sensors."""
    if name == "PLETH":
        return sensors.spo2_finger_out or sensors.spo2_probe_unplugged
    off = set(sensors.ecg_leads_off)
    return bool(off & (_NEEDS[name] | {"RL"}))


def overlay(
    name: str,
    wave: tuple[FloatArray, FloatArray],
    attachments: Sequence[Attachment],
    cuff: CuffShadow,
    noise: NoiseTiles,
) -> None:
    """Change the samples of ``wave`` (instants, values) in place where something is wrong with the sensors.

    ``attachments`` are those in force during the wave, in order; each holds until the next begins.
    """
    at_s, values = wave
    if not at_s.size:
        return
    for index, attachment in enumerate(attachments):
        end_s = attachments[index + 1].since_s if index + 1 < len(attachments) else np.inf
        part = slice(*np.searchsorted(at_s, [attachment.since_s if index else -np.inf, end_s]))
        if part.start < part.stop:
            values[part] = _with_sensors(name, (at_s[part], values[part]), attachment, (cuff, noise))


def _with_sensors(
    name: str,
    wave: tuple[FloatArray, FloatArray],
    attachment: Attachment,
    bodies: tuple[CuffShadow, NoiseTiles],
) -> FloatArray:
    at_s, values = wave
    cuff, noise = bodies
    if is_flat(name, attachment.sensors):
        return np.full(at_s.size, _FLAT[name])
    if name == "PLETH" and attachment.cuff_on_probe_limb:
        share = cuff.pulse_share(at_s)
        if share is not None:
            values = REST_LEVEL + (values - REST_LEVEL) * share
    motion = attachment.sensors.motion
    if motion > 0:
        size = {"PLETH": MOTION_PLETH, "RESP": MOTION_RESP}.get(name, MOTION_ECG_MV)
        values = values + size * motion * noise.movement(at_s, stream=_STREAMS[name])
        if name in {"PLETH", "RESP"}:
            values = np.clip(values, 0.0, 1.0)
    return values
