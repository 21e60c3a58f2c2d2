"""What a CSV may hold, what is said of its mistakes, and the form of the lines that come out."""

import json

import pytest

from devices.errors import ConfigError, KnownError
from monitor_app.core.phase import Phase
from monitor_app.services.replay import (
    ReplayOptions,
    parse_baseline,
    parse_pressure,
    parse_replay_phase,
    replay_csv,
)
from monitor_app.services.replay_csv import parse_numerics, read_numerics
from tests.monitor_app.services.replay_runner import replayed

MISTAKES = [
    ("", "is empty"),
    ("\n", "is empty"),
    ("t,hr\n", "no rows"),
    ("hr\n80\n", "no column t"),
    ("t,heart\n0,80\n", "'heart' is not known"),
    ("t,hr,hr\n0,80,80\n", "column hr is there twice"),
    ("t,hr\n0,80\n1,eighty\n", "line 3, column hr: 'eighty' is not a number"),
    ("t,hr\n0,nan\n", "line 2, column hr"),
    ("t,hr\n0,-5\n", "line 2, column hr: -5 is below 0"),
    ("t,hr\n,80\n", "line 2, column t: the time is missing"),
    ("t,hr\n5,80\n4,80\n", "line 3, column t: time goes back from 5 s"),
    ("t,hr,hr_quality\n0,80,95\n", "line 2, column hr_quality: 95 is not a quality"),
    ("t,phase\n0,later\n", "line 2, column phase: 'later' is no phase"),
    ("t,cuff_inflating\n0,maybe\n", "line 2, column cuff_inflating: 'maybe'"),
    ("t,hr\n0,80,90\n", "line 2: 3 cells where the header names 2"),
]


@pytest.mark.parametrize(("text", "said"), MISTAKES)
def test_a_mistake_is_one_sentence_with_its_place(text, said):
    with pytest.raises(ConfigError) as caught:
        parse_numerics(text.splitlines(), "visit.csv")
    message = str(caught.value)
    assert said in message
    assert message.startswith("visit.csv")
    assert "\n" not in message


def test_a_mistake_at_the_end_is_found_before_anything_is_printed(tmp_path):
    path = tmp_path / "n.csv"
    path.write_text("t,spo2\n0,80\n60,80\n50,80\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        replay_csv(path)


def test_a_missing_file_and_one_that_is_no_text(tmp_path):
    with pytest.raises(KnownError, match="cannot be read"):
        replay_csv(tmp_path / "none.csv")
    path = tmp_path / "picture.csv"
    path.write_bytes(b"t,hr\n\xff\xfe\x00")
    with pytest.raises(KnownError, match="not a CSV text"):
        replay_csv(path)


def test_spreadsheet_habits_are_understood(tmp_path):
    path = tmp_path / "n.csv"
    path.write_bytes(b"\xef\xbb\xbfT, HR ,SpO2\r\n0, 80 ,97\r\n\r\n1.5,,\r\n")
    table = read_numerics(path)
    assert table.columns == {"t", "hr", "spo2"}
    assert [row.t_ns for row in table.rows] == [0, 1_500_000_000]
    assert table.rows[1].numbers == {"hr": None, "spo2": None}


def test_a_row_may_be_short_and_may_repeat_its_time():
    table = parse_numerics(["t,hr,spo2", "0,80", "0,81,97"], "n.csv")
    assert table.rows[0].numbers == {"hr": 80.0}
    assert len(table.rows) == 2


@pytest.mark.parametrize(
    ("text", "phase"), [("pre", Phase.BASE), ("INF", Phase.INF), ("rec", Phase.REC), ("pause", Phase.PAUSE)]
)
def test_phases(text, phase):
    assert parse_replay_phase(text) is phase
    assert parse_numerics(["t,phase", f"0,{text}"], "n").rows[0].phase is phase


def test_an_alarm_line_has_every_field_of_the_contract():
    line = replayed("t,sys,dia\n2.5,181,95\n")[0]
    assert {"t", "rule", "from", "to", "priority", "value", "limit", "suppressed"} <= line.keys()
    assert json.loads(json.dumps(line)) == line
    assert line == {
        "kind": "alarm",
        "t": 2.5,
        "rule": "AL-BP-01",
        "from": "IDLE",
        "to": "ACTIVE",
        "priority": "HIGH",
        "value": 181.0,
        "limit": 180.0,
        "suppressed": False,
        "suppressed_by": None,
        "phase": "INF",
        "text": "SYS ↑181 ≥ 180",
        "note": "",
        "occurrence": "a1",
    }


def test_numerics_come_each_second_with_null_for_what_is_gone():
    lines = replayed("t,hr,spo2,sys,dia\n0.5,80,,120,70\n3,82,97,,\n", numerics=True)
    lines = [x for x in lines if x["kind"] == "numeric"]
    at = {(x["t"], x["name"]): x["value"] for x in lines}
    assert sorted({t for t, _ in at}) == [1, 2, 3]
    assert (at[1, "HR"], at[3, "HR"]) == (80, 82)
    assert (at[1, "SPO2"], at[3, "SPO2"]) == (None, 97)
    assert at[3, "NIBP_SYS"] == 120
    assert {x["unit"] for x in lines} == {"/min", "%", "mm[Hg]"}


def test_lines_come_in_the_order_of_time():
    rows = "".join(f"{t},{60 + 7 * t % 100},{80 + t % 20}\n" for t in range(0, 400, 7))
    times = [x["t"] for x in replayed("t,hr,spo2\n" + rows, numerics=True)]
    assert times == sorted(times)


def test_a_column_that_is_absent_is_not_fitted():
    assert replayed("t,rr\n0,12\n500,12\n", nibp_interval_s=60) == []


def test_the_options_as_they_are_typed():
    baseline = parse_baseline("72,124,78,98")
    assert (baseline.hr_per_min, baseline.systolic_mmhg) == (72, 124)
    assert (baseline.diastolic_mmhg, baseline.spo2_percent) == (78, 98)
    assert parse_baseline(",124,78,").hr_per_min is None
    assert parse_pressure("138,86") == (138, 86)
    assert ReplayOptions().phase is Phase.INF


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_baseline, "72,124,78"),
        (parse_baseline, "72,,78,98"),
        (parse_baseline, "a,124,78,98"),
        (parse_pressure, "138"),
        (parse_pressure, "138,-3"),
        (parse_replay_phase, "later"),
    ],
)
def test_options_that_are_wrong_are_one_sentence(parse, text):
    with pytest.raises(ConfigError, match="--"):
        parse(text)
