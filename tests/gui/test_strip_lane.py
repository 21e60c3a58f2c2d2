"""The traces, judged by the ink they leave: true millimetres, honest gaps, and piece by piece the same as at once."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPixmap

from monitor_app.services.wave_ring import WaveRing
from monitor_app.ui.strip_lane import LaneInk, LaneScale, SweepLane
from tests.gui.strip_eye import (
    BACKGROUND,
    GREEN,
    PX_PER_MM,
    PX_PER_S,
    add,
    empty_columns,
    ink,
    pixels,
    rows,
    showing,
    view,
)

RATE = 500.0
CLIPPED = 24
"""Of 255: by how much Qt's rasteriser draws the same line differently when a clip cuts it. A seam would be some 100."""


def sine(seconds: float, hz: float = 1.0, amplitude: float = 1.0, rate: float = RATE) -> np.ndarray:
    return amplitude * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)


def swept(qtbot, values, *, view_=None, size=(800, 240), rate=RATE):
    ring = WaveRing(rate)
    strip = showing(qtbot, (view_ or view(rate_hz=rate), ring), size=size)
    add(ring, values)
    strip.draw_frame()
    return strip, ring


class TestTrueScale:
    def test_a_known_wave_lies_where_millimetres_put_it(self, qtbot):
        strip, _ = swept(qtbot, sine(6.0))
        cover = ink(strip)
        seen = rows(cover)
        columns = np.flatnonzero(~np.isnan(seen))
        t_s = (columns + 0.5) / PX_PER_S
        inside = t_s < 5.95
        truth = 0.5 * len(cover) - 10 * PX_PER_MM * np.sin(2 * np.pi * t_s)
        assert len(columns) > 0.98 * 6.0 * PX_PER_S
        assert np.abs(seen[columns] - truth)[inside].max() < 0.7

    @pytest.mark.parametrize("sweep", [6.25, 12.5, 25.0, 50.0])
    def test_one_second_is_so_many_millimetres(self, qtbot, sweep):
        spikes = np.zeros(3000)
        spikes[::500] = 1.0
        strip, _ = swept(qtbot, spikes, view_=view(sweep=sweep), size=(1200, 240))
        top = rows(ink(strip)[:100])  # only the spikes reach so high
        marks = np.flatnonzero(~np.isnan(top))
        groups = np.split(marks, np.flatnonzero(np.diff(marks) > 2) + 1)
        centres = [float(group.mean()) for group in groups][1:]  # the first stands at the very edge
        assert np.allclose(np.diff(centres), sweep * PX_PER_MM, atol=1.01)

    @pytest.mark.parametrize("gain", [2.5, 5.0, 10.0, 20.0])
    def test_one_millivolt_is_so_many_millimetres(self, qtbot, gain):
        steps = np.repeat([0.0, 1.0], 500)
        strip, _ = swept(qtbot, steps, view_=view(gain=gain))
        seen = rows(ink(strip))
        low, high = np.nanmedian(seen[5:90]), np.nanmedian(seen[100:185])
        assert low - high == pytest.approx(gain * PX_PER_MM, abs=0.1)

    def test_an_uncalibrated_wave_fills_its_lane(self, qtbot):
        strip, _ = swept(qtbot, np.repeat([0.2, 0.8], 500), view_=view(gain=None, low=0.2, high=0.8))
        seen = rows(ink(strip))
        assert np.nanmin(seen) == pytest.approx(2, abs=0.6)
        assert np.nanmax(seen) == pytest.approx(len(ink(strip)) - 2, abs=0.6)

    def test_the_trace_is_two_pixels_wide(self, qtbot):
        strip, _ = swept(qtbot, np.zeros(1000))
        assert ink(strip)[:, 20:180].sum(axis=0) == pytest.approx(2.0, abs=0.05)

    def test_a_trace_out_of_its_lane_is_cut_not_folded(self, qtbot):
        strip, _ = swept(qtbot, np.full(1000, 50.0))
        assert len(empty_columns(ink(strip))) == ink(strip).shape[1]


