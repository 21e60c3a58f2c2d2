"""Setting a number of a rule as a nurse with gloves does: touches, the commands that leave the panel, and what is refused."""

from dataclasses import replace

import pytest
import sample_limits as limits
from limit_hands import SMALL, from_baseline, open_rule, show, showing, steps, texts
from panel_hands import NURSE, click, press
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from monitor_app.core.alarm.limit_change import LimitChange
from monitor_app.core.alarm_commands import SetLimit
from monitor_app.core.phase import AlarmProfile
from monitor_app.core.stamp import Actor
from monitor_app.services.screen import FeedLine
from monitor_app.services.view.limit_refusal import refused
from monitor_app.ui.panels.limit_stepper import stepped
from monitor_app.ui.requests import UserChosen

SIZE, SCREEN = SMALL, from_baseline
LEAD = Actor("Ana Ruiz", "clinical lead")


class TestSetting:
    def test_steps_and_set_send_one_command(self, window) -> None:
        panel = open_rule(window, "Tachycardia")
        assert not panel.editor.take.isEnabled()
        steps(panel, "up_much", 2)
        assert panel.editor.words.text() == (
            "120 /min → 130 /min in all phases. It alarms later or less often. Limit can be set 100–160 /min."
        )
        press(panel, "Set 130 /min")
        assert window.heard == [SetLimit("AL-HR-03", "limit_per_min", 130, NURSE)]
        assert window.panels.key == "limits"

    def test_once_in_force_the_key_says_so(self, window) -> None:
        panel = open_rule(window, "Tachycardia")
        steps(panel, "up_much", 2)
        show(window, limits.changed())
        assert panel.editor.take.text() == "In force"
        assert "Changed " in panel.editor.words.text()
        assert "Other phases: Recovery 115." in panel.editor.words.text()

    def test_a_new_picture_does_not_move_a_number_being_set(self, window) -> None:
        panel = open_rule(window, "Tachycardia")
        steps(panel, "up", 3)
        show(window, limits.with_baseline())
        assert panel.editor.stepper.value == 123

    def test_for_this_phase_only(self, window) -> None:
        panel = open_rule(window, "Hypertension", "Blood pressure")
        press(panel, "Diastolic above 100 mmHg")
        press(panel, "Infusion only")
        steps(panel, "down_much", 1)
        press(panel, "Set 95 mmHg")
        assert window.heard == [SetLimit("AL-BP-02", "diastolic_mmhg", 95, NURSE, profile=AlarmProfile.INF)]

    def test_for_all_phases_where_one_has_its_own(self, window) -> None:
        show(window, limits.changed())
        panel = open_rule(window, "Tachycardia")
        assert panel.editor.this_phase.isChecked()
        press(panel, "All phases")
        steps(panel, "down_much", 1)
        press(panel, "Set 125 /min")
        assert window.heard == [SetLimit("AL-HR-03", "limit_per_min", 125, NURSE)]

    def test_a_rule_of_one_phase_asks_for_none(self, window) -> None:
        panel = open_rule(window, "No heart rate")
        assert not panel.editor.all_phases.isVisible()
        steps(panel, "down", 2)
        press(panel, "Set 8 s")
        assert window.heard == [SetLimit("AL-HR-09", "delay_s", 8, NURSE)]

    def test_how_an_alarm_ends_is_one_key_away(self, window) -> None:
        panel = open_rule(window, "Tachycardia")
        press(panel, "How it ends")
        press(panel, "Ends after 5 s")
        steps(panel, "up", 1)
        press(panel, "Set 6 s")
        assert window.heard == [SetLimit("AL-HR-03", "clear_s", 6, NURSE)]
        press(panel, "Its limits")
        assert "AL" not in texts(panel)
        assert panel.editor.stepper.value == 120

    def test_a_reason_may_be_given(self, window) -> None:
        panel = open_rule(window, "Tachycardia")
        assert not panel.editor.why.isEnabled()
        steps(panel, "up", 5)
        press(panel, "Why…")
        QTest.keyClicks(panel.editor.reason, "athlete ")
        press(panel, "Done")
        assert panel.editor.why.text() == "Why ✓"
        press(panel, "Set 125 /min")
        assert window.heard == [SetLimit("AL-HR-03", "limit_per_min", 125, NURSE, "athlete")]

    @pytest.mark.parametrize(
        ("value", "by", "fine", "moved"),
        [(57.6, 1, 1, 58), (57.6, -1, 1, 57), (57.6, 5, 1, 63), (120, -5, 1, 115), (0.4, 0.1, 0.1, 0.5)],
    )
    def test_steps_lead_to_whole_numbers(self, value, by, fine, moved) -> None:
        assert stepped(value, by, fine) == moved


