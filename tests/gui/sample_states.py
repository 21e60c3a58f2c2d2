"""Screens in the states of the alarm system, made by hand from the words of clinical.md §5.5."""

from dataclasses import replace

import sample_screens as samples

from monitor_app.core.phase import Phase
from monitor_app.services.screen import Freshness, Screen, SoundView, TileLine
from monitor_app.services.states_view import SoundChoices, StateMark

NOT_HERE = "Alarms can be paused in Check-in and Baseline only, while the leads are placed."
NEVER_NOW = "Sensors come off in Recovery, in Discharge or while the infusion is paused, never while it runs."
LEAD_ONLY = "Only the clinical lead can switch the alarm sound off; pause it for up to 120 s instead."

SOUND_OFF = StateMark("AUDIO OFF", "Alarm sound off", "until the next phase", by="Dr. Kim Lind")
PAUSED = StateMark("ALARM PAUSED", "Alarms paused", "", "1:42", by="RN Ito")
SENSORS_OFF = StateMark(
    "SENSORS OFF", "Sensors off", "toilet · with the patient: Ann Lee", "4:12", by="Ann Lee"
)
RULE_OFF = StateMark("ALARM OFF", "Alarm off: Tachycardia", "athlete, known sinus tachycardia", by="RN Ito")

INFUSING = SoundChoices(
    pause_refusal=NOT_HERE,
    sensors_refusal=NEVER_NOW,
    sound_refusal=LEAD_ONLY,
    self_test="passed",
    me="K. L. (nurse)",
    can_extend=True,
)


def sound_off() -> Screen:
    bar = replace(
        samples.BAR, lines=(samples.SYS_168,), states=(SOUND_OFF,), sound=SoundView("off", "Sound off")
    )
    return replace(samples.medium(), alarm_bar=bar, sound=replace(INFUSING, sound_off=True))


def three_digits() -> Screen:
    """The band takes height from the tiles, and the pressure is as wide as it gets."""
    pressure = replace(samples.NIBP_ALARM, value="171/100", caption="mmHg · right arm · 08:12")
    shown = sound_off()
    return replace(shown, tiles=tuple(pressure if tile.key == "NIBP" else tile for tile in shown.tiles))


def alarms_paused() -> Screen:
    bar = replace(samples.BAR, quiet_text="Alarms paused · none is announced", states=(PAUSED,))
    choices = replace(INFUSING, pause_left="1:42", pause_refusal="")
    return replace(samples.baseline(), alarm_bar=bar, sound=choices)


def sensors_off() -> Screen:
    bar = replace(samples.BAR, states=(SENSORS_OFF,))
    choices = replace(INFUSING, sensors_left="4:12", sensors_refusal="")
    blank = tuple(
        replace(tile, value="—", freshness=Freshness.BLANK) if tile.key in ("HR", "SPO2") else tile
        for tile in samples.TILES
    )
    words = "sensors off on purpose · 4:12"
    waves = tuple(replace(view, stale_text=words, covered=True) for view in samples.WAVES)
    return replace(samples.recovery(), alarm_bar=bar, sound=choices, tiles=blank, waves=waves)


def rule_off() -> Screen:
    lines = (TileLine("", "high off", weight=5, off=True), *samples.HR.lines[1:])
    heart = replace(samples.HR, lines=lines, rule_off=True)
    bar = replace(samples.BAR, states=(RULE_OFF,))
    return replace(samples.quiet(), alarm_bar=bar, tiles=(heart, *samples.TILES[1:]), sound=INFUSING)


def everything() -> Screen:
    """All states at once with three alarms: nothing may push anything else off the screen."""
    bar = replace(
        samples.high().alarm_bar,
        states=(SOUND_OFF, replace(SENSORS_OFF, countdown_text="0:09"), RULE_OFF),
        sound=SoundView("off", "Sound off"),
    )
    return replace(samples.high(), alarm_bar=bar, sound=INFUSING)


def standby() -> Screen:
    bar = replace(samples.BAR, quiet_text="Standby · no patient monitored", standby=True)
    tiles = tuple(
        replace(
            tile,
            value="—",
            lines=(TileLine("", "not monitored"),),
            foot="",
            pill="",
            caption=tile.caption.partition(" · ")[0],
            freshness=Freshness.BLANK,
            progress=None,
        )
        for tile in samples.TILES
    )
    waves = tuple(replace(view, stale_text="not monitored", covered=True) for view in samples.WAVES)
    return replace(samples.left(), phase=Phase.DONE, alarm_bar=bar, tiles=tiles, waves=waves)


def lead_off() -> Screen:
    line = replace(samples.LEAD_OFF, unacknowledged=True)
    ecg = replace(samples.WAVES[0], stale_text="Lead off: LA", covered=True)
    heart = replace(samples.HR, title="PR", caption="/min · pulse")
    return replace(
        samples.quiet(),
        alarm_bar=replace(samples.BAR, lines=(line,)),
        tiles=(heart, *samples.TILES[1:]),
        waves=(ecg, *samples.WAVES[1:]),
        sound=INFUSING,
    )


ALL = {
    "sound_off": sound_off,
    "three_digits": three_digits,
    "alarms_paused": alarms_paused,
    "sensors_off": sensors_off,
    "rule_off": rule_off,
    "everything": everything,
    "standby": standby,
    "lead_off": lead_off,
}
