"""The strips together: aligned, laid out, still when frozen, dimmed when stale, and painting no more than they must."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QRect, Qt

from monitor_app.services.wave_ring import WaveRing
from monitor_app.ui.strip_area import StripArea
from monitor_app.ui.strip_label import label_band, mark_rows, trace_rect
from tests.gui.strip_eye import (
    BLUE,
    GREEN,
    PX_PER_MM,
    PX_PER_S,
    add,
    area,
    empty_columns,
    ink,
    pixels,
    rows,
    showing,
    style,
    view,
)

PLETH = view("PLETH", role="pleth", rate_hz=125.0, gain=None, low=-1.0, high=1.0)


class PaintWatch(QObject):
    """Notes which part of a widget each paint event asks for."""

    def __init__(self, widget):
        super().__init__(widget)
        self.rects: list[QRect] = []
        widget.installEventFilter(self)

    def eventFilter(self, _widget, event):  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint:
            self.rects.append(event.region().boundingRect())
        return False


def step_wave(rate_hz: float, at_s: float, seconds: float = 4.0) -> np.ndarray:
    return (np.arange(round(seconds * rate_hz)) / rate_hz >= at_s).astype(float)


def edge_column(strip, name, colour) -> int:
    seen = rows(ink(strip, name, colour))
    return int(np.flatnonzero(seen < 0.5 * (np.nanmin(seen) + np.nanmax(seen)))[0])


class TestTogether:
    def test_the_same_instant_stands_in_the_same_column_in_every_strip(self, qtbot):
        ecg, pleth = WaveRing(500.0), WaveRing(125.0)
        strip = showing(qtbot, (view(), ecg), (PLETH, pleth), size=(800, 400))
        # Each monitor counts from a number of its own: only the instants agree.
        add(ecg, step_wave(500.0, 3.0), first=70_000, zero_s=-140.0)
        add(pleth, step_wave(125.0, 3.0), first=12, zero_s=-12 / 125.0)
        strip.draw_frame()
        columns = edge_column(strip, "ECG_II", GREEN), edge_column(strip, "PLETH", BLUE)
        assert abs(columns[0] - columns[1]) <= 1
        assert columns[0] == pytest.approx(3.0 * PX_PER_S, abs=1.5)

    def test_their_erase_bars_are_in_line(self, qtbot):
        ecg, pleth = WaveRing(500.0), WaveRing(125.0)
        strip = showing(qtbot, (view(), ecg), (PLETH, pleth), size=(800, 400))
        add(ecg, np.zeros(10_050))
        add(pleth, np.zeros(2_513))
        strip.draw_frame()
        gaps = [empty_columns(ink(strip, *which)) for which in (("ECG_II", GREEN), ("PLETH", BLUE))]
        assert abs(gaps[0][0] - gaps[1][0]) <= 2
        assert abs(gaps[0][-1] - gaps[1][-1]) <= 2

    def test_strips_share_the_height_and_never_overlap(self, qtbot):
        names = [("ECG_II", "ecg"), ("PLETH", "pleth"), ("RESP", "resp")]
        pairs = [(view(name, role=role), WaveRing(100.0)) for name, role in names]
        strip = showing(qtbot, *pairs, size=(900, 500))
        rects = [strip.trace_rect(name) for name, _ in names]
        assert all(a.bottom() < b.top() for a, b in pairwise(rects))
        assert rects[-1].bottom() <= strip.rect().bottom()
        assert rects[0].height() > rects[1].height() > rects[2].height()
        assert strip.trace_rect("ECG_V").isEmpty()

    def test_a_wave_without_samples_yet_has_its_name_and_no_trace(self, qtbot):
        strip = area(qtbot)
        strip.show_waves((view(),), {})
        assert len(empty_columns(ink(strip))) == ink(strip).shape[1]
        band = label_band(QRect(0, 0, 800, 240), style())
        assert np.ptp(pixels(strip.picture)[band.top() : band.bottom()]) > 100

    def test_nothing_to_show_is_the_background(self, qtbot):
        strip = area(qtbot)
        strip.show_waves((), {})
        strip.draw_frame()
        assert np.ptp(pixels(strip.grab()), axis=(0, 1)).max() == 0


def running(qtbot, **options):
    ring = WaveRing(500.0)
    strip = showing(qtbot, (view(), ring), **options)
    random = np.random.default_rng(5)

    def run(frames: int) -> None:
        for _ in range(frames):
            add(ring, random.normal(0, 0.3, 8))
            strip.draw_frame()

    run(200)
    return strip, ring, run


def fresh(qtbot, ring, size=(800, 240), view_=None) -> StripArea:
    return showing(qtbot, (view_ or view(), ring), size=size)


def same(one, other, within=8) -> bool:
    a, b = pixels(one.picture), pixels(other.picture)
    return a.shape == b.shape and float(np.abs(a - b).max()) <= within


class TestChange:
    def test_frame_by_frame_is_the_picture_of_one_drawing(self, qtbot):
        strip, ring, _ = running(qtbot)
        assert same(strip, fresh(qtbot, ring))

    def test_another_size_is_drawn_anew(self, qtbot):
        strip, ring, run = running(qtbot)
        strip.resize(611, 333)
        run(20)
        assert same(strip, fresh(qtbot, ring, (611, 333)))

    def test_another_scale_redraws_only_its_own_trace(self, qtbot):
        strip, ring, _ = running(qtbot)
        strip.show_waves((replace(view(), gain_mm_per_unit=5.0),), {"ECG_II": ring})
        assert same(strip, fresh(qtbot, ring, view_=view(gain=5.0)))

    def test_another_ring_takes_the_place_of_the_old_one(self, qtbot):
        strip, _, _ = running(qtbot)
        ring = WaveRing(500.0)
        add(ring, np.zeros(800))
        strip.show_waves((view(),), {"ECG_II": ring})
        assert same(strip, fresh(qtbot, ring))

    def test_another_caption_leaves_the_trace_alone(self, qtbot):
        strip, _, _ = running(qtbot)
        before = ink(strip)
        strip.show_waves((replace(view(), caption="PI 3.2 %"),), strip._rings)
        assert np.array_equal(ink(strip), before)
        named = showing(qtbot, (replace(view(), caption="PI 3.2 %"), WaveRing(500.0)))
        assert np.array_equal(pixels(strip.picture)[:34], pixels(named.picture)[:34])

    def test_other_colours_and_calibration(self, qtbot):
        strip, _, run = running(qtbot)
        run(200)
        strip.set_style(replace(style(), roles={"ecg": BLUE}), 2 * PX_PER_MM)
        assert len(empty_columns(ink(strip, colour=BLUE))) == pytest.approx(0.25 * 2 * PX_PER_S, abs=3)

    def test_a_window_of_no_size_is_harmless(self, qtbot):
        strip = area(qtbot, (1, 1))
        strip.show_waves((view(),), {"ECG_II": WaveRing(500.0)})
        strip.draw_frame()
        assert strip.picture.isNull() or strip.picture.width() <= 1


class TestScreenScaling:
    @pytest.mark.parametrize("ratio", [1.25, 1.5, 2.0])
    def test_finer_pixels_show_the_same_wave_finer(self, qtbot, ratio):
        ring = WaveRing(500.0)
        t_s = np.arange(3000) / 500.0
        add(ring, np.sin(2 * np.pi * t_s))
        strip = area(qtbot)
        strip.devicePixelRatioF = lambda: ratio
        strip.show_waves((view(),), {"ECG_II": ring})
        cover = ink(strip)
        seen = rows(cover) / ratio
        columns = np.flatnonzero(~np.isnan(seen))
        truth = 0.5 * len(cover) / ratio - 10 * PX_PER_MM * np.sin(
            2 * np.pi * (columns + 0.5) / ratio / PX_PER_S
        )
        assert strip.picture.width() == round(800 * ratio)
        assert np.abs(seen[columns] - truth)[: round(5.9 * PX_PER_S * ratio)].max() < 0.7
        assert ink(strip)[:, 20:30].sum(axis=0).mean() > 1.9 * ratio

    def test_piece_by_piece_is_the_same_there_too(self, qtbot):
        ring = WaveRing(500.0)
        strip = area(qtbot)
        strip.devicePixelRatioF = lambda: 1.5
        strip.show_waves((view(),), {"ECG_II": ring})
        random = np.random.default_rng(2)
        for _ in range(300):
            add(ring, random.normal(0, 0.3, 8))
            strip.draw_frame()
        other = area(qtbot)
        other.devicePixelRatioF = lambda: 1.5
        other.show_waves((view(),), {"ECG_II": ring})
        assert same(strip, other)

    def test_moving_to_such_a_screen_draws_anew(self, qtbot):
        strip, _, _ = running(qtbot)
        strip.devicePixelRatioF = lambda: 2.0
        strip.grab()
        assert strip.picture.width() == 1600


class TestEconomy:
    def test_a_frame_paints_only_the_columns_that_changed(self, qtbot, qapp):
        strip, _, run = running(qtbot)
        qapp.processEvents()
        watch = PaintWatch(strip)
        run(1)
        qapp.processEvents()
        assert len(watch.rects) == 1
        new_px = 8 / 500 * PX_PER_S
        assert watch.rects[0].width() <= 0.25 * PX_PER_S + new_px + 6

    def test_aligned_strips_ask_for_one_rectangle(self, qtbot, qapp):
        rings = [WaveRing(500.0) for _ in range(12)]
        strip = showing(qtbot, *((view(f"W{k}"), ring) for k, ring in enumerate(rings)), size=(1200, 900))
        for _ in range(2):
            for ring in rings:
                add(ring, np.zeros(40))
            strip.draw_frame()
            qapp.processEvents()
        watch = PaintWatch(strip)
        for ring in rings:
            add(ring, np.zeros(8))
        strip.draw_frame()
        qapp.processEvents()
        (rect,) = watch.rects
        assert rect.width() < 40

    def test_no_samples_no_paint(self, qtbot, qapp):
        strip, _, _ = running(qtbot)
        qapp.processEvents()
        watch = PaintWatch(strip)
        strip.draw_frame()
        qapp.processEvents()
        assert watch.rects == []

    def test_what_stands_on_the_screen_is_the_picture(self, qtbot, qapp):
        strip, _, run = running(qtbot)
        shown = strip.grab()
        assert np.array_equal(pixels(shown), pixels(strip.picture))
        run(30)
        qapp.processEvents()
        assert np.array_equal(pixels(strip.grab()), pixels(strip.picture))


class TestFrozen:
    def test_the_picture_holds_still_and_says_so(self, qtbot):
        strip, ring, run = running(qtbot)
        before = pixels(strip.picture)
        strip.set_frozen(True)
        run(50)
        strip.show_waves((replace(view(), low=-3.0, stale_text="no signal"),), {"ECG_II": ring})
        assert strip.frozen
        assert np.array_equal(pixels(strip.picture), before)
        words = pixels(strip.grab())[:34, 500:]
        assert words.max() > 200

    def test_a_new_size_shows_the_same_moment(self, qtbot):
        strip, ring, run = running(qtbot)
        still = ring.snapshot()
        strip.set_frozen(True)
        run(50)
        strip.resize(700, 300)
        assert same(strip, fresh(qtbot, still, (700, 300)))

    def test_going_on_shows_what_came_meanwhile(self, qtbot):
        strip, ring, run = running(qtbot)
        strip.set_frozen(True)
        run(50)
        strip.set_frozen(False)
        assert same(strip, fresh(qtbot, ring))
        run(10)
        assert same(strip, fresh(qtbot, ring))
        assert not strip.frozen


class TestStale:
    def test_a_stale_trace_is_dimmed_with_the_reason_in_words(self, qtbot):
        strip, ring, _ = running(qtbot)
        fresh_ink = pixels(strip.grab())
        gone = view(stale="no signal 0:04 · reconnecting")
        strip.show_waves((gone,), {"ECG_II": ring})
        trace = strip.trace_rect("ECG_II")
        dimmed = pixels(strip.grab())
        corner = (slice(trace.top(), trace.bottom()), slice(trace.left() + 20, trace.left() + 200))
        assert dimmed[corner].max() < 0.55 * fresh_ink[corner].max()
        centre = (slice(trace.center().y() - 12, trace.center().y() + 12), slice(300, 500))
        assert dimmed[centre].max() > 200
        assert np.array_equal(dimmed[:30], fresh_ink[:30])  # the name stays bright

    def test_it_clears_when_samples_come_again(self, qtbot):
        strip, ring, run = running(qtbot)
        strip.show_waves((view(stale="no signal 0:04"),), {"ECG_II": ring})
        strip.show_waves((view(),), {"ECG_II": ring})
        run(5)
        assert np.array_equal(pixels(strip.grab()), pixels(strip.picture))

    def test_only_the_stale_strip_is_dimmed(self, qtbot):
        ecg, pleth = WaveRing(500.0), WaveRing(125.0)
        add(ecg, np.zeros(2000))
        add(pleth, np.zeros(500))
        strip = showing(qtbot, (view(), ecg), (PLETH, pleth), size=(800, 400))
        strip.show_waves((view(stale="no signal"), PLETH), {"ECG_II": ecg, "PLETH": pleth})
        rect = strip.trace_rect("PLETH")
        seen, drawn = pixels(strip.grab()), pixels(strip.picture)
        assert np.array_equal(seen[rect.top() : rect.bottom()], drawn[rect.top() : rect.bottom()])


class TestMillivoltMark:
    @pytest.mark.parametrize("gain", [5.0, 10.0, 20.0])
    def test_it_is_one_millivolt_high_and_ends_on_the_zero_line(self, qtbot, gain):
        strip = showing(qtbot, (view(gain=gain), WaveRing(500.0)))
        trace = strip.trace_rect("ECG_II")
        column = pixels(strip.picture)[:, 5:7].max(axis=(1, 2)) > 100
        marked = np.flatnonzero(column[trace.top() :]) + trace.top()
        assert np.ptp(marked) - 1 == pytest.approx(gain * PX_PER_MM, abs=1)
        assert marked[-1] == pytest.approx(trace.top() + trace.height() / 2, abs=1)

    def test_a_step_of_one_millivolt_is_as_high_as_the_mark(self, qtbot):
        strip = showing(qtbot, (view(), WaveRing(500.0)))
        add(strip._rings["ECG_II"], np.repeat([0.0, 1.0], 500))
        strip.draw_frame()
        seen = rows(ink(strip)) + strip.trace_rect("ECG_II").top()
        upper, lower = mark_rows(strip.trace_rect("ECG_II"), 10 * PX_PER_MM)
        assert (np.nanmin(seen), np.nanmax(seen)) == pytest.approx((upper, lower), abs=0.3)

    @pytest.mark.parametrize(
        ("px", "expected"), [(40.0, (60.0, 100.0)), (160.0, (20.0, 180.0)), (240.0, None)]
    )
    def test_a_high_gain_centres_it_and_too_high_a_one_drops_it(self, px, expected):
        assert mark_rows(QRect(0, 0, 100, 200), px) == expected

    def test_an_uncalibrated_wave_has_none(self, qtbot):
        strip = showing(qtbot, (PLETH, WaveRing(125.0)))
        assert np.ptp(pixels(strip.picture)[40:, :16]) < 20

    def test_it_never_reaches_into_the_trace(self):
        rect = QRect(0, 0, 500, 200)
        assert trace_rect(rect, style()).left() > 13


class TestHeights:
    """A wave of a true gain takes what ±2 mV need; the others share the rest (screen.md: no empty room)."""

    @staticmethod
    def heights(qtbot, gain: float, size=(800, 560)) -> list[int]:
        views = (view(gain=gain), PLETH, replace(PLETH, name="RESP", role="resp"))
        strip = showing(qtbot, *((one, WaveRing(one.rate_hz)) for one in views), size=size)
        return [strip.trace_rect(one.name).height() for one in views]

    def test_ten_millimetres_a_millivolt_leave_room_to_the_others(self, qtbot):
        ecg, pleth, resp = self.heights(qtbot, 10.0)
        assert ecg == pytest.approx(40 * PX_PER_MM, abs=1.5)
        assert pleth > resp
        twenty = self.heights(qtbot, 20.0)
        assert twenty[0] > ecg
        assert sum(twenty) == pytest.approx(ecg + pleth + resp, abs=3)

    def test_alone_it_has_the_whole_height(self, qtbot):
        strip = showing(qtbot, (view(gain=10.0), WaveRing(500.0)), size=(800, 560))
        assert strip.trace_rect("ECG_II").height() > 500

    def test_a_touch_is_reported(self, qtbot):
        strip = showing(qtbot, (view(gain=10.0), WaveRing(500.0)), size=(800, 300))
        with qtbot.waitSignal(strip.pressed, timeout=500):
            qtbot.mouseClick(strip, Qt.MouseButton.LeftButton)
