"""The one-press actions of the bottom row (clinical.md §16.2): what each says now and how it stands out."""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from devices.clock import NS_PER_S
from devices.drivers.base import NibpTiming
from monitor_app.core.alarm.engine import Condition
from monitor_app.core.observation import PAIN, due_items
from monitor_app.core.phase import Phase
from monitor_app.core.visit.infusion import infusion_of
from monitor_app.services.bedside.publication import BedsideState
from monitor_app.services.screen import ActionView, Emphasis, PhasePanelView
from monitor_app.services.view.alarm_states import standby
from monitor_app.services.view.alarm_words import name_of
from monitor_app.services.view.due_words import left_text
from monitor_app.services.view.wording import minutes, said

CARE_PHASES = frozenset(Phase) - {Phase.SCHED, Phase.SIGNED, Phase.CANCEL}
"""Where something can be recorded at all."""
SMALL_FIRST: Mapping[Phase, tuple[str, ...]] = MappingProxyType(
    {
        Phase.INF: ("event", "pump_pause", "nibp", "check"),
        Phase.PAUSE: ("pump_pause", "event", "nibp", "check"),
        Phase.EMERG: ("pump_stop", "event", "drug", "nibp"),
        Phase.REC: ("next", "check", "event", "nibp"),
    }
)
"""What a small screen shows of the phase's actions; the rest is one press away (screen.md, Sizes)."""
PRESSURE_FIRST = ("nibp", "pump_pause", "event", "check")
"""The same while an alarm of the pressure or the cuff stands: it is measured again before anything is written."""
_AFTER_NAME = re.compile(r" [><≥≤] |: ")
"""What follows is not needed to know which alarm a button acknowledges."""
PUMP_PHASES = frozenset({Phase.INF, Phase.PAUSE})
LONGEST_NAME = 16
"""Letters of an alarm's name that stand in the button which acknowledges it."""
DUE_SHOWN_S = 120.0
"""A check shows its countdown this long before it is due."""


def actions(
    state: BedsideState, announced: tuple[Condition, ...], panel: PhasePanelView
) -> tuple[ActionView, ...]:
    """The row as it follows the phase; Acknowledge, Pause sound and EMERGENCY never move."""
    phase = state.visit.phase
    middle = [_note()] if phase in CARE_PHASES else []
    if phase.monitoring:
        middle = [_nibp(state), _event(), _check(state), _oxygen(), _drug(), *middle]
    middle += _pump(state, panel)
    if phase not in PUMP_PHASES:
        middle.append(_next(panel))
    first = SMALL_FIRST.get(phase, ("next", "check", "nibp"))
    if phase in PUMP_PHASES and any(c.rule.id.startswith(("AL-BP", "TE-07", "TE-08")) for c in announced):
        first = PRESSURE_FIRST
    ranked = (replace(view, rank=_rank(view.key, first)) for view in middle)
    return (_acknowledge(announced), _pause(state), *ranked, _emergency(state))


def _rank(key: str, first: tuple[str, ...]) -> int:
    """How early a small screen gives an action its place: what is needed most is touched at once."""
    return first.index(key) if key in first else len(first)


def _acknowledge(announced: tuple[Condition, ...]) -> ActionView:
    waiting = [c for c in announced if c.unacknowledged]
    if not waiting:
        return ActionView("ack", "Acknowledge", "F1", "F1", enabled=False, fixed=True)
    first = max(waiting, key=lambda c: c.rule.priority.rank)
    name = _AFTER_NAME.split(name_of(first))[0].replace("↑", "").replace("↓", "")
    if len(name) > LONGEST_NAME:
        name = min((name, said(first.rule.title)), key=len)
    more = f" · {len(waiting) - 1} more" if len(waiting) > 1 else ""
    return ActionView("ack", f"Acknowledge {name}", f"F1{more}", "F1", Emphasis.PRIMARY, fixed=True)


