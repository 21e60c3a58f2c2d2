"""The monitor's own alarms: lists of attributes 0902 and 0904, and its alert condition (0916).

An entry is: source u16, code u16, type u16, state u16, object (class, context, handle u16 each), info id u16, length u16,
info. Info 0201 is instance u16, text id u32, priority u16, flags u16; info 0204 adds the text (u16 length, UTF-16BE).
"""

import re
import struct
from dataclasses import dataclass

from devices.protocols.conditions import Conditions
from devices.protocols.intellivue_mib.messages import AttributeList
from devices.protocols.intellivue_mib.nomenclature import Attribute
from devices.protocols.intellivue_mib.values import read_text
from devices.signals import NibpFailure, Signal

_ENTRY = struct.Struct(">HHHH HHH HH")
_GENERAL = struct.Struct(">HIHH")
WITH_TEXT = 0x0204

COLOURS = {0x0400: "red", 0x0200: "yellow", 0x0100: "yellow"}
"""Alert types of patient alarms: high, medium, low priority. Every technical one is told as cyan."""
_RANK = ("red", "yellow", "cyan")

CONDITIONS = (
    (0x8000, "MONITOR_ALARMS_OFF", "off"),
    (0x4000, "MONITOR_ALARMS_OFF", "paused"),
    (0x0400, "MONITOR_TEST", ""),
    (0x0200, "MONITOR_STANDBY", ""),
    (0x0100, "MONITOR_DEMO", ""),
)
"""Bits of the device alert state: bit, status, detail."""

_ELECTRODE = re.compile(r"\b(RA|LA|LL|RL|V\d?|C\d?) LEAD OFF\b")
SENSOR_TEXTS = (
    (re.compile(r"\bLEADS OFF\b"), "ECG_LEAD_OFF"),
    (_ELECTRODE, "ECG_LEAD_OFF"),
    (re.compile(r"\bNOISY ECG\b|\bECG NOISY\b"), "ECG_WEAK"),
    (re.compile(r"\bSPO2.? (NO SENSOR|UNPLUGGED)\b"), "SPO2_PROBE_UNPLUGGED"),
    (re.compile(r"\bSPO2.? (SENSOR OFF|NON-PULSAT)"), "SPO2_NO_FINGER"),
    (re.compile(r"\bSPO2.? SEARCHING\b"), "SPO2_SEARCHING"),
)
"""Technical alarm texts of the Instructions for Use that are conditions of a sensor."""
CUFF_TEXTS = (
    (re.compile(r"\bNBP CUFF OVERPRESS"), NibpFailure.OVER_PRESSURE),
    (re.compile(r"\bNBP CUFF NOT DEFL"), NibpFailure.BLOCKED),
    (
        re.compile(r"\bNBP INTERRUPTED"),
        NibpFailure.TIMED_OUT,
    ),  # inflation, deflation or the whole took too long
    (re.compile(r"\bNBP MEASURE FAILED"), NibpFailure.WEAK),  # no values could be derived
    (re.compile(r"\bNBP (EQUIP MALF|UNPLUGGED|DEACTIVATED)"), NibpFailure.ERROR),
)
"""Technical alarm texts that end a cuff measurement."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One active alarm; ``colour`` red, yellow or cyan."""

    colour: str
    text: str


def read_alarms(attribute: int, data: bytes) -> list[Alarm]:
    """Return the alarms of an attribute 0902 (patient) or 0904 (technical).

    :raises struct.error: the list is cut off.
    """
    (count,) = struct.unpack_from(">H", data)
    at = 4
    alarms: list[Alarm] = []
    for _ in range(count):
        source, code, kind, _, _, _, _, info, length = _ENTRY.unpack_from(data, at)
        at += _ENTRY.size
        text = ""
        if info == WITH_TEXT and length > _GENERAL.size:
            text = read_text(data, at + _GENERAL.size)
        at += length
        colour = COLOURS.get(kind, "yellow") if attribute == Attribute.PATIENT_ALARMS else "cyan"
        alarms.append(Alarm(colour, text or f"alarm {code:04X} of {source:04X}"))
    return alarms


class AlarmWatch:
    """What the monitor alarms about now. Each method returns only what changed."""

    def __init__(self) -> None:
        self._lists: dict[int, list[Alarm]] = {}
        self._conditions = Conditions()

    def take(self, attributes: AttributeList) -> list[Signal]:
        """Take the alarm object; attributes other than the three known say nothing."""
        changes: list[Signal] = []
        for attribute, data in attributes:
            if attribute == Attribute.ALERT_CONDITION:
                changes += self._take_condition(struct.unpack_from(">H", data)[0])
            elif attribute in (Attribute.PATIENT_ALARMS, Attribute.TECHNICAL_ALARMS):
                self._lists[attribute] = read_alarms(attribute, data)
        sensors = _sensors(self._lists.get(Attribute.TECHNICAL_ALARMS, []))
        for code in dict.fromkeys(code for _, code in SENSOR_TEXTS):
            changes += self._conditions.set(code, sensors.get(code))
        return changes + self._conditions.set("MONITOR_ALARM", self._words())

    @property
    def technical_known(self) -> bool:
        """Whether a list of technical alarms has been heard yet."""
        return Attribute.TECHNICAL_ALARMS in self._lists

    def cuff_failure(self) -> NibpFailure | None:
        """The cuff failure that is among the technical alarms now."""
        for alarm in self._lists.get(Attribute.TECHNICAL_ALARMS, ()):
            for pattern, failure in CUFF_TEXTS:
                if pattern.search(alarm.text.upper()):
                    return failure
        return None

    def _take_condition(self, state: int) -> list[Signal]:
        changes: list[Signal] = []
        for code in dict.fromkeys(code for _, code, _ in CONDITIONS):
            details = (detail for bit, name, detail in CONDITIONS if name == code and state & bit)
            changes += self._conditions.set(code, next(details, None))
        return changes

    def _words(self) -> str | None:
        """Return every alarm, gravest first, as ``yellow: SpO2 86<90; cyan: LEADS OFF``."""
        alarms = [alarm for found in self._lists.values() for alarm in found]
        alarms.sort(key=lambda alarm: (_RANK.index(alarm.colour), alarm.text))
        return "; ".join(f"{alarm.colour}: {alarm.text}" for alarm in alarms) or None


def _sensors(alarms: list[Alarm]) -> dict[str, str]:
    """Return the sensor conditions among technical alarms, with the electrode where it is named."""
    found: dict[str, str] = {}
    for alarm in alarms:
        text = alarm.text.upper()
        for pattern, code in SENSOR_TEXTS:
            match = pattern.search(text)
            if match is not None:
                electrode = match[1] if pattern is _ELECTRODE else ""
                found[code] = ", ".join(sorted(filter(None, {*found.get(code, "").split(", "), electrode})))
    return found
