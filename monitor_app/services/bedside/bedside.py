"""The bedside: one patient's monitors, rules, record and onlookers, joined in one place and one direction.

Signals come in from links, commands from people; entries go out to the recorder and to whoever looks on. It has no
thread of its own: live, a ``BedsideThread`` calls it; headless, the run steps it on a manual clock. Everything it does
hangs on the arguments it was given, so the same input gives the same record.
"""

from devices.clock import NS_PER_S
from devices.drivers.base import DriverInfo
from devices.signals import Arrival, Provenance
from monitor_app.core.alarm.facts import Facts
from monitor_app.core.commands import Command
from monitor_app.core.journal import NumericEntry, PhaseEntry, SystemEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import SYSTEM, Actor
from monitor_app.core.visit.state import Visit
from monitor_app.services.alarm_log import rules_entry
from monitor_app.services.bedside.admission import Admission
from monitor_app.services.bedside.alarm_controls import AlarmControls
from monitor_app.services.bedside.cuff import CuffDesk
from monitor_app.services.bedside.facts_builder import FactsBuilder
from monitor_app.services.bedside.history import ValueHistory
from monitor_app.services.bedside.intake import Intake
from monitor_app.services.bedside.journal_desk import JournalDesk
from monitor_app.services.bedside.links import LinksDesk, Request
from monitor_app.services.bedside.parts import BedsideParts
from monitor_app.services.bedside.publication import BedsideState
from monitor_app.services.bedside.resume import CutOff, restart_entries, sign_later, worth_showing
from monitor_app.services.bedside.self_watch import SelfWatch
from monitor_app.services.bedside.sources import switch_entries
from monitor_app.services.bedside.state_report import StateReport
from monitor_app.services.bedside.system import SystemState
from monitor_app.services.bedside.visit_desk import VisitDesk
from monitor_app.services.bedside.vitals import VitalsBoard
from monitor_app.services.bedside.waves import WavesDesk
from monitor_app.services.session_clock import SessionClock


