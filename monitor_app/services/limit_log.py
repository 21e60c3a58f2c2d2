"""Which limits were changed from their preset, by whom, when and why: read from what the bedside recorded."""

from dataclasses import dataclass

from monitor_app.core.alarm.limit_check import PROFILES
from monitor_app.core.journal import LimitEntry, SystemEntry
from monitor_app.core.phase import AlarmProfile
from monitor_app.core.stamp import SYSTEM, Stamp
from monitor_app.services.bedside.limits_desk import PRESETS_CODE

_NAMES = {profile: name for name, profile in PROFILES.items()}


@dataclass(frozen=True, slots=True)
class LimitChange:
    """The newest entry of a number, and what it was before."""

    entry: LimitEntry
    before: float | None


class LimitLog:
    """The newest entry of each number, beside what the presets gave. Fed in the order of the record; ``taken`` counts."""

    def __init__(self) -> None:
        self.taken = 0
        self._now: dict[tuple[str, str], float] = {}
        self._changes: dict[tuple[str, str], LimitChange] = {}
        self._versions: set[str] = set()

    def hear(self, entry: SystemEntry) -> None:
        """Learn which presets there have been: the numbers that came with one name it as their reason."""
        if entry.code == PRESETS_CODE:
            self._versions.add(str(entry.fields.get("versions", "")))

    def take(self, entry: LimitEntry) -> bool:
        """Take an entry; whether somebody changed a number by it, the set at the start and a preset's being none."""
        self.taken += 1
        key = entry.rule, entry.parameter
        before = self._now.get(key)
        self._now[key] = entry.value
        if not self._of_preset(entry):
            self._changes[key] = LimitChange(entry, before)
            return True
        known = self._changes.get(key)
        if (
            known is not None and known.entry.value != entry.value
        ):  # the whole set repeats what was changed before
            del self._changes[key]
        return False

    def change(self, rule: str, parameter: str, profile: AlarmProfile | None = None) -> LimitChange | None:
        """Who changed this number from its preset, for all phases or for one; None where nobody did."""
        name = parameter if profile is None else f"{_NAMES[profile]}.{parameter}"
        return self._changes.get((rule, name))

    def at(self, stamp: Stamp) -> int:
        """How many numbers were changed at this very instant: by one press."""
        return sum(change.entry.stamp == stamp for change in self._changes.values())

    def __len__(self) -> int:
        """How many numbers were changed from their preset."""
        return len(self._changes)

    def _of_preset(self, entry: LimitEntry) -> bool:
        """Whether it came with a preset: the program's own entry, or one with the recorded presets as its reason."""
        return entry.by == SYSTEM or (bool(entry.reason) and entry.reason in self._versions)
