"""The alarm desks of one bedside without the rest of it: a patient whose every number is settable, and an ear."""

from collections.abc import Callable
from typing import Any

from devices.drivers.base import DriverCommand, NibpTiming
from devices.errors import KnownError
from monitor_app.core.alarm.audio import BURST_S
from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.condition import Condition
from monitor_app.core.alarm.engine import AlarmEngine
from monitor_app.core.alarm.facts import Facts, SystemFacts
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.alarm.rule import PATIENT
from monitor_app.core.alarm.state import AlarmState
from monitor_app.core.alarm.system_record import SOUND_ON
from monitor_app.core.alarm_commands import SwitchSound
from monitor_app.core.journal import AlarmEntry, JournalEntry, PhaseEntry, SoundEntry, SystemEntry
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.core.priority import Priority
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.core.visit.state import Visit
from monitor_app.services.bedside.alarm_system_desk import SENSORS_OFF_CODE, AlarmSystemDesk
from monitor_app.services.bedside.alarms import AlarmDesk
from monitor_app.services.bedside.cuff import CuffDesk
from monitor_app.services.bedside.cuff_memory import CuffMemory
from monitor_app.services.bedside.limits_desk import LimitsDesk
from monitor_app.services.bedside.publication import SoundBurst
from monitor_app.services.bedside.sound_choices import PulseTone, SoundChoices
from monitor_app.services.bedside.system import SystemState
from monitor_app.services.ids import entry_ids
from monitor_app.services.ports import RecordingSounder
from monitor_app.services.presets import PresetShelf
from tests.monitor_app.core.alarm.alarm_helpers import S
from tests.monitor_app.core.alarm.chance import BASELINE, BY_ID, OVER, Patient

NURSE, LEAD = Actor("Nina", "nurse"), Actor("Lea", "clinical lead")
WAIT_S = 130
NEXT = {
    Phase.CHECKIN: Phase.BASE,
    Phase.BASE: Phase.READY,
    Phase.READY: Phase.INF,
    Phase.INF: Phase.REC,
    Phase.PAUSE: Phase.INF,
    Phase.REC: Phase.DCA,
    Phase.DCA: Phase.REC,
    Phase.EMERG: Phase.REC,
}
_READ = PresetShelf().read()
PRESETS = {name: _READ.in_force(name) for name in ("", *_READ.names)}
MEASURED_ON_ENTRY = frozenset({Phase.BASE, Phase.INF, Phase.REC, Phase.EMERG})  # clinical.md §3.1
LENGTH_NS = {priority.value: round(length * S) for priority, length in BURST_S.items()}


