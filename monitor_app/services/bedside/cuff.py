"""The cuff's desk: runs the measurement plan, turns what the monitor says into readings, and knows who may start it."""

from collections.abc import Callable
from dataclasses import replace

from devices.drivers.base import DriverCommand, NibpTiming
from devices.signals import NibpFailure, NibpPhase, NibpProgress, NibpResult
from monitor_app.core import nibp_machine
from monitor_app.core.alarm.facts import NibpFacts
from monitor_app.core.journal import JournalEntry, NibpEntry, NibpStarted
from monitor_app.core.nibp_acceptance import judge_reading
from monitor_app.core.nibp_plan import CuffAction, CuffEnd, CuffOrder, Due, NibpPlan, Trigger
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Stamp
from monitor_app.core.visit.limbs import Limbs
from monitor_app.services.bedside.cuff_in_use import CuffInUse
from monitor_app.services.bedside.cuff_memory import CuffMemory
from monitor_app.services.bedside.cuff_readings import REPEATS, CuffReadings
from monitor_app.services.bedside.publication import CuffView
from monitor_app.services.bedside.sources import Switch

_TIMED_OUT = NibpResult(None, None, None, failure=NibpFailure.TIMED_OUT)


class CuffDesk:
    """One patient's cuff. Bedside thread only.

    ``send`` passes a command to the link of a source; ``record`` takes journal entries; ``new_id`` names readings.
    """

    def __init__(
        self,
        *,
        send: Callable[[str, DriverCommand], None],
        record: Callable[[JournalEntry], None],
        new_id: Callable[[], str],
        utc_offset_s: int,
    ) -> None:
        self._send = send
        self._record = record
        self._new_id = new_id
        self.plan = NibpPlan(utc_offset_s=utc_offset_s)
        self._in_use = CuffInUse()
        self.readings = CuffReadings()
        self.limbs = Limbs()
        self._stop_first = False
        self._unasked: Due | None = None  # the reading that was last planned at once though nobody asked
        self._stopped: Due | None = None  # a cycle that was told to stop and whose end has not been heard
        self._cuff_mmhg: int | None = None
        self._task = ""

    @property
    def source(self) -> str:
        """The monitor whose cuff is in use; empty where none has one."""
        return self._in_use.source

    @property
    def timing(self) -> NibpTiming:
        """Who times that cuff."""
        return self._in_use.timing

    def add_source(self, source: str, timing: NibpTiming) -> None:
        """Take the first source that has a cuff."""
        if self._in_use.add(source, timing):
            self._follow_timing()

    def _follow_timing(self) -> None:
        self.plan = replace(self.plan, host_timed=self.timing is NibpTiming.HOST)

    def rank(self, alive: Callable[[str], bool]) -> Switch | None:
        """Use the first monitor that is there, until one has measured: which arm a cuff is on nobody can tell before."""
        if self.readings.accepted or self.plan.measuring or self._stopped:
            return None
        there = self._in_use.first_there(alive)
        return None if there == self.source else self._switch(there, "it is not connected")

    def take_over(self, source: str) -> Switch | None:
        """Use another monitor's cuff, which has just measured while the one in use is gone; None while that is busy."""
        if not self._in_use.has_cuff(source) or self.plan.measuring or self._stopped:
            return None
        return self._switch(source, "it is gone and this cuff has measured")

    def _switch(self, source: str, why: str) -> Switch:
        self.readings.last_pulse = None
        switch = self._in_use.switch_to(source, why)
        self._follow_timing()
        return switch

    def restore(self, memory: CuffMemory, t_ns: int) -> None:
        """Take up where a cut-off session stood: its readings and its plan; nothing is measured at once.

        A cuff that may have been left inflating is stopped as soon as its monitor is there (protocols.md §10.2).
        """
        self._stop_first = memory.unfinished is not None
        self.limbs = memory.limbs
        for entry in memory.readings:
            self.readings.take(entry)
        accepted = self.readings.accepted
        self.plan = memory.plan(self.plan, accepted, t_ns)
        if memory.armed:
            self.readings.awaited_since_t_ns = accepted[-1].t_ns if accepted else t_ns

    # What people ask.

    def enter_phase(self, phase: Phase, t_ns: int, *, paused_for_pressure: bool = False) -> None:
        """Follow the visit into a phase."""
        was_armed = self.plan.armed
        self.plan = nibp_machine.enter_phase(self.plan, phase, t_ns, paused_for_pressure=paused_for_pressure)
        if phase is Phase.READY:  # before the infusion, or back from one started by mistake
            self.plan = replace(self.plan, infusion_start_t_ns=None)
        if phase is Phase.INF and self.plan.infusion_start_t_ns is None:
            self.plan = nibp_machine.infusion_started(self.plan, t_ns)
        if self.plan.armed and not was_armed:
            self.readings.awaited_since_t_ns = t_ns

    def arm(self, t_ns: int, *, armed: bool, interval_min: float, at_once: bool = False) -> None:
        """Set the plan; raises KnownError for an interval the cuff does not know."""
        self.plan = nibp_machine.set_plan(self.plan, t_ns, armed=armed, interval_min=interval_min)
        self.readings.awaited_since_t_ns = t_ns if armed else None
        if at_once and armed:
            self.plan = nibp_machine.request(self.plan, t_ns)

    def request(self, t_ns: int) -> str:
        """Start now; the reason in words when that cannot be."""
        if self.timing is NibpTiming.NONE:
            return "No monitor with a cuff is connected."
        if self.timing is NibpTiming.MONITOR:
            return "This monitor starts its own cuff: press START on the monitor."
        if self.plan.measuring:
            return "The cuff is measuring already."
        self.plan = nibp_machine.request(self.plan, t_ns)
        return ""

    def due_at_once(self, t_ns: int) -> None:
        """Plan a reading now though nobody asked; where the monitor times itself it is a task for the nurse.

        One that a person has asked for by now stays that person's.
        """
        asked = self.plan.asked
        waits = asked is not None and asked.t_ns <= t_ns
        if self.timing is not NibpTiming.NONE and self.plan.measuring is None and not waits:
            self._unasked = Due(t_ns, Trigger.ENTRY)
            self.plan = replace(self.plan, asked=self._unasked)

    def may_act(self, *, by_itself: bool) -> bool:
        """Whether the plan may act now: where not ``by_itself``, only for what runs and what a person asked for.

        A person asks by pressing NIBP, and by moving the visit on.
        """
        asked = self.plan.asked
        return (
            by_itself or self.plan.measuring is not None or (asked is not None and asked is not self._unasked)
        )

    def cancel(self, t_ns: int, *, retake_only: bool = False) -> None:
        """Stop the cuff, or drop a pending re-take."""
        running = self.plan.measuring
        self.plan, orders = nibp_machine.cancel(self.plan, t_ns, retake_only=retake_only)
        if not retake_only:
            self._stopped = running
            self._task = ""
        self._carry_out(orders, Stamp(t_ns, 0))

    # What the monitor says.

    def progress(self, progress: NibpProgress, source: str, stamp: Stamp) -> None:
        """The cuff inflates, holds or lets go."""
        if progress.phase is not NibpPhase.MEASURING:
            self._cuff_mmhg = None
            return
        self._cuff_mmhg = progress.cuff_mmhg
        if self.plan.measuring is None:
            self.plan = nibp_machine.started(self.plan, stamp.t_ns)
            self._record(NibpStarted(stamp, source, Trigger.MONITOR.value))

    def result(self, result: NibpResult, source: str, stamp: Stamp) -> NibpEntry:
        """A measurement ended: record it. ``settle`` must follow once the rules have judged it."""
        running = self.plan.measuring or self._stopped
        self._stopped = None
        task = self.plan.task
        unasked = task.trigger if task else Trigger.MONITOR
        self._task = ""
        trigger = running.trigger if running else unasked
        return self._keep(result, source, stamp, trigger=trigger, cycle=running)

    def _keep(
        self, result: NibpResult, source: str, stamp: Stamp, *, trigger: Trigger, cycle: Due | None
    ) -> NibpEntry:
        """Record how a measurement ended; ``cycle`` is the one we knew of."""
        verdict = judge_reading(result)
        entry = NibpEntry(
            stamp=stamp,
            nibp_id=self._new_id(),
            source=source,
            trigger=trigger.value,
            started_t_ns=cycle.t_ns if cycle else None,
            systolic_mmhg=verdict.systolic_mmhg,
            diastolic_mmhg=verdict.diastolic_mmhg,
            mean_mmhg=verdict.mean_mmhg,
            mean_calculated=verdict.mean_calculated,
            pulse_per_min=result.pulse_per_min,
            failure=result.failure,
            rejected=verdict.rejected,
            limb=self.limbs.cuff,
        )
        self._cuff_mmhg = None
        self.readings.take(entry)
        self._record(entry)
        return entry

    def settle(self, entry: NibpEntry, *, retake_wanted: bool) -> None:
        """Plan what follows from a measurement: nothing, a re-take, a repetition."""
        if entry.failure is NibpFailure.STOPPED:
            how = CuffEnd.CANCELLED
        elif not entry.accepted:
            how = CuffEnd.FAILED
        else:
            how = CuffEnd.ALARMING if retake_wanted else CuffEnd.NORMAL
        self.plan = nibp_machine.ended(self.plan, entry.stamp.t_ns, how)

    def advance(self, stamp: Stamp) -> None:
        """Do what is due. Call only while the monitor is there."""
        if self.timing is NibpTiming.NONE:
            return
        if self._stop_first:
            self._stop_first = False
            if self.timing is NibpTiming.HOST:
                self._send(self.source, DriverCommand.NIBP_STOP)
        before = self.plan
        self.plan, orders = nibp_machine.advance(before, stamp.t_ns, stamp.utc_ms)
        if before.measuring is not None and self.plan.measuring is None:
            self._stopped = before.measuring
            self._cuff_mmhg = None
            if not before.stop_pending:
                # One that never ended (clinical.md §8.4) is "no reading", with its cause.
                cycle = before.measuring
                self._keep(_TIMED_OUT, self.source, stamp, trigger=cycle.trigger, cycle=cycle)
        self._carry_out(orders, stamp)

    def _carry_out(self, orders: tuple[CuffOrder, ...], stamp: Stamp) -> None:
        for order in orders:
            if order.action is CuffAction.START:
                self._send(self.source, DriverCommand.NIBP_START)
                self._record(NibpStarted(stamp, self.source, order.trigger.value))
            elif order.action is CuffAction.STOP:
                self._send(self.source, DriverCommand.NIBP_STOP)
            else:
                self._task = order.reason

    @property
    def next_due_t_ns(self) -> int | None:
        """When something is due next."""
        return self.plan.next_due_t_ns

    def facts(self) -> NibpFacts:
        """What the alarm rules may know of the cuff."""
        measuring = self.plan.measuring
        holds = measuring is not None and self.limbs.probe_behind_cuff
        taken, armed = self.readings, self.plan.armed
        return NibpFacts(
            readings=taken.accepted,
            fitted=self.timing is not NibpTiming.NONE,
            failures_in_a_row=taken.failures_in_a_row,
            last_failure_t_ns=taken.last_failure[1] if taken.last_failure else None,
            last_failure=taken.why_failed,
            interval_s=self.plan.interval_s if armed else None,
            overdue_since_t_ns=taken.awaited_since_t_ns if armed else None,
            retake_pending=self.plan.repeat is not None
            or (measuring is not None and measuring.trigger.value in REPEATS),
            inflating_on_spo2_limb_since_t_ns=measuring.t_ns if holds and measuring else None,
            monitor=self.source,
        )

    def view(self) -> CuffView:
        """What the screen shows of the cuff."""
        measuring, due = self.plan.measuring, self.plan.next_due
        return CuffView(
            timing=self.timing,
            measuring=measuring is not None,
            trigger=measuring.trigger.value if measuring else "",
            cuff_mmhg=self._cuff_mmhg,
            started_t_ns=measuring.t_ns if measuring else None,
            armed=self.plan.armed,
            interval_s=self.plan.interval_s if self.plan.armed else None,
            next_due_t_ns=due.t_ns if due else None,
            next_trigger=due.trigger.value if due else "",
            task=self._task,
            limbs=self.limbs,
            differs=self.plan.interval_differs,
            last_failure=self.readings.why_failed,
            source=self.source,
        )
