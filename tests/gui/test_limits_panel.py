"""The limits panel as a nurse with gloves uses it: touches, the words shown, the commands that leave it."""

from dataclasses import replace

import layout_eye
import pytest
import sample_limits as limits
import sample_screens
from panel_hands import NURSE, click, open_panel, press
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from monitor_app.core.alarm_commands import ApplyAutoLimits, ChooseIndication, SetLimit, SwitchRule
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.core.stamp import Actor
from monitor_app.ui.panels.auto_limits import NONE_YET
from monitor_app.ui.panels.limit_stepper import stepped
from monitor_app.ui.requests import UserChosen

LEAD = Actor("Ana Ruiz", "clinical lead")
FIELDS = sample_screens.FIELDS | {
    "limits.delays": "Heart rate (a new value within 5 s), alarm at worst after: tachycardia 8 s",
    "limits.cannot": "It cannot start the cuff: press START on the monitor.",
}


@pytest.fixture
def window(open_window):
    made = open_window((1366, 768), showing(limits.with_baseline()))
    made.user = NURSE
    return made


def showing(view):
    return replace(sample_screens.quiet(), phase=view.phase, fields=FIELDS, limits=lambda: view)


def show(window, view) -> None:
    window.show_screen(showing(view), 0)
    QApplication.processEvents()


def open_rule(window, title: str, sign: str = "Heart rate"):
    panel = open_panel(window, "limits")
    for name in sign.split(" > "):
        press(panel, name)
    press(panel, title)
    return panel


def texts(panel) -> str:
    shown = [*panel.findChildren(QLabel), *panel.findChildren(QPushButton)]
    return "\n".join(w.text() for w in shown if w.isVisible())


def steps(panel, key: str, times: int) -> None:
    for _ in range(times):
        click(panel.editor.stepper.keys[key])


class TestReading:
    def test_the_first_page_has_every_sign_and_the_presets_in_words(self, window) -> None:
        panel = open_panel(window, "limits")
        shown = texts(panel)
        for words in (
            "Heart rate\n120 high · 50 low",
            "Blood pressure\n160/100 high · 90 low",
            "SpO₂\n90 low",
            "Respiration\n30 high · 10 low",
            "All other rules",
            "Factory 2 > Pain 1",
            "Indication: Pain",
            "Infusion, as in the preset",
        ):
            assert words in shown

    def test_a_rule_shows_marker_limit_range_delay_and_who_changed_it(self, window) -> None:
        show(window, limits.changed())
        panel = open_panel(window, "limits")
        assert "Heart rate · 1 off" in texts(panel)
        press(panel, "Heart rate")
        row = panel.rows.rows["AL-HR-03"]
        lines = [w.text() for w in row.findChildren(QLabel)]
        assert lines[:4] == ["!!", "Tachycardia", "↑130 /min", "allowed 100 to 160 · after 3 s, at worst 4 s"]
        assert lines[4].endswith("by Kim Lee, was 120: walks in at 118, prescriber told")
        off = [w.text() for w in panel.rows.rows["AL-HR-04"].findChildren(QLabel)]
        assert off[2] == "off"
        assert "off: known, prescriber told" in off

    def test_the_rest_is_in_groups_of_its_own(self, window) -> None:
        show(window, limits.view())
        panel = open_panel(window, "limits")
        press(panel, "All other rules")
        shown = texts(panel)
        for title in (
            "Sedation and state",
            "Sensors and signals",
            "Program and computer",
            "Tasks of the visit",
        ):
            assert f"{title}\n" in shown
        press(panel, "Sedation and state")
        assert list(panel.rows.rows) == [rule.rule for rule in limits.view().groups[4].rules]
        press(panel, "Back")
        assert panel.page == "rest"

    def test_what_the_monitor_allows_is_said_as_before(self, window) -> None:
        panel = open_panel(window, "limits")
        press(panel, "What this monitor allows…")
        assert FIELDS["limits.delays"] in panel.equipment.text()
        assert f"cannot do: {FIELDS['limits.cannot']}" in panel.equipment.text()

    def test_on_a_large_screen_it_stands_on_the_first_page(self, open_window) -> None:
        panel = open_panel(open_window((1920, 1080), showing(limits.view())), "limits")
        assert FIELDS["limits.delays"] in texts(panel)
        assert not panel.home.monitor.isVisible()

    def test_back_leads_up_page_by_page(self, window) -> None:
        panel = open_rule(window, "Tachycardia")
        press(panel, "Switch off…")
        pages = []
        for _ in range(3):
            press(panel, "Back")
            pages.append(panel.page)
        assert pages == ["rule", "rules", "home"]
        assert not panel.back.isVisible()


