"""Limits that cross, in the words of the chair; a preset file is told the same by its keys (clinical.md §5.6)."""

import re

import pytest

from devices.errors import ConfigError, RefusedError
from monitor_app.core.alarm.catalogue import RULES, default_limits
from monitor_app.core.alarm.limit_change import LimitChange, refusal
from monitor_app.core.alarm.limit_check import ORDERS, check_order
from monitor_app.core.alarm.limit_crossing import crossing, refuse_crossing
from monitor_app.core.alarm.limit_names import NAMES, name_of, number
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.phase import AlarmProfile
from monitor_app.core.stamp import Actor

KEYS = re.compile(r"\[|_|[A-Z]{2}-[A-Z]{2}-\d|mm\[Hg\]")
"""What only a preset file says."""
NURSE, PRESCRIBER, LEAD = Actor("Nina", "nurse"), Actor("Dr Ode", "prescriber"), Actor("Lea", "clinical lead")


def with_numbers(*numbers: tuple[str, str, float], profile: AlarmProfile | None = None) -> Limits:
    limits = default_limits()
    for rule, key, value in numbers:
        limits = limits.replaced(rule, key, value, profile)
    return limits


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (default_limits(), ""),
        (
            with_numbers(("AL-HR-03", "limit_per_min", 145)),
            "Tachycardia 145 /min must be no higher than Extreme tachycardia 140 /min.",
        ),
        (
            with_numbers(("AL-HR-06", "limit_per_min", 118), profile=AlarmProfile.REC),
            "Bradycardia 118 /min must be at least 5 below Tachycardia 120 /min in recovery.",
        ),
        (
            with_numbers(("AL-SP-02", "limit_percent", 85), ("AL-SP-01", "limit_percent", 88)),
            "Desaturation 88 % must be no higher than SpO2 low 85 %.",
        ),
        (
            with_numbers(("AL-BP-02", "diastolic_mmhg", 115)),
            "Hypertension, diastolic 115 mmHg must be no higher than Severe hypertension, diastolic 110 mmHg.",
        ),
    ],
)
def test_both_limits_are_named_with_what_they_must_be_to_each_other(limits, said) -> None:
    assert crossing(limits) == said


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: f"{order.lower[0]}-{order.upper[0]}")
def test_every_order_has_words_for_the_chair_and_keys_for_the_file(order) -> None:
    beyond = default_limits().get(*order.upper, AlarmProfile.INF) - order.apart + 0.5
    limits = with_numbers((*order.lower, beyond))
    sentence = crossing(limits)
    assert not KEYS.search(sentence)
    assert f"{beyond:g}" in sentence
    with pytest.raises(RefusedError) as refused:
        refuse_crossing(limits, "With this patient's limits")
    assert str(refused.value) == f"With this patient's limits: {sentence}"
    with pytest.raises(
        ConfigError, match=re.escape(f"[{order.lower[0]}] {order.lower[1]} = {beyond:g} crosses")
    ):
        check_order(limits)


@pytest.mark.parametrize(
    ("change", "by", "reason", "said"),
    [
        (
            LimitChange("AL-HR-03", "limit_per_min", 165), NURSE, "",
            ("Tachycardia: above 165 /min is looser than the 160 /min a nurse may set; "
            "ask the clinical lead."),
        ),
        (
            LimitChange("AL-BP-02", "systolic_mmhg", 135), PRESCRIBER, "",
            ("Hypertension: systolic above 135 mmHg is tighter than the 140 mmHg a prescriber may set; "
            "ask the clinical lead."),
        ),
        (
            LimitChange("AL-HR-03", "limit_per_min", 165), LEAD, " ",
            "Tachycardia: above 165 /min is looser than the usual 160 /min; write down the reason.",
        ),
        (
            LimitChange("AL-BP-02", "systolic_mmhg", 900), LEAD, "x",
            "Hypertension: 900 mmHg cannot be; the number lies between 20 and 300 mmHg.",
        ),
    ],
)  # fmt: skip
def test_a_number_outside_its_range(change, by, reason, said) -> None:
    assert refusal(default_limits(), change, by=by, reason=reason) == said


def test_no_refusal_of_any_number_speaks_in_keys() -> None:
    limits = default_limits()
    for rule in RULES:
        for parameter in rule.parameters:
            assert parameter.key in NAMES
            for value in (parameter.low - 0.5, parameter.high + 0.5, 1e6):
                for by in (NURSE, LEAD):
                    sentence = refusal(limits, LimitChange(rule.id, parameter.key, value), by=by)
                    assert sentence
                    assert not KEYS.search(sentence), sentence


def test_names_and_units_are_those_of_the_screen() -> None:
    hypertension = next(rule for rule in RULES if rule.id == "AL-BP-02")
    systolic, delay = hypertension.parameter("systolic_mmhg"), hypertension.parameter("clear_s")
    assert systolic is not None
    assert (name_of("AL-BP-02", systolic), number(systolic, 160)) == ("Systolic above", "160 mmHg")
    assert delay is None or name_of("AL-BP-02", delay) == "Ends after"
