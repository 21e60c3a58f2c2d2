"""The wave objects an emulated monitor lists: one ECG object with up to three leads, pleth, respiration (protocols.md §3.5).

Every block covers 256 ms. The description goes out with the first block and then with every fourth (protocols.md §3.4).
"""

import math
import struct

import numpy as np
import numpy.typing as npt

from devices.patient import PatientSource, SensorState
from devices.protocols.intellivue_mib.messages import AttributeList, PolledObject
from devices.protocols.intellivue_mib.monitor_numerics import limbs_off, spo2_off
from devices.protocols.intellivue_mib.nomenclature import WAVE_NAMES, Attribute, Physio
from devices.protocols.intellivue_mib.values import State
from devices.protocols.intellivue_mib.waves import pack_block

BLOCK_S = 0.256
ECG_HZ, PLETH_HZ, RESP_HZ = 250.0, 125.0, 62.5
DEFAULT_WAVES = (0x0102, 0x0101, 0x0143, Physio.PLETH, Physio.RESP)
_MOST_LEADS = 3
_DESCRIBE_EVERY = 4
_ECG_HANDLE, _PLETH_HANDLE, _RESP_HANDLE = 0x8100, 0x8410, 0x8510
_OFF = State.INVALID | State.UNAVAILABLE
_COUNTS_PER_MV, _ECG_ZERO, _ECG_TOP = 200.0, 0x2000, 0x3FFF  # 5 uV (protocols.md §3.5)
_MIDDLE, _SWING, _TOP = 0x0800, 1600.0, 0x0FFF

_ECG_DESCRIPTION: AttributeList = [
    (Attribute.WAVE_SPEC, bytes.fromhex("0040 10 0E 3000")),
    (Attribute.SAMPLE_PERIOD, bytes.fromhex("00000020")),
    (Attribute.SCALE, bytes.fromhex("FEFFF000 FD009FFB 0000 3FFF")),
    (Attribute.UNIT, bytes.fromhex("10B2")),
]
_PLETH_DESCRIPTION: AttributeList = [
    (Attribute.WAVE_SPEC, bytes.fromhex("0020 10 0C 9000")),
    (Attribute.SAMPLE_PERIOD, bytes.fromhex("00000040")),
    (Attribute.UNIT, bytes.fromhex("0200")),
]
_RESP_DESCRIPTION: AttributeList = [
    (Attribute.WAVE_SPEC, bytes.fromhex("0010 10 0C 9000")),
    (Attribute.SAMPLE_PERIOD, bytes.fromhex("00000080")),
    (Attribute.UNIT, bytes.fromhex("0200")),
]
"""ECG as captured (protocols.md §3.5); 12-bit pleth at 125 Hz as captured, 12-bit respiration at 62.5 Hz."""

_ELECTRODES = {
    "ECG_I": frozenset({"RA", "LA", "RL"}),
    "ECG_II": frozenset({"RA", "LL", "RL"}),
    "ECG_III": frozenset({"LA", "LL", "RL"}),
}
_ALL_LIMBS = frozenset({"RA", "LA", "LL", "RL"})


def block_before(at_s: float) -> int:
    """Return how many blocks are complete at an instant."""
    return math.floor(at_s / BLOCK_S + 1e-6)


