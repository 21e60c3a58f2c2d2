"""The strips' labels and scales, and in words why a wave does not come."""

from dataclasses import replace

import numpy as np

from devices.clock import NS_PER_S
from devices.signals import LinkState
from monitor_app.core.phase import Phase
from monitor_app.services.bedside.publication import BedsideState, LinkView
from monitor_app.services.display import DisplayModel, WaveTrace
from monitor_app.services.screen import WaveView
from monitor_app.services.view.alarm_states import sensors_off_text
from monitor_app.services.view.equipment import beside_others
from monitor_app.services.view.no_signal import NOT_YET, no_signals
from monitor_app.services.view.wording import between

SWEEP_MM_PER_S = 25.0
RESP_SWEEP_MM_PER_S = 6.25
ECG_GAIN_MM_PER_MV = 10.0
"""Defaults of clinical.md §8.6."""
ECG_GAINS_MM_PER_MV = (2.5, 5.0, 10.0, 20.0, 40.0)
"""What may be chosen instead; 0 is "auto": the largest of these at which the wave keeps inside ``AUTO_MM``."""
AUTO_MM = 25.0
AUTO_LOOKS_S = 6.0
AUTO_FALL = 0.7
"""A larger automatic gain is taken only when the wave would fill less than this share of its room: no to and fro."""
STALE_NS = NS_PER_S
_ORDER = ("ECG", "PLETH", "RESP")
_TITLES = {"PLETH": "Pleth", "RESP": "Resp"}
_STATES = {
    LinkState.SEARCHING: "looking for the monitor",
    LinkState.STALLED: "the monitor is silent",
    LinkState.LOST: "reconnecting",
    LinkState.CLOSED: "closed",
}


def waves(
    model: DisplayModel, state: BedsideState, ecg_gain: float = ECG_GAIN_MM_PER_MV
) -> tuple[WaveView, ...]:
    """One strip a wave, ECG first; a wave that has never come has none. ``ecg_gain`` in mm/mV, 0 for auto."""
    names = sorted(model.waves, key=lambda n: next((i for i, p in enumerate(_ORDER) if n.startswith(p)), 9))
    shown = [_wave(name, model.waves[name], state, ecg_gain) for name in names]
    words = no_signals({name: trace.source for name, trace in model.waves.items()}, state)
    return tuple(
        replace(view, stale_text=said, covered=True) if said else view
        for view, said in ((view, words[view.name]) for view in shown)
    )


def _wave(name: str, trace: WaveTrace, state: BedsideState, ecg_gain: float) -> WaveView:
    ecg = name.startswith("ECG")
    role = "ecg" if ecg else {"PLETH": "pleth", "RESP": "resp"}.get(name, "other")
    resp = name == "RESP"
    sweep = RESP_SWEEP_MM_PER_S if resp else SWEEP_MM_PER_S
    gain = (ecg_gain or _auto_gain(trace)) if ecg and trace.calibrated else None
    return WaveView(
        name=name,
        title=_TITLES.get(name, name.replace("_", " ").replace("ECG A", "ECG a")),
        caption=_caption(name, state, gain, auto=not ecg_gain) + beside_others(state, trace.source),
        role=role,
        rate_hz=trace.ring.rate_hz,
        sweep_mm_per_s=sweep,
        gain_mm_per_unit=gain,
        low=trace.low,
        high=trace.high,
        stale_text=_stale(trace, state),
    )


def _auto_gain(trace: WaveTrace) -> float:
    """The gain that shows this wave largest, kept on the trace so that it changes seldom."""
    recent = trace.ring.since(trace.ring.end - int(AUTO_LOOKS_S * trace.ring.rate_hz)).values
    finite = recent[np.isfinite(recent)]
    if not len(finite):
        return trace.gain_mm_per_mv
    height_mv = 2 * float(np.abs(finite).max())
    now = trace.gain_mm_per_mv
    fitting = [g for g in ECG_GAINS_MM_PER_MV if g * height_mv <= AUTO_MM * (1 if g <= now else AUTO_FALL)]
    trace.gain_mm_per_mv = max(fitting, default=ECG_GAINS_MM_PER_MV[0])
    return trace.gain_mm_per_mv


def _caption(name: str, state: BedsideState, gain_mm_per_mv: float | None, *, auto: bool) -> str:
    if name.startswith("ECG"):
        gain = "×1, uncalibrated" if gain_mm_per_mv is None else f"{gain_mm_per_mv:g} mm/mV"
        mark = " auto" if auto and gain_mm_per_mv is not None else ""
        return f"{SWEEP_MM_PER_S:g} mm/s · {gain}{mark} · {state.ecg_filter.label}"
    if name == "PLETH":
        pi = state.perfusion_index_percent
        searching = " · searching for a pulse" if state.facts.pleth_searching_since_t_ns is not None else ""
        scale = f"PI {pi:.1f} %" if pi is not None else "scaled to fit"
        return f"{SWEEP_MM_PER_S:g} mm/s · {scale}{searching}"
    return f"{RESP_SWEEP_MM_PER_S:g} mm/s · impedance"


def _stale(trace: WaveTrace, state: BedsideState) -> str:
    silent_ns = state.stamp.t_ns - trace.last_t_ns
    if silent_ns < STALE_NS:
        return NOT_YET if state.visit.phase is Phase.SCHED else ""
    on_purpose = sensors_off_text(state)
    if on_purpose:
        return on_purpose
    mine = (link for link in state.links if link.source == trace.source or not trace.source)
    reason = next((_reason(link) for link in mine if link.state is not LinkState.STREAMING), "no samples")
    return f"no signal {between(state.stamp.t_ns, trace.last_t_ns)} · {reason}"


def _reason(link: LinkView) -> str:
    return _STATES.get(link.state, link.detail)
