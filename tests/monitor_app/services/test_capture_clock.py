"""The time of a bare capture: the monitor's clock, else its sample counter, else its interval."""

import numpy as np

from devices.clock import NS_PER_S
from devices.signals import DeviceStatus, NumericReading, WaveChunk, WaveScale
from monitor_app.services.capture_clock import CaptureClock, Timing, timing_of

SCALE = WaveScale("1", None, 0, 0, 255)


def number(name, device_s=None):
    return NumericReading(name, 70.0, "/min", device_time_s=device_s)


def wave(name, first, count, rate_hz=100.0):
    return WaveChunk(name, rate_hz, first, np.zeros(count, np.int32), SCALE)


def times(timing, signals, interval_s=1.0):
    clock = CaptureClock(timing, interval_s)
    return [clock.t_ns(signal) / NS_PER_S for signal in signals]


def test_the_best_there_is_is_chosen():
    assert timing_of([wave("PLETH", 0, 5), number("HR", 100.0)]) is Timing.DEVICE_CLOCK
    assert timing_of([number("HR"), wave("PLETH", 0, 5)]) is Timing.SAMPLES
    assert timing_of([number("HR"), DeviceStatus("ECG_LEAD_OFF", active=True)]) is Timing.REFRESH
    assert timing_of([]) is Timing.REFRESH


def test_the_devices_clock_is_followed_and_never_back():
    signals = [
        number("HR", 1000.0),
        wave("PLETH", 0, 50),
        number("HR", 1033.0),
        number("HR", 1020.0),
        number("PR"),
    ]
    assert times(Timing.DEVICE_CLOCK, signals) == [0, 0, 33, 33, 33]


def test_samples_count_with_those_that_were_lost_and_over_a_new_beginning():
    signals = [wave("PLETH", 0, 100), wave("ECG_II", 0, 5000), wave("PLETH", 300, 100), wave("PLETH", 0, 100)]
    assert times(Timing.SAMPLES, signals) == [1, 1, 4, 5]


def test_a_number_that_comes_again_begins_the_next_interval():
    signals = [number("SPO2"), number("PR"), number("SPO2"), number("PR"), number("PR"), number("PI")]
    assert times(Timing.REFRESH, signals, 2.0) == [0, 0, 2, 2, 4, 4]
