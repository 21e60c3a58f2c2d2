"""When the signals of a bare capture were heard: a file of bytes has no times of its own.

The monitor's own clock is followed where its values carry it, else its own sample counter, else the interval at which
its family refreshes its numbers. (The speed of the wire says little: most monitors leave it idle most of the time.)
"""

from collections.abc import Iterable
from enum import Enum

from devices.clock import NS_PER_S
from devices.signals import NumericReading, Signal, WaveChunk


class Timing(Enum):
    """What tells the time."""

    DEVICE_CLOCK = "the monitor's own clock"
    SAMPLES = "the monitor's sample counter"
    REFRESH = "the interval at which this family refreshes its numbers"


def timing_of(signals: Iterable[Signal]) -> Timing:
    """Return the best that a capture offers; looks no further than it must."""
    waves = False
    for signal in signals:
        if isinstance(signal, NumericReading) and signal.device_time_s is not None:
            return Timing.DEVICE_CLOCK
        waves = waves or isinstance(signal, WaveChunk)
    return Timing.SAMPLES if waves else Timing.REFRESH


class CaptureClock:
    """Gives each signal of a capture, in order, its time in nanoseconds since the capture began; never goes back."""

    def __init__(self, timing: Timing, interval_s: float) -> None:
        self._timing = timing
        self._interval_ns = round(interval_s * NS_PER_S)
        self._now_ns = 0
        self._device_zero_s: float | None = None
        self._wave = ""
        self._next_sample = 0
        self._samples_ns = 0.0
        self._refreshed: set[str] = set()

    def t_ns(self, signal: Signal) -> int:
        """Return when a signal was heard."""
        if self._timing is Timing.DEVICE_CLOCK:
            self._follow_device(signal)
        elif self._timing is Timing.SAMPLES:
            self._follow_samples(signal)
        else:
            self._follow_refresh(signal)
        return self._now_ns

    def _follow_device(self, signal: Signal) -> None:
        device_s = getattr(signal, "device_time_s", None) if isinstance(signal, NumericReading) else None
        if device_s is None:
            return
        if self._device_zero_s is None:
            self._device_zero_s = device_s
        self._now_ns = max(self._now_ns, round((device_s - self._device_zero_s) * NS_PER_S))

    def _follow_samples(self, signal: Signal) -> None:
        """Follow the first wave that came; a counter that begins anew goes on where the last one stood."""
        if not isinstance(signal, WaveChunk) or signal.name != (self._wave or signal.name):
            return
        self._wave = signal.name
        missed = max(signal.first_sample - self._next_sample, 0)
        self._samples_ns += (missed + signal.samples.size) * NS_PER_S / signal.rate_hz
        self._next_sample = signal.first_sample + signal.samples.size
        self._now_ns = round(self._samples_ns)

    def _follow_refresh(self, signal: Signal) -> None:
        """A number that comes a second time begins the next interval."""
        if not isinstance(signal, NumericReading):
            return
        if signal.name in self._refreshed:
            self._refreshed.clear()
            self._now_ns += self._interval_ns
        self._refreshed.add(signal.name)
