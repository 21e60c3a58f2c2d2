"""The states of the alarm system in words, and what is offered in which phase (clinical.md §5.5, §5.6)."""

from dataclasses import replace

import pytest

from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.engine import AlarmEngine
from monitor_app.core.alarm.facts import Facts
from monitor_app.core.alarm.rule import Verdict
from monitor_app.core.alarm.system_state import StateLine
from monitor_app.core.alarm_commands import PauseAlarms, SetVolume, SwitchRule, SwitchSound, TakeSensorsOff
from monitor_app.core.commands import RecordCare
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.services.bedside.publication import AlarmSystemView
from monitor_app.services.screen import Emphasis, Freshness, Screen
from monitor_app.services.states_view import StateMark
from monitor_app.services.view.alarm_states import NOBODY_MONITORED, sound_choices, standby, state_marks
from monitor_app.services.view.builder import build_screen
from tests.monitor_app.services.bedside.bench import NURSE, SOURCE, Bench

LEAD = Actor("Lea Moor", "clinical lead")
TO_INFUSION = (Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF)
TO_RECOVERY = (*TO_INFUSION, Phase.REC)


@pytest.fixture
def bench() -> Bench:
    made = Bench()
    made.bedside.begin()
    made.plug()
    return made


def screen(bench: Bench, user: Actor = NURSE) -> Screen:
    bench.display.apply(bench.state)
    built = build_screen(bench.display, user)
    assert built is not None
    return built


def asleep_score(bench: Bench, moaas: int) -> None:
    bench.do(RecordCare("check", f"MOAA/S {moaas}", NURSE, {"moaas": moaas}))


def marks_of(bench: Bench, *lines: StateLine) -> tuple[StateMark, ...]:
    return state_marks(replace(bench.state, alarm_system=AlarmSystemView(lines=lines)))


class TestWords:
    def test_each_state_has_a_title_its_reason_and_its_time(self, bench: Bench) -> None:
        off = "Sensors off: toilet; with the patient: Ann Lee"
        assert marks_of(
            bench,
            StateLine("AUDIO OFF", "Sound off (Lea Moor)", by="Lea Moor"),
            StateLine("ALARM PAUSED", "Alarms paused", 102.0, "RN Ito"),
            StateLine("SENSORS OFF", off, 252.9),
        ) == (
            StateMark("AUDIO OFF", "Alarm sound off", "until the next phase", by="Lea Moor"),
            StateMark("ALARM PAUSED", "Alarms paused", "", "1:42", by="RN Ito"),
            StateMark("SENSORS OFF", "Sensors off", "toilet · with the patient: Ann Lee", "4:12"),
        )

    @pytest.mark.parametrize(
        ("detail", "by", "told"),
        [
            ("", "RN Ito", "by RN Ito"),
            ("SpO₂ ↓84 < 85", "RN Ito", "SpO₂ ↓84 < 85 · by RN Ito"),
            ("with the patient: Ann Lee (nurse)", "Ann Lee", "with the patient: Ann Lee (nurse)"),
            ("athlete", "", "athlete"),
        ],
    )
    def test_who_asked_for_it_stands_last_and_once(self, detail: str, by: str, told: str) -> None:
        assert StateMark("ALARM PAUSED", "Alarms paused", detail, by=by).told == told

    def test_several_rules_off_name_everybody_once(self, bench: Bench) -> None:
        who = {"AL-HR-03": "RN Ito", "AL-HR-06": "Lea Moor", "AL-SP-02": "RN Ito"}
        (mark,) = marks_of(
            bench, *(StateLine("ALARM OFF", f"{rule} off: x", by=by) for rule, by in who.items())
        )
        assert (mark.title, mark.by) == ("3 alarms off", "RN Ito, Lea Moor")

    def test_a_rule_that_is_off_has_its_name_never_its_code(self, bench: Bench) -> None:
        (mark,) = marks_of(bench, StateLine("ALARM OFF", "AL-SP-02 off: home oxygen"))
        assert (mark.title, mark.detail) == ("Alarm off: SpO₂ low", "home oxygen")

    def test_several_rules_off_are_one_mark(self, bench: Bench) -> None:
        lines = [StateLine("ALARM OFF", f"AL-HR-0{n} off: athlete") for n in (3, 6)]
        (mark,) = marks_of(bench, *lines)
        assert (mark.title, mark.detail) == ("2 alarms off", "Tachycardia · Bradycardia")

    def test_standby_is_no_mark(self, bench: Bench) -> None:
        assert marks_of(bench, StateLine("STANDBY", "No patient monitored")) == ()


