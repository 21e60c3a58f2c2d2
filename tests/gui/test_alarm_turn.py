"""Turns on the alarm bar: each stands its three seconds, whatever comes and goes meanwhile (clinical.md §5.2)."""

import pytest

from monitor_app.core.priority import Priority
from monitor_app.services.screen import AlarmLine
from monitor_app.ui.alarm_turn import TURN_NS, Places, Turn, next_turn, places, stand

S = 1_000_000_000


def test_each_has_its_three_seconds_in_order() -> None:
    turn, seen = Turn(), []
    for tenth in range(100):
        turn = next_turn(turn, ["B", "C", "D"], tenth * S // 10)
        seen.append(turn.rule)
    assert seen == ["B"] * 30 + ["C"] * 30 + ["D"] * 30 + ["B"] * 10
    assert TURN_NS >= 2 * S


def test_one_that_stands_keeps_its_time_when_the_set_changes() -> None:
    turn = next_turn(Turn("C", 0, 1), ["A", "B", "C", "D"], 1 * S)
    assert (turn.rule, turn.since_ns, turn.place) == ("C", 0, 2)
    turn = next_turn(turn, ["C", "D"], 2 * S)
    assert (turn.rule, turn.since_ns, turn.place) == ("C", 0, 0)
    assert next_turn(turn, ["C", "D"], 3 * S).rule == "D"


def test_one_that_has_gone_leaves_its_place_to_the_next() -> None:
    assert next_turn(Turn("C", 0, 1), ["B", "D"], 1 * S) == Turn("D", 1 * S, 1)
    assert next_turn(Turn("D", 0, 2), ["B", "C"], 1 * S) == Turn("B", 1 * S, 0)


def test_alone_it_stays() -> None:
    assert next_turn(Turn("B", 0, 0), ["B"], 9 * S).rule == "B"


def alarms(words: str) -> tuple[AlarmLine, ...]:
    """Return the alarms of ``H1 h2 M1``: capitals wait to be acknowledged, small letters are."""
    kinds = {"H": Priority.HIGH, "M": Priority.MEDIUM, "L": Priority.LOW}
    return tuple(AlarmLine(x, kinds[x[0].upper()], x[0].isupper(), False, x, "", "") for x in words.split())


def names(lines: tuple[AlarmLine, ...]) -> str:
    return " ".join(line.rule for line in lines)


@pytest.mark.parametrize(
    ("lines", "count", "fixed", "sharing"),
    [
        ("H1", 3, "H1", ""),
        ("H1 H2 H3", 3, "H1 H2 H3", ""),
        ("H1 H2 H3 M1", 3, "H1 H2 H3", ""),
        ("H1 H2 H3 H4 M1", 3, "H1 H2", "H3 H4"),
        ("H1 H2 H3 h4 h5", 3, "H1 H2 H3", ""),
        ("H1 h2 h3 h4", 3, "H1 h2", "h3 h4"),
        ("H1 H2 M1 L1", 3, "H1 H2", "M1 L1"),
        ("H1 m1 L1 l2", 3, "H1 L1", "m1 l2"),
        ("H1 m1 L1 l2", 2, "H1 L1", ""),
        ("M1 l1 l2", 2, "M1", "l1 l2"),
        ("m1 L1 L2", 2, "m1", "L1 L2"),
        ("m1 L1 l2", 2, "m1 L1", ""),
        ("H1 m1 L1", 3, "H1 m1 L1", ""),
        ("H1 H2", 1, "", "H1 H2"),
        ("H1 L1", 1, "H1", ""),
    ],
)
def test_only_alarms_of_one_kind_share_a_place(lines, count, fixed, sharing) -> None:
    found = places(alarms(lines), count)
    assert (names(found.fixed), names(found.sharing)) == (fixed, sharing)
    assert found.count == len(fixed.split()) + bool(sharing) <= count


def test_the_shared_place_is_the_last_and_the_rest_is_counted() -> None:
    lines = alarms("H1 m1 L1 l2")
    turn, seen = Turn(), []
    for second in (0, 3, 6):
        now = stand(lines, places(lines, 3), turn, second * S)
        turn = now.turn
        seen.append((names(now.lines), now.more))
    assert seen == [("H1 L1 m1", "+1 more"), ("H1 L1 l2", "+1 more"), ("H1 L1 m1", "+1 more")]
    alone = stand(lines[:1], Places(lines[:1], ()), turn, 9 * S)
    assert (names(alone.lines), alone.more, alone.turn) == ("H1", "", Turn())
