"""What the screen shows when the program itself no longer answers: no number that might be old, and that in words."""

from dataclasses import replace

from monitor_app.core.priority import Priority
from monitor_app.services.screen import AlarmLine, Freshness, Screen, TileView
from monitor_app.services.view.wording import NO_VALUE, minutes

STALLED_AFTER_S = 2.0
"""The bedside speaks once a second; after two seconds of silence nothing on the screen can be trusted."""
RULE = "TE-16"


def stalled(screen: Screen, silent_s: float) -> Screen:
    """The same screen with every number blanked and a HIGH line above all others (clinical.md §6.6, TE-16)."""
    line = AlarmLine(
        rule=RULE,
        priority=Priority.HIGH,
        unacknowledged=True,
        latched=False,
        headline="CHAIRSIDE HAS STOPPED",
        detail="watch the patient and the monitor itself · restart Chairside",
        age_text=f"for {minutes(silent_s)}",
    )
    bar = replace(screen.alarm_bar, lines=(line, *screen.alarm_bar.lines))
    return replace(
        screen,
        alarm_bar=bar,
        tiles=tuple(_blank(tile) for tile in screen.tiles),
        waves=tuple(replace(wave, stale_text="Chairside has stopped") for wave in screen.waves),
        border=Priority.HIGH,
    )


def _blank(tile: TileView) -> TileView:
    return replace(
        tile, value=NO_VALUE, foot="", freshness=Freshness.BLANK, arrow="", alarm=None, pending=False
    )
