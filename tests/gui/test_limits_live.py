"""The limits panel on a live bedside: what is touched becomes the alarm system's own, and comes back to the screen."""

import json

import pytest
import visit_hands
from panel_hands import NURSE, click, press
from PySide6.QtWidgets import QApplication

from monitor_app.core.alarm_commands import SetLimit
from monitor_app.core.commands import Command
from monitor_app.core.journal import Baseline, BaselineEntry, LimitEntry, RefusalEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.resources_path import resource_path
from monitor_app.services.headless import HeadlessChair
from monitor_app.ui.chair_screen import ChairScreen
from tests.monitor_app.services.bedside.bench import SOURCE, Bench
from tests.monitor_app.services.bedside.restart import restarted


class Chair:
    """A bench bedside with a window over it."""

    def __init__(self, qtbot) -> None:
        self.bench = Bench()
        self.bench.bedside.begin()
        self.bench.plug()
        self.screen = ChairScreen(self.bench.display)
        self.window = self.screen.window
        self.window.user = NURSE
        self.window.panels._slide_ms = 0
        self.window.px_per_mm = 96 / 25.4
        qtbot.addWidget(self.window, before_close_func=lambda made: made.close_now())
        self.window.resize(1366, 768)
        self.window.show()
        self.window.asked.connect(self._ask)

    def _ask(self, what: object) -> None:
        if isinstance(what, Command):
            self.bench.do(what)
        self.look()

    def look(self) -> None:
        self.screen.refresh(0)
        QApplication.processEvents()

    def run(self, seconds: float) -> None:
        self.bench.run(seconds)
        self.look()

    def open_limits(self):
        self.window.open_panel("limits")
        return self.window.panels.current

    def feed(self) -> list[str]:
        return [line.text for line in self.screen.screen.feed]


@pytest.fixture
def chair(qtbot):
    made = Chair(qtbot)
    made.bench.enter(Phase.CHECKIN, Phase.BASE)
    made.run(2)
    return made


def test_a_limit_set_at_the_panel_alarms_is_recorded_and_says_who(chair) -> None:
    panel = chair.open_limits()
    assert "Factory" in panel.hint.text()
    press(panel, "Heart rate")
    press(panel, "Tachycardia")
    for _ in range(4):
        click(panel.editor.stepper.keys["down_much"])
    press(panel, "Why…")
    panel.editor.reason.setText("prescriber asked for 100")
    press(panel, "Set 100 /min")
    chair.run(1)
    assert panel.editor.take.text() == "In force"
    assert "by K. L., was 120: prescriber asked for 100" in panel.editor.words.text()
    assert "Tachycardia: above 100 /min · recorded" in chair.feed()
    newest = chair.bench.of(LimitEntry)[-1]
    assert (newest.rule, newest.parameter, newest.value) == ("AL-HR-03", "limit_per_min", 100)
    assert (newest.by, newest.reason) == (NURSE, "prescriber asked for 100")
    lines = [
        (line.strong, line.rest)
        for tile in chair.screen.screen.tiles
        if tile.key == "HR"
        for line in tile.lines
    ]
    assert ("100", "high") in lines
    chair.bench.monitors[SOURCE][0].numbers.update(HR=106.0, PR=106.0)
    chair.run(8)
    assert "AL-HR-03" in chair.bench.standing()
    press(panel, "Back")
    press(panel, "Back")
    assert "1 changed" in panel.hint.text()


def test_a_rule_off_is_shown_and_on_again(chair) -> None:
    panel = chair.open_limits()
    press(panel, "Blood pressure")
    press(panel, "Hypotension")
    press(panel, "Switch off…")
    press(panel, "Known, prescriber told")
    press(panel, "Switch off")
    chair.run(1)
    assert "off: Known, prescriber told" in panel.hint.text()
    press(panel, "Switch on again")
    chair.run(1)
    assert panel.hint.text() == ""
    assert not chair.bench.of(RefusalEntry)


