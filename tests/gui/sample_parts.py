"""The parts of a screen as services/view writes them, made by hand: alarm lines, tiles, waves, what was just recorded."""

from dataclasses import replace

from monitor_app.core.priority import Priority
from monitor_app.services.screen import (
    AlarmBarView,
    AlarmLine,
    FeedLine,
    SoundView,
    TileLine,
    TileView,
    TrendView,
    WaveView,
)

BAR = AlarmBarView(
    lines=(),
    resolved=(),
    quiet_text="No alarms",
    sound=SoundView("on", "Sound on"),
    clock_text="14:32:10",
    user_text="K. L.",
)

SYS_168 = AlarmLine(
    "AL-BP-02",
    Priority.MEDIUM,
    unacknowledged=True,
    latched=False,
    headline="SYS ↑168 > 160",
    detail="Hypertension · not yet confirmed · measuring again now, cuff 132",
    age_text="for 0:20",
)
SPO2_84 = AlarmLine(
    "AL-SP-01",
    Priority.HIGH,
    unacknowledged=True,
    latched=False,
    headline="SpO₂ ↓84 < 85",
    detail="Desaturation · oxygen? airway?",
    age_text="for 0:42",
)
LEAD_OFF = AlarmLine(
    "TE-01",
    Priority.LOW,
    unacknowledged=False,
    latched=False,
    headline="ECG lead off: LA",
    detail="rate from pulse",
    age_text="for 1:10",
)

HR = TileView(
    "HR",
    "HR",
    "/min · ECG",
    "98",
    (TileLine("120", "high"), TileLine("50", "low"), TileLine("", "+26 from 72", short="+26", weight=1)),
)
SPO2 = TileView(
    "SPO2",
    "SpO₂",
    "% · pulse 98",
    "96",
    (TileLine("90", "low"), TileLine("", "−2 from 98", short="−2", weight=1)),
    pill="O₂ off · room air",
)
NIBP = TileView(
    "NIBP",
    "NIBP",
    "mmHg · left arm · 14:30",
    "138/84",
    (
        TileLine("160/100", "high"),
        TileLine("90", "low"),
        TileLine("", "+10/+5 from 128/79", short="+10/+5", weight=1),
        TileLine("", "next 14:35 · in 3 min", short="next in 3 min", weight=2),
    ),
    foot="mean 102 · 1:36 ago",
    progress=0.45,
)
NIBP_ALARM = replace(
    NIBP,
    value="168/96",
    lines=(
        TileLine("160/100", "high"),
        TileLine("90", "low"),
        TileLine("", "+40/+17 from 128/79", short="+40/+17", weight=1),
        TileLine("", "next 14:35 · in 3 min", short="next in 3 min", weight=2),
    ),
    foot="mean 120 · 1:36 ago",
    alarm=Priority.MEDIUM,
    unacknowledged=True,
    arrow="↑",
)
RR = TileView("RR", "RR", "/min", "14", (TileLine("30", "high"), TileLine("10", "low")))
SEDATION = TileView(
    "SEDATION",
    "Sedation",
    "MOAA/S",
    "5",
    (TileLine("", "14:18 · next 14:33 · in 50 s", short="next in 50 s"),),
)
TILES = (HR, SPO2, NIBP, RR, SEDATION)

WAVES = (
    WaveView("ECG_II", "ECG II", "25 mm/s · 10 mm/mV · 0.5–40 Hz", "ecg", 250.0, 25.0, 10.0, -1.0, 1.5),
    WaveView("PLETH", "Pleth", "PI 3.2 %", "pleth", 50.0, 25.0, None, 0.0, 1.0),
    WaveView("RESP", "Resp", "impedance", "resp", 50.0, 6.25, None, -1.0, 1.0),
)
TREND = TrendView(start_s=0.0, end_s=7200.0, now_s=2160.0, clock_zero_utc_ms=1_767_600_000_000)

FEED = (
    FeedLine("e3", "Dissociation, grade 1 · 14:31", undo_left_s=7),
    FeedLine("e2", "Oxygen off, room air · 14:20"),
    FeedLine("e1", "Midazolam 2 mg IV · 14:05"),
)
