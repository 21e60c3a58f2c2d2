"""The trend: every mark where clock and mmHg put it, every text whole and alone, cheap enough for once a second."""

import time
from dataclasses import replace
from itertools import combinations, pairwise
from types import MappingProxyType

import numpy as np
import pytest
import sample_trends
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QColor, QHelpEvent

from monitor_app.core.priority import Priority
from monitor_app.services.screen import TrendFlag, TrendNibp, TrendView
from monitor_app.ui.chart_looks import trend_style
from monitor_app.ui.fonts import load_fonts
from monitor_app.ui.look import Look
from monitor_app.ui.metrics import Metrics
from monitor_app.ui.trend_chart import TrendChart
from monitor_app.ui.trend_reading import reading_text
from tests.gui.strip_eye import pixels

SIZES = {
    (1920, 268): Metrics(),
    (1366, 180): Metrics(1366, 768, 96 / 25.4),
    (3840, 536): Metrics(3840, 2160, 7.2),
}
BOTH = pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
VISITS = pytest.mark.parametrize("visit", sample_trends.ALL)
GREEN, BLUE, WHITE, VIOLET = (
    np.array(QColor(c).getRgb()[:3], float) for c in ("#2EE58B", "#6AA8FF", "#F4F6F8", "#B79CFF")
)


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def show(qtbot, view: TrendView, size=(1920, 268)) -> TrendChart:
    load_fonts()
    chart = TrendChart(trend_style(Look(metrics=SIZES[size])))
    qtbot.addWidget(chart)
    chart.resize(*size)
    chart.show()
    chart.show_trend(view)
    chart.grab()
    return chart


def near(picture: np.ndarray, colour: np.ndarray, within=40.0) -> np.ndarray:
    """Pixels of about this colour."""
    return np.abs(picture - colour).max(axis=2) < within


class TestTexts:
    @BOTH
    @VISITS
    def test_none_is_clipped(self, qtbot, size, visit):
        chart = show(qtbot, sample_trends.ALL[visit](), size)
        bounds = chart.rect()
        for text in chart.placed:
            assert bounds.contains(text.rect.toAlignedRect()), text.text

    @BOTH
    @VISITS
    def test_none_lies_on_another(self, qtbot, size, visit):
        chart = show(qtbot, sample_trends.ALL[visit](), size)
        for one, other in combinations(chart.placed, 2):
            assert not one.rect.intersects(other.rect), (one.text, other.text)

    @BOTH
    def test_what_must_be_there(self, qtbot, size):
        texts = {p.text for p in show(qtbot, sample_trends.infusion(), size).placed}
        assert {"SpO₂", "BP", "HR", "mg", "100", "90", "60", "140", "180"} <= texts
        assert {"Baseline", "Infusion", "Recovery (planned)", "SYS limit 160", "24.8", "2 h"} <= texts
        assert {"14:00", "14:15", "14:30", "15:45"} <= texts

    @BOTH
    def test_flags_and_words_stay_off_the_data(self, qtbot, size):
        chart = show(qtbot, sample_trends.crowded(), size)
        data = chart.axes.main.united(chart.axes.spo2)
        words = {
            "Midazolam 2 mg",
            "SpO₂ 84 < 85",
            "Nurse's note: blanket given",
            "Infusion",
            "SYS limit 160",
            "24.8",
        }
        on_data = [p.text for p in chart.placed if p.text in words and p.rect.intersects(data)]
        assert on_data == []

    def test_the_most_urgent_flag_keeps_its_words(self, qtbot):
        chart = show(qtbot, sample_trends.crowded())
        assert "SpO₂ 84 < 85" in {p.text for p in chart.placed}

    def test_a_phase_too_short_for_its_name_has_none(self, qtbot):
        assert "Paused" not in {p.text for p in show(qtbot, sample_trends.paused()).placed}


