"""The visit's desk: what people ask, and what follows from it for alarms, cuff and record."""

from collections.abc import Callable, Mapping
from typing import Any

from devices.errors import KnownError
from monitor_app.core.commands import (
    Acknowledge,
    Command,
    NibpCancel,
    NibpNow,
    PauseAudio,
    SelfTest,
    SetEcgFilter,
    SetNibpPlan,
    Sign,
)
from monitor_app.core.journal import (
    CareEntry,
    JournalEntry,
    PhaseEntry,
    RefusalEntry,
    Scalar,
    SystemEntry,
    VoidEntry,
)
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.decide import decide
from monitor_app.core.visit.facts import SELF_TEST_FAILED, SELF_TEST_PASSED
from monitor_app.core.visit.limbs import limbs_now
from monitor_app.core.visit.questions import PAUSED_FOR_PRESSURE
from monitor_app.processing.filters import FilterMode, Mains
from monitor_app.services.bedside.alarms import AlarmDesk
from monitor_app.services.bedside.facts_builder import FactsBuilder
from monitor_app.services.bedside.journal_desk import JournalDesk
from monitor_app.services.bedside.parts import BedsideParts
from monitor_app.services.bedside.publication import EcgFilterView
from monitor_app.services.bedside.resume import PLAN_CODE
from monitor_app.services.session_clock import SessionClock

SELF_TEST_RESULTS = frozenset({SELF_TEST_PASSED, SELF_TEST_FAILED})


