"""Each rule of clinical.md §6.2 at its edges, reading by reading; re-takes, failures and the schedule of the cuff."""

import pytest

from monitor_app.core.phase import Phase
from monitor_app.services.replay import parse_baseline, parse_pressure
from tests.monitor_app.services.replay_runner import announced, readings, replayed, steps

INF, REC, PRE = Phase.INF, Phase.REC, Phase.BASE
B = parse_baseline("72,120,80,98")

# rule, phase, readings 300 s apart (SYS, DIA), expected states by index of the reading
TABLE = [
    ("AL-BP-01", PRE, [(180, 90)], {0: "ACTIVE"}),
    ("AL-BP-01", INF, [(179, 109)], {}),
    ("AL-BP-01", INF, [(150, 110), (150, 107), (150, 106)], {0: "ACTIVE", 2: "LATCHED"}),
    ("AL-BP-01", REC, [(182, 90), (175, 90), (174, 90)], {0: "ACTIVE", 2: "LATCHED"}),
    ("AL-BP-02", INF, [(160, 100)], {}),
    ("AL-BP-02", PRE, [(161, 90), (156, 90), (155, 97)], {0: "ACTIVE", 2: "IDLE"}),
    ("AL-BP-02", REC, [(150, 101), (150, 98), (155, 97)], {0: "ACTIVE", 2: "IDLE"}),
    ("AL-BP-03", INF, [(160, 100)], {}),
    ("AL-BP-03", PRE, [(163, 100), (150, 98), (150, 97)], {0: "ACTIVE", 2: "IDLE"}),
    ("AL-BP-04", PRE, [(150, 90)], {}),
    ("AL-BP-04", INF, [(143, 95)], {}),
    ("AL-BP-04", INF, [(144, 95), (142, 90), (141, 90)], {0: "ACTIVE", 2: "IDLE"}),
    ("AL-BP-04", REC, [(128, 96), (128, 95), (128, 94)], {0: "ACTIVE", 2: "IDLE"}),
    ("AL-BP-05", PRE, [(165, 90)], {}),
    ("AL-BP-05", INF, [(159, 104)], {}),
    ("AL-BP-05", INF, [(160, 90), (155, 90), (154, 99)], {0: "ACTIVE", 2: "IDLE"}),
    ("AL-BP-05", REC, [(130, 105), (130, 100), (130, 99)], {0: "ACTIVE", 2: "IDLE"}),
    ("AL-BP-08", INF, [(90, 45)], {}),
    ("AL-BP-08", PRE, [(89, 60), (94, 60), (95, 60)], {0: "ACTIVE", 2: "IDLE"}),
    ("AL-BP-08", REC, [(95, 40), (95, 46), (95, 47)], {0: "ACTIVE", 2: "IDLE"}),
    ("AL-BP-09", INF, [(80, 35)], {}),
    ("AL-BP-09", PRE, [(79, 50), (84, 50), (85, 50)], {0: "ACTIVE", 2: "LATCHED"}),
    ("AL-BP-09", REC, [(85, 32), (85, 39), (85, 40)], {0: "ACTIVE", 2: "LATCHED"}),
    ("AL-BP-10", PRE, [(80, 55)], {}),
    ("AL-BP-10", INF, [(85, 60)], {}),
    ("AL-BP-10", REC, [(84, 60), (90, 60), (91, 60)], {0: "ACTIVE", 2: "IDLE"}),
]


@pytest.mark.parametrize(("rule", "phase", "pressures", "expected"), TABLE)
def test_rule(rule, phase, pressures, expected):
    text = readings(*((300 * i, s, d) for i, (s, d) in enumerate(pressures)))
    lines = replayed(text, phase=phase, baseline=B)
    assert steps(lines, rule) == [(300 * i, state) for i, state in expected.items()]


@pytest.mark.parametrize(
    ("baseline", "systolic", "diastolic", "met"),
    [
        ("72,100,60,98", 125, 79, False),  # 125 % and 131 %, but neither 130 nor 80
        ("72,100,60,98", 130, 70, True),
        ("72,120,60,98", 125, 80, True),
        ("72,130,80,98", 156, 80, True),  # exactly 120 %
        ("72,130,80,98", 155, 80, False),
    ],
)
def test_share_of_baseline_needs_a_pressure_that_matters(baseline, systolic, diastolic, met):
    lines = replayed(readings((0, systolic, diastolic)), baseline=parse_baseline(baseline))
    assert bool(steps(lines, "AL-BP-04")) is met


def test_relative_rules_need_a_baseline():
    lines = replayed(readings((0, 159, 99)))
    assert [x["rule"] for x in lines] == []