class TestTime:
    @BOTH
    def test_quarter_hours_stand_where_the_clock_says(self, qtbot, size):
        chart = show(qtbot, sample_trends.infusion(), size)
        axes = chart.axes
        for text in chart.placed:
            if ":" in text.text and len(text.text) == 5:
                hours, minutes = map(int, text.text.split(":"))
                t_s = (hours - 13) * 3600 + (minutes - 56) * 60  # session second 0 is 13:56
                assert minutes % 15 == 0
                assert text.rect.center().x() == pytest.approx(axes.x(t_s), abs=2)

    def test_the_line_is_heavier_on_the_quarter(self, qtbot):
        chart = show(qtbot, replace(sample_trends.begun(), bands=(), now_s=-9.0))
        row = pixels(chart.grab())[round(chart.axes.main.top()) + 4].sum(axis=1)
        at = {t: row[round(chart.axes.x(t))] for t in (240, 540, 840, 1140)}  # 14:00, 14:05, 14:10, 14:15
        assert at[240] == at[1140] > at[540] == at[840] > row[round(chart.axes.x(400))]

    def test_half_hour_time_zones_keep_their_quarters(self, qtbot, monkeypatch):
        monkeypatch.setenv("TZ", "Asia/Kolkata")
        time.tzset()
        texts = [p.text for p in show(qtbot, sample_trends.infusion()).placed]
        assert {"19:30", "19:45", "20:00"} <= set(texts)  # 14:00 UTC is 19:30

    def test_clocks_going_back_are_followed(self, qtbot, monkeypatch):
        monkeypatch.setenv("TZ", "Europe/Berlin")
        time.tzset()
        view = TrendView(0.0, 7200.0, 10.0, 1_792_888_200_000)  # 2026-10-25 00:30 UTC, 02:30 summer time
        labels = [p.text for p in show(qtbot, view).placed if p.text.count(":") == 1]
        assert labels == ["02:30", "02:45", "02:00", "02:15", "02:30", "02:45", "03:00", "03:15", "03:30"]

    @pytest.mark.parametrize("hours", [1, 3, 8, 24])
    def test_long_visits_keep_readable_labels(self, qtbot, hours):
        chart = show(qtbot, TrendView(0.0, hours * 3600.0, 10.0, sample_trends.ZERO_MS), (1366, 180))
        labels = [p.rect for p in chart.placed if p.text.count(":") == 1]
        assert len(labels) >= 4
        assert all(b.left() - a.right() > 6 for a, b in pairwise(labels))

    def test_the_present_has_its_line(self, qtbot):
        chart = show(qtbot, sample_trends.infusion())
        picture = pixels(chart.grab())
        x = round(chart.axes.x(2170))
        top, bottom = round(chart.axes.main.top()), round(chart.axes.main.bottom())
        assert picture[top:bottom, x].min() > picture[top:bottom, x + 60].min() + 40


