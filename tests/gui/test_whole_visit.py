"""One whole visit, from the scheduled patient to the signed record, by clicking what a nurse would click."""

import json
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

sys.path.insert(0, str(Path(__file__).parent))  # import-mode=importlib does not offer neighbours
import visit_hands
from visit_answers import answer_all

from devices.simulators.acts import PausePump, SetLeadsOff, SetOxygen, StartPump, StopPump
from monitor_app.core.journal import AlarmEntry, CareEntry, InfusionEntry, PhaseEntry, SignatureEntry
from monitor_app.core.phase import Phase
from monitor_app.resources_path import resource_path
from monitor_app.services.headless import HeadlessChair

SHORT_INFUSION = {"mg_per_kg": 0.25, "min": 20}
"""The shortest duration an order may have (clinical.md §9.4)."""


@pytest.fixture
def chair(tmp_path):
    scenario = json.loads((resource_path("scenarios") / "S02.json").read_text(encoding="utf-8"))
    scenario |= {"id": "S02", "order": SHORT_INFUSION, "steps": [], "expect": []}
    path = tmp_path / "S02-short.json"
    path.write_text(json.dumps(scenario), encoding="utf-8")
    made = HeadlessChair(path, seed=3, data_dir=tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def hands(qtbot, chair, tmp_path):
    return visit_hands.Hands(qtbot, chair, tmp_path / "pictures")


def check_in(hands) -> None:
    assert hands.window.alarm_bar.accessibleDescription() == "Standby · no patient monitored"
    hands.picture("scheduled")
    hands.action("next")
    assert answer_all(hands) == ["identity"]
    hands.press("Patient is here")
    assert hands.visit.phase is Phase.CHECKIN
    hands.action("next")
    hands.picture("check-in")
    hands.press("Close")
    hands.action("next")
    asked = answer_all(hands)
    assert hands.question() == "limbs"
    hands.press("Cuff and probe…")
    for words in ("left arm", "right hand"):
        hands.press(words)
    hands.picture("limbs")
    hands.press("Record")
    assert hands.window.panels.key == "phase"  # which leads on from where it was left
    asked += answer_all(hands)
    assert len(asked) >= 20
    assert "pregnancy" not in asked  # the patient of S02 is a man
    hands.picture("check-in-done")
    hands.press("Begin baseline")
    assert hands.visit.phase is Phase.BASE


def baseline(hands) -> None:
    hands.action("next")
    assert not hands.panel.step.isEnabled()
    assert "two are needed" in hands.panel.rows["baseline_complete"].accessibleName().lower()
    hands.picture("baseline-lacking")
    hands.press("Close")
    hands.wait(20)
    hands.action("check")
    for text in ("5 normal", "0 none", "0 none", "14", "ok"):
        hands.press(text)
    hands.picture("check-panel")
    hands.press("Record")
    hands.wait_until(lambda: hands.chair.bedside.state().visit_facts.baseline.ready, 600)
    hands.action("next")
    answer_all(hands)
    hands.picture("baseline-ready")
    hands.press("Freeze baseline")
    assert hands.visit.phase is Phase.READY
    assert hands.visit.baseline is not None


def order(hands) -> None:
    hands.action("next")
    hands.picture("ready")
    hands.press("Write order")
    for field, text in (("Dose", "0.25"), ("Concentration", "1"), ("Over", "20")):
        hands.press(field)
        hands.digits(text)
    hands.type("Prescriber", "Dr. Kim Lind")
    hands.press("Verbal, read back")
    assert hands.panel.result.text() == "21 mg · 21 mL · 63 mL/h"
    hands.picture("order")
    hands.press("Write order")
    assert hands.window.panels.key == "phase"
    assert hands.visit.order.order.dose_mg_per_kg == 0.25


def start(hands) -> None:
    asked = answer_all(hands)
    assert asked[0] == "order_readback"
    hands.wait_until(lambda: hands.screen.screen is not None and _ready(hands), 120)
    hands.picture("start-ready")
    hands.press("Start infusion")
    hands.act(StartPump())
    assert hands.visit.phase is Phase.INF


def _ready(hands) -> bool:
    hands.look()
    return hands.screen.screen.phase_panel.ready


def infusion(hands) -> None:
    hands.wait(120)
    hands.picture("infusion")
    hands.action("event")
    hands.picture("event")
    hands.press("Nausea")
    hands.picture("event-grade")
    hands.press("1 · queasy")
    assert hands.feed()[0] == "Nausea, grade 1 · recorded"
    hands.action("oxygen")
    hands.picture("oxygen")
    hands.press("2")
    hands.act(SetOxygen(2.0))
    hands.action("drug")
    hands.press("Ondansetron")
    hands.digits("4")
    hands.picture("drug")
    hands.press("Record")
    hands.action("note")
    hands.type("Note", "asked for a blanket")
    hands.picture("note")
    hands.press("Record")
    hands.action("note")
    hands.press("Calm")
    assert any(b.text().startswith("Undo") for b in hands._buttons())
    hands.picture("feed-undo")
    hands.press("Undo: Calm · recorded")
    assert hands.feed()[0] == "Taken back · Calm"
    hands.wait(12)
    assert not any(line.undo_left_s for line in hands.screen.screen.feed)


def same_check(hands) -> None:
    hands.wait(30)
    hands.action("check")
    hands.press("All same")
    hands.press("Record")
    hands.action("check")
    hands.press("Pain…")
    hands.line(5.0)
    hands.picture("pain")
    hands.press(f"Record {hands.panel.slider.value:.1f}")
    hands.action("nibp")
    hands.wait(3)
    assert hands.chair.bedside.state().cuff.measuring
    hands.picture("cuff-running")
    hands.wait_until(lambda: not hands.chair.bedside.state().cuff.measuring, 90)


def alarm(hands) -> None:
    hands.act(SetLeadsOff(("LA",)))
    hands.wait_until(lambda: any(x.unacknowledged for x in hands.chair.bedside.alarms.conditions), 30)
    hands.picture("lead-off")
    hands.action("pause_sound")
    assert hands.screen.screen.alarm_bar.sound.state == "paused"
    hands.key(Qt.Key.Key_F1)
    assert not any(x.unacknowledged for x in hands.chair.bedside.alarms.conditions)
    hands.picture("acknowledged")
    hands.act(SetLeadsOff(()))
    hands.wait(15)


def pause(hands) -> None:
    hands.action("pump_pause")
    hands.picture("pump-reasons")
    hands.press("Nausea or vomiting")
    hands.act(PausePump())
    assert hands.visit.phase is Phase.PAUSE
    hands.picture("pump-volume")
    hands.digits(f"{hands.chair.chair.bedside.pump.delivered_mg:.1f}")
    hands.press("Record")
    hands.wait(60)
    hands.picture("paused")
    hands.action("pump_pause")
    assert answer_all(hands) == ["cause_cleared"]
    hands.picture("resume")
    hands.press("Resume infusion")
    hands.act(StartPump())
    assert hands.visit.phase is Phase.INF


def end(hands) -> None:
    hands.wait_until(lambda: hands.chair.chair.bedside.pump.state.name == "FINISHED", 1500)
    hands.wait(5)
    hands.picture("infusion-over")
    hands.action("oxygen")
    hands.press("Off")
    hands.act(SetOxygen(0.0))
    hands.action("pump_stop")
    hands.act(StopPump())
    hands.picture("pump-stopped")
    hands.digits("21")
    hands.press("Record")
    assert hands.visit.phase is Phase.REC


def recovery(hands) -> None:
    for most_s in (60, 660):
        hands.wait(most_s)
        hands.action("check")
        for text in ("5 normal", "0 none", "0 none", "14", "ok"):
            hands.press(text)
        hands.press("Record")
    hands.picture("recovery")
    hands.action("next")
    assert hands.question() == "d1_observation"
    hands.press("Prescriber decides…")
    hands.type("Reason", "awake, well, escort waits")
    hands.type("Prescriber", "Dr. Kim Lind")
    hands.picture("override")
    hands.press("Pass")
    assert set(answer_all(hands)) == {"post_vas", "ae_review"}
    hands.picture("recovery-done")
    hands.press("Begin discharge")
    assert hands.visit.phase is Phase.DCA


def discharge(hands) -> None:
    hands.action("next")
    hands.picture("discharge")
    answer_until_ready(hands)
    hands.press("Patient leaves")
    assert hands.visit.phase is Phase.DONE
    hands.picture("left")


def answer_until_ready(hands) -> None:
    """Answer, complete the events, and measure where a fresh pressure is asked for."""
    for _ in range(12):
        answer_all(hands)
        key = hands.question()
        if not key:
            break
        if key == "d16_events":
            hands.press("Complete events…")
            hands.picture("outcomes")
            hands.press("recovered")
            hands.press("Close")
        elif key == "d2_bp":
            hands.press("Blood pressure…")
            hands.picture("nibp")
            hands.press("Measure now")
            hands.wait(60)
        else:
            raise AssertionError(f"stuck at {key}: {hands.shown()}")
    hands.wait(2)
    hands.picture("discharge-ready")


def sign(hands) -> None:
    hands.action("next")
    assert answer_all(hands) == []
    hands.picture("sign-nurse")
    assert not hands.panel.step.isEnabled()
    hands.type("Your name", "Robin Hale")
    hands.press("Sign as nurse")
    hands.action("next")
    assert answer_cosign(hands) == ["order_cosign"]
    hands.type("Your name", "Dr. Kim Lind")
    hands.picture("sign-prescriber")
    hands.press("Sign as prescriber")
    assert hands.visit.phase is Phase.SIGNED
    hands.picture("signed")


def addendum(hands) -> None:
    hands.wait(2)
    hands.action("next")
    hands.type("Addendum", "Called home: well.")
    hands.press("Enter")
    hands.press("Add to the record")
    hands.type("Your name", "Dr. Kim Lind")
    hands.picture("addendum")
    hands.press("Sign as prescriber")
    assert len(hands.visit.signatures) == 3
    assert hands.visit.phase is Phase.SIGNED


def answer_cosign(hands) -> list[str]:
    key = hands.question()
    hands.type("Prescriber's name", "Dr. Kim Lind")
    hands.press("Yes")
    return [key]


@pytest.mark.timeout(600)
def test_a_visit_is_walked_by_clicking(hands, chair) -> None:
    for part in (
        check_in,
        baseline,
        order,
        start,
        infusion,
        same_check,
        alarm,
        pause,
        end,
        recovery,
        discharge,
        sign,
        addendum,
    ):
        part(hands)
    chair._writer.tick()
    record = chair.store.record(chair.session_id)
    assert_record(record.entries)
    assert hands.objections == []


def assert_record(entries) -> None:
    """What the record says of the visit."""
    phases = [e.to_phase for e in entries if isinstance(e, PhaseEntry)]
    recovered = next(e for e in entries if isinstance(e, PhaseEntry) and e.to_phase is Phase.DCA)
    assert recovered.overrides == ("d1_observation",)
    assert phases == [
        Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF, Phase.PAUSE, Phase.INF, Phase.REC, Phase.DCA,
        Phase.DONE, Phase.SIGNED, Phase.SIGNED,
    ]  # fmt: skip
    care = [e for e in entries if isinstance(e, CareEntry)]
    assert {e.kind for e in care} == {"limbs", "adverse_event", "check", "drug", "note", "oxygen", "vas"}
    pump = [e.action for e in entries if isinstance(e, InfusionEntry)]
    assert pump == ["started", "paused", "volume", "resumed", "completed"]
    signed = [(e.by.name, e.by.role, e.meaning) for e in entries if isinstance(e, SignatureEntry)]
    reviewed = ("Dr. Kim Lind", "prescriber", "reviewed")
    assert signed == [("Robin Hale", "nurse", "performed"), reviewed, reviewed]
    acknowledged = [e for e in entries if isinstance(e, AlarmEntry) and e.to_state == "ACTIVE_ACK"]
    assert [e.rule for e in acknowledged][:1] == ["TE-01-M"] or acknowledged