class AlarmRoom:
    """The desks as a bedside joins them, and what somebody who listens there has noticed.

    Whether there may be silence is worked out from what people asked and from the clock, never asked of the desks.
    """

    def begin_room(self) -> None:
        """A patient is there, in the baseline."""
        self.patient = Patient()
        self.visit = Visit()
        self.t_ns = 0
        self.entries: list[JournalEntry] = []
        self.unheard_since: dict[str, int] = {}
        self.off_recalled_t_ns: int | None = None
        self.pause_silenced: tuple[int, frozenset[str]] = (0, frozenset())
        self.paused_until_t_ns: int | None = None
        self.sound_off = False
        self._make()
        self.limits.begin(0)
        self._enter(Phase.BASE)
        self._see()

    def _make(self) -> None:
        """The desks of one run of the program."""
        self.sounder = RecordingSounder()
        self.engine = AlarmEngine(entry_ids(len(self.entries)))
        given: dict[str, Callable[..., Any]] = {
            "visit": lambda: self.visit,
            "record": self._record,
            "stamp": lambda t_ns: Stamp(t_ns, 0),
        }
        self.watch, self.person_asked = SystemState(), False
        self.cuff = CuffDesk(
            send=self._to_cuff, record=self._record, new_id=entry_ids(len(self.entries)), utc_offset_s=0
        )
        self.cuff.add_source("bench", NibpTiming.HOST)
        self.system = AlarmSystemDesk(**given, sensors_on=self.cuff.due_at_once)
        self.choices = SoundChoices(**given, volume_step=4)
        self.choices.pulse_tone = True
        self.limits = LimitsDesk(self.engine, _READ, **given, rules_changed=lambda _rules: None)
        self.desk = AlarmDesk(
            self.engine,
            system=self.system,
            choices=self.choices,
            sounder=self.sounder,
            record=self._record,
            announce=lambda _burst: None,
            stamp=given["stamp"],
        )
        self.tone = PulseTone(self.sounder.play, self.desk.tone_may_sound)
        self.askers = {**self.system.askers, **self.limits.askers, **self.choices.askers}

    def wait(self, seconds: int) -> None:
        """Let time pass, asking at each deadline and every 10 s."""
        until = self.t_ns + seconds * S
        while self.t_ns < until:
            times = (self.desk.next_deadline_ns, self.t_ns + 10 * S, until)
            self.t_ns = min(t for t in times if t is not None and t > self.t_ns)
            self._see()

    def step(self, phase: Phase) -> None:
        """Go into a phase."""
        self._enter(phase)
        self._see()

    def end_and_start(self, gap_s: int) -> None:
        """The program ends and starts again with nothing but its record."""
        volume = self.choices.volume_step
        self._make()
        self.t_ns += gap_s * S
        self.choices.volume_step = volume  # from the settings
        phase, self.sound_off = self.visit.phase, False
        if phase.monitoring:
            self.watch.restarted(self.t_ns, gap_s)
        self.cuff.restore(CuffMemory((), phase, armed=phase.monitoring, interval_s=300.0), self.t_ns)
        for step in self.engine.restore([e for e in self.entries if isinstance(e, AlarmEntry)], self.t_ns):
            self._record(step.entry(self._stamp()))
        self.limits.take_up(self.entries, self.t_ns)
        self.choices.take_up(self.entries)
        self.desk.take_up(self.entries, self.t_ns)
        self._note_pause()
        self.unheard_since.clear()
        self.off_recalled_t_ns = None
        self._see()

    def acknowledge(self, which: str = "") -> None:
        """Acknowledge; the gap of a restart lets the cuff's plan go on, as the visit's desk has it."""
        self.desk.acknowledge(which, NURSE, self.t_ns)
        if any(c.rule.id == "TE-20" and c.acknowledged for c in self.desk.conditions):
            self.watch.restarted_at, self.watch.plan_held = None, False
        self._see()

    def pause(self, duration_s: float) -> None:
        """Ask for a pause of the sound, or its end."""
        self._note_pause()
        until = self.t_ns + round(duration_s * S) if duration_s else None
        self._ask(
            lambda: self.desk.pause_audio(duration_s, NURSE, self.t_ns), lambda: self._silence_until(until)
        )

    def _silence_until(self, until_t_ns: int | None) -> None:
        self.paused_until_t_ns = until_t_ns

    def _switched(self, *, on: bool) -> None:
        """The sound was switched: an off without end takes the place of a pause."""
        self.sound_off, self.paused_until_t_ns = not on, None

    def _note_pause(self) -> None:
        """Note what a pause that begins now silences."""
        waiting = [c for c in self.desk.conditions if c.unacknowledged]
        ranks = [c.rule.priority.rank for c in waiting]
        self.pause_silenced = (max(ranks, default=0), frozenset(c.occurrence_id for c in waiting))

    def _record(self, entry: JournalEntry) -> None:
        self.entries.append(entry)
        self.visit = self.visit.apply(entry)

    def _stamp(self) -> Stamp:
        return Stamp(self.t_ns, 0)

    def _enter(self, phase: Phase) -> None:
        before = self.visit.phase
        if phase is before:
            return
        self._record(PhaseEntry(self._stamp(), before, phase, NURSE))
        self.sound_off = False  # clinical.md §5.5: cancelled at the next phase change
        if phase is Phase.EMERG:
            self.paused_until_t_ns = None
        resumed = phase is Phase.INF and before is Phase.PAUSE
        self.person_asked = phase in MEASURED_ON_ENTRY and not resumed
        self.cuff.enter_phase(phase, self.t_ns)

    def _command(self, command: Any, then: str = "") -> None:
        on = command.on if isinstance(command, SwitchSound) else None
        self._ask(
            lambda: self.askers[type(command)](command, self.t_ns),
            lambda: None if on is None else self._switched(on=on),
        )
        if then == "wait":
            self.wait(WAIT_S)
        elif then == "step":
            self.step(NEXT[self.visit.phase])

    def _ask(
        self, act: Callable[[], tuple[str, ...] | None], done: Callable[[], None] = lambda: None
    ) -> None:
        """As the visit's desk asks: what is refused changes nothing, and says why in one sentence; else ``done``."""
        before = (self.system.state, self.engine.limits, self.choices.volume_step)
        entries = len(self.entries)
        try:
            refused = act() or ()
        except KnownError as error:
            refused = (str(error),)
        if refused:
            assert all(reason and "\n" not in reason for reason in refused)
            phase_followed = before[0].phase is not self.system.state.phase
            assert phase_followed or (
                before == (self.system.state, self.engine.limits, self.choices.volume_step)
                and len(self.entries) == entries
            )
        else:
            done()
        self._see()

    def _facts(self) -> Facts:
        return self.patient.facts(
            self.t_ns,
            phase=self.visit.phase,
            baseline=BASELINE if self.visit.baseline else None,
            holds=self.system.holds,
            system=SystemFacts(
                restarted_at_t_ns=self.watch.restarted_at, restart_gap_s=self.watch.restart_gap_s
            ),
        )

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return self.desk.conditions

    def _see(self) -> None:
        begun, heard = len(self.entries), len(self.sounder.bursts)
        quiet = self._silenced
        self.desk.evaluate(self._facts())
        self._hear_of_new_ones()
        if self.choices.pulse_tone:
            self.tone.beat(
                self.t_ns, self.t_ns, spo2_percent=self.patient.spo2, volume_step=self.choices.volume_step
            )
        for entry in self.entries[begun:]:
            self._not_cleared_beyond(entry)
            sensors = isinstance(entry, SystemEntry) and entry.code == SENSORS_OFF_CODE
            assert not sensors or self.system.state.sensors_off is None
            heard_again = isinstance(entry, SoundEntry) and entry.state == SOUND_ON
            assert not heard_again or not self.sound_off, "the record says the sound is on while it is off"
        self._listen(self.sounder.bursts[heard:], quiet=quiet)
        if self.cuff.may_act(by_itself=self.visit.phase.monitoring and not self.watch.plan_held):
            self.cuff.advance(Stamp(self.t_ns, self.t_ns // 1_000_000))

    def _to_cuff(self, _source: str, command: DriverCommand) -> None:
        """After a restart nothing inflates that nobody asked for, until the gap is acknowledged (clinical.md §5.6)."""
        if command is DriverCommand.NIBP_START:
            assert self.person_asked or not self.watch.plan_held, "the cuff inflates and nobody asked"
            self.person_asked = False

    @property
    def _silenced(self) -> bool:
        """Whether somebody has the sound paused or off now."""
        until = self.paused_until_t_ns
        return self.sound_off or (until is not None and self.t_ns < until)

    def _hear_of_new_ones(self) -> None:
        """A new alarm of the paused priority or above ends a pause (clinical.md §5.5)."""
        rank, silenced = self.pause_silenced
        waiting = [c for c in self.desk.conditions if c.unacknowledged]
        new = [c for c in waiting if c.occurrence_id not in silenced]
        if any(c.rule.priority.rank >= rank for c in new):
            self.paused_until_t_ns = None
        self.pause_silenced = rank, silenced | {c.occurrence_id for c in new}

    def _listen(self, new: list[SoundBurst], *, quiet: bool) -> None:
        """Note since when a shown, unacknowledged HIGH alarm has not been sounding, and when "off" was recalled."""
        if any(burst.urgency == "REMINDER" for burst in new):
            self.off_recalled_t_ns = self.t_ns
        waiting = {
            c.rule.id for c in self.desk.conditions if c.unacknowledged and c.rule.priority is Priority.HIGH
        }
        if any(burst.urgency == "HIGH" for burst in new) or quiet or self._silenced:
            self.unheard_since = {}
        self.unheard_since = {r: self.unheard_since.get(r, self.t_ns) for r in waiting}

    def _not_cleared_beyond(self, entry: JournalEntry) -> None:
        if not isinstance(entry, AlarmEntry) or entry.rule not in OVER:
            return
        over = entry.from_state.startswith("ACTIVE") and entry.to_state in {"IDLE", "LATCHED"}
        live = self.visit.phase.alarm_profile in BY_ID[entry.rule].profiles
        if over and live and entry.value is not None and entry.limit is not None:
            assert entry.value < entry.limit if OVER[entry.rule] else entry.value > entry.limit, entry

    def _all_beyond_its_limit_is_known(self) -> None:
        """What has been beyond its limit for ten minutes is announced, unless a person has that very rule off."""
        profile = self.visit.phase.alarm_profile
        value = {"AL-HR-03": self.patient.hr, "AL-SP-02": self.patient.spo2, "AL-HR-06": self.patient.hr}
        running = {c.rule.id for c in self.desk.conditions if c.state is not AlarmState.PENDING}
        leads = bool(self.patient.lead_off)
        for rule_id, now in value.items():
            held = rule_id in self.system.state.off or (leads and rule_id.startswith("AL-HR"))
            if now is None or held or profile not in PATIENT:
                continue
            key = "limit_percent" if rule_id == "AL-SP-02" else "limit_per_min"
            limit = self.engine.limits.get(rule_id, key, profile)
            beyond = now > limit if OVER[rule_id] else now < limit
            assert not beyond or rule_id in running, f"{rule_id} never came: {now} against {limit}"


def everywhere(limits: Limits) -> dict[tuple[str, str, AlarmProfile], float]:
    """The numbers as they are in each phase, however they are written."""
    return {
        (r.id, p.key, profile): limits.get(r.id, p.key, profile)
        for r in RULES
        for p in r.parameters
        for profile in (AlarmProfile.PRE, AlarmProfile.INF, AlarmProfile.REC)
    }
