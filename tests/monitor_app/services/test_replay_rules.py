"""Each rule of clinical.md §6.1 and §6.3 at its edges, second by second."""

import pytest

from monitor_app.core.phase import Phase
from monitor_app.services.replay import parse_baseline
from tests.monitor_app.services.replay_runner import announced, every_second, replayed, steps

BASELINE = parse_baseline("80,120,80,98")
INF, REC, PRE = Phase.INF, Phase.REC, Phase.BASE

# rule, phase, column, values of 10 s each, expected (time, state)
RATE = [
    ("AL-HR-03", INF, [120] * 10, []),
    ("AL-HR-03", PRE, [121] * 2, [(0, "PENDING"), (3, "ACTIVE")]),
    ("AL-HR-03", REC, [121] * 2, [(0, "PENDING"), (3, "ACTIVE")]),
    ("AL-HR-03", INF, [121, 116, 116, 115], [(0, "PENDING"), (3, "ACTIVE"), (35, "IDLE")]),
    ("AL-HR-06", INF, [50] * 10, []),
    ("AL-HR-06", INF, [49, 52, 53], [(0, "PENDING"), (3, "ACTIVE"), (25, "IDLE")]),
    ("AL-HR-06", PRE, [49], [(0, "PENDING"), (3, "ACTIVE")]),
    ("AL-HR-02", INF, [140] * 3, []),
    (
        "AL-HR-02",
        INF,
        [141, 136, 136, 135, 135],
        [(0, "PENDING"), (5, "ACTIVE"), (40, "LATCHED")],
    ),
    ("AL-HR-07", INF, [40] * 3, []),
    ("AL-HR-07", REC, [39, 42, 43, 43], [(0, "PENDING"), (3, "ACTIVE"), (30, "LATCHED")]),
    ("AL-HR-04", INF, [110] * 10, []),
    ("AL-HR-04", PRE, [115] * 10, []),
    (
        "AL-HR-04",
        REC,
        [111] * 7 + [106] * 3 + [105] * 3,
        [(0, "PENDING"), (60, "ACTIVE"), (115, "IDLE")],
    ),
    ("AL-HR-05", INF, [109] * 10, []),
    ("AL-HR-05", PRE, [118] * 10, []),
    (
        "AL-HR-05",
        INF,
        [110] * 7 + [105] * 3 + [104] * 3,
        [(0, "PENDING"), (60, "ACTIVE"), (115, "IDLE")],
    ),
]
SATURATION = [
    ("AL-SP-01", INF, [85] * 3, []),
    ("AL-SP-01", PRE, [84, 84, 86, 87, 87], [(0, "PENDING"), (10, "ACTIVE"), (35, "LATCHED")]),
    ("AL-SP-02", PRE, [90] * 5, []),
    ("AL-SP-02", INF, [89, 89, 90, 91, 91], [(0, "PENDING"), (15, "ACTIVE"), (35, "IDLE")]),
    ("AL-SP-03", PRE, [91] * 5, []),
    ("AL-SP-03", INF, [95] * 8, []),  # 3 below 98
    ("AL-SP-03", INF, [94] * 4 + [95, 95], [(0, "PENDING"), (30, "ACTIVE"), (50, "IDLE")]),
    ("AL-SP-04", INF, [91] * 6, []),  # room air
]


def tens(values: list[int]) -> list[int]:
    return [value for value in values for _ in range(10)]


@pytest.mark.parametrize(("rule", "phase", "values", "expected"), RATE)
def test_heart_rate(rule, phase, values, expected):
    lines = replayed(every_second("hr", tens(values)), phase=phase, baseline=BASELINE)
    assert steps(lines, rule) == expected


@pytest.mark.parametrize(("rule", "phase", "values", "expected"), SATURATION)
def test_saturation(rule, phase, values, expected):
    lines = replayed(every_second("spo2", tens(values)), phase=phase, baseline=BASELINE)
    assert steps(lines, rule) == expected


def test_extreme_tachycardia_hides_the_milder_rules():
    lines = replayed(every_second("hr", [150] * 90), baseline=BASELINE)
    assert announced(lines) == [(3, "AL-HR-03"), (5, "AL-HR-02")]
    hidden = {x["rule"]: x["suppressed_by"] for x in lines if x["t"] == 60}
    assert hidden == {"AL-HR-04": "AL-HR-02", "AL-HR-05": "AL-HR-02"}


