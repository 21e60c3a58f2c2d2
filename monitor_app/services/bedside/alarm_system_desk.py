"""The desk of the alarm system's states: what people pause, switch off and take off, and how it ends (clinical.md §5.5)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from devices.errors import RefusedError
from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.facts import Facts, Holds
from monitor_app.core.alarm.rule import Rule
from monitor_app.core.alarm.system_record import change_entries, recorded_system
from monitor_app.core.alarm.system_state import (
    AlarmSystem,
    SensorsOff,
    StateLine,
    enter_phase,
    extend_sensors_off,
    lines,
    observed,
    pause_alarms,
    resume_alarms,
    switch_off,
    switch_on,
    switch_sound_off,
    switch_sound_on,
    take_sensors_off,
)
from monitor_app.core.alarm_commands import (
    ExtendSensorsOff,
    PauseAlarms,
    PutSensorsOn,
    SwitchRule,
    SwitchSound,
    TakeSensorsOff,
)
from monitor_app.core.journal import JournalEntry, SystemEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import NS_PER_S, SYSTEM, Actor, Stamp
from monitor_app.core.visit.care import checks
from monitor_app.core.visit.refusal import not_acting
from monitor_app.core.visit.state import Visit

Asker = Callable[[Any, int], tuple[str, ...]]
"""Carries out a command at a session time; the reasons when it is refused. It may raise ``KnownError`` instead."""
SENSORS_OFF_CODE = "SENSORS_OFF"
"""The entry that names a time without sensors, once it is over (clinical.md §5.5)."""
_BY_ID: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in RULES})


class AlarmSystemDesk:
    """Keeps the one ``AlarmSystem`` of a bedside. Bedside thread only.

    ``record`` takes journal entries; ``sensors_on`` is called when a time without sensors is over and the patient is still
    monitored, at that session time.
    """

    def __init__(
        self,
        *,
        visit: Callable[[], Visit],
        record: Callable[[JournalEntry], None],
        stamp: Callable[[int], Stamp],
        sensors_on: Callable[[int], None],
    ) -> None:
        self._visit = visit
        self._record = record
        self._stamp = stamp
        self._sensors_on = sensors_on
        self.state = AlarmSystem()
        self._taken_up_t_ns: int | None = None
        self.askers: Mapping[type, Asker] = MappingProxyType(
            {
                PauseAlarms: self._asked(self._pause),
                SwitchRule: self._asked(self._switch_rule),
                TakeSensorsOff: self._asked(self._sensors_off),
                ExtendSensorsOff: self._asked(lambda _command, _t_ns: extend_sensors_off(self.state)),
                PutSensorsOn: self._asked(self._put_sensors_on),
                SwitchSound: self._asked(self._switch_sound),
            }
        )

    @property
    def holds(self) -> Holds:
        """What the engine keeps from being announced now."""
        return self.state.holds

    @property
    def deadline_t_ns(self) -> int | None:
        """When a state ends by time alone."""
        return self.state.deadline_t_ns

    def lines(self, t_ns: int) -> tuple[StateLine, ...]:
        """What the screen says of the states in force, the gravest first."""
        return lines(self.state, t_ns)

    def follow(self, facts: Facts) -> Facts:
        """End what is over by these facts, and return them with what is held from now on."""
        self._enter(facts.phase, facts.t_ns)
        state = observed(self.state, facts)
        if state is not self.state:
            off = self.state.sensors_off
            back = off is not None and facts.t_ns < off.until_t_ns
            self._change(state, facts.t_ns, reason="the signals are back" if back else "the time is over")
        holds = self.holds
        same = facts.holds is holds or facts.holds == holds
        return facts if same else replace(facts, holds=holds)

    def take_up(self, entries: Iterable[JournalEntry], t_ns: int) -> None:
        """Go on with what a cut-off session left; what is over by now ends at the next ``follow``, and is told then.

        ``sensors_on`` is not called for what ended while nothing ran: nobody is there who has just put them on.
        """
        self.state = recorded_system(entries)
        self._taken_up_t_ns = t_ns

    def _asked(self, wish: Callable[[Any, int], AlarmSystem]) -> Asker:
        """Carry out a wish of somebody who may act here."""

        def ask(command: Any, t_ns: int) -> tuple[str, ...]:
            visit = self._visit()
            self._enter(visit.phase, t_ns)
            if refused := not_acting(visit, command.by):
                return (refused,)
            self._change(wish(command, t_ns), t_ns, by=command.by, reason="by hand")
            return ()

        return ask

    def _pause(self, command: PauseAlarms, t_ns: int) -> AlarmSystem:
        if command.duration_s > 0:
            return pause_alarms(self.state, t_ns, by=command.by, duration_s=command.duration_s)
        if self.state.alarms_paused_until_t_ns is None:
            raise RefusedError("The alarms are not paused.")
        return resume_alarms(self.state)

    def _switch_rule(self, command: SwitchRule, t_ns: int) -> AlarmSystem:
        rule = _BY_ID.get(command.rule)
        if rule is None:
            raise RefusedError(f"There is no alarm rule {command.rule}.")
        if command.on is (rule.id not in self.state.off):
            raise RefusedError(f"{rule.title} is {'on' if command.on else 'off'} already.")
        if command.on:
            return switch_on(self.state, rule.id)
        if self.state.standby:
            raise RefusedError("No patient is monitored; alarms are switched off during a visit only.")
        return switch_off(self.state, rule, by=command.by, reason=command.reason, t_ns=t_ns)

    def _sensors_off(self, command: TakeSensorsOff, t_ns: int) -> AlarmSystem:
        return take_sensors_off(
            self.state,
            t_ns,
            by=command.by,
            moaas=last_moaas(self._visit()),
            with_patient=command.with_patient,
            reason=command.reason,
        )

    def _put_sensors_on(self, _command: PutSensorsOn, _t_ns: int) -> AlarmSystem:
        if self.state.sensors_off is None:
            raise RefusedError("The sensors are not recorded as off.")
        return replace(self.state, sensors_off=None)

    def _switch_sound(self, command: SwitchSound, t_ns: int) -> AlarmSystem:
        if command.on is (self.state.audio_off is None):
            raise RefusedError(f"The alarm sound is {'on' if command.on else 'off'} already.")
        if command.on:
            return switch_sound_on(self.state)
        if self.state.standby:
            raise RefusedError("No patient is monitored; there is no alarm sound to switch off.")
        return switch_sound_off(self.state, t_ns, by=command.by)

    def _enter(self, phase: Phase, t_ns: int) -> None:
        if phase is self.state.phase:
            return
        why = "nothing is muted in an emergency" if phase is Phase.EMERG else "the phase ended"
        self._change(enter_phase(self.state, phase), t_ns, reason=why)

    def _change(self, state: AlarmSystem, t_ns: int, *, by: Actor = SYSTEM, reason: str) -> None:
        """Take a new state and put into the record what it changes."""
        before, self.state = self.state, state
        for entry in change_entries(before, state, self._stamp(t_ns), by=by, reason=reason):
            self._record(entry)
        off = before.sensors_off
        if off is not None and state.sensors_off is None:
            self._record(_without_sensors(off, self._stamp(t_ns)))
            in_gap = self._taken_up_t_ns is not None and off.until_t_ns <= self._taken_up_t_ns
            if state.phase.monitoring and not in_gap:
                self._sensors_on(t_ns)


def last_moaas(visit: Visit) -> float | None:
    """Return the last sedation rating as a number; None without one, or where the patient was not disturbed for it."""
    rated = checks(visit.care, "moaas")
    last = rated[-1][1] if rated else None
    return float(last) if isinstance(last, (int, float)) and not isinstance(last, bool) else None


def _without_sensors(off: SensorsOff, stamp: Stamp) -> SystemEntry:
    """The gap in the record, with its reason."""
    seconds = round((stamp.t_ns - off.since_t_ns) / NS_PER_S, 1)
    text = f"sensors off on purpose for {seconds:.0f} s: {off.reason}; with the patient: {off.with_patient}"
    return SystemEntry(
        stamp,
        SENSORS_OFF_CODE,
        text,
        {
            "begin_s": round(off.since_t_ns / NS_PER_S, 3),
            "seconds": seconds,
            "reason": off.reason,
            "with_patient": off.with_patient,
            "by": off.by.name,
        },
    )
