"""What may be answered, and what lets the visit go on."""

import pytest

from monitor_app.core.visit.closing_questions import QUESTIONS
from monitor_app.core.visit.question import Question


def test_every_question_is_short_and_complete():
    assert len(QUESTIONS) > 60
    for key, question in QUESTIONS.items():
        assert key == question.key
        assert 0 < len(question.text) <= 60, key
        assert bool(question.choices) == (question.kind == "choice"), key
        for value in (*question.passing, *question.amber):
            assert question.fault(value) == "", key
        if question.automatic:
            assert question.override != "none", key


@pytest.mark.parametrize(
    ("question", "value", "fault"),
    [
        (Question("q", "Q?"), True, False),
        (Question("q", "Q?"), "yes", True),
        (Question("q", "Q?"), None, True),
        (Question("q", "Q", kind="choice", choices=("a", "other")), "a", False),
        (Question("q", "Q", kind="choice", choices=("a", "other")), "other: b", False),
        (Question("q", "Q", kind="choice", choices=("a", "other")), "other:", True),
        (Question("q", "Q", kind="choice", choices=("a",)), "other: b", True),
        (Question("q", "Q", kind="choice", choices=("a",)), "", True),
        (Question("q", "Q", kind="number", low=1, high=2), 1, False),
        (Question("q", "Q", kind="number", low=1, high=2), 2.5, True),
        (Question("q", "Q", kind="number", low=1), float("nan"), True),
        (Question("q", "Q", kind="number"), True, True),
        (Question("q", "Q", kind="vas"), 10, False),
        (Question("q", "Q", kind="vas"), -1, True),
        (Question("q", "Q", kind="text"), " ", True),
    ],
)
def test_faults(question, value, fault):
    assert bool(question.fault(value)) == fault


@pytest.mark.parametrize(
    ("value", "tidy"),
    [(" A ", "a"), ("b  c", "other: b c"), ("other: b", "other: b"), ("other", "other"), ("", ""), (3, 3)],
)
def test_words_of_a_choice_are_tidied(value, tidy):
    assert Question("q", "Q", kind="choice", choices=("a", "other")).normalised(value) == tidy


def test_a_bound_in_words():
    assert "at least 5 kg" in Question("q", "Q", kind="number", low=5, unit="kg").fault(1)
    assert "from 0 to 0.5" in Question("q", "Q", kind="number", low=0, high=0.5).fault(1)


def test_an_open_question_does_not_pass():
    assert not Question("q", "Q", kind="text").passes(None)
    assert Question("q", "Q", kind="number", pass_low=9).passes(9)
    assert not Question("q", "Q", kind="number", pass_low=9).passes(8.9)
