"""The alarm bar: conditions in words, highest first, with what is known and what is being done (screen.md)."""

from devices.clock import NS_PER_S
from devices.signals import LinkState
from monitor_app.core.alarm.audio import calls_for_help
from monitor_app.core.alarm.engine import Condition
from monitor_app.core.alarm.rules_heart_rate import RATE_FROM_PULSE
from monitor_app.core.alarm.state import AlarmState
from monitor_app.core.journal import AlarmEntry
from monitor_app.core.priority import Priority
from monitor_app.services.bedside.publication import BedsideState
from monitor_app.services.display import RESOLVED_S, DisplayModel
from monitor_app.services.screen import AlarmBarView, AlarmLine, CardView, SoundView
from monitor_app.services.view.alarm_states import PAUSED, standby, state_marks
from monitor_app.services.view.alarm_words import SILENT, headline, is_silent, name_of, value_now
from monitor_app.services.view.equipment import monitor_alarm_text
from monitor_app.services.view.wording import between, clock, minutes, said

STANDBY_TEXT = "Standby · no patient monitored"
NOT_YET = "Not monitored yet · alarms of the equipment only"
"""Check-in: the patient is being connected, and no rule of the patient is live (clinical.md §3.1)."""
PAUSED_TEXT = "Alarms paused · none is announced"
"""Never "No alarms" while nobody would be told of one."""
PRESSURE_CARD = (
    "Symptoms? Chest pain, breathless, severe headache, vision, weakness, confusion: EMERGENCY.",
    "Pump paused?",
    "Arm still, cuff size right, measuring again?",
    "Tell the prescriber.",
    "Drug given?",
)
"""Questions on a severe pressure (clinical.md §6.2); the program never suggests a drug or dose."""


def announced(state: BedsideState) -> tuple[Condition, ...]:
    """What is on display as an alarm: not pending, not hidden behind a more urgent one."""
    return tuple(c for c in state.conditions if c.shown)


def alarm_bar(model: DisplayModel, state: BedsideState, user: str) -> AlarmBarView:
    """The bar as it stands."""
    lines = tuple(_line(c, state) for c in announced(state) if c.rule.priority is not Priority.INFO)
    return AlarmBarView(
        lines=lines,
        resolved=tuple(_resolved(model, state)),
        quiet_text=_quiet(state),
        sound=_sound(state),
        clock_text=clock(state.stamp.utc_ms, seconds=True),
        user_text=user,
        states=state_marks(state),
        standby=standby(state.visit.phase),
    )


def _quiet(state: BedsideState) -> str:
    """Nothing of ours stands; an alarm of the monitor's own is said and takes the place of none."""
    own = monitor_alarm_text(state)
    if standby(state.visit.phase):
        return STANDBY_TEXT
    if any(line.state == PAUSED for line in state.alarm_system.lines):
        return PAUSED_TEXT
    if not state.visit.phase.monitoring:
        return NOT_YET
    return f"No alarms here · {own}" if own else "No alarms"


def _line(condition: Condition, state: BedsideState) -> AlarmLine:
    title = _unheard(state) if is_silent(condition.rule.id) else said(condition.rule.title)
    latched = condition.state is AlarmState.LATCHED
    parts = [
        "" if name_of(condition).casefold().startswith(title.casefold()) else title,
        value_now(condition),
    ]
    if latched:
        parts.append("came back, not acknowledged" if condition.returned else "not acknowledged")
    if condition.note:
        parts.append(condition.note)
    parts.append(_certainty(condition))
    doing = _doing(condition, state)
    if doing:
        parts.append(doing)
    age = between(state.stamp.t_ns, condition.announced_t_ns or condition.since_t_ns)
    return AlarmLine(
        rule=condition.rule.id,
        priority=condition.rule.priority,
        unacknowledged=condition.unacknowledged,
        latched=latched,
        headline=headline(condition, call_help=calls_for_help(condition, state.stamp.t_ns)),
        detail=" · ".join(part for part in (parts if condition.text else parts[1:]) if part),
        age_text=f"began {age} ago" if latched else f"for {age}",
    )


def _unheard(state: BedsideState) -> str:
    """Which monitor it is where there are several, what to look at, and what Chairside does meanwhile."""
    quiet = [link.driver_name for link in state.links if link.state is not LinkState.STREAMING]
    which = f"{quiet[0]} · " if len(state.links) > 1 and len(quiet) == 1 else ""
    return f"{which}check its cable and power · reconnecting"


def _certainty(condition: Condition) -> str:
    """Whether a second reading has been asked what the first one said (clinical.md §5.8.5)."""
    if not condition.rule.retake or condition.note or not condition.state.running:
        return ""
    return "not yet confirmed" if condition.unconfirmed else "confirmed by a second reading"


def _doing(condition: Condition, state: BedsideState) -> str:
    """What Chairside is doing about it, or asks for."""
    rate = state.facts.hr
    if condition.rule.id.startswith("TE-01") and rate.source == RATE_FROM_PULSE and rate.value is not None:
        return "rate from pulse"
    return _of_cuff(condition, state) if condition.rule.id.startswith(("AL-BP", "TE-07")) else ""


def _of_cuff(condition: Condition, state: BedsideState) -> str:
    cuff = state.cuff
    if cuff.task:
        return cuff.task
    if cuff.measuring and cuff.trigger in {"retake", "retry"}:
        pressure = "" if cuff.cuff_mmhg is None else f", cuff {cuff.cuff_mmhg}"
        return f"measuring again now{pressure}"
    if cuff.next_trigger in {"retake", "retry"} and cuff.next_due_t_ns is not None:
        left_s = (cuff.next_due_t_ns - state.stamp.t_ns) / NS_PER_S
        return f"measuring again in {minutes(left_s)}"
    if condition.unconfirmed and cuff.armed and cuff.next_due_t_ns is not None and not cuff.measuring:
        return f"next reading in {minutes((cuff.next_due_t_ns - state.stamp.t_ns) / NS_PER_S)}"
    return ""


def _resolved(model: DisplayModel, state: BedsideState) -> list[str]:
    active = {c.rule.id for c in announced(state)}
    recent: dict[str, AlarmEntry] = {}
    for entry in model.resolved:
        if (state.stamp.t_ns - entry.stamp.t_ns) / NS_PER_S <= RESOLVED_S and entry.rule not in active:
            recent[entry.rule] = entry
    ended = {said(SILENT if is_silent(e.rule) else e.text): e.stamp.t_ns for e in recent.values()}
    return [f"{text}, resolved {between(state.stamp.t_ns, t_ns)} ago" for text, t_ns in ended.items()]


def _sound(state: BedsideState) -> SoundView:
    sound, until = state.sound, state.sound.until_t_ns
    left = "" if until is None else minutes((until - state.stamp.t_ns) / NS_PER_S)
    if sound.state == "missing":
        return SoundView("missing", "No sound · paused" if left else f"No sound: {sound.reason}", left)
    if state.alarm_system.audio_off or sound.state == "off":
        return SoundView("off", "Sound off")
    if sound.state == "moved":
        return SoundView("moved", "Sound moved · paused" if left else "Sound moved", left)
    if left:
        return SoundView("paused", "Sound paused", left)
    if sound.state == "simulated":
        return SoundView("simulated", "Sound simulated")
    return SoundView("on", "Sound on")


def cards(state: BedsideState) -> tuple[CardView, ...]:
    """Question cards of the alarms that have one."""
    return tuple(
        CardView(c.rule.id, c.text, PRESSURE_CARD) for c in announced(state) if c.rule.id == "AL-BP-01"
    )
