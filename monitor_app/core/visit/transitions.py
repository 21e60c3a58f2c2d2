"""Every way a visit may move: the table of clinical.md §3.2, row for row. What is not here is refused and audited.

A visit goes forward by the nurse's press, never by itself. Before the infusion the guards are questions answered and
gates judged on the patient's own numbers; once it runs, moving on is made easy (pause, end) and starting again is not.
An emergency is one press from any monitored phase and asks nothing. Leaving it asks only how it ended and that the pump
is off.

A guard blocks unless it is met; those the document marks with a flag may be passed by a prescriber with a reason, which
is stored with the step (``Question.override``). Guards not printed in §3.2 but asked for elsewhere are here too: the
pressure at the end of recovery (§6.2 AL-BP-12 blocks T8), the review of adverse events (§10.1, at T8 and T10), the
pump off when an emergency ends (§9.1: tEnd is the actual end), the limbs of cuff and probe (§8.5, §16.3, at T2).
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from monitor_app.core.phase import MONITORING, Phase
from monitor_app.core.visit.questions import CHECK_IN


class Effect(Enum):
    """What a step brings with it besides the new phase."""

    START_RECORDING = "start recording"
    STOP_RECORDING = "stop recording"
    FREEZE_BASELINE = "freeze the baseline and work out the relative limits"
    START_INFUSION = "t0: the dose integrator runs, NIBP at once, sedation checks begin"
    PAUSE_INFUSION = "stop the integrator, mg so far"
    RESUME_INFUSION = "resume the integrator, keep the gap"
    END_INFUSION = "tEnd and final mg, recovery timer from tEnd, NIBP at once"
    TAKE_BACK_START = "the recorded start is struck through"
    BIG_CLOCK = "big clock, event buttons, no blocking dialog"
    SAE_FORM = "the serious-event form is required"
    LOCK = "lock the record"
    ADDENDUM = "text added after the signature, to be signed itself"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: from where to where, by what, guarded by which keys (``guards.GUARDS``), with which effects."""

    id: str
    from_phases: frozenset[Phase]
    to_phase: Phase
    trigger: str
    guards: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    reason_key: str = ""  # the question that ``Advance.reason`` answers


_ELIGIBILITY = tuple(
    key
    for question in CHECK_IN
    for key in ((question.key, "limbs") if question.key == "monitor_on_patient" else (question.key,))
)

_START = (
    "order_signed",
    "dose_consistent",
    "order_weight",
    "second_check_weight_kg",
    "second_check_dose_mg_per_kg",
    "monitor_alarms",
    "iv_site",
    "self_test",
    "no_high_alarm",
    "ecg_steady",
    "spo2_steady",
    "start_min_ago",
)

_DISCHARGE = (
    "d1_observation",
    "d2_bp",
    "d3_hr",
    "d4_spo2",
    "d5_rr",
    "d6_sedation",
    "d7_orientation",
    "d8_dissociation",
    "d9_calm",
    "d10_nausea",
    "d11_gait",
    "d12_pain",
    "d13_score",
    "d14_vision_balance",
    "d15_iv_out",
    "d16_events",
    "wf07_ongoing",
    "ae_review",
    "d17_alarms",
    "d18_escort",
    "d19_instructions",
    "d20_waste",
    "d21_next_visit",
    "d22_release",
)

