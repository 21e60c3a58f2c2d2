"""ECG against pulse, beat by beat: V4, V5, V8 and V9 of clinical.md §7, with the averaging of clinical.md §8.3."""

import itertools
from statistics import mean, median

import pytest

from monitor_app.core.alarm.confirmation import disagree
from monitor_app.core.alarm.engine import AlarmEngine, Transition
from monitor_app.core.alarm.facts import BeatFacts, PulseFacts, Shown
from monitor_app.core.alarm.state import AlarmState
from tests.monitor_app.core.alarm.alarm_helpers import S, engine, facts

BEFORE_S = 30.0


def beat_times(*parts: tuple[float, float]) -> list[float]:
    """Beat times of parts (rate, until), the first beats from -30 s on."""
    times = [-BEFORE_S]
    for rate, until in parts:
        while times[-1] + 60 / rate <= until + 1e-9:
            times.append(times[-1] + 60 / rate)
    return times


def displayed(intervals: list[float]) -> float:
    """The rate of clinical.md §8.3: the last 12 RR without the largest and the smallest."""
    last = sorted(intervals[-12:])
    return 60 / mean(last[1:-1])


def beat_facts(beats: list[float], t_s: float) -> tuple[float, BeatFacts]:
    seen = [b for b in beats if b <= t_s]
    rr = [b - a for a, b in itertools.pairwise(seen)]
    fast = next((n for n, x in enumerate(reversed(rr)) if 60 / x <= 140), len(rr))
    return displayed(rr), BeatFacts(
        last_beat_t_ns=round(seen[-1] * S),
        signal_since_t_ns=round(-BEFORE_S * S),
        fast_run=fast,
        beats_last_5_s=sum(b > t_s - 5 for b in seen),
        median_rate_per_min=60 / median(rr[-4:]),
    )


def play(
    alarms: AlarmEngine, beats: list[float], until_s: float, pulse: PulseFacts | None
) -> list[Transition]:
    """Evaluate at each beat, each second and each deadline; the shown rate changes once a second."""
    times = sorted({*(b for b in beats if 0 <= b <= until_s), *range(round(until_s) + 1)})
    told: list[Transition] = []
    shown = 80.0
    for now, following in zip(times, [*times[1:], until_s], strict=True):
        at: float | None = now
        while at is not None:
            rate, beat = beat_facts(beats, at)
            shown = rate if at == int(at) else shown
            hr = Shown(shown, 1.0, "ECG", round(at * S))
            told += alarms.evaluate(facts(at, hr=hr, beats=beat, pulse=pulse))
            deadline = alarms.next_deadline_ns()
            at = deadline / S if deadline is not None and deadline / S < following else None
    return told


def announced(told: list[Transition]) -> dict[str, tuple[float, str]]:
    return {x.rule: (x.t_ns / S, x.note) for x in told if x.to_state is AlarmState.ACTIVE}


STEADY = PulseFacts(78, 0.95, None, 5)


def test_v4_six_seconds_of_artefact_make_no_sound():
    told = play(engine(), beat_times((80, 0), (165, 6), (80, 30)), 30, STEADY)
    assert announced(told) == {}
    assert ("AL-HR-03", AlarmState.PENDING) in {(x.rule, x.to_state) for x in told}


def test_v4_without_a_pulse_it_would_have_been_announced():
    told = play(engine(), beat_times((80, 0), (165, 6), (80, 30)), 30, None)
    assert "AL-HR-03" in announced(told)


def test_v5_thirty_seconds_of_it_are_announced_within_10_s_with_a_note():
    told = play(engine(), beat_times((80, 0), (165, 30), (80, 40)), 40, STEADY)
    at, note = announced(told)["AL-HR-03"]
    assert 9 <= at <= 10
    assert note == "not confirmed by pulse"
    at, note = announced(told)["AL-HR-02"]
    assert at <= 10
    assert note == "not confirmed by pulse"


def test_v1_ecg_and_pulse_agree():
    told = play(engine(), beat_times((80, 0), (125, 30)), 30, PulseFacts(125, 0.95, None, 5))
    at, note = announced(told)["AL-HR-03"]
    assert 3 <= at <= 10
    assert note == ""


@pytest.mark.parametrize("pulse", [None, PulseFacts(None, 0.0), PulseFacts(78, 0.69)])
def test_a_poor_pulse_puts_nothing_off(pulse):
    told = play(engine(), beat_times((80, 0), (165, 30)), 30, pulse)
    assert announced(told)["AL-HR-03"][1] == ""


def test_a_slower_artefact_too_is_announced_within_10_s_of_its_first_beat():
    told = play(engine(), beat_times((80, 0), (130, 60)), 60, STEADY)
    at, note = announced(told)["AL-HR-03"]
    assert at <= 10
    assert note == "not confirmed by pulse"


def test_agreement_spares_a_high_alarm_the_rest_of_its_delay():
    alarms = engine()
    fast = BeatFacts(last_beat_t_ns=0, signal_since_t_ns=-S, fast_run=5, median_rate_per_min=150)
    told = alarms.evaluate(facts(1, hr=150, beats=fast, pulse=PulseFacts(149, 0.9)))
    assert set(announced(told)) == {"AL-HR-02"}


@pytest.mark.parametrize(("count", "expected"), [(16, False), (17, True)])
def test_v9_seventeen_fast_beats(count, expected):
    end = count * 60 / 142
    told = play(engine(), beat_times((80, 0), (142, end), (100, 30)), 30, None)
    assert ("AL-HR-02" in announced(told)) is expected
    if expected:
        assert announced(told)["AL-HR-02"][0] == pytest.approx(7.2, abs=0.1)


def test_five_slow_beats_are_told_at_once():
    slow = BeatFacts(last_beat_t_ns=0, signal_since_t_ns=-S, slow_run=5, median_rate_per_min=38)
    told = engine().evaluate(facts(1, hr=45, beats=slow))
    assert "AL-HR-07" in announced(told)
    almost = BeatFacts(last_beat_t_ns=0, signal_since_t_ns=-S, slow_run=4, median_rate_per_min=38)
    assert "AL-HR-07" not in announced(engine().evaluate(facts(1, hr=45, beats=almost)))


def test_v8_with_a_lead_off_old_beats_say_nothing():
    old = BeatFacts(last_beat_t_ns=0, signal_since_t_ns=-S, fast_run=30, median_rate_per_min=165)
    off = {"ecg_leads_off": ("RA",), "ecg_lead_off_since_t_ns": 0}
    alarms = engine()
    told = []
    for t in (0, 3, 4, 10):
        told += alarms.evaluate(facts(t, hr=Shown(78, 1.0, "PR", t * S), beats=old, **off))
    assert announced(told) == {"TE-01-M": (3, "")}


@pytest.mark.parametrize(
    ("ecg", "pulse", "apart"), [(88, 78, False), (89, 78, True), (131, 120, False), (133, 120, True)]
)
def test_more_than_ten_and_more_than_ten_percent_is_a_mismatch(ecg, pulse, apart):
    assert disagree(ecg, pulse) is apart
