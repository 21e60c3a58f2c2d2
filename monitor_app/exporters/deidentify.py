"""Taking the person out of a record before it leaves the house (clinical.md §15.3)."""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from devices.errors import KnownError
from monitor_app.core.alarm_log import VERSIONS_CODE
from monitor_app.core.journal import (
    AnswerEntry,
    CareEntry,
    DeviceEntry,
    JournalEntry,
    LinkEntry,
    OrderEntry,
    Scalar,
    SessionOpened,
    SystemEntry,
    WaveBlock,
)
from monitor_app.core.record import SessionRecord, WaveTrack
from monitor_app.core.stamp import SYSTEM, Actor, Stamp
from monitor_app.exporters.export import ExportOptions, Profile

MS_PER_DAY = 86_400_000
_SEARCHED_LENGTH = 4  # shorter texts stand in any table by chance
_OLDEST_YEARS = 89  # an age above is a group of its own (clinical.md §15.3)
_PATIENT_KEPT = frozenset({"age_years", "weight_kg", "height_cm", "sex", "asa", "htn"})
_CARE_KEPT = frozenset(
    {
        "drug",
        "unit",
        "route",
        "group",
        "term",
        "outcome",
        "moaas",
        "iv_site",
        "poss",
        "cuff",
        "probe",
        "iv",
        "occurrence",
        "rule",
        "verdict",
    }
)
"""Text of an entry of care that comes from a list, not from somebody's keyboard."""


def for_export(record: SessionRecord, options: ExportOptions) -> SessionRecord:
    """Return the record as the profile lets it out. Raises KnownError when a secret is needed and missing."""
    if options.profile is Profile.IDENTIFIED:
        return record
    opened = replace(record.opened, initials="", patient=_patient(record.opened.patient))
    if not options.profile.deidentified:
        return replace(record, opened=opened)
    if not options.secret:
        raise KnownError(
            "a de-identified export needs the clinic's secret: run it on the clinic's own computer"
        )
    return _anonymous(replace(record, opened=opened), _Disguise(options, record.opened))


def identifiers(record: SessionRecord) -> tuple[str, ...]:
    """Return the texts that must not stand in a de-identified export of this record."""
    found = {record.opened.session_id, record.opened.patient_key, record.opened.chair}
    for entry in record.entries:
        # A name that is only the role says nothing of who it was.
        found.update(person.name for person in _people(entry) if person.name != person.role)
        if isinstance(entry, DeviceEntry):
            found.update({entry.identity, entry.source.partition("@")[2]})
    return tuple(sorted(text for text in found - {SYSTEM.name} if len(text) >= _SEARCHED_LENGTH))


class _Disguise:
    """How one patient's record is disguised: the same way each time, so that sessions stay comparable."""

    def __init__(self, options: ExportOptions, opened: SessionOpened) -> None:
        self._secret = options.secret
        days = 1 + int.from_bytes(self._digest(f"shift {opened.patient_key}")[:4]) % 365
        self._shift_ms = -days * MS_PER_DAY if options.profile is Profile.SHIFT else -opened.stamp.utc_ms

    def key(self, text: str) -> str:
        """Another name for a key, not to be led back without the secret."""
        return self._digest(f"key {text}").hex()[:12]

    def stamp(self, stamp: Stamp) -> Stamp:
        """Move the wall time, keep the session's own."""
        return Stamp(stamp.t_ns, stamp.utc_ms + self._shift_ms)

    def _digest(self, text: str) -> bytes:
        return hmac.new(self._secret, text.encode(), hashlib.sha256).digest()


def _anonymous(record: SessionRecord, disguise: _Disguise) -> SessionRecord:
    opened = replace(
        record.opened,
        stamp=disguise.stamp(record.opened.stamp),
        session_id=disguise.key(record.opened.session_id),
        patient_key=disguise.key(record.opened.patient_key),
        chair="",
    )
    entries = tuple(_entry(entry, disguise) for entry in record.entries)
    waves = tuple(_wave(track, disguise) for track in record.waves)
    return replace(record, opened=opened, entries=entries, waves=waves, raw=())


def _entry(entry: JournalEntry, disguise: _Disguise) -> JournalEntry:
    changes: dict[str, Any] = {"stamp": disguise.stamp(entry.stamp)}
    for name in ("by", "override_by"):
        person = getattr(entry, name, None)
        if isinstance(person, Actor):
            changes[name] = Actor("", person.role)
    if hasattr(entry, "source"):
        changes["source"] = _driver(entry.source)
    if isinstance(getattr(entry, "reason", None), str):
        changes["reason"] = ""
    own = _OWN.get(type(entry))
    if own is not None:
        changes.update(own(entry))
    return replace(entry, **changes)


def _wave(track: WaveTrack, disguise: _Disguise) -> WaveTrack:
    def blocks() -> Iterator[WaveBlock]:
        for block in track.blocks():
            yield replace(block, stamp=disguise.stamp(block.stamp), source=_driver(block.source))

    return replace(track, source=_driver(track.source), blocks=blocks)


def _patient(patient: Mapping[str, Scalar]) -> dict[str, Scalar]:
    kept = {name: value for name, value in patient.items() if name in _PATIENT_KEPT}
    age = kept.get("age_years")
    if isinstance(age, (int, float)) and age > _OLDEST_YEARS:
        kept["age_years"] = "90+"
    return kept


def _care(entry: CareEntry) -> dict[str, Any]:
    kept = {
        name: value
        for name, value in entry.fields.items()
        if not isinstance(value, str) or name in _CARE_KEPT
    }
    return {"text": "", "fields": kept}


def _answer(entry: AnswerEntry) -> dict[str, Any]:
    return {"value": None if isinstance(entry.value, str) else entry.value}


_OWN: Mapping[type[Any], Callable[[Any], dict[str, Any]]] = MappingProxyType(
    {
        CareEntry: _care,
        AnswerEntry: _answer,
        DeviceEntry: lambda _: {"identity": "", "description": ""},
        LinkEntry: lambda _: {"detail": ""},
        SystemEntry: lambda entry: {
            "text": "",
            "fields": entry.fields if entry.code == VERSIONS_CODE else {},
        },
        OrderEntry: lambda entry: {"order": replace(entry.order, ordered_by="")},
    }
)


def _driver(source: str) -> str:
    """Leave the port out: it can hold a serial number or an address."""
    return source.partition("@")[0]


def _people(entry: JournalEntry) -> Iterator[Actor]:
    for name in ("by", "override_by"):
        person = getattr(entry, name, None)
        if isinstance(person, Actor):
            yield person
    if isinstance(entry, OrderEntry):
        yield Actor(entry.order.ordered_by)