TRANSITIONS: Final = (
    Transition(
        "T1",
        frozenset({Phase.SCHED}),
        Phase.CHECKIN,
        trigger="patient arrives",
        guards=("identity",),
    ),
    Transition(
        "T2",
        frozenset({Phase.CHECKIN}),
        Phase.BASE,
        trigger="eligibility saved",
        guards=_ELIGIBILITY,
        effects=(Effect.START_RECORDING,),
    ),
    Transition(
        "T3",
        frozenset({Phase.BASE}),
        Phase.READY,
        trigger="baseline frozen",
        guards=("baseline_complete", "bp_gate", "bp_gate_second", "hr_gate", "spo2_gate"),
        effects=(Effect.FREEZE_BASELINE,),
    ),
    Transition(
        "T4",
        frozenset({Phase.READY}),
        Phase.INF,
        trigger="start infusion",
        guards=_START,
        effects=(Effect.START_INFUSION,),
    ),
    Transition(
        "T5",
        frozenset({Phase.INF}),
        Phase.PAUSE,
        trigger="nurse",
        guards=("pause_reason",),
        effects=(Effect.PAUSE_INFUSION,),
        reason_key="pause_reason",
    ),
    Transition(
        "T6",
        frozenset({Phase.PAUSE}),
        Phase.INF,
        trigger="nurse",
        guards=("cause_cleared", "resume_alarm"),
        effects=(Effect.RESUME_INFUSION,),
    ),
    Transition(
        "T7",
        frozenset({Phase.INF, Phase.PAUSE}),
        Phase.REC,
        trigger="infusion complete or stopped early",
        guards=("end_min_ago", "pump_volume_ml", "stop_reason"),
        effects=(Effect.END_INFUSION,),
        reason_key="stop_reason",
    ),
    Transition(
        "T8",
        frozenset({Phase.REC}),
        Phase.DCA,
        trigger="nurse",
        guards=("d1_observation", "bp_recovered", "post_vas", "moaas_5", "ae_review"),
    ),
    Transition(
        "T9",
        frozenset({Phase.DCA}),
        Phase.REC,
        trigger="any criterion fails, or nurse",
        guards=("return_reason",),
        reason_key="return_reason",
    ),
    Transition(
        "T10",
        frozenset({Phase.DCA}),
        Phase.DONE,
        trigger="discharge",
        guards=_DISCHARGE,
        effects=(Effect.STOP_RECORDING,),
    ),
    Transition(
        "T11",
        MONITORING - {Phase.EMERG},
        Phase.EMERG,
        trigger="one press and confirm",
        effects=(Effect.BIG_CLOCK,),
    ),
    Transition(
        "T12",
        frozenset({Phase.EMERG}),
        Phase.REC,
        trigger="clinician",
        guards=("emergency_outcome", "pump_off"),
        effects=(Effect.SAE_FORM,),
        reason_key="emergency_outcome",
    ),
    Transition(
        "T12",
        frozenset({Phase.EMERG}),
        Phase.DONE,
        trigger="clinician",
        guards=("emergency_outcome", "pump_off"),
        effects=(Effect.SAE_FORM, Effect.STOP_RECORDING),
        reason_key="emergency_outcome",
    ),
    Transition(
        "T13",
        frozenset({Phase.CHECKIN, Phase.BASE, Phase.READY}),
        Phase.CANCEL,
        trigger="clinician",
        guards=("cancel_reason",),
        effects=(Effect.STOP_RECORDING,),
        reason_key="cancel_reason",
    ),
    Transition(
        "T14",
        frozenset({Phase.DONE}),
        Phase.SIGNED,
        trigger="nurse signs, then prescriber signs",
        guards=("record_complete", "events_settled", "serious_event_form", "nurse_signed", "order_cosign"),
        effects=(Effect.LOCK,),
    ),
    Transition(
        "T15",
        frozenset({Phase.SIGNED}),
        Phase.SIGNED,
        trigger="addendum",
        guards=("addendum",),
        effects=(Effect.ADDENDUM,),
        reason_key="addendum",
    ),
    Transition(
        "T16",
        frozenset({Phase.INF}),
        Phase.READY,
        trigger="started by mistake, within 60 s",
        guards=("within_60_s", "started_by_mistake"),
        effects=(Effect.TAKE_BACK_START,),
        reason_key="started_by_mistake",
    ),
)


def transition_between(from_phase: Phase, to_phase: Phase) -> Transition | None:
    """The row that leads from one phase to the other; None: there is no such step."""
    for row in TRANSITIONS:
        if from_phase in row.from_phases and row.to_phase is to_phase:
            return row
    return None


def onward(from_phase: Phase) -> tuple[Transition, ...]:
    """Every row that leads out of a phase, in the order of the document."""
    return tuple(row for row in TRANSITIONS if from_phase in row.from_phases)
