"""The pleth in use: its pulses, which give the ECG's rate a second opinion (clinical.md §5.8.2)."""

from collections import deque

import numpy as np

from devices.clock import NS_PER_S
from monitor_app.core.alarm.facts import PulseFacts
from monitor_app.processing.pleth import PlethChannel, PlethSecond
from monitor_app.services.bedside.placement import Placed
from monitor_app.services.bedside.wave_choice import PULSE_RATES_HZ

SILENT_NS = NS_PER_S
"""A wave that has not come for this long tells nothing of now."""
CONFIRM_NS = 4 * NS_PER_S
"""clinical.md §5.8.3: regular pulses in the last 4 s."""


class PlethWave:
    """One pleth, that of the monitor in use. Bedside thread only.

    ``latest``: what it said at the last whole second; None while it says nothing of now.
    """

    def __init__(self) -> None:
        self._channel: PlethChannel | None = None
        self._rate_hz = 0.0
        self._pulses_t_ns: deque[int] = deque(maxlen=64)
        self._end: tuple[int, int] = (0, 0)  # sample counter, session time
        self.latest: PlethSecond | None = None

    def begin(self) -> None:
        """Another pleth is read from now on: what was learnt is of no use for it."""
        self._channel = None

    def lost(self) -> None:
        """It has stopped, or is another one from now on."""
        self.latest = None

    def chunk(self, rate_hz: float, values: np.ndarray, placed: Placed, t_ns_of_end: int) -> None:
        """Take samples; in those that come too rarely, or too often, no pulse is looked for."""
        if not PULSE_RATES_HZ[0] <= rate_hz <= PULSE_RATES_HZ[1]:
            return
        if self._channel is None or self._rate_hz != rate_hz:
            self._channel, self._rate_hz = PlethChannel(rate_hz), rate_hz
        for pulse in self._channel.feed(values, placed.index):
            offset = round((pulse.sample - placed.index) * NS_PER_S / rate_hz)
            self._pulses_t_ns.append(placed.t_ns + offset)
        self._end = placed.index + len(values), t_ns_of_end

    def second(self, t_ns: int) -> None:
        """Read rate and quality; called once a second."""
        if self._channel is not None:
            sample, end_ns = self._end
            self.latest = self._channel.second(sample) if t_ns - end_ns <= SILENT_NS else None

    @property
    def last_pulse_t_ns(self) -> int | None:
        """When its newest pulse was; None before any, and while it says nothing of now."""
        return self._pulses_t_ns[-1] if self.latest is not None and self._pulses_t_ns else None

    def facts(self, t_ns: int) -> PulseFacts | None:
        """What the pulses say now; None without a pleth."""
        second = self.latest
        if second is None:
            return None
        return PulseFacts(
            median_rate_per_min=second.rate.beat_level_per_min,
            quality=second.quality.value,
            last_pulse_t_ns=self.last_pulse_t_ns,
            regular_pulses_last_4_s=sum(1 for p in self._pulses_t_ns if t_ns - p <= CONFIRM_NS),
        )
