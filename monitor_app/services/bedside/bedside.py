"""The bedside: one patient's monitors, rules, record and onlookers, joined in one place and one direction.

Signals come in from links, commands from people; entries go out to the recorder and to whoever looks on. It has no
thread of its own: live, a ``BedsideThread`` calls it; headless, the run steps it on a manual clock. Everything it does
hangs on the arguments it was given, so the same input gives the same record.
"""

from devices.clock import NS_PER_S
from devices.drivers.base import DriverInfo
from devices.errors import RefusedError
from devices.signals import Arrival, Provenance
from monitor_app.core.alarm.facts import Facts
from monitor_app.core.commands import Command
from monitor_app.core.journal import JournalEntry, NumericEntry, PhaseEntry, SystemEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import SYSTEM, Actor
from monitor_app.core.visit.state import Visit
from monitor_app.services.bedside.alarms import AlarmDesk
from monitor_app.services.bedside.cuff import CuffDesk
from monitor_app.services.bedside.facts_builder import FactsBuilder, SystemState
from monitor_app.services.bedside.history import ValueHistory
from monitor_app.services.bedside.intake import Intake
from monitor_app.services.bedside.journal_desk import JournalDesk
from monitor_app.services.bedside.links import LinksDesk, Request
from monitor_app.services.bedside.parts import BedsideParts
from monitor_app.services.bedside.publication import BedsideState
from monitor_app.services.bedside.resume import CutOff, restart_entries, worth_showing
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
        self._vitals = VitalsBoard()
        self.links = LinksDesk()
        self._waves = WavesDesk(self.clock, parts.publish, self.journal.write_stream)
        self.cuff = CuffDesk(
            send=self.links.send,
            record=self._emit,
            new_id=parts.new_id,
            utc_offset_s=parts.utc_offset_s,
        )
        self.alarms = AlarmDesk(
            parts.engine,
            sounder=parts.sounder,
            record=self._emit,
            announce=parts.publish,
            stamp=self.clock.stamp,
        )
        self.system = SystemState()
        self._builder = FactsBuilder(
            self._vitals, self._waves, self.cuff, self.links, ValueHistory(), self.system, parts.self_test
        )
        self._intake = Intake(
            self._builder, self.journal, alarms=self.alarms, clock=self.clock, judge=self._judge
        )
        self._desk = VisitDesk(self._builder, self.journal, alarms=self.alarms, clock=self.clock, parts=parts)
        self._last_second = parts.origin_t_ns // NS_PER_S
        self._facts = Facts(parts.origin_t_ns, self.visit.phase)

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
            self._emit(self._parts.opened)
            return
        for entry in filter(worth_showing, cut.record.entries):
            self._parts.publish(entry)
        self.journal.restore(cut.visit)
        t_ns = self.clock.t_ns()
        armed, interval_s = cut.plan
        self.cuff.restore(cut.readings, cut.visit.phase, armed=armed, interval_s=interval_s, t_ns=t_ns)
        self.system.restarted(t_ns, cut.gap_ns / NS_PER_S)
        for entry in restart_entries(cut, self.clock.stamp(t_ns)):
            self._emit(entry)

    def add_monitor(
        self, source: str, info: DriverInfo, description: str, provenance: Provenance, request: Request
    ) -> None:
        """A monitor takes part.

        :raises RefusedError: a simulated source in a clinical session (TE-18).
        """
        if provenance is Provenance.SIMULATED and not self._parts.opened.simulated:
            raise RefusedError(
                f"{source} is simulated or replayed and cannot be used in a clinical session; start a training one."
            )
        self.links.add(source, info, description, provenance, request, self.clock.t_ns())
        self._vitals.add_source(source, info.numerics)
        self._waves.add_source(source, (w.name for w in info.waveforms))
        self.cuff.add_source(source, info.nibp)
        self._emit(self.links.entry(source, self.clock.stamp()))

    # Signals.

    def arrive(self, arrival: Arrival) -> None:
        """Take one signal from a link."""
        self._intake.arrive(arrival)

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
        self._desk.note_plan(by, t_ns)

    def start_recording(self, by: Actor = SYSTEM) -> None:
        """Monitor and record without a check-in: what ``chairside record`` does, and says in the record."""
        stamp = self.clock.stamp()
        entry = PhaseEntry(
            stamp, self.visit.phase, Phase.BASE, by, "recording without a window: nothing was asked"
        )
        self._emit(entry)
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
        times = [(self._last_second + 1) * NS_PER_S]
        times += [t for t in (self.alarms.next_deadline_ns, self.cuff.next_due_t_ns) if t is not None]
        return min(times)

    def _each_second(self, t_ns: int) -> None:
        self._waves.second(t_ns)
        self._builder.second(t_ns)
        own = self._waves.own_rate(t_ns)
        if own.value is not None:
            self.journal.write_stream(
                NumericEntry(self.clock.stamp(t_ns), "chairside", "HR", own.value, "/min")
            )
        trouble = self._parts.sounder.trouble
        if self.system.sound(trouble, t_ns):
            text = trouble or "the alarm sound is back"
            self._emit(SystemEntry(self.clock.stamp(t_ns), "SOUND_LOST" if trouble else "SOUND_OK", text))
        jump_ns = self.clock.wall_jump_ns()
        if jump_ns:
            text = f"the computer's clock jumped by {jump_ns / NS_PER_S:+.1f} s"
            self._emit(
                SystemEntry(self.clock.stamp(t_ns), "CLOCK_JUMP", text, {"jump_s": jump_ns / NS_PER_S})
            )

    def storage_trouble(self, text: str) -> None:
        """The recorder cannot write (TE-12), or can again when the text is empty."""
        t_ns = self.clock.t_ns()
        self.system.storage(text, t_ns)
        code = "STORAGE_ERROR" if text else "STORAGE_OK"
        self._emit(SystemEntry(self.clock.stamp(t_ns), code, text or "the record can be written again"))
        self._judge(t_ns)
        self._publish_state()

    def _judge(self, t_ns: int) -> bool:
        self._intake.news = False
        self._facts = self._builder.facts(self.visit, t_ns)
        return self.alarms.evaluate(self._facts)

    def _emit(self, entry: JournalEntry) -> None:
        self.journal.write(entry)

    def state(self) -> BedsideState:
        """Everything on display now."""
        return self._state(self._builder.facts(self.visit, self.clock.t_ns()))

    def _publish_state(self) -> None:
        """Tell everybody how things stand; with the facts of the judgement that must just have been made."""
        self._parts.publish(self._state(self._facts))

    def _state(self, facts: Facts) -> BedsideState:
        t_ns = self.clock.t_ns()
        second = self._waves.ecg_second
        return BedsideState(
            stamp=self.clock.stamp(t_ns),
            opened=self._parts.opened,
            visit=self.visit,
            visit_facts=self._builder.visit_facts(self.visit, self.alarms, t_ns),
            facts=facts,
            conditions=self.alarms.conditions,
            cuff=self.cuff.view(),
            sound=self.alarms.view(self.system.sound_error),
            links=self.links.views(),
            ecg_lead=self._waves.lead,
            ecg_quality=second.quality.value if second else None,
            ecg_quality_reason=second.quality.reason.value if second else "",
            perfusion_index_percent=self._vitals.shown("PI", t_ns).value,
            tile_limits=self._parts.tile_limits,
            can_record=not self.system.storage_error,
        )
