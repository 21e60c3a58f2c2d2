"""When an alarm's area is lit: 2.0 Hz HIGH, 0.5 Hz MEDIUM, half the time; LOW is steady (clinical.md §5.2)."""

from monitor_app.core.priority import Priority

_PERIOD_NS = {Priority.HIGH: 500_000_000, Priority.MEDIUM: 2_000_000_000}


def is_lit(priority: Priority | None, now_ns: int, *, unacknowledged: bool) -> bool:
    """Whether the area shows its fill at this instant; an acknowledged alarm is steady, so always lit."""
    if priority is None:
        return False
    period_ns = _PERIOD_NS.get(priority)
    if not unacknowledged or period_ns is None:
        return True
    return now_ns % period_ns < period_ns // 2


def phase_of(now_ns: int) -> tuple[bool, bool]:
    """Return whether HIGH and MEDIUM areas are lit now: a frame is drawn only when this changes."""
    high = is_lit(Priority.HIGH, now_ns, unacknowledged=True)
    medium = is_lit(Priority.MEDIUM, now_ns, unacknowledged=True)
    return high, medium
