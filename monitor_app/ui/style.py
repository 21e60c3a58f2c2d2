"""Every colour and type size of the program, by name (screen.md, Type and Colour).

No other module writes a colour. Alarm fills are the only red, yellow and cyan areas; ``danger`` is the outline of
EMERGENCY alone, as screen.png draws it.
"""

from dataclasses import dataclass
from enum import Enum

from monitor_app.core.priority import Priority

TYPE_SCALE = (13, 15, 17, 19, 24, 27, 60, 92, 118)
CAPTION, SMALL, BODY, DETAIL, CLOCK, HEADLINE, MINOR, NIBP, NUMBER = TYPE_SCALE

WEIGHT_TEXT = 500
WEIGHT_NUMBER = 600
WEIGHT_NAME = 700

EDGE = 24
"""Space at the window's edge; everything else sits on a 4-px grid (screen.md, Spacing)."""

BUTTON_RADIUS = 10
PILL_RADIUS = 22


class Theme(Enum):
    """The three colour sets."""

    DARK = "dark"
    LIGHT = "light"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Palette:
    """One colour set; every value is ``#RRGGBB``."""

    background: str
    panel: str
    raised: str
    hairline: str
    text: str
    muted: str
    dim: str
    ecg: str
    spo2: str
    nibp: str
    resp: str
    dose: str
    high: str
    medium: str
    low: str
    on_alarm: str
    danger: str
    hatch: str
    hatch_gap: str

    def fill(self, priority: Priority) -> str:
        """Colour of an alarm's area; INFO is never an alarm area and gets the raised grey."""
        fills = {Priority.HIGH: self.high, Priority.MEDIUM: self.medium, Priority.LOW: self.low}
        return fills.get(priority, self.raised)

    def ink(self, priority: Priority) -> str:
        """Colour of an alarm's words on the background: its own, or the text's where that would not be read."""
        return self.text if self.on_light else self.fill(priority)

    @property
    def on_light(self) -> bool:
        """Whether the background is light."""
        return int(self.background[1:3], 16) > 0x80

    def role(self, name: str) -> str:
        """Colour of a parameter: ``ecg``, ``pleth``, ``resp``, or a tile's key; text for anything else."""
        roles = {
            "ecg": self.ecg,
            "HR": self.ecg,
            "pleth": self.spo2,
            "SPO2": self.spo2,
            "NIBP": self.nibp,
            "resp": self.resp,
            "RR": self.resp,
        }
        return roles.get(name, self.text)


DARK = Palette(
    background="#0A0E13",
    panel="#10161D",
    raised="#18222D",
    hairline="#1D2732",
    text="#E8EEF4",
    muted="#8A97A6",
    dim="#566372",
    ecg="#2EE58B",
    spo2="#6AA8FF",
    nibp="#F4F6F8",
    resp="#FFE9A8",
    dose="#B79CFF",
    high="#FF3B4E",
    medium="#FFD21F",
    low="#27D9F2",
    on_alarm="#14110A",
    danger="#FF5A66",
    hatch="#6E52D6",
    hatch_gap="#14101F",
)
"""The tokens of screen.md, Colour (dark)."""

LIGHT = Palette(
    background="#F5F7F9",
    panel="#FFFFFF",
    raised="#E6EBF0",
    hairline="#CBD4DD",
    text="#10161D",
    muted="#4A5765",
    dim="#7C8996",
    ecg="#08703F",
    spo2="#1B57B5",
    nibp="#10161D",
    resp="#6B5000",
    dose="#5A35BF",
    high="#FF3B4E",
    medium="#FFD21F",
    low="#27D9F2",
    on_alarm="#14110A",
    danger="#B3121F",
    hatch="#6E52D6",
    hatch_gap="#E4DDF7",
)

NIGHT = Palette(
    background="#0B0806",
    panel="#130E0A",
    raised="#1F1711",
    hairline="#2B2119",
    text="#EEDFC9",
    muted="#A8957C",
    dim="#6F6150",
    ecg="#8FCB63",
    spo2="#9FB3B0",
    nibp="#F0E2CC",
    resp="#DCC27A",
    dose="#CFA0B8",
    high="#FF4A3A",
    medium="#FFC81F",
    low="#4CC9C0",
    on_alarm="#14110A",
    danger="#F0685A",
    hatch="#8A5A86",
    hatch_gap="#170F14",
)
"""Low-blue set for the dim room (clinical.md §16.3)."""

PALETTES = {Theme.DARK: DARK, Theme.LIGHT: LIGHT, Theme.NIGHT: NIGHT}

SYMBOLS = {Priority.HIGH: "!!!", Priority.MEDIUM: "!!", Priority.LOW: "!", Priority.INFO: ""}
"""Marker of each priority, so that colour is never alone (clinical.md §5.2)."""
