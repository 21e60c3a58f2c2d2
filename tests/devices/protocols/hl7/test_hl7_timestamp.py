from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.hl7.timestamp import format_timestamp, parse_timestamp


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20260102101530", datetime(2026, 1, 2, 10, 15, 30, tzinfo=UTC)),
        ("202601021015", datetime(2026, 1, 2, 10, 15, tzinfo=UTC)),
        ("20210425230332.872-0400", datetime(2021, 4, 26, 3, 3, 32, 872000, tzinfo=UTC)),
        ("20210425230332+0530", datetime(2021, 4, 25, 17, 33, 32, tzinfo=UTC)),
        ("20240229000000", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_reading(text, expected):
    assert parse_timestamp(text) == pytest.approx(expected.timestamp(), abs=1e-3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "20260102",
        "20261302101530",
        "20260230101530",
        "20260102251530",
        "20260102106030",
        "2026010210153x",
    ],
)
def test_what_is_no_time(text):
    assert parse_timestamp(text) is None


@given(st.integers(0, 4_000_000_000))
def test_writing_agrees_with_another_calendar(posix_s: int):
    text = format_timestamp(posix_s + 0.4)
    assert text == datetime.fromtimestamp(posix_s, tz=UTC).strftime("%Y%m%d%H%M%S")
    assert parse_timestamp(text) == posix_s
