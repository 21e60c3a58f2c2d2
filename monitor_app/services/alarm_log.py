"""The alarm log of the session that runs, and which version of each rule is at work in it (clinical.md §5.7)."""

from collections.abc import Mapping
from types import MappingProxyType

from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm_log import VERSIONS_CODE, AlarmRow, alarm_log
from monitor_app.core.journal import (
    AlarmEntry,
    BaselineEntry,
    CareEntry,
    InfusionEntry,
    JournalEntry,
    NibpEntry,
    SoundEntry,
    SystemEntry,
    VoidEntry,
)
from monitor_app.core.stamp import Stamp
from monitor_app.services.bedside.publication import Publication

TITLES: Mapping[str, str] = MappingProxyType({rule.id: rule.title for rule in RULES})
_BESIDE = (BaselineEntry, CareEntry, InfusionEntry, NibpEntry, SoundEntry, SystemEntry, VoidEntry)
"""Entries that say something about an alarm without being one."""


def rules_entry(stamp: Stamp) -> SystemEntry:
    """Return the record's line about the versions of the rules at work from here on."""
    versions = {rule.id: rule.version for rule in RULES}
    return SystemEntry(stamp, VERSIONS_CODE, f"{len(versions)} alarm rules at work", versions)


def title_of(rule: str) -> str:
    """Return a rule's name in words; its id for one this program does not have."""
    return TITLES.get(rule, rule)


class LiveAlarmLog:
    """Gathers what the bedside publishes about alarms. One thread: the one that draws.

    A near miss is forgotten when it is over: it stands in the record and in every export, but nobody has to judge it.
    """

    def __init__(self) -> None:
        self._entries: list[JournalEntry] = []
        self._announced: set[str] = set()
        self._rows: tuple[AlarmRow, ...] | None = ()

    def take(self, publication: Publication) -> None:
        """Take the next thing published; what is not about alarms is passed over."""
        if isinstance(publication, AlarmEntry):
            self._entries.append(publication)
            self._rows = None
            if publication.to_state not in {"PENDING", "IDLE"}:
                self._announced.add(publication.occurrence_id)
            elif publication.to_state == "IDLE" and publication.occurrence_id not in self._announced:
                self._forget(publication.occurrence_id)
        elif isinstance(publication, _BESIDE):
            self._entries.append(publication)
            self._rows = None

    def rows(self) -> tuple[AlarmRow, ...]:
        """Return the conditions so far, in the order they began; the same object until something changes."""
        if self._rows is None:
            self._rows = alarm_log(self._entries)
        return self._rows

    def _forget(self, occurrence_id: str) -> None:
        """Drop a near miss: its steps are the newest alarm entries, so they are looked for from the end."""
        for index in range(len(self._entries) - 1, -1, -1):
            entry = self._entries[index]
            if isinstance(entry, AlarmEntry) and entry.occurrence_id == occurrence_id:
                del self._entries[index]
                if entry.from_state == "IDLE":
                    return