def test_the_baselines_limits_are_set_together(chair) -> None:
    bench = chair.bench
    entry = BaselineEntry(bench.bedside.clock.stamp(), Baseline(124, 78, 72, 98, 14, 93), (), NURSE)
    bench.bedside.journal.write(entry)
    chair.run(1)
    panel = chair.open_limits()
    press(panel, "From baseline…")
    press(panel, "Set 7 limits")
    chair.run(1)
    assert "7 limits set · recorded" in chair.feed()
    assert panel.auto.cells["SYS high"].text().splitlines()[1] == "144.6 mmHg in force"
    assert not panel.auto.take.isEnabled()


def test_an_indication_before_the_infusion_and_none_after(chair) -> None:
    panel = chair.open_limits()
    press(panel, "Indication: none")
    press(panel, "Depression")
    chair.run(1)
    assert panel.chips.value == "Depression"
    assert "> Depression" in panel.hint.text()
    chair.bench.enter(Phase.READY, Phase.INF)
    chair.run(1)
    assert not panel.chips.isEnabled()
    press(panel, "Back")
    assert "Indication: Depression" in {b.text() for b in (panel.home.indication,)}


def test_what_only_the_bedside_can_refuse_is_said_in_the_panel(chair) -> None:
    chair.window.user = Actor("Max", "auditor")
    chair.look()
    panel = chair.open_limits()
    press(panel, "Heart rate")
    press(panel, "Bradycardia")
    click(panel.editor.stepper.keys["up"])
    press(panel, "Set 51 /min")
    chair.run(1)
    assert "looks on" in panel.refusal.text()
    assert panel.editor.stepper.value == 51


def test_after_a_restart_the_panel_still_knows_who_changed_what(chair) -> None:
    chair.bench.do(SetLimit("AL-HR-03", "limit_per_min", 125, NURSE, "athlete"))
    chair.bench.run(1)
    again = restarted(chair.bench)
    view = again.display.limits.view(again.state)
    assert view.changes == 1
    assert view.rules["AL-HR-03"].changed.endswith("by K. L., was 120: athlete")


def test_in_the_demo_window_the_day_begins_with_the_limits(qtbot, tmp_path) -> None:
    """The chair of ``chairside demo``: check in, choose the indication, set a limit, and find both in the record."""
    scenario = json.loads((resource_path("scenarios") / "S01.json").read_text(encoding="utf-8"))
    path = tmp_path / "S01-limits.json"
    path.write_text(json.dumps(scenario), encoding="utf-8")
    demo = HeadlessChair(path, seed=7, data_dir=tmp_path / "data")
    try:
        hands = visit_hands.Hands(qtbot, demo, tmp_path / "pictures")
        hands.window.panels.close_panel()
        hands.window.open_panel("limits")
        hands.press("Indication: none")
        hands.press("Pain")
        hands.wait(1)
        hands.press("Back")
        hands.press("Blood pressure")
        hands.press("Hypertension")
        for _ in range(2):
            click(hands.panel.editor.stepper.keys["down_much"])
        hands.press("Set 150 mmHg")
        hands.wait(1)
        hands.picture("limit")
        view = hands.screen.screen.limits()
        assert view.versions.endswith("Pain 1")
        assert view.rules["AL-BP-02"].head == "SYS ↑150 · DIA ↑100 mmHg"
        assert "Robin Hale, was 160" in view.rules["AL-BP-02"].changed
        assert any("Hypertension: systolic above 150 mmHg" in line for line in hands.feed())
    finally:
        demo.close()


def test_the_view_is_made_anew_only_when_something_changed(chair) -> None:
    def view():
        return chair.bench.display.limits.view(chair.bench.state)

    before = view()
    chair.bench.run(2)
    assert view() is before
    chair.bench.do(SetLimit("AL-SP-02", "limit_percent", 91, NURSE))
    assert view() is not before
    assert view().rules["AL-SP-02"].head == "↓91 %"
