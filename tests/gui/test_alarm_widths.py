"""Who stands on the alarm bar, and how wide: every HIGH alarm at every instant, at both sizes, whatever stands beside it."""

from dataclasses import replace
from itertools import product

import pytest
import sample_screens as samples
from layout_eye import assert_texts_fit

from monitor_app.core.priority import Priority
from monitor_app.services.screen import AlarmLine, SoundView
from monitor_app.ui.alarm_bar import AlarmBar
from monitor_app.ui.alarm_widths import Need, need_of, share_places, wordings
from monitor_app.ui.fonts import load_fonts
from monitor_app.ui.look import Look
from monitor_app.ui.metrics import REFERENCE_PX_PER_MM, Metrics

S = 1_000_000_000
LOOKS = {
    1904: Look(metrics=Metrics(1920, 1080, REFERENCE_PX_PER_MM)),
    1350: Look(metrics=Metrics(1366, 768, 96 / 25.4)),
}
HIGH = (
    ("SpO₂ ↓84 < 85 · CALL HELP", "Desaturation · oxygen? airway?"),
    ("SYS ↑184 ≥ 180", "Severe hypertension · symptoms? · confirmed by a second reading"),
    ("HR ↓38 < 40", "Bradycardia"),
    ("OVER · SpO₂ was ↓79 < 85", "Desaturation · not acknowledged"),
)
OTHER = (
    (Priority.MEDIUM, "HR ↑128 > 120", "Tachycardia · rate from pulse"),
    (Priority.LOW, "ECG lead off: LA", "rate from pulse"),
    (Priority.LOW, "Sedation (MOAA/S) overdue 2 min", "Observation overdue"),
)
STATES = (None, True, False)  # absent, waits, acknowledged
TABLE = [
    (high, known, others)
    for high in range(4)
    for known in range(min(high, 1) + 1)
    for others in product(STATES, repeat=3)
    if high or any(state is not None for state in others)
]


def alarm(rule: str, priority: Priority, words: tuple[str, str], *, waits: bool) -> AlarmLine:
    return AlarmLine(rule, priority, waits, False, words[0], words[1], "for 0:42")


def lines_of(high: int, known: int, others: tuple[bool | None, ...]) -> tuple[AlarmLine, ...]:
    """Return lines in the order of the bar; the last ``known`` of the HIGH ones are acknowledged."""
    first = [alarm(f"H{at}", Priority.HIGH, HIGH[at], waits=at < high - known) for at in range(high)]
    rest = [
        alarm(f"O{at}", priority, (words, told), waits=waits)
        for at, ((priority, words, told), waits) in enumerate(zip(OTHER, others, strict=True))
        if waits is not None
    ]
    rest.sort(key=lambda x: (-x.priority.rank, not x.unacknowledged))
    return (*first, *rest)


@pytest.fixture(params=LOOKS)
def bar(qtbot, request):
    load_fonts()
    made = AlarmBar()
    qtbot.addWidget(made)
    made.set_look(LOOKS[request.param])
    made.resize(request.param, 60)
    return made


def standing(bar: AlarmBar, lines: tuple[AlarmLine, ...], at_ns: int) -> list[AlarmLine]:
    """Return what can be read on the bar: a headline in one of its wordings."""
    bar.show_view(replace(samples.BAR, lines=lines), at_ns)
    bar.grab()
    assert_texts_fit(bar)
    texts = [placed.text for placed in bar.placed]
    assert not any("…" in text for text in texts)
    found = [
        x for x in lines if any(f"!  {words}" in text for words in wordings(x.headline) for text in texts)
    ]
    more = len(lines) - len(found)
    assert [text for text in texts if "more" in text] == ([f"+{more} more"] if more else [])
    return found


def test_every_high_alarm_stands_at_every_instant(bar) -> None:
    for high, known, others in TABLE:
        lines = lines_of(high, known, others)
        cycle = [standing(bar, lines, second * S) for second in (0, 3, 6)]
        always = [x for x in lines if all(x in shown for shown in cycle)]
        assert all(x in always for x in lines[:high]), lines
        assert lines[0] in always
        waiting = [x for x in lines[max(high, 1) :] if x.unacknowledged]
        if not all(x in always for x in waiting):
            assert not any(not x.unacknowledged for shown in cycle for x in shown[max(high, 1) :]), lines


