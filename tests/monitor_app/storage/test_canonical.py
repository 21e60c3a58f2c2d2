"""One spelling for every value."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.signals import Quality
from monitor_app.core.journal import CareEntry, NumericEntry
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.storage.canonical import canonical_json, entry_fields


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [1.5, None, True]}, '{"a":[1.5,null,true],"b":1}'),
        (85.0, "85"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e300, "1e+300"),
        (float("inf"), '"inf"'),
        ('é \u2028 "', '"é \u2028 \\""'),
        ((), "[]"),
        (Quality.WEAK | Quality.INVALID, "5"),
        (Actor("Ana"), '{"name":"Ana","role":"nurse"}'),
    ],
)
def test_values_have_one_spelling(value: object, text: str) -> None:
    assert canonical_json(value) == text


def test_an_entry_says_its_type() -> None:
    entry = NumericEntry(Stamp(1, 2), "d", "HR", 80.0, "/min")
    assert canonical_json(entry_fields(entry)) == (
        '{"name":"HR","quality":0,"source":"d","stamp":{"t_ns":1,"utc_ms":2},"type":"NumericEntry","unit":"/min","value":80}'
    )


def test_the_order_of_a_mapping_does_not_matter() -> None:
    one = CareEntry(Stamp(0, 0), "e", "note", "", Actor(), {"a": 1, "b": 2})
    two = CareEntry(Stamp(0, 0), "e", "note", "", Actor(), {"b": 2, "a": 1})
    assert canonical_json(one) == canonical_json(two)


def test_what_has_no_form_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical_json(object())
    with pytest.raises(TypeError):
        entry_fields(3)


@settings(max_examples=40)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_any_json_reads_back(value: object) -> None:
    assert json.loads(canonical_json(value)) == value
