"""``dose`` against the arithmetic of clinical.md §9.1, and its refusals."""

import pytest


def dose(chairside, weight, mg_per_kg, mg_per_ml, minutes, *more):
    return chairside(
        "dose",
        "--weight",
        weight,
        "--dose",
        mg_per_kg,
        "--concentration",
        mg_per_ml,
        "--minutes",
        minutes,
        *more,
    )


def test_json_has_the_contracts_fields_and_numbers(chairside):
    result = dose(chairside, 80, 0.5, 2, 40, "--json")
    assert result.status == 0
    # 0.5 mg/kg x 80 kg = 40 mg; / 2 mg/mL = 20 mL; in 40 min = 30 mL/h; 0.5 mg/kg in 2/3 h = 0.75 mg/kg/h.
    assert result.document == {
        "total_mg": 40,
        "volume_ml": 20,
        "rate_ml_h": 30,
        "rate_mg_kg_h": 0.75,
        "warnings": [],
    }


def test_text_reads_with_units(chairside):
    result = dose(chairside, 70.5, 0.5, 1, 40)
    assert "35.25 mg" in result.out
    assert "52.875 mL/h" in result.out


def test_what_is_unwise_is_told_and_still_worked_out(chairside):
    result = dose(chairside, 80, 5, 2, 40, "--json")
    assert result.status == 0
    assert result.document["total_mg"] == 400
    assert any("hard limit" in warning for warning in result.document["warnings"])
    assert "Warning: Dose 5 mg/kg" in dose(chairside, 80, 5, 2, 40).out


@pytest.mark.parametrize(
    ("numbers", "word"),
    [
        ((-80, 0.5, 2, 40), "Weight"),
        ((0, 0.5, 2, 40), "Weight"),
        ((800, 0.5, 2, 40), "Weight"),
        (("nan", 0.5, 2, 40), "Weight"),
        ((80, 0, 2, 40), "Dose"),
        ((80, 0.5, 0, 40), "Concentration"),
        ((80, 0.5, 2, "inf"), "Duration"),
    ],
)
def test_numbers_that_cannot_be_meant_are_refused_with_the_range(chairside, numbers, word):
    assert dose(chairside, *numbers, "--json").refused(word, "between")


def test_no_number_is_wrong_usage(chairside):
    result = dose(chairside, "eighty", 0.5, 2, 40)
    assert result.status == 2
    assert "--weight" in result.err
