"""The dose tables of clinical.md §9.3, §9.4 and §9.6, and the arithmetic of an infusion with pauses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import KnownError
from monitor_app.core.dose import (
    RateSegment,
    calculate_dose,
    format_mg,
    given_mg,
    given_ml,
    implied_weight_kg,
    planned_end_t_ns,
    running_s,
    stock_ml,
)
from monitor_app.core.dose_check import (
    Severity,
    check_last_dose,
    check_rate,
    check_volume,
    format_number,
    weight_changed,
)

MIN = 60 * 1_000_000_000

# clinical.md §9.3: W, d, C, T -> total mg, V mL, mL/h, mg/kg/h, as printed.
EXAMPLES = [
    (83.8, 0.5, 1, 40, "41.9", "41.9", "62.85", "0.75"),
    (70, 0.5, 1, 40, "35", "35", "52.5", "0.75"),
    (70, 0.5, 2, 45, "35", "17.5", "23.33", "0.667"),
    (100, 0.5, 1, 60, "50", "50", "50", "0.5"),
    (100, 0.7, 1.4, 60, "70", "50", "50", "0.7"),
]


@pytest.mark.parametrize("row", EXAMPLES)
def test_worked_examples(row):
    weight, dose, conc, minutes, mg, ml, ml_h, mg_kg_h = row
    result = calculate_dose(weight, dose, concentration_mg_per_ml=conc, duration_min=minutes)
    assert format_number(result.total_mg, 2) == mg
    assert format_number(result.volume_ml, 2) == ml
    assert format_number(result.rate_ml_h, 2) == ml_h
    assert format_number(result.rate_mg_kg_h, 3) == mg_kg_h
    assert result.warnings == ()


# clinical.md §9.6: mg/mL, mg/kg/h, mg, implied kg, rate ok at 100 kg.
S4_ROWS = [
    (1.0, 0.5, 50, 100.0, True),
    (1.4, 0.7, 70, 100.0, True),
    (1.6, 1.0, 80, 80.0, False),
    (2.0, 1.2, 100, 83.3, False),
    (2.4, 1.3, 120, 92.3, False),
    (3.0, 1.3, 150, 115.4, False),
    (4.0, 1.6, 200, 125.0, False),
    (3.5, 1.1, 175, 159.1, False),
]


@pytest.mark.parametrize(("conc", "rate", "mg", "implied", "rate_ok"), S4_ROWS)
def test_paper_s4_rows(conc, rate, mg, implied, rate_ok):
    assert check_volume(mg, 50, conc) is None
    assert implied_weight_kg(mg, rate, 1) == pytest.approx(implied, abs=0.05)
    finding = check_rate(mg, rate, weight_kg=100, duration_h=1)
    assert (finding is None) == rate_ok
    if finding:
        assert finding.text.startswith("Rate, weight, time and total do not agree")


def test_paper_s4_differences_in_words():
    # clinical.md §1.5 A1: off by +25, +20, +8.3, -13.3, -20, -37.1 %.
    found = [check_rate(mg, rate, weight_kg=100, duration_h=1) for _, rate, mg, _, ok in S4_ROWS if not ok]
    for finding, percent in zip(found, ("+25.0", "+20.0", "+8.3", "-13.3", "-20.0", "-37.1"), strict=True):
        assert finding is not None
        assert f"({percent}%)" in finding.text


def test_the_first_week_of_s4():
    assert sum(row[2] for row in S4_ROWS[:7]) == 770


# clinical.md §9.4: what each guard rail says, on either side of it.
RAILS = [
    ((70, 1.0, 1, 60), []),
    ((70, 1.01, 1, 61), [(Severity.SOFT, "dose")]),
    ((70, 2.5, 1, 90), [(Severity.SOFT, "dose"), (Severity.SOFT, "rate"), (Severity.SOFT, "total")]),
    ((70, 2.6, 1, 120), [(Severity.HARD, "dose"), (Severity.SOFT, "rate"), (Severity.SOFT, "total")]),
    ((70, 0.9, 1, 25), [(Severity.HARD, "rate"), (Severity.SOFT, "duration")]),
    ((250, 1.0, 1, 60), [(Severity.SOFT, "total")]),
    ((250, 1.21, 1, 120), [(Severity.HARD, "total"), (Severity.SOFT, "dose")]),
    ((70, 0.5, 1, 30), []),
    ((70, 0.3, 1, 29), [(Severity.SOFT, "duration")]),
    ((70, 0.3, 1, 19), [(Severity.HARD, "duration")]),
    ((70, 0.5, 1, 121), [(Severity.SOFT, "duration")]),
    ((70, 0.5, 1, 481), [(Severity.HARD, "duration")]),
    ((70, 0.5, 0.5, 40), []),
    ((70, 0.5, 0.4, 40), [(Severity.SOFT, "concentration")]),
    ((70, 0.5, 10.5, 40), [(Severity.SOFT, "concentration")]),
    ((70, 0.1, 1, 40), []),
    ((70, 0.014, 1, 40), [(Severity.UNIT, "dose")]),
]


@pytest.mark.parametrize(("numbers", "expected"), RAILS)
def test_guard_rails(numbers, expected):
    weight, dose, conc, minutes = numbers
    result = calculate_dose(weight, dose, concentration_mg_per_ml=conc, duration_min=minutes)
    assert [(f.severity, f.key) for f in result.findings] == expected
    assert len(result.warnings) == len(expected)


def test_one_milligram_in_a_bag_is_a_unit_error():
    # clinical.md §1.5 A10: 1 mg for 70 kg is 0.014 mg/kg.
    result = calculate_dose(70, 1 / 70, concentration_mg_per_ml=0.01, duration_min=40)
    assert "probably a unit error" in result.warnings[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weight_kg": 0}, "Weight must be between 30 and 250 kg; 0 kg was given."),
        ({"weight_kg": 7000}, "Weight must be between 30 and 250 kg; 7000 kg was given."),
        ({"weight_kg": float("nan")}, "Weight must be between"),
        (
            {"concentration_mg_per_ml": 0},
            "Concentration must be between 0.01 and 100 mg/mL; 0 mg/mL was given.",
        ),
        ({"duration_min": 0}, "Duration must be between 1 and 1440 min; 0 min was given."),
        ({"duration_min": -5}, "Duration must be between"),
        ({"dose_mg_per_kg": 0}, "Dose must be between"),
        ({"dose_mg_per_kg": float("inf")}, "Dose must be between"),
    ],
)
def test_numbers_that_cannot_be_meant(change, words):
    numbers = {"weight_kg": 70, "dose_mg_per_kg": 0.5, "concentration_mg_per_ml": 1, "duration_min": 40}
    numbers |= change
    weight, dose = numbers.pop("weight_kg"), numbers.pop("dose_mg_per_kg")
    with pytest.raises(KnownError, match=words):
        calculate_dose(weight, dose, **numbers)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.5 mg"),
        (5.0, "5 mg"),
        (41.9, "41.9 mg"),
        (0.075, "0.075 mg"),
        (62.854, "62.85 mg"),
        (100, "100 mg"),
        (0, "0 mg"),
        (-0.0001, "0 mg"),
    ],
)
def test_how_milligrams_are_written(value, text):
    assert format_mg(value) == text


@given(st.floats(0, 10_000))
def test_a_written_number_has_no_trailing_zero_and_a_leading_one(value):
    text = format_number(value)
    assert text[0].isdigit()
    assert "." not in text or text[-1] != "0"
    assert float(text) == pytest.approx(value, abs=0.0005)


@pytest.mark.parametrize(
    ("dose", "last", "stops"),
    [(0.5, None, False), (0.5, 0.05, True), (0.5, 5, True), (0.5, 0.051, False), (1.0, 0.5, False)],
)
def test_the_decimal_guard(dose, last, stops):
    finding = check_last_dose(dose, last)
    assert (finding is not None) == stops
    assert finding is None or finding.severity.stops


@pytest.mark.parametrize(
    ("now", "before", "changed"), [(105, 100, False), (105.1, 100, True), (70, None, False)]
)
def test_weight_change_is_confirmed_above_five_percent(now, before, changed):
    assert weight_changed(now, before) == changed


def test_stock_to_draw():
    assert stock_ml(35, 50) == pytest.approx(0.7)


def test_given_with_a_pause_and_a_rate_change():
    segments = (
        RateSegment(0, 10 * MIN, 60),
        RateSegment(15 * MIN, 25 * MIN, 60),
        RateSegment(25 * MIN, None, 30),
    )
    assert given_ml(segments, 12 * MIN) == pytest.approx(10)
    assert given_ml(segments, 25 * MIN) == pytest.approx(20)
    assert given_mg(segments, 45 * MIN, 1.4) == pytest.approx(42)
    assert running_s(segments, 45 * MIN) == pytest.approx(40 * 60)
    assert planned_end_t_ns(segments, 30 * MIN, 35) == 55 * MIN
    assert planned_end_t_ns(segments, 70 * MIN, 35) == 55 * MIN
    assert planned_end_t_ns(segments[:2], 30 * MIN, 35) is None


@given(st.lists(st.tuples(st.integers(0, 600), st.floats(0, 200)), max_size=8), st.integers(0, 5000))
def test_given_never_falls_and_adds_up(parts, extra):
    t_ns, segments = 0, []
    for seconds, rate in parts:
        segments.append(RateSegment(t_ns, t_ns + seconds * 1_000_000_000, rate))
        t_ns += seconds * 1_000_000_000
    whole = given_ml(segments, t_ns + extra)
    assert whole == pytest.approx(sum(seconds * rate / 3600 for seconds, rate in parts))
    assert given_ml(segments, t_ns // 2) <= whole + 1e-9
