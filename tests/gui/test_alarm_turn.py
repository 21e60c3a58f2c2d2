"""Turns on the alarm bar: each stands its three seconds, whatever comes and goes meanwhile (clinical.md §5.2)."""

from monitor_app.ui.alarm_turn import TURN_NS, Turn, next_turn

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
