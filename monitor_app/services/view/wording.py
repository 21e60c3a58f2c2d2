"""How times, ages and numbers are written on the screen (clinical.md §16.5: 24 h, units, never a bare 0 for nothing)."""

from datetime import UTC, datetime

from devices.clock import NS_PER_S

NO_VALUE = "—"


def clock(utc_ms: int, *, seconds: bool = False) -> str:
    """Local time of day."""
    local = datetime.fromtimestamp(utc_ms / 1000, UTC).astimezone()
    return local.strftime("%H:%M:%S" if seconds else "%H:%M")


def minutes(seconds: float) -> str:
    """``m:ss``, or ``h:mm:ss`` from an hour on."""
    whole = max(int(seconds), 0)
    hours, rest = divmod(whole, 3600)
    if hours:
        return f"{hours}:{rest // 60:02d}:{rest % 60:02d}"
    return f"{rest // 60}:{rest % 60:02d}"


def between(now_t_ns: int, then_t_ns: int) -> str:
    """``m:ss`` between two session times."""
    return minutes((now_t_ns - then_t_ns) / NS_PER_S)


def said(text: str) -> str:
    """A sentence of the rules as it is written on the screen: ``SpO₂``."""
    return text.replace("SpO2", "SpO₂")


def whole(value: float | None) -> str:
    """A number without decimals, or a dash."""
    return NO_VALUE if value is None else f"{value:.0f}"


def change(now: float | None, baseline: float | None) -> str:
    """``+26 from 72``; empty where either is unknown."""
    if now is None or baseline is None:
        return ""
    difference = round(now) - round(baseline)
    sign = "±" if difference == 0 else ("+" if difference > 0 else "−")
    return f"{sign}{abs(difference)} from {baseline:.0f}"
