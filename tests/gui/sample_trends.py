"""Charts of visits made by hand: just begun, in the middle, with everything that can happen, and three hours long."""

import math

from monitor_app.core.priority import Priority
from monitor_app.services.screen import TrendBand, TrendFlag, TrendNibp, TrendView

ZERO_MS = 1_767_621_360_000
"""Session second 0 lies at 13:56 UTC."""


def series(start: float, end: float, at, step: float = 5.0) -> tuple[tuple[float, float], ...]:
    return tuple((start + step * k, at(start + step * k)) for k in range(int((end - start) / step) + 1))


def rate(t: float) -> float:
    return 71 + 27 * (1 - math.exp(-max(t - 720, 0) / 700)) + 1.2 * math.sin(t / 17)


def saturation(t: float) -> float:
    return 98.0 - (2.0 if t > 1560 else 0.0) + (0.5 if math.sin(t / 40) > 0.9 else 0.0)


def reading(t: float, systolic: float, diastolic: float, **more) -> TrendNibp:
    return TrendNibp(t, systolic, diastolic, diastolic + (systolic - diastolic) / 3, **more)


READINGS = (
    reading(15, 130, 79),
    reading(240, 131, 80),
    reading(840, 138, 84),
    reading(1140, 145, 86),
    reading(1440, 152, 90),
    reading(1740, 159, 93),
    reading(2040, 168, 96, priority=Priority.MEDIUM),
)


def begun() -> TrendView:
    """The first seconds: no reading, no baseline, no dose."""
    return TrendView(0.0, 7200.0, 4.0, ZERO_MS, bands=(TrendBand(0.0, 4.0, "Baseline", "BASE"),))


def infusion() -> TrendView:
    """The chart of screen.png: 24 minutes into the infusion."""
    return TrendView(
        start_s=0.0,
        end_s=6660.0,
        now_s=2170.0,
        clock_zero_utc_ms=ZERO_MS,
        hr=series(0, 2170, rate),
        spo2=series(0, 2170, saturation),
        nibp=READINGS,
        flags=(
            TrendFlag(520, "Midazolam 2 mg", "drug"),
            TrendFlag(1440, "Dissociation, mild", "event"),
            TrendFlag(2040, "SYS 168 unconfirmed", "alarm", Priority.MEDIUM),
        ),
        bands=(
            TrendBand(0, 720, "Baseline", "BASE"),
            TrendBand(720, 2170, "Infusion", "INF"),
            TrendBand(2170, 3120, "", "INF", planned=True),
            TrendBand(3120, 6660, "Recovery", "REC", planned=True),
        ),
        baseline_low=102.4,
        baseline_high=153.6,
        limit=160.0,
        limit_text="SYS limit 160",
        dose_start_s=720.0,
        dose_now_s=2170.0,
        dose_end_s=3120.0,
        dose_text="24.8",
    )


def crowded() -> TrendView:
    """Much at once: alarms, drugs and notes within minutes, a wrong reading struck, a gap in the signals."""
    base = infusion()
    gap = [(t, math.nan if 1200 < t < 1500 else v) for t, v in base.hr]
    lost = [(t, math.nan if 1200 < t < 1500 else v) for t, v in base.spo2]
    flags = (
        TrendFlag(500, "Midazolam 2 mg", "drug"),
        TrendFlag(540, "Ondansetron 4 mg", "drug"),
        TrendFlag(560, "Oxygen 2 L/min", "drug"),
        TrendFlag(1440, "Dissociation, mild", "event"),
        TrendFlag(1500, "SpO₂ 84 < 85", "alarm", Priority.HIGH),
        TrendFlag(2040, "SYS 168 > 160", "alarm", Priority.MEDIUM),
        TrendFlag(2100, "Nurse's note: blanket given", "note"),
    )
    nibp = (*READINGS[:4], reading(1300, 214, 48, struck=True), *READINGS[4:])
    return TrendView(
        **{f: getattr(base, f) for f in base.__slots__}
        | {"hr": tuple(gap), "spo2": tuple(lost), "flags": flags, "nibp": nibp}
    )


def paused() -> TrendView:
    """A pause inside the infusion, and a long name of a short phase."""
    base = infusion()
    bands = (
        TrendBand(0, 300, "Baseline", "BASE"),
        TrendBand(300, 1200, "Infusion", "INF"),
        TrendBand(1200, 1400, "Paused", "PAUSE"),
        TrendBand(1400, 2170, "Infusion", "INF"),
        TrendBand(2170, 3320, "", "INF", planned=True),
        TrendBand(3320, 5120, "Recovery", "REC", planned=True),
    )
    return TrendView(**{f: getattr(base, f) for f in base.__slots__} | {"bands": bands})


def long_visit() -> TrendView:
    """Three hours and a quarter in one window, after the dose has ended."""
    end = 11_700.0
    readings = tuple(
        reading(t, 128 + 25 * math.sin(t / 1800), 80 + 8 * math.sin(t / 1800)) for t in range(60, 11_400, 300)
    )
    return TrendView(
        start_s=0.0,
        end_s=12_600.0,
        now_s=end,
        clock_zero_utc_ms=ZERO_MS,
        hr=series(0, end, rate),
        spo2=series(0, end, saturation),
        nibp=readings,
        flags=tuple(TrendFlag(900.0 * k, f"Note {k}", "note") for k in range(1, 12)),
        bands=(
            TrendBand(0, 720, "Baseline", "BASE"),
            TrendBand(720, 6120, "Infusion", "INF"),
            TrendBand(6120, end, "Recovery", "REC"),
        ),
        baseline_low=102.4,
        baseline_high=153.6,
        limit=180.0,
        limit_text="SYS limit 180",
        dose_start_s=720.0,
        dose_now_s=6120.0,
        dose_end_s=6120.0,
        dose_text="41.0",
    )


ALL = {"begun": begun, "infusion": infusion, "crowded": crowded, "paused": paused, "long_visit": long_visit}
