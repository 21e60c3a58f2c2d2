"""What a press means: a command at once, or the panel that asks for the rest (clinical.md §16.2)."""

from monitor_app.core.commands import Acknowledge, Advance, Command, NibpCancel, NibpNow, PauseAudio
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.services.screen import ActionView, Emphasis, Screen

PANELS = {
    "event": "event",
    "check": "check",
    "oxygen": "oxygen",
    "drug": "drug",
    "note": "note",
    "vas": "vas",
    "order": "order",
    "pump_pause": "pump_pause",
    "pump_stop": "pump_stop",
    "next": "phase",
    "emergency": "emergency",
}
"""Actions that ask for more than the press."""

TILE_PANELS = {
    "HR": "limits/HR",
    "SPO2": "limits/SPO2",
    "NIBP": "nibp",
    "RR": "limits/RR",
    "SEDATION": "check",
}
"""A number leads to its limits, the pressure to its cuff; from each the other is one touch away."""

AUDIO_PAUSE_S = 120.0
"""clinical.md §5.5, AUDIO PAUSED."""


def meaning(key: str, screen: Screen, user: Actor) -> Command | str:
    """Return the command an action sends, or the key of the panel it opens (empty: nothing)."""
    view = next((action for action in screen.actions if action.key == key), None)
    active = view is not None and view.emphasis is Emphasis.ACTIVE
    if key == "ack":
        return Acknowledge(user)
    if key == "pause_sound" and screen.sound.sound_off:
        return "sound"
    if key == "pause_sound":
        return PauseAudio(user, 0.0 if active else AUDIO_PAUSE_S)
    if key == "nibp":
        return NibpCancel(user) if active else NibpNow(user)
    if key == "pump_pause" and screen.phase is Phase.PAUSE:
        return _resume(screen, user)
    return PANELS.get(key, "")


def _resume(screen: Screen, user: Actor) -> Command | str:
    """Resume at once where nothing is missing; otherwise show what is."""
    panel = screen.phase_panel
    if panel.to_phase is Phase.INF and not panel.ready:
        return "phase"
    return Advance(Phase.INF, user)


def shortcuts(actions: tuple[ActionView, ...]) -> dict[str, str]:
    """Return which key presses which action."""
    return {action.shortcut: action.key for action in actions if action.shortcut}
