"""V26 and V29 of clinical.md §7 on the real alarm bar: measured from what it paints."""

import time
from dataclasses import replace
from itertools import pairwise

import pytest
import sample_screens as samples
from PySide6.QtCore import QPoint

from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.priority import Priority
from monitor_app.services.screen import AlarmLine
from monitor_app.ui.alarm_bar import AlarmBar
from monitor_app.ui.fonts import load_fonts
from monitor_app.ui.look import Look
from monitor_app.ui.style import DARK

FRAME_NS = 25_000_000
SPAN_S = 6


@pytest.fixture
def bar(qtbot):
    load_fonts()
    made = AlarmBar()
    qtbot.addWidget(made)
    made.set_look(Look())
    made.resize(1904, 60)
    return made


@pytest.mark.parametrize(
    ("line", "colour", "low_hz", "high_hz"),
    [(samples.SPO2_84, DARK.high, 1.4, 2.8), (samples.SYS_168, DARK.medium, 0.4, 0.8)],
)
def test_v29_flash_rate_and_duty_from_grabbed_frames(bar, line, colour, low_hz, high_hz) -> None:
    view = replace(samples.BAR, lines=(line,))
    lit = []
    for frame in range(round(SPAN_S * 1e9 / FRAME_NS)):
        bar.show_view(view, frame * FRAME_NS)
        pixel = bar.grab().toImage().pixelColor(QPoint(20, 8)).name().upper()
        lit.append(pixel == colour)
    rises = sum(1 for before, now in pairwise(lit) if now and not before)
    assert low_hz <= (rises + lit[0]) / SPAN_S <= high_hz
    assert 0.2 <= sum(lit) / len(lit) <= 0.6


def test_v26_a_storm_of_100_alarms_a_minute_is_drawn_20_times_a_second(bar) -> None:
    rules = [rule for rule in RULES if rule.priority is not Priority.INFO]
    started = time.process_time()
    frames = 100
    for frame in range(frames):
        standing = [rules[(frame // 2 + i) % len(rules)] for i in range(12)]
        lines = tuple(
            AlarmLine(
                rule.id,
                rule.priority,
                unacknowledged=True,
                latched=False,
                headline=f"{rule.title} {frame}",
                detail="",
                age_text="",
            )
            for rule in sorted(standing, key=lambda rule: -rule.priority.rank)
        )
        bar.show_view(replace(samples.BAR, lines=lines), frame * 50_000_000)
        bar.grab()
    assert (time.process_time() - started) / frames <= 0.05
