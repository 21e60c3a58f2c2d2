"""The screen's words, from real bedside states (screen.md; clinical.md §5.2, §8.4, §8.6, §16)."""

import math
import re
from dataclasses import replace

import pytest

from devices.drivers.base import NibpTiming
from devices.signals import DeviceStatus, LinkState, NibpFailure, NumericReading, Quality
from monitor_app.core.commands import NibpNow, RecordCare
from monitor_app.core.phase import Phase
from monitor_app.core.priority import Priority
from monitor_app.services.screen import Emphasis, Freshness
from monitor_app.services.view.builder import build_screen
from tests.monitor_app.services.bedside.bench import NURSE, Bench, BenchMonitor, failed, info, reading, wave
from tests.monitor_app.services.view.looked_at import (
    INFUSING,
    action,
    baseline,
    infusion,
    screen,
    texts,
    tile,
)


def test_before_the_bedside_has_spoken_there_is_no_screen() -> None:
    assert build_screen(Bench().display, NURSE) is None


@pytest.mark.parametrize("monitors", ["none", "silent", "numbers", "everything off", "alarming"])
def test_no_none_and_no_nan_in_any_phase(bench: Bench, monitors: str) -> None:
    if monitors != "none":
        monitor = bench.plug()
        monitor.talking = monitors != "silent"
        if monitors == "everything off":
            monitor.numbers = dict.fromkeys(monitor.numbers, None)
            bench.say(DeviceStatus("ECG_LEAD_OFF", active=True))
        if monitors == "alarming":
            monitor.numbers |= {"HR": 150.0, "SPO2": 79.0}
            monitor.pressures = [reading(190, 120), failed(NibpFailure.LEAK)]
    for phase in Phase:
        if phase is not Phase.SCHED:
            bench.enter(phase)
        if phase is Phase.INF:
            infusion(bench)
        bench.run(20)
        built = screen(bench)
        bad = [t for t in texts(built) if re.search(r"\bNone\b(?! observed)|\bnan\b|NaN|\{|-0:|Phase\.", t)]
        assert bad == []
        assert [a.key for a in built.actions if a.fixed] == ["ack", "pause_sound", "emergency"]
        numbers = [n for t in built.trend.nibp for n in (t.systolic, t.diastolic, t.mean)]
        assert all(math.isfinite(n) for n in numbers)


