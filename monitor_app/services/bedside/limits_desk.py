"""The desk of the alarm limits: which presets a session stands on, what was changed for this patient (clinical.md §5.6)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from devices.errors import ConfigError, RefusedError
from monitor_app.core.alarm.auto_limits import AutoLimit, auto_limits, with_auto_limits
from monitor_app.core.alarm.engine import AlarmEngine
from monitor_app.core.alarm.limit_change import LimitChange, changed
from monitor_app.core.alarm.limit_layers import rebased
from monitor_app.core.alarm.limit_record import limit_entries, recorded_limits
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.alarm.rule_delays import rule_delays
from monitor_app.core.alarm.system_state import LEAD
from monitor_app.core.alarm.tile_limits import TileLimits, tile_limits
from monitor_app.core.alarm_commands import ApplyAutoLimits, ChooseIndication, SetLimit
from monitor_app.core.journal import Baseline, JournalEntry, LimitEntry, SystemEntry
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.core.stamp import SYSTEM, Actor, Stamp
from monitor_app.core.visit.facts import ClinicRules
from monitor_app.core.visit.refusal import not_acting
from monitor_app.core.visit.state import Visit
from monitor_app.services.bedside.alarm_system_desk import Asker
from monitor_app.services.presets import ReadPresets

PRESETS_CODE = "PRESETS"
"""The entry that names the presets a session stands on."""
BROKEN_CODE = "PRESETS_BROKEN"
"""The entry that says why the clinic's presets were left out when a session was taken up again."""
RECOVERY = ("WF-05", "recovery_min")
"""The shortest observation among the recorded limits: the presets set it too (clinical.md §1.1 P3, §6.7)."""
BEFORE_INFUSION = frozenset({Phase.SCHED, Phase.CHECKIN, Phase.BASE, Phase.READY})
ENDED = frozenset({Phase.DONE, Phase.SIGNED, Phase.CANCEL})
_WITH_DELAYS = frozenset({AlarmProfile.PRE, AlarmProfile.INF, AlarmProfile.REC})


