"""Which rules a replay could not judge, and why: silence of a rule that had nothing to look at is no good news.

What is said here follows from what the source holds (columns, waves) and from what the options name, not from its values.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.rule import Rule
from monitor_app.core.phase import AlarmProfile
from monitor_app.services.replay_csv import NumericRow
from monitor_app.services.replay_facts import ReplayOptions

KIND = "not_judged"
Line = dict[str, object]
_PHASE_WORDS = {
    AlarmProfile.PRE: "before",
    AlarmProfile.INF: "during",
    AlarmProfile.REC: "after",
}


@dataclass(frozen=True, slots=True)
class Carried:
    """What a replay has for the rules. ``columns`` as in ``ReplayFacts``; ``waves``: ECG, PLETH, RESP where they are read.

    ``profiles``: the parts of the visit it goes through. ``end_t_s``: when it ends.
    """

    columns: frozenset[str]
    options: ReplayOptions
    profiles: frozenset[AlarmProfile]
    end_t_s: float
    waves: frozenset[str] = frozenset()

    @property
    def knows_end(self) -> bool:
        """Whether the end of the infusion is known: named, or seen in the phases."""
        seen = {AlarmProfile.INF, AlarmProfile.REC} <= self.profiles
        return self.options.t_end_s is not None or seen

    @property
    def knows_end_pressure(self) -> bool:
        """Whether the systolic pressure at that end is known."""
        seen = {AlarmProfile.INF, AlarmProfile.REC} <= self.profiles and "sys" in self.columns
        return self.options.bp_end is not None or seen


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A rule and why it could not be judged."""

    rule: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class _Need:
    there: Callable[[Carried], bool]
    lacking: str


def _column(*names: str, lacking: str) -> _Need:
    return _Need(lambda carried: bool(carried.columns & set(names)), lacking)


def _never(lacking: str) -> _Need:
    return _Need(lambda _: False, lacking)


_RATE = _column("hr", "pr", lacking="no heart rate and no pulse rate is replayed")
_ECG = _Need(lambda c: "ECG" in c.waves, "no ECG is replayed beat by beat")
_PULSES = _Need(lambda c: "PLETH" in c.waves, "no pleth is replayed pulse by pulse")
_CUFF = _column("sys", lacking="no cuff reading is replayed")
_MEAN = _column("dia", lacking="the cuff readings have no diastolic pressure")
_BASELINE = _Need(lambda c: c.options.baseline is not None, "no baseline is known: name it with --baseline")
_BASE_RATE = _Need(
    lambda c: c.options.baseline is None or c.options.baseline.hr_per_min is not None,
    "the baseline names no heart rate",
)
_END = _Need(lambda c: c.knows_end, "the end of the infusion is not known: name it with --t-end")
_END_PRESSURE = _Need(
    lambda c: c.knows_end_pressure,
    "the pressure at the end of the infusion is not known: name it with --bp-end",
)
_SPO2 = _column("spo2", lacking="no SpO2 is replayed")
_OXYGEN = _column("o2_l_min", lacking="no flow of oxygen is replayed, which counts as room air")
_BREATHS = _Need(
    lambda c: "RESP" in c.waves or "rr" in c.columns,
    "neither a breathing wave nor a respiratory rate is replayed",
)
_RR = _column("rr", lacking="no respiratory rate is replayed")
_LEADS = _column("ecg_lead_off", lacking="whether an electrode was off is not replayed")
_QUALITY = _Need(
    lambda c: "ECG" in c.waves or "hr_quality" in c.columns, "how well the ECG can be read is not replayed"
)
_PERFUSION = _column("pi", lacking="no perfusion index is replayed")
_CYCLES = _column("nibp_status", lacking="how cuff cycles failed is not replayed")
_PLAN = _Need(
    lambda c: c.options.nibp_interval_s is not None,
    "no plan of the cuff is known: name it with --nibp-interval",
)
_TWO_RATES = _Need(
    lambda c: {"hr", "pr"} <= c.columns or {"ECG", "PLETH"} <= c.waves,
    "heart rate and pulse rate are not replayed both",
)
_SENSOR = _never("what the oximeter says of its sensor is not replayed")
_LINKS = _never("connections to monitors are not replayed")
_PROGRAM = _never("what happened to the program and its computer is not replayed")
_PEOPLE = _never("what people rated, entered and had to do is not replayed")

