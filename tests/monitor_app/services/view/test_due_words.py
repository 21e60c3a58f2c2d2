"""What is due is never written like a time of day."""

import re

import pytest

from monitor_app.services.view.due_words import due_text, left_text


@pytest.mark.parametrize(
    ("left_s", "words"),
    [
        (849.0, "in 14 min"),
        (90.0, "in 2 min"),
        (60.0, "in 1 min"),
        (59.9, "in 59 s"),
        (0.4, "in 1 s"),
        (0.0, "due now"),
        (-300.0, "due now"),
    ],
)
def test_the_time_left_is_in_words(left_s: float, words: str) -> None:
    assert left_text(left_s) == words


def test_the_clock_stands_before_it_until_it_is_due() -> None:
    assert re.fullmatch(r"next \d\d:15 · in 14 min", due_text("next", 52_000, 849.0))
    assert due_text("again", 0, 0.0) == "due now"
