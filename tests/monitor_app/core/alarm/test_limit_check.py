"""Ranges of clinical.md §6, and what is said of numbers outside them or across each other."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import ConfigError
from monitor_app.core.alarm.catalogue import RULES, default_limits
from monitor_app.core.alarm.limit_check import check_order, limits_of
from monitor_app.core.alarm.tile_limits import tile_limits
from monitor_app.core.phase import AlarmProfile
from monitor_app.core.priority import AlarmClass, Priority

INF, REC = AlarmProfile.INF, AlarmProfile.REC

# rule, parameter, default, low, high: columns Condition, Delay and Range of clinical.md §6.1-§6.3
DOCUMENT = [
    ("AL-HR-01", "no_beat_s", 4, 3, 10),
    ("AL-HR-02", "limit_per_min", 140, 130, 200),
    ("AL-HR-03", "limit_per_min", 120, 100, 160),
    ("AL-HR-03", "delay_s", 3, 0, 10),
    ("AL-HR-04", "limit_per_min", 110, 90, 130),
    ("AL-HR-04", "delay_s", 60, 15, 180),
    ("AL-HR-05", "rise_per_min", 30, 15, 60),
    ("AL-HR-06", "limit_per_min", 50, 35, 60),
    ("AL-HR-07", "limit_per_min", 40, 30, 45),
    ("AL-HR-08", "after_min", 30, 20, 90),
    ("AL-HR-09", "delay_s", 10, 5, 30),
    ("AL-BP-01", "systolic_mmhg", 180, 160, 200),
    ("AL-BP-01", "diastolic_mmhg", 110, 100, 120),
    ("AL-BP-02", "systolic_mmhg", 160, 140, 179),
    ("AL-BP-02", "diastolic_mmhg", 100, 90, 109),
    ("AL-BP-03", "mean_mmhg", 120, 100, 140),
    ("AL-BP-04", "percent", 120, 110, 150),
    ("AL-BP-05", "rise_systolic", 40, 20, 60),
    ("AL-BP-05", "rise_diastolic", 25, 15, 40),
    ("AL-BP-06", "readings", 3, 2, 6),
    ("AL-BP-08", "systolic_mmhg", 90, 70, 110),
    ("AL-BP-08", "mean_mmhg", 60, 50, 75),
    ("AL-BP-09", "systolic_mmhg", 80, 60, 90),
    ("AL-BP-09", "mean_mmhg", 50, 40, 60),
    ("AL-BP-10", "percent", 70, 60, 85),
    ("AL-BP-11", "rise_mmhg", 20, 10, 40),
    ("AL-BP-12", "percent", 20, 10, 30),
    ("AL-SP-01", "limit_percent", 85, 75, 88),
    ("AL-SP-01", "delay_s", 10, 0, 20),
    ("AL-SP-02", "limit_percent", 90, 85, 94),
    ("AL-SP-02", "delay_s", 15, 0, 30),
    ("AL-SP-03", "limit_percent", 94, 90, 96),
    ("AL-SP-03", "delay_s", 30, 10, 120),
    ("AL-SP-04", "limit_percent", 92, 88, 95),
    ("AL-RR-01", "no_breath_s", 20, 15, 40),
    ("AL-RR-02", "limit_per_min", 8, 5, 10),
    ("AL-RR-03", "limit_per_min", 10, 7, 12),
    ("AL-RR-04", "limit_per_min", 30, 22, 40),
]


@pytest.mark.parametrize(("rule", "key", "default", "low", "high"), DOCUMENT)
def test_default_and_range(rule, key, default, low, high):
    assert limits_of({}).get(rule, key, INF) == default
    for allowed in (low, high):
        limits = {**_calm(), rule: {key: allowed}}
        assert limits_of(limits).get(rule, key, INF) == allowed
    for refused in (low - 0.5, high + 0.5):
        with pytest.raises(ConfigError, match=re.escape(f"[{rule}] {key} = {refused:g}")):
            limits_of({rule: {key: refused}})


def _calm() -> dict[str, dict[str, float]]:
    """Neighbours out of the way, so that only the range is tried."""
    return {
        "AL-HR-02": {"limit_per_min": 200},
        "AL-HR-07": {"limit_per_min": 30},
        "AL-BP-01": {"systolic_mmhg": 200, "diastolic_mmhg": 120},
        "AL-BP-09": {"systolic_mmhg": 60, "mean_mmhg": 40},
        "AL-SP-01": {"limit_percent": 75},
        "AL-HR-03": {"limit_per_min": 125},
        "AL-RR-02": {"limit_per_min": 5},
    }


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"AL-HR-99": {}}, "[AL-HR-99] is not an alarm rule"),
        ({"AL-HR-03": 5}, "write a table [AL-HR-03]"),
        ({"AL-HR-03": {"limit": 5}}, "has no number 'limit'"),
        ({"AL-HR-03": {"limit_per_min": "120"}}, "limit_per_min = '120' is not a number"),
        ({"AL-HR-03": {"limit_per_min": True}}, "is not a number"),
        ({"AL-HR-03": {"limit_per_min": 170}}, "outside its range, 100 to 160 /min"),
        ({"AL-HR-02": {"beats": 3}}, "17 beats only"),
        ({"AL-HR-03": {"rec": 5}}, "write a table [AL-HR-03.rec]"),
        ({"AL-HR-03": {"rec": {"limit_per_min": 99}}}, "[AL-HR-03.rec] limit_per_min = 99"),
        (
            {"AL-HR-03": {"limit_per_min": 160}, "AL-HR-02": {"limit_per_min": 150}},
            "[AL-HR-03] limit_per_min = 160 crosses [AL-HR-02] limit_per_min = 150",
        ),
        ({"AL-SP-01": {"limit_percent": 88}, "AL-SP-02": {"limit_percent": 86}}, "crosses [AL-SP-02]"),
        ({"AL-HR-02": {"rec": {"limit_per_min": 130}}, "AL-HR-03": {"limit_per_min": 135}}, "in rec"),
    ],
)
def test_what_is_said_of_a_mistake(table, said):
    with pytest.raises(ConfigError) as caught:
        limits_of(table)
    assert said in str(caught.value)


def test_a_phase_may_have_its_own():
    limits = limits_of({"AL-HR-03": {"limit_per_min": 125, "rec": {"limit_per_min": 110}}})
    assert (limits.get("AL-HR-03", "limit_per_min", INF), limits.get("AL-HR-03", "limit_per_min", REC)) == (
        125,
        110,
    )
    assert tile_limits(limits, REC)["HR"][0] == ("110", "high")


def test_the_tiles_say_the_limits_in_force():
    assert tile_limits(default_limits(), INF) == {
        "HR": (("120", "high"), ("50", "low")),
        "SPO2": (("90", "low"),),
        "NIBP": (("160/100", "high"), ("90", "low")),
        "RR": (("30", "high"), ("10", "low")),
    }
    assert tile_limits(default_limits(), AlarmProfile.PRE)["RR"] == ()
    assert set(tile_limits(default_limits(), AlarmProfile.NONE).values()) == {()}


@given(st.data())
def test_every_set_inside_the_ranges_is_accepted_or_its_crossing_named(data):
    table: dict[str, dict[str, float]] = {}
    for rule in RULES:
        for p in rule.parameters:
            table.setdefault(rule.id, {})[p.key] = data.draw(st.sampled_from([p.low, p.default, p.high]))
    try:
        limits = limits_of(table)
    except ConfigError as error:
        assert "crosses" in str(error)  # noqa: PT017
    else:
        check_order(limits)
        assert limits.get("AL-HR-06", "limit_per_min", INF) < limits.get("AL-HR-03", "limit_per_min", INF)


def test_ids_priorities_and_latching_are_those_of_the_document(shared_data):
    document = shared_data.parent / "spec" / "clinical.md"
    if not document.is_file():
        pytest.skip("the documents are not beside the recordings")
    text = document.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (AL-(?:HR|BP|SP)-\d\d) \|(.*)\|$", text, re.MULTILINE)
    table = {rule_id: cells.split("|") for rule_id, cells in rows if cells.count("|") == 7}
    ours = {rule.id: rule for rule in RULES if rule.id in table}
    assert set(ours) == set(table)
    assert len(ours) == 25
    profiles = {"P": AlarmProfile.PRE, "I": INF, "R": REC}
    for rule_id, (_, _, _, priority, phases, latching, *_) in table.items():
        rule = ours[rule_id]
        assert rule.priority.value in priority, rule_id
        assert rule.profiles == {profiles[p] for p in phases.split()}, rule_id
        assert rule.latching is (latching.strip() == "yes"), rule_id


def test_every_row_of_the_document_has_its_rule(shared_data):
    document = shared_data.parent / "spec" / "clinical.md"
    if not document.is_file():
        pytest.skip("the documents are not beside the recordings")
    text = document.read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| ((?:AL|TE|WF)(?:-[A-Z]{2})?-\d\d) \|", text, re.MULTILINE))
    assert len(rows) == 25 + 4 + 6 + 21 + 9
    ours = {re.sub(r"-[A-Z]$", "", rule.id) for rule in RULES}
    assert ours == rows


# clinical.md §6.4 to §6.7: the priorities of the rows this table adds; "A/B" are two rules of one row
PRIORITIES = {
    "AL-RR-01": "HIGH", "AL-RR-02": "HIGH", "AL-RR-03": "MEDIUM", "AL-RR-04": "MEDIUM",
    "AL-SD-01": "HIGH", "AL-SD-02": "MEDIUM", "AL-SD-03-M": "MEDIUM", "AL-SD-03-H": "HIGH",
    "AL-SD-04": "MEDIUM", "AL-SD-05": "HIGH", "AL-SD-06": "MEDIUM",
    "TE-02-L": "LOW", "TE-02-M": "MEDIUM", "TE-04": "MEDIUM", "TE-05": "LOW", "TE-10": "LOW", "TE-11": "LOW",
    "TE-13-L": "LOW", "TE-13-M": "MEDIUM", "TE-15": "LOW", "TE-16-L": "LOW", "TE-16-H": "HIGH",
    "TE-17-I": "INFO", "TE-17-M": "MEDIUM", "TE-17-H": "HIGH", "TE-19": "MEDIUM",
    "WF-01-L": "LOW", "WF-01-M": "MEDIUM", "WF-02-L": "LOW", "WF-02-M": "MEDIUM", "WF-03": "MEDIUM",
    "WF-04": "LOW", "WF-05": "INFO", "WF-06": "LOW", "WF-07": "INFO", "WF-08": "INFO", "WF-09": "INFO",
}  # fmt: skip


def test_priorities_of_the_rows_without_ranges():
    ours = {rule.id: rule.priority.value for rule in RULES}
    assert {rule: ours[rule] for rule in PRIORITIES} == PRIORITIES


def test_only_high_physiological_rules_latch():
    for rule in RULES:
        high = rule.priority is Priority.HIGH and rule.alarm_class is AlarmClass.PHYSIOLOGICAL
        assert rule.latching is high, rule.id
    assert len({rule.id for rule in RULES}) == len(RULES)
