"""Why what a wave still brings is no signal of the patient: a lead or a sensor off, or nobody there (screen.md, Waves).

Some monitors go on sending a clean line, or the noise of an open input, with a lead off: it must not look like a trace.
"""

import re
from collections.abc import Mapping

from monitor_app.core.alarm.confirmation import lead_off, rate_lead_off
from monitor_app.core.phase import Phase
from monitor_app.services.bedside.publication import BedsideState
from monitor_app.services.view.alarm_states import sensors_off_text, standby

NOBODY = "not monitored"
NOT_YET = "not monitored yet"
"""Before check-in: dimmed, so that the monitor is seen to work; it may be on nobody, or on somebody else."""
_CHEST_WAVE = re.compile(r"ECG_(?:V|C|MCL)\d?$")
"""The wave that the chest electrode alone gives."""


def no_signals(sources: Mapping[str, str], state: BedsideState) -> dict[str, str]:
    """Return ``no_signal`` of every wave; ``sources``: the monitor of each, the ECG's among them."""
    ecg_source = next((source for name, source in sources.items() if name.startswith("ECG")), "")
    return {
        name: no_signal(name, state, source=source, ecg_source=ecg_source) for name, source in sources.items()
    }


def off_since_t_ns(name: str, state: BedsideState) -> int:
    """Return since when what the wave is measured with is off; 0 where it is not said."""
    facts = state.facts
    since = facts.spo2_sensor_off_since_t_ns if name == "PLETH" else facts.ecg_lead_off_since_t_ns
    return since or 0


def no_signal(name: str, state: BedsideState, *, source: str, ecg_source: str) -> str:
    """Return in words why nothing of this wave may be drawn though it comes; empty where it may.

    ``source``: its monitor; ``ecg_source``: the one whose ECG is shown, to which the leads that are off belong.
    """
    if standby(state.visit.phase):
        return "" if state.visit.phase is Phase.SCHED else NOBODY
    if name == "PLETH":
        off = _sensor_off(state, source)
    elif name.startswith("ECG") or (name == "RESP" and source == ecg_source):
        off = _leads_off(name, state)  # breathing is measured through the same electrodes
    else:
        off = ""
    return (sensors_off_text(state) or off) if off else ""


def _sensor_off(state: BedsideState, source: str) -> str:
    facts = state.facts
    another = facts.spo2.source and source and facts.spo2.source != source
    return "SpO₂ sensor off" if facts.spo2_sensor_off_since_t_ns is not None and not another else ""


def _leads_off(name: str, state: BedsideState) -> str:
    facts = state.facts
    off = lead_off(facts) if _CHEST_WAVE.match(name) else rate_lead_off(facts)
    leads = ", ".join(facts.ecg_leads_off)
    return (f"Lead off: {leads}" if leads else "Lead off") if off else ""
