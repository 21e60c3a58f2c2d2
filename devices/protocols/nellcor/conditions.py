"""What is true of a Nellcor oximeter now, told once when it begins, changes or ends (protocols.md §6.2)."""

from devices.protocols.conditions import Conditions
from devices.protocols.nellcor.records import CODES, Limits
from devices.signals import Quality, Signal

ALARM_CODES = frozenset({"SL", "SH", "PL", "PH", "LP", "LM"})
_SENSOR = (
    ("SPO2_PROBE_UNPLUGGED", frozenset({"SD"})),
    ("SPO2_NO_FINGER", frozenset({"SO"})),
    ("SPO2_SEARCHING", frozenset({"PS", "LP", "LM"})),
)
"""Condition and the status codes that say so; only the first that holds is told."""
_REMEMBERED = 32  # kinds seen once; a wire full of noise has no end of them


def quality_of(codes: frozenset[str]) -> Quality:
    """Return what the status codes say of the numbers beside them."""
    if codes & {"SD", "SO"}:
        return Quality.SENSOR_OFF
    quality = Quality.SEARCHING if codes & {"PS", "LP", "LM"} else Quality.GOOD
    return quality | Quality.ARTIFACT if codes & {"MO", "LM"} else quality


class LineConditions(Conditions):
    """The conditions of this family. Each method returns only what changed."""

    def __init__(self) -> None:
        super().__init__()
        self._seen_once: dict[str, None] = {}

    def line(self, codes: frozenset[str]) -> list[Signal]:
        """Take the known status codes of a data line."""
        changes: list[Signal] = []
        sensor = next((name for name, said_by in _SENSOR if said_by & codes), None)
        for name, _ in _SENSOR:
            changes += self.set(name, "" if name == sensor else None)
        alarms = ", ".join(words for code, words in CODES.items() if code in codes & ALARM_CODES)
        muted = ", ".join(words for code, words in (("AO", "off"), ("AS", "silenced")) if code in codes)
        changes += self.set("MONITOR_ALARM", alarms or None)
        changes += self.set("MONITOR_ALARMS_OFF", muted or None)
        return changes + self.set("LOW_BATTERY", "" if "LB" in codes else None)

    def limits(self, limits: Limits) -> list[Signal]:
        """Note the monitor's own alarm limits."""
        spo2 = f"SpO2 {limits.spo2_low} to {limits.spo2_high} %"
        return self.set("MONITOR_LIMITS", f"{spo2}, pulse rate {limits.pr_low} to {limits.pr_high} /min")

    def setup(self, words: str) -> list[Signal]:
        """Note how the monitor is set up."""
        return self.set("MONITOR_SETUP", words)

    def trend(self, *, printing: bool) -> list[Signal]:
        """Note whether the monitor prints stored values."""
        words = "the monitor prints stored values: none of them is of now"
        return self.set("MONITOR_TREND", words if printing else None)

    def twice_unknown(self, what: str) -> list[Signal]:
        """Note something nobody has described; told when it comes a second time, because once it may be damage."""
        if what in self._seen_once:
            return self.unknown(what)
        if len(self._seen_once) >= _REMEMBERED:
            del self._seen_once[next(iter(self._seen_once))]
        self._seen_once[what] = None
        return []