class WaveObjects:
    """Waves of one patient, one block at a time."""

    def __init__(self, patient: PatientSource) -> None:
        self._patient = patient
        self._blocks_sent = 0
        self.leads: tuple[int, ...] = ()
        self.pleth = self.resp = False
        self.choose(DEFAULT_WAVES)

    def choose(self, physio_ids: tuple[int, ...]) -> None:
        """Export these, where the patient has them; a lead that is not connected is not exported."""
        connected = self._patient.wave_names
        asked = [p for p in physio_ids if WAVE_NAMES.get(p, "").startswith("ECG")]
        leads = [p for p in asked if WAVE_NAMES[p] in connected]
        if asked and not leads:  # then the monitor's primary lead, whichever it is
            leads = [p for p, name in WAVE_NAMES.items() if name in connected and name.startswith("ECG")][:1]
        self.leads = tuple(leads[:_MOST_LEADS])
        self.pleth = Physio.PLETH in physio_ids and "PLETH" in connected
        self.resp = Physio.RESP in physio_ids and "RESP" in connected
        self._blocks_sent = 0

    def restart(self) -> None:
        """Describe everything anew: a new poll has begun."""
        self._blocks_sent = 0

    def listed(self) -> list[PolledObject]:
        """Return every object without samples: what the first poll gets."""
        handles = [(_ECG_HANDLE, bool(self.leads)), (_PLETH_HANDLE, self.pleth), (_RESP_HANDLE, self.resp)]
        return [PolledObject(0, handle, []) for handle, there in handles if there]

    def now(self, at_s: float, extra: State) -> list[PolledObject]:
        """Return the block that ends at ``at_s``; the patient must have been advanced to it."""
        described = self._blocks_sent % _DESCRIBE_EVERY == 0
        self._blocks_sent += 1
        block = block_before(at_s) - 1
        sensors = self._patient.sensors()
        objects: list[PolledObject] = []
        if self.leads:
            values = self._ecg(block, sensors, extra)
            objects.append(_object(_ECG_HANDLE, _ECG_DESCRIPTION if described else [], values))
        if self.pleth:
            octets = self._relative("PLETH", PLETH_HZ, block, off=spo2_off(sensors))
            value = pack_block(Physio.PLETH, extra | (_OFF if spo2_off(sensors) else 0), octets)
            description = _PLETH_DESCRIPTION if described else []
            objects.append(_object(_PLETH_HANDLE, description, (Attribute.WAVE, value)))
        if self.resp:
            octets = self._relative("RESP", RESP_HZ, block, off=limbs_off(sensors))
            value = pack_block(Physio.RESP, extra | (_OFF if limbs_off(sensors) else 0), octets)
            description = _RESP_DESCRIPTION if described else []
            objects.append(_object(_RESP_HANDLE, description, (Attribute.WAVE, value)))
        return objects

    def _ecg(self, block: int, sensors: SensorState, extra: State) -> tuple[int, bytes]:
        parts = []
        for physio in self.leads:
            name = WAVE_NAMES[physio]
            off = bool(_ELECTRODES.get(name, _ALL_LIMBS | {"V"}) & set(sensors.ecg_leads_off))
            millivolts = self._samples(name, ECG_HZ, block)
            counts = np.zeros_like(millivolts) if off else millivolts * _COUNTS_PER_MV
            octets = _octets(counts + _ECG_ZERO, _ECG_TOP)
            parts.append(pack_block(physio, extra | (_OFF if off else 0), octets))
        body = b"".join(parts)
        return Attribute.WAVE_COMPOUND, struct.pack(">HH", len(parts), len(body)) + body

    def _relative(self, name: str, rate_hz: float, block: int, *, off: bool) -> bytes:
        samples = self._samples(name, rate_hz, block)
        swing = np.zeros_like(samples) if off else (2.0 * samples - 1.0) * _SWING
        return _octets(swing + _MIDDLE, _TOP)

    def _samples(self, name: str, rate_hz: float, block: int) -> npt.NDArray[np.float64]:
        count = round(BLOCK_S * rate_hz)
        samples = self._patient.wave(name, rate_hz, block * count, count)
        if samples is None:
            return np.zeros(count)
        baseline = 0.0 if name.startswith("ECG") else 0.5
        return np.where(np.isnan(samples), baseline, samples)


def _object(handle: int, description: AttributeList, value: tuple[int, bytes]) -> PolledObject:
    return PolledObject(0, handle, [*description, value])


def _octets(counts: npt.NDArray[np.float64], top: int) -> bytes:
    return np.clip(np.rint(counts), 0, top).astype(">u2").tobytes()
