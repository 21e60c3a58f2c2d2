"""What the alarm bar says of every alarm (clinical.md §5.2)."""

import re

from monitor_app.core.commands import Acknowledge, PauseAudio
from monitor_app.core.phase import Phase
from monitor_app.core.priority import Priority
from monitor_app.services.screen import Emphasis
from tests.monitor_app.services.bedside.bench import NURSE, Bench, BenchMonitor, reading
from tests.monitor_app.services.view.looked_at import action, screen, tile


class TestAlarmBar:
    def test_a_condition_is_written_with_value_and_limit(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        monitor.pressures = [reading(168, 96)]
        bench.run(40)
        (line,) = [x for x in screen(bench).alarm_bar.lines if x.rule == "AL-BP-02"]
        assert line.headline == "SYS ↑168 > 160"
        assert "Hypertension" in line.detail
        assert re.search(r"measuring again in 0:5\d", line.detail)
        assert line.priority is Priority.MEDIUM
        assert line.age_text == "for 0:10"
        assert action(bench, "ack").title == "Acknowledge SYS 168"
        assert action(bench, "ack").emphasis is Emphasis.PRIMARY

    def test_a_latched_alarm_says_so_and_whether_it_was_confirmed(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(250)
        monitor.pressures = [reading(181, 95), reading(130, 80)]
        bench.enter(Phase.READY, Phase.INF)
        bench.run(130)
        line = next(x for x in screen(bench).alarm_bar.lines if x.rule == "AL-BP-01")
        assert line.latched
        assert line.headline == "OVER · SYS was ↑181 ≥ 180"
        assert "not acknowledged" in line.detail
        assert re.fullmatch(r"began 1:\d\d ago", line.age_text)
        assert action(bench, "ack").title == "Acknowledge SYS 181"
        assert tile(bench, "NIBP").arrow == ""  # 130/80 offends no more
        assert tile(bench, "NIBP").alarm is Priority.HIGH
        assert "not confirmed" in line.detail
        assert screen(bench).border is Priority.HIGH
        (card,) = screen(bench).cards
        assert card.steps[0].startswith("Symptoms?")

    def test_a_high_alarm_nobody_acknowledges_calls_for_help(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        monitor.numbers["SPO2"] = 80.0
        bench.run(60)

        def head() -> str:
            return next(x.headline for x in screen(bench).alarm_bar.lines if x.rule == "AL-SP-01")

        assert head() == "SpO₂ ↓80 < 85"
        bench.run(15)
        assert head() == "SpO₂ ↓80 < 85 · CALL HELP"
        assert action(bench, "ack").title == "Acknowledge SpO₂ 80"
        bench.do(Acknowledge(NURSE))
        assert head() == "SpO₂ ↓80 < 85"

    def test_a_sound_that_moved_is_no_lost_sound(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.sounder.moved = "moved from Speaker to Headphones"
        bench.run(1)
        assert screen(bench).alarm_bar.sound.text == "Sound moved"
        assert screen(bench).border is None
        bench.do(PauseAudio(NURSE, 120))
        sound = screen(bench).alarm_bar.sound
        assert (sound.state, sound.text, sound.countdown_text) == ("moved", "Sound moved · paused", "2:00")

    def test_the_quiet_bar(self, bench: Bench, monitor: BenchMonitor) -> None:
        before = screen(bench).alarm_bar
        assert (before.quiet_text, before.standby) == ("Standby · no patient monitored", True)
        bench.enter(Phase.CHECKIN)
        assert screen(bench).alarm_bar.quiet_text == "Not monitored yet · alarms of the equipment only"
        bench.enter(Phase.BASE)
        bench.run(3)
        bar = screen(bench).alarm_bar
        assert (bar.lines, bar.quiet_text, bar.user_text) == ((), "No alarms", "NR")
        assert re.fullmatch(r"\d\d:\d\d:\d\d", bar.clock_text)
        assert action(bench, "ack").enabled is False

    def test_the_sound_counts_down_and_its_loss_borders_the_screen(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.do(PauseAudio(NURSE, 120))
        bench.run(20)
        sound = screen(bench).alarm_bar.sound
        assert (sound.state, sound.countdown_text) == ("paused", "1:40")
        assert action(bench, "pause_sound").caption == "1:40 left"
        bench.sounder.trouble = "no loudspeaker"
        bench.run(1)
        sound = screen(bench).alarm_bar.sound
        assert (sound.text, sound.countdown_text) == ("No sound · paused", "1:39")
        assert action(bench, "pause_sound").caption == "1:39 left"
        assert screen(bench).border is Priority.MEDIUM
        bench.do(PauseAudio(NURSE, 0))
        assert screen(bench).alarm_bar.sound.text == "No sound: no loudspeaker"

    def test_the_worst_value_stays_in_front_while_it_clears(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        said = []
        for value, seconds in ((86, 16), (88, 1), (90, 1), (97, 2)):
            monitor.numbers["SPO2"] = float(value)
            bench.run(seconds)
            (line,) = screen(bench).alarm_bar.lines
            said.append((line.headline, "now 88" in line.detail, tile(bench, "SPO2").arrow))
        assert said == [
            ("SpO₂ ↓86 < 90", False, "↓"),
            ("SpO₂ ↓86 < 90", True, "↓"),
            ("SpO₂ ↓86 < 90 · now 90", False, ""),
            ("SpO₂ ↓86 < 90 · now 97, clearing", False, ""),
        ]
        assert action(bench, "ack").title == "Acknowledge SpO₂ 86"

    def test_a_high_alarm_that_is_over_calls_nobody(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        monitor.numbers["SPO2"] = 79.0
        bench.run(30)
        monitor.numbers["SPO2"] = 97.0
        bench.run(90)
        line = next(x for x in screen(bench).alarm_bar.lines if x.rule == "AL-SP-01")
        assert (line.headline, line.unacknowledged) == ("OVER · SpO₂ was ↓79 < 85", True)
        assert line.detail == "Desaturation · not acknowledged"
        spo2 = tile(bench, "SPO2")
        assert (spo2.alarm, spo2.unacknowledged, spo2.arrow) == (Priority.HIGH, True, "")
        monitor.numbers["SPO2"] = 80.0
        bench.run(3)
        assert tile(bench, "SPO2").arrow == "↓"  # below again, its delay not yet over
        line = next(x for x in screen(bench).alarm_bar.lines if x.rule == "AL-SP-01")
        assert line.headline == "SpO₂ ↓79 < 85"
        assert line.detail == "Desaturation · came back, not acknowledged"

    def test_a_resolved_alarm_stays_as_a_line_for_a_minute(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        monitor.numbers["SPO2"] = 88.0
        bench.run(20)
        monitor.numbers["SPO2"] = 97.0
        bench.run(10)
        (line,) = screen(bench).alarm_bar.resolved
        assert re.fullmatch(r"SpO₂ ↓88 < 90, resolved 0:0\d ago", line)
        bench.run(60)
        assert screen(bench).alarm_bar.resolved == ()
