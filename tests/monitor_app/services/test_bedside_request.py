"""Requests to a running emulation: every act, every mistake."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.signals import NibpFailure
from devices.simulators import acts
from monitor_app.services.bedside_request import ACT_NAMES, RequestError, parse_request


@pytest.mark.parametrize(
    ("request_", "act"),
    [
        ({"act": "start_pump"}, acts.StartPump()),
        ({"act": "pause_pump"}, acts.PausePump()),
        ({"act": "stop_pump"}, acts.StopPump()),
        ({"act": "set_order", "mg_per_kg": 0.5, "minutes": 40}, acts.SetOrder(0.5, 40.0)),
        ({"act": "set_oxygen", "l_per_min": 2}, acts.SetOxygen(2.0)),
        ({"act": "give_drug", "name": "midazolam", "dose_mg": 1}, acts.GiveDrug("midazolam", 1.0)),
        ({"act": "place_cuff"}, acts.PlaceCuff()),
        ({"act": "place_cuff", "limb": "right arm"}, acts.PlaceCuff("right arm")),
        ({"act": "loosen_cuff"}, acts.LoosenCuff()),
        ({"act": "break_cuff", "failure": "leak"}, acts.BreakCuff(NibpFailure.LEAK)),
        ({"act": "break_cuff", "failure": None}, acts.BreakCuff(None)),
        ({"act": "press_nibp"}, acts.PressNibp()),
        ({"act": "set_nibp_auto", "interval_min": 5}, acts.SetNibpAuto(5)),
        ({"act": "set_nibp_auto", "interval_min": None}, acts.SetNibpAuto(None)),
        ({"act": "place_probe"}, acts.PlaceProbe()),
        ({"act": "remove_probe", "unplugged": True}, acts.RemoveProbe(unplugged=True)),
        ({"act": "set_leads_off", "electrodes": ["LA"]}, acts.SetLeadsOff(("LA",))),
        ({"act": "move", "level": 0.5}, acts.Move(0.5)),
        ({"act": "talk", "topic": "calm"}, acts.Talk("calm")),
        ({"act": "set_cable", "out": True}, acts.SetCable(out=True)),
        ({"act": "perform", "name": "call_help"}, acts.Perform("call_help")),
    ],
)
def test_each_act(request_, act):
    timed = parse_request(json.dumps(request_))
    assert timed == acts.TimedAct(act)
    assert parse_request(json.dumps({**request_, "at_s": 12})) == acts.TimedAct(act, 12.0)


def test_status_is_no_act():
    assert parse_request('{"act": "status"}') is None


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("", "JSON"),
        ("[]", "object"),
        ("{}", "object"),
        ('{"act": 3}', "object"),
        ('{"act": "sing"}', "set_oxygen"),
        ('{"act": "set_nibp_auto", "interval_min": 2.5}', "whole minutes"),
        ('{"act": "set_nibp_auto", "interval_min": 0}', "from 1 to 240"),
        ('{"act": "set_oxygen"}', "l_per_min"),
        ('{"act": "set_oxygen", "l_per_min": "2"}', "number"),
        ('{"act": "set_oxygen", "l_per_min": true}', "number"),
        ('{"act": "set_oxygen", "l_per_min": -1}', "number"),
        ('{"act": "set_oxygen", "l_per_min": NaN}', "number"),
        ('{"act": "set_oxygen", "litres": 2}', "l_per_min"),
        ('{"act": "place_cuff", "limb": "tail"}', "left arm"),
        ('{"act": "place_cuff", "limb": []}', "left arm"),
        ('{"act": "set_leads_off", "electrodes": "RA"}', "list"),
        ('{"act": "set_leads_off", "electrodes": [[]]}', "list"),
        ('{"act": "break_cuff", "failure": "sad"}', "leak"),
        ('{"act": "set_cable", "out": 1}', "true or false"),
        ('{"act": "talk", "topic": 3}', "text"),
        ('{"act": "status", "more": 1}', "nothing more"),
        ('{"act": "move", "level": 0.5, "at_s": -1}', "at_s"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_mistakes_say_what_is_allowed(line, word):
    with pytest.raises(RequestError) as refused:
        parse_request(line)
    assert word in str(refused.value) or word == "JSON"


@given(
    st.text(max_size=60)
    | st.dictionaries(st.sampled_from(["act", "limb", "at_s"]), st.sampled_from([*ACT_NAMES, 1])).map(
        json.dumps
    )
)
def test_nothing_else_than_a_request_error_is_raised(line):
    with contextlib.suppress(RequestError):
        parse_request(line)