class VisitDesk:
    """Carries out commands. Bedside thread only.

    ``askers`` carry out commands of other desks; ``before_phase`` is called before a step of the visit is written.
    """

    def __init__(
        self,
        desks: FactsBuilder,
        journal: JournalDesk,
        *,
        alarms: AlarmDesk,
        clock: SessionClock,
        parts: BedsideParts,
        askers: Mapping[type, Callable[[Any, int], tuple[str, ...]]],
        before_phase: Callable[[Phase], None],
    ) -> None:
        self._desks = desks
        self._cuff = desks.cuff
        self._journal = journal
        self._alarms = alarms
        self._clock = clock
        self._parts = parts
        self._before_phase = before_phase
        self._askers: dict[type, Callable[[Any, int], tuple[str, ...]]] = {
            Acknowledge: self._acknowledge,
            PauseAudio: self._pause_audio,
            NibpNow: self._nibp_now,
            NibpCancel: self._nibp_cancel,
            SetNibpPlan: self._set_plan,
            SelfTest: self._self_test,
            SetEcgFilter: self._set_filter,
            **askers,
        }

    def ask(self, command: Command, t_ns: int) -> tuple[str, ...]:
        """Carry out what a person asks; the reasons when it is refused, which is recorded."""
        asker = self._askers.get(type(command))
        try:
            if asker is None:
                return self._decide(command, t_ns)  # which writes its own refusals
            reasons = asker(command, t_ns)
        except KnownError as error:
            reasons = (str(error),)
        if reasons:
            by = getattr(command, "by", Actor())
            name = type(command).__name__
            self._journal.write(RefusalEntry(self._clock.stamp(t_ns), name, reasons, by))
        return reasons

    @property
    def cuff_may_act(self) -> bool:
        """Whether the plan may act now; not without a monitor.

        A reading a person asked for, or one that runs, always may; the plan itself, and what is measured at once though
        nobody asked, while a patient is monitored, but after a restart only once a person has acknowledged the gap.
        """
        by_itself = self._journal.visit.phase.monitoring and not self._desks.system.plan_held
        return self._cuff.may_act(by_itself=by_itself) and self._desks.links.streaming(self._cuff.source)

    def advance_cuff(self, t_ns: int) -> None:
        """Let the cuff's plan do what is due; while the monitor is away nothing is started, and nothing forgotten."""
        if self.cuff_may_act:
            self._cuff.advance(self._clock.stamp(t_ns))

    def note_plan(self, by: Actor, t_ns: int) -> None:
        """Keep the plan in the record, so that a restart takes it up."""
        minutes = self._cuff.plan.interval_s / 60
        armed = self._cuff.plan.armed
        text = f"cuff every {minutes:g} min" if armed else "automatic cuff off"
        fields: dict[str, Scalar] = {"armed": armed, "interval_min": minutes, "by": by.name}
        self._journal.write(SystemEntry(self._clock.stamp(t_ns), PLAN_CODE, text, fields))

    def _decide(self, command: Command, t_ns: int) -> tuple[str, ...]:
        """Whatever moves the visit is decided on by the rules of the visit."""
        digest = self._parts.record_hash() if isinstance(command, Sign) else ""
        visit = self._journal.visit
        facts = self._desks.visit_facts(visit, self._alarms, t_ns, digest)
        stamp = self._clock.stamp(t_ns)
        entries = decide(visit, command, facts=facts, stamp=stamp, new_id=self._parts.new_id)
        for entry in entries:
            if isinstance(entry, PhaseEntry):
                self._before_phase(entry.to_phase)
            self._journal.write(entry)
        for entry in entries:
            self._follow(entry, t_ns)
        return tuple(reason for e in entries if isinstance(e, RefusalEntry) for reason in e.reasons)

    def _follow(self, entry: JournalEntry, t_ns: int) -> None:
        """What follows from an entry for cuff and record."""
        if isinstance(entry, PhaseEntry):
            for_pressure = self._journal.visit.value("pause_reason") == PAUSED_FOR_PRESSURE
            before = (self._cuff.plan.armed, self._cuff.plan.interval_s)
            self._cuff.enter_phase(entry.to_phase, t_ns, paused_for_pressure=for_pressure)
            if before != (self._cuff.plan.armed, self._cuff.plan.interval_s):
                self.note_plan(entry.by, t_ns)
            self.advance_cuff(t_ns)
        if isinstance(entry, CareEntry | VoidEntry):
            self._cuff.limbs = limbs_now(self._journal.visit.care)

    def _acknowledge(self, command: Acknowledge, t_ns: int) -> tuple[str, ...]:
        done = self._alarms.acknowledge(command.rule, command.by, t_ns)
        acknowledged = {c.rule.id for c in self._alarms.conditions if c.acknowledged}
        if "TE-20" in acknowledged:
            self._desks.system.restarted_at = None
            self._desks.system.plan_held = False
        if "TE-14" in acknowledged:
            self._parts.sounder.accept_output()
        return () if done else ("There is no unacknowledged alarm.",)

    def _pause_audio(self, command: PauseAudio, t_ns: int) -> tuple[str, ...]:
        self._alarms.pause_audio(command.duration_s, command.by, t_ns)
        return ()

    def _nibp_now(self, _command: NibpNow, t_ns: int) -> tuple[str, ...]:
        reason = self._cuff.request(t_ns)
        if not reason:
            self.advance_cuff(t_ns)
        return (reason,) if reason else ()

    def _nibp_cancel(self, command: NibpCancel, t_ns: int) -> tuple[str, ...]:
        self._cuff.cancel(t_ns, retake_only=command.retake_only)
        text = "re-take dropped" if command.retake_only else "cuff stopped by hand"
        fields: dict[str, Scalar] = {"retake_only": command.retake_only, "by": command.by.name}
        self._journal.write(SystemEntry(self._clock.stamp(t_ns), "NIBP_CANCEL", text, fields))
        return ()

    def _self_test(self, command: SelfTest, t_ns: int) -> tuple[str, ...]:
        """Play one priority, or keep how the test went; a program that cannot be heard has not passed."""
        if command.step not in SELF_TEST_RESULTS:
            self._alarms.demonstrate(command.step, t_ns)
            return ()
        sounder = self._parts.sounder
        second = f"the second alarm sound: {sounder.second_trouble}" if sounder.second_trouble else ""
        trouble = sounder.trouble or second
        if command.step == SELF_TEST_PASSED and trouble:
            return (f"The self-test cannot pass: {trouble}.",)
        self._desks.self_test = command.step
        if command.step == SELF_TEST_PASSED:
            self._parts.sounder.accept_output()
        text = f"Alarm self-test {command.step}, heard and seen by {command.by.name or command.by.role}"
        if command.step != SELF_TEST_PASSED:
            text = f"Alarm self-test {command.step}: not heard or not seen"
        fields: dict[str, Scalar] = {"result": command.step, "by": command.by.name}
        if sounder.second.chosen:
            fields["second_output"] = sounder.second.name
        self._journal.write(SystemEntry(self._clock.stamp(t_ns), "SELF_TEST", text, fields))
        return ()

    def _set_filter(self, command: SetEcgFilter, t_ns: int) -> tuple[str, ...]:
        """Change how the ECG is drawn; the record says since when."""
        modes, mains = {m.name.lower(): m for m in FilterMode}, {round(m.value): m for m in Mains}
        if command.mode not in modes or command.mains_hz not in mains:
            return (f"There is no ECG filter {command.mode} with {command.mains_hz} Hz.",)
        ecg = self._desks.waves.ecg
        ecg.set_filter(modes[command.mode], mains[command.mains_hz])
        text = f"ECG drawn {EcgFilterView(*ecg.filter).label}"
        fields: dict[str, Scalar] = {
            "mode": command.mode,
            "mains_hz": command.mains_hz,
            "by": command.by.name,
        }
        self._journal.write(SystemEntry(self._clock.stamp(t_ns), "ECG_FILTER", text, fields))
        return ()

    def _set_plan(self, command: SetNibpPlan, t_ns: int) -> tuple[str, ...]:
        self._cuff.arm(t_ns, armed=command.armed, interval_min=command.interval_min)
        self.note_plan(command.by, t_ns)
        return ()
