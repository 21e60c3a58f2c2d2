"""The adverse-event terms against the two tables of the document (clinical.md §1.3, §10.3)."""

import pytest

from monitor_app.core.adverse_event import GRADE_WORDS, ROW_OF, TERM_ROWS, hypertension_grade
from monitor_app.core.journal import Baseline

# clinical.md §1.3, printed: the 17 terms of the first published series.
PUBLISHED = (
    "Agitation",
    "Confused state",
    "Disorientation",
    "Dissociation",
    "Feeling cold",
    "Hallucination",
    "Hypertension",
    "Nausea",
    "Nystagmus",
    "Paresthesia",
    "Pharyngolaryngeal pain",
    "Restlessness",
    "Sedation",
    "Somnolence",
    "Tachycardia",
    "Vertigo",
    "Vomiting",
)


def test_the_published_terms_are_there_word_for_word():
    assert len(PUBLISHED) == 17
    assert set(PUBLISHED) <= set(ROW_OF)


def test_the_rows_are_those_of_the_document():
    assert [row.number for row in TERM_ROWS] == list(range(1, 37))
    groups = ["CV"] * 2 + ["GI"] * 2 + ["Psych"] * 6 + ["Neuro"] * 5 + ["Eye"] + ["Neuro"] * 2
    assert [row.group for row in TERM_ROWS][:18] == groups
    assert [row.number for row in TERM_ROWS if row.follow_up] == [31, 32, 33, 34, 36]


def test_terms_are_unique_and_grades_have_words():
    terms = [term for row in TERM_ROWS for term in row.terms]
    assert len(terms) == len(set(terms)) == len(ROW_OF)
    assert len(GRADE_WORDS) == 5


@pytest.mark.parametrize("term", ["Panic attack", "Feeling of impending death"])
def test_panic_and_doom_have_buttons(term):
    assert ROW_OF[term].group == "Psych"


BASE = Baseline(110, 65, 70, 98, 14)


@pytest.mark.parametrize(
    ("systolic", "diastolic", "more", "grade"),
    [
        (119, 79, {}, None),
        (129, 70, {}, None),
        (130, 70, {}, 1),
        (125, 85, {}, 1),
        (139, 89, {}, 1),
        (140, 70, {}, 2),
        (120, 90, {}, 2),
        (159, 99, {}, 2),
        (160, 70, {}, 3),
        (120, 100, {}, 3),
        (125, 70, {"treated": True}, 3),
        (150, 80, {"organ_signs": True}, 4),
        (139, 89, {"baseline": None}, None),
    ],
)
def test_acute_hypertension(systolic, diastolic, more, grade):
    arguments = {"baseline": BASE, "treated": False, "organ_signs": False} | more
    assert hypertension_grade(systolic, diastolic, **arguments) == grade