@pytest.mark.parametrize(
    "sound",
    [
        SoundView("paused", "Sound paused", "1:42"),
        SoundView("missing", "No sound: this computer has no output"),
    ],
)
def test_why_there_is_no_sound_gives_way_to_what_is_high(bar, sound) -> None:
    lines = lines_of(3, 0, (True, True, False))
    bar.show_view(replace(samples.BAR, lines=lines, sound=sound), 0)
    bar.grab()
    assert_texts_fit(bar)
    texts = [placed.text for placed in bar.placed]
    assert sum(text.startswith("!!!") for text in texts) == 3
    assert any(text.startswith(sound.text.partition(":")[0]) for text in texts)


def test_more_high_alarms_than_have_room_take_turns_among_themselves(bar) -> None:
    bar.resize({1904: 1200, 1350: 1000}[bar.width()], 60)
    first, *older = lines_of(3, 0, (True, None, None))
    lines = (first, replace(first, rule="H8", headline="MAP ↓48 < 55"), *older)
    cycle = []
    for second in range(0, 12, 3):
        bar.show_view(replace(samples.BAR, lines=lines), second * S)
        bar.grab()
        assert_texts_fit(bar)
        cycle.append([placed.text for placed in bar.placed if placed.text.startswith("!")])
    assert all(text.startswith("!!!") for heads in cycle for text in heads)
    assert all("SpO₂" in heads[0] for heads in cycle)
    assert {len(heads) for heads in cycle} == {len(cycle[0])}
    assert {text.split()[1] for heads in cycle for text in heads} == {"SpO₂", "SYS", "MAP", "HR"}


def test_long_headlines_without_a_number_still_fit_their_places(bar) -> None:
    words = ("CHAIRSIDE HAS STOPPED", "Record cannot be written", "No breath 0:32 · CALL HELP", "Asystole")
    lines = tuple(alarm(f"H{at}", Priority.HIGH, (text, "call"), waits=True) for at, text in enumerate(words))
    for count in range(1, 5):
        seen = set()
        for second in range(0, 12, 3):
            bar.show_view(replace(samples.BAR, lines=lines[:count]), (12 * count + second) * S)
            bar.grab()
            assert_texts_fit(bar)
            seen |= {placed.text.split()[1] for placed in bar.placed if placed.text.startswith("!!!")}
        assert seen == {text.split()[0] for text in words[:count]}


@pytest.mark.parametrize(
    ("headline", "forms"),
    [
        ("SpO₂ ↓84 < 85", ("SpO₂ ↓84", "SpO₂ ↓84 < 85")),
        ("SYS ↑184 ≥ 180 · CALL HELP", ("SYS ↑184", "SYS ↑184 ≥ 180", "SYS ↑184 ≥ 180 · CALL HELP")),
        ("ECG lead off: LA", ("ECG lead off: LA", "ECG lead off: LA")),
        ("OVER · SpO₂ was ↓79 < 85", ("OVER · SpO₂ was ↓79", "OVER · SpO₂ was ↓79 < 85")),
    ],
)
def test_a_headline_gives_up_its_last_clauses_then_its_limit(headline, forms) -> None:
    assert wordings(headline) == forms


def test_places_fill_the_room_and_none_is_below_its_words(bar) -> None:
    for high, known, others in TABLE:
        lines = lines_of(high, known, others)
        needs = {x.rule: need_of(f"!!!  {x.headline}", x.detail, bar.look) for x in lines}
        for edge in (1400.0, 1200.0, 1000.0):
            found, widths = share_places(lines, needs, edge, bar.look)
            assert sum(widths) <= edge + 0.01
            assert len(widths) == found.count
            for line, width in zip(found.fixed[2:], widths[2:], strict=False):
                assert width >= needs[line.rule].short - 0.01


def test_a_shared_place_has_room_for_each() -> None:
    both = Need((10, 20, 40), 90) | Need((15, 18), 100)
    assert both == Need((15, 20, 40), 100)


def test_what_is_known_gets_no_more_than_its_words_before_what_waits_has_its_detail() -> None:
    lines = lines_of(1, 0, (None, False, None))
    needs = {"H0": Need((100, 150, 200), 400), "O1": Need((120, 120), 500)}
    for edge, widths in ((1000.0, [500, 500]), (600.0, [400, 200]), (350.0, [230, 120])):
        assert share_places(lines, needs, edge, Look())[1] == widths
