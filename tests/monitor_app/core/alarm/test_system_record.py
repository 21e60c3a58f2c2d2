"""Every state of the alarm system goes into the record and comes back from it the same (clinical.md §5.5)."""

from dataclasses import replace

import pytest

from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.system_record import change_entries, recorded_system, state_words
from monitor_app.core.alarm.system_state import (
    AlarmSystem,
    enter_phase,
    extend_sensors_off,
    pause_alarms,
    resume_alarms,
    switch_off,
    switch_on,
    switch_sound_off,
    switch_sound_on,
    take_sensors_off,
)
from monitor_app.core.journal import JournalEntry, PhaseEntry, SoundEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor, Stamp

S = 1_000_000_000
NURSE, LEAD = Actor("Nina", "nurse"), Actor("Lea", "clinical lead")
BY_ID = {rule.id: rule for rule in RULES}


class Kept:
    """A system whose every change is recorded, at one second after the other."""

    def __init__(self, *phases: Phase) -> None:
        self.state = AlarmSystem()
        self.entries: list[JournalEntry] = []
        self.t_ns = 0
        for phase in phases:
            self.enter(phase)

    def enter(self, phase: Phase) -> None:
        stamp = self._stamp()
        self.entries.append(PhaseEntry(stamp, self.state.phase, phase, NURSE))
        self.change(enter_phase(self.state, phase), "the phase ended")

    def change(self, state: AlarmSystem, reason: str = "by hand", by: Actor = NURSE) -> None:
        self.entries += change_entries(self.state, state, self._stamp(), by=by, reason=reason)
        self.state = state

    def off(self, rule: str, reason: str = "known") -> None:
        t_ns = self.t_ns + S  # of the entry to come
        self.change(switch_off(self.state, BY_ID[rule], by=NURSE, reason=reason, t_ns=t_ns))

    def sensors(self) -> None:
        self.change(
            take_sensors_off(
                self.state, self.t_ns + S, by=NURSE, moaas=5, with_patient="Sam", reason="toilet"
            )
        )

    def _stamp(self) -> Stamp:
        self.t_ns += S
        return Stamp(self.t_ns, 0)

    @property
    def said(self) -> list[str]:
        return [e.state for e in self.entries if isinstance(e, SoundEntry)]


RECOVERY = (Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF, Phase.REC)


def test_nothing_changed_is_nothing_said():
    kept = Kept(Phase.CHECKIN, Phase.BASE)
    kept.change(replace(kept.state))
    assert kept.said == []
    assert recorded_system(kept.entries) == kept.state


def test_an_alarm_pause_with_its_end():
    kept = Kept(Phase.CHECKIN, Phase.BASE)
    kept.change(pause_alarms(kept.state, 0, by=NURSE))
    assert kept.entries[-1] == SoundEntry(Stamp(kept.t_ns, 0), "alarms paused", NURSE, 120 * S, "by hand")
    assert recorded_system(kept.entries) == kept.state
    kept.change(resume_alarms(kept.state))
    assert kept.said == ["alarms paused", "alarms on"]
    assert recorded_system(kept.entries) == kept.state


def test_sensors_off_with_who_is_there_and_the_one_extension():
    kept = Kept(*RECOVERY)
    kept.sensors()
    assert recorded_system(kept.entries) == kept.state
    kept.change(extend_sensors_off(kept.state))
    assert recorded_system(kept.entries) == kept.state
    kept.change(replace(kept.state, sensors_off=None))
    assert kept.said == ["sensors off", "sensors off longer", "sensors on"]
    assert recorded_system(kept.entries) == kept.state


def test_a_reason_may_hold_the_words_that_part_it():
    kept = Kept(*RECOVERY)
    state = take_sensors_off(
        kept.state, 0, by=NURSE, moaas=5, with_patient="Sam", reason="toilet; with the patient: nobody"
    )
    kept.change(state)
    again = recorded_system(kept.entries).sensors_off
    assert again is not None
    assert (again.with_patient, again.reason) == ("Sam", "toilet; with the patient: nobody")


def test_rules_off_by_their_priority():
    kept = Kept(Phase.CHECKIN, Phase.BASE)
    kept.off("AL-HR-03")
    kept.off("AL-HR-04", "")
    kept.off("AL-SP-01", "probe test")
    assert recorded_system(kept.entries) == kept.state
    kept.change(switch_on(kept.state, "AL-SP-01"))
    kept.enter(Phase.READY)
    assert kept.said == ["AL-HR-03 off", "AL-HR-04 off", "AL-SP-01 off", "AL-SP-01 on", "AL-HR-03 on"]
    assert set(recorded_system(kept.entries).off) == {"AL-HR-04"}


def test_a_sound_that_is_off_does_not_come_back():
    kept = Kept(*RECOVERY)
    kept.change(switch_sound_off(kept.state, 0, by=LEAD), by=LEAD)
    assert recorded_system(kept.entries).audio_off is None
    kept.change(switch_sound_on(kept.state))
    assert kept.said == ["off", "normal"]


@pytest.mark.parametrize("phase", [Phase.EMERG, Phase.DONE])
def test_what_a_phase_ends_is_ended_without_being_said(phase):
    kept = Kept(*RECOVERY)
    kept.off("AL-HR-04", "")
    kept.sensors()
    kept.entries.append(PhaseEntry(Stamp(kept.t_ns, 0), Phase.REC, phase, NURSE))
    assert recorded_system(kept.entries) == AlarmSystem(phase)


def test_words_that_name_nobody():
    def words(state: str) -> str:
        return state_words(SoundEntry(Stamp(0, 0), state, NURSE))

    assert [words(s) for s in ("paused", "off", "normal")] == ["sound paused", "sound off", "sound normal"]
    assert words("AL-HR-03 off") == "AL-HR-03 off"
    assert words("sensors off") == "sensors off"


def test_words_of_another_version_say_nothing():
    strange = [SoundEntry(Stamp(0, 0), s, NURSE) for s in ("lunch", "AL-XX-01 off", "sensors off")]
    assert recorded_system(strange) == AlarmSystem()
