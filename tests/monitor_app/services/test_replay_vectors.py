"""The vectors of clinical.md §7 that displayed numbers can carry, through the replay of a CSV."""

import pytest

from monitor_app.core.phase import Phase
from monitor_app.services.replay import parse_baseline, parse_pressure
from tests.monitor_app.services.replay_runner import announced, every_second, replayed
from tests.monitor_app.services.replay_runner import arrows as of


def test_v1_tachycardia_is_announced_3_s_after_the_displayed_rate_crosses():
    lines = replayed(every_second("hr", [80] * 6 + [125] * 10))
    assert of(lines, "AL-HR-03") == [(6, "IDLE", "PENDING"), (9, "PENDING", "ACTIVE")]
    assert announced(lines) == [(9, "AL-HR-03")]


def test_v2_alternating_around_120_does_not_chatter_and_the_low_rules_come_at_60_s():
    values = [119 if (i // 2) % 2 == 0 else 121 for i in range(300)]
    lines = replayed(every_second("hr", values), baseline=parse_baseline("80,124,78,98"))
    assert "ACTIVE" not in {to for _, _, to in of(lines, "AL-HR-03")}
    assert of(lines, "AL-HR-04") == [(0, "IDLE", "PENDING"), (60, "PENDING", "ACTIVE")]
    assert of(lines, "AL-HR-05") == [(0, "IDLE", "PENDING"), (60, "PENDING", "ACTIVE")]
    assert sorted(announced(lines)) == [(60, "AL-HR-04"), (60, "AL-HR-05")]


def test_v3_inside_the_hysteresis_an_alarm_stays():
    values = [121] * 20 + [117] * 60 + [115] * 10
    lines = replayed(every_second("hr", values))
    assert of(lines, "AL-HR-03") == [
        (0, "IDLE", "PENDING"),
        (3, "PENDING", "ACTIVE"),
        (85, "ACTIVE", "IDLE"),
    ]


def test_v10_a_14_s_dip_is_a_near_miss_only():
    lines = replayed(every_second("spo2", [95] * 5 + [89] * 14 + [95] * 20))
    assert of(lines, "AL-SP-02") == [(5, "IDLE", "PENDING"), (19, "PENDING", "IDLE")]
    assert announced(lines) == []


def test_v11_a_20_s_dip_is_announced_at_15_s():
    lines = replayed(every_second("spo2", [95] * 5 + [89] * 20 + [95] * 20))
    assert of(lines, "AL-SP-02") == [
        (5, "IDLE", "PENDING"),
        (20, "PENDING", "ACTIVE"),
        (30, "ACTIVE", "IDLE"),
    ]


@pytest.mark.parametrize("seconds", [12, 40])
def test_v12_desaturation_hides_the_medium_rule(seconds):
    lines = replayed(every_second("spo2", [84] * seconds + [95] * 20))
    assert announced(lines) == [(10, "AL-SP-01")]
    medium = [x for x in lines if x["rule"] == "AL-SP-02" and x["t"] >= 10]
    assert medium
    assert all(x["suppressed"] for x in medium if x["t"] < seconds)
    assert of(lines, "AL-SP-01")[-1] == (seconds + 5, "ACTIVE", "LATCHED")


def test_v13_the_cuff_on_the_same_limb_holds_spo2():
    rows = [f"{t},{95 if t < 10 else 80},{int(10 <= t < 50)}" for t in range(80)]
    lines = replayed("t,spo2,cuff_inflating\n" + "\n".join(rows))
    assert [x for x in lines if x["t"] < 50] == []
    assert announced(lines) == [(60, "AL-SP-01")]


def test_v13_the_hold_is_60_s_at_most():
    rows = [f"{t},80,1" for t in range(120)]
    lines = replayed("t,spo2,cuff_inflating\n" + "\n".join(rows))
    assert announced(lines) == [(70, "AL-SP-01")]


def test_v14_without_the_flag_the_same_fall_alarms():
    assert announced(replayed(every_second("spo2", [95] * 10 + [80] * 30))) == [(20, "AL-SP-01")]


def test_v15_severe_pressure_and_a_normal_retake():
    lines = replayed("t,sys,dia\n0,120,80\n100,181,95\n160,158,92\n200,,\n")
    severe = [x for x in lines if x["rule"] == "AL-BP-01"]
    assert [(x["t"], x["from"], x["to"]) for x in severe] == [
        (100, "IDLE", "ACTIVE"),
        (160, "ACTIVE", "LATCHED"),
    ]
    assert severe[1]["note"] == "not confirmed"
    assert severe[0]["priority"] == "HIGH"
    assert (severe[0]["value"], severe[0]["limit"]) == (181, 180)
    high = [x for x in lines if x["rule"] == "AL-BP-02"]
    assert [(x["t"], x["to"], x["suppressed_by"]) for x in high] == [(100, "ACTIVE", "AL-BP-01")]


@pytest.mark.parametrize(
    ("sys", "dia", "expected"),
    [(180, 109, ["AL-BP-01"]), (179, 109, ["AL-BP-02"]), (160, 100, []), (161, 100, ["AL-BP-02"])],
)
def test_v16_the_limits_exactly(sys, dia, expected):
    lines = replayed(f"t,sys,dia\n0,{sys},{dia}\n")
    assert [rule for _, rule in announced(lines)] == expected


def test_v17_rules_of_one_reading_are_one_line():
    lines = replayed("t,sys,dia\n0,150,80\n", baseline=parse_baseline("72,110,70,98"))
    assert announced(lines) == [(0, "AL-BP-05")]
    share = [x for x in lines if x["rule"] == "AL-BP-04"]
    assert [(x["to"], x["priority"], x["suppressed_by"]) for x in share] == [("ACTIVE", "LOW", "AL-BP-05")]


def test_v18_a_high_baseline_is_no_rise():
    lines = replayed("t,sys,dia\n0,165,95\n", baseline=parse_baseline("72,150,92,98"))
    assert {x["rule"] for x in lines if x["to"] == "ACTIVE"} == {"AL-BP-02"}


@pytest.mark.parametrize(("sys", "expected"), [(160, ["AL-BP-11"]), (161, ["AL-BP-02"])])
def test_v19_late_rise_in_recovery(sys, expected):
    lines = replayed(
        f"t,sys,dia\n0,138,86\n1200,{sys},88\n",
        phase=Phase.REC,
        baseline=parse_baseline("72,135,85,98"),
        t_end_s=0,
        bp_end=parse_pressure("138,86"),
    )
    assert [rule for _, rule in announced(lines)] == expected


def test_v8_a_lead_off_is_told_and_the_pulse_goes_on():
    rows = "".join(f"{t},,82,RA\n" for t in range(20))
    lines = replayed("t,hr,pr,ecg_lead_off\n" + rows)
    assert announced(lines) == [(3, "TE-01-M")]


def test_v22_high_that_clears_by_itself_is_latched():
    lines = replayed(every_second("spo2", [84] * 12 + [96] * 30))
    assert of(lines, "AL-SP-01") == [
        (0, "IDLE", "PENDING"),
        (10, "PENDING", "ACTIVE"),
        (17, "ACTIVE", "LATCHED"),
    ]


def test_v28_three_at_once_are_three_lines():
    rows = "".join(f"{t},125,84,V\n" for t in range(20))
    lines = replayed("t,hr,spo2,ecg_lead_off\n" + rows, phase=Phase.REC)
    assert sorted(announced(lines), key=lambda x: x[1]) == [
        (3, "AL-HR-03"),
        (10, "AL-SP-01"),
        (3, "TE-01-L"),
    ]


def test_v27_an_overdue_cuff():
    lines = replayed("t,sys,dia\n0,120,80\n700,,\n", nibp_interval_s=300)
    assert of(lines, "TE-08-L") == [(420, "IDLE", "ACTIVE")]
    assert of(lines, "TE-08-M") == [(600, "IDLE", "ACTIVE")]
