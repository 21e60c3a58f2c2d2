"""Where a visit stands, made by hand: the header's steps, the row of actions, the guards of the next step, the fields."""

from monitor_app.core.phase import Phase
from monitor_app.services.screen import (
    ActionView,
    Emphasis,
    GuardView,
    HeaderView,
    OtherStep,
    PhasePanelView,
    PhaseStep,
)

TITLES = ("Check-in", "Baseline", "Infusion", "Recovery", "Discharge")
KEYS = ("CHECKIN", "BASE", "INF", "REC", "DCA")
NOTES_DONE = ("", "128/79", "41.0 mg", "30 min", "")
NOTES_NEXT = ("", "2 readings", "40:00", "30 min", "")


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
    due = {Emphasis.DUE: "due in 0:50", Emphasis.OVERDUE: "overdue 2:10"}.get(check, "F4")
    bright = Emphasis.PRIMARY if ack else Emphasis.NORMAL
    first = ActionView("ack", f"Acknowledge {ack}".strip(), "F1", "F1", bright, enabled=bool(ack), fixed=True)
    return (
        first,
        ActionView("pause_sound", "Pause sound", "2:00", "Shift+F1", fixed=True),
        ActionView("nibp", "NIBP now", "F2", "F2"),
        ActionView("event", "Event", "F3", "F3"),
        ActionView("check", "Check", due, "F4", check),
        ActionView("oxygen", "Oxygen", "F5", "F5"),
        ActionView("drug", "Drug", "F6", "F6"),
        ActionView("note", "Note", "F7", "F7"),
        ActionView("pump_pause", "Pump paused", "record · F8", "F8"),
        ActionView("pump_stop", "Pump stopped", "record · F9", "F9"),
        ActionView("emergency", "EMERGENCY", "then confirm", "F12", Emphasis.DANGER, fixed=True),
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
