"""What is heard and seen at the simulated chair, as the panel beside the demo window shows it."""

import pytest

from devices.simulators.acts import PausePump, StartPump, StopPump
from devices.simulators.scenario import StepSpec
from monitor_app.services.sim_chair import SimulatedChair, find_scenario
from monitor_app.services.sim_news import ChairNews

WEIGHT_KG, DOSE_MG_PER_KG, MINUTES = 82, 0.5, 40


@pytest.fixture
def chair() -> SimulatedChair:
    scenario = find_scenario("S01")
    patient = scenario.patient.model_copy(update={"weight": WEIGHT_KG})
    order = scenario.order.model_copy(update={"mg_per_kg": DOSE_MG_PER_KG, "min": MINUTES})
    said = StepSpec.model_validate({"at": "3", "say": "my head is pounding"})
    again = StepSpec.model_validate({"at": "4", "say": "Patient whispers: better"})
    changed = scenario.model_copy(update={"patient": patient, "order": order, "steps": [said, again]})
    return SimulatedChair(changed, seed=1)


def test_words_are_heard_once_and_marked_as_the_patients(chair: SimulatedChair) -> None:
    news = ChairNews(chair)
    assert news.heard() == []
    chair.step(10)
    assert news.heard() == ["Patient: my head is pounding", "Patient whispers: better"]
    assert news.heard() == []


def test_the_pump_shows_millilitres_of_its_bag(chair: SimulatedChair) -> None:
    news = ChairNews(chair)
    assert news.pump() == ("ready", "ready · 41.0 mL in 40 min")  # 82 kg x 0.5 mg/kg at 1 mg/mL
    chair.bedside.post(StartPump())
    chair.step(10 * 60)
    state, text = news.pump()
    assert state == "running"
    assert float(text.split()[2]) == pytest.approx(41.0 * 10 / 40, abs=0.2)
    chair.bedside.post(PausePump())
    chair.step(11 * 60)
    assert news.pump()[0] == "paused"
    assert news.pump()[1].startswith("paused · 10.")
    chair.bedside.post(StopPump())
    chair.step(12 * 60)
    assert news.pump()[0] == "done"
    assert news.pump()[1].startswith("stopped · 10.")


def test_a_pump_that_has_given_all_is_finished(chair: SimulatedChair) -> None:
    chair.bedside.post(StartPump())
    chair.step(41 * 60)
    assert ChairNews(chair).pump() == ("done", "finished · 41.0 of 41.0 mL")