class TestValues:
    @BOTH
    def test_rate_and_saturation_lie_on_their_axes(self, qtbot, size):
        flat = replace(
            sample_trends.begun(),
            now_s=3000.0,
            hr=sample_trends.series(0, 3000, lambda _: 120.0),
            spo2=sample_trends.series(0, 3000, lambda _: 95.0),
        )
        chart = show(qtbot, flat, size)
        picture, axes = pixels(chart.grab()), chart.axes
        column = round(axes.x(1500)) + 3
        green, blue = (np.flatnonzero(near(picture, c, 60)[:, column]).mean() + 0.5 for c in (GREEN, BLUE))
        assert green == pytest.approx(axes.main.bottom() - (120 - 40) / 180 * axes.main.height(), abs=1)
        assert blue == pytest.approx(axes.spo2.bottom() - (95 - 80) / 20 * axes.spo2.height(), abs=1)

    @BOTH
    def test_the_tips_of_the_arrows_are_the_pressures(self, qtbot, size):
        view = replace(sample_trends.begun(), nibp=(TrendNibp(3600, 170, 90, 117),), now_s=7000.0, bands=())
        chart = show(qtbot, view, size)
        axes = chart.axes
        white = near(pixels(chart.grab()), WHITE, 90)
        x, half = axes.x(3600), 0.5 * 11 * SIZES[size].scale
        side = white[:, round(x - half) : round(x - 1)]  # left limbs of both arrow heads
        seen = np.flatnonzero(side.any(axis=1))
        assert seen.min() == pytest.approx(axes.y(170) - half, abs=2.5)
        assert seen.max() == pytest.approx(axes.y(90) + half, abs=2.5)
        assert axes.y(170) == pytest.approx(axes.main.bottom() - 130 / 180 * axes.main.height())

    def test_missing_values_are_a_gap(self, qtbot):
        chart = show(qtbot, sample_trends.crowded())
        columns = np.flatnonzero(
            near(pixels(chart.grab()), BLUE, 60)[round(chart.axes.spo2.top()) :].any(axis=0)
        )
        inside = (columns > chart.axes.x(1215)) & (columns < chart.axes.x(1485))
        assert not inside.any()

    def test_values_off_the_axis_stay_on_its_edge_with_their_number(self, qtbot):
        view = replace(sample_trends.begun(), nibp=(TrendNibp(3600, 241, 130, 167),), now_s=7000.0)
        chart = show(qtbot, view)
        assert "241" in {p.text for p in chart.placed}
        assert chart.axes.y(241) == chart.axes.main.top()

    def test_an_alarming_reading_has_the_alarms_colour(self, qtbot):
        chart = show(qtbot, sample_trends.infusion())
        yellow = near(pixels(chart.grab()), np.array([255.0, 210, 31]), 60)
        x = round(chart.axes.x(2040))
        rows = slice(round(chart.axes.main.top()), round(chart.axes.main.bottom()))
        assert yellow[rows, x - 6 : x + 7].sum() > 15
        assert yellow[rows, : x - 10].sum() == 0

    def test_a_wrong_reading_stays_faint_and_struck(self, qtbot):
        good = replace(sample_trends.begun(), nibp=(sample_trends.reading(3600, 150, 90),), now_s=7000.0)
        wrong = replace(good, nibp=(sample_trends.reading(3600, 150, 90, struck=True),))
        white = [
            int(near(pixels(show(qtbot, v).grab()), WHITE, 90)[90:200, 930:1000].sum()) for v in (good, wrong)
        ]
        assert white[0] > 40
        assert white[1] < 8
        drawn = (
            np.abs(pixels(show(qtbot, wrong).grab()) - pixels(show(qtbot, sample_trends.begun()).grab())) > 40
        )
        assert drawn[90:200].any()

    @BOTH
    def test_the_dose_bar_ends_now_and_its_number_stands_beside(self, qtbot, size):
        chart = show(qtbot, sample_trends.infusion(), size)
        axes = chart.axes
        row = near(pixels(chart.grab()), VIOLET, 12)[round(axes.dose.center().y())]
        left = round(axes.dose.left())
        filled = np.flatnonzero(row[left : round(axes.x(2400))]) + left
        assert filled.min() == pytest.approx(axes.x(720), abs=2)
        assert filled.max() == pytest.approx(axes.x(2170), abs=2)
        (number,) = (p.rect for p in chart.placed if p.text == "24.8")
        assert number.left() > axes.x(3120)
        assert number.center().y() == pytest.approx(axes.dose.center().y(), abs=2)

    def test_the_ribbon_lies_between_its_pressures(self, qtbot):
        with_ribbon = pixels(show(qtbot, replace(sample_trends.infusion(), limit=None)).grab())
        chart = show(
            qtbot, replace(sample_trends.infusion(), limit=None, baseline_low=None, baseline_high=None)
        )
        changed = np.flatnonzero(np.abs(with_ribbon - pixels(chart.grab())).max(axis=(1, 2)) > 3)
        axes = chart.axes
        assert changed.min() == pytest.approx(axes.y(153.6), abs=2)
        assert changed.max() == pytest.approx(axes.y(102.4), abs=2)

    def test_the_limit_is_dashed_at_its_pressure(self, qtbot):
        chart = show(qtbot, sample_trends.infusion())
        line = pixels(chart.grab())[
            round(chart.axes.y(160)), round(chart.axes.x(4000)) : round(chart.axes.x(6000))
        ]
        bright = line.sum(axis=1) > 200
        assert 0.4 < bright.mean() < 0.7


