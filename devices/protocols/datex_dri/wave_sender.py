"""The wave packets an emulated DRI monitor sends (protocols.md §2.4, §2.6)."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from devices.patient import PatientSource, SensorState
from devices.protocols.datex_dri import ecg, layout
from devices.protocols.datex_dri.electrodes import lead_off, limbs_off
from devices.protocols.datex_dri.waves import (
    GAP,
    KINDS,
    LEAD_OFF,
    PACKET_HEAD,
    PLETH_TYPE,
    RESP_FINE_TYPE,
    RESP_TYPE,
)

LINE_SAMPLES_PER_S = 600
"""What 19200 baud carries; waves beyond it are silently left out (protocols.md §2.4)."""
SUPPORTED = frozenset({*ecg.CHANNELS, PLETH_TYPE, RESP_TYPE, RESP_FINE_TYPE})
_PERIODS_S = ((200, 1.0), (400, 0.5))
_SHORTEST_PERIOD_S = 0.25
"""Packets come more often under load (protocols.md §2.6); one a second for 200 samples/s is captured."""
_WOBBLE = 0.015
"""Share of packets that are one sample short, the next being one longer (measured, protocols.md §2.6)."""
_ECG_PER_MV = 1000.0
_PLETH_SWING = 400.0  # 4 % modulation from foot to peak
_RESP_SWING = 200.0  # 2 ohm
_UNUSED_STATUS = 0x402  # bit 1 and what real monitors count in the upper bits, from here (captured)
_CODES_OF_LEADS = {lead: code for code, lead in ecg.LEADS.items()}
_PREFERRED = ("ECG_II", "ECG_I", "ECG_III", "ECG_AVF", "ECG_AVL", "ECG_AVR", "ECG_V")


def samples_before(time_s: float, rate_hz: float) -> int:
    """Count the samples k with k/rate before an instant; a hair's breadth of rounding does not make one early."""
    return math.ceil(time_s * rate_hz - 1e-6)


def fitting(types: Sequence[int]) -> tuple[int, ...]:
    """Return what the monitor sends of the waves asked for: the known ones, as long as the line carries them."""
    chosen: list[int] = []
    left = float(LINE_SAMPLES_PER_S)
    for kind in dict.fromkeys(types):
        if kind in SUPPORTED and KINDS[kind].rate_hz <= left:
            chosen.append(kind)
            left -= KINDS[kind].rate_hz
    return tuple(chosen)


def period_s(types: Sequence[int]) -> float:
    """Return the time from packet to packet for these waves."""
    load = sum(KINDS[kind].rate_hz for kind in types)
    return next((period for limit, period in _PERIODS_S if load <= limit), _SHORTEST_PERIOD_S)


class ChannelPlan:
    """Which of the patient's leads is on which ECG channel."""

    def __init__(self, wave_names: Sequence[str]) -> None:
        others = [name for name in wave_names if name.startswith("ECG_V") and name != "ECG_V"]
        names = [name for name in (*_PREFERRED, *others) if name in wave_names][: len(ecg.CHANNELS)]
        self.sources = dict(zip(ecg.CHANNELS, names, strict=False))

    @property
    def label(self) -> int:
        """The label word: lead codes of channel 1 (bits 8-11), 2 and 3 (bits 0-3); chest leads are all V."""
        codes = [_CODES_OF_LEADS.get(self.lead(channel), 0) for channel in ecg.CHANNELS]
        return codes[0] << 8 | codes[1] << 4 | codes[2]

    def lead(self, channel: int) -> str:
        """Return the lead of a channel as the label knows it; empty where there is none."""
        name = self.sources.get(channel, "").removeprefix("ECG_")
        return "V" if name.startswith("V") else name

    def is_off(self, channel: int, sensors: SensorState) -> bool:
        """Whether a channel has no signal for want of an electrode, or of a lead at all."""
        lead = self.lead(channel)
        return lead_off(lead, sensors) if lead else channel == 1