class Bedside:
    """One patient at one chair. All methods belong to one thread; ``parts`` says what it stands on."""

    def __init__(self, parts: BedsideParts) -> None:
        self._parts = parts
        self.clock = SessionClock(parts.clock, parts.origin_t_ns)
        self.journal = JournalDesk(parts.record, parts.publish)
        self._builder = desks = self._set_up_desks()
        self.links, self.cuff, self._waves = desks.links, desks.cuff, desks.waves
        self.system = desks.system
        self.watch = SelfWatch(self.system, self.clock, parts.sounder, self.journal.write)
        self.controls = AlarmControls(
            parts,
            self.journal,
            self.clock,
            sensors_on=self.cuff.due_at_once,
            rules_changed=desks.use_rules,
        )
        self.alarms = self.controls.alarms
        desks.holds = lambda: self.controls.system.holds
        self._reopened = False
        self._last_second = parts.origin_t_ns // NS_PER_S
        self._facts = Facts(parts.origin_t_ns, self.visit.phase)
        self._set_up_doors(desks, parts)

    def _set_up_desks(self) -> FactsBuilder:
        """What signals are taken to, and what the rules are told of it."""
        parts, journal, links = self._parts, self.journal, LinksDesk()
        waves = WavesDesk(self.clock, parts.publish, journal.write_stream)
        cuff = CuffDesk(
            send=links.send, record=journal.write, new_id=parts.new_id, utc_offset_s=parts.utc_offset_s
        )
        desks = FactsBuilder(
            VitalsBoard(), waves, cuff, links, ValueHistory(), SystemState(), parts.self_test
        )
        desks.limits = lambda: parts.engine.limits
        return desks

    def _set_up_doors(self, desks: FactsBuilder, parts: BedsideParts) -> None:
        """Where monitors, signals and people come in, and where the state goes out."""
        journal, clock, alarms = self.journal, self.clock, self.alarms

        def judge() -> bool:
            return self._judge(clock.t_ns())

        self._admission = Admission(desks, journal, parts=parts, clock=clock, watch=self.watch, judge=judge)
        self._intake = Intake(
            desks, journal, alarms=alarms, clock=clock, judge=judge, source_known=self._admission.known
        )
        self._desk = VisitDesk(
            desks,
            journal,
            alarms=alarms,
            clock=clock,
            parts=parts,
            askers=self.controls.askers,
            before_phase=self._before_phase,
        )
        self._report = StateReport(
            desks,
            journal,
            parts=parts,
            clock=clock,
            controls=self.controls,
            commissioning=self._admission.commissioning,
        )

    @property
    def visit(self) -> Visit:
        """The visit as it stands."""
        return self.journal.visit

    @property
    def session_id(self) -> str:
        """The session's id."""
        return self._parts.opened.session_id

    def begin(self, cut: CutOff | None = None) -> None:
        """Begin a new session, kept once a patient arrives (or recording is started without one); or take one up."""
        if cut is None:
            self.journal.write(self._parts.opened)
            self.journal.write(rules_entry(self.clock.stamp()))
            self.controls.begin()
        else:
            self._take_up(cut)

    def _take_up(self, cut: CutOff) -> None:
        """Go on where a session was cut off, desk by desk; what follows from the gap is recorded at once."""
        for entry in worth_showing(cut.record.entries):
            self._parts.publish(entry)
        visit = cut.visit
        self.journal.restore(visit)
        t_ns = self.clock.t_ns()
        self.cuff.restore(cut.cuff(visit), t_ns)
        self._waves.tracks.restore(cut.wave_ends, t_ns)
        monitoring = visit.phase.monitoring
        self._reopened = not monitoring
        if monitoring:
            self.system.restarted(t_ns, cut.gap_ns / NS_PER_S)
        stamp = self.clock.stamp(t_ns)
        for entry in (*restart_entries(cut, stamp), rules_entry(stamp)):
            self.journal.write(entry)
        if monitoring:
            self.watch.restore(cut.record.entries)
            self.links.remember(cut.identities)
            for step in self._parts.engine.restore(cut.alarm_entries, t_ns):
                self.journal.write(step.entry(stamp))
        self.controls.take_up(cut.record.entries, t_ns)

    def add_monitor(
        self, source: str, info: DriverInfo, description: str, provenance: Provenance, request: Request
    ) -> None:
        """A monitor takes part.

        :raises RefusedError: a simulated source in a clinical session (TE-18).
        """
        self._admission.add(source, info, description, provenance, request)
        self._publish_state()  # whoever looks on need not wait for the first whole second

    def settle_provenance(self, source: str, provenance: Provenance) -> None:
        """Take what a port turned out to be when it was opened: a link's name says nothing about where it points.

        A simulated one is barred from a clinical session (TE-18): nothing more is taken from it.
        """
        self._admission.settle(source, provenance)

    # Signals.

    def arrive(self, arrival: Arrival) -> None:
        """Take one signal from a link."""
        self._intake.arrive(arrival)
        self.controls.pulse(self._waves, self._builder.vitals)

    # People.

    def command(self, command: Command) -> tuple[str, ...]:
        """Carry out what a person asks; the reasons when it is refused."""
        t_ns = self.clock.t_ns()
        reasons = self._desk.ask(command, t_ns)
        self._judge(t_ns)
        self._publish_state()
        return reasons

    def arm_cuff(self, interval_min: float, by: Actor) -> None:
        """Arm the plan with a first reading at once, as ``chairside record --nibp-every`` asks.

        :raises KnownError: the cuff does not know this interval.
        """
        t_ns = self.clock.t_ns()
        self.cuff.arm(t_ns, armed=True, interval_min=interval_min, at_once=True)
        self.system.plan_held = False
        self._desk.note_plan(by, t_ns)

    def disarm_cuff(self, by: Actor) -> None:
        """End the plan that a cut-off session left: this run was not asked to measure."""
        t_ns = self.clock.t_ns()
        self.cuff.arm(t_ns, armed=False, interval_min=self.cuff.plan.interval_s / 60)
        self._desk.note_plan(by, t_ns)

    def keep_plan(self) -> None:
        """Let the plan of a cut-off session go on: whoever started this run asked for the same one."""
        self.system.plan_held = False

    def confirm_source(self, source: str, by: str) -> None:
        """Keep who has seen a real monitor behind a network address (design.md §3)."""
        text = f"{by} confirms a real monitor at {source}"
        self.journal.write(
            SystemEntry(self.clock.stamp(), "SOURCE_CONFIRMED", text, {"source": source, "by": by})
        )

    def start_recording(self, by: Actor = SYSTEM) -> None:
        """Monitor and record without a check-in: what ``chairside record`` does, and says in the record."""
        stamp = self.clock.stamp()
        entry = PhaseEntry(
            stamp, self.visit.phase, Phase.BASE, by, "recording without a window: nothing was asked"
        )
        self.journal.write(entry)
        self.journal.keep()

    # Time.

    def advance(self) -> None:
        """Do everything that has become due by now."""
        t_ns = self.clock.t_ns()
        second = t_ns // NS_PER_S
        new_second = second != self._last_second
        if new_second:
            self._last_second = second
            self._each_second(t_ns)
        self._desk.advance_cuff(t_ns)
        deadline = self.alarms.next_deadline_ns
        if self._intake.news or new_second or (deadline is not None and deadline <= t_ns):
            changed = self._judge(t_ns)
            if new_second or changed:
                self._publish_state()

    def next_deadline_t_ns(self) -> int:
        """The instant by which ``advance`` must be called again, at the latest the next whole second."""
        # A cuff that is due but must wait (for its monitor, for a patient) is looked at each second.
        cuff = self.cuff.next_due_t_ns if self._desk.cuff_may_act else None
        times = [t for t in (self.alarms.next_deadline_ns, cuff) if t is not None]
        return min([(self._last_second + 1) * NS_PER_S, *times])

    def _each_second(self, t_ns: int) -> None:
        self._rank(t_ns)
        self._waves.second(t_ns)
        self._builder.second(t_ns)
        own = self._waves.own_rate(t_ns)
        if own.value is not None:
            self.journal.write_stream(
                NumericEntry(self.clock.stamp(t_ns), "chairside", "HR", own.value, "/min")
            )
        self.watch.second(t_ns)

    def storage_trouble(self, text: str) -> None:
        """The recorder cannot write (TE-12), or can again when the text is empty."""
        t_ns = self.clock.t_ns()
        self.watch.storage(text, t_ns)
        self._judge(t_ns)
        self._publish_state()

    def end(self) -> None:
        """Say in the record what is still missing; the last thing before the recorder is closed."""
        if self.visit.phase.monitoring:
            self._waves.tracks.end(self.clock.t_ns())
        if self._reopened and self.visit.phase is Phase.DONE:
            self.journal.write(sign_later(self.clock.stamp()))

    def _rank(self, t_ns: int) -> None:
        for entry in switch_entries(self._builder.rank(t_ns), self.clock.stamp(t_ns)):
            self.journal.write(entry)

    def _judge(self, t_ns: int) -> bool:
        self._intake.news = False
        self._intake.settled(t_ns)
        self._rank(t_ns)
        self._facts = self._builder.facts(self.visit, t_ns)
        return self.alarms.evaluate(self._facts)

    def _before_phase(self, to_phase: Phase) -> None:
        """Recording ends with monitoring: what is missing then is told first."""
        if self.visit.phase.monitoring and not to_phase.monitoring:
            self._waves.tracks.end(self.clock.t_ns())

    def state(self) -> BedsideState:
        """Everything on display now."""
        facts = self._builder.facts(self.visit, self.clock.t_ns())
        return self._report.of(facts, reopened=self._reopened)

    def _publish_state(self) -> None:
        """Tell everybody how things stand; with the facts of the judgement that must just have been made."""
        self._parts.publish(self._report.of(self._facts, reopened=self._reopened))