class TestHabits:
    def test_nothing_shown_yet_is_the_background(self, qtbot):
        chart = TrendChart(trend_style(Look()))
        qtbot.addWidget(chart)
        chart.resize(600, 200)
        assert np.ptp(pixels(chart.grab()), axis=(0, 1)).max() == 0

    def test_the_same_chart_is_not_painted_twice(self, qtbot, qapp):
        view = sample_trends.infusion()
        chart = show(qtbot, view)
        qapp.processEvents()
        painted: list[int] = []
        original = chart.paintEvent
        chart.paintEvent = lambda event: (painted.append(1), original(event))[1]
        chart.show_trend(sample_trends.infusion())
        qapp.processEvents()
        assert painted == []

    @staticmethod
    def paintings(qapp, chart: TrendChart, views: list[TrendView]) -> int:
        """How often the chart is painted when it is given these one after another."""
        painted: list[int] = []
        original = chart.paintEvent
        chart.paintEvent = lambda event: (painted.append(1), original(event))[1]
        for view in views:
            chart.show_trend(view)
            qapp.processEvents()
        return len(painted)

    def test_a_present_within_the_same_pixel_is_the_same_chart(self, qtbot, qapp):
        view = sample_trends.infusion()
        chart = show(qtbot, view)
        qapp.processEvents()
        step_s = 1 / chart.axes.px_per_s
        assert step_s > 3
        views = [
            replace(view, now_s=2170.0 + k * step_s / 50, clock_zero_utc_ms=view.clock_zero_utc_ms + k % 2)
            for k in range(1, 200)
        ]
        assert 2 <= self.paintings(qapp, chart, views) <= 5  # four pixels' time

    def test_the_clock_of_the_computer_put_right_is_another_chart(self, qtbot, qapp):
        view = sample_trends.infusion()
        chart = show(qtbot, view)
        qapp.processEvents()
        later = replace(view, now_s=2172.0, clock_zero_utc_ms=view.clock_zero_utc_ms + 60_000)
        assert self.paintings(qapp, chart, [later]) == 1

    def test_more_alarms_than_seconds_are_drawn_once_a_second(self, qtbot, qapp):
        view = sample_trends.infusion()
        chart = show(qtbot, view)
        qapp.processEvents()
        alarms = [TrendFlag(2170.0 + k / 5, f"HR {120 + k}", "alarm", Priority.MEDIUM) for k in range(50)]
        views = [replace(view, now_s=2170.0 + k / 5, flags=(*view.flags, *alarms[:k])) for k in range(1, 51)]
        assert self.paintings(qapp, chart, views) == 10
        assert chart.axes is not None

    def test_another_span_is_drawn_at_once(self, qtbot, qapp):
        view = sample_trends.infusion()
        chart = show(qtbot, view)
        qapp.processEvents()
        shorter = replace(view, now_s=2170.2, start_s=1000.0, end_s=2800.0, window_text="30 min")
        assert self.paintings(qapp, chart, [shorter]) == 1

    def test_another_look_is_taken(self, qtbot):
        chart = show(qtbot, sample_trends.infusion())
        dark = pixels(chart.grab()).mean()
        chart.set_style(replace(trend_style(Look()), background=QColor("white"), bands=MappingProxyType({})))
        assert pixels(chart.grab()).mean() > dark + 100

    @BOTH
    def test_once_a_second_costs_little(self, qtbot, size, qapp):
        chart = show(qtbot, sample_trends.long_visit(), size)
        costs = []
        for k in range(9):
            view = replace(sample_trends.long_visit(), now_s=11_700.0 + k)
            begun = time.thread_time()
            chart.show_trend(view)
            qapp.processEvents()
            costs.append(time.thread_time() - begun)
        assert np.median(costs) < 0.040  # 15 ms on an idle machine; three times that is a fault

    def test_closing_is_harmless(self, qtbot):
        assert show(qtbot, sample_trends.infusion()).close()


class TestReadingUnderThePointer:
    def test_it_reads_everything_of_that_instant(self):
        text = reading_text(sample_trends.infusion(), 2040.0, within_s=20)
        assert text.splitlines()[0] == "14:30:00"
        assert "HR 95 /min" in text
        assert "SpO₂ 96 %" in text
        assert "NIBP 168/96 mean 120 mmHg" in text
        assert "SYS 168 unconfirmed" in text

    def test_a_gap_is_a_dash_and_a_wrong_reading_says_so(self):
        text = reading_text(sample_trends.crowded(), 1300.0, within_s=20)
        assert "HR —" in text
        assert "214/48" in text
        assert "marked wrong" in text

    @pytest.mark.parametrize("t_s", [-5.0, 3000.0, 9000.0])
    def test_the_future_and_the_past_say_nothing(self, t_s):
        assert reading_text(sample_trends.infusion(), t_s, within_s=20) == ""

    def test_the_chart_answers_a_resting_pointer(self, qtbot, monkeypatch):
        chart = show(qtbot, sample_trends.infusion())
        said: list[str] = []
        monkeypatch.setattr(
            "monitor_app.ui.trend_chart.QToolTip.showText", lambda _p, text, _w: said.append(text)
        )
        where = QPoint(round(chart.axes.x(2040)), 100)
        chart.event(QHelpEvent(QEvent.Type.ToolTip, where, chart.mapToGlobal(where)))
        assert said[0].startswith("14:30")


def test_alarm_colours_come_from_the_style():
    style = trend_style(Look())
    assert style.alarm(Priority.HIGH, style.nibp) == style.alarms["HIGH"]
    assert style.alarm(None, style.nibp) == style.nibp
