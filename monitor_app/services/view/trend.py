"""The trend chart's content: readings, values, phases, events and dose on the session's axis."""

from devices.clock import NS_PER_S
from monitor_app.core.journal import CareEntry, PhaseEntry
from monitor_app.core.phase import Phase
from monitor_app.core.priority import Priority
from monitor_app.core.visit.infusion import infusion_of
from monitor_app.services.bedside.publication import BedsideState
from monitor_app.services.display import DisplayModel
from monitor_app.services.screen import TrendBand, TrendFlag, TrendView
from monitor_app.services.view.header import planned_recovery_min
from monitor_app.services.view.trend_readings import trend_readings
from monitor_app.services.view.wording import said

TREND_MIN = 120
"""Span of the chart unless another is chosen (clinical.md §13.1)."""
NOW_AT = 0.75
"""Where the present stands in a rolling window: the rest is for what is planned."""
WHOLE_LEAST_S = 1800.0
LEAD_IN_S = 300.0
RIBBON = 0.2
"""Baseline ±20 % (clinical.md §13.1)."""
SYS_HIGH_RULE = "AL-BP-02"
UNFLAGGED = frozenset({"check", "limbs", "verdict"})
"""Kinds of care that have no flag: there are many, or they say how the patient is set up."""
_BANDS = {Phase.BASE: "BASE", Phase.READY: "BASE", Phase.INF: "INF", Phase.PAUSE: "PAUSE", Phase.REC: "REC",
          Phase.DCA: "REC", Phase.EMERG: "EMERG"}  # fmt: skip
_TITLES = {"BASE": "Baseline", "INF": "Infusion", "PAUSE": "Paused", "REC": "Recovery", "EMERG": "EMERGENCY"}


def trend(model: DisplayModel, state: BedsideState, window_min: int = TREND_MIN) -> TrendView:
    """The chart as it stands; the window rolls once the visit is longer than it. 0 minutes: the whole visit."""
    now_s = state.stamp.t_s
    visit = state.visit
    begin = next((p.stamp.t_s for p in visit.phases if p.to_phase.monitoring), now_s) - LEAD_IN_S / 5
    start, end = _span(begin, now_s, window_min)
    infusion = infusion_of(visit)
    end_ns = (
        infusion.t_end_ns if infusion.t_end_ns is not None else infusion.planned_end_t_ns(state.stamp.t_ns)
    )
    dose_now = state.stamp.t_ns if infusion.t_end_ns is None else infusion.t_end_ns
    base = visit.baseline.baseline.systolic_mmhg if visit.baseline else None
    limit = _systolic_limit(state)
    return TrendView(
        start_s=start,
        end_s=end,
        now_s=now_s,
        clock_zero_utc_ms=state.stamp.utc_ms - state.stamp.t_ns // 1_000_000,
        hr=tuple(p for p in model.hr if p[0] >= start),
        spo2=tuple(p for p in model.spo2 if p[0] >= start),
        nibp=trend_readings(model, state, start),
        flags=_flags(model, start),
        bands=_bands(state, now_s, end_ns),
        baseline_low=base * (1 - RIBBON) if base else None,
        baseline_high=base * (1 + RIBBON) if base else None,
        limit=limit,
        limit_text=f"SYS limit {limit:.0f}" if limit else "",
        dose_start_s=_seconds(infusion.t0_ns),
        dose_now_s=_seconds(dose_now) if infusion.t0_ns is not None else None,
        dose_end_s=_seconds(end_ns if end_ns is not None else dose_now)
        if infusion.t0_ns is not None
        else None,
        dose_text=f"{infusion.given_mg(state.stamp.t_ns):.1f}" if infusion.t0_ns is not None else "",
        window_text=_window_text(window_min),
    )


def _span(begin_s: float, now_s: float, window_min: int) -> tuple[float, float]:
    if not window_min:
        length = max(now_s - begin_s, WHOLE_LEAST_S)
        return begin_s, begin_s + length / 0.9
    window_s = window_min * 60.0
    start = max(begin_s, now_s - window_s * NOW_AT)
    return start, start + window_s


def _window_text(window_min: int) -> str:
    if not window_min:
        return "whole visit"
    return f"{window_min / 60:g} h" if window_min % 60 == 0 else f"{window_min} min"


def _seconds(t_ns: int | None) -> float | None:
    return None if t_ns is None else t_ns / NS_PER_S


def _systolic_limit(state: BedsideState) -> float | None:
    if SYS_HIGH_RULE in state.alarm_system.rules_off:
        return None
    for value, word in state.tile_limits.get("NIBP", ()):
        if "high" in word:
            return float(value.split("/")[0])
    return None


def _flags(model: DisplayModel, start: float) -> tuple[TrendFlag, ...]:
    care = [_care_flag(e) for e in model.care if e.entry_id not in model.voided and e.kind not in UNFLAGGED]
    alarms = [
        TrendFlag(a.stamp.t_s, said(a.text), "alarm", a.priority)
        for a in model.alarms
        if a.priority in {Priority.HIGH, Priority.MEDIUM} and a.rule.startswith("AL-")
    ]
    return tuple(sorted((f for f in [*care, *alarms] if f.t_s >= start), key=lambda f: f.t_s))


def _care_flag(entry: CareEntry) -> TrendFlag:
    kind = {"drug": "drug", "oxygen": "drug", "adverse_event": "event"}.get(entry.kind, "note")
    return TrendFlag(entry.stamp.t_s, entry.text, kind)


def _bands(state: BedsideState, now_s: float, end_ns: int | None) -> tuple[TrendBand, ...]:
    """Phases that were, the one that is, and what is still planned."""
    visit = state.visit
    bands: list[TrendBand] = []
    steps: tuple[PhaseEntry, ...] = visit.phases
    for number, step in enumerate(steps):
        kind = _BANDS.get(step.to_phase)
        end = steps[number + 1].stamp.t_s if number + 1 < len(steps) else now_s
        if kind is None:
            continue
        if bands and bands[-1].kind == kind:
            bands[-1] = TrendBand(bands[-1].start_s, end, _TITLES[kind], kind)
        else:
            bands.append(TrendBand(step.stamp.t_s, end, _TITLES[kind], kind))
    if visit.phase in {Phase.INF, Phase.PAUSE} and end_ns is not None:
        planned_end = max(end_ns / NS_PER_S, now_s)
        bands.append(TrendBand(now_s, planned_end, "", "INF", planned=True))
        recovered = planned_end + planned_recovery_min(state) * 60.0
        bands.append(TrendBand(planned_end, recovered, "Recovery", "REC", planned=True))
    return tuple(bands)