class TestOffered:
    @pytest.mark.parametrize(
        ("phases", "pause", "sensors"),
        [
            ((Phase.CHECKIN,), True, False),
            ((Phase.CHECKIN, Phase.BASE), True, False),
            ((Phase.CHECKIN, Phase.BASE, Phase.READY), False, False),
            (TO_INFUSION, False, False),
            ((*TO_INFUSION, Phase.PAUSE), False, True),
            (TO_RECOVERY, False, True),
            ((*TO_RECOVERY, Phase.DCA), False, True),
            ((*TO_INFUSION, Phase.EMERG), False, False),
        ],
        ids=lambda value: value[-1].value if isinstance(value, tuple) else "",
    )
    def test_only_what_the_phase_allows(
        self, bench: Bench, phases: tuple[Phase, ...], pause: bool, sensors: bool
    ) -> None:
        asleep_score(bench, 5)
        bench.enter(*phases)
        asleep_score(bench, 5)
        choices = screen(bench).sound
        assert (choices.pause_refusal == "") is pause
        assert (choices.sensors_refusal == "") is sensors
        for sentence in (choices.pause_refusal, choices.sensors_refusal):
            assert sentence == "" or (sentence.endswith(".") and "None" not in sentence)

    def test_sensors_stay_on_a_patient_who_is_too_sleepy(self, bench: Bench) -> None:
        bench.enter(*TO_RECOVERY)
        assert "MOAA/S 4 or 5" in screen(bench).sound.sensors_refusal
        asleep_score(bench, 3)
        assert "MOAA/S 4 or 5" in screen(bench).sound.sensors_refusal
        asleep_score(bench, 4)
        assert screen(bench).sound.sensors_refusal == ""

    def test_only_the_clinical_lead_is_offered_to_switch_the_sound_off(self, bench: Bench) -> None:
        bench.enter(*TO_INFUSION)
        assert "clinical lead" in screen(bench).sound.sound_refusal
        assert screen(bench, LEAD).sound.sound_refusal == ""
        bench.enter(Phase.EMERG)
        assert "emergency" in screen(bench, LEAD).sound.sound_refusal

    def test_without_a_patient_there_is_nothing_to_switch_off(self, bench: Bench) -> None:
        assert screen(bench, LEAD).sound.sound_refusal == NOBODY_MONITORED

    def test_who_is_here_can_be_the_one_who_stays(self, bench: Bench) -> None:
        assert sound_choices(bench.state, NURSE).me == "Nina Roe (nurse)"
        assert sound_choices(bench.state, Actor()).me == "I (nurse)"


class TestLive:
    """What was asked for stands on the screen at once."""

    def test_a_pause_of_the_alarms_counts_down_and_never_says_no_alarms(self, bench: Bench) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        assert bench.do(PauseAlarms(NURSE)) == ()
        bench.run(18)
        now = screen(bench)
        assert now.sound.pause_left == "1:42"
        assert now.alarm_bar.states == (
            StateMark("ALARM PAUSED", "Alarms paused", "", "1:42", by=NURSE.name),
        )
        assert now.alarm_bar.quiet_text == "Alarms paused · none is announced"
        bench.run(110)
        assert screen(bench).alarm_bar.states == ()

    def test_what_is_true_in_a_pause_is_drawn_and_not_announced(self, bench: Bench) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(2)
        bench.do(PauseAlarms(NURSE))
        sounded = len(bench.sounder.bursts)
        monitor, _ = bench.monitors[SOURCE]
        monitor.numbers |= {"HR": 128.0, "PR": 128.0}
        bench.run(10)
        now = screen(bench)
        assert [(mark.title, mark.detail) for mark in now.alarm_bar.states] == [
            ("Alarms paused", "HR ↑128 > 120")
        ]
        tile = next(tile for tile in now.tiles if tile.key == "HR")
        assert (tile.pending, tile.alarm) == (True, None)
        assert len(bench.sounder.bursts) == sounded
        bench.run(115)
        assert screen(bench).alarm_bar.states == ()
        assert "HR ↑128 > 120" in [line.headline for line in screen(bench).alarm_bar.lines]
        assert len(bench.sounder.bursts) > sounded

    def test_sound_off_is_said_in_three_places_until_the_next_phase(self, bench: Bench) -> None:
        bench.enter(*TO_INFUSION)
        assert bench.do(SwitchSound(False, LEAD)) == ()
        now = screen(bench)
        assert now.alarm_bar.sound.text == "Sound off"
        assert now.alarm_bar.states[0].title == "Alarm sound off"
        assert now.alarm_bar.states[0].by == LEAD.name
        pause = next(action for action in now.actions if action.key == "pause_sound")
        assert (pause.title, pause.emphasis) == ("Sound off", Emphasis.ACTIVE)
        assert now.sound.sound_off
        bench.enter(Phase.REC)
        bench.run(1)
        assert screen(bench).alarm_bar.sound.text == "Sound on"

    def test_sensors_off_names_who_is_there_and_can_be_made_longer_once(self, bench: Bench) -> None:
        bench.enter(*TO_RECOVERY)
        asleep_score(bench, 5)
        assert bench.do(TakeSensorsOff(NURSE, "Ann Lee", "toilet")) == ()
        now = screen(bench)
        (mark,) = now.alarm_bar.states
        assert mark.detail == "toilet · with the patient: Ann Lee"
        assert (now.sound.sensors_left, now.sound.can_extend) == ("5:00", True)

    def test_a_bell_cross_takes_the_place_of_the_limit_of_a_rule_that_is_off(self, bench: Bench) -> None:
        bench.enter(*TO_INFUSION)
        assert bench.do(SwitchRule("AL-HR-03", False, NURSE, "athlete")) == ()
        heart = screen(bench).tiles[0]
        assert heart.rule_off
        lines = {line.rest: (line.strong, line.off) for line in heart.lines}
        assert lines["high off"] == ("", True)
        assert lines["low"] == ("50", False)
        assert screen(bench).alarm_bar.states[0].title == "Alarm off: Tachycardia"
        assert screen(bench).alarm_bar.states[0].told == f"athlete · by {NURSE.name}"
        rule = screen(bench).limits().rules["AL-HR-03"]
        assert rule.off == f"athlete · by {NURSE.name}"

    def test_a_rule_without_a_figure_on_its_tile_gets_a_line(self, bench: Bench) -> None:
        bench.enter(*TO_INFUSION)
        assert bench.do(SwitchRule("AL-HR-04", False, NURSE)) == ()
        heart = screen(bench).tiles[0]
        assert [line.off for line in heart.lines] == [False, False, True]
        assert heart.lines[-1].rest.endswith("off")

    def test_the_volume_chosen_is_shown(self, bench: Bench) -> None:
        bench.enter(*TO_INFUSION)
        bench.do(SetVolume(2, NURSE))
        assert screen(bench).sound.volume_step == 2