class LimitsDesk:
    """Gives the engine its limits. Bedside thread only.

    ``presets`` were read before: no file is touched while a patient is monitored. ``record`` takes journal entries; ``rules_changed`` is told the clinic's rules of the visit when a preset changes them.
    """

    def __init__(
        self,
        engine: AlarmEngine,
        presets: ReadPresets,
        *,
        visit: Callable[[], Visit],
        record: Callable[[JournalEntry], None],
        stamp: Callable[[int], Stamp],
        rules_changed: Callable[[ClinicRules], None],
    ) -> None:
        self._engine = engine
        self._visit = visit
        self._record = record
        self._stamp = stamp
        self._rules_changed = rules_changed
        self._presets = presets
        self._base = self._presets.in_force()
        self._recovery_min = self._base.recovery_min
        self.indication = ""
        self.indications = self._presets.names
        self._proposed: tuple[Baseline, Limits, tuple[AutoLimit, ...]] | None = None
        self._shown: tuple[Limits, AlarmProfile, TileLimits, dict[str, float]] | None = None
        self._tell_rules()
        engine.limits = self._base.limits
        self.askers: Mapping[type, Asker] = MappingProxyType(
            {SetLimit: self._set, ApplyAutoLimits: self._apply_auto, ChooseIndication: self._choose}
        )

    @property
    def limits(self) -> Limits:
        """The numbers in force."""
        return self._engine.limits

    @property
    def locked(self) -> frozenset[tuple[str, str]]:
        """What only a clinical lead may change."""
        return self._base.locked

    @property
    def versions(self) -> str:
        """The presets in force by name and version."""
        return self._base.versions

    def begin(self, t_ns: int) -> None:
        """Put the whole set into the record, with the presets it comes from."""
        stamp = self._stamp(t_ns)
        self._record(self._presets_entry(stamp, SYSTEM))
        for entry in limit_entries(self.limits, stamp, by=SYSTEM, reason=self.versions):
            self._record(entry)
        self._record_recovery(stamp, SYSTEM)

    def take_up(self, entries: Iterable[JournalEntry], t_ns: int) -> None:
        """Go on with the limits a cut-off session left; a record older than limits in the record gets the whole set now."""
        kept = [e for e in entries if isinstance(e, LimitEntry | SystemEntry)]
        presets = [e for e in kept if isinstance(e, SystemEntry) and e.code == PRESETS_CODE]
        recorded = presets[-1] if presets else None
        self._use(recorded)
        if self._presets.trouble:
            text = f"the limits stay as they were recorded; {self._presets.trouble}"
            self._record(SystemEntry(self._stamp(t_ns), BROKEN_CODE, text))
        numbers = [e for e in kept if isinstance(e, LimitEntry)]
        if not numbers:
            self.begin(t_ns)
            return
        if recorded is not None and recorded.fields.get("versions") != self.versions:
            self._record(self._presets_entry(self._stamp(t_ns), SYSTEM, kept="; the limits stay as recorded"))
        self._take_recorded(numbers, t_ns)

    def _take_recorded(self, numbers: Sequence[LimitEntry], t_ns: int) -> None:
        """Take the numbers of the record; those it never knew come from the presets of today, and into the record now."""
        self._engine.limits = recorded_limits(numbers, Limits(self._base.limits.values))
        known = {(e.rule, e.parameter) for e in numbers}
        for entry in limit_entries(self.limits, self._stamp(t_ns), by=SYSTEM, reason=self.versions):
            if (entry.rule, entry.parameter) not in known:
                self._record(entry)
        recovery = [e.value for e in numbers if (e.rule, e.parameter) == RECOVERY]
        self._recovery_min = recovery[-1] if recovery else self._recovery_min
        self._tell_rules()

    def tile_limits(self, profile: AlarmProfile) -> TileLimits:
        """What each tile says of its limits in a phase profile."""
        return self._display(profile)[2]

    def rule_delays(self, profile: AlarmProfile) -> dict[str, float]:
        """How long each rule waits; where no patient rule is live, as it will be in the infusion."""
        return self._display(profile)[3]

    def proposals(self) -> tuple[AutoLimit, ...]:
        """The limits worked out from the frozen baseline; empty without one."""
        frozen = self._visit().baseline
        if frozen is None:
            return ()
        known = self._proposed
        if known is None or known[0] is not frozen.baseline or known[1] is not self.limits:
            found = auto_limits(frozen.baseline, self.limits)
            known = self._proposed = (frozen.baseline, self.limits, found)
        return known[2]

    def _display(self, profile: AlarmProfile) -> tuple[Limits, AlarmProfile, TileLimits, dict[str, float]]:
        """Work out what is shown, once for each set of limits and phase."""
        known = self._shown
        if known is None or known[0] is not self.limits or known[1] is not profile:
            delays = rule_delays(self.limits, profile if profile in _WITH_DELAYS else AlarmProfile.INF)
            known = self._shown = (self.limits, profile, tile_limits(self.limits, profile), delays)
        return known

    def _set(self, command: SetLimit, t_ns: int) -> tuple[str, ...]:
        self._check(command.by)
        change = LimitChange(command.rule, command.parameter, command.value, command.profile)
        after = changed(self.limits, change, by=command.by, reason=command.reason, locked=self._base.locked)
        self._take(after, t_ns, by=command.by, reason=command.reason.strip())
        return ()

    def _apply_auto(self, command: ApplyAutoLimits, t_ns: int) -> tuple[str, ...]:
        self._check(command.by)
        known = {proposal.label: proposal for proposal in self.proposals()}
        if not known:
            raise RefusedError("Freeze the baseline first: these limits are worked out from it.")
        strange = [label for label in command.labels if label not in known]
        if strange:
            raise RefusedError(f"There is no limit {', '.join(strange)} from the baseline.")
        chosen = [known[label] for label in command.labels if known[label].target is not None]
        if not chosen:
            raise RefusedError("Choose at least one limit that has an alarm.")
        shut = [p.label for p in chosen if p.target in self._base.locked]
        if shut and command.by.role != LEAD:
            raise RefusedError(
                f"The clinic has locked {', '.join(shut)}; leave it out, or ask the clinical lead."
            )
        self._take(with_auto_limits(self.limits, chosen), t_ns, by=command.by, reason="from the baseline")
        return ()

    def _choose(self, command: ChooseIndication, t_ns: int) -> tuple[str, ...]:
        self._check(command.by)
        if self._visit().phase not in BEFORE_INFUSION:
            raise RefusedError(
                "The indication is chosen before the infusion; its limits stay as they are now."
            )
        before, after = self._base, self._presets.in_force(command.indication)
        limits = rebased(self.limits, before, after)
        self._base, self.indication = after, _name(command.indication, self.indications)
        stamp = self._stamp(t_ns)
        self._record(self._presets_entry(stamp, command.by))
        self._take(limits, t_ns, by=command.by, reason=self.versions)
        if after.recovery_min != self._recovery_min:
            self._recovery_min = after.recovery_min
            self._tell_rules()
            self._record_recovery(stamp, command.by)
        return ()

    def _check(self, by: Actor) -> None:
        visit = self._visit()
        if visit.phase in ENDED:
            raise RefusedError("The patient has left; the limits of this visit stay as they are.")
        if refused := not_acting(visit, by):
            raise RefusedError(refused)

    def _take(self, limits: Limits, t_ns: int, *, by: Actor, reason: str) -> None:
        """Give the engine new limits, and the record what is new in them."""
        before, self._engine.limits = self.limits, limits
        for entry in limit_entries(limits, self._stamp(t_ns), by=by, reason=reason, before=before):
            self._record(entry)

    def _use(self, recorded: SystemEntry | None) -> None:
        """Stand on the presets a record names; where they cannot be had, its numbers and locks hold alone."""
        self.indication = "" if recorded is None else str(recorded.fields.get("indication") or "")
        left_out = bool(self._presets.trouble)
        try:
            self._base = self._presets.in_force(self.indication)
        except ConfigError:
            self._base, left_out = self._presets.in_force(), True
        locked = None if recorded is None else recorded.fields.get("locked")
        if left_out and isinstance(locked, str):
            self._base = replace(self._base, locked=_locked_of(locked))
        self._recovery_min = self._base.recovery_min

    def _presets_entry(self, stamp: Stamp, by: Actor, *, kept: str = "") -> SystemEntry:
        fields = {
            "indication": self.indication,
            "versions": self.versions,
            "by": by.name,
            "locked": " ".join(sorted(f"{rule}.{key}" for rule, key in self.locked)),
        }
        return SystemEntry(stamp, PRESETS_CODE, f"alarm limits: {self.versions}{kept}", fields)

    def _record_recovery(self, stamp: Stamp, by: Actor) -> None:
        minutes = self._rules.recovery_min
        self._record(LimitEntry(stamp, *RECOVERY, minutes, by, self.versions))

    @property
    def _rules(self) -> ClinicRules:
        usual = ClinicRules()
        return usual if self._recovery_min is None else ClinicRules(recovery_min=self._recovery_min)

    def _tell_rules(self) -> None:
        self._rules_changed(self._rules)


def _name(asked: str, known: Iterable[str]) -> str:
    """The indication as its preset writes it."""
    return next((name for name in known if name.casefold() == asked.casefold()), asked)


def _locked_of(text: str) -> frozenset[tuple[str, str]]:
    """What the record's line of the presets says is locked: "AL-BP-01.systolic_mmhg" and so on."""
    pairs = (entry.rpartition(".") for entry in text.split())
    return frozenset((rule, key) for rule, _, key in pairs)
