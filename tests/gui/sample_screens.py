"""Screens in every state, made by hand from the words of the documents: what the window is tested and looked at with."""

from dataclasses import replace

import sample_limits

from monitor_app.core.phase import Phase
from monitor_app.core.priority import Priority
from monitor_app.services.screen import (
    ActionView,
    AlarmBarView,
    AlarmLine,
    CardView,
    Emphasis,
    FeedLine,
    Freshness,
    GuardView,
    HeaderView,
    OtherStep,
    PhasePanelView,
    PhaseStep,
    Screen,
    SoundView,
    TileLine,
    TileView,
    TrendView,
    WaveView,
)

TITLES = ("Check-in", "Baseline", "Infusion", "Recovery", "Discharge")
KEYS = ("CHECKIN", "BASE", "INF", "REC", "DCA")
NOTES_DONE = ("", "128/79", "41.0 mg", "30 min", "")
NOTES_NEXT = ("", "2 readings", "40:00", "30 min", "")

BAR = AlarmBarView(
    lines=(),
    resolved=(),
    quiet_text="No alarms",
    sound=SoundView("on", "Sound on"),
    clock_text="14:32:10",
    user_text="K. L.",
)

SYS_168 = AlarmLine(
    "AL-BP-02",
    Priority.MEDIUM,
    unacknowledged=True,
    latched=False,
    headline="SYS ↑168 > 160",
    detail="Hypertension · not yet confirmed · measuring again now, cuff 132",
    age_text="",
)
SPO2_84 = AlarmLine(
    "AL-SP-01",
    Priority.HIGH,
    unacknowledged=True,
    latched=True,
    headline="SpO₂ ↓84 < 85",
    detail="Desaturation · oxygen? airway?",
    age_text="0:42",
)
LEAD_OFF = AlarmLine(
    "TE-01",
    Priority.LOW,
    unacknowledged=False,
    latched=False,
    headline="ECG lead off: LA",
    detail="rate from pulse",
    age_text="1:10",
)

HR = TileView(
    "HR",
    "HR",
    "/min · ECG",
    "98",
    (TileLine("120", "high"), TileLine("50", "low"), TileLine("", "+26 from 72")),
)
SPO2 = TileView(
    "SPO2",
    "SpO₂",
    "% · pulse 98",
    "96",
    (TileLine("90", "low"), TileLine("", "−2 from 98")),
    pill="O₂ off · room air",
)
NIBP = TileView(
    "NIBP",
    "NIBP",
    "mmHg · left arm · 14:30",
    "138/84",
    (
        TileLine("160/100", "high"),
        TileLine("90", "low"),
        TileLine("", "+10/+5 from 128/79", short="+10/+5", weight=1),
        TileLine("", "next 14:35 · 3:24", short="next 3:24", weight=2),
    ),
    foot="mean 102 · 1:36 ago",
    progress=0.45,
)
NIBP_ALARM = replace(
    NIBP,
    value="168/96",
    lines=(
        TileLine("160/100", "high"),
        TileLine("90", "low"),
        TileLine("", "+40/+17 from 128/79", short="+40/+17", weight=1),
        TileLine("", "next 14:35 · 3:24", short="next 3:24", weight=2),
    ),
    foot="mean 120 · 1:36 ago",
    alarm=Priority.MEDIUM,
    unacknowledged=True,
    arrow="↑",
)
RR = TileView("RR", "RR", "/min", "14", (TileLine("30", "high"), TileLine("10", "low")))
SEDATION = TileView("SEDATION", "Sedation", "MOAA/S", "5", (TileLine("", "14:18 · next 0:50"),))
TILES = (HR, SPO2, NIBP, RR, SEDATION)

WAVES = (
    WaveView("ECG_II", "ECG II", "25 mm/s · 10 mm/mV · 0.5–40 Hz", "ecg", 250.0, 25.0, 10.0, -1.0, 1.5),
    WaveView("PLETH", "Pleth", "PI 3.2 %", "pleth", 50.0, 25.0, None, 0.0, 1.0),
    WaveView("RESP", "Resp", "impedance", "resp", 50.0, 6.25, None, -1.0, 1.0),
)
TREND = TrendView(start_s=0.0, end_s=7200.0, now_s=2160.0, clock_zero_utc_ms=1_767_600_000_000)

FEED = (
    FeedLine("e3", "Dissociation, grade 1 · 14:31", undo_left_s=7),
    FeedLine("e2", "Oxygen off, room air · 14:20"),
    FeedLine("e1", "Midazolam 2 mg IV · 14:05"),
)


def header(phase: Phase, *, simulated: bool = True) -> HeaderView:
    current = KEYS.index("INF" if phase is Phase.PAUSE else phase.value) if phase is not Phase.READY else 1
    steps = []
    for index, (key, title) in enumerate(zip(KEYS, TITLES, strict=True)):
        if index < current:
            steps.append(PhaseStep(key, index + 1, title, "done", NOTES_DONE[index]))
        elif index > current:
            steps.append(PhaseStep(key, index + 1, title, "next", NOTES_NEXT[index]))
        else:
            clock, of, share = ("24:10", "of 40:00", 0.6) if key in ("INF", "REC") else ("04:12", "", None)
            steps.append(PhaseStep(key, index + 1, title, "current", "", clock, of, share))
    return HeaderView(
        chair="3",
        monitor_text="Chair 3: berry on pipe:chair-3, streaming",
        patient="A. M. · P-0137",
        badge="≥ 50 · HTN",
        simulated_text="SIMULATED, NOT A PATIENT" if simulated else "",
        details="58 y · 82 kg · penicillin",
        steps=tuple(steps),
        dose_given="24.8",
        dose_total="/ 41.0 mg",
        dose_mark="calc.",
        dose_detail="61.5 mL/h · 1 mg/mL",
    )


