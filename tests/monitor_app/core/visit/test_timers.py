"""The clocks of clinical.md §3.3."""

from dataclasses import replace

import pytest

from monitor_app.core.commands import Advance, RecordCare
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.infusion import end_systolic_mmhg, infusion_of
from monitor_app.core.visit.timers import timers

P = Phase
MIN = 60 * 1_000_000_000
NURSE = Actor("Nina", "nurse")


def clocks(chair):
    return timers(chair.visit, chair.facts, chair.t_ns)


def test_before_the_infusion(chair, routes):
    chair.go(*routes[P.BASE])
    now = clocks(chair)
    assert now.phase_s == pytest.approx(30)
    assert (now.infusion_elapsed_s, now.given_mg, now.nibp_age_s, now.recovery_left_s) == (None,) * 4


def test_during_the_infusion(chair, routes):
    chair.go(*routes[P.INF])
    t0 = infusion_of(chair.visit).t0_ns
    chair.t_ns = t0 + 10 * MIN
    chair.reading()
    chair.t_ns += MIN
    chair.outside = replace(chair.outside, next_nibp_t_ns=chair.t_ns + 4 * MIN)
    now = clocks(chair)
    assert now.infusion_elapsed_s == pytest.approx(11 * 60)
    assert now.infusion_planned_s == 40 * 60
    assert now.infusion_end_in_s == pytest.approx(29 * 60)
    assert now.given_mg == pytest.approx(11 / 40 * 35)
    assert now.ordered_mg == pytest.approx(35)
    assert now.nibp_in_s == 240
    assert now.nibp_age_s == 60
    assert now.sedation_check_in_s == pytest.approx(4 * 60)
    assert now.since_interaction_s == pytest.approx(11 * 60)


def test_a_pause_stops_dose_and_elapsed_time(chair, routes):
    chair.go(*routes[P.INF])
    chair.t_ns = infusion_of(chair.visit).t0_ns + 10 * MIN
    chair.accepted(Advance(P.PAUSE, NURSE, reason="heart rate"))
    chair.wait(7)
    now = clocks(chair)
    assert now.phase_s == pytest.approx(7 * 60)
    assert now.infusion_elapsed_s == pytest.approx(600)
    assert now.given_mg == pytest.approx(35 / 4)
    assert now.infusion_end_in_s is None


def test_a_finished_volume_counts_up(chair, routes):
    chair.go(*routes[P.INF])
    chair.t_ns = infusion_of(chair.visit).t0_ns + 43 * MIN
    assert clocks(chair).infusion_end_in_s == pytest.approx(-180)


def test_recovery_counts_from_the_actual_end(chair, routes):
    chair.go(*routes[P.INF])
    chair.wait(43)
    chair.answer("end_min_ago", 3)
    chair.accepted(Advance(P.REC, NURSE, pump_volume_ml=35))
    now = clocks(chair)
    assert now.phase_s == 0
    assert now.recovery_left_s == pytest.approx(27 * 60)
    assert now.recovery_reason == "30 min after the infusion"
    chair.wait(60)
    assert clocks(chair).recovery_left_s == 0


def test_the_pressure_at_the_end_is_the_nearest_one(chair, routes):
    chair.go(*routes[P.INF])
    chair.wait(36)
    chair.reading(150, 90)
    chair.wait(4)
    assert end_systolic_mmhg(chair.visit) is None
    chair.accepted(Advance(P.REC, NURSE, pump_volume_ml=35))
    assert end_systolic_mmhg(chair.visit) == 150
    chair.wait(1)
    chair.reading(138, 86)
    assert end_systolic_mmhg(chair.visit) == 138


def test_anything_done_resets_the_last_interaction(chair, routes):
    chair.go(*routes[P.REC])
    chair.wait(9)
    chair.accepted(RecordCare("note", "asleep", NURSE))
    chair.wait(1)
    assert clocks(chair).since_interaction_s == 60
