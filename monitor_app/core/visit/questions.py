"""The questions of check-in, start, pause, end and emergency (clinical.md §3.2), for a nurse with gloves on.

Those of the discharge checklist and of the signature stand in ``closing_questions``; ``QUESTIONS`` there holds all.
"""

from monitor_app.core.visit.question import OTHER, Question

IDENTITY = (
    Question(
        "identity",
        "Name and date of birth checked with the patient?",
        passing=(True,),
        help="Two identifiers, asked openly, compared with the list of the day.",
    ),
)

CONTRAINDICATIONS = (  # clinical.md §1.1 P18
    Question(
        "contra_cardiovascular",
        "Poorly controlled heart or circulation disease?",
        passing=(False,),
        override="prescriber",
    ),
    Question("contra_liver", "Liver disease with poor function?", passing=(False,), override="prescriber"),
    Question("contra_psychosis", "Psychosis, now or before?", passing=(False,), override="prescriber"),
    Question("contra_delirium", "Delirium?", passing=(False,), override="prescriber"),
    Question("contra_substance", "Active substance abuse?", passing=(False,), override="prescriber"),
)

HISTORY = (
    Question(
        "allergies",
        "Allergies",
        kind="text",
        help='Name each with its reaction, or write "none known".',
    ),
    Question("asa_class", "ASA class", kind="choice", choices=("I", "II", "III", "IV"), amber=("III", "IV")),
    Question("history_cardiac", "Heart disease in the past?", amber=(True,)),
    Question("history_airway", "Difficult airway in the past?", amber=(True,)),
    Question("history_sleep_apnoea", "Sleep apnoea?", amber=(True,)),
)

DRUGS_TODAY = (
    Question(
        "today_antihypertensive",
        "Blood-pressure tablets today?",
        kind="choice",
        choices=("taken", "not taken", "none prescribed"),
        amber=("not taken",),
    ),
    Question("today_stimulant", "Stimulant today?", amber=(True,)),
    Question("today_maoi", "MAO inhibitor today?", amber=(True,)),
    Question("today_benzodiazepine", "Benzodiazepine today?", amber=(True,)),
    Question("today_opioid", "Opioid today?", amber=(True,)),
)

CHECK_IN = (
    Question("consent", "Signed consent on file?", passing=(True,)),
    *CONTRAINDICATIONS,
    *HISTORY,
    *DRUGS_TODAY,
    Question(
        "monitor_on_patient",
        "This monitor is on this patient?",
        passing=(True,),
        help="Compare the chair label, then take the finger out or feel the pulse and watch the screen follow.",
    ),
    Question(
        "room_check",
        "Room checked today?",
        passing=(True,),
        help="Oxygen, suction, bag-mask, emergency drugs, and a responsible clinician on site.",
    ),
    Question("weight_kg", "Weight", kind="number", unit="kg", low=30, high=250),  # clinical.md §9.2
    Question(
        "weight_measured",
        "Weight measured",
        kind="choice",
        choices=("today", "within 30 days", "longer ago"),
        passing=("today", "within 30 days"),
        override="prescriber",
    ),
    Question("weight_change", "Weight change since the last visit confirmed?", passing=(True,)),
    Question(
        "escort",
        "Escort: name, relation, phone",
        kind="text",
        override="prescriber",
        help="The adult who takes the patient home.",
    ),
    Question("fasting", "Fasting as asked?", amber=(False,)),
    Question(
        "pregnancy",
        "Pregnancy",
        kind="choice",
        choices=("test negative today", "not possible", "declined test", "pregnant"),
        passing=("test negative today", "not possible", "declined test"),
        amber=("declined test",),
        override="prescriber",
    ),
    Question(
        "medication_change",
        "Medicines changed in the past month?",
        amber=(True,),
        help="Since the last visit or in the past month; say what in a note.",
    ),
    Question("pre_vas", "Pain now, 0 to 10", kind="vas", help="0 none, 10 worst imaginable."),
)

