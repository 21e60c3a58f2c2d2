"""Makes the whole ``Screen`` from what the display model holds."""

from functools import partial

from devices.clock import NS_PER_S
from monitor_app.core.phase import Phase
from monitor_app.core.priority import Priority
from monitor_app.core.stamp import Actor
from monitor_app.services.bedside.publication import BedsideState
from monitor_app.services.display import UNDO_S, DisplayModel
from monitor_app.services.screen import FeedLine, Screen
from monitor_app.services.view.actions import actions
from monitor_app.services.view.alarm_bar import alarm_bar, announced, cards
from monitor_app.services.view.alarm_states import sound_choices
from monitor_app.services.view.equipment import monitor_alarm_text, silent_lines
from monitor_app.services.view.header import header
from monitor_app.services.view.panel_fields import event_views, panel_fields
from monitor_app.services.view.phase_panel import phase_panel
from monitor_app.services.view.tiles import tiles
from monitor_app.services.view.trend import TREND_MIN, trend
from monitor_app.services.view.unverified import unverified_words
from monitor_app.services.view.waves import ECG_GAIN_MM_PER_MV, waves
from monitor_app.services.view.wording import said

FEED_SHOWN_S = 60.0


def build_screen(
    model: DisplayModel,
    user: Actor,
    to_phase: Phase | None = None,
    *,
    trend_min: int = TREND_MIN,
    ecg_gain: float = ECG_GAIN_MM_PER_MV,
) -> Screen | None:
    """The screen now; None before the bedside has said anything.

    ``to_phase``: the step the phase panel is about, where it is not the usual next one. ``trend_min``: the chart's span in
    minutes, 0 for the whole visit (clinical.md §13.1). ``ecg_gain`` in mm/mV, 0 for auto (clinical.md §8.6).
    """
    state = model.state
    if state is None:
        return None
    shown = announced(state)
    panel = phase_panel(state, to_phase)
    initials = "".join(word[0] for word in user.name.split() if word[0].isalpha()).upper()
    return Screen(
        t_ns=state.stamp.t_ns,
        phase=state.visit.phase,
        simulated=state.opened.simulated,
        alarm_bar=alarm_bar(model, state, initials),
        header=header(state),
        tiles=tiles(state, shown),
        waves=waves(model, state, ecg_gain),
        trend=trend(model, state, trend_min),
        actions=actions(state, shown, panel),
        feed=_feed(model, state.stamp.t_ns),
        phase_panel=panel,
        cards=cards(state),
        events=event_views(state),
        banners=_banners(state),
        border=_border(state),
        sound=sound_choices(state, user),
        fields=panel_fields(state) | {"waves.gain": ecg_gain},
        alarm_log=model.log.rows,
        limits=partial(model.limits.view, state),
    )


def _feed(model: DisplayModel, t_ns: int) -> tuple[FeedLine, ...]:
    """What was recorded in the last minute, newest first, with its undo while it lasts."""
    lines = []
    for line in reversed(model.lines):
        age_s = (t_ns - line.t_ns) / NS_PER_S
        if age_s <= FEED_SHOWN_S:
            undo = max(round(UNDO_S - age_s), 0) if line.undoable else 0
            lines.append(FeedLine(line.entry_id, line.text, undo, line.refused))
    return tuple(lines)


def _banners(state: BedsideState) -> tuple[str, ...]:
    """Conditions of the whole chair that are no alarm of their own yet must be read; information last, in one line."""
    found = []
    if not state.can_record:
        found.append("The record cannot be written: free some disk space. Nothing recorded so far is lost.")
    found += [text for text in (state.overload, state.cuff.differs) if text]
    if announced(state):  # else the quiet alarm bar says it
        found += [text for text in (monitor_alarm_text(state),) if text]
    if state.visit.phase is Phase.DONE:
        later = " To sign it later, close the window." if state.reopened else ""
        found.append(f"The patient has left and the record is not signed yet: press Sign.{later}")
    found += [unverified_words(item) for item in state.uncommissioned]
    found += silent_lines(state)
    informed = " · ".join(said(c.text or c.rule.title) for c in state.conditions if c.informs)
    return (*found, informed) if informed else tuple(found)


def _border(state: BedsideState) -> Priority | None:
    """The flashing border: an unacknowledged HIGH alarm, or alarms that nobody can hear (clinical.md §5.3)."""
    if any(c.rule.priority is Priority.HIGH and c.unacknowledged for c in announced(state)):
        return Priority.HIGH
    if state.sound.state == "missing" and state.visit.phase.monitoring:
        return Priority.MEDIUM
    return None
