"""The list of alarms: each with its own key, and below them what is paused or off and by whom (clinical.md §5.4, §5.5)."""

from dataclasses import replace

import pytest
import sample_screens as samples
import sample_states as states
from layout_eye import assert_panel_whole, assert_whole
from panel_hands import open_panel, press
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton

from monitor_app.core import commands
from monitor_app.core.alarm_commands import PauseAlarms
from monitor_app.ui.look import Look
from monitor_app.ui.panels.alarm_cards import StateIcon, WholeRows, alarm_card, key_name
from monitor_app.ui.style import DARK, LIGHT, NIGHT
from monitor_app.ui.style_sheet import style_sheet

SIZES = [(1920, 1080), (1366, 768)]


def texts(panel) -> list[str]:
    return [words.text() for words in panel.findChildren(QLabel) if words.isVisibleTo(panel) and words.text()]


def test_each_alarm_is_acknowledged_by_its_own_rule(open_window) -> None:
    window = open_window(screen=samples.high())
    panel = open_panel(window, "alarms")
    press(panel, "Acknowledge SYS 168")
    press(panel, "Acknowledge SpO₂ 84")
    assert window.heard == [
        commands.Acknowledge(window.user, "AL-BP-02"),
        commands.Acknowledge(window.user, "AL-SP-01"),
    ]


@pytest.mark.parametrize(
    ("rule", "words", "name"),
    [
        ("AL-BP-02", "SYS ↑168 > 160", "SYS 168"),
        ("AL-SP-01", "SpO₂ ↓84 < 85", "SpO₂ 84"),
        ("AL-BP-01", "SYS ↑184 ≥ 180", "SYS 184"),
        ("TE-01-M", "ECG lead off: LA", "ECG lead off"),
        ("WF-00", "Sedation (MOAA/S) overdue 2 min", "Sedation (MOAA/S) overdue 2 min"),
        ("AL-BP-01", "Two readings one after the other", "Severe hypertension"),
    ],
)
def test_a_key_names_its_alarm_without_its_limit(rule, words, name) -> None:
    assert key_name(replace(samples.SYS_168, rule=rule, headline=words)) == name


def test_a_long_name_is_whole_for_a_reader_and_in_words_on_the_key(qtbot) -> None:
    line = replace(samples.LEAD_OFF, rule="WF-00", headline="Sedation (MOAA/S) overdue", unacknowledged=True)
    card = alarm_card(line, Look(), lambda: None)
    qtbot.addWidget(card)
    key = card.findChild(QPushButton)
    assert key.text() == "Acknowledge\nSedation (MOAA/S)…"
    assert key.accessibleName() == "Acknowledge Sedation (MOAA/S) overdue"


def test_a_picture_between_press_and_release_takes_no_key_away(open_window) -> None:
    screen = samples.medium()
    window = open_window(screen=screen)
    panel = open_panel(window, "alarms")
    QApplication.processEvents()
    key = next(b for b in panel.findChildren(QPushButton) if b.accessibleName() == "Acknowledge SYS 168")
    lines = (samples.SPO2_84, replace(samples.SYS_168, detail="cuff 140"))
    later = replace(screen, alarm_bar=replace(screen.alarm_bar, lines=lines, states=(states.SOUND_OFF,)))
    QTest.mousePress(key, Qt.MouseButton.LeftButton)
    window.show_screen(later, 0)
    assert "cuff 140" not in texts(panel)
    QTest.mouseRelease(key, Qt.MouseButton.LeftButton)
    assert window.heard == [commands.Acknowledge(window.user, "AL-BP-02")]
    window.show_screen(later, 0)
    QApplication.processEvents()
    assert "cuff 140" in texts(panel)


WAITING = (
    samples.SPO2_84,
    samples.SYS_168,
    replace(samples.SYS_168, rule="AL-HR-02", headline="HR ↑131 > 120", detail="Tachycardia · 12 s"),
    replace(samples.LEAD_OFF, unacknowledged=True),
)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}")
def test_a_gloved_finger_beside_a_key_meets_no_other_alarm(open_window, size) -> None:
    """Each key is inside its own card; from it to the next card, and to the card of questions, are 24 px and more."""
    window = open_window(size, replace(samples.high(), alarm_bar=replace(samples.BAR, lines=WAITING)))
    panel = open_panel(window, "alarms")
    QApplication.processEvents()
    cards = [frame for frame in panel.findChildren(QFrame) if is_card(frame)]
    keys = [card.findChild(QPushButton) for card in cards]
    assert [key.accessibleName() for key in keys] == [
        "Acknowledge SpO₂ 84",
        "Acknowledge SYS 168",
        "Acknowledge HR 131",
        "Acknowledge ECG lead off",
    ]
    gap = window.look.px(24)
    question = next(words for words in panel.findChildren(QLabel) if words.text() == "Blood pressure")
    for card, key in zip(cards, keys, strict=True):
        assert place(panel, card).contains(place(panel, key))
        assert_whole(key)
        reach = place(panel, key).adjusted(-gap, -gap, gap, gap)
        others = [other for other in cards if other is not card]
        assert not any(reach.intersects(place(panel, other)) for other in (*others, question))


def is_card(frame) -> bool:
    return not isinstance(frame, QLabel) and str(frame.property("role")).startswith("card_")


def place(panel, widget) -> QRect:
    return QRect(widget.mapTo(panel, widget.rect().topLeft()), widget.size())


