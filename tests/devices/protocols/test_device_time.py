from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.clock import SEEDED_START_UTC
from devices.protocols.device_time import SEEDED_START_S, CivilTime, civil_time


@given(st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 31)))  # noqa: DTZ001
def test_agrees_with_the_standard_library(moment: datetime):
    moment = moment.replace(microsecond=0)
    time = CivilTime(*moment.timetuple()[:6])
    assert time.valid
    assert time.posix_s == moment.replace(tzinfo=UTC).timestamp()
    assert civil_time(time.posix_s) == time
    assert str(time) == moment.isoformat()


@pytest.mark.parametrize(
    "parts",
    [
        (2026, 0, 1, 0, 0, 0),
        (2026, 13, 1, 0, 0, 0),
        (2026, 2, 29, 0, 0, 0),
        (2026, 4, 31, 0, 0, 0),
        (2026, 1, 0, 0, 0, 0),
        (2026, 1, 1, 24, 0, 0),
        (2026, 1, 1, 0, 60, 0),
        (2026, 1, 1, 0, 0, 60),
        (1969, 1, 1, 0, 0, 0),
        (9999, 1, 1, 0, 0, 0),
    ],
)
def test_there_is_no_such_time(parts):
    assert not CivilTime(*parts).valid


def test_a_leap_day():
    assert CivilTime(2024, 2, 29, 0, 0, 0).valid


def test_emulated_clocks_start_where_seeded_runs_do():
    assert civil_time(SEEDED_START_S) == CivilTime(*SEEDED_START_UTC.timetuple()[:6])