def _pause(state: BedsideState) -> ActionView:
    sound = state.sound
    if state.alarm_system.audio_off:
        return ActionView("pause_sound", "Sound off", "switch on…", "Shift+F1", Emphasis.ACTIVE, fixed=True)
    if sound.until_t_ns is not None:  # also where there is trouble with the sound
        left = minutes((sound.until_t_ns - state.stamp.t_ns) / NS_PER_S)
        return ActionView(
            "pause_sound", "Sound paused", f"{left} left", "Shift+F1", Emphasis.ACTIVE, fixed=True
        )
    able = not standby(state.visit.phase)
    return ActionView("pause_sound", "Pause sound", "2:00", "Shift+F1", enabled=able, fixed=True)


def _nibp(state: BedsideState) -> ActionView:
    cuff = state.cuff
    if cuff.measuring:
        return ActionView("nibp", "Stop cuff", "measuring · F2", "F2", Emphasis.ACTIVE)
    if cuff.timing is NibpTiming.MONITOR:
        emphasis = Emphasis.DUE if cuff.task else Emphasis.NORMAL
        return ActionView("nibp", "NIBP", "press START on the monitor", "F2", emphasis)
    return ActionView("nibp", "NIBP now", "F2", "F2", enabled=cuff.timing is NibpTiming.HOST)


def _event() -> ActionView:
    return ActionView("event", "Event", "F3", "F3")


def _check(state: BedsideState) -> ActionView:
    due = due_items(state.visit, state.visit_facts.rules)
    if not due:
        return ActionView("check", "Check", "F4", "F4")
    left_s = (due[0].due_t_ns - state.stamp.t_ns) / NS_PER_S
    what = "pain " if due[0].item == PAIN else ""
    if left_s < 0:
        return ActionView("check", "Check", f"{what}overdue {minutes(-left_s)}", "F4", Emphasis.OVERDUE)
    if left_s <= DUE_SHOWN_S:
        return ActionView("check", "Check", f"{what}due in {minutes(left_s)}", "F4", Emphasis.DUE)
    return ActionView("check", "Check", f"{what}next {left_text(left_s)}", "F4")


def _oxygen() -> ActionView:
    return ActionView("oxygen", "Oxygen", "F5", "F5")


def _drug() -> ActionView:
    return ActionView("drug", "Drug", "F6", "F6")


def _note() -> ActionView:
    return ActionView("note", "Note", "F7", "F7")


def _pump(state: BedsideState, panel: PhasePanelView) -> list[ActionView]:
    """What is only recorded says so (screen.md, Actions). These buttons are the steps of a running infusion."""
    phase, infusion = state.visit.phase, infusion_of(state.visit)
    stopped = ActionView("pump_stop", "Pump stopped", "record · F9", "F9")
    if phase is Phase.EMERG:
        return [stopped] if infusion.open else []
    if phase is Phase.INF and infusion.open and not infusion.early(state.stamp.t_ns):
        stopped = replace(stopped, title="Infusion ended", emphasis=Emphasis.PRIMARY)
    if phase is Phase.INF:
        return [ActionView("pump_pause", "Pump paused", "record · F8", "F8"), stopped]
    if phase is Phase.PAUSE:
        ready = panel.ready and panel.to_phase is Phase.INF
        emphasis = Emphasis.PRIMARY if ready else Emphasis.NORMAL
        return [ActionView("pump_pause", "Pump resumed", "record · F8", "F8", emphasis), stopped]
    return []


def _next(panel: PhasePanelView) -> ActionView:
    """The step of the visit; while the infusion goes on the pump's own buttons take its steps."""
    if panel.to_phase is None:
        return ActionView("next", "Visit", "closed", "F10", enabled=False)
    emphasis = Emphasis.PRIMARY if panel.ready else Emphasis.NORMAL
    return ActionView("next", panel.button, panel.missing_text or "ready · F10", "F10", emphasis)


def _emergency(state: BedsideState) -> ActionView:
    phase = state.visit.phase
    if phase is Phase.EMERG:
        return ActionView("emergency", "EMERGENCY", "running", "F12", Emphasis.ACTIVE, fixed=True)
    return ActionView(
        "emergency", "EMERGENCY", "then confirm", "F12", Emphasis.DANGER, enabled=phase.monitoring, fixed=True
    )
