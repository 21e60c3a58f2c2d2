"""The strips' labels and scales, and in words why a wave does not come."""

from devices.clock import NS_PER_S
from devices.signals import LinkState
from monitor_app.services.bedside.publication import BedsideState, LinkView
from monitor_app.services.display import DisplayModel, WaveTrace
from monitor_app.services.screen import WaveView
from monitor_app.services.view.wording import between

SWEEP_MM_PER_S = 25.0
RESP_SWEEP_MM_PER_S = 6.25
ECG_GAIN_MM_PER_MV = 10.0
"""Defaults of clinical.md §8.6."""
STALE_NS = NS_PER_S
_ORDER = ("ECG", "PLETH", "RESP")
_TITLES = {"PLETH": "Pleth", "RESP": "Resp"}
_STATES = {
    LinkState.SEARCHING: "looking for the monitor",
    LinkState.STALLED: "the monitor is silent",
    LinkState.LOST: "reconnecting",
    LinkState.CLOSED: "closed",
}


def waves(model: DisplayModel, state: BedsideState) -> tuple[WaveView, ...]:
    """One strip a wave, ECG first; a wave that has never come has none."""
    names = sorted(model.waves, key=lambda n: next((i for i, p in enumerate(_ORDER) if n.startswith(p)), 9))
    return tuple(_wave(name, model.waves[name], state) for name in names)


def _wave(name: str, trace: WaveTrace, state: BedsideState) -> WaveView:
    ecg = name.startswith("ECG")
    role = "ecg" if ecg else {"PLETH": "pleth", "RESP": "resp"}.get(name, "other")
    resp = name == "RESP"
    sweep = RESP_SWEEP_MM_PER_S if resp else SWEEP_MM_PER_S
    gain = ECG_GAIN_MM_PER_MV if ecg and trace.calibrated else None
    return WaveView(
        name=name,
        title=_TITLES.get(name, name.replace("_", " ").replace("ECG A", "ECG a")),
        caption=_caption(name, trace, state),
        role=role,
        rate_hz=trace.ring.rate_hz,
        sweep_mm_per_s=sweep,
        gain_mm_per_unit=gain,
        low=trace.low,
        high=trace.high,
        stale_text=_stale(trace, state),
    )


def _caption(name: str, trace: WaveTrace, state: BedsideState) -> str:
    if name.startswith("ECG"):
        gain = f"{ECG_GAIN_MM_PER_MV:g} mm/mV" if trace.calibrated else "×1, uncalibrated"
        return f"{SWEEP_MM_PER_S:g} mm/s · {gain} · 0.5–40 Hz"
    if name == "PLETH":
        pi = state.perfusion_index_percent
        return f"{SWEEP_MM_PER_S:g} mm/s · " + (f"PI {pi:.1f} %" if pi is not None else "scaled to fit")
    return f"{RESP_SWEEP_MM_PER_S:g} mm/s · impedance"


def _stale(trace: WaveTrace, state: BedsideState) -> str:
    silent_ns = state.stamp.t_ns - trace.last_t_ns
    if silent_ns < STALE_NS:
        return ""
    reason = next(
        (_reason(link) for link in state.links if link.state is not LinkState.STREAMING), "no samples"
    )
    return f"no signal {between(state.stamp.t_ns, trace.last_t_ns)} · {reason}"


def _reason(link: LinkView) -> str:
    return _STATES.get(link.state, link.detail)
