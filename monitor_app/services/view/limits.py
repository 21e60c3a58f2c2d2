"""Makes the view of the limits panel from the bedside's state and the record of changes (clinical.md §5.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from monitor_app.core.alarm import limit_names as names
from monitor_app.core.alarm.limits import Limits, Parameter
from monitor_app.core.alarm.rule import PATIENT, PRE, REC, Rule
from monitor_app.core.alarm.rules_computer import COMPUTER_RULES
from monitor_app.core.alarm.rules_heart_rate import HEART_RATE_RULES
from monitor_app.core.alarm.rules_pressure_course import PRESSURE_RULES
from monitor_app.core.alarm.rules_respiration import RESPIRATION_RULES
from monitor_app.core.alarm.rules_saturation import SATURATION_RULES
from monitor_app.core.alarm.rules_sensor import SENSOR_RULES
from monitor_app.core.alarm.rules_signal import SIGNAL_RULES
from monitor_app.core.alarm.rules_state import STATE_RULES
from monitor_app.core.alarm.rules_system import SYSTEM_RULES
from monitor_app.core.alarm.rules_workflow import WORKFLOW_RULES
from monitor_app.core.alarm.system_state import StateLine
from monitor_app.core.alarm.tile_limits import tile_limits
from monitor_app.core.journal import Baseline
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.services.bedside.publication import AlarmSystemView, BedsideState
from monitor_app.services.limit_log import LimitChange, LimitLog
from monitor_app.services.limits_view import LimitsView, NumberView, RuleGroup, RuleView
from monitor_app.services.view import limit_words as words
from monitor_app.services.view.capability import worst_by_rule
from monitor_app.services.view.tiles import LIMIT_RULES
from monitor_app.services.view.wording import clock, said

GROUPS: tuple[tuple[str, str, tuple[Rule, ...]], ...] = (
    ("Heart rate", "HR", HEART_RATE_RULES),
    ("Blood pressure", "NIBP", PRESSURE_RULES),
    ("SpO₂", "SPO2", SATURATION_RULES),
    ("Respiration", "RR", RESPIRATION_RULES),
    ("Sedation and state", "", STATE_RULES),
    ("Sensors and signals", "", (*SENSOR_RULES, *SIGNAL_RULES)),
    ("Program and computer", "", (*SYSTEM_RULES, *COMPUTER_RULES)),
    ("Tasks of the visit", "", WORKFLOW_RULES),
)
"""Title, tile and rules of each group, the signs first."""
BEFORE_INFUSION = frozenset({Phase.SCHED, Phase.CHECKIN, Phase.BASE, Phase.READY})
TOO_LATE = "The indication is chosen before the infusion begins; single limits can be changed at any time."


RULE_OFF = "ALARM OFF"
"""The state line of a rule that is off (clinical.md §5.5)."""
FIXED = "these numbers are fixed"
AT_ONCE = "has no number, comes at once"


@dataclass(frozen=True, slots=True)
class Known:
    """What is needed beside the alarm system's own view. ``worst_s``: seconds to an alarm at worst, by rule."""

    phase: Phase
    log: LimitLog = field(default_factory=LimitLog)
    worst_s: Mapping[str, float] = field(default_factory=dict)
    baseline: Baseline | None = None


class LimitsViewer:
    """Keeps the last view, because making one costs milliseconds and a window asks with every picture."""

    def __init__(self) -> None:
        self.log = LimitLog()
        self._made: tuple[tuple[object, ...], LimitsView] = ((), LimitsView())

    def view(self, state: BedsideState) -> LimitsView:
        """The view as the bedside stands; the very same value while nothing it shows has changed."""
        system, frozen, worst_s = state.alarm_system, state.visit.baseline, worst_by_rule(state)
        known = Known(state.visit.phase, self.log, worst_s, frozen.baseline if frozen else None)
        off = tuple((line.words, line.by) for line in system.lines if line.state == RULE_OFF)
        fixed = replace(system, lines=(), volume_step=0, pulse_tone=False, audio_off=False)
        key = (fixed, off, known.phase, self.log.taken, worst_s, known.baseline)
        if self._made[0] != key:
            self._made = key, view_of(system, known)
        return self._made[1]


