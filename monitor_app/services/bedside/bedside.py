"""The bedside: one patient's monitors, rules, record and onlookers, joined in one place and one direction.

Signals come in from links, commands from people; entries go out to the recorder and to whoever looks on. It has no
thread of its own: live, a ``BedsideThread`` calls it; headless, the run steps it on a manual clock. Everything it does
hangs on the arguments it was given, so the same input gives the same record.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import singledispatchmethod

from devices.clock import NS_PER_S, Clock
from devices.drivers.base import DriverInfo
from devices.errors import KnownError, RefusedError
from devices.signals import (
    Arrival,
    DeviceIdentity,
    DeviceStatus,
    LinkState,
    LinkStatus,
    NibpProgress,
    NibpResult,
    NumericReading,
    Provenance,
    WaveChunk,
)
from monitor_app.core.alarm.engine import AlarmEngine
from monitor_app.core.commands import Acknowledge, Command, NibpCancel, NibpNow, PauseAudio, SetNibpPlan, Sign
from monitor_app.core.journal import (
    JournalEntry,
    NibpEntry,
    NumericEntry,
    PhaseEntry,
    RefusalEntry,
    Scalar,
    SessionOpened,
    SystemEntry,
)
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import SYSTEM, Actor
from monitor_app.core.visit.decide import decide
from monitor_app.core.visit.state import Visit
from monitor_app.services.bedside.alarms import AlarmDesk
from monitor_app.services.bedside.cuff import CuffDesk
from monitor_app.services.bedside.facts_builder import FactsBuilder, SystemState
from monitor_app.services.bedside.history import ValueHistory
from monitor_app.services.bedside.journal_desk import JournalDesk
from monitor_app.services.bedside.links import LinksDesk, Request
from monitor_app.services.bedside.publication import BedsideState, Publication
from monitor_app.services.bedside.resume import PLAN_CODE, CutOff, restart_entries, worth_showing
from monitor_app.services.bedside.vitals import VitalsBoard
from monitor_app.services.bedside.waves import WavesDesk
from monitor_app.services.ports import Sounder
from monitor_app.services.session_clock import SessionClock


@dataclass(frozen=True, slots=True)
class BedsideParts:
    """What a bedside is given. ``record`` and ``publish`` must not block; ``record_hash`` reads the stored record."""

    clock: Clock
    opened: SessionOpened
    engine: AlarmEngine
    record: Callable[[JournalEntry], None]
    publish: Callable[[Publication], None]
    sounder: Sounder
    new_id: Callable[[], str]
    record_hash: Callable[[], str]
    self_test: str
    tile_limits: dict[str, tuple[tuple[str, str], ...]]
    utc_offset_s: int = 0
    origin_t_ns: int = 0


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
        self._last_second = parts.origin_t_ns // NS_PER_S
        self._dirty = True
        self._unjudged: NibpEntry | None = None

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
        t_ns = self.clock.t_ns(arrival.mono_ns)
        signal = arrival.signal
        if not isinstance(signal, LinkStatus):
            self.links.heard(arrival.source, t_ns)
        self._take(signal, arrival.source, t_ns)

    @singledispatchmethod
    def _take(self, signal: object, source: str, t_ns: int) -> None:
        """Beat marks and signals unknown to this version say nothing to the rules."""

    @_take.register
    def _(self, signal: WaveChunk, source: str, t_ns: int) -> None:
        self._dirty |= self._waves.chunk(source, signal, t_ns)

    @_take.register
    def _(self, signal: NumericReading, source: str, t_ns: int) -> None:
        self._vitals.numeric(source, signal, t_ns)
        stamp = self.clock.stamp(t_ns)
        self.journal.write_stream(
            NumericEntry(stamp, source, signal.name, signal.value, signal.unit, signal.quality)
        )
        self._dirty = True

    @_take.register
    def _(self, signal: DeviceStatus, source: str, t_ns: int) -> None:
        self._vitals.status(source, signal, t_ns)
        word = "began" if signal.active else "ended"
        fields: dict[str, Scalar] = {
            "source": source,
            "code": signal.code,
            "active": signal.active,
            "detail": signal.detail,
        }
        text = f"{signal.code} {signal.detail} {word}".replace("  ", " ")
        self._emit(SystemEntry(self.clock.stamp(t_ns), "DEVICE_STATUS", text, fields))
        self._dirty = True

    @_take.register
    def _(self, signal: NibpProgress, source: str, t_ns: int) -> None:
        if source == self.cuff.source:
            self.cuff.progress(signal, source, self.clock.stamp(t_ns))
            self._dirty = True

    @_take.register
    def _(self, signal: NibpResult, source: str, t_ns: int) -> None:
        entry = self.cuff.result(signal, source, self.clock.stamp(t_ns))
        self._judge(t_ns)
        self.cuff.settle(entry, retake_wanted=entry.accepted and self.alarms.retake_wanted)

    @_take.register
    def _(self, signal: DeviceIdentity, source: str, t_ns: int) -> None:
        if self.links.identity(source, signal):
            self._emit(self.links.entry(source, self.clock.stamp(t_ns)))

    @_take.register
    def _(self, signal: LinkStatus, source: str, t_ns: int) -> None:
        entry = self.links.status(source, signal, self.clock.stamp(t_ns))
        up = signal.state is LinkState.STREAMING
        self._vitals.link(source, up=up)
        if not up:
            self._waves.source_lost(source)
        if entry is not None:
            self._emit(entry)
        self._dirty = True

    # People.

    def command(self, command: Command) -> tuple[str, ...]:
        """Carry out what a person asks; the reasons when it is refused."""
        t_ns = self.clock.t_ns()
        try:
            reasons = self._ask(command, t_ns)
        except KnownError as error:
            reasons = (str(error),)
        if reasons:
            by = getattr(command, "by", Actor())
            name = type(command).__name__
            self._emit(RefusalEntry(self.clock.stamp(t_ns), name, reasons, by))
        self._judge(t_ns)
        self._publish_state()
        return reasons

    @singledispatchmethod
    def _ask(self, command: Command, t_ns: int) -> tuple[str, ...]:
        """Whatever moves the visit is decided on by the rules of the visit."""
        digest = self._parts.record_hash() if isinstance(command, Sign) else ""
        facts = self._builder.visit_facts(self.visit, self.alarms, t_ns, digest)
        stamp = self.clock.stamp(t_ns)
        entries = decide(self.visit, command, facts=facts, stamp=stamp, new_id=self._parts.new_id)
        refused = [e for e in entries if isinstance(e, RefusalEntry)]
        for entry in entries:
            self._emit(entry)
        for entry in entries:
            self._follow(entry, t_ns)
        if refused:
            self._publish_state()
        return ()

    @_ask.register
    def _(self, command: Acknowledge, t_ns: int) -> tuple[str, ...]:
        done = self.alarms.acknowledge(command.rule, command.by, t_ns)
        self.system.restarted_at = (
            None if done and command.rule in {"", "TE-20"} else self.system.restarted_at
        )
        return () if done else ("There is no unacknowledged alarm.",)

    @_ask.register
    def _(self, command: PauseAudio, t_ns: int) -> tuple[str, ...]:
        self.alarms.pause_audio(command.duration_s, command.by, t_ns)
        return ()

    @_ask.register
    def _(self, _command: NibpNow, t_ns: int) -> tuple[str, ...]:
        reason = self.cuff.request(t_ns)
        if not reason:
            self._advance_cuff(t_ns)
        return (reason,) if reason else ()

    @_ask.register
    def _(self, command: NibpCancel, t_ns: int) -> tuple[str, ...]:
        self.cuff.cancel(t_ns, retake_only=command.retake_only)
        return ()

    @_ask.register
    def _(self, command: SetNibpPlan, t_ns: int) -> tuple[str, ...]:
        self.cuff.arm(t_ns, armed=command.armed, interval_min=command.interval_min)
        self._note_plan(command.by, t_ns)
        return ()

    def arm_cuff(self, interval_min: float, by: Actor) -> None:
        """Arm the plan with a first reading at once, as ``chairside record --nibp-every`` asks.

        :raises KnownError: the cuff does not know this interval.
        """
        t_ns = self.clock.t_ns()
        self.cuff.arm(t_ns, armed=True, interval_min=interval_min, at_once=True)
        self._note_plan(by, t_ns)

    def _note_plan(self, by: Actor, t_ns: int) -> None:
        """Keep the plan in the record, so that a restart takes it up."""
        minutes = self.cuff.plan.interval_s / 60
        armed = self.cuff.plan.armed
        text = f"cuff every {minutes:g} min" if armed else "automatic cuff off"
        fields: dict[str, Scalar] = {"armed": armed, "interval_min": minutes, "by": by.name}
        self._emit(SystemEntry(self.clock.stamp(t_ns), PLAN_CODE, text, fields))

    def start_recording(self, by: Actor = SYSTEM) -> None:
        """Monitor and record without a check-in: what ``chairside record`` does, and says in the record."""
        stamp = self.clock.stamp()
        entry = PhaseEntry(
            stamp, self.visit.phase, Phase.BASE, by, "recording without a window: nothing was asked"
        )
        self._emit(entry)
        self.journal.keep()

    def _follow(self, entry: JournalEntry, t_ns: int) -> None:
        """What follows from an entry for cuff and record."""
        if isinstance(entry, PhaseEntry):
            for_pressure = "pressure" in entry.reason.lower() or "hypertension" in entry.reason.lower()
            before = (self.cuff.plan.armed, self.cuff.plan.interval_s)
            self.cuff.enter_phase(entry.to_phase, t_ns, paused_for_pressure=for_pressure)
            if before != (self.cuff.plan.armed, self.cuff.plan.interval_s):
                self._note_plan(entry.by, t_ns)
            self._advance_cuff(t_ns)

    # Time.

    def advance(self) -> None:
        """Do everything that has become due by now."""
        t_ns = self.clock.t_ns()
        second = t_ns // NS_PER_S
        new_second = second != self._last_second
        if new_second:
            self._last_second = second
            self._each_second(t_ns)
        self._advance_cuff(t_ns)
        deadline = self.alarms.next_deadline_ns
        if self._dirty or new_second or (deadline is not None and deadline <= t_ns):
            changed = self._judge(t_ns)
            if new_second or changed:
                self._publish_state()

    def next_deadline_t_ns(self) -> int:
        """The instant by which ``advance`` must be called again, at the latest the next whole second."""
        times = [(self._last_second + 1) * NS_PER_S]
        times += [t for t in (self.alarms.next_deadline_ns, self.cuff.next_due_t_ns) if t is not None]
        return min(times)

    def _advance_cuff(self, t_ns: int) -> None:
        connected = self.links.streaming(self.cuff.source)
        if self.visit.phase.monitoring or self.cuff.plan.asked:
            self.cuff.advance(self.clock.stamp(t_ns), connected=connected)

    def _each_second(self, t_ns: int) -> None:
        self._waves.second()
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
        self._dirty = False
        return self.alarms.evaluate(self._builder.facts(self.visit, t_ns))

    def _emit(self, entry: JournalEntry) -> None:
        self.journal.write(entry)

    def state(self) -> BedsideState:
        """Everything on display now."""
        t_ns = self.clock.t_ns()
        second = self._waves.ecg_second
        return BedsideState(
            stamp=self.clock.stamp(t_ns),
            opened=self._parts.opened,
            visit=self.visit,
            visit_facts=self._builder.visit_facts(self.visit, self.alarms, t_ns),
            facts=self._builder.facts(self.visit, t_ns),
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

    def _publish_state(self) -> None:
        self._parts.publish(self.state())
