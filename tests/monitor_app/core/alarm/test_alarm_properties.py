"""What must hold whatever happens: inputs, acknowledgements, pauses, switching off, restarts and time in any order.

* An active HIGH alarm that nothing hides is never both silent and invisible; before anybody acknowledges it, it is on the
  bar, and unless the sound is paused it is heard within the gap between two bursts.
* What is hidden returns: with nothing hiding it any more, a condition still true is on the bar.
* No alarm clears while its value is beyond its limit.
"""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from devices.errors import RefusedError
from monitor_app.core.alarm.audio import AudioMode, AudioState, pause_audio, plan_sound, resume_audio
from monitor_app.core.alarm.condition import Condition
from monitor_app.core.alarm.engine import AlarmEngine, Transition
from monitor_app.core.alarm.facts import Facts, Rating
from monitor_app.core.alarm.state import AlarmState
from monitor_app.core.alarm.system_state import (
    AlarmSystem,
    enter_phase,
    observed,
    pause_alarms,
    resume_alarms,
    switch_off,
    switch_on,
    take_sensors_off,
)
from monitor_app.core.journal import AlarmEntry
from monitor_app.core.phase import Phase
from monitor_app.core.priority import Priority
from monitor_app.core.stamp import Actor, Stamp
from tests.monitor_app.core.alarm.alarm_helpers import S, engine
from tests.monitor_app.core.alarm.chance import BASELINE, BY_ID, OVER, PHASES, NothingGraveIsLost, Patient

NURSE = Actor("Nina", "nurse")