class TestRefused:
    def test_no_key_moves_under_the_finger(self, window) -> None:
        panel = open_rule(window, "Extreme tachycardia")
        keys = panel.editor.stepper.keys
        before = {name: key.geometry() for name, key in keys.items()}
        steps(panel, "up_much", 7)
        QApplication.processEvents()
        assert panel.editor.why.accessibleName() == "Clinical lead is here…"
        assert {name: key.geometry() for name, key in keys.items()} == before

    def test_a_crossing_limit_is_refused_before_it_is_sent(self, window) -> None:
        panel = open_rule(window, "Tachycardia")
        steps(panel, "up_much", 5)
        assert (
            panel.editor.words.text()
            == "Tachycardia 145 /min must be no higher than Extreme tachycardia 140 /min."
        )
        assert not panel.editor.take.isEnabled()
        assert panel.editor.why.text() == "Why…"
        click(panel.editor.take)
        assert window.heard == []

    def test_beyond_the_range_a_nurse_fetches_the_lead_who_writes_the_reason(self, window) -> None:
        panel = open_rule(window, "Extreme tachycardia")
        steps(panel, "up_much", 7)
        assert panel.editor.words.text() == (
            "Above 210 /min is looser than the 200 /min a nurse may set; ask the clinical lead."
        )
        press(panel, "Clinical lead is here…")
        assert window.panels.key == "user"
        user = window.panels.current
        user.name.setText(LEAD.name)
        click(user.role.buttons["clinical lead"])
        press(user, "Take over")
        assert window.user == LEAD
        assert (window.panels.key, panel.page) == ("limits", "rule")
        assert panel.editor.reason.isVisible()
        assert "write down the reason" in panel.editor.words.text()
        assert not panel.editor.take.isEnabled()
        QTest.keyClicks(panel.editor.reason, "resting rate 150, SVT known")
        press(panel, "Set 210 /min")
        assert window.heard == [
            UserChosen(LEAD),
            SetLimit("AL-HR-02", "limit_per_min", 210, LEAD, "resting rate 150, SVT known"),
        ]

    def test_what_the_bedside_refuses_is_said_in_the_panel(self, window) -> None:
        panel = open_rule(window, "Tachycardia")
        line = FeedLine("refused-1", "Not done: the presets cannot be read", refused=True)
        window.show_screen(replace(showing(limits.view()), feed=(line,)), 0)
        assert panel.refusal.text() == line.text
        press(panel, "Back")
        assert not panel.refusal.isVisible()

    def test_every_refusal_stands_in_one_line_of_the_smallest_window(self, window) -> None:
        panel = open_rule(window, "Tachycardia")
        steps(panel, "up_much", 5)
        room, metrics = panel.editor.words.width(), panel.editor.words.fontMetrics()
        view = limits.view()
        for rule in view.rules.values():
            for number in rule.numbers:
                for value in (number.parameter.low - 0.5, number.parameter.high + 1):
                    change = LimitChange(rule.rule, number.parameter.key, value)
                    for by in (Actor("X", "prescriber"), LEAD):
                        sentence = refused(view, change, by=by)
                        assert sentence
                        assert metrics.horizontalAdvance(sentence) <= room, sentence
