"""One row per condition, whatever path its life took."""

import pytest

from monitor_app.core.journal import AlarmEntry
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.exporters.alarm_log import alarm_rows


def steps(*life: tuple[str, str, float | None, str], low: bool = False) -> list[AlarmEntry]:
    limit = 90.0 if low else 120.0
    return [
        AlarmEntry(
            Stamp(second, second), "a", "R", AlarmClass.PHYSIOLOGICAL, Priority.HIGH,
            before, after, Phase.INF, value, limit, "", suppressed, "", Actor("Ana") if after == "ACTIVE_ACK" else None,
        )
        for second, (before, after, value, suppressed) in enumerate(life)
    ]  # fmt: skip


LIVES = [
    # a near miss: never announced
    ([("IDLE", "PENDING", 121, ""), ("PENDING", "IDLE", 119, "")], (None, None, 1, None, 121)),
    # announced and over by itself
    ([("IDLE", "ACTIVE", 130, ""), ("ACTIVE", "IDLE", 100, "")], (0, None, 1, None, 130)),
    # acknowledged, then over
    ([("IDLE", "ACTIVE", 130, ""), ("ACTIVE", "ACTIVE_ACK", 140, ""), ("ACTIVE_ACK", "IDLE", 90, "")], (0, 1, 2, None, 140)),
    # kept on the screen until acknowledged
    ([("IDLE", "ACTIVE", 130, ""), ("ACTIVE", "LATCHED", 100, ""), ("LATCHED", "IDLE", None, "")], (0, None, 1, 2, 130)),
    # hidden by a worse one, later shown
    ([("IDLE", "ACTIVE", 130, "AL-HR-03"), ("ACTIVE", "ACTIVE", 125, ""), ("ACTIVE", "IDLE", 90, "")], (1, None, 2, None, 130)),
]  # fmt: skip


@pytest.mark.parametrize(("life", "wanted"), LIVES)
def test_lives(life: list[tuple[str, str, float | None, str]], wanted: tuple[float | None, ...]) -> None:
    (row,) = alarm_rows(steps(*life))
    times = [
        stamp.t_ns if stamp else None
        for stamp in (row.announced, row.acknowledged, row.cleared, row.latch_cleared)
    ]
    assert (*times, row.worst) == wanted


def test_the_worst_of_a_low_limit_is_the_lowest() -> None:
    life = [
        ("IDLE", "PENDING", 89.0, ""),
        ("PENDING", "ACTIVE", 82.0, ""),
        ("ACTIVE", "ACTIVE_ACK", 85.0, ""),
    ]
    (row,) = alarm_rows(steps(*life, low=True))
    assert (row.worst, row.worst_at) == (82.0, Stamp(1, 1))


def test_conditions_are_told_apart_by_their_id() -> None:
    first = steps(("IDLE", "ACTIVE", 130, ""))
    assert len(alarm_rows(first)) == 1
    assert alarm_rows([]) == []