class WaveSender:
    """Cuts the patient's waves into packets, sample k at k/rate exactly."""

    def __init__(self, patient: PatientSource, plan: ChannelPlan, rng: np.random.Generator) -> None:
        self._patient = patient
        self._plan = plan
        self._rng = rng
        self._types: tuple[int, ...] = ()
        self._next: dict[int, int] = {}
        self._begun_s = 0.0
        self._packets = 0
        self._wobble = _WOBBLE

    @property
    def next_packet_s(self) -> float:
        """When the next packet is due; never while no wave is on."""
        if not self._types:
            return float("inf")
        return self._begun_s + (self._packets + 1) * period_s(self._types)

    @property
    def packets(self) -> int:
        """How many packets were sent since the start."""
        return self._packets

    def start(self, types: Sequence[int], at_s: float) -> None:
        """Begin to send what fits of these; the same waves again change nothing."""
        chosen = fitting(types)
        if chosen == self._types:
            return
        self._types = chosen
        self._begun_s = at_s
        self._packets = 0
        self._next = {kind: samples_before(at_s, KINDS[kind].rate_hz) for kind in chosen}

    def wobble(self, share: float | None) -> None:
        """Send this share of packets one sample short; None is the measured share."""
        self._wobble = _WOBBLE if share is None else share

    def stop(self) -> None:
        """Send no more waves."""
        self._types = ()

    def packet(self, at_s: float) -> list[tuple[int, bytes]]:
        """Return the sub-records due at ``at_s``; the patient must have been advanced to it."""
        status = (GAP if self._packets == 0 else 0) | _UNUSED_STATUS + ((int(at_s) % 60) << 4)
        self._packets += 1
        sensors = self._patient.sensors()
        return [(kind, self._part(kind, at_s, status, sensors)) for kind in self._types]

    def _part(self, kind: int, at_s: float, status: int, sensors: SensorState) -> bytes:
        first = self._next[kind]
        count = samples_before(at_s, KINDS[kind].rate_hz) - first
        if self._rng.random() < self._wobble and count > 1:
            count -= 1
        self._next[kind] = first + count
        if kind in ecg.CHANNELS and self._plan.is_off(kind, sensors):
            return PACKET_HEAD.pack(count, status | LEAD_OFF, 0) + bytes(2 * count)
        samples = self._counts(kind, first, count, sensors)
        return PACKET_HEAD.pack(count, status, 0) + words(samples, count)

    def _counts(
        self, kind: int, first: int, count: int, sensors: SensorState
    ) -> npt.NDArray[np.float64] | None:
        """Return samples in counts, NaN where the source has a gap; None where nothing is measured."""
        rate_hz = KINDS[kind].rate_hz
        if kind in ecg.CHANNELS:
            name = self._plan.sources.get(kind, "")
            millivolts = self._patient.wave(name, rate_hz, first, count) if name else None
            return None if millivolts is None else millivolts * _ECG_PER_MV
        if kind == PLETH_TYPE:
            if sensors.spo2_finger_out or sensors.spo2_probe_unplugged:
                return None
            pleth = self._patient.wave("PLETH", rate_hz, first, count)
            return None if pleth is None else (pleth - 0.5) * _PLETH_SWING
        if limbs_off(sensors):
            return None
        breath = self._patient.wave("RESP", rate_hz, first, count)
        return None if breath is None else (breath - 0.5) * _RESP_SWING


def words(samples: npt.NDArray[np.float64] | None, count: int) -> bytes:
    """Return samples as they stand on the wire, the invalid code where there is none."""
    if samples is None:
        return np.full(count, layout.INVALID, dtype="<i2").tobytes()
    held = np.clip(np.rint(np.nan_to_num(samples)), layout.NO_NUMBER + 1, 32767)
    return np.where(np.isnan(samples), layout.INVALID, held).astype("<i2").tobytes()