class AlarmChair(NothingGraveIsLost, RuleBasedStateMachine):
    """A chair in the hands of chance; after every act the engine is asked at every deadline and every second."""

    @initialize()
    def begin(self) -> None:
        self.alarms: AlarmEngine = engine()
        self.audio = AudioState()
        self.system = AlarmSystem(Phase.BASE)
        self.patient = Patient()
        self.t_ns = 0
        self.entries: list[AlarmEntry] = []
        self.unheard_since: dict[str, int] = {}
        self._see()

    # What the patient and the sensors do.

    @rule(hr=st.sampled_from([None, 30, 45, 80, 112, 118, 125, 138, 150]))
    def heart(self, hr: float | None) -> None:
        self.patient.hr = hr
        self._see()

    @rule(spo2=st.sampled_from([None, 70, 84, 86, 89, 92, 97]))
    def oxygen(self, spo2: float | None) -> None:
        self.patient.spo2 = spo2
        self._see()

    @rule(rr=st.sampled_from([None, 6, 9, 14, 35]))
    def breathing(self, rr: float | None) -> None:
        self.patient.rr = rr
        self._see()

    @rule(pressure=st.sampled_from([(75, 40), (92, 55), (120, 80), (158, 98), (165, 90), (185, 112)]))
    def cuff(self, pressure: tuple[float, float]) -> None:
        self.patient.measured(self.t_ns, pressure, retake=self.alarms.retake_wanted)
        self._see()

    @rule(leads=st.sampled_from([(), ("RA",), ("V",)]), probe=st.booleans(), inflating=st.booleans())
    def sensors(self, leads: tuple[str, ...], *, probe: bool, inflating: bool) -> None:
        self.patient.sensors(self.t_ns, leads, probe_off=probe)
        self.patient.cuff_since = self.t_ns if inflating else None
        self._see()

    @rule(moaas=st.integers(0, 5))
    def rate_sedation(self, moaas: int) -> None:
        self.patient.moaas = Rating(moaas, self.t_ns)
        self._see()

    @rule(seconds=st.sampled_from([1, 3, 10, 31, 61, 130]))
    def wait(self, seconds: int) -> None:
        until = self.t_ns + seconds * S
        while self.t_ns < until:
            times = (self.alarms.next_deadline_ns(), self.t_ns + S)
            self.t_ns = min([t for t in times if t is not None and t > self.t_ns] + [until])
            self._see()

    # What people do.

    @rule(which=st.sampled_from(["", "", "AL-SP-01", "AL-HR-02", "AL-BP-01"]))
    def acknowledge(self, which: str) -> None:
        self._keep(self.alarms.acknowledge(which or None, self.t_ns))
        self._see()

    @rule()
    def pause_sound(self) -> None:
        self.audio = pause_audio(self.audio, self.alarms.conditions, self.t_ns)
        self._see()

    @rule()
    def resume_sound(self) -> None:
        self.audio = resume_audio(self.audio)
        self._see()

    @rule(phase=st.sampled_from(PHASES))
    def step(self, phase: Phase) -> None:
        self.system = enter_phase(self.system, phase)
        self._see()

    @rule()
    def pause_alarms(self) -> None:
        self._try(lambda: pause_alarms(self.system, self.t_ns))

    @rule()
    def resume_alarms(self) -> None:
        self.system = resume_alarms(self.system)
        self._see()

    @rule(which=st.sampled_from(["AL-HR-02", "AL-HR-03", "AL-SP-01", "AL-SP-02", "AL-BP-01", "TE-01-M"]))
    def switch_off(self, which: str) -> None:
        self._try(lambda: switch_off(self.system, BY_ID[which], by=NURSE, reason="known", t_ns=self.t_ns))

    @precondition(lambda self: self.system.off)
    @rule()
    def switch_on(self) -> None:
        self.system = switch_on(self.system, next(iter(self.system.off)))
        self._see()

    @rule()
    def sensors_off_on_purpose(self) -> None:
        moaas = None if self.patient.moaas is None else self.patient.moaas.value
        self._try(
            lambda: take_sensors_off(
                self.system, self.t_ns, by=NURSE, moaas=moaas, with_patient="Sam", reason="toilet"
            )
        )

    @rule()
    def restart(self) -> None:
        """The program ends and starts again: sound and states of the system are as at a start, the alarms go on."""
        self.alarms, self.audio = engine(), AudioState()
        self.system = AlarmSystem(self.system.phase)
        self._keep(self.alarms.restore(self.entries, self.t_ns))
        self.unheard_since.clear()
        self._see()

    # How.

    def _try(self, ask) -> None:
        try:
            self.system = ask()
        except RefusedError as error:
            assert str(error)  # noqa: PT017
        self._see()

    def _facts(self) -> Facts:
        return self.patient.facts(
            self.t_ns, phase=self.system.phase, baseline=BASELINE, holds=self.system.holds
        )

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return self.alarms.conditions

    def _see(self) -> None:
        self.system = observed(self.system, self._facts())
        told = self.alarms.evaluate(self._facts())
        self._keep(told)
        for step in told:
            self._not_cleared_beyond(step)
        before = self.audio.mode
        self.audio, burst, _ = plan_sound(self.audio, self.alarms.conditions, self.t_ns)
        self._listen(burst is not None and burst.urgency == "HIGH", paused=before is AudioMode.PAUSED)

    def _listen(self, heard: bool, *, paused: bool) -> None:
        """Note since when a shown, unacknowledged HIGH alarm has not been sounding."""
        waiting = {
            c.rule.id for c in self.alarms.conditions if c.unacknowledged and c.rule.priority is Priority.HIGH
        }
        if heard or paused or self.audio.mode is AudioMode.PAUSED:
            self.unheard_since = {}
        self.unheard_since = {r: self.unheard_since.get(r, self.t_ns) for r in waiting}

    def _keep(self, steps: list[Transition]) -> None:
        self.entries += [step.entry(Stamp(step.t_ns, 0)) for step in steps]

    def _not_cleared_beyond(self, step: Transition) -> None:
        over = step.from_state.running and step.to_state in {AlarmState.IDLE, AlarmState.LATCHED}
        live = self.system.phase.alarm_profile in BY_ID[step.rule].profiles
        if over and live and step.rule in OVER and step.value is not None and step.limit is not None:
            assert step.value < step.limit if OVER[step.rule] else step.value > step.limit, step


AlarmChair.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestAlarmChair = AlarmChair.TestCase
