"""Scenario files: the example of clinical.md §17.4, and what is said about broken ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from devices.errors import ConfigError
from devices.simulators.pump import InfusionOrder
from devices.simulators.scenario import list_scenarios, load_scenario, parse_scenario

EXAMPLE = """{"id":"S04","title":"Late hypertension","seed":7,"patient":{"age":58,"weight":82,"htn":true,
 "baseline":{"hr":74,"sbp":132,"dbp":82,"spo2":97,"rr":14}},
 "order":{"mg_per_kg":0.5,"min":40},
 "steps":[
  {"at":"phase:REC+00:18:00","set":{"sbp":172,"dbp":104},"ramp_s":240},
  {"at":"event:nibp_done and sbp>160","say":"Patient: my head is pounding"},
  {"at":"action:emergency or +00:10:00","set":{"sbp":142,"dbp":86},"ramp_s":600}],
 "expect":[
  {"id":"E1","text":"Acknowledge within 60 s","rule":"ack(AL-BP-02) < 60","pts":2},
  {"id":"E2","text":"Repeat NIBP within 3 min","rule":"nibp_after(AL-BP-02) < 180","pts":2},
  {"id":"E3","text":"Ask symptoms","rule":"card_symptoms_answered","pts":2},
  {"id":"E4","text":"No discharge before BP ok","rule":"no_transition(DONE) while sbp>=160","pts":4}]}
"""


def test_the_printed_example_is_read() -> None:
    scenario = parse_scenario(EXAMPLE, name="S04.json")
    assert (scenario.id, scenario.seed, scenario.patient.weight, scenario.patient.htn) == ("S04", 7, 82, True)
    assert scenario.infusion_order == InfusionOrder(0.5, 40)
    assert scenario.steps[0].set == {"sbp": 172, "dbp": 104}
    assert [expect.pts for expect in scenario.expect] == [2, 2, 2, 4]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"at":"phase:REC+00:18:00"', '"at":"phase:END+1"', "line 5, steps[0].at: 'END' is no phase"),
        ('"say"', '"sya"', "line 6, steps[1].sya: this key is not known here, use at, set"),
        ('"weight":82', '"wieght":82', "line 1, patient.wieght: this key"),
        ('"weight":82,', "", "line 1, patient.weight: Field required"),
        (
            '"weight":82',
            '"weight":"82"',
            "line 1, patient.weight: Input should be a valid number (it is '82')",
        ),
        ('"weight":82', '"weight":820', "less than or equal to 250 (it is 820)"),
        ('"sbp":172', '"sbp":1720', "sbp 1720 is outside 40 to 280"),
        ('"sbp":172', '"nbp":172', "'nbp' is no vital sign; use hr, sbp"),
        ('"say":"Patient: my head is pounding"', '"ramp_s":3', "this step does nothing"),
        ('"say":"Patient', '"sensor":{"leads_off":["XX"]},"say":"P', "leads_off[0]: use one of RA, LA"),
        ('"say":"Patient', '"sensor":{"cuff_fault":"x"},"say":"P', "use one of none, cuff_loose"),
        ('"say":"Patient', '"staged":{"hr":80},"say":"P', "only sbp and dbp can be staged"),
        ('"at":"phase:REC+00:18:00"', '"at":"+5"', "the first step cannot use '+time'"),
        ('"pts":4', '"pts":"four"', "line 12, expect[3].pts"),
        ('"order":', '"order" ', "S04.json is not JSON: expected `:` at line 3"),
    ],
)
def test_mistakes_are_named_by_line_and_key(old: str, new: str, words: str) -> None:
    assert old in EXAMPLE
    with pytest.raises(ConfigError) as caught:
        parse_scenario(EXAMPLE.replace(old, new, 1), name="S04.json")
    assert str(caught.value).startswith("S04.json")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("broken", ["", "[]", "3", '{"id": 3'])
def test_other_texts_are_refused(broken: str) -> None:
    with pytest.raises(ConfigError, match=r"x\.json"):
        parse_scenario(broken, name="x.json")


def test_loading_by_id_and_by_path(tmp_path: Path) -> None:
    (tmp_path / "S04.json").write_text(EXAMPLE, encoding="utf-8")
    other: dict[str, Any] = {**json.loads(EXAMPLE), "id": "A1"}
    (tmp_path / "A1.json").write_text(json.dumps(other), encoding="utf-8")
    by_id = load_scenario("s04", scenario_dir=tmp_path)
    assert by_id == load_scenario(tmp_path / "S04.json")
    assert [scenario.id for scenario in list_scenarios(tmp_path)] == ["A1", "S04"]
    with pytest.raises(ConfigError, match="use one of A1, S04"):
        load_scenario("S99", scenario_dir=tmp_path)
    with pytest.raises(ConfigError, match="cannot be read"):
        load_scenario(tmp_path / "none.json")
    with pytest.raises(ConfigError, match="use one of none"):
        load_scenario("S01")


def test_a_scenario_is_frozen() -> None:
    scenario = parse_scenario(EXAMPLE, name="x")
    with pytest.raises(ValueError, match="frozen"):
        scenario.seed = 3
