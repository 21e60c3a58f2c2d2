"""Vectors V20 to V30 of clinical.md §7: people, sound, restart, clock, cable, storm; the others: ``test_vectors``."""

import numpy as np
import pytest

from monitor_app.core.alarm.audio import AudioMode, AudioState, pause_audio, plan_sound
from monitor_app.core.alarm.facts import (
    LinkFacts,
    NibpFacts,
    Noted,
    Shown,
    SystemFacts,
)
from monitor_app.core.alarm.state import AlarmState
from monitor_app.core.journal import Baseline
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Stamp
from monitor_app.processing.tones import Melody, Urgency, burst, burst_notes_hz
from tests.monitor_app.core.alarm.alarm_helpers import S, engine, facts, reading
from tests.monitor_app.core.alarm.vector_helpers import announced, cuff, each_second


def test_v20_reminder_and_return():
    alarms, audio = engine(), AudioState()
    for t in range(4):
        alarms.evaluate(facts(t, hr=125))
        audio = plan_sound(audio, alarms.conditions, t * S)[0]
    alarms.acknowledge("AL-HR-03", 10 * S)
    first = alarms.conditions[0].occurrence_id
    reminded, t_ns = [], 10 * S
    while t_ns < 300 * S:
        alarms.evaluate(facts(t_ns / S, hr=125))
        audio, sound, _ = plan_sound(audio, [c for c in alarms.conditions if c.rule.id == "AL-HR-03"], t_ns)
        reminded += [t_ns / S] if sound else []
        t_ns += S
    assert reminded == [130, 250]
    each_second_from = 300
    for t in range(each_second_from, each_second_from + 10):
        alarms.evaluate(facts(t, hr=100))
    for t in range(each_second_from + 10, each_second_from + 14):
        alarms.evaluate(facts(t, hr=125))
    again = next(c for c in alarms.conditions if c.rule.id == "AL-HR-03")
    assert again.occurrence_id != first
    assert again.unacknowledged


def test_v21_a_new_medium_breaks_the_pause():
    alarms, audio = engine(), AudioState()
    for t in range(4):
        alarms.evaluate(facts(t, hr=125))
    audio, first, _ = plan_sound(audio, alarms.conditions, 3 * S)
    assert first is not None
    audio = pause_audio(audio, alarms.conditions, 4 * S)
    audio, silent, _ = plan_sound(audio, alarms.conditions, 5 * S)
    assert (silent, audio.mode) == (None, AudioMode.PAUSED)
    alarms.evaluate(facts(6, hr=125, readings=cuff((6, 165, 90))))
    audio, sound, _ = plan_sound(audio, alarms.conditions, 6 * S)
    assert audio.mode is AudioMode.NORMAL
    assert sound is not None
    assert (sound.rule, sound.urgency) == ("AL-BP-02", "MEDIUM")


def test_v22_high_clears_by_itself():
    alarms = engine()
    each_second(alarms, {"spo2": [84] * 12 + [96] * 60})
    (latched,) = [c for c in alarms.conditions if c.rule.id == "AL-SP-01"]
    assert (latched.state.value, latched.shown, latched.unacknowledged) == ("LATCHED", True, True)
    assert plan_sound(AudioState(), alarms.conditions, 80 * S)[1] is not None
    alarms.acknowledge("AL-SP-01", 80 * S)
    assert alarms.conditions == ()


def test_v23_after_a_restart_the_alarms_go_on():
    before = engine()
    told = each_second(before, {"hr": [125] * 10, "spo2": [84] * 12})
    after = engine()
    after.restore([x.entry(Stamp(x.t_ns, 0)) for x in told], 32 * S)
    gap = SystemFacts(restarted_at_t_ns=32 * S, restart_gap_s=20)
    after.evaluate(facts(32, hr=125, spo2=84, system=gap))
    standing = {c.rule.id: c.state.value for c in after.conditions}
    assert standing["TE-20"] == "ACTIVE"
    assert all(standing[c.rule.id] == c.state.value for c in before.conditions if c.shown)


def test_v24_the_clock_set_back_an_hour():
    alarms, told = engine(), []
    jump = SystemFacts(clock_jump=Noted(2 * S, "the computer's clock jumped by -3600.0 s", -3600.0))
    for t in range(8):
        told += alarms.evaluate(facts(t, hr=125, system=jump if t >= 2 else SystemFacts()))
    assert announced(told) == [(2, "TE-15"), (3, "AL-HR-03")]
    assert [x.t_ns for x in told] == sorted(x.t_ns for x in told)