def test_a_given_mean_pressure_is_used():
    assert announced(replayed("t,sys,dia,map\n0,150,95,121\n")) == [(0, "AL-BP-03")]
    assert announced(replayed("t,sys,dia,map\n0,150,95,\n")) == []


@pytest.mark.parametrize(
    ("times", "values", "expected"),
    [
        ([0, 300, 600], [165, 165, 165], [(600, "ACTIVE")]),
        ([0, 300, 599], [165, 165, 165], []),
        ([0, 600], [165, 165], []),
        ([0, 300, 600], [165, 158, 158], [(600, "ACTIVE")]),  # inside the hysteresis it is still true
        ([0, 300, 600, 900], [165, 150, 165, 165], []),
        ([0, 300, 600, 900], [165, 165, 165, 155], [(600, "ACTIVE"), (900, "IDLE")]),
    ],
)
def test_hypertension_for_ten_minutes(times, values, expected):
    text = readings(*((t, v, 90) for t, v in zip(times, values, strict=True)))
    assert steps(replayed(text), "AL-BP-06") == expected


def test_hypertension_for_ten_minutes_is_announced_again():
    lines = replayed(readings(*((300 * i, 165, 90) for i in range(3))))
    assert announced(lines) == [(0, "AL-BP-02"), (600, "AL-BP-06")]


def test_hypertension_for_ten_minutes_is_no_rule_before_the_infusion():
    assert steps(replayed(readings(*((300 * i, 165, 90) for i in range(5))), phase=PRE), "AL-BP-06") == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([125, 138, 150], [(2, "ACTIVE")]),
        ([126, 138, 150], []),  # 24 in all
        ([124, 136, 149], []),  # below 150
        ([125, 132, 150], []),  # a step of 7
        ([120, 150], []),  # two readings
        ([126, 134, 142, 151], [(3, "ACTIVE")]),
        ([125, 138, 150, 152, 148, 143], [(2, "ACTIVE"), (5, "IDLE")]),
    ],
)
def test_rising(values, expected):
    text = readings(*((300 * i, v, 80) for i, v in enumerate(values)))
    assert steps(replayed(text), "AL-BP-07") == [(300 * i, state) for i, state in expected]


@pytest.mark.parametrize(
    ("phase", "at_end", "values", "expected"),
    [
        (REC, "120,80", [139], []),
        (REC, "120,80", [140, 135, 134], [(0, "ACTIVE"), (2, "IDLE")]),
        (REC, "138,86", [157], []),
        (REC, "138,86", [158], [(0, "ACTIVE")]),
        (INF, "120,80", [150], []),
    ],
)
def test_late_rise(phase, at_end, values, expected):
    text = readings(*((300 * i, v, 80) for i, v in enumerate(values)))
    lines = replayed(text, phase=phase, bp_end=parse_pressure(at_end))
    assert steps(lines, "AL-BP-11") == [(300 * i, state) for i, state in expected]


def test_the_end_of_the_infusion_is_seen_in_the_phase_column():
    text = "t,sys,dia,phase\n0,120,80,inf\n300,,,rec\n600,141,80,\n"
    assert announced(replayed(text)) == [(600, "AL-BP-11")]


@pytest.mark.parametrize(
    ("systolic", "diastolic", "baseline", "ready"),
    [
        (144, 90, "72,120,75,98", True),
        (145, 90, "72,120,75,98", False),
        (139, 89, "72,100,60,98", True),  # below 140/90, which allows more
        (140, 89, "72,100,60,98", False),
        (139, 90, "72,100,60,98", False),
        (91, 70, "72,115,75,98", True),  # 79 %, but below 140, which allows more than 120 %
        (143, 80, "72,180,75,98", False),  # 79 % of a baseline whose 120 % lies above 140
    ],
)
def test_not_ready_at_the_recovery_minimum(systolic, diastolic, baseline, ready):
    text = f"t,sys,dia\n600,{systolic},{diastolic}\n2400,,\n3000,120,75\n"
    lines = replayed(text, phase=REC, t_end_s=0, baseline=parse_baseline(baseline))
    told = steps(lines, "AL-BP-12")
    assert told[:1] == ([] if ready else [(1800, "ACTIVE")])
    assert all(x["priority"] == "LOW" for x in lines if x["rule"] == "AL-BP-12")


def test_the_next_good_reading_ends_not_ready():
    text = readings((600, 150, 75), (2400, 149, 75), (2700, 139, 75))
    lines = replayed(text, phase=REC, t_end_s=0, baseline=B)
    assert steps(lines, "AL-BP-12") == [(1800, "ACTIVE"), (2700, "IDLE")]