NEEDS: dict[str, tuple[_Need, ...]] = {
    "AL-HR-01": (_ECG,),
    "AL-HR-05": (_RATE, _BASELINE, _BASE_RATE),
    "AL-HR-08": (_RATE, _END),
    "AL-HR": (_RATE,),
    "AL-BP-03": (_CUFF, _MEAN),
    "AL-BP-04": (_CUFF, _BASELINE),
    "AL-BP-05": (_CUFF, _BASELINE),
    "AL-BP-10": (_CUFF, _BASELINE),
    "AL-BP-11": (_CUFF, _END_PRESSURE),
    "AL-BP-12": (_CUFF, _MEAN, _END),
    "AL-BP": (_CUFF,),
    "AL-SP-04": (_SPO2, _OXYGEN),
    "AL-SP": (_SPO2,),
    "AL-RR-01": (_BREATHS,),
    "AL-RR": (_RR,),
    "AL-SD": (_PEOPLE,),
    "TE-01": (_LEADS,),
    "TE-02": (_QUALITY,),
    "TE-03": (_SENSOR,),
    "TE-04": (_SENSOR,),
    "TE-05": (_PERFUSION,),
    "TE-06": (_SPO2,),
    "TE-07": (_CYCLES,),
    "TE-08": (_CUFF, _PLAN),
    "TE-09": (_LINKS,),
    "TE-10": (_LINKS,),
    "TE-11": (_TWO_RATES,),
    "TE-19": (_LINKS,),
    "TE-21": (_ECG, _PULSES),
    "TE": (_PROGRAM,),
    "WF": (_PEOPLE,),
}
"""What a rule looks at, by its id or the longest beginning of it that stands here; all of it is needed (clinical.md §6)."""


def unjudged(carried: Carried, rules: Iterable[Rule] = RULES) -> list[Unjudged]:
    """Return the rules that could not be judged, in the order of the table, each with the first thing it lacks."""
    known = tuple(rules)
    live = {_row(rule.id) for rule in known if rule.profiles & carried.profiles}
    found: list[Unjudged] = []
    for rule in known:
        lacking = [need.lacking for need in needs_of(rule.id) if not need.there(carried)]
        if _row(rule.id) not in live:
            lacking.append(f"it is judged {_when(rule)}, and nothing of that is replayed: see --phase")
        if lacking:
            found.append(Unjudged(rule.id, rule.title, lacking[0]))
    return found


def needs_of(rule_id: str) -> tuple[_Need, ...]:
    """Return what a rule looks at. Raises KeyError for one that stands not in the table."""
    beginnings = [key for key in NEEDS if rule_id.startswith(key)]
    return NEEDS[max(beginnings, key=len, default=rule_id)]


def _row(rule_id: str) -> str:
    """Return the row of clinical.md §6 a rule belongs to; one may have two priorities (``TE-01-M``, ``TE-01-L``)."""
    return rule_id.removesuffix("-H").removesuffix("-M").removesuffix("-L")


def _when(rule: Rule) -> str:
    words = [word for profile, word in _PHASE_WORDS.items() if profile in rule.profiles]
    return f"only {' and '.join(words)} the infusion" if words else "only without a patient"


def profiles_of(rows: Iterable[NumericRow], options: ReplayOptions) -> frozenset[AlarmProfile]:
    """Return the parts of the visit that these rows go through; without a phase of its own a row keeps the one before."""
    phase, found = options.phase, set()
    for row in rows:
        phase = row.phase or phase
        found.add(phase.alarm_profile)
    return frozenset(found)


def closed_by_unjudged(lines: Iterator[Line], carried: Carried) -> Iterator[Line]:
    """Yield the lines, and last one that lists the rules that could not be judged, if there are any.

    It has the fields of an alarm line too, so that who reads those need not know it: of rules that stayed IDLE.
    """
    yield from lines
    found = unjudged(carried)
    if found:
        rules = [{"rule": one.rule, "title": one.title, "why": one.why} for one in found]
        yield {
            "kind": KIND, "t": carried.end_t_s, "rule": "", "from": "IDLE", "to": "IDLE", "priority": None,
            "value": None, "limit": None, "suppressed": False, "rules": rules,
        }  # fmt: skip