def test_v25_the_one_cable():
    alarms, told = engine(), []
    for tenth in range(200):
        t = tenth / 10
        gone = Shown(None, 0, "ECG", 0) if t > 2 else Shown(80, 1, "ECG", 0)
        told += alarms.evaluate(facts(t, hr=gone, links=(LinkFacts("a@b", 0, 0.1, connected=False),)))
    assert announced(told) == [(3, "TE-09-L"), (10, "AL-HR-09"), (10, "TE-09-M")]
    back = (LinkFacts("a@b", 20 * S, 0.1, connected=True),)
    alarms.evaluate(facts(20, hr=80, links=back))
    alarms.evaluate(facts(25, hr=80, links=(LinkFacts("a@b", 25 * S, 0.1, connected=True),)))
    assert alarms.conditions == ()


def test_v26_a_storm_of_alarms_has_one_line_for_each_rule_and_a_complete_log():
    alarms, told = engine(), []
    for t in range(1200):
        fast = (t // 12) % 2 == 0
        pressures = cuff(
            *((i * 12, 185 if i % 2 else 120, 80) for i in range(max(1, t // 12 - 5), t // 12 + 1))
        )
        readings = tuple(
            reading(t // 12 + i, r.t_ns / S, r.systolic_mmhg, 80) for i, r in enumerate(pressures)
        )
        told += alarms.evaluate(
            facts(
                t,
                hr=150 if fast else 80,
                spo2=84 if fast else 97,
                readings=readings,
                baseline=Baseline(120, 80, 72, 98, None),
            )
        )
        if t % 30 == 29:
            told += alarms.acknowledge(None, t * S)
        shown = [c.rule.id for c in alarms.conditions]
        assert len(shown) == len(set(shown))
    assert len(told) / 20 > 10  # steps a minute
    last: dict[str, AlarmState] = {}
    for step in told:
        assert step.from_state is last.get(step.rule, AlarmState.IDLE)
        last[step.rule] = step.to_state
    standing = {c.rule.id: c.state for c in alarms.conditions}
    assert {rule: state for rule, state in last.items() if state is not AlarmState.IDLE} == standing


def test_v27_overdue():
    alarms, told = engine(), []
    nibp = NibpFacts(readings=cuff((0, 120, 80)), interval_s=300, overdue_since_t_ns=0)
    for t in range(601):
        told += alarms.evaluate(facts(t, nibp=nibp))
    assert announced(told) == [(420, "TE-08-L"), (600, "TE-08-M")]


def test_v28_three_at_once():
    alarms = engine()
    gone = {"ecg_leads_off": ("V",), "ecg_lead_off_since_t_ns": 0, "phase": Phase.REC}
    for t in range(12):
        alarms.evaluate(facts(t, hr=125, spo2=84, **gone))
    shown = [c for c in alarms.conditions if c.shown]
    assert [c.rule.id for c in shown] == ["AL-SP-01", "AL-HR-03", "TE-01-L"]
    audio, sounds = AudioState(), []
    for t in range(12, 60):
        audio, sound, _ = plan_sound(audio, alarms.conditions, t * S)
        sounds += [sound.urgency] if sound else []
    assert set(sounds) == {"HIGH"}


@pytest.mark.parametrize("urgency", list(Urgency))
def test_v30_partials_of_the_rendered_bursts(urgency):
    """Each note has its fundamental and four partials or more from 300 to 4000 Hz within 15 dB of it."""
    rate_hz = 44_100
    sound = burst(urgency, Melody.CARDIOVASCULAR, rate_hz=rate_hz)
    spectrum = np.abs(np.fft.rfft(sound))
    hz = np.fft.rfftfreq(len(sound), 1 / rate_hz)

    def level(at_hz: float) -> float:
        near = np.abs(hz - at_hz) < 12
        return 20 * np.log10(spectrum[near].max() + 1e-12)

    for note in set(burst_notes_hz(urgency, Melody.CARDIOVASCULAR)):
        assert 150 <= note <= 1000
        partials = [note * k for k in (1, 3, 5, 7, 9) if 300 <= note * k <= 4000]
        near = [p for p in partials if abs(level(p) - level(note)) <= 15]
        assert len(near) >= 4