def actions(ack: str = "", *, check: Emphasis = Emphasis.DUE) -> tuple[ActionView, ...]:
    due = {Emphasis.DUE: "due in 0:50", Emphasis.OVERDUE: "2:10 overdue"}.get(check, "F4")
    bright = Emphasis.PRIMARY if ack else Emphasis.NORMAL
    first = ActionView("ack", f"Acknowledge {ack}".strip(), "F1", "F1", bright, enabled=bool(ack), fixed=True)
    return (
        first,
        ActionView("pause_sound", "Pause sound", "2:00", "F10", fixed=True),
        ActionView("nibp", "NIBP now", "F2", "F2"),
        ActionView("event", "Event", "F3", "F3"),
        ActionView("check", "Check", due, "F4", check),
        ActionView("oxygen", "Oxygen", "F5", "F5"),
        ActionView("drug", "Drug", "F6", "F6"),
        ActionView("note", "Note", "F7", "F7"),
        ActionView("pump_pause", "Pump paused", "record · F8", "F8"),
        ActionView("pump_stop", "Pump stopped", "record · F9", "F9"),
        ActionView("emergency", "EMERGENCY", "then confirm", "", Emphasis.DANGER, fixed=True),
    )


GUARDS = (
    GuardView("baseline", "Baseline complete: 128/79, HR 72, SpO₂ 98", met=True, amber=False, kind="auto"),
    GuardView(
        "bp_gate",
        "Last pressure 146/92: the prescriber must know before the start",
        met=False,
        amber=True,
        kind="yes_no",
        help="140–159 or 90–99: confirm that the prescriber was told.",
    ),
    GuardView("iv_site", "IV site looks good", met=False, amber=False, kind="yes_no"),
    GuardView(
        "alarms_on", "The monitor's own alarms are on and can be heard", met=False, amber=False, kind="yes_no"
    ),
    GuardView("signal", "ECG and SpO₂ valid for 30 s", met=True, amber=False, kind="auto", can_override=True),
    GuardView("pre_vas", "Pain before", met=False, amber=False, kind="vas"),
    GuardView("escort", "Who takes the patient home", met=False, amber=False, kind="text", can_override=True),
    GuardView(
        "fasting",
        "Last meal",
        met=False,
        amber=False,
        kind="choice",
        choices=("under 2 h", "2–6 h", "over 6 h", "unknown"),
    ),
    GuardView("weight", "Weight today", met=False, amber=False, kind="number", unit="kg"),
)
PANEL = PhasePanelView(
    title="To start the infusion",
    to_phase=Phase.INF,
    guards=GUARDS,
    ready=False,
    button="Start infusion",
    missing_text="7 things missing",
    progress_text="2 of 9",
    order_needed=True,
    order_text="Write order",
    others=(OtherStep(Phase.CANCEL, "Not treated"),),
)
FIELDS = {
    "weight_kg": 82.0,
    "nibp.interval_min": 5.0,
    "nibp.armed": True,
    "check.moaas": 5,
    "check.dissociation": 1,
    "check.nausea": 0,
    "check.rr": 14,
    "check.iv_site": "ok",
}


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
    fourth = replace(LEAD_OFF, rule="WF-01", headline="Check overdue 2:10", detail="")
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
        replace(SPO2, freshness=Freshness.HOLD, pill="HOLD 0:42"),
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
        "TE-09-M", Priority.MEDIUM, False, False, "Monitor silent 0:12", "Cable? · reconnecting", ""
    )
    bar = replace(BAR, lines=(silent,), sound=SoundView("missing", "No sound output"))
    return replace(quiet(), alarm_bar=bar, tiles=tiles, border=Priority.MEDIUM)


def baseline() -> Screen:
    tiles = (
        replace(HR, lines=HR.lines[:2], pending=True),
        replace(SPO2, lines=SPO2.lines[:1]),
        NIBP,
        RR,
        SEDATION,
    )
    starts = ActionView("next", "Start infusion", "2 things missing", "F8", Emphasis.PRIMARY)
    row = tuple(x for x in actions(check=Emphasis.NORMAL) if not x.key.startswith("pump"))
    return replace(
        quiet(Phase.BASE, simulated=False),
        tiles=tiles,
        actions=(*row[:-1], starts, row[-1]),
        alarm_bar=replace(BAR, resolved=("SpO₂ 89 < 90 resolved 14:29", "HR 122 > 120 resolved 14:27")),
    )


def check_in() -> Screen:
    blank = tuple(
        replace(x, value="—", lines=(), foot="", pill="", freshness=Freshness.BLANK, progress=None)
        for x in TILES
    )
    row = actions(check=Emphasis.NORMAL)
    starts = ActionView("next", "To baseline", "7 missing", "F8", Emphasis.PRIMARY)
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
