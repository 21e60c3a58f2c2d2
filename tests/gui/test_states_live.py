"""A nurse pauses, switches off and takes sensors off at the window of a simulated chair (clinical.md §5.3, §5.5, §5.6)."""

import pytest
import visit_hands
from panel_hands import click
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from monitor_app.core.alarm_commands import SwitchRule
from monitor_app.core.commands import RecordCare
from monitor_app.core.journal import PhaseEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.services.headless import HeadlessChair

LEAD = Actor("Lea Moor", "clinical lead")


@pytest.fixture
def chair(tmp_path):
    made = HeadlessChair("S01", seed=2, data_dir=tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def hands(qtbot, chair, tmp_path):
    made = visit_hands.Hands(qtbot, chair, tmp_path / "pictures", width=1920)
    chair.bedside.start_recording()
    made.wait(5)
    return made


def enter(hands, *phases: Phase) -> None:
    """Go straight into phases, past their guards."""
    bedside = hands.chair.bedside
    for phase in phases:
        entry = PhaseEntry(bedside.clock.stamp(), bedside.visit.phase, phase, visit_hands.NURSE, "")
        bedside._desk._before_phase(phase)
        bedside.journal.write(entry)
        bedside._desk._follow(entry, bedside.clock.t_ns())
    hands.wait(2)


def to_recovery(hands) -> None:
    enter(hands, Phase.READY, Phase.INF, Phase.REC)
    hands._ask(RecordCare("check", "MOAA/S 5", visit_hands.NURSE, {"moaas": 5}))


def bell(hands) -> None:
    """Touch the bell at the right of the alarm bar."""
    bar = hands.window.alarm_bar
    bar.grab()
    words = hands.screen.screen.alarm_bar.sound.text
    place = next(p.rect.center().toPoint() for p in bar.placed if p.text == words)
    hands.qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=place)


def marks(hands) -> list[tuple[str, str]]:
    return [(mark.title, mark.countdown_text) for mark in hands.screen.screen.alarm_bar.states]


def test_during_the_baseline_alarms_are_paused_while_the_leads_are_placed(hands) -> None:
    bell(hands)
    hands.press("Pause alarms 2:00")
    hands.wait(18)
    assert marks(hands) == [("Alarms paused", "1:42")]
    hands.picture("alarms-paused")
    hands.window.open_panel("alarms")
    shown = [words.text() for words in hands.panel.findChildren(QLabel)]
    assert {"Alarms paused 1:42", f"by {hands.window.user.name}"} <= set(shown)
    hands.press("Sound and pauses")
    hands.press("Alarms on again · 1:42 left")
    assert marks(hands) == []


def test_volume_and_pulse_tone_are_heard_at_once(hands) -> None:
    bell(hands)
    hands.press("2")
    burst = hands.chair.sounder.bursts[-1]
    assert (burst.urgency, burst.volume_step) == ("SOFT_MEDIUM", 2)
    assert hands.panel.volume.value == "2"
    hands.press("Pulse tone on")
    hands.wait(1)
    told = [line.text for line in hands.screen.screen.feed[:2]]
    name = hands.window.user.name
    assert told == [f"Pulse tone on · {name}", f"Alarm volume 2 of 4 · {name}"]
    hands.wait(19)
    pulses = [burst for burst in hands.chair.sounder.bursts if burst.urgency == "PULSE"]
    assert len(pulses) > 5
    assert all(90 <= int(burst.melody) <= 100 and burst.volume_step == 2 for burst in pulses)
    hands.press("Pulse tone off")
    count = len(hands.chair.sounder.bursts)
    hands.wait(5)
    assert "PULSE" not in {burst.urgency for burst in hands.chair.sounder.bursts[count:]}


def test_during_the_infusion_only_the_lead_switches_off_and_the_panel_says_why(hands) -> None:
    enter(hands, Phase.READY, Phase.INF)
    bell(hands)
    hands.picture("infusion-refusals")
    assert "Check-in and Baseline only" in hands.panel.pause_place.why.text()
    assert "never in the infusion" in hands.panel.sensors_place.why.text()
    assert "clinical lead" in hands.panel.off_place.why.text()
    hands.window.user = LEAD
    hands.look()
    hands.press("Sound off…")
    hands.press("Off until the next phase")
    assert marks(hands) == [("Alarm sound off", "")]
    hands.press("Close")
    hands.picture("sound-off")
    click(hands.window.action_row.button("pause_sound"))
    assert hands.window.panels.key == "sound"
    hands.press("Sound on again")
    assert marks(hands) == []
    hands.press("Sound off…")
    hands.press("Off until the next phase")
    enter(hands, Phase.REC)
    assert marks(hands) == []


def test_a_rule_that_is_off_is_seen_in_the_band_on_its_tile_and_in_the_trend(hands) -> None:
    enter(hands, Phase.READY, Phase.INF)
    hands._ask(SwitchRule("AL-HR-03", False, visit_hands.NURSE, "athlete"))
    assert marks(hands) == [("Alarm off: Tachycardia", "")]
    hands.picture("rule-off")
    tile = hands.window.tiles.tiles["HR"]
    tile.grab()
    texts = [placed.text for placed in tile.placed]
    assert "high off" in texts
    assert "120" not in texts
    assert hands.screen.screen.trend.limit_text == "SYS limit 160"
    hands._ask(SwitchRule("AL-BP-02", False, visit_hands.NURSE, "agreed with the prescriber"))
    assert hands.screen.screen.trend.limit is None


def test_sensors_off_by_two_answers_and_after_the_patient_left_nothing_is_shown(hands) -> None:
    to_recovery(hands)
    bell(hands)
    hands.press("Sensors off…")
    hands.press("toilet")
    hands.press("companion")
    hands.press("Sensors off 5:00")
    hands.wait(48)
    assert marks(hands) == [("Sensors off", "4:12")]
    bell(hands)
    hands.picture("sensors-off")
    hands.press("5 min more")
    assert marks(hands) == [("Sensors off", "9:12")]
    hands.look()
    assert not hands.panel.extend.isVisible()
    hands.press("Sensors on again · 9:12 left")
    assert marks(hands) == []
    enter(hands, Phase.DCA, Phase.DONE)
    hands.picture("patient-left")
    for tile in hands.window.tiles.tiles.values():
        tile.grab()
        assert not any(placed.text.strip("/").isdigit() for placed in tile.placed)
    assert {wave.stale_text for wave in hands.screen.screen.waves} == {"not monitored"}
    assert not hands.window.action_row.button("pause_sound").isEnabled()
