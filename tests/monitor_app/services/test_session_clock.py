from datetime import timedelta

import pytest

from devices.clock import NS_PER_S, ManualClock
from monitor_app.services.session_clock import SessionClock


def test_session_time_begins_at_its_origin_and_follows_the_monotonic_clock() -> None:
    manual = ManualClock(start_ns=7 * NS_PER_S)
    clock = SessionClock(manual, 100 * NS_PER_S)
    manual.advance_s(3)
    assert clock.t_ns() == 103 * NS_PER_S
    assert clock.t_ns(8 * NS_PER_S) == 101 * NS_PER_S
    assert clock.mono_ns(103 * NS_PER_S) == 10 * NS_PER_S


def test_a_stamp_carries_the_wall_beside_session_time() -> None:
    manual = ManualClock()
    clock = SessionClock(manual)
    zero_ms = round(manual.wall_utc().timestamp() * 1000)
    manual.advance_s(1.5)
    stamp = clock.stamp()
    assert (stamp.t_ns, stamp.utc_ms) == (1_500_000_000, zero_ms + 1500)
    assert clock.stamp(500_000_000).utc_ms == zero_ms + 500


@pytest.mark.parametrize("jump_s", [-3600.0, -2.5, 2.5, 86400.0])
def test_a_jump_of_the_wall_is_told_once_and_taken_up(jump_s: float) -> None:
    manual = ManualClock()
    clock = SessionClock(manual)
    manual.advance_s(60)
    before = clock.stamp()
    manual.set_wall_utc(manual.wall_utc() + timedelta(seconds=jump_s))
    assert clock.wall_jump_ns() == pytest.approx(jump_s * NS_PER_S, abs=1_000_000)
    assert clock.wall_jump_ns() == 0
    after = clock.stamp()
    assert after.t_ns == before.t_ns
    assert after.utc_ms - before.utc_ms == pytest.approx(jump_s * 1000, abs=1)


@pytest.mark.parametrize("drift_s", [-1.9, 1.9])
def test_what_a_time_server_corrects_is_no_jump(drift_s: float) -> None:
    manual = ManualClock()
    clock = SessionClock(manual)
    manual.set_wall_utc(manual.wall_utc() + timedelta(seconds=drift_s))
    assert clock.wall_jump_ns() == 0