@pytest.mark.parametrize(
    ("after_s", "note"), [(29, ""), (30, "not confirmed"), (180, "not confirmed"), (181, "")]
)
def test_a_retake_comes_30_to_180_s_after_an_alarming_reading(after_s, note):
    lines = replayed(readings((0, 185, 95), (after_s, 130, 80)))
    assert [x["note"] for x in lines if x["rule"] == "AL-BP-01"] == ["", note]
    assert [x["note"] for x in lines if x["rule"] == "AL-BP-02"] == ["", note]


def test_a_confirmed_alarm_is_not_unconfirmed_by_a_third_reading():
    lines = replayed(readings((0, 185, 95), (60, 185, 95), (120, 130, 80)))
    assert [(x["to"], x["note"]) for x in lines if x["rule"] == "AL-BP-01"] == [
        ("ACTIVE", ""),
        ("LATCHED", ""),
    ]


def test_readings_that_cannot_be_are_not_judged():
    for systolic, diastolic in ((190, 180), (280, 120), (185, 29), (40, ""), (280, "")):
        assert replayed(f"t,sys,dia\n0,{systolic},{diastolic}\n") == []


def test_a_systolic_pressure_alone_is_judged_as_far_as_it_goes():
    lines = replayed("t,sys\n0,185\n300,174\n600,150\n")
    assert steps(lines, "AL-BP-01") == [(0, "ACTIVE"), (300, "LATCHED")]
    assert steps(lines, "AL-BP-02") == [(0, "ACTIVE"), (600, "IDLE")]
    assert steps(lines, "AL-BP-03") == []
    assert announced(replayed("t,sys,map\n0,150,125\n")) == [(0, "AL-BP-03")]
    assert announced(replayed("t,sys\n0,79\n")) == [(0, "AL-BP-09")]
    rising = replayed("t,sys\n0,150\n", baseline=B)
    assert [x["rule"] for x in rising] == ["AL-BP-04"]


def test_what_began_with_a_diastolic_is_not_ended_without_one():
    lines = replayed("t,sys,dia\n0,150,112\n300,120,\n600,120,80\n")
    assert steps(lines, "AL-BP-01") == [(0, "ACTIVE"), (600, "LATCHED")]


def test_half_a_reading_does_not_say_that_the_patient_may_go():
    text = "t,sys,dia\n600,150,75\n2000,120,\n2400,120,75\n"
    lines = replayed(text, phase=REC, t_end_s=0, baseline=B)
    assert steps(lines, "AL-BP-12") == [(1800, "ACTIVE"), (2400, "IDLE")]


def test_a_missing_diastolic_is_shown_as_none():
    lines = replayed("t,sys,dia\n0,120,\n1,,\n", numerics=True)
    assert [x["value"] for x in lines if x["name"] == "NIBP_DIA"] == [None, None]


def test_a_disturbed_cycle_gives_no_alarm_of_the_patient():
    lines = replayed("t,sys,dia,nibp_status\n0,190,100,motion\n")
    assert [(x["rule"], x["to"], x["priority"]) for x in lines] == [("TE-07-L", "ACTIVE", "LOW")]


def test_failures_in_a_row():
    text = "t,sys,dia,nibp_status\n0,120,80,ok\n60,,,weak\n65,,,weak\n90,,,\n100,,,leak\n300,122,80,ok\n"
    lines = replayed(text)
    assert steps(lines, "TE-07-L") == [(60, "ACTIVE"), (300, "IDLE")]
    assert steps(lines, "TE-07-M") == [(100, "ACTIVE"), (300, "IDLE")]
    assert {x["suppressed_by"] for x in lines if x["rule"] == "TE-07-L" and x["t"] == 300} == {None}


def test_a_reading_resets_the_schedule():
    lines = replayed(readings((0, 120, 80), (419, 120, 80), (838, 120, 80)), nibp_interval_s=300)
    assert lines == []
    lines = replayed(readings((0, 120, 80), (450, 120, 80), (500, 120, 80)), nibp_interval_s=300)
    assert steps(lines, "TE-08-L") == [(420, "ACTIVE"), (450, "IDLE")]


def test_without_a_schedule_or_a_cuff_nothing_is_overdue():
    assert replayed("t,sys,dia\n0,120,80\n9000,,\n") == []
    assert not any("TE-08" in str(x["rule"]) for x in replayed("t,hr\n0,80\n9000,80\n", nibp_interval_s=300))


def test_a_reading_of_one_phase_is_not_judged_again_in_the_next():
    text = "t,sys,dia,phase\n0,150,100,pre\n60,,,inf\n120,,,inf\n180,150,100,inf\n"
    assert steps(replayed(text, baseline=B), "AL-BP-04") == [(180, "ACTIVE")]