class TestTiles:
    def test_change_from_baseline_and_limits_stand_apart(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        baseline(bench)
        monitor.numbers["HR"] = 98.0
        monitor.pressures = [reading(168, 96, 120)]
        bench.run(60)
        hr, nibp = tile(bench, "HR"), tile(bench, "NIBP")
        assert (hr.value, hr.title, hr.caption) == ("98", "HR", "/min · ECG")
        assert "+26 from 72" in [line.rest for line in hr.lines]
        assert ("120", "high") in [(line.strong, line.rest) for line in hr.lines]
        assert nibp.value == "168/96"
        assert "mean 120" in nibp.foot
        assert "+26/+10 from 142/86" in [line.rest for line in nibp.lines]
        assert re.search(r"^mmHg · \d\d:\d\d$", nibp.caption)
        assert nibp.alarm is Priority.MEDIUM
        assert nibp.arrow == "↑"

    def test_age_next_reading_dim_and_blank(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE, Phase.READY)
        bench.run(40)
        nibp = tile(bench, "NIBP")
        assert nibp.freshness is Freshness.FRESH
        assert "0:10 ago" in nibp.foot
        assert any(re.fullmatch(r"next \d\d:\d\d · in 2 min", line.rest) for line in nibp.lines)
        assert nibp.progress is not None
        assert 0 <= nibp.progress <= 1
        bench.silence()
        bench.run(360)  # 6 min: interval + 1 min
        assert tile(bench, "NIBP").freshness is Freshness.DIM
        assert [line.rest for line in tile(bench, "NIBP").lines][-1] == "due now"
        bench.run(250)
        blank = tile(bench, "NIBP")
        assert (blank.value, blank.freshness) == ("–/–", Freshness.BLANK)
        assert "last 10:" in blank.foot

    def test_while_measuring_the_old_value_is_dimmed(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(165)
        nibp = tile(bench, "NIBP")
        assert nibp.freshness is Freshness.DIM
        assert re.fullmatch(r"2:15 ago · measuring, cuff \d+", nibp.foot)
        assert action(bench, "nibp").title == "Stop cuff"

    @pytest.mark.parametrize(
        ("result", "words"),
        [(failed(NibpFailure.MOTION), "movement"), (reading(100, 95), "less than 15 apart")],
    )
    def test_no_reading_says_why(
        self, bench: Bench, monitor: BenchMonitor, result: object, words: str
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        monitor.pressures = [result]
        bench.run(35)
        nibp = tile(bench, "NIBP")
        assert words in nibp.foot
        assert nibp.value == "–/–"
        assert any("again" in line.rest for line in nibp.lines)

    def test_with_a_lead_off_the_tile_says_pr(self, bench: Bench, monitor: BenchMonitor) -> None:
        monitor.numbers["PR"] = 75.0
        bench.enter(Phase.CHECKIN)
        bench.say(DeviceStatus("ECG_LEAD_OFF", active=True))
        bench.run(2)
        hr = tile(bench, "HR")
        assert (hr.title, hr.value, hr.caption) == ("PR", "75", "/min · pulse")
        bench.enter(Phase.BASE)
        bench.run(10)
        (line,) = [x for x in screen(bench).alarm_bar.lines if x.rule.startswith("TE-01")]
        assert "rate from pulse" in line.detail.split(" · ")
        monitor.numbers |= {"PR": None, "HR": None}
        bench.run(40)
        (line,) = [x for x in screen(bench).alarm_bar.lines if x.rule.startswith("TE-01")]
        assert "rate from pulse" not in line.detail

    def test_a_doubtful_number_carries_a_mark(self, bench: Bench, monitor: BenchMonitor) -> None:
        monitor.talking = False
        bench.enter(Phase.CHECKIN)
        bench.say(NumericReading("SPO2", 95.0, "%", Quality.ARTIFACT))
        assert tile(bench, "SPO2").doubt

    def test_hold_while_the_cuff_is_on_the_probes_limb(self, bench: Bench, monitor: BenchMonitor) -> None:
        monitor.cuff_s = 80
        bench.enter(Phase.CHECKIN)
        bench.place("left arm", "left hand")
        bench.enter(Phase.BASE)
        bench.run(13)
        spo2 = tile(bench, "SPO2")
        assert spo2.freshness is Freshness.HOLD
        assert spo2.foot == "HOLD 0:13 · cuff inflates on this limb"
        bench.run(48)
        assert tile(bench, "SPO2").freshness is Freshness.FRESH  # rules hold for 60 s at most

    def test_the_limb_of_the_cuff_is_shown_once_somebody_has_said_it(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN)
        assert tile(bench, "NIBP").caption == "mmHg"
        bench.place("right arm")
        assert tile(bench, "NIBP").caption == "mmHg · right arm"

    def test_saturation_that_ages_is_dimmed_then_blank(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN)
        bench.run(2)
        monitor.talking = False
        bench.run(15)
        spo2 = tile(bench, "SPO2")
        assert (spo2.freshness, spo2.value, spo2.foot) == (Freshness.DIM, "98", "0:15 old")
        bench.run(20)
        assert tile(bench, "SPO2").value == "—"

    def test_what_no_monitor_measures_says_so(self, bench: Bench) -> None:
        bench.plug(info=info(numerics=("SPO2",), waveforms=(), nibp=NibpTiming.NONE))
        bench.enter(Phase.CHECKIN)
        bench.run(1)
        assert tile(bench, "RR").lines[0].rest == "not measured here"
        assert tile(bench, "NIBP").lines[0].rest == "no cuff on this monitor"
        assert tile(bench, "HR").value == "—"

    def test_a_condition_waiting_out_its_delay_is_outlined(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        monitor.numbers["SPO2"] = 88.0
        bench.run(5)
        spo2 = tile(bench, "SPO2")
        assert spo2.pending
        assert spo2.alarm is None

    def test_oxygen_stands_beside_the_saturation(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(1)
        assert tile(bench, "SPO2").pill == "O₂ off · room air"
        bench.do(RecordCare("oxygen", "Oxygen 2 L/min", NURSE, {"l_per_min": 2.0}))
        assert tile(bench, "SPO2").pill == "O₂ 2 L/min"

    def test_sedation_shows_the_last_score_and_its_time(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.do(RecordCare("check", "MOAA/S 5", NURSE, {"moaas": 5}))
        assert tile(bench, "SEDATION").value == "5"


class TestActions:
    def test_the_row_follows_the_phase(self, bench: Bench, monitor: BenchMonitor) -> None:
        def keys() -> set[str]:
            return {a.key for a in screen(bench).actions}

        assert not keys() & {"nibp", "pump_pause", "check"}
        bench.enter(Phase.CHECKIN, Phase.BASE)
        assert {"nibp", "event", "check", "oxygen", "drug", "note", "next"} <= keys()
        assert not keys() & {"pump_pause", "pump_stop"}
        bench.enter(Phase.READY, Phase.INF)
        assert {"pump_pause", "pump_stop"} <= keys()
        assert "record" in action(bench, "pump_pause").caption
        bench.enter(Phase.EMERG)
        assert action(bench, "emergency").emphasis is Emphasis.ACTIVE

    def test_emergency_only_while_a_patient_is_monitored(self, bench: Bench, monitor: BenchMonitor) -> None:
        assert not action(bench, "emergency").enabled
        bench.enter(Phase.CHECKIN, Phase.BASE)
        assert action(bench, "emergency").enabled
        assert action(bench, "emergency").emphasis is Emphasis.DANGER

    def test_a_check_is_next_due_and_overdue(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(*INFUSING)
        bench.do(
            RecordCare("check", "", NURSE, {"moaas": 5, "dissociation": 0, "nausea": 0, "rr": 14, "iv": 0})
        )
        seen = []
        for _ in range(40):
            bench.run(30)
            view = action(bench, "check")
            if not seen or seen[-1] is not view.emphasis:
                seen.append(view.emphasis)
        assert seen[-2:] == [Emphasis.DUE, Emphasis.OVERDUE] or seen[-1] is Emphasis.OVERDUE
        assert "overdue" in action(bench, "check").caption

    def test_a_cuff_the_monitor_starts_asks_for_it(self, bench: Bench) -> None:
        bench.plug(info=info(nibp=NibpTiming.MONITOR))
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(1)
        view = action(bench, "nibp")
        assert (view.caption, view.emphasis) == ("press START on the monitor", Emphasis.DUE)


class TestAround:
    def test_the_header_in_the_infusion(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(*INFUSING)
        baseline(bench)
        infusion(bench)
        bench.run(600)
        head = screen(bench).header
        assert head.patient == "A. B. · P-1"
        assert head.simulated_text == "SIMULATED, NOT A PATIENT"
        assert head.dose_given == "10.2"  # 61.5 mL/h of 1 mg/mL for 10 min
        assert head.dose_total == "/ 41.0 mg"
        assert head.dose_mark == "calc."
        assert head.dose_detail == "61.5 mL/h · 1 mg/mL"
        current = next(s for s in head.steps if s.state == "current")
        assert (current.title, current.clock_text, current.of_text) == ("Infusion", "10:00", "of 40:00")
        assert current.fraction == pytest.approx(0.25)
        done = {s.key: s.note for s in head.steps if s.state == "done"}
        assert done["baseline"] == "142/86"

    def test_a_clinical_session_is_not_marked_simulated(self) -> None:
        bench = Bench(simulated=False)
        bench.bedside.begin()
        bench.run(1)
        assert screen(bench).header.simulated_text == ""
        assert not screen(bench).simulated

    def test_the_phase_panel_names_what_is_missing(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN)
        panel = screen(bench).phase_panel
        assert panel.title == "To begin the baseline"
        assert not panel.ready
        missing = sum(1 for g in panel.guards if not g.met)
        assert panel.missing_text.startswith(f"{missing} thing")
        assert all(g.text for g in panel.guards)

    def test_banners_tell_of_storage_overload_and_lost_monitors(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        assert screen(bench).banners == ()
        bench.bedside.storage_trouble("no room left")
        bench.bedside.watch.losses(12)
        bench.silence()
        text = " | ".join(screen(bench).banners)
        assert "cannot be written" in text
        assert "12 signals were lost" in text
        assert "unplugged" in text

    def test_a_wave_that_does_not_come_says_why(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.say(wave("ECG_II", 0, 250))
        bench.run(0.5, step_s=0.5)
        (strip,) = screen(bench).waves
        assert (strip.title, strip.stale_text, strip.gain_mm_per_unit) == ("ECG II", "", 10.0)
        assert strip.caption == "25 mm/s · 10 mm/mV · 0.5–40 Hz"
        bench.silence(state=LinkState.LOST)
        bench.run(4)
        assert re.fullmatch(r"no signal 0:0[345] · reconnecting", screen(bench).waves[0].stale_text)

    def test_what_was_recorded_can_be_undone_for_ten_seconds(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.do(RecordCare("note", "dizzy", NURSE))
        line = screen(bench).feed[0]
        assert ("dizzy" in line.text, line.undo_left_s) == (True, 10)
        bench.run(11)
        line = next(x for x in screen(bench).feed if "dizzy" in x.text)
        assert line.undo_left_s == 0
        bench.run(60)
        assert not any("dizzy" in x.text for x in screen(bench).feed)

    def test_a_reading_that_confirms_keeps_the_alarms_colour(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        monitor.pressures = [reading(170, 90), reading(164, 90), reading(158, 90), reading(161, 90)]
        bench.run(160)
        bench.do(NibpNow(NURSE))
        bench.run(60)
        bench.do(NibpNow(NURSE))
        bench.run(60)
        colours = [(r.systolic, r.priority) for r in screen(bench).trend.nibp]
        medium = Priority.MEDIUM
        assert colours[:4] == [(170, medium), (164, medium), (158, None), (161, medium)]

    def test_a_flag_is_written_as_on_the_screen(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        monitor.numbers["SPO2"] = 86.0
        bench.run(20)
        assert [f.text for f in screen(bench).trend.flags] == ["SpO₂ ↓86 < 90"]

    def test_the_trend_has_readings_bands_and_limits(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        monitor.pressures = [reading(170, 100)]
        bench.run(100)
        trend = screen(bench).trend
        assert [(r.systolic, r.priority) for r in trend.nibp] == [(170, Priority.MEDIUM)]
        assert trend.limit == 160
        assert trend.bands[0].kind == "BASE"
        assert trend.start_s < trend.now_s < trend.end_s
        assert replace(trend) == trend
