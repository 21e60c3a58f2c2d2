"""The questions of recovery, of the discharge checklist (clinical.md §12) and of the signature; and all of them by key.

A key beginning with ``d`` and a number is that line of the checklist. Automatic lines are judged by the program and can
only be overridden; the nurse answers the rest. Lines that tell how the patient is now are fresh: after going back to
recovery they are asked again.
"""

from collections.abc import Mapping
from types import MappingProxyType

from monitor_app.core.visit.question import Question
from monitor_app.core.visit.questions import CHECK_IN, GATES, IDENTITY, INFUSION, LEAVING, START

NONE_TO_MILD = ("none", "mild, fading", "distressing or strong")
NONE_OBSERVED = "none observed"
ALL_RECORDED = "all recorded"

RECOVERY = (
    Question("d1_observation", "Shorter observation?", automatic=True, override="prescriber"),
    Question(
        "bp_recovered", "Go on with this blood pressure?", automatic=True, override="prescriber", fresh=True
    ),
    Question("post_vas", "Pain now, 0 to 10", kind="vas", help="0 none, 10 worst imaginable."),
    Question(
        "ae_review",
        "Adverse events",
        kind="choice",
        choices=(NONE_OBSERVED, ALL_RECORDED),
        fresh=True,
        help='"None observed" is an entry of its own: look back over the whole visit first.',
    ),
)

CHECKLIST = (
    Question(
        "d2_bp", "Discharge with this blood pressure?", automatic=True, override="prescriber", fresh=True
    ),
    Question("d3_hr", "Discharge with this heart rate?", automatic=True, override="prescriber", fresh=True),
    Question("d4_spo2", "Discharge with this SpO2?", automatic=True, override="prescriber", fresh=True),
    Question("d5_rr", "Discharge with this breathing?", automatic=True, override="prescriber", fresh=True),
    Question("d7_orientation", "Knows person, place and time?", passing=(True,), fresh=True),
    Question(
        "d8_dissociation",
        "Dissociation or hallucination",
        kind="choice",
        choices=NONE_TO_MILD,
        passing=NONE_TO_MILD[:2],
        amber=NONE_TO_MILD[1:2],
        override="prescriber",
        fresh=True,
    ),
    Question(
        "d9_calm",
        "Calm, and safety question asked?",
        passing=(True,),
        fresh=True,
        help="No agitation, no panic, no suicidal intent.",
    ),
    Question(
        "d10_nausea",
        "Nausea",
        kind="choice",
        choices=("none, holds water", "mild, holds water", "more than mild"),
        passing=("none, holds water", "mild, holds water"),
        amber=("mild, holds water",),
        override="prescriber",
        fresh=True,
    ),
    Question("d11_gait", "Walks as before?", passing=(True,), override="prescriber", fresh=True),
    Question(
        "d13_score",
        "Discharge score, 0 to 10 (PADSS or Aldrete)",
        kind="number",
        low=0,
        high=10,
        pass_low=9,
        override="prescriber",
        fresh=True,
        help="PADSS: vital signs, walking, nausea, pain, IV site; 0 to 2 each. The vital-signs line is proposed.",
    ),
    Question(
        "d14_vision_balance",
        "Sees and balances well enough to walk?",
        passing=(True,),
        override="prescriber",
        fresh=True,
    ),
    Question("d15_iv_out", "IV out, site dry?", passing=(True,)),
    Question("wf07_ongoing", "Leave with an event still going on?", automatic=True, override="prescriber"),
    Question("d18_escort", "Escort is here?", passing=(True,), override="prescriber", fresh=True),
    Question(
        "d19_instructions",
        "Written instructions given and explained?",
        passing=(True,),
        help="No driving, machines or legal papers until the next day after sleep, or 24 h; alcohol; emergency "
        "number.",
    ),
    Question(
        "d20_waste", "Ketamine wasted, and witness", kind="text", help='"none left", or mg and who saw it.'
    ),
    Question("d21_next_visit", "Next visit and follow-up calls booked?", required=False),
    Question(
        "d22_release",
        "Released by",
        kind="choice",
        choices=("prescriber", "clinic protocol"),
    ),
)

SIGNING = (
    Question("order_cosign", "I gave this verbal order", passing=(True,), answered_by="prescriber"),
    Question("ae_ongoing_confirmed", "Events still going on at the signature: confirmed?", passing=(True,)),
    Question(
        "record_complete", "Sign with these missing?", automatic=True, override="prescriber", fresh=True
    ),
)

QUESTIONS: Mapping[str, Question] = MappingProxyType(
    {
        question.key: question
        for group in (IDENTITY, CHECK_IN, GATES, START, INFUSION, LEAVING, RECOVERY, CHECKLIST, SIGNING)
        for question in group
    }
)