def test_extreme_bradycardia_hides_bradycardia():
    lines = replayed(every_second("hr", [35] * 5 + [55] * 20))
    ended = next(x for x in lines if x["rule"] == "AL-HR-06" and x["to"] == "IDLE")
    assert (ended["t"], ended["suppressed_by"]) == (10, "AL-HR-07")


@pytest.mark.parametrize(("baseline", "limit"), [("80,120,80,98", 110), ("100,120,80,98", 120)])
def test_rate_not_settled_after_the_infusion(baseline, limit):
    start = 1800 - 70
    text = every_second("hr", [limit + 1] * 160 + [limit] * 10 + [limit - 1] * 70, start=start)
    lines = replayed(text, phase=REC, t_end_s=0, baseline=parse_baseline(baseline))
    assert steps(lines, "AL-HR-08") == [(1800, "PENDING"), (1860, "ACTIVE"), (start + 170 + 60, "IDLE")]


def test_rate_at_the_limit_after_the_infusion_is_settled():
    text = every_second("hr", [110] * 100, start=2000)
    assert steps(replayed(text, phase=REC, t_end_s=0), "AL-HR-08") == []
    text = every_second("hr", [118] * 100, start=2000)
    assert steps(replayed(text, phase=INF, t_end_s=0), "AL-HR-08") == []


def test_no_rate_at_all_in_the_infusion():
    text = every_second("hr", [80] * 5 + [""] * 20 + [80] * 10)
    assert steps(replayed(text), "AL-HR-09") == [(5, "PENDING"), (15, "ACTIVE"), (30, "IDLE")]
    assert steps(replayed(text, phase=REC), "AL-HR-09") == []


def test_a_rate_gone_for_less_than_10_s_is_no_alarm():
    text = every_second("hr", [80] * 5 + [""] * 10 + [80] * 10)
    assert steps(replayed(text), "AL-HR-09") == [(5, "PENDING"), (15, "IDLE")]


def test_the_pulse_stands_in_for_a_poor_ecg():
    rows = "".join(f"{t},150,0.3,80,0.9\n" for t in range(30))
    lines = replayed("t,hr,hr_quality,pr,spo2_quality\n" + rows)
    assert announced(lines) == [(15, "TE-02-L")]  # unreadable; no alarm of the patient comes from it
    rows = "".join(f"{t},80,0.3,125,0.9\n" for t in range(30))
    lines = replayed("t,hr,hr_quality,pr,spo2_quality\n" + rows)
    assert announced(lines) == [(3, "AL-HR-03"), (15, "TE-02-L")]


def test_without_a_good_source_there_is_no_rate():
    rows = "".join(f"{t},150,0.49\n" for t in range(30))
    assert announced(replayed("t,hr,hr_quality\n" + rows)) == [(10, "AL-HR-09"), (15, "TE-02-L")]
    rows = "".join(f"{t},150,0.5\n" for t in range(4))
    assert announced(replayed("t,hr,hr_quality\n" + rows)) == [(3, "AL-HR-03")]


def test_a_lead_off_is_told_and_the_rate_falls_back_to_the_pulse():
    rows = "".join(f"{t},{125 if t < 10 else 30},82,{int(t >= 10)}\n" for t in range(40))
    lines = replayed("t,hr,pr,ecg_lead_off\n" + rows)
    assert steps(lines, "TE-01-M") == [(10, "PENDING"), (13, "ACTIVE")]
    assert steps(lines, "AL-HR-03") == [(0, "PENDING"), (3, "ACTIVE"), (15, "IDLE")]
    assert steps(lines, "AL-HR-07") == []


def test_a_lead_off_without_a_pulse_leaves_no_rate():
    rows = "".join(f"{t},125,{int(t >= 10)}\n" for t in range(40))
    lines = replayed("t,hr,ecg_lead_off\n" + rows)
    assert announced(lines) == [(3, "AL-HR-03"), (13, "TE-01-M"), (20, "AL-HR-09")]
    assert steps(lines, "AL-HR-03")[-1] == (3, "ACTIVE")


