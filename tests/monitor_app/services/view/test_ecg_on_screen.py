"""How the ECG is drawn: gain and filter as chosen; the emergency's clock; the grade that readings propose."""

import numpy as np
import pytest

from devices.signals import WaveChunk, WaveScale
from monitor_app.core.commands import RecordCare, SetEcgFilter
from monitor_app.core.journal import Baseline, BaselineEntry, NibpEntry
from monitor_app.core.phase import Phase
from monitor_app.services.bedside.publication import WaveShown
from monitor_app.services.screen import Screen
from monitor_app.services.view.builder import build_screen
from tests.monitor_app.services.bedside.bench import NURSE, Bench, BenchMonitor, info, reading

UV = WaveScale("mV", 0.001, 0, -5000, 5000)


def ecg(bench: Bench, peak_mv: float, *, seconds: int = 8, rate_hz: float = 250.0) -> None:
    """Let beats of this height arrive, a second at a time, 60 a minute; the peaks are wide enough for any filter."""
    first = round(bench.t_s * rate_hz)
    for second in range(seconds):
        at_s = np.arange(round(rate_hz)) / rate_hz
        counts = np.rint(1000 * peak_mv * np.exp(-0.5 * ((at_s - 0.5) / 0.03) ** 2)).astype(np.int32)
        bench.run(1)
        bench.say(WaveChunk("ECG_II", rate_hz, first + second * round(rate_hz), counts, UV))
    bench.run(1)


def screen(bench: Bench, gain: float = 10.0) -> Screen:
    built = build_screen(bench.display, NURSE, ecg_gain=gain)
    assert built is not None
    return built


class TestGain:
    def test_ten_is_the_default_and_stands_on_the_strip(self, bench: Bench, monitor: BenchMonitor) -> None:
        ecg(bench, 0.4)
        built = build_screen(bench.display, NURSE)
        assert built is not None
        assert built.waves[0].gain_mm_per_unit == 10
        assert built.waves[0].caption == "25 mm/s · 10 mm/mV · 0.5–40 Hz"

    @pytest.mark.parametrize("chosen", [2.5, 5.0, 20.0, 40.0])
    def test_a_chosen_one_is_used_whatever_the_wave(
        self, bench: Bench, monitor: BenchMonitor, chosen: float
    ) -> None:
        ecg(bench, 4.0)
        assert screen(bench, chosen).waves[0].gain_mm_per_unit == chosen

    @pytest.mark.parametrize(("peak_mv", "gain"), [(0.15, 40), (0.4, 20), (1.0, 10), (2.2, 5), (4.4, 2.5)])
    def test_auto_fills_the_lane_without_leaving_it(
        self, bench: Bench, monitor: BenchMonitor, peak_mv: float, gain: float
    ) -> None:
        ecg(bench, peak_mv, seconds=12)
        wave = screen(bench, 0.0).waves[0]
        assert wave.gain_mm_per_unit == gain
        assert f"{gain:g} mm/mV auto" in wave.caption

    def test_auto_does_not_go_to_and_fro(self, bench: Bench, monitor: BenchMonitor) -> None:
        ecg(bench, 1.0, seconds=12)
        assert screen(bench, 0.0).waves[0].gain_mm_per_unit == 10
        ecg(bench, 0.6, seconds=12)  # at 20 mm/mV it would just fit, but hardly
        assert screen(bench, 0.0).waves[0].gain_mm_per_unit == 10


