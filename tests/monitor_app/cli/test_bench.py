"""``chairside bench``: what is measured is measured, judged the right way round, and printed as the contract says."""

import argparse
import json
import math
import time

import pytest

from devices.drivers.base import SerialSettings
from devices.signals import Provenance
from devices.transport.pipe import pipe
from monitor_app.cli import bench_command
from monitor_app.cli.bench import decode, latency
from monitor_app.cli.bench.decode import bytes_per_s, measure_decoding
from monitor_app.cli.bench.figure import Figure, show, taken
from monitor_app.cli.bench.recording import measure_recording
from monitor_app.cli.bench.resident import resident_mb
from monitor_app.cli.bench.rig import wait_for
from monitor_app.cli.bench.sweep import measure_sweep
from monitor_app.cli.bench.tap import Tap
from monitor_app.cli.parser import build_parser

KEYS = {"name", "value", "unit", "bound", "ok"}
"""design.md §7, ``bench``."""


def by_name(figures):
    return {figure.name: figure for figure in figures}


class TestFigure:
    @pytest.mark.parametrize(
        ("value", "bound", "at_least", "ok"),
        [
            (1.4, 1.5, False, True),
            (1.5, 1.5, False, True),
            (1.51, 1.5, False, False),
            (99.9, 100.0, True, False),
            (100.0, 100.0, True, True),
            (7.0, None, False, None),
            (None, None, False, False),
            (None, 3.0, False, False),
            (math.inf, 3.0, False, False),
            (math.inf, 3.0, True, False),
            (math.nan, 3.0, False, False),
        ],
    )
    def test_a_bound_is_judged_the_right_way_round(self, value, bound, at_least, ok):
        assert Figure("x", value, "ms", bound, at_least).ok is ok

    def test_json_has_the_keys_of_the_contract_and_nothing_json_lacks(self, capsys):
        show(
            [Figure("a", 1.23456789, "ms", 1.5), Figure("b", math.inf, "×", 100.0, at_least=True)], json=True
        )
        first, second = json.loads(capsys.readouterr().out)
        assert set(first) >= KEYS
        assert (first["value"], first["bound"], first["ok"], first["sense"]) == (1.235, 1.5, True, "<=")
        assert (second["value"], second["ok"], second["sense"]) == (None, False, ">=")

    def test_people_see_bound_and_verdict(self, capsys):
        show(
            [Figure("a", 12345.678, "ms", 1.5), Figure("b", 0.0, "MB"), Figure("c", None, "", note="why")],
            json=False,
        )
        lines = capsys.readouterr().out.splitlines()
        assert "≤ 1.5" in lines[1]
        assert "MISSED" in lines[1]
        assert lines[2].split() == ["b", "0", "MB"]
        assert lines[3].split() == ["c", "—", "MISSED", "why"]

    def test_what_cannot_be_measured_is_missed_and_says_why(self):
        def broken():
            raise RuntimeError("no disk")

        (figure,) = taken("recording", broken)
        assert figure.ok is False
        assert "no disk" in figure.note


class TestDecoding:
    @pytest.mark.parametrize(
        ("settings", "expected"),
        [
            (SerialSettings(115_200), 11_520.0),
            (SerialSettings(19_200, parity="E"), 19_200 / 11),
            (SerialSettings(9600, bits=7, parity="O", stop_bits=2), 9600 / 11),
        ],
    )
    def test_a_wire_carries_start_parity_and_stop_bits_too(self, settings, expected):
        assert bytes_per_s(settings) == pytest.approx(expected)

    def test_every_driver_with_a_monitor_is_measured(self):
        figures = by_name(measure_decoding(quick=True))
        assert figures["decode berry"].value > 10
        assert figures["decode berry"].bound == 100
        assert figures["decode berry"].at_least

    def test_a_decoder_that_hears_nothing_is_no_fast_decoder(self, monkeypatch):
        monkeypatch.setattr(decode, "_wire", lambda *_: iter([b"\x00" * 500]))
        (figure,) = taken("decode", lambda: measure_decoding(quick=True))
        assert figure.ok is False