def view_of(system: AlarmSystemView, known: Known) -> LimitsView:
    """The view of an alarm system in a phase."""
    groups = () if system.limits is None else _groups(system, system.limits, known)
    return LimitsView(
        phase=known.phase,
        profile=profile_of(known.phase),
        limits=system.limits,
        locked=system.locked,
        groups=groups,
        versions=system.versions,
        indication=system.indication,
        indications=system.indications,
        too_late="" if known.phase in BEFORE_INFUSION else TOO_LATE,
        proposals=system.proposals,
        baseline_text=_baseline(known.baseline),
        changes=len(known.log),
        rules={rule.rule: rule for group in groups for rule in group.rules},
    )


def profile_of(phase: Phase) -> AlarmProfile:
    """The profile whose numbers are shown in a phase: its own, or the nearest with a patient."""
    if phase.alarm_profile in PATIENT:
        return phase.alarm_profile
    return PRE if phase in BEFORE_INFUSION else REC


def _groups(system: AlarmSystemView, limits: Limits, known: Known) -> tuple[RuleGroup, ...]:
    profile = profile_of(known.phase)
    shown = tile_limits(limits, profile)
    found = []
    for title, tile, rules in GROUPS:
        summary = " · ".join(f"{figure} {word}" for figure, word in shown.get(tile, ()))
        if not summary:
            summary = "from the infusion on" if tile else f"{len(rules)} rules"
        views = tuple(_rule(rule, system, limits, known) for rule in _tile_first(rules, tile))
        found.append(RuleGroup(title, summary, views, tile))
    return tuple(found)


def _tile_first(rules: tuple[Rule, ...], tile: str) -> tuple[Rule, ...]:
    """The rules whose limits stand on the tile, in its order, then the rest: who touched a number came for these."""
    on_tile = [rule for (key, _word), rule in LIMIT_RULES.items() if key == tile]
    return tuple(sorted(rules, key=lambda r: on_tile.index(r.id) if r.id in on_tile else len(on_tile)))


def _rule(rule: Rule, system: AlarmSystemView, limits: Limits, known: Known) -> RuleView:
    profile = profile_of(known.phase)
    numbers = tuple(
        _number(rule, p, limits, known=known, locked=(rule.id, p.key) in system.locked)
        for p in rule.parameters
        if not words.fixed(p)
    )
    live = known.phase.alarm_profile in rule.profiles
    return RuleView(
        rule=rule.id,
        title=said(rule.title),
        priority=rule.priority,
        head=_head(rule, limits, profile),
        detail=_detail(rule, limits, profile, known.worst_s.get(rule.id)),
        changed="; ".join(_change_of(n) for n in numbers if n.changed),
        live=live,
        when=_when(rule),
        off=_off(rule, system),
        numbers=numbers,
        fixed=_fixed(rule),
        profiles=rule.profiles & PATIENT,
    )


def _number(rule: Rule, parameter: Parameter, limits: Limits, *, known: Known, locked: bool) -> NumberView:
    profile = profile_of(known.phase)
    name = rule.id, parameter.key
    own = {p: limits.get(*name, p) for p in PATIENT if limits.get(*name, p) != limits.values[name]}
    value = limits.get(*name, profile)
    step, coarse = words.steps(parameter)
    return NumberView(
        rule=rule.id,
        parameter=parameter,
        name=names.name_of(rule.id, parameter),
        value=value,
        text=names.number(parameter, value),
        allowed=words.allowed(parameter),
        step=step,
        coarse=coarse,
        own=profile in own,
        others=", ".join(
            f"{names.PHASES[p]} {own[p]:g}" for p in names.PHASES if p in own and p is not profile
        ),
        changed=_changed(_newest(known.log, name, profile, value)),
        locked=locked,
    )


