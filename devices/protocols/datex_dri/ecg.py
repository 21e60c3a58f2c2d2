"""What a DRI monitor says about its ECG: leads, channels off, noise, source of the rate, rhythm (protocols.md §2.5)."""

from types import MappingProxyType

from devices.protocols.datex_dri import layout
from devices.protocols.datex_dri.conditions import ManyConditions
from devices.protocols.datex_dri.numerics import group_state, is_active
from devices.signals import Quality, Signal

LEADS = MappingProxyType({1: "I", 2: "II", 3: "III", 4: "AVR", 5: "AVL", 6: "AVF", 7: "V"})
"""Lead codes of the label's nibbles."""
CHANNELS = (1, 2, 3)
ASYSTOLE, NOISE, ARTIFACT, LEARNING, PACER = 0x004, 0x080, 0x100, 0x200, 0x400
CHANNEL_OFF = MappingProxyType({1: 0x0800, 2: 0x1000, 3: 0x2000})
SOURCE_SHIFT, SOURCE_MASK = 3, 0x0F
SOURCE_NONE, SOURCE_ECG, SOURCE_SPO2, SOURCE_ECG_MORTARA = 0, 1, 6, 9
PULSE_SOURCES = MappingProxyType(
    {
        2: "BP1", 3: "BP2", 4: "BP3", 5: "BP4", SOURCE_SPO2: "SPO2", 7: "BP5", 8: "BP6",
        10: "BP7", 11: "BP8", 12: "SPO2_CH2",
    }
)  # fmt: skip
"""Codes of the heart rate's source that are no ECG."""
RHYTHM_WORDS = MappingProxyType(
    {
        0: "asystole",
        1: "ventricular fibrillation",
        2: "rapid ventricular tachycardia",
        3: "ventricular tachycardia",
        4: "extreme bradycardia",
        5: "extreme tachycardia",
        16: "supraventricular tachycardia",
        18: "missing beat",
        20: "noisy ECG",
        27: "bradycardia",
        28: "tachycardia",
        30: "arrhythmia analysis off",
    }
)
"""Bits of the arrhythmia word in words."""


class EcgState:
    """The state of the ECG as the records tell it. Each ``take`` returns what changed."""

    def __init__(self, conditions: ManyConditions) -> None:
        self._conditions = conditions
        self._leads: dict[int, str] = {}
        self._off: dict[int, bool] = dict.fromkeys(CHANNELS, False)
        self._asystole = False
        self._rhythms: tuple[str, ...] = ()
        self.quality = Quality.GOOD
        """What the monitor's remarks say about the heart rate."""
        self.other_source: str | None = None
        """Where the rate on the monitor's screen comes from, when that is not the ECG."""

    def wave_name(self, channel: int) -> str:
        """Return the name of a channel's wave: by its lead, or by its number as long as no record has told the lead."""
        lead = self._leads.get(channel)
        return f"ECG_{lead}" if lead else f"ECG{channel}"

    def take_basic(self, part: bytes) -> list[Signal]:
        """Take the ECG group of a basic record."""
        status, label = group_state(part, layout.ECG_AT)
        for channel in CHANNELS:
            code = label >> 4 * (3 - channel) & 0x0F
            self._leads[channel] = LEADS.get(code, "")
        running = is_active(part, layout.ECG_AT)
        for channel in CHANNELS:
            self._off[channel] = running and bool(status & CHANNEL_OFF[channel])
        source = status >> SOURCE_SHIFT & SOURCE_MASK
        self.other_source = PULSE_SOURCES.get(source) if running else None
        self.quality = self._remarks(status)
        self._asystole = running and bool(status & ASYSTOLE)
        changes = self._tell_leads() + self._tell_rhythms()
        weak = status & (NOISE | ARTIFACT) if running else 0
        words = " and ".join(word for bit, word in ((NOISE, "noise"), (ARTIFACT, "artifact")) if weak & bit)
        changes += self._conditions.set("ECG_WEAK", words or None)
        changes += self._conditions.set("ECG_PACER", "" if running and status & PACER else None)
        changes += self._conditions.set("ECG_LEARNING", "" if running and status & LEARNING else None)
        if running and source not in (SOURCE_NONE, SOURCE_ECG, SOURCE_ECG_MORTARA, *PULSE_SOURCES):
            changes += self._conditions.unknown(f"heart rate source {source:X}")
        return changes + self._conditions.set("HR_SOURCE", self.other_source)

    def take_rhythm(self, part: bytes) -> list[Signal]:
        """Take the arrhythmia group of an ext1 record."""
        bits = 0
        if is_active(part, layout.ARRHYTHMIA_AT):
            bits = int.from_bytes(part[layout.RHYTHM_BITS_AT : layout.RHYTHM_BITS_AT + 4], "little")
        found = (bit for bit in range(32) if bits >> bit & 1)
        self._rhythms = tuple(RHYTHM_WORDS.get(bit, f"unknown rhythm bit {bit}") for bit in found)
        return self._tell_rhythms()

    def take_wave(self, channel: int, *, off: bool) -> list[Signal]:
        """Take the lead-off bit of a wave packet: it comes sooner than the next record of numbers."""
        self._off[channel] = off
        return self._tell_leads()

    def _remarks(self, status: int) -> Quality:
        quality = Quality.GOOD
        if status & (NOISE | ARTIFACT):
            quality |= Quality.ARTIFACT
        if status & LEARNING:
            quality |= Quality.SEARCHING
        if self._off[1]:
            quality |= Quality.SENSOR_OFF
        return quality

    def _tell_leads(self) -> list[Signal]:
        """Tell channels off. A channel without a lead is not in use; without channel 1 there is no heart rate."""
        names = [self._leads.get(c) or f"channel {c}" for c in CHANNELS if self._off[c] and self._used(c)]
        detail = ", ".join(names)
        first_off = self._off[1]
        return [
            *self._conditions.set("ECG_LEAD_OFF", detail if first_off else None),
            *self._conditions.set("ECG_CHANNEL_OFF", detail if detail and not first_off else None),
        ]

    def _used(self, channel: int) -> bool:
        return channel == 1 or bool(self._leads.get(channel))

    def _tell_rhythms(self) -> list[Signal]:
        asystole = (RHYTHM_WORDS[0],) if self._asystole and RHYTHM_WORDS[0] not in self._rhythms else ()
        return self._conditions.set_all("RHYTHM", (*asystole, *self._rhythms))