@pytest.mark.parametrize("palette", [DARK, LIGHT, NIGHT], ids=["dark", "light", "night"])
def test_a_card_has_its_priority_s_colour_and_symbol(qtbot, palette) -> None:
    look = Look(palette)
    for line, symbol in ((WAITING[0], "!!!"), (WAITING[1], "!!"), (WAITING[3], "!")):
        card = alarm_card(line, look, lambda: None)
        qtbot.addWidget(card)
        card.setStyleSheet(style_sheet(look))
        card.resize(400, 70)
        edge = card.grab().toImage().pixelColor(look.px(4), 35)
        assert edge.name().upper() == palette.fill(line.priority)
        assert any(words.text().startswith(f"{symbol} ") for words in card.findChildren(QLabel))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}")
@pytest.mark.parametrize("name", ["sound_off", "alarms_paused", "everything"])
def test_no_row_is_cut_through(open_window, size, name) -> None:
    panel = open_panel(open_window(size, states.ALL[name]()), "alarms")
    QApplication.processEvents()
    assert_no_row_cut(panel)


@pytest.mark.parametrize("count", range(3, 9))
def test_acknowledged_alarms_without_keys_are_not_cut_either(open_window, count) -> None:
    lines = tuple(replace(samples.LEAD_OFF, rule=f"TE-{number}") for number in range(count))
    bar = replace(samples.BAR, lines=lines, states=(states.SOUND_OFF, states.RULE_OFF))
    panel = open_panel(open_window((1366, 768), replace(samples.high(), alarm_bar=bar)), "alarms")
    QApplication.processEvents()
    assert_no_row_cut(panel)


def assert_no_row_cut(panel) -> None:
    page = panel.findChild(WholeRows)
    shown = page.viewport().rect()
    for words in page.findChildren(QLabel):
        at = QRect(words.mapTo(page.viewport(), words.rect().topLeft()), words.size())
        assert shown.contains(at) or not shown.intersects(at), words.text()
        assert_whole(words)


def test_what_does_not_fit_whole_is_reached_by_scrolling(open_window) -> None:
    panel = open_panel(open_window((1366, 768), states.everything()), "alarms")
    QApplication.processEvents()
    page = panel.findChild(WholeRows)
    heading = next(words for words in page.findChildren(QLabel) if words.text() == "Paused or off")
    assert heading.visibleRegion().isEmpty()
    assert page.verticalScrollBar().isVisible()
    page.verticalScrollBar().setValue(page.verticalScrollBar().maximum())
    assert heading.visibleRegion().boundingRect() == heading.rect()


def test_paused_alarms_are_put_on_again_where_it_is_said(open_window) -> None:
    window = open_window(screen=states.alarms_paused())
    press(open_panel(window, "alarms"), "Alarms on again")
    assert window.heard == [PauseAlarms(window.user, 0.0)]


def test_every_state_has_its_icon_under_a_heading_of_its_own(open_window) -> None:
    panel = open_panel(open_window(screen=states.everything()), "alarms")
    shown = texts(panel)
    titles = ["Alarm sound off", "Sensors off 0:09", "Alarm off: Tachycardia"]
    assert all(shown.index(title) > shown.index("Paused or off") for title in titles)
    assert len(panel.findChildren(StateIcon)) == len(titles)


def test_a_pause_names_who_asked_for_it_and_counts_down_in_its_place(open_window) -> None:
    window = open_window(screen=states.alarms_paused())
    panel = open_panel(window, "alarms")
    shown = texts(panel)
    at = shown.index("Alarms paused 1:42")
    assert shown[at - 2 : at + 2] == [
        "Alarms paused · none is announced",
        "Paused or off",
        "Alarms paused 1:42",
        "by RN Ito",
    ]
    before = panel._states["ALARM PAUSED"]
    bar = states.alarms_paused().alarm_bar
    later = replace(bar, states=(replace(bar.states[0], countdown_text="1:41"),))
    window.show_screen(replace(states.alarms_paused(), alarm_bar=later), 0)
    assert panel._states["ALARM PAUSED"] is before
    assert "Alarms paused 1:41" in texts(panel)
    assert "Alarms paused 1:42" not in texts(panel)


@pytest.mark.parametrize(
    ("screen", "words"),
    [
        (states.sound_off, ["Alarm sound off", "until the next phase · by Dr. Kim Lind"]),
        (states.rule_off, ["Alarm off: Tachycardia", "athlete, known sinus tachycardia · by RN Ito"]),
        (states.sensors_off, ["Sensors off 4:12", "toilet · with the patient: Ann Lee"]),
    ],
)
def test_what_is_off_stands_with_why_and_by_whom(open_window, screen, words) -> None:
    shown = texts(open_panel(open_window(screen=screen()), "alarms"))
    assert shown[shown.index(words[0]) :][:2] == words


def test_the_list_follows_a_state_that_ends(open_window) -> None:
    window = open_window(screen=states.rule_off())
    panel = open_panel(window, "alarms")
    window.show_screen(samples.quiet(), 0)
    QApplication.processEvents()
    assert "No alarms" in texts(panel)
    assert not any("Tachycardia" in text for text in texts(panel)), texts(panel)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}")
@pytest.mark.parametrize("name", ["sound_off", "alarms_paused", "everything"])
def test_pictures(open_window, tmp_path, size, name) -> None:
    window = open_window(size, states.ALL[name]())
    panel = open_panel(window, "alarms")
    QApplication.processEvents()
    window.grab().save(str(tmp_path / f"alarms-{name}-{size[0]}.png"))
    assert_panel_whole(panel)