def _newest(log: LimitLog, name: tuple[str, str], profile: AlarmProfile, value: float) -> LimitChange | None:
    """The change that made the number in force: for this phase, or for all of them."""
    found = [change for change in (log.change(*name), log.change(*name, profile)) if change is not None]
    made = [change for change in found if change.entry.value == value]
    return max(made, key=lambda change: change.entry.stamp, default=None)


def _fixed(rule: Rule) -> str:
    """The numbers nobody can change."""
    return ", ".join(names.named(rule.id, p, p.default) for p in rule.parameters if words.fixed(p))


def _head(rule: Rule, limits: Limits, profile: AlarmProfile) -> str:
    """The limits of a rule at a glance; where it has none, its delay or what is fixed."""
    chosen = [p for p in rule.parameters if words.is_limit(p)]
    if not chosen and "on" in rule.keys:
        return "on" if limits.get(rule.id, "on", profile) else "off in this preset"
    if not chosen:
        return _delay(rule, limits, profile) or _fixed(rule)
    text = " · ".join(words.in_short(rule.id, p, limits.get(rule.id, p.key, profile)) for p in chosen)
    last = names.unit_of(chosen[-1])
    return text if text.endswith((last, "of baseline")) else f"{text} {last}"


def _delay(rule: Rule, limits: Limits, profile: AlarmProfile) -> str:
    return f"after {limits.get(rule.id, 'delay_s', profile):g} s" if "delay_s" in rule.keys else ""


def _detail(rule: Rule, limits: Limits, profile: AlarmProfile, worst_s: float | None) -> str:
    """Ranges and delay; where no number can be set, that."""
    chosen = [p for p in rule.parameters if words.is_limit(p)]
    parts = [words.span(p) for p in chosen]
    delay, what = _delay(rule, limits, profile), "limit"
    if delay and chosen:
        parts.append(delay + (f", at worst {worst_s:g} s" if worst_s is not None else ""))
    elif delay:
        parts, what = [words.span(p) for p in rule.parameters if p.key == "delay_s"], "delay"
    return f"{what} can be set {' · '.join(parts)}" if parts else (FIXED if rule.parameters else AT_ONCE)


def _when(rule: Rule) -> str:
    if not rule.profiles & PATIENT:
        return "at check-in only"
    phases = [names.PHASES[p].lower() for p in names.PHASES if p in rule.profiles & PATIENT]
    return f"in {', '.join(phases)} only"


def _off(rule: Rule, system: AlarmSystemView) -> str:
    """Why it is off and who switched it off, as the state's line says it; empty where it is on."""
    if rule.id not in system.rules_off:
        return ""
    lines = [line for line in system.lines if line.state == RULE_OFF]
    own = next(
        (line for line in lines if rule.id in line.words or rule.title in line.words), StateLine("", "")
    )
    reason = own.words.partition(": ")[2] or "no reason given"
    return f"{reason} · by {own.by}" if own.by else reason


def _changed(change: LimitChange | None) -> str:
    if change is None:
        return ""
    entry = change.entry
    was = "" if change.before is None else f", was {change.before:g}"
    why = f": {entry.reason}" if entry.reason else ""
    return f"{clock(entry.stamp.utc_ms)} by {entry.by.name or entry.by.role}{was}{why}"


def _change_of(view: NumberView) -> str:
    """Which number of a rule was changed, and how: a plain limit needs no name."""
    name = names.NAMES[view.parameter.key]
    return f"{name} changed {view.changed}" if name else f"Changed {view.changed}"


def _baseline(baseline: Baseline | None) -> str:
    """The numbers the proposals come from: ``Baseline 124/78, HR 72, RR 14``."""
    if baseline is None:
        return ""
    signs: Sequence[tuple[str, float | None]] = (("HR", baseline.hr_per_min), ("RR", baseline.rr_per_min))
    rest = "".join(f", {name} {value:.0f}" for name, value in signs if value is not None)
    return f"Baseline {baseline.systolic_mmhg:.0f}/{baseline.diastolic_mmhg:.0f}{rest}"
