"""How long it is until something is due: never written like a time of day (clinical.md §16.5)."""

from monitor_app.services.view.wording import clock

DUE_NOW = "due now"


def left_text(left_s: float) -> str:
    """``in 14 min``, in the last minute ``in 45 s``; ``due now`` once the time has come."""
    if left_s <= 0:
        return DUE_NOW
    if left_s < 60:
        return f"in {max(int(left_s), 1)} s"
    return f"in {round(left_s / 60)} min"


def due_text(word: str, now_utc_ms: int, left_s: float) -> str:
    """``next 08:15 · in 14 min``; ``due now`` once the time has come."""
    if left_s <= 0:
        return DUE_NOW
    return f"{word} {clock(now_utc_ms + round(left_s * 1000))} · {left_text(left_s)}"
