"""What an alarm rule is: a declaration, and a judge that looks at the facts and says how they stand.

A judge is a pure function of a ``Case``. It knows nothing of delays, acknowledgement or latching: it says whether the
condition holds (``met``), whether it is over past its hysteresis (``ended``), and from which instant to count. The
life cycle (``life_cycle``) does the rest, the same for every rule.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from monitor_app.core.alarm.facts import Facts, NibpReading
from monitor_app.core.alarm.limits import Limits, Parameter
from monitor_app.core.alarm.state import IDLE, RuleState
from monitor_app.core.phase import AlarmProfile
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import NS_PER_S

PRE = AlarmProfile.PRE
INF = AlarmProfile.INF
REC = AlarmProfile.REC
ANY = frozenset({PRE, INF, REC, AlarmProfile.TECHNICAL})
PATIENT = frozenset({PRE, INF, REC})
DURING_AND_AFTER = frozenset({INF, REC})


class Melody(Enum):
    """The tune of a condition's sound (clinical.md §5.3)."""

    GENERAL = "general"
    CARDIOVASCULAR = "cardiovascular"
    OXYGENATION = "oxygenation"
    VENTILATION = "ventilation"
    DRUG_DELIVERY = "drug delivery"
    EQUIPMENT = "equipment"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the facts stand for one rule.

    ``met`` None: it cannot be told (no value, held): a pending condition falls back, an announced one stays.
    ``ended`` True: past the hysteresis. ``since_t_ns``: the delay counts from there instead of from now. ``at_once``:
    no delay is waited for. ``severity`` grows with how far the value lies beyond its limit. ``recheck_t_ns``: the next
    instant at which this verdict changes by time alone. ``doubt``: another source contradicts; the announcement is put
    off by ``doubt_s`` and then made with that note. ``event_t_ns``: it is of something that happened then, once. ``cap_t_ns``: it is never put off past this instant; the earliest
    one named since the sign went beyond its limit counts, and it may be named before ``met``.
    """

    met: bool | None = None
    ended: bool | None = None
    value: float | None = None
    limit: float | None = None
    text: str = ""
    severity: float = 0.0
    at_once: bool = False
    since_t_ns: int | None = None
    recheck_t_ns: int | None = None
    note: str = ""
    hold: str = ""
    suppressor: str = ""
    from_reading: bool = False
    doubt: str = ""
    doubt_s: float = 0.0
    cap_t_ns: int | None = None
    event_t_ns: int | None = None


UNKNOWN = Verdict()
NOT_MET = Verdict(met=False, ended=True)


@dataclass(slots=True)
class Case:
    """What a judge is given: the facts, the numbers in force, its own state and that of the rules before it.

    Not frozen, because one is made for every rule at every evaluation and freezing makes that five times as dear; a
    judge changes nothing all the same. ``new_reading`` is the cuff reading that came with these facts; None while nothing new was measured.
    """

    facts: Facts
    profile: AlarmProfile
    rule: "Rule"
    limits: Limits
    own: RuleState
    peers: Mapping[str, RuleState]
    new_reading: NibpReading | None

    def limit(self, key: str) -> float:
        """Return a parameter of this rule, as it is in this phase."""
        return self.limits.get(self.rule.id, key, self.profile)

    def span_ns(self, key: str) -> int:
        """Return a parameter in seconds as nanoseconds."""
        return round(self.limit(key) * NS_PER_S)

    def peer(self, rule_id: str) -> RuleState:
        """Return the state of another rule; of one later in the table, its state before these facts."""
        return self.peers.get(rule_id, IDLE)


Judge = Callable[[Case], Verdict]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of clinical.md §6.

    ``hidden_by``: rules that, while announced and true, hide this one (clinical.md §5.4). ``one_line``: rules of one
    such group are one line on the screen, the first in priority, rank and table order speaking for all (clinical.md §5.8.6).
    ``retake``: an alarming reading is to be measured again (clinical.md §5.8.5). ``momentary``: it tells of something
    that happened once, and is over when acknowledged. ``signal_loss``: a missing signal, expected while the sensors are
    off on purpose (clinical.md §5.5). ``card``: what to ask and do, shown with it. ``watch``: the only part of the facts it
    looks at besides time and phase (``quiet``), empty for one that looks at more. ``delay_s`` and ``clear_s`` are
    parameters like any other; a rule without them has none.
    """

    id: str
    title: str
    alarm_class: AlarmClass
    priority: Priority
    profiles: frozenset[AlarmProfile]
    judge: Judge
    parameters: tuple[Parameter, ...] = ()
    melody: Melody = Melody.GENERAL
    latching: bool = False
    hidden_by: tuple[str, ...] = ()
    one_line: str = ""
    line_rank: int = 1  # smaller speaks first among rules of the same priority
    retake: bool = False
    momentary: bool = False
    signal_loss: bool = False
    card: tuple[str, ...] = ()
    watch: str = ""
    version: int = 1

    @property
    def keys(self) -> frozenset[str]:
        """The names of its parameters."""
        return frozenset(p.key for p in self.parameters)

    @property
    def pausable(self) -> bool:
        """Whether an alarm pause holds it: what tells of the patient or a signal, not of the program (clinical.md §5.5)."""
        return self.signal_loss or self.alarm_class is AlarmClass.PHYSIOLOGICAL

    def parameter(self, key: str) -> Parameter | None:
        """Return one of its numbers by name; None where it has no such number."""
        return next((p for p in self.parameters if p.key == key), None)


def patient_rule(
    rule_id: str, title: str, priority: Priority, judge: Judge, *parameters: Parameter, melody: Melody
) -> Rule:
    """Declare a rule about the patient, for all phases with one; HIGH ones latch (clinical.md §5.4)."""
    return Rule(
        rule_id,
        title,
        AlarmClass.PHYSIOLOGICAL,
        priority,
        PATIENT,
        judge,
        parameters,
        melody=melody,
        latching=priority is Priority.HIGH,
    )


def delay(default_s: float, low_s: float, high_s: float) -> Parameter:
    """Declare how long the condition must hold before it is announced."""
    return Parameter("delay_s", default_s, low_s, high_s, "s")


def clear_hold(default_s: float) -> Parameter:
    """Declare how long a value must be back; the document gives no range, so up to twice the default is allowed."""
    return Parameter("clear_s", default_s, 0, 2 * default_s, "s", looser=0)


def margin(default: float, unit: str, key: str = "clear_margin") -> Parameter:
    """Declare the hysteresis: how far inside its limit a value must be to end the alarm."""
    return Parameter(key, default, 0, 2 * default, unit, looser=0)
