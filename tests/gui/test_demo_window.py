"""The panel beside the demo window is kept told of what is heard and seen at the chair."""

import pytest

from devices.simulators.acts import StartPump
from devices.simulators.scenario import StepSpec
from monitor_app.cli.demo_window import _connect, _keep_told
from monitor_app.services.sim_chair import SimulatedChair, find_scenario
from monitor_app.services.sim_hands import Hands
from monitor_app.services.sim_news import ChairNews
from monitor_app.ui.bedside_panel import BedsidePanel


@pytest.fixture
def chair() -> SimulatedChair:
    scenario = find_scenario("S01")
    said = StepSpec.model_validate({"at": "3", "say": "I feel light"})
    return SimulatedChair(scenario.model_copy(update={"steps": [said]}), seed=1)


@pytest.fixture
def panel(qtbot, chair):
    made = BedsidePanel()
    qtbot.addWidget(made)
    _connect(made, Hands(chair))
    timer = _keep_told(made, ChairNews(chair))
    yield made
    timer.stop()


def enabled(panel: BedsidePanel) -> set[str]:
    return {name for name, key in panel.pump_keys.items() if key.isEnabled()}


def test_the_patients_words_appear_by_themselves(qtbot, chair, panel) -> None:
    chair.step(5)
    qtbot.waitUntil(lambda: panel.heard.toPlainText() == "Patient: I feel light", timeout=2000)


def test_the_pump_offers_what_the_real_one_can_do_now(qtbot, chair, panel) -> None:
    assert enabled(panel) == {"start"}
    assert panel.pump_state.text().startswith("ready · ")
    panel.pump_keys["start"].click()
    chair.step(60)
    qtbot.waitUntil(lambda: enabled(panel) == {"pause", "stop"}, timeout=2000)
    chair.step(62)
    panel.pump_keys["stop"].click()
    chair.step(64)
    qtbot.waitUntil(lambda: enabled(panel) == set(), timeout=2000)
    assert panel.pump_state.text().startswith("stopped · ")


def test_a_pump_started_elsewhere_is_seen_too(qtbot, chair, panel) -> None:
    chair.bedside.post(StartPump())
    chair.step(60)
    qtbot.waitUntil(lambda: panel.pump_state.text().startswith("running · "), timeout=2000)
