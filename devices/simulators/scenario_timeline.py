"""What happens at the chair when nobody else plays the nurse: a scenario told by itself (design.md §7, ``emulate``)."""

from dataclasses import dataclass
from enum import Enum

from devices.errors import ConfigError
from devices.simulators.acts import (
    Act,
    GiveDrug,
    PausePump,
    Perform,
    PlaceCuff,
    SetOxygen,
    StartPump,
    StopPump,
    Talk,
    TimedAct,
)
from devices.simulators.scenario import ActSpec, Scenario
from devices.simulators.trigger_text import parse_clock
from devices.simulators.virtual_bedside import INF, REC, VirtualBedside

INFUSION_AT_S = 600.0
"""When the infusion begins, counted from the baseline (design.md §7)."""

_LONGEST_STORY_S = 24 * 3600.0


class StartPhase(Enum):
    """Where in the story a lone monitor begins."""

    BASELINE = "baseline"
    INFUSION = "inf"
    RECOVERY = "rec"


@dataclass(frozen=True, slots=True)
class ScenarioTimeline:
    """The chair's own acts. ``lead_in_s`` of the story are over when the patient's time begins at 0."""

    acts: tuple[TimedAct, ...]
    lead_in_s: int = 0


def start_phase(name: str) -> StartPhase:
    """Return the phase of a command line word (``pre`` is ``baseline``). Raises ``ConfigError`` listing the words."""
    word = {"pre": "baseline", "base": "baseline", "infusion": "inf", "recovery": "rec"}.get(
        name.lower(), name.lower()
    )
    try:
        return StartPhase(word)
    except ValueError:
        raise ConfigError(f"--start-phase {name} is not known: use baseline (or pre), inf or rec.") from None


def timeline_of(scenario: Scenario, start: StartPhase = StartPhase.BASELINE) -> ScenarioTimeline:
    """Return the acts of a scenario told alone, in the patient's time, from the given phase on.

    A scenario without a ``timeline`` starts its pump at +10 min and lets the order run.
    """
    told = tuple((parse_clock(spec.at), _act(spec)) for spec in scenario.timeline)
    if not any(isinstance(act, StartPump) for _, act in told):
        told = (*told, (INFUSION_AT_S, StartPump()))
    lead_in_s = 0 if start is StartPhase.BASELINE else _phase_begins_s(scenario, told, start)
    ordered = sorted(told, key=lambda item: item[0])
    return ScenarioTimeline(tuple(TimedAct(act, at_s - lead_in_s) for at_s, act in ordered), lead_in_s)


def _phase_begins_s(scenario: Scenario, told: tuple[tuple[float, Act], ...], start: StartPhase) -> int:
    chair = VirtualBedside(scenario.infusion_order, scenario.patient.weight)
    for at_s, act in told:
        chair.post(act, at_s)
    chair.advance(_LONGEST_STORY_S)
    return round(chair.phase_since_s[INF if start is StartPhase.INFUSION else REC])


def _act(spec: ActSpec) -> Act:
    acts: dict[str, Act] = {
        "pump_start": StartPump(),
        "pump_pause": PausePump(),
        "pump_stop": StopPump(),
        "oxygen": SetOxygen(spec.l_per_min),
        "drug": GiveDrug(spec.name or "midazolam", spec.mg),
        "place_cuff": PlaceCuff(),
        "talk": Talk(spec.name),
        "perform": Perform(spec.name),
    }
    return acts[spec.do]
