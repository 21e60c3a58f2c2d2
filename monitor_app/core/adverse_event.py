"""The adverse-event terms of clinical.md §10.3 as data, in the order of the buttons, with what each grade looks like.

Where a row of the document groups words, each is a term of its own that shares the row's hints, so that the terms of
the first published series (§1.3) are stored as they are counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from monitor_app.core.journal import Baseline

GRADE_WORDS: Final = (  # clinical.md §10.2, grades 1 to 5
    "mild, no treatment",
    "moderate, small treatment or limits ordinary activities",
    "severe, treatment needed, limits self-care",
    "life-threatening, urgent",
    "death",
)
RELATIONS: Final = ("none", "unlikely", "possible", "probable", "definite")  # clinical.md §10.1
INFUSION_ACTIONS: Final = (
    "none",
    "slowed",
    "paused",
    "stopped",
    "dose lowered next time",
)  # clinical.md §10.1


@dataclass(frozen=True, slots=True)
class TermRow:
    """One row: its number, the terms it holds, their group, the papers they come from, hints for grades 1 to 4.

    An empty hint: this grade does not occur. ``follow_up``: asked at a follow-up, not during the infusion.
    """

    number: int
    terms: tuple[str, ...]
    group: str
    sources: str
    hints: tuple[str, str, str, str] = ("", "", "", "")
    follow_up: bool = False


TERM_ROWS: Final = (
    TermRow(
        1,
        ("Hypertension",),
        "CV",
        "S2",
        (
            "120-139/80-89 and 20 over baseline",
            "140-159 or 90-99",
            "160 or 100 and more, drug given, or paused for it",
            "with organ symptoms",
        ),
    ),
    TermRow(
        2,
        ("Tachycardia",),
        "CV",
        "S2",
        ("no symptoms", "symptoms, non-urgent treatment", "urgent treatment", "unstable"),
    ),
    TermRow(
        3,
        ("Nausea",),
        "GI",
        "S0 S2",
        ("queasy", "drug given, or cannot drink", "cannot take anything, IV needed", ""),
    ),
    TermRow(
        4,
        ("Vomiting",),
        "GI",
        "S0 S2",
        ("once or twice, no treatment", "repeated, or drug or IV fluid", "hospital", "aspiration, collapse"),
    ),
    TermRow(
        5,
        ("Dissociation",),
        "Psych",
        "S0 S2",
        (
            "floating, not bothered",
            "bothered, needs reassurance",
            "cannot be reassured, or contact lost",
            "danger",
        ),
    ),
    TermRow(
        6,
        ("Hallucination",),
        "Psych",
        "S0 S2",
        ("mild illusions", "clear, with insight", "distressing, no insight", "danger to self or others"),
    ),
    TermRow(
        7,
        ("Anxiety", "Panic attack"),
        "Psych",
        "S0",
        ("tense", "needs staff beside, or pause", "infusion stopped", "danger"),
    ),
    TermRow(
        8, ("Feeling of impending death",), "Psych", "S0", ("", "present, calms", "infusion stopped", "")
    ),
    TermRow(9, ("Agitation",), "Psych", "S0 S2", ("restless mood", "RASS +2", "RASS +3", "RASS +4")),
    TermRow(10, ("Restlessness",), "Psych", "S2", ("fidgety", "limits monitoring", "pulls leads or IV", "")),
    TermRow(
        11,
        ("Confused state",),
        "Neuro",
        "S2",
        ("slow", "disoriented, redirectable", "disoriented, not redirectable", "danger"),
    ),
    TermRow(12, ("Disorientation",), "Neuro", "S2", ("one of time, place", "two of three", "person too", "")),
    TermRow(13, ("Sedation",), "Neuro", "S2", ("MOAA/S 4", "MOAA/S 3", "MOAA/S 2", "MOAA/S 0-1")),
    TermRow(14, ("Somnolence",), "Neuro", "S2", ("drowsy", "sleeps, wakes to voice", "hard to wake", "")),
    TermRow(
        15, ("Dizziness", "Vertigo"), "Neuro", "S2", ("mild", "needs support", "cannot sit or stand", "")
    ),
    TermRow(
        16,
        ("Nystagmus", "Diplopia", "Blurred vision"),
        "Eye",
        "S0 S2",
        ("seen, not felt", "bothers", "cannot see to walk", ""),
    ),
    TermRow(17, ("Paresthesia", "Numbness"), "Neuro", "S2", ("mild", "bothers", "limits self-care", "")),
    TermRow(18, ("Headache",), "Neuro", "GK", ("mild", "drug", "severe", "with neurological signs")),
    TermRow(
        19,
        ("Dyspnea", "Fast breathing"),
        "Resp",
        "S0",
        ("on effort", "minimal effort", "at rest", "support needed"),
    ),
    TermRow(
        20, ("Hypoxia",), "Resp", "D", ("90-93 % brief", "85-89 %, O2 given", "below 85 %", "airway help")
    ),
    TermRow(21, ("Pharyngolaryngeal pain",), "Resp", "S2", ("mild", "bothers", "severe", "")),
    TermRow(22, ("Laryngospasm", "Apnea"), "Resp", "GK", ("", "", "brief, manoeuvre", "airway, drugs")),
    TermRow(23, ("Feeling cold", "Chills"), "General", "S2", ("blanket", "shaking", "severe", "")),
    TermRow(24, ("Hypotension",), "CV", "D", ("no symptoms", "fluid, position", "drug", "shock")),
    TermRow(25, ("Bradycardia", "Vasovagal reaction"), "CV", "D", ("none", "symptoms", "drug", "arrest")),
    TermRow(26, ("Arrhythmia",), "CV", "GK", ("seen only", "non-urgent", "urgent", "unstable")),
    TermRow(27, ("Chest pain",), "CV", "GK", ("", "emergency card", "", "")),
    TermRow(
        28,
        ("Hypersalivation", "Sweating", "Flushing", "Itch"),
        "General",
        "GK",
        ("mild", "treated", "", ""),
    ),
    TermRow(
        29,
        ("Infusion-site pain", "Extravasation"),
        "Site",
        "GK",
        ("mild", "new IV", "tissue harm", ""),
    ),
    TermRow(
        30,
        ("Allergic reaction",),
        "Immune",
        "GK",
        ("flush", "rash, drug", "wheeze or pressure fall", "anaphylaxis"),
    ),
    TermRow(
        31,
        ("Vivid dreams", "Nightmares"),
        "Psych",
        "S3",
        ("recalls", "disturb sleep", "avoids sleep", ""),
        follow_up=True,
    ),
    TermRow(
        32,
        ("Urinary urgency", "Urinary pain", "Blood in urine"),
        "GU",
        "S0 S3",
        ("mild", "clinic visit", "imaging, admission", ""),
        follow_up=True,
    ),
    TermRow(
        33,
        ("Memory trouble", "Concentration trouble"),
        "Neuro",
        "S0",
        ("noticed", "limits work", "self-care", ""),
        follow_up=True,
    ),
    TermRow(
        34,
        ("Craving", "Extra use"),
        "Psych",
        "S0",
        ("thoughts", "requests", "uses elsewhere", ""),
        follow_up=True,
    ),
    TermRow(35, ("Suicidal ideation",), "Psych", "S0 S1", ("passive", "active, no plan", "plan", "attempt")),
    TermRow(36, ("Mania", "Mood switch"), "Psych", "GK", follow_up=True),
)

ROW_OF: Mapping[str, TermRow] = MappingProxyType({term: row for row in TERM_ROWS for term in row.terms})
"""The row of each term; terms outside it are free text and allowed."""


def hypertension_grade(
    systolic_mmhg: float,
    diastolic_mmhg: float,
    *,
    baseline: Baseline | None,
    treated: bool,
    organ_signs: bool,
) -> int | None:
    """Grade an acute rise for one session (clinical.md §10.3): 1 to 4, None where it is none.

    ``treated``: a drug was given or the infusion paused or stopped for it. Without a baseline grade 1 cannot be told.
    """
    if organ_signs:
        return 4
    if treated or systolic_mmhg >= 160 or diastolic_mmhg >= 100:
        return 3
    if systolic_mmhg >= 140 or diastolic_mmhg >= 90:
        return 2
    raised = baseline is not None and (
        (systolic_mmhg >= 120 and systolic_mmhg - baseline.systolic_mmhg >= 20)
        or (diastolic_mmhg >= 80 and diastolic_mmhg - baseline.diastolic_mmhg >= 20)
    )
    return 1 if raised else None