@pytest.mark.parametrize("name", ["V", "C", "V1", "c5", "chest"])
def test_without_the_chest_electrode_the_rate_goes_on(name):
    rows = "".join(f"{t},125,{name}\n" for t in range(20))
    lines = replayed("t,hr,ecg_lead_off\n" + rows)
    assert announced(lines) == [(3, "AL-HR-03"), (3, "TE-01-M")]


def test_a_limb_electrode_beside_the_chest_electrode_is_a_lead_off():
    rows = "".join(f"{t},125,V;RA\n" for t in range(20))
    assert announced(replayed("t,hr,ecg_lead_off\n" + rows)) == [(3, "TE-01-M"), (10, "AL-HR-09")]


def test_noise_becomes_medium_after_a_minute_of_the_infusion():
    rows = "".join(f"{t},80,0.3,80\n" for t in range(70))
    lines = replayed("t,hr,hr_quality,pr\n" + rows)
    assert announced(lines) == [(15, "TE-02-L"), (60, "TE-02-M")]
    assert announced(replayed("t,hr,hr_quality,pr\n" + rows, phase=REC)) == [(15, "TE-02-L")]


def test_two_rates_that_disagree():
    lines = replayed("t,hr,pr\n" + "".join(f"{t},100,{88 if t < 30 else 91}\n" for t in range(40)))
    assert steps(lines, "TE-11") == [(0, "PENDING"), (15, "ACTIVE"), (35, "IDLE")]
    poor = "".join(f"{t},100,80,0.6\n" for t in range(40))
    assert steps(replayed("t,hr,pr,spo2_quality\n" + poor), "TE-11") == []


def test_low_perfusion():
    lines = replayed("t,spo2,pi\n" + "".join(f"{t},97,{0.39 if t < 40 else 0.5}\n" for t in range(60)))
    assert steps(lines, "TE-05") == [(0, "PENDING"), (30, "ACTIVE"), (45, "IDLE")]


RESPIRATION = [
    ("AL-RR-02", [8] * 6, []),
    ("AL-RR-02", [7, 7, 8, 9, 9], [(0, "PENDING"), (15, "ACTIVE"), (40, "LATCHED")]),
    ("AL-RR-03", [10] * 6, []),
    ("AL-RR-03", [9, 9, 9, 9, 10, 11, 11], [(0, "PENDING"), (30, "ACTIVE"), (60, "IDLE")]),
    ("AL-RR-04", [30] * 6, []),
    ("AL-RR-04", [31, 31, 31, 31, 30, 29, 29], [(0, "PENDING"), (30, "ACTIVE"), (60, "IDLE")]),
]


@pytest.mark.parametrize(("rule", "values", "expected"), RESPIRATION)
def test_respiration(rule, values, expected):
    assert steps(replayed(every_second("rr", tens(values))), rule) == expected
    assert steps(replayed(every_second("rr", tens(values)), phase=PRE), rule) == []


def test_leads_are_named():
    lines = replayed("t,hr,ecg_lead_off\n0,80,LA;RA\n10,80,\n", phase=REC)
    assert [(x["t"], x["to"], x["text"]) for x in lines if x["rule"] == "TE-01-L"] == [
        (0, "PENDING", "ECG lead off: LA, RA"),
        (3, "ACTIVE", "ECG lead off: LA, RA"),
        (10, "IDLE", "ECG lead off: LA, RA"),
    ]


@pytest.mark.parametrize(("o2", "expected"), [(2, ["AL-SP-04"]), (0, []), ("", [])])
def test_low_on_oxygen(o2, expected):
    rows = "".join(f"{t},{91 if t < 40 else 93},{o2}\n" for t in range(60))
    lines = replayed("t,spo2,o2_l_min\n" + rows)
    assert [r for _, r in announced(lines) if r == "AL-SP-04"] == expected
    if expected:
        assert steps(lines, "AL-SP-04") == [(0, "PENDING"), (30, "ACTIVE"), (50, "IDLE")]
        assert steps(lines, "AL-SP-03") == []


def test_at_92_on_oxygen_there_is_no_alarm():
    rows = "".join(f"{t},92,3\n" for t in range(60))
    assert replayed("t,spo2,o2_l_min\n" + rows) == []


