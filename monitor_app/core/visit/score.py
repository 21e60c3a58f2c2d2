"""Lines of the discharge scores that follow from the pressure (clinical.md §2.4), proposed for the nurse to confirm."""

from collections.abc import Sequence

from monitor_app.core.journal import Baseline, NibpEntry


def deviation(reading: NibpEntry, baseline: Baseline) -> float:
    """How far a reading is from baseline, as a fraction; the worse of systolic and diastolic."""
    systolic = abs((reading.systolic_mmhg or 0.0) / baseline.systolic_mmhg - 1)
    diastolic = abs((reading.diastolic_mmhg or 0.0) / baseline.diastolic_mmhg - 1)
    return max(systolic, diastolic)


def padss_vital_line(readings: Sequence[NibpEntry], baseline: Baseline | None) -> int | None:
    """PADSS, vital signs: within 20 % 2, 20 to 40 % 1, beyond 0; from the last two readings, None without them."""
    return _line(readings, baseline, middle=0.4)


def aldrete_circulation_line(readings: Sequence[NibpEntry], baseline: Baseline | None) -> int | None:
    """Aldrete, circulation: within 20 % 2, 20 to 49 % 1, from 50 % 0; from the last two readings, None without."""
    return _line(readings, baseline, middle=0.5 - 1e-9)


def _line(readings: Sequence[NibpEntry], baseline: Baseline | None, *, middle: float) -> int | None:
    if baseline is None or len(readings) < 2:
        return None
    worst = max(deviation(reading, baseline) for reading in readings[-2:])
    if worst <= 0.2:
        return 2
    return 1 if worst <= middle else 0