class TestEraseBar:
    def test_the_gap_is_a_quarter_of_a_second(self, qtbot):
        strip, _ = swept(qtbot, np.zeros(round(20.3 * RATE)))
        gap = empty_columns(ink(strip))
        assert np.ptp(gap) + 1 == len(gap)
        assert len(gap) == pytest.approx(0.25 * PX_PER_S, abs=3)  # the pen is round and two pixels wide

    def test_the_gap_stands_behind_the_newest_sample(self, qtbot):
        strip, _ = swept(qtbot, np.zeros(round(20.3 * RATE)))
        cover = ink(strip)
        newest = (20.3 * PX_PER_S) % cover.shape[1]
        assert empty_columns(cover)[0] == pytest.approx(newest, abs=2)

    def test_the_gap_wraps_at_the_edge(self, qtbot):
        strip, ring = swept(qtbot, np.zeros(100))
        width = ink(strip).shape[1]
        until = round((width - 8) / PX_PER_S * RATE) + round(width / PX_PER_S * RATE)
        while ring.end < until:
            add(ring, np.zeros(8))
            strip.draw_frame()
        gap = empty_columns(ink(strip))
        assert {0, width - 1} <= set(gap.tolist())
        assert len(gap) == pytest.approx(0.25 * PX_PER_S, abs=3)  # the pen is round and two pixels wide

    def test_the_new_sweep_replaces_the_old(self, qtbot):
        strip, ring = swept(qtbot, np.zeros(100))
        width = ink(strip).shape[1]
        for value in (0.0, 1.0):
            begun = ring.end
            while ring.end - begun < 1.1 * width / PX_PER_S * RATE:
                add(ring, np.full(9, value))
                strip.draw_frame()
        seen = rows(ink(strip))
        middle = 0.5 * len(ink(strip))
        assert np.nanmax(np.abs(seen - (middle - 10 * PX_PER_MM))) < 0.2


class TestGaps:
    def test_missing_samples_are_a_hole_not_a_line(self, qtbot):
        strip, ring = swept(qtbot, np.zeros(1000))
        add(ring, np.zeros(1000), first=1250)  # half a second never came
        strip.draw_frame()
        holes = empty_columns(ink(strip)[:, : round(4.4 * PX_PER_S)])
        assert holes[0] == pytest.approx(2.0 * PX_PER_S, abs=2)
        assert holes[-1] == pytest.approx(2.5 * PX_PER_S, abs=3)
        assert np.ptp(holes) + 1 == len(holes)

    def test_nan_inside_a_chunk_lifts_the_pen(self, qtbot):
        values = np.zeros(2000)
        values[900:1100] = np.nan
        strip, _ = swept(qtbot, values)
        holes = empty_columns(ink(strip)[:, : round(3.9 * PX_PER_S)])
        assert len(holes) == pytest.approx(0.4 * PX_PER_S, abs=3)

    def test_a_lone_sample_is_a_dot(self, qtbot):
        values = np.full(2000, np.nan)
        values[1000] = 0.0
        strip, _ = swept(qtbot, values)
        cover = ink(strip)
        assert np.flatnonzero(cover.max(axis=0) > 0.1).mean() == pytest.approx(2.0 * PX_PER_S, abs=1)
        assert cover.sum() == pytest.approx(np.pi, rel=0.2)

    def test_a_wave_of_nothing_draws_nothing(self, qtbot):
        strip, _ = swept(qtbot, np.full(2000, np.nan))
        assert len(empty_columns(ink(strip))) == ink(strip).shape[1]


def lane_picture(ring: WaveRing, chunks, fill, *, px_per_s=PX_PER_S) -> tuple[QPixmap, SweepLane]:
    """A lane drawn piece by piece as ``fill`` adds each chunk."""
    picture = QPixmap(320, 100)
    picture.fill(BACKGROUND)
    lane = SweepLane(ring, QRect(7, 11, 300, 80), LaneScale(px_per_s, 30.0), LaneInk(GREEN, BACKGROUND))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    lane.redraw(painter)
    for chunk in chunks:
        fill(chunk)
        lane.advance(painter)
    painter.end()
    return picture, lane


