"""What is said of the monitors themselves: which one serves, what they report, what else they send."""

from devices.signals import LinkState
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.services.bedside.publication import BedsideState, LinkView
from monitor_app.services.view.wording import between

MOST_ALSO = 6
"""So many numbers without a place of their own are listed; a GE monitor sends a dozen."""


def beside_others(state: BedsideState, source: str) -> str:
    """`` · B850`` where more than one monitor is connected and this one serves; else nothing."""
    if len(state.links) < 2:
        return ""
    name = name_of(state, source)
    return f" · {name}" if name else ""


def name_of(state: BedsideState, source: str) -> str:
    """The short name of a monitor, with its port where another one is called the same."""
    link = next((link for link in state.links if link.source == source), None)
    if link is None:
        return ""
    return f"{link.short_name} {_port(link)}" if _has_twin(state, link) else link.short_name


def _has_twin(state: BedsideState, link: LinkView) -> bool:
    return any(other is not link and other.short_name == link.short_name for other in state.links)


def _port(link: LinkView) -> str:
    return link.source.partition("@")[2].rpartition("/")[2]


def silent_lines(state: BedsideState) -> tuple[str, ...]:
    """Why nothing comes from any monitor, one sentence each; none while one serves, or once the patient has left.

    Before check-in they are said: it is then that a monitor is connected.
    """
    phase = state.visit.phase
    left = phase.alarm_profile is AlarmProfile.NONE and phase is not Phase.SCHED
    if left or any(link.state is LinkState.STREAMING for link in state.links):
        return ()
    found = ((link, _why_silent(link, state)) for link in state.links)
    return tuple(f"{name_of(state, link.source) or link.driver_name}: {said}" for link, said in found if said)


def _why_silent(link: LinkView, state: BedsideState) -> str:
    """The link's own words, but for an open port: they speak of this opening, and data may have come before it."""
    if link.state is not LinkState.SEARCHING:
        return link.detail
    quiet = between(state.stamp.t_ns, link.last_frame_t_ns)
    return f"port open, no data for {quiet}: check that the monitor is on and its cable is in place"


def monitor_alarm_text(state: BedsideState) -> str:
    """``Monitor: yellow · HR HIGH``: what the monitors themselves say; it never takes the place of an alarm of ours."""
    several = len(state.links) > 1
    parts = []
    for alarm in state.monitor_alarms:
        said = " · ".join((*alarm.kinds, *alarm.texts)) or "alarm"
        name = name_of(state, alarm.source) if several else ""
        parts.append(f"{name or 'Monitor'}: {said}")
    return "; ".join(parts)


def also_received_text(state: BedsideState) -> str:
    """``Also received: HR_SPO2 78 /min, TEMP2 36.4 Cel``; empty where every number has its place."""
    found = [f"{a.name} {a.value:g} {a.unit}".strip() for a in state.also_received]
    if not found:
        return ""
    more = f" and {len(found) - MOST_ALSO} more" if len(found) > MOST_ALSO else ""
    return f"Also received: {', '.join(found[:MOST_ALSO])}{more}"
