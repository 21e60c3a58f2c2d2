"""What the entries of care mean: their fields, the ranges allowed, and what can be read off them (pure).

Field names of ``CareEntry.fields``, by kind:

- ``check``: ``moaas`` 0..5 or "not disturbed" (then with ``rr``), ``dissociation`` 0..3, ``nausea`` 0..3, ``rr`` /min,
  ``iv_site`` words, ``rass`` -5..4, ``poss`` 1..4 or "S" (clinical.md §2.3, §4.1);
- ``vas``: ``value`` 0..10;
- ``oxygen``: ``l_per_min`` (0 is off), ``device``, ``home`` True where it is what the patient has at home;
- ``drug``: ``drug``, ``dose``, ``unit``, ``route``, ``group`` (overrides the table below);
- ``limbs``: ``cuff``, ``probe``, ``iv``, each a place of ``limbs.PLACES``, at least one of them;
- ``adverse_event``: ``term``, ``grade`` 1..5, ``outcome``, ``serious`` and more (clinical.md §10.1); ``updates`` holds the
  id of the entry it completes;
- ``verdict``: ``occurrence``, ``rule`` and ``verdict`` of an alarm (``core.alarm_verdict``).
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from monitor_app.core import alarm_verdict
from monitor_app.core.dose_check import format_number
from monitor_app.core.journal import CareEntry, Scalar
from monitor_app.core.visit import limbs

KINDS = ("note", "drug", "oxygen", "adverse_event", "check", "vas", "call", "snapshot", "limbs", "verdict")
NOT_DISTURBED = "not disturbed"  # clinical.md §4.1: "eyes closed, not disturbed, RR n" is an answer
OUTCOMES = ("recovered", "recovering", "not recovered", "sequelae", "unknown")  # clinical.md §10.1
ONGOING_OUTCOMES = frozenset({"recovering", "not recovered"})

SEDATIVE = "sedative"
ANTIHYPERTENSIVE = "antihypertensive"
DRUG_GROUPS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("midazolam", "lorazepam", "diazepam", "propofol", "dexmedetomidine", "haloperidol"), SEDATIVE
        ),
        **dict.fromkeys(
            (
                "labetalol",
                "esmolol",
                "metoprolol",
                "hydralazine",
                "nicardipine",
                "clevidipine",
                "urapidil",
                "clonidine",
                "glyceryl trinitrate",
                "nitroglycerin",
                "enalaprilat",
            ),
            ANTIHYPERTENSIVE,
        ),
    }
)
"""Which drugs prolong the observation (clinical.md §12 D1) or bring the sedation check forward (§4.1)."""

_RANGES: Mapping[tuple[str, str], tuple[float, float]] = MappingProxyType(
    {
        ("check", "moaas"): (0, 5),  # clinical.md §2.3
        ("check", "dissociation"): (0, 3),  # clinical.md §4.1
        ("check", "nausea"): (0, 3),  # clinical.md §4.1
        ("check", "rass"): (-5, 4),  # clinical.md §2.3
        ("check", "rr"): (0, 60),
        ("vas", "value"): (0, 10),  # clinical.md §1.1 P5
        ("oxygen", "l_per_min"): (0, 15),
        ("adverse_event", "grade"): (1, 5),  # clinical.md §10.2
        ("adverse_event", "bothered"): (0, 10),  # clinical.md §10.1
    }
)
_REQUIRED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"vas": ("value",), "oxygen": ("l_per_min",), "drug": ("drug",), "adverse_event": ()}
)


@dataclass(frozen=True, slots=True)
class Oxygen:
    """What oxygen the patient is on since when; ``l_per_min`` 0: none."""

    l_per_min: float = 0.0
    device: str = ""
    home: bool = False
    since_t_ns: int = 0
    off_since_t_ns: int | None = None  # None: never on, or on now

    @property
    def on(self) -> bool:
        """Whether oxygen flows beyond what the patient has at home."""
        return self.l_per_min > 0 and not self.home


@dataclass(frozen=True, slots=True)
class AdverseEvent:
    """An adverse event as it stands after its completions."""

    entry_id: str
    term: str
    t_ns: int
    grade: int | None
    outcome: str
    serious: bool

    @property
    def ongoing(self) -> bool:
        """Whether it is known to be still there (an event without an outcome is incomplete, not ongoing)."""
        return self.outcome in ONGOING_OUTCOMES


def care_faults(kind: str, text: str, fields: Mapping[str, Scalar]) -> tuple[str, ...]:
    """Say in words why this cannot be recorded; empty when it can."""
    if kind not in KINDS:
        return (f'"{kind}" is not something that can be recorded; choose {", ".join(KINDS)}.',)
    faults = [f"{kind} needs {name}." for name in _REQUIRED.get(kind, ()) if fields.get(name) in (None, "")]
    faults += [fault for name, value in fields.items() if (fault := _field_fault(kind, name, value))]
    if kind == "check" and fields.get("moaas") == NOT_DISTURBED and fields.get("rr") is None:
        faults.append("A patient not disturbed needs a counted breathing rate.")
    if kind == "adverse_event" and not (fields.get("term") or fields.get("updates") or text.strip()):
        faults.append("An adverse event needs its term.")
    if kind == limbs.KIND and not any(fields.get(name) for name in limbs.PLACES):
        faults.append("Say where the cuff, the SpO2 probe or the IV is.")
    if kind == alarm_verdict.KIND:
        faults += alarm_verdict.verdict_faults(fields)
    if not text.strip() and not fields:
        faults.append("Nothing was written.")
    return tuple(faults)


def checks(entries: Iterable[CareEntry], item: str) -> tuple[tuple[int, Scalar], ...]:
    """Times and values of one item of the check panel, oldest first."""
    found = [
        (entry.stamp.t_ns, entry.fields[item])
        for entry in entries
        if entry.kind == "check" and entry.fields.get(item) is not None
    ]
    return tuple(sorted(found, key=lambda pair: pair[0]))


def vas_values(entries: Iterable[CareEntry]) -> tuple[tuple[int, float], ...]:
    """Times and values of the pain scale."""
    pairs = ((entry.stamp.t_ns, entry.fields.get("value")) for entry in entries if entry.kind == "vas")
    return tuple((t_ns, float(value)) for t_ns, value in pairs if isinstance(value, (int, float)))


def oxygen_now(entries: Iterable[CareEntry]) -> Oxygen:
    """The oxygen the patient is on after these entries; room air when none was ever recorded."""
    state = Oxygen()
    for entry in entries:
        flow = entry.fields.get("l_per_min")
        if entry.kind != "oxygen" or not isinstance(flow, (int, float)):
            continue
        ended = state.l_per_min > 0 and flow == 0
        state = Oxygen(
            l_per_min=float(flow),
            device=str(entry.fields.get("device") or ""),
            home=entry.fields.get("home") is True,
            since_t_ns=entry.stamp.t_ns,
            off_since_t_ns=entry.stamp.t_ns if ended else (state.off_since_t_ns if flow == 0 else None),
        )
    return state


def drug_group(entry: CareEntry) -> str:
    """The group of a drug entry, as written or by its name; empty where it matters to no rule."""
    named = entry.fields.get("group")
    if isinstance(named, str) and named:
        return named.casefold()
    drug = str(entry.fields.get("drug") or entry.text).casefold()
    return next((group for name, group in DRUG_GROUPS.items() if name in drug), "")


def adverse_events(entries: Iterable[CareEntry]) -> tuple[AdverseEvent, ...]:
    """Every adverse event with its completions applied, in the order they were first entered."""
    merged: dict[str, tuple[CareEntry, dict[str, Scalar]]] = {}
    for entry in entries:
        if entry.kind != "adverse_event":
            continue
        target = str(entry.fields.get("updates") or "")
        if target in merged:
            merged[target][1].update(entry.fields)
        else:
            merged[entry.entry_id] = (entry, dict(entry.fields))
    return tuple(_event(entry, fields) for entry, fields in merged.values())


def _event(entry: CareEntry, fields: Mapping[str, Scalar]) -> AdverseEvent:
    grade = fields.get("grade")
    return AdverseEvent(
        entry_id=entry.entry_id,
        term=str(fields.get("term") or entry.text),
        t_ns=entry.stamp.t_ns,
        grade=int(grade) if isinstance(grade, (int, float)) else None,
        outcome=str(fields.get("outcome") or ""),
        serious=fields.get("serious") is True,
    )


def _field_fault(kind: str, name: str, value: Scalar) -> str:
    if kind == "adverse_event" and name == "outcome" and value and value not in OUTCOMES:
        return f"The outcome is one of: {', '.join(OUTCOMES)}."
    if kind == limbs.KIND and value and value not in limbs.PLACES.get(name, ()):
        return f"{name} cannot be at {value}; it is one of: {', '.join(limbs.PLACES.get(name, ()))}."
    allowed = _RANGES.get((kind, name))
    if allowed is None or value is None or (name == "moaas" and value == NOT_DISTURBED):
        return ""
    low, high = allowed
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        if low <= value <= high:
            return ""
        return (
            f"{name} must be {format_number(low)} to {format_number(high)}; {format_number(value)} was given."
        )
    return f"{name} must be a number from {format_number(low)} to {format_number(high)}."
