import json
from typing import Any

import pytest

from devices.errors import ConfigError
from devices.simulators.acts import GiveDrug, SetOxygen, StartPump, StopPump
from devices.simulators.scenario import Scenario, parse_scenario
from devices.simulators.scenario_timeline import StartPhase, start_phase, timeline_of


def scenario(*timeline: dict[str, Any]) -> Scenario:
    file = {"id": "T", "title": "t", "patient": {"age": 40, "weight": 80}, "timeline": timeline}
    return parse_scenario(json.dumps(file), name="T.json")


@pytest.mark.parametrize(
    ("start", "lead_in_s", "pump_at_s"),
    [(StartPhase.BASELINE, 0, 600), (StartPhase.INFUSION, 600, 0), (StartPhase.RECOVERY, 3000, -2400)],
)
def test_told_alone_the_infusion_starts_at_ten_minutes(
    start: StartPhase, lead_in_s: int, pump_at_s: float
) -> None:
    timeline = timeline_of(scenario(), start)
    assert timeline.lead_in_s == lead_in_s
    assert [(timed.act, timed.at_s) for timed in timeline.acts] == [(StartPump(), pump_at_s)]


def test_acts_of_the_file_are_told_in_time_order() -> None:
    told = scenario(
        {"at": "00:30:00", "do": "pump_stop"},
        {"at": "00:05:00", "do": "drug", "name": "midazolam", "mg": 2},
        {"at": "00:12:00", "do": "oxygen", "l_per_min": 2},
    )
    timeline = timeline_of(told, StartPhase.RECOVERY)
    assert timeline.lead_in_s == 1800
    assert [(timed.act, timed.at_s) for timed in timeline.acts] == [
        (GiveDrug("midazolam", 2), -1500),
        (StartPump(), -1200),
        (SetOxygen(2), -1080),
        (StopPump(), 0),
    ]


@pytest.mark.parametrize(
    ("word", "phase"),
    [("baseline", "baseline"), ("pre", "baseline"), ("PRE", "baseline"), ("inf", "inf"), ("rec", "rec")],
)
def test_words_of_the_command_line(word: str, phase: str) -> None:
    assert start_phase(word).value == phase


def test_another_word_is_refused() -> None:
    with pytest.raises(ConfigError, match="inf or rec"):
        start_phase("later")
