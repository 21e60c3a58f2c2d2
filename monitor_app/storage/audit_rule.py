"""Which journal entries leave an audit row, and what the row says (clinical.md §15.1).

Measurements are not audited one by one: append-only tables keep them, and the record hash in each signature covers
them. What a person decided, changed, took back or signed is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from monitor_app.core.journal import (
    AlarmEntry,
    AnswerEntry,
    BaselineEntry,
    CareEntry,
    DeviceEntry,
    InfusionEntry,
    JournalEntry,
    LimitEntry,
    NibpEntry,
    OrderEntry,
    PhaseEntry,
    RefusalEntry,
    SessionOpened,
    SignatureEntry,
    SoundEntry,
    VoidEntry,
)
from monitor_app.core.stamp import SYSTEM, Actor

CREATE, UPDATE, VOID, SIGN = "create", "update", "void", "sign"
FAIL, LIMIT_CHANGE, OVERRIDE, ALARM_ACK = "fail", "limit-change", "override", "alarm-ack"


@dataclass(frozen=True, slots=True)
class AuditRule:
    """What is said of an entry. ``key`` names what a later entry replaces; its older form becomes the old value."""

    action: Callable[[Any], str]
    by: Callable[[Any], Actor]
    reason: Callable[[Any], str] = lambda _: ""
    key: Callable[[Any], str] | None = None


_Rules: TypeAlias = Mapping[type[Any], AuditRule]


def _always(action: str) -> Callable[[Any], str]:
    return lambda _: action


def _system(_: object) -> Actor:
    return SYSTEM


def _by(entry: Any) -> Actor:
    person: Actor = entry.by
    return person


def _reason(entry: Any) -> str:
    text: str = entry.reason
    return text


_RULES: _Rules = MappingProxyType(
    {
        SessionOpened: AuditRule(_always(CREATE), _system),
        DeviceEntry: AuditRule(_always(CREATE), _system, key=lambda e: str(e.source)),
        NibpEntry: AuditRule(_always(CREATE), _system, reason=lambda _: "typed by hand"),
        PhaseEntry: AuditRule(
            lambda e: OVERRIDE if e.overrides else UPDATE, _by, _reason, key=lambda _: "phase"
        ),
        AnswerEntry: AuditRule(
            lambda e: OVERRIDE if e.override_by else CREATE,
            lambda e: e.override_by or e.by,
            _reason,
            key=lambda e: str(e.key),
        ),
        BaselineEntry: AuditRule(_always(CREATE), _by, _reason, key=lambda _: "baseline"),
        OrderEntry: AuditRule(_always(CREATE), _by, key=lambda _: "order"),
        InfusionEntry: AuditRule(_always(CREATE), _by, _reason),
        CareEntry: AuditRule(_always(CREATE), _by),
        VoidEntry: AuditRule(_always(VOID), _by, _reason),
        AlarmEntry: AuditRule(_always(ALARM_ACK), lambda e: e.by or SYSTEM),
        SoundEntry: AuditRule(_always(UPDATE), _by, _reason, key=lambda _: "sound"),
        LimitEntry: AuditRule(_always(LIMIT_CHANGE), _by, _reason, key=lambda e: f"{e.rule} {e.parameter}"),
        RefusalEntry: AuditRule(_always(FAIL), _by, lambda e: "; ".join(e.reasons)),
        SignatureEntry: AuditRule(_always(SIGN), _by, lambda e: str(e.meaning)),
    }
)


def audit_rule(entry: JournalEntry) -> AuditRule | None:
    """Return what the audit says of an entry, or None for entries that are not audited."""
    if isinstance(entry, NibpEntry) and entry.trigger != "entry":
        return None  # the monitor's own reading; only hand-typed ones are somebody's doing
    if isinstance(entry, AlarmEntry) and entry.by is None:
        return None  # a step the rules took, not a person
    return _RULES.get(type(entry))
