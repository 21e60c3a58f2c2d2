import pytest

from devices.protocols.bci.rate import ArrivalRate, BeatRate, nearest_rate_hz

MS = 1_000_000


def drive(arrival, rate_hz, *, start_ms=0, seconds=2.0, step_ms=50, before=0):
    """Bytes as a steady line gives them; returns every answer with its time in ms."""
    said = []
    for at_ms in range(start_ms, start_ms + round(seconds * 1000), step_ms):
        frames = int((at_ms - start_ms) * rate_hz / 1000)
        found = arrival.heard(before + 5 * frames, at_ms * MS)
        if found is not None:
            said.append((at_ms, found))
    return said


@pytest.mark.parametrize("rate_hz", [100.0, 60.0])
@pytest.mark.parametrize("step_ms", [10, 50, 200])
def test_rate_is_heard_within_a_second_and_said_once(rate_hz, step_ms):
    ((at_ms, found),) = drive(ArrivalRate(), rate_hz, seconds=30, step_ms=step_ms)
    assert found == rate_hz
    assert at_ms <= 1000


@pytest.mark.parametrize(
    ("true_hz", "found"), [(98, 100), (103, 100), (58, 60), (62, 60), (78, None), (2304, None)]
)
def test_only_known_rates_are_recognised(true_hz, found):
    assert nearest_rate_hz(true_hz) == found
    said = drive(ArrivalRate(), true_hz, seconds=5, step_ms=10)
    assert [rate for _, rate in said] == ([found] if found else [])


def test_what_had_piled_up_before_opening_is_not_counted():
    arrival = ArrivalRate()
    arrival.heard(20_000, 0)
    assert [rate for _, rate in drive(arrival, 60.0, start_ms=10, before=20_000)] == [60.0]


def test_a_silence_begins_the_measurement_anew():
    arrival = ArrivalRate()
    assert drive(arrival, 100.0, seconds=0.8) == []
    assert arrival.heard(500, 5_000 * MS) is None
    assert [rate for _, rate in drive(arrival, 100.0, start_ms=5_050, before=500)] == [100.0]


def test_another_oximeter_on_the_same_line_is_noticed():
    arrival = ArrivalRate()
    drive(arrival, 100.0, seconds=1.0)
    said = drive(arrival, 60.0, start_ms=1000, seconds=30, before=500)
    assert [rate for _, rate in said] == [60.0]
    assert arrival.rate_hz == 60.0


@pytest.mark.parametrize(("rate_hz", "pulse"), [(100.0, 72), (60.0, 72), (60.0, 140), (100.0, 45)])
def test_beeps_of_a_known_pulse_tell_the_rate(rate_hz, pulse):
    beats = BeatRate()
    said = [beats.beep(round(k * rate_hz * 60 / pulse), float(pulse)) for k in range(8)]
    assert said[:5] == [None] * 5  # five intervals need six beeps
    assert said[5:] == [rate_hz] * 3


def test_beats_that_disagree_tell_nothing():
    beats = BeatRate()
    frames = [0, 83, 133, 216, 266, 349, 399]
    assert [beats.beep(frame, 72.0) for frame in frames] == [None] * 7


def test_an_interrupted_interval_is_not_counted():
    beats = BeatRate()
    for k in range(5):
        assert beats.beep(83 * k, 72.0) is None
        beats.interrupt()
    assert beats.beep(1000, None) is None