class TestStandby:
    @pytest.mark.parametrize("phase", [Phase.SCHED, Phase.DONE, Phase.SIGNED, Phase.CANCEL])
    def test_it_is_where_no_alarm_rule_is_live(self, phase: Phase) -> None:
        assert standby(phase)

    @pytest.mark.parametrize("last", [Phase.DONE, Phase.SIGNED, Phase.CANCEL])
    def test_after_the_patient_has_left_no_number_stands(self, bench: Bench, last: Phase) -> None:
        bench.enter(*TO_RECOVERY, Phase.DCA)
        bench.run(40)
        assert screen(bench).tiles[0].value == "72"
        assert screen(bench).tiles[2].value == "124/78"
        bench.enter(last)
        bench.run(5)
        now = screen(bench)
        assert {tile.value for tile in now.tiles} == {"—"}
        assert {tile.freshness for tile in now.tiles} == {Freshness.BLANK}
        assert {line.rest for tile in now.tiles for line in tile.lines} == {"not monitored"}
        assert all(not (tile.pill or tile.foot or tile.alarm or tile.progress) for tile in now.tiles)
        assert now.alarm_bar.standby
        assert now.alarm_bar.states == ()

    def test_before_check_in_a_number_is_dimmed_and_says_why(self, bench: Bench) -> None:
        bench.run(2)
        heart = screen(bench).tiles[0]
        assert (heart.value, heart.freshness) == ("72", Freshness.DIM)
        assert [line.rest for line in heart.lines] == ["not monitored yet"]

    def test_during_check_in_the_numbers_show_that_the_sensors_work(self, bench: Bench) -> None:
        bench.enter(Phase.CHECKIN)
        bench.run(2)
        assert screen(bench).tiles[0].value == "72"


def test_information_is_a_line_beside_the_trend_and_never_on_the_alarm_bar(bench: Bench) -> None:
    bench.enter(*TO_RECOVERY)
    reached = replace(
        next(rule for rule in RULES if rule.id == "WF-05"),
        judge=lambda _case: Verdict(met=True, text="Minimum observation reached"),
    )
    engine = AlarmEngine(lambda: "x1", rules=(reached,))
    engine.evaluate(Facts(bench.state.stamp.t_ns, Phase.REC))
    bench.display.apply(replace(bench.state, conditions=engine.conditions))
    built = build_screen(bench.display, NURSE)
    assert built is not None
    assert built.banners == ("Minimum observation reached",)
    assert built.alarm_bar.lines == ()
