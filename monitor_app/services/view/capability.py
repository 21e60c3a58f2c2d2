"""What the connected monitors cannot do, and how late an alarm can come at worst: shown beside the limits in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from devices.drivers.base import NibpTiming
from monitor_app.services.bedside.publication import BedsideState, LinkView
from monitor_app.services.view.equipment import name_of

RATE_RULES: Mapping[str, str] = MappingProxyType(
    {
        "AL-HR-02": "extreme tachycardia",
        "AL-HR-03": "tachycardia",
        "AL-HR-06": "bradycardia",
        "AL-HR-07": "extreme bradycardia",
    }
)
SATURATION_RULES: Mapping[str, str] = MappingProxyType({"AL-SP-01": "desaturation", "AL-SP-02": "low"})
"""MEDIUM and HIGH rules on a displayed value: what comes beat by beat or from a nurse waits for no refresh."""


@dataclass(frozen=True, slots=True)
class WorstDelay:
    """One rule: ``delay_s`` from the change at the patient's monitor to the alarm, ``refresh_s`` of it for a new value."""

    rule: str
    words: str
    refresh_s: float
    delay_s: float


def worst_delays(
    rules: Mapping[str, str], refresh_s: float, delays_s: Mapping[str, float]
) -> tuple[WorstDelay, ...]:
    """Return for each rule in force the refresh of its number plus its own delay (clinical.md §5.9)."""
    return tuple(
        WorstDelay(rule, words, refresh_s, refresh_s + delays_s[rule])
        for rule, words in rules.items()
        if rule in delays_s
    )


def worst_by_rule(state: BedsideState) -> dict[str, float]:
    """Return for each rule on a displayed value the seconds from the change at the patient to its alarm, at worst."""
    found: dict[str, float] = {}
    for rules, source in ((RATE_RULES, state.facts.hr.monitor), (SATURATION_RULES, state.facts.spo2.source)):
        refresh_s = _refresh_s(state.links, source)
        if refresh_s is not None:
            found |= {late.rule: late.delay_s for late in worst_delays(rules, refresh_s, state.rule_delays)}
    return found


def delay_lines(state: BedsideState) -> tuple[str, ...]:
    """Say for heart rate, SpO2 and pressure how late their alarms come at worst, by the monitors in use."""
    hr, spo2 = state.facts.hr, state.facts.spo2
    lines = (
        _family("Heart rate", RATE_RULES, _refresh_s(state.links, hr.monitor), state),
        _family("SpO₂", SATURATION_RULES, _refresh_s(state.links, spo2.source), state),
        _pressure(state),
    )
    return tuple(line for line in lines if line)


def _family(title: str, rules: Mapping[str, str], refresh_s: float | None, state: BedsideState) -> str:
    if refresh_s is None:
        return f"{title}: no monitor connected gives it, so its alarms are off"
    found = worst_delays(rules, refresh_s, state.rule_delays)
    said = ", ".join(f"{d.words} {d.delay_s:g} s" for d in found)
    return f"{title} (a new value within {refresh_s:g} s), alarm at worst after: {said}" if said else ""


def _refresh_s(links: Sequence[LinkView], source: str) -> float | None:
    """How long a new value takes at worst: the monitor's refresh, and what the wire needs to be believed."""
    return next((link.numeric_interval_s + link.confirm_s for link in links if link.source == source), None)


def _pressure(state: BedsideState) -> str:
    cuff = state.cuff
    if cuff.timing is NibpTiming.NONE:
        return "Blood pressure: no monitor connected has a cuff, so its alarms are off"
    late = "with each reading" if cuff.timing is NibpTiming.HOST else "with each reading the monitor sends"
    every = f", every {cuff.interval_s / 60:g} min" if cuff.interval_s else ", and no plan runs"
    return f"Blood pressure alarms come {late}{every}"


def cannot_lines(state: BedsideState) -> tuple[str, ...]:
    """Say what each connected monitor cannot do, under its name where there are several."""
    if len(state.links) == 1:
        return state.links[0].cannot
    return tuple(
        f"{name_of(state, link.source)}: {' '.join(link.cannot)}" for link in state.links if link.cannot
    )
