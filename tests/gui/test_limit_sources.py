"""What else is done about limits: a rule switched off, limits from the baseline, the indication (clinical.md §5.6)."""

import pytest
import sample_limits as limits
from limit_hands import SMALL, from_baseline, open_rule, show, texts
from panel_hands import NURSE, open_panel, press

from monitor_app.core.alarm_commands import ApplyAutoLimits, ChooseIndication, SwitchRule
from monitor_app.core.phase import Phase
from monitor_app.ui.panels.auto_limits import NONE_YET

SIZE, SCREEN = SMALL, from_baseline


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