def test_four_below_the_baseline_counts_on_oxygen_too():
    rows = "".join(f"{t},94,3\n" for t in range(40))
    assert announced(replayed("t,spo2,o2_l_min\n" + rows, baseline=BASELINE)) == [(30, "AL-SP-03")]


def test_what_is_still_true_of_one_form_keeps_the_rule():
    high = parse_baseline("80,120,80,99")
    text = every_second("spo2", [93] * 40 + [95] * 40 + [96] * 20)
    lines = replayed(text, baseline=high)
    assert steps(lines, "AL-SP-03") == [(0, "PENDING"), (30, "ACTIVE"), (90, "IDLE")]


def test_poor_or_impossible_saturation_is_no_value_and_te_06_tells_of_it():
    rows = "".join(f"{t},80,0.4\n" for t in range(40))
    assert announced(replayed("t,spo2,spo2_quality\n" + rows)) == [(30, "TE-06")]
    assert announced(replayed(every_second("spo2", [49] * 40))) == [(30, "TE-06")]
    assert announced(replayed(every_second("spo2", [50] * 12))) == [(10, "AL-SP-01")]


def test_a_saturation_not_refreshed():
    text = every_second("spo2", [97] * 5 + [""] * 40 + [97] * 3)
    assert steps(replayed(text), "TE-06") == [(5, "PENDING"), (34, "ACTIVE"), (45, "IDLE")]


def test_a_value_holds_for_30_s_at_most():
    lines = replayed("t,hr,spo2\n0,80,97\n29,80,97\n58,80,97\n120,80,97\n")
    assert steps(lines, "TE-06") == [(88, "ACTIVE"), (120, "IDLE")]
    assert steps(lines, "AL-HR-09") == [(88, "PENDING"), (98, "ACTIVE")]


def test_a_held_value_keeps_its_delay_running_between_rows():
    assert announced(replayed("t,spo2\n0,84\n25,84\n")) == [(10, "AL-SP-01"), (15, "AL-SP-02")][:1]


def test_a_row_at_the_instant_of_the_deadline_comes_first():
    assert announced(replayed("t,spo2\n0,89\n15,95\n")) == []
    assert announced(replayed("t,spo2\n0,89\n15.001,95\n")) == [(15, "AL-SP-02")]


def test_nothing_is_evaluated_past_the_last_row():
    assert announced(replayed("t,spo2\n0,84\n9,84\n")) == []
    assert announced(replayed("t,spo2\n0,84\n10,84\n")) == [(10, "AL-SP-01")]


def test_leaving_its_phases_ends_a_condition():
    rows = "".join(f"{t},112,{'inf' if t < 70 else 'pre'}\n" for t in range(80))
    lines = replayed("t,hr,phase\n" + rows)
    assert steps(lines, "AL-HR-04") == [(0, "PENDING"), (60, "ACTIVE"), (70, "IDLE")]


def test_entering_its_phases_begins_the_delay():
    rows = "".join(f"{t},112,{'pre' if t < 70 else 'inf'}\n" for t in range(140))
    assert steps(replayed("t,hr,phase\n" + rows), "AL-HR-04") == [(70, "PENDING"), (130, "ACTIVE")]


def test_the_column_decides_over_the_option_and_holds_while_empty():
    lines = replayed("t,hr,phase\n0,112,rec\n30,112,\n60,112,\n", phase=PRE)
    assert steps(lines, "AL-HR-04") == [(0, "PENDING"), (60, "ACTIVE")]
    assert {x["phase"] for x in lines} == {"REC"}


def test_a_latched_alarm_returns_as_a_new_occurrence():
    lines = replayed(every_second("spo2", [84] * 12 + [95] * 10 + [84] * 12))
    steps_of = [(x["t"], x["to"], x["occurrence"]) for x in lines if x["rule"] == "AL-SP-01"]
    assert [(t, to) for t, to, _ in steps_of] == [
        (0, "PENDING"),
        (10, "ACTIVE"),
        (17, "LATCHED"),
        (32, "ACTIVE"),
    ]
    assert steps_of[3][2] != steps_of[2][2]
