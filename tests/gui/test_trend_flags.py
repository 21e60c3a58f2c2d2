"""Flags of the trend: a mark for each column, words for the most urgent, however many there are."""

import time
from itertools import combinations

import numpy as np
import pytest
import sample_trends
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor_app.core.priority import Priority
from monitor_app.services.screen import TrendFlag
from monitor_app.ui.chart_looks import trend_style
from monitor_app.ui.fonts import load_fonts, text_width
from monitor_app.ui.look import Look
from monitor_app.ui.trend_axis import Axes, lay_out
from monitor_app.ui.trend_flags import MARK_PX, PlacedFlag, place_flags
from monitor_app.ui.trend_style import TrendStyle


@pytest.fixture(scope="module")
def chart(qapp) -> tuple[Axes, TrendStyle]:
    load_fonts()
    style = trend_style(Look())
    return lay_out(1920, 268, sample_trends.infusion(), style), style


def flag(t_s: float, text: str = "SYS 168", priority: Priority | None = None) -> TrendFlag:
    return TrendFlag(t_s, text, "alarm" if priority else "note", priority)


def spans(placed: list[PlacedFlag], style: TrendStyle) -> list[tuple[float, float]]:
    return [
        (p.words_x, p.words_x + text_width(style.font, p.flag.text)) for p in placed if p.words_x is not None
    ]


def test_one_alone_has_its_words_at_the_right(chart):
    axes, style = chart
    (placed,) = place_flags([flag(2000)], axes, style)
    assert placed.x == axes.x(2000)
    assert placed.words_x > placed.x


def test_at_the_end_of_the_row_they_stand_at_the_left(chart):
    axes, style = chart
    (placed,) = place_flags([flag(axes.end_s - 5)], axes, style)
    assert placed.words_x + text_width(style.font, "SYS 168") < placed.x


def test_off_the_axis_there_is_no_flag(chart):
    axes, style = chart
    assert place_flags([flag(axes.start_s - 1), flag(axes.end_s + 1)], axes, style) == []


def test_two_at_once_stand_at_both_sides(chart):
    axes, style = chart
    placed = place_flags([flag(2000, "one"), flag(2000, "other", Priority.HIGH)], axes, style)
    sides = {p.flag.text: p.words_x > p.x for p in placed}
    assert sides == {"other": True, "one": False}


def test_of_those_in_one_column_the_most_urgent_is_seen(chart):
    axes, style = chart
    many = [flag(2000 + k / 100, f"n{k}", Priority.LOW) for k in range(9)]
    placed = place_flags([*many, flag(2000.05, "first", Priority.HIGH)], axes, style)
    assert len(placed) <= 3
    assert placed[-1].flag.text == "first"  # drawn over the others
    assert placed[-1].words_x is not None


def test_what_was_given_keeps_its_words_among_lesser_alarms(chart):
    axes, style = chart
    alarms = [flag(500 + 40 * k, f"SYS {161 + k} > 160", Priority.MEDIUM) for k in range(60)]
    drug = TrendFlag(1500, "Midazolam 2 mg", "drug")
    told = {p.flag.text for p in place_flags([*alarms, drug], axes, style) if p.words_x is not None}
    assert "Midazolam 2 mg" not in told  # marks stand where its words would
    fewer = [f for f in alarms if not 1450 < f.t_s < 2200]
    told = {p.flag.text for p in place_flags([*fewer, drug], axes, style) if p.words_x is not None}
    assert "Midazolam 2 mg" in told


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 6660),
            st.sampled_from(["SYS 168 > 160", "Note", "Midazolam 2 mg", "x"]),
            st.sampled_from([None, *Priority]),
        ),
        max_size=60,
    )
)
def test_words_never_lie_on_words_or_on_anothers_mark(chart, made):
    axes, style = chart
    flags = [flag(*one) for one in made]
    placed = place_flags(flags, axes, style)
    for one, other in combinations(spans(placed, style), 2):
        assert one[1] <= other[0] or other[1] <= one[0]
    half = 0.5 * style.px(MARK_PX)
    for p in placed:
        if p.words_x is None:
            continue
        end = p.words_x + text_width(style.font, p.flag.text)
        for mark in placed:
            if abs(mark.x - p.x) > 2:
                assert mark.x + half <= p.words_x or mark.x - half >= end
    columns = {round(axes.x(f.t_s)) for f in flags}
    assert {round(p.x) for p in placed} == columns  # none is lost


def test_hundreds_take_no_longer_than_they_are_many(chart):
    """A visit full of alarms once took 80 ms a picture: the time grew with the square."""
    axes, style = chart

    def cost_s(count: int) -> float:
        flags = [flag(60 + 9 * k, f"SpO₂ {80 + k % 9}", Priority.MEDIUM) for k in range(count)]
        costs = []
        for _ in range(7):
            begun = time.thread_time()
            place_flags(flags, axes, style)
            costs.append(time.thread_time() - begun)
        return float(np.min(costs))

    cost_s(60)
    assert cost_s(720) < 40 * cost_s(60)  # twelve times as many; 144 times the work with the square