GATES = (
    Question(
        "bp_gate",
        "Prescriber told of this blood pressure?",
        passing=(True,),
        override="prescriber",
        fresh=True,
    ),
    Question(
        "bp_gate_second",
        "A second prescriber agrees to go on?",
        automatic=True,
        override="prescriber",
        fresh=True,
    ),
    Question(
        "hr_gate", "Prescriber told of this heart rate?", passing=(True,), override="prescriber", fresh=True
    ),
    Question(
        "spo2_gate", "Prescriber told of this SpO2?", passing=(True,), override="prescriber", fresh=True
    ),
)

START = (
    Question("order_signed", "Order signed?", passing=(True,), answered_by="prescriber"),
    Question("order_readback", "Verbal order read back and confirmed?", passing=(True,)),
    Question("order_weight", "Order weight differs from the scale: use it?", passing=(True,)),
    Question(
        "second_check_weight_kg",
        "Second person: weight",
        kind="number",
        unit="kg",
        low=30,
        high=250,
        help="Read it off the scale or the chart, not off the order.",
    ),
    Question(
        "second_check_dose_mg_per_kg",
        "Second person: dose",
        kind="number",
        unit="mg/kg",
        low=0.001,
        high=50,
        help="Read it off the written order.",
    ),
    Question(
        "monitor_alarms",
        "Monitor's own alarms on, audible, limits agreed?",
        passing=(True,),
        fresh=True,
    ),
    Question("iv_site", "IV in place, flows, no swelling?", passing=(True,), fresh=True),
    Question("ecg_steady", "Start without a steady ECG?", automatic=True, override="prescriber", fresh=True),
    Question(
        "spo2_steady", "Start without a steady SpO2?", automatic=True, override="prescriber", fresh=True
    ),
    Question(
        "start_min_ago",
        "Pump started, minutes ago",
        kind="number",
        unit="min",
        low=0,
        high=60,
        required=False,
        fresh=True,
    ),
)

PAUSED_FOR_PRESSURE = "blood pressure"
PAUSE_REASONS = (
    PAUSED_FOR_PRESSURE,
    "heart rate",
    "breathing or oxygen",
    "distress or panic",
    "nausea or vomiting",
    "too sleepy",
    "IV site or pump",
    "toilet or repositioning",
    "patient's wish",
    OTHER,
)
STOP_REASONS = (
    "blood pressure",
    "heart rate",
    "breathing or oxygen",
    "distress or panic",
    "patient wants to stop",
    "nausea or vomiting",
    "too sleepy",
    "IV site or pump",
    "prescriber's decision",
    OTHER,
)
EMERGENCY_OUTCOMES = (
    "resolved, stays here",
    "transferred to hospital",
    "went home with escort",
    "died",
    OTHER,
)

INFUSION = (
    Question("pause_reason", "Why paused?", kind="choice", choices=PAUSE_REASONS, fresh=True),
    Question("cause_cleared", "Cause of the pause cleared?", passing=(True,), fresh=True),
    Question(
        "resume_alarm", "Go on in spite of the alarm?", automatic=True, override="prescriber", fresh=True
    ),
    Question(
        "end_min_ago",
        "Pump stopped, minutes ago",
        kind="number",
        unit="min",
        low=0,
        high=240,
        required=False,
        fresh=True,
    ),
    Question(
        "pump_volume_ml",
        "Volume given, on the pump's display",
        kind="number",
        unit="mL",
        low=0,
        high=2000,
        fresh=True,
    ),
    Question("stop_reason", "Why stopped early?", kind="choice", choices=STOP_REASONS, fresh=True),
    Question(
        "started_by_mistake",
        "What happened?",
        kind="text",
        answered_by="supervisor",
        fresh=True,
        help="Only within 60 s of the start, and only by a prescriber or the clinical lead.",
    ),
)

LEAVING = (
    Question("cancel_reason", "Why not treated?", kind="text", fresh=True),
    Question(
        "emergency_outcome",
        "How did the emergency end?",
        kind="choice",
        choices=EMERGENCY_OUTCOMES,
        fresh=True,
    ),
    Question("return_reason", "What needs watching?", kind="text", required=False, fresh=True),
    Question("addendum", "Addendum", kind="text", fresh=True),
)
