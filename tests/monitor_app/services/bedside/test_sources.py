"""Who speaks when several monitors give the same quantity: a table of every step, and what must hold of any course."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor_app.core.stamp import Stamp
from monitor_app.services.bedside.sources import (
    RETURN_NS,
    SETTLE_NS,
    Choice,
    Key,
    Offer,
    Ranking,
    Switch,
    Worth,
    choose,
    settling,
    switch_entries,
)

S = 1_000_000_000
G, D, N = Worth.GOOD, Worth.DOUBTFUL, Worth.NOTHING


def key(source: str) -> Key:
    return source, "HR"


def offers(*worths: Worth) -> list[Offer]:
    """Of sources a, b, c … in the order of preference."""
    return [
        Offer(key(source), worth, "" if worth is G else f"{worth.name.lower()} at {source}")
        for source, worth in zip("abc", worths, strict=False)
    ]


def course(steps: Sequence[tuple[float, Sequence[Worth]]]) -> str:
    """The letters of the sources chosen at each instant."""
    choice = Choice()
    chosen = ""
    for t_s, worths in steps:
        choice = choose(choice, offers(*worths), round(t_s * S))
        assert choice.key is not None
        chosen += choice.key[0]
    return chosen


@pytest.mark.parametrize(
    ("title", "steps", "chosen"),
    [
        ("the first of equals", [(0, (G, G, G)), (60, (G, G, G))], "aa"),
        ("nothing anywhere: the first is promised", [(0, (N, N)), (5, (N, N))], "aa"),
        ("lost: left at once", [(0, (G, G)), (20, (N, G))], "ab"),
        ("lost: the next one that has it", [(0, (G, G, G)), (20, (N, N, G))], "ac"),
        ("doubtful is left for good", [(0, (G, G)), (20, (D, G))], "ab"),
        ("doubtful is kept where the other has less", [(0, (G, G)), (20, (D, N))], "aa"),
        ("doubtful is kept where the other is doubtful too", [(0, (G, G)), (20, (D, D))], "aa"),
        ("a doubtful value is better than none", [(0, (G, G)), (20, (N, D))], "ab"),
        (
            "back after ten good seconds",
            [(0, (G, G)), (20, (N, G)), (30, (G, G)), (39.9, (G, G)), (40, (G, G))],
            "abbba",
        ),
        (
            "ten seconds without a break",
            [(0, (G, G)), (20, (N, G)), (21, (G, G)), (30, (N, G)), (31, (G, G)), (40, (G, G)), (41, (G, G))],
            "abbbbba",
        ),
        (
            "good for long, but the last change is not long ago",
            [(0, (G, G, G)), (20, (N, N, G)), (21, (G, N, G)), (25, (G, N, N)), (26, (G, G, G))],
            "accaa",
        ),
        ("nothing left: stay", [(0, (G, G)), (20, (N, G)), (25, (N, N)), (60, (N, N))], "abbb"),
        ("the preferred one is the only one: at once", [(0, (G, G)), (20, (N, G)), (22, (G, N))], "aba"),
        ("the preferred one begins a little later", [(0, (N, G)), (2.9, (G, G))], "ba"),
        (
            "the preferred one begins much later",
            [(0, (N, G)), (3, (G, G)), (12.9, (G, G)), (13, (G, G))],
            "bbba",
        ),
    ],
)
def test_table(title: str, steps: list[tuple[float, tuple[Worth, ...]]], chosen: str) -> None:
    assert course(steps) == chosen, title


def test_a_source_that_takes_no_part_any_more_is_left() -> None:
    choice = choose(Choice(key("gone"), 0, 0), offers(N, G), 20 * S)
    assert choice.key == key("b")
    assert choose(choice, [], 21 * S).key == key("b")


COURSE = st.lists(
    st.tuples(st.integers(1, 4000), st.tuples(*[st.sampled_from(list(Worth))] * 3)), min_size=1, max_size=80
)


@settings(max_examples=400, deadline=None)
@given(COURSE)
def test_it_never_flaps_and_always_has_the_best(steps: list[tuple[int, tuple[Worth, ...]]]) -> None:
    choice, t_ns = Choice(), 0
    last_change, good_for = -RETURN_NS, dict.fromkeys("abc", 0)
    for wait_ms, worths in steps:
        t_ns += wait_ms * 1_000_000
        good_for = {
            s: (good_for[s] or t_ns) if worth is G else 0 for s, worth in zip("abc", worths, strict=True)
        }
        before, began = choice.key, settling(choice, t_ns)
        choice = choose(choice, offers(*worths), t_ns)
        assert choice.key is not None
        serving = worths["abc".index(choice.key[0])]
        assert serving is max(worths), "there is always a source when any is good"
        if before is None or choice.key == before:
            continue
        left = worths["abc".index(before[0])]
        if left is serving and not began:
            # A choice, not a need: then not within ten seconds of the last, and for one that has proved itself.
            assert t_ns - last_change >= RETURN_NS
            assert t_ns - good_for[choice.key[0]] >= RETURN_NS
            assert "abc".index(choice.key[0]) < "abc".index(before[0])
        last_change = t_ns


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([G, N, D]), min_size=20, max_size=120))
def test_a_contact_that_comes_and_goes_moves_it_once_in_ten_seconds(of_a: list[Worth]) -> None:
    """Beside a steady second source, once a second."""
    choice, changes = Choice(), []
    for second, worth in enumerate(of_a):
        before = choice.key
        choice = choose(choice, offers(worth, G), second * S)
        if before not in (None, choice.key) and second * S > SETTLE_NS:
            changes.append(second)
    returns = [t for t in changes if of_a[t] is G]
    for t in returns:
        assert set(of_a[t - 10 : t + 1]) == {G}
    assert len(changes) <= 2 * (len(of_a) // 10 + 1)


def test_a_switch_says_from_where_to_where_and_why() -> None:
    ranking = Ranking()
    assert ranking.key("HR") is None
    assert ranking.review("HR", offers(G, G), 0) is None
    assert ranking.key("HR") == key("a")
    assert ranking.review("HR", offers(N, G), 20 * S) == Switch("HR", key("a"), key("b"), "nothing at a")
    assert ranking.review("HR", offers(G, G), 21 * S) is None
    back = ranking.review("HR", offers(G, G), 31 * S)
    assert back == Switch("HR", key("b"), key("a"), "the preferred monitor is back")


def test_the_beginning_is_no_switch() -> None:
    ranking = Ranking()
    assert ranking.review("HR", offers(N, N), 0) is None
    assert ranking.review("HR", offers(N, G), 60 * S) is None
    assert ranking.review("HR", offers(G, G), 61 * S) is None
    assert ranking.key("HR") == key("a")


def test_one_loss_is_one_entry_however_much_moves() -> None:
    stamp = Stamp(20 * S, 0)
    moved = [
        *(Switch(name, ("a", name), ("b", name), "connection lost") for name in ("PR", "SPO2", "PLETH")),
        Switch("ECG", ("a", "ECG_II"), ("a", "ECG_I"), "ECG_II no longer comes"),
    ]
    first, second = switch_entries(moved, stamp)
    assert first.code == "SOURCE_SWITCH"
    assert first.text == "PR, SPO2, PLETH now from b instead of a: connection lost"
    assert first.fields == {"quantities": "PR, SPO2, PLETH", "from": "a", "to": "b", "why": "connection lost"}
    assert (second.fields["from"], second.fields["to"]) == ("a ECG_II", "a ECG_I")