def test_recording_is_measured_in_the_file(tmp_path):
    figures = by_name(measure_recording(tmp_path, quick=True))
    # Raw 16-bit samples alone are 500 * 2 + 125 * 2 bytes a second: less than that has not been recorded.
    assert 0.5 * 3600 * 1250 / 1e6 < figures["record size"].value < 20
    assert figures["commit median"].value <= figures["commit p99"].value
    assert (tmp_path / "training.db").stat().st_size > 100_000


def test_the_sweep_is_measured_against_the_same_picture(qapp):
    figures = by_name(measure_sweep(qapp, quick=True))
    assert 0.05 < figures["sweep frame"].value < 60
    rival = figures["same picture, PlotCurveItems updated whole"].value
    assert figures["sweep against PlotCurveItems"].value == pytest.approx(
        rival / figures["sweep frame"].value
    )
    assert figures["sweep against PlotCurveItems"].value > 20


class TestLatency:
    def test_a_write_is_on_the_screen_when_its_last_sample_is(self):
        second = 1_000_000_000
        sent = ([10, 20, 30, 40], [0, 3 * second, 4 * second, 5 * second])
        painted = ([15, 25, 35], [second, 3 * second + 12_000_000, 4 * second + 30_000_000])
        # The first falls into the warm-up, the last was never painted.
        assert latency._delays_ms(sent, painted) == [12.0, 30.0]

    def test_nothing_painted_is_no_latency(self):
        assert latency._p99([]) == math.inf

    def test_the_tap_changes_nothing_and_notes_the_instant(self):
        host, monitor = pipe()
        tap = Tap(monitor)
        host.open()
        tap.open()
        before = time.monotonic_ns()
        tap.write(b"abc")
        assert host.read(0) == b"abc"
        host.write(b"ask")
        assert tap.read(0) == b"ask"
        ((instant, data),) = tap.sent
        assert before <= instant <= time.monotonic_ns()
        assert data == b"abc"
        assert tap.provenance is Provenance.SIMULATED
        assert tap.description == monitor.description
        tap.close()
        assert not monitor.is_open

    def test_waiting_ends_when_it_is_done_or_when_time_is_over(self, qapp):
        assert wait_for(lambda: True, seconds=5)
        assert not wait_for(lambda: False, seconds=0.02)


def test_memory_is_that_of_this_process():
    assert 20 < resident_mb() < 4000


class TestCommand:
    @pytest.fixture
    def with_parts(self, monkeypatch):
        def use(*figures):
            monkeypatch.setattr(bench_command, "parts", lambda *_a, **_k: [("one", lambda: list(figures))])

        return use

    def arguments(self, *words) -> argparse.Namespace:
        return build_parser().parse_args(["bench", *words])

    def test_all_bounds_kept_is_success(self, with_parts, capsys, qapp):
        with_parts(Figure("a", 1.0, "ms", 2.0), Figure("b", 5.0, "×"))
        assert bench_command.run_bench(self.arguments("--json")) == 0
        captured = capsys.readouterr()
        assert [row["name"] for row in json.loads(captured.out)][:2] == ["a", "b"]
        assert captured.err == ""

    def test_one_missed_is_failure(self, with_parts, capsys, qapp):
        with_parts(Figure("a", 3.0, "ms", 2.0))
        assert bench_command.run_bench(self.arguments()) == 1
        captured = capsys.readouterr()
        assert "MISSED" in captured.out
        assert "measuring: one" in captured.err

    def test_every_row_of_the_table_of_bounds_has_its_part(self, qapp, tmp_path):
        names = {name for name, _ in bench_command.parts(qapp, tmp_path, quick=True)}
        assert {"sweep", "decode", "recording", "headless", "start", "latency"} <= names
        assert names & {"alarm", "storm"}
