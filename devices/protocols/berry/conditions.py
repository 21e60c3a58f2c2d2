"""Conditions a Berry board reports over and over, told once when they begin, change or end."""

from devices.protocols.berry.frames import FrameType
from devices.signals import DeviceStatus, Signal

RHYTHMS = (
    "analysing",
    "normal",
    "asystole",
    "ventricular fibrillation or tachycardia",
    "R on T",
    "multiple PVC",
    "couplet",
    "PVC",
    "bigeminy",
    "trigeminy",
    "tachycardia",
    "bradycardia",
    "missed beat",
)
"""Rhythm codes 0 to C in words (protocols.md §1.3)."""
_QUIET_RHYTHMS = 2  # analysing and normal are no findings

_SPO2_CONDITIONS = {
    1: ("SPO2_PROBE_UNPLUGGED", ""),
    2: ("SPO2_NO_FINGER", ""),
    3: ("SPO2_SEARCHING", ""),
    4: ("SPO2_SEARCHING", "searching for too long"),
}

_ELECTRODES = ("V5", "V4", "V3", "V2", "V1", "LL", "LA", "RA")
"""Bits 0 to 7 of the first byte of type F6; bit 7 of the second is V6 (protocols.md §1.3)."""


class Conditions:
    """What is true of the monitor's sensors now. Each method returns only what changed."""

    def __init__(self) -> None:
        self._active: dict[str, str] = {}  # code to detail
        self._rhythm: int | None = None
        self._unknown: set[str] = set()
        self._lead_bit = False
        self._electrodes = ""

    def active(self, code: str) -> bool:
        """Whether a condition holds."""
        return code in self._active

    def set(self, code: str, detail: str | None) -> list[Signal]:
        """Note that a condition holds with this detail, or (None) that it does not."""
        if self._active.get(code) == detail:
            return []
        if detail is None:
            del self._active[code]
            return [DeviceStatus(code, active=False)]
        self._active[code] = detail
        return [DeviceStatus(code, active=True, detail=detail)]

    def ecg(self, status: int) -> list[Signal]:
        """Take bits 0 (weak) and 1 (lead off) of the ECG status byte."""
        self._lead_bit = bool(status & 0x02)
        return self._leads() + self.set("ECG_WEAK", "" if status & 0x01 else None)

    def electrodes(self, bits: bytes) -> list[Signal]:
        """Take the electrode bits of type F6, one or two bytes."""
        off = [name for bit, name in enumerate(_ELECTRODES) if bits[0] >> bit & 1]
        if len(bits) > 1 and bits[1] & 0x80:
            off.insert(0, "V6")
        self._electrodes = ", ".join(reversed(off))
        return self._leads()

    def _leads(self) -> list[Signal]:
        off = self._lead_bit or bool(self._electrodes)
        return self.set("ECG_LEAD_OFF", self._electrodes if off else None)

    def rhythm(self, code: int) -> list[Signal]:
        """Take the rhythm code; it is told in words, active when it is a finding."""
        if code == self._rhythm:
            return []
        self._rhythm = code
        words = RHYTHMS[code] if code < len(RHYTHMS) else f"unknown rhythm code {code:02X}"
        return [DeviceStatus("RHYTHM", active=code >= _QUIET_RHYTHMS, detail=words)]

    def spo2(self, status: int) -> list[Signal]:
        """Take the SpO2 status byte."""
        wanted = _SPO2_CONDITIONS.get(status)
        changes: list[Signal] = []
        for code in ("SPO2_PROBE_UNPLUGGED", "SPO2_NO_FINGER", "SPO2_SEARCHING"):
            changes += self.set(code, wanted[1] if wanted is not None and wanted[0] == code else None)
        if wanted is None and status:
            changes += self.unknown(f"{FrameType.SPO2_PARAMS:02X} status {status:02X}")
        return changes

    def unknown(self, record: str) -> list[Signal]:
        """Note a record nobody has described; each kind is told once."""
        if record in self._unknown:
            return []
        self._unknown.add(record)
        return [DeviceStatus("UNKNOWN_RECORD", active=True, detail=record)]
