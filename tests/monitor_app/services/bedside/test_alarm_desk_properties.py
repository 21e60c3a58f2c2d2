"""What must hold whatever people and patient do, over the real desks with every command about alarms, in any order.

* No active, unsuppressed HIGH alarm is silent and invisible: it is on the bar, and it is heard within the gap between two
  bursts unless the sound is paused or off, which is said on the screen, ends or recalls itself.
* A suppressed alarm always returns: nothing is hidden but by something in force that names itself, and once all that runs
  by time has run out, what is beyond its limit is on the bar.
* No alarm clears while its value is beyond its limit.
* Limits never cross, no burst is without volume, no tone of a pulse falls into a burst, and the record alone gives limits
  and states back.
"""

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from monitor_app.core.alarm.facts import Rating
from monitor_app.core.alarm.limit_check import check_order
from monitor_app.core.alarm.limit_record import recorded_limits
from monitor_app.core.alarm.limits import Limits, Parameter
from monitor_app.core.alarm.system_record import recorded_system
from monitor_app.core.alarm.system_state import AUDIO_OFF_REMINDER_S
from monitor_app.core.alarm_commands import (
    AlarmCommand,
    ApplyAutoLimits,
    ChooseIndication,
    ExtendSensorsOff,
    PauseAlarms,
    PutSensorsOn,
    SetLimit,
    SetPulseTone,
    SetVolume,
    SwitchRule,
    SwitchSound,
    TakeSensorsOff,
)
from monitor_app.core.journal import BaselineEntry, CareEntry
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.core.priority import Priority
from monitor_app.core.stamp import Actor
from tests.monitor_app.core.alarm.alarm_helpers import S
from tests.monitor_app.core.alarm.chance import BY_ID, PHASES, NothingGraveIsLost
from tests.monitor_app.services.bedside.alarm_room import (
    BASELINE,
    LEAD,
    LENGTH_NS,
    NURSE,
    PRESETS,
    WAIT_S,
    AlarmRoom,
    everywhere,
)

PEOPLE = st.sampled_from([NURSE, LEAD])
THEN = st.sampled_from(["", "wait", "wait", "step"])
"""What follows a command at once: chance alone would seldom bring the two together."""
LONGEST_S = 620  # 10 min without sensors, extended
OFTEN = [
    "AL-HR-02", "AL-HR-03", "AL-HR-06", "AL-SP-01", "AL-SP-02", "AL-BP-01", "AL-BP-02", "AL-RR-03", "TE-01-M",
]  # fmt: skip
NUMBERS = [(r, p) for r in OFTEN for p in BY_ID[r].parameters if p.low < p.high]
SHARES = st.sampled_from([-0.2, 0.0, 0.3, 0.7, 1.0, 1.2])
"""Where in its range a number is set, and beyond it."""
LABELS = st.sets(st.sampled_from(["HR low", "HR high", "SYS low", "SYS high", "DIA low", "RR low"]))


def set_limit(
    number: tuple[str, Parameter], share: float, profile: AlarmProfile | None, by: Actor
) -> SetLimit:
    rule_id, p = number
    return SetLimit(rule_id, p.key, round(p.low + share * (p.high - p.low), 1), by, "agreed", profile)


STATES: st.SearchStrategy[AlarmCommand] = st.one_of(
    st.builds(PauseAlarms, PEOPLE, st.sampled_from([0, 30, 180, 181])),
    st.builds(
        SwitchRule,
        st.sampled_from([*OFTEN, "AL-HR-04", "?"]),
        st.booleans(),
        PEOPLE,
        st.sampled_from(["", "known"]),
    ),
    st.builds(TakeSensorsOff, PEOPLE, st.sampled_from(["Sam", "Sam", ""]), st.just("toilet")),
    st.sampled_from([ExtendSensorsOff(NURSE), PutSensorsOn(NURSE)]),
    st.builds(SwitchSound, st.sampled_from([False, False, True]), st.sampled_from([LEAD, LEAD, NURSE])),
)
LIMITS: st.SearchStrategy[AlarmCommand] = st.one_of(
    st.builds(
        set_limit,
        st.sampled_from(NUMBERS),
        SHARES,
        st.sampled_from([None, AlarmProfile.INF, AlarmProfile.REC]),
        PEOPLE,
    ),
    st.builds(ApplyAutoLimits, LABELS.map(lambda labels: tuple(sorted(labels))), PEOPLE),
    st.builds(ChooseIndication, st.sampled_from(sorted(PRESETS)), PEOPLE),
)
CHAIR: st.SearchStrategy[AlarmCommand] = st.one_of(
    st.builds(SetVolume, st.integers(0, 5), PEOPLE), st.builds(SetPulseTone, st.booleans(), PEOPLE)
)