def whole_picture(ring: WaveRing, **options) -> QPixmap:
    return lane_picture(ring, (), lambda _: None, **options)[0]


def worst(one: QPixmap, other: QPixmap) -> float:
    return float(np.abs(pixels(one) - pixels(other)).max())


class TestPieceByPiece:
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        chunks=st.lists(st.tuples(st.integers(1, 60), st.integers(0, 40)), min_size=1, max_size=60),
        rate=st.sampled_from([50.0, 125.0, 250.0, 500.0]),
        seed=st.integers(0, 1000),
    )
    def test_any_chunks_and_gaps_give_the_picture_of_one_drawing(self, qapp, chunks, rate, seed):
        ring, random = WaveRing(rate), np.random.default_rng(seed)

        def fill(chunk):
            count, missing = chunk
            add(ring, random.normal(0, 0.4, count), first=ring.end + (missing if missing > 30 else 0))

        pieces, _ = lane_picture(ring, chunks, fill)
        assert worst(pieces, whole_picture(ring)) <= CLIPPED

    def test_a_steep_beat_is_not_eaten_at_the_seams(self, qapp):
        ring = WaveRing(500.0)
        beat = np.exp(-((((np.arange(1400) % 400) - 200) / 6.0) ** 2)) * 1.2
        pieces, _ = lane_picture(ring, range(0, 1400, 3), lambda k: add(ring, beat[k : k + 3]))
        assert worst(pieces, whole_picture(ring)) <= CLIPPED

    def test_nothing_new_touches_nothing(self, qapp):
        ring = WaveRing(500.0)
        picture, lane = lane_picture(ring, [1], lambda _: add(ring, np.zeros(40)))
        painter = QPainter(picture)
        assert lane.advance(painter) == []
        painter.end()


class TestNewBeginnings:
    def test_a_counter_that_begins_anew_clears_the_lane(self, qapp):
        ring = WaveRing(500.0)

        def fill(chunk):
            first, value, zero_s = chunk
            add(ring, np.full(200, value), first=first, zero_s=zero_s)

        pieces, _ = lane_picture(ring, [(0, 0.5, 0.0), (200, 0.5, 0.0), (0, -0.5, 1.7)], fill)
        assert worst(pieces, whole_picture(ring)) == 0
        seen = rows(pixels(pieces)[:, :, 1] > 120)
        assert np.nanmax(np.abs(seen - (11 + 40 + 15))) < 1  # only the new value is there

    def test_clocks_that_drift_apart_draw_anew(self, qapp):
        ring = WaveRing(500.0)
        late = [(k, 0.0 if k < 5 else 0.06) for k in range(10)]
        pieces, lane = lane_picture(ring, late, lambda c: add(ring, sine(0.2), zero_s=c[1]))
        assert not lane.needs_redraw
        assert worst(pieces, whole_picture(ring)) == 0

    def test_a_little_jitter_does_not(self, qapp):
        ring = WaveRing(500.0)
        picture, lane = lane_picture(ring, [0], lambda _: add(ring, sine(0.2)))
        add(ring, sine(0.2), zero_s=0.02)
        painter = QPainter(picture)
        touched = lane.advance(painter)
        painter.end()
        assert sum(rect.width() for rect in touched) < 60

    def test_after_a_long_silence_the_lane_is_drawn_once(self, qapp):
        ring = WaveRing(500.0)
        pieces, _ = lane_picture(ring, [0, 1], lambda k: add(ring, sine(2.0), first=k * 9000))
        assert worst(pieces, whole_picture(ring)) == 0


def test_ink_of_another_width():
    assert LaneInk(QColor("red"), BACKGROUND, 4.0).pen.widthF() == 4.0
