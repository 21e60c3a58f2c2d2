"""Screens in every state, made by hand from the words of the documents: what the window is tested and looked at with."""

from dataclasses import replace

import sample_limits
from sample_parts import (
    BAR,
    FEED,
    HR,
    LEAD_OFF,
    NIBP,
    NIBP_ALARM,
    RR,
    SEDATION,
    SPO2,
    SPO2_84,
    SYS_168,
    TILES,
    TREND,
    WAVES,
)
from sample_visit import FIELDS, PANEL, actions, header

from monitor_app.core.phase import Phase
from monitor_app.core.priority import Priority
from monitor_app.services.screen import (
    ActionView,
    AlarmLine,
    CardView,
    Emphasis,
    Freshness,
    GuardView,
    PhasePanelView,
    Screen,
    SoundView,
    TileLine,
)


def quiet(phase: Phase = Phase.INF, *, simulated: bool = True) -> Screen:
    return Screen(
        t_ns=0,
        phase=phase,
        simulated=simulated,
        alarm_bar=BAR,
        header=header(phase, simulated=simulated),
        tiles=TILES,
        waves=WAVES,
        trend=TREND,
        actions=actions(check=Emphasis.NORMAL),
        feed=FEED,
        phase_panel=PANEL,
        fields=FIELDS,
        limits=sample_limits.with_baseline,
    )


def medium() -> Screen:
    """The state of screen.png."""
    return replace(
        quiet(),
        alarm_bar=replace(BAR, lines=(SYS_168,)),
        tiles=(HR, SPO2, NIBP_ALARM, RR, SEDATION),
        actions=actions("SYS 168"),
        cards=(
            CardView(
                "AL-BP-02", "Blood pressure", ("Symptoms? chest pain, headache", "Arm still, cuff size")
            ),
        ),
    )


def high() -> Screen:
    """HIGH, MEDIUM and an acknowledged LOW at once, with one more behind."""
    low_oxygen = replace(
        SPO2, value="84", alarm=Priority.HIGH, unacknowledged=True, arrow="↓", pill="O₂ 2 L/min"
    )
    fourth = replace(
        LEAD_OFF, rule="WF-01", headline="Sedation (MOAA/S) overdue 2 min", detail="Observation overdue"
    )
    return replace(
        medium(),
        alarm_bar=replace(BAR, lines=(SPO2_84, SYS_168, LEAD_OFF, fourth), sound=SoundView("on", "Sound on")),
        tiles=(
            replace(HR, title="PR", caption="/min · pulse", doubt=True),
            low_oxygen,
            NIBP_ALARM,
            RR,
            SEDATION,
        ),
        actions=actions("SpO₂ 84", check=Emphasis.OVERDUE),
        border=Priority.HIGH,
    )


def paused_sound() -> Screen:
    bar = replace(
        BAR,
        lines=(replace(SYS_168, unacknowledged=False),),
        sound=SoundView("paused", "Sound paused", "1:42"),
    )
    severe = replace(NIBP_ALARM, value="190/112", unacknowledged=False)
    return replace(medium(), alarm_bar=bar, tiles=(HR, SPO2, severe, RR, SEDATION))


def stale() -> Screen:
    """The cable is out: dimmed, held and blank numbers, lost sound."""
    tiles = (
        replace(HR, value="—", freshness=Freshness.BLANK),
        replace(SPO2, freshness=Freshness.HOLD, foot="HOLD 0:42 · cuff inflates on this limb"),
        replace(
            NIBP,
            freshness=Freshness.DIM,
            foot="mean 102 · 7:12 ago",
            rule_off=True,
            lines=(TileLine("", "high off", weight=5, off=True), *NIBP.lines[1:]),
        ),
        replace(RR, value="—", freshness=Freshness.BLANK),
        replace(SEDATION, value="—", freshness=Freshness.BLANK),
    )
    silent = AlarmLine(
        "TE-09-M",
        Priority.MEDIUM,
        False,
        False,
        "Monitor silent",
        "check its cable and power · reconnecting",
        "for 0:12",
    )
    bar = replace(
        BAR, lines=(silent,), sound=SoundView("missing", "No sound: this computer has no sound output")
    )
    return replace(quiet(), alarm_bar=bar, tiles=tiles, border=Priority.MEDIUM)


def baseline() -> Screen:
    tiles = (
        replace(HR, lines=HR.lines[:2], pending=True),
        replace(SPO2, lines=SPO2.lines[:1]),
        NIBP,
        RR,
        SEDATION,
    )
    starts = ActionView("next", "Start infusion", "2 things missing", "F10", Emphasis.PRIMARY)
    row = tuple(x for x in actions(check=Emphasis.NORMAL) if not x.key.startswith("pump"))
    return replace(
        quiet(Phase.BASE, simulated=False),
        tiles=tiles,
        actions=(*row[:-1], starts, row[-1]),
        alarm_bar=replace(
            BAR, resolved=("SpO₂ ↓89 < 90, resolved 0:22 ago", "HR ↑122 > 120, resolved 0:51 ago")
        ),
    )


def check_in() -> Screen:
    blank = tuple(
        replace(x, value="—", lines=(), foot="", pill="", freshness=Freshness.BLANK, progress=None)
        for x in TILES
    )
    row = actions(check=Emphasis.NORMAL)
    starts = ActionView("next", "To baseline", "7 things missing", "F10", Emphasis.PRIMARY)
    return replace(
        quiet(Phase.CHECKIN),
        tiles=blank,
        actions=(row[0], row[1], row[7], starts, row[-1]),
        feed=(),
        waves=(),
    )


def recovery() -> Screen:
    return replace(quiet(Phase.REC), banners=("Recovery minimum reached at 15:18.",))


def discharge() -> Screen:
    names = (
        "Minimum observation 30 min",
        "Pressure 132/80 and 130/78",
        "HR 76",
        "SpO₂ 98 on room air",
        "RR 10–24",
    )
    asked = (
        "Orientation: person, place, time",
        "Walks as before",
        "IV out, site dry",
        "Instructions given in writing",
    )
    guards = tuple(GuardView(f"D{i}", x, met=True, amber=False, kind="auto") for i, x in enumerate(names))
    guards += tuple(
        GuardView(f"Q{i}", x, met=i == 0, amber=False, kind="yes_no", answer=True if i == 0 else None)
        for i, x in enumerate(asked)
    )
    panel = PhasePanelView(
        "To leave", Phase.DONE, guards, ready=False, button="Patient leaves", missing_text="3 missing"
    )
    return replace(quiet(Phase.DCA), phase_panel=panel)


def left() -> Screen:
    signing = PhasePanelView(
        "To sign", Phase.SIGNED, (), ready=True, button="Sign", missing_text="", sign_role="nurse"
    )
    return replace(quiet(Phase.DCA), phase=Phase.DONE, phase_panel=signing)


ALL = {
    "quiet": quiet,
    "medium": medium,
    "high": high,
    "paused": paused_sound,
    "stale": stale,
    "baseline": baseline,
    "check_in": check_in,
    "recovery": recovery,
    "discharge": discharge,
}