class RoomInTheHandsOfChance(AlarmRoom, NothingGraveIsLost, RuleBasedStateMachine):
    """After every act the desks are asked at each deadline, and every 10 s."""

    @initialize()
    def begin(self) -> None:
        self.checked: tuple[object, object] = (None, None)
        self.begin_room()

    # What the patient and the sensors do.

    @rule(
        hr=st.sampled_from([None, 30, 45, 80, 118, 125, 150]),
        spo2=st.sampled_from([None, 70, 86, 89, 97]),
        rr=st.sampled_from([None, 6, 9, 14, 35]),
    )
    def numbers(self, hr: float | None, spo2: float | None, rr: float | None) -> None:
        self.patient.hr, self.patient.spo2, self.patient.rr = hr, spo2, rr
        self._see()

    @rule(
        pressure=st.sampled_from([None, (75, 40), (120, 80), (165, 90), (185, 112)]),
        leads=st.sampled_from([(), (), ("RA",), ("V",)]),
        probe=st.booleans(),
    )
    def sensors(self, pressure: tuple[float, float] | None, leads: tuple[str, ...], *, probe: bool) -> None:
        self.patient.sensors(self.t_ns, leads, probe_off=probe)
        if pressure is not None:
            self.patient.measured(self.t_ns, pressure, retake=self.desk.retake_wanted)
        self._see()

    @rule(moaas=st.sampled_from([2, 4, 5, 5]))
    def rate_sedation(self, moaas: int) -> None:
        self.rate_sedation_at(moaas)

    def rate_sedation_at(self, moaas: int) -> None:
        self.patient.moaas = Rating(moaas, self.t_ns)
        self._record(CareEntry(self._stamp(), f"c{len(self.entries)}", "check", "", NURSE, {"moaas": moaas}))
        self._see()

    @rule(seconds=st.sampled_from([1, 3, 10, 31, WAIT_S]))
    def some_time(self, seconds: int) -> None:
        self.wait(seconds)

    @rule()
    def wait_until_nothing_runs_by_time(self) -> None:
        """What is held by time returns; a rule that is off and a sound that is off are no matter of time."""
        self.wait(LONGEST_S)
        assert self.system.deadline_t_ns is None
        self._all_beyond_its_limit_is_known()

    # What people do.

    @rule(phase=st.sampled_from(PHASES))
    def any_phase(self, phase: Phase) -> None:
        self.step(phase)

    @rule(which=st.sampled_from(["", "", "AL-SP-01", "AL-HR-02", "AL-BP-01"]))
    def acknowledge_something(self, which: str) -> None:
        self.acknowledge(which)

    @rule(duration_s=st.sampled_from([0, 30, 120, 120, 500]), worse=st.booleans())
    def pause_sound(self, duration_s: float, worse: bool) -> None:
        self.pause(duration_s)
        if worse:
            self.patient.spo2 = 70
            self.wait(20)

    @rule()
    def freeze_baseline(self) -> None:
        self._record(BaselineEntry(self._stamp(), BASELINE, (), NURSE))

    @rule(command=STATES, then=THEN)
    def change_a_state(self, command: AlarmCommand, then: str) -> None:
        self._command(command, then)

    @rule(command=LIMITS)
    def change_a_limit(self, command: AlarmCommand) -> None:
        self._command(command)

    @rule(command=CHAIR)
    def change_the_sound(self, command: AlarmCommand) -> None:
        self._command(command)

    @rule(gap_s=st.sampled_from([1, 40, 400]))
    def restart(self, gap_s: int) -> None:
        self.end_and_start(gap_s)

    @rule(gap_s=st.sampled_from([40, 400]), phase=st.sampled_from([Phase.PAUSE, Phase.REC, Phase.DCA]))
    def cut_off_while_the_sensors_are_off(self, gap_s: int, phase: Phase) -> None:
        self.step(phase)
        self.rate_sedation_at(5)
        self.patient.hr = self.patient.spo2 = None
        self._command(TakeSensorsOff(NURSE, "Sam", "toilet"), "wait")
        self.end_and_start(gap_s)
        self.wait(WAIT_S)

    @rule(on_again=st.booleans())
    def switch_a_paused_sound_off(self, *, on_again: bool) -> None:
        self.pause(120)
        self._command(SwitchSound(False, LEAD))
        if on_again:
            self._command(SwitchSound(True, LEAD))
            self.wait(20)

    # What must hold.

    @invariant()
    def silence_is_said_and_ends(self) -> None:
        view = self.desk.view("")
        assert (view.state in {"paused", "off"}) == self._silenced, view
        off = self.system.state.audio_off
        if off is not None:
            assert view.state == "off"
            assert off.by.role == LEAD.role
            since = off.since_t_ns if self.off_recalled_t_ns is None else self.off_recalled_t_ns
            assert self.t_ns - max(since, off.since_t_ns) <= AUDIO_OFF_REMINDER_S * S
        elif view.state == "paused":
            assert view.until_t_ns is not None
            assert self.t_ns < view.until_t_ns <= self.t_ns + 120 * S
            assert view.until_t_ns == self.paused_until_t_ns
            trouble = self.desk.view("no output")
            assert trouble.until_t_ns == view.until_t_ns  # what cannot be heard hides no pause

    @invariant()
    def nobody_is_muted_where_that_may_not_be(self) -> None:
        state = self.system.state
        assert state.deadline_t_ns is None or state.deadline_t_ns > self.t_ns  # none outlives its time
        high = {r for r in state.off if BY_ID[r].priority is Priority.HIGH}
        assert not high or state.phase in {Phase.CHECKIN, Phase.BASE, Phase.READY}
        assert state.alarms_paused_until_t_ns is None or state.phase in {Phase.CHECKIN, Phase.BASE}
        assert state.sensors_off is None or state.phase in {Phase.PAUSE, Phase.REC, Phase.DCA}
        assert state.phase is not Phase.EMERG or not self.system.lines(self.t_ns)

    @invariant()
    def limits_never_cross_and_the_record_alone_gives_everything_back(self) -> None:
        if self.checked[0] is self.engine.limits and self.checked[1] is self.system.state:
            return
        self.checked = self.engine.limits, self.system.state
        check_order(self.engine.limits)
        begun = Limits(PRESETS[self.limits.indication].limits.values)
        again = recorded_limits(self.entries, begun)
        assert everywhere(again) == everywhere(self.engine.limits)
        system, state = recorded_system(self.entries), replace(self.system.state, audio_off=None)
        if state.sensors_off is not None:
            state = replace(state, sensors_off=replace(state.sensors_off, missed=False))
        assert system == state

    @invariant()
    def what_is_heard_is_loud_enough_and_one_at_a_time(self) -> None:
        busy_until_ns = 0
        for burst in self.sounder.bursts:
            assert 1 <= burst.volume_step <= 4
            assert burst.urgency != "PULSE" or burst.t_ns >= busy_until_ns
            busy_until_ns = max(busy_until_ns, burst.t_ns + LENGTH_NS.get(burst.urgency, 0))
        del self.sounder.bursts[:-1]


RoomInTheHandsOfChance.TestCase.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
TestAlarmRoom = RoomInTheHandsOfChance.TestCase