class TestSetting:
    def test_steps_and_set_send_one_command(self, window) -> None:
        panel = open_rule(window, "Tachycardia")
        assert not panel.editor.take.isEnabled()
        steps(panel, "up_much", 2)
        assert panel.editor.words.text() == (
            "120 /min → 130 /min in all phases. It alarms later or less often. Allowed: 100 to 160 /min."
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
        assert panel.editor.why.text() == "Who is here…"
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
        assert "210 is outside 130 to 200 /min; only the clinical lead" in panel.editor.words.text()
        press(panel, "Who is here…")
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
        line = sample_screens.FeedLine("refused-1", "Not done: the presets cannot be read", refused=True)
        window.show_screen(replace(showing(limits.view()), feed=(line,)), 0)
        assert panel.refusal.text() == line.text
        press(panel, "Back")
        assert not panel.refusal.isVisible()


class TestRuleOff:
    def test_a_reason_at_one_touch(self, window) -> None:
        panel = open_rule(window, "Tachycardia")
        press(panel, "Switch off…")
        assert not panel.switch.take.isEnabled()
        assert "on again in the next phase" in panel.switch.words.text()
        press(panel, "Cause is being treated")
        press(panel, "Switch off")
        assert window.heard == [SwitchRule("AL-HR-03", on=False, by=NURSE, reason="Cause is being treated")]
        assert panel.page == "rule"

    def test_a_high_alarm_is_refused_with_the_sentence(self, window) -> None:
        panel = open_rule(window, "Asystole")
        press(panel, "Switch off…")
        assert panel.switch.words.text() == (
            "Asystole is a HIGH alarm: it cannot be switched off during or after the infusion."
        )
        assert not panel.switch.take.isEnabled()
        assert not panel.switch.reason.isEnabled()

    def test_a_low_one_needs_no_reason(self, window) -> None:
        panel = open_rule(window, "Low perfusion", "All other rules > Sensors and signals")
        press(panel, "Switch off…")
        assert "until it is switched on again" in panel.switch.words.text()
        press(panel, "Switch off")
        assert window.heard == [SwitchRule("TE-05", on=False, by=NURSE, reason="")]

    def test_on_again_is_one_touch(self, window) -> None:
        show(window, limits.changed())
        panel = open_rule(window, "Heart rate high for a minute")
        assert "off: known, prescriber told" in panel.hint.text()
        press(panel, "Switch on again")
        assert window.heard == [SwitchRule("AL-HR-04", on=True, by=NURSE)]

    def test_without_a_patient_nothing_is_switched_off(self, window) -> None:
        show(window, limits.view(Phase.SCHED))
        panel = open_rule(window, "Tachycardia")
        press(panel, "Switch off…")
        assert panel.switch.words.text().startswith("No patient is monitored")


TIGHTER = ("HR low", "HR high", "SYS low", "SYS high", "DIA high", "MAP low", "RR high")


class TestFromBaseline:
    @pytest.fixture
    def panel(self, window):
        made = open_panel(window, "limits")
        press(made, "From baseline…")
        return made

    def test_every_proposal_stands_beside_what_is_in_force(self, panel) -> None:
        """The numbers are those of the example in clinical.md §5.6."""
        cells = {name: cell.text() for name, cell in panel.auto.cells.items()}
        assert cells["HR low"] == "✓ HR low\n50 → 57.6 /min\nformula 57.6"
        assert cells["HR high"] == "✓ HR high\n120 → 100 /min\n90, kept in range"
        assert cells["SYS high"] == "✓ SYS high\n160 → 144.6 mmHg\nformula 144.6"
        assert cells["DIA low"] == "DIA low\nno alarm for it\nformula 59 mmHg"
        assert cells["RR low"].startswith("○ RR low · LOOSER\n")
        assert panel.hint.text() == "Baseline 124/78, HR 72, RR 14\nSpO₂ stays as it is."

    def test_what_tightens_is_ticked_and_one_touch_sets_it(self, window, panel) -> None:
        press(panel, f"Set {len(TIGHTER)} limits")
        assert window.heard == [ApplyAutoLimits(TIGHTER, NURSE)]

    def test_what_loosens_is_ticked_by_a_person_only(self, window, panel) -> None:
        marked = {name for name, cell in panel.auto.cells.items() if "LOOSER" in cell.text()}
        assert "RR low" in marked
        assert not any(panel.auto.cells[name].isChecked() for name in marked)
        press(panel, "RR low")
        show(window, limits.with_baseline())
        assert panel.auto.cells["RR low"].text().startswith("✓ RR low · LOOSER")
        press(panel, f"Set {len(TIGHTER) + 1} limits")
        assert "RR low" in window.heard[0].labels

    def test_one_can_be_left_out(self, window, panel) -> None:
        press(panel, "HR low")
        assert panel.auto.cells["HR low"].text().startswith("○")
        show(window, limits.with_baseline())
        press(panel, f"Set {len(TIGHTER) - 1} limits")
        assert "HR low" not in window.heard[0].labels
        assert panel.auto.cells["DIA low"].isEnabled() is False

    def test_none_ticked_sets_nothing(self, panel) -> None:
        for name, cell in panel.auto.cells.items():
            if cell.isEnabled() and cell.isChecked():
                press(panel, name)
        assert not panel.auto.take.isEnabled()

    def test_without_a_baseline_it_says_what_is_missing(self, window) -> None:
        show(window, limits.view())
        panel = open_panel(window, "limits")
        press(panel, "From baseline…")
        assert NONE_YET in texts(panel)


class TestIndication:
    def test_before_the_infusion_it_is_one_touch(self, window) -> None:
        show(window, limits.view(Phase.BASE))
        panel = open_panel(window, "limits")
        press(panel, "Indication: Pain")
        assert panel.chips.value == "Pain"
        press(panel, "Depression")
        press(panel, "None")
        assert window.heard == [ChooseIndication("Depression", NURSE), ChooseIndication("", NURSE)]
        assert panel.chips.value == "Pain"  # until the bedside says otherwise

    def test_in_the_infusion_it_says_why_not(self, window) -> None:
        panel = open_panel(window, "limits")
        press(panel, "Indication: Pain")
        assert not panel.chips.isEnabled()
        assert "before the infusion begins" in panel.late.text()


PAGES = {
    "heart rate": lambda panel: panel.home.group.emit(0),
    "pressure": lambda panel: panel.home.group.emit(1),
    "rest": lambda panel: panel.home.page.emit("rest"),
    "signals": lambda panel: panel.home.group.emit(5),
    "baseline": lambda panel: panel.home.page.emit("auto"),
    "indication": lambda panel: panel.home.page.emit("indication"),
    "monitor": lambda panel: panel.home.page.emit("monitor"),
}


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)], ids=lambda size: f"{size[0]}")
def test_every_page_is_whole_and_can_be_touched_with_gloves(open_window, size) -> None:
    view = limits.changed(limits.LONG[:120], limits.LONG[:120])
    window = open_window(size, showing(replace(limits.with_baseline(), groups=view.groups, rules=view.rules)))
    window.user = NURSE
    panel = open_panel(window, "limits")
    least = window.look.metrics.button_px - 1
    rules = view.rules if size == (1366, 768) else ("AL-HR-08", "AL-SP-03", "AL-HR-04", "AL-SD-01")
    for name in ("", *PAGES, *rules):
        if name in view.rules:
            panel.rows.chosen.emit(name)
        elif name:
            PAGES[name](panel)
        QApplication.processEvents()
        layout_eye.assert_panel_whole(panel)
        for key in panel.findChildren(QPushButton):
            if key.isVisible():
                assert key.height() >= least, f"{name}: {key.text()!r}"
                assert key.width() >= least, f"{name}: {key.text()!r}"
                assert key.accessibleName() or key.text()


def test_the_pressure_panel_leads_to_the_limits(window) -> None:
    press(open_panel(window, "nibp"), "Limits…")
    assert window.panels.key == "limits"