class TestFilter:
    def test_it_is_drawn_recorded_and_told(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        ecg(bench, 1.0, seconds=3)
        assert bench.do(SetEcgFilter("filtered", 50, NURSE)) == ()
        assert "1–20 Hz · 50 Hz out" in screen(bench).waves[0].caption
        assert bench.system("ECG_FILTER")[0].fields == {
            "mode": "filtered",
            "mains_hz": 50,
            "by": NURSE.name,
        }
        assert screen(bench).feed[0].text == "ECG drawn 1–20 Hz · 50 Hz out"
        fields = screen(bench).fields
        assert (fields["waves.filter"], fields["waves.mains_hz"]) == ("filtered", 50)

    def test_the_band_changes_the_picture_not_the_beats(self, bench: Bench, monitor: BenchMonitor) -> None:
        heights = []
        for mode in ("monitor", "filtered"):
            bench.do(SetEcgFilter(mode, 0, NURSE))
            bench.published.clear()
            ecg(bench, 1.0, seconds=10)
            shown = [p.values for p in bench.published if isinstance(p, WaveShown)]
            heights.append(float(np.nanmax(np.concatenate(shown[-4:]))))
        assert heights[1] < heights[0] - 0.05
        own = bench.bedside._waves.own_rate(bench.bedside.clock.t_ns())
        assert own.value == pytest.approx(60, abs=1)

    @pytest.mark.parametrize(
        ("mode", "mains_hz", "words"),
        [
            ("diagnostic", 0, "too few samples"),
            ("sharp", 0, "no ECG filter"),
            ("monitor", 55, "no ECG filter"),
        ],
    )
    def test_what_cannot_be_is_refused_in_words(
        self, bench: Bench, monitor: BenchMonitor, mode: str, mains_hz: int, words: str
    ) -> None:
        ecg(bench, 1.0, seconds=2)
        (reason,) = bench.do(SetEcgFilter(mode, mains_hz, NURSE))
        assert words in reason
        assert screen(bench).waves[0].caption.endswith("0.5–40 Hz")

    def test_diagnostic_needs_500_samples_a_second(self, bench: Bench) -> None:
        bench.plug(info=info())
        ecg(bench, 1.0, seconds=2, rate_hz=500.0)
        assert screen(bench).fields["waves.diagnostic"] is True
        assert bench.do(SetEcgFilter("diagnostic", 0, NURSE)) == ()
        assert screen(bench).waves[0].caption.endswith("0.05–150 Hz")
        ecg(bench, 1.0, seconds=2, rate_hz=250.0)  # the monitor was exchanged for a slower one
        assert screen(bench).waves[0].caption.endswith("0.5–40 Hz")


def test_an_emergency_has_its_own_clock(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(Phase.CHECKIN, Phase.BASE)
    bench.run(30)
    assert screen(bench).header.big_clock == ""
    bench.enter(Phase.EMERG)
    bench.run(154)
    header = screen(bench).header
    assert (header.big_title, header.big_clock) == ("EMERGENCY", "2:34")
    assert header.big_note.startswith("since ")


class TestHypertensionGrade:
    def infuse(self, bench: Bench, monitor: BenchMonitor, *pressures: tuple[float, float]) -> None:
        monitor.pressures = [reading(*p) for p in pressures]
        bench.enter(Phase.CHECKIN, Phase.BASE)
        stamp = bench.bedside.clock.stamp()
        bench.bedside.journal.write(BaselineEntry(stamp, Baseline(110, 65, 70, 98, 14), (), NURSE))
        bench.run(30 + 330 * (len(pressures) - 1) + 5)
        assert len(bench.of(NibpEntry)) >= len(pressures)

    @pytest.mark.parametrize(
        ("pressures", "grade"),
        [(((112, 70),), None), (((135, 70),), 1), (((150, 85),), 2), (((150, 85), (165, 90)), 3)],
    )
    def test_it_follows_from_the_readings(
        self,
        bench: Bench,
        monitor: BenchMonitor,
        pressures: tuple[tuple[float, float], ...],
        grade: int | None,
    ) -> None:
        self.infuse(bench, monitor, *pressures)
        assert screen(bench).fields["event.Hypertension"] == grade

    def test_a_drug_given_for_it_makes_it_the_third(self, bench: Bench, monitor: BenchMonitor) -> None:
        self.infuse(bench, monitor, (150, 85))
        bench.do(RecordCare("drug", "Labetalol 10 mg IV", NURSE, {"drug": "Labetalol", "dose": 10.0}))
        assert screen(bench).fields["event.Hypertension"] == 3
