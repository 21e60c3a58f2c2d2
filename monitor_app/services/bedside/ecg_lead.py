"""The ECG lead in use: its filter, its beats, and the rate and quality read from it (clinical.md §8.1-§8.3)."""

from collections import deque

import numpy as np

from devices.clock import NS_PER_S
from devices.errors import KnownError
from devices.signals import WaveChunk
from monitor_app.core.alarm.facts import BeatFacts, Shown, SignalFacts
from monitor_app.processing.ecg_channel import EcgChannel, EcgSecond
from monitor_app.processing.filters import FilterMode, Mains, available_modes
from monitor_app.services.bedside.placement import Placed

SILENT_NS = NS_PER_S
"""A wave that has not come for this long tells nothing of now; its last rate and quality are not those of now."""
RECENT_NS = 5 * NS_PER_S


class EcgLead:
    """One lead, that of the monitor in use. Bedside thread only.

    ``latest``: what it said at the last whole second; None while it says nothing of now. ``beats_seen`` counts on from
    lead to lead.
    """

    def __init__(self) -> None:
        self._channel: EcgChannel | None = None
        self._calibrated = False
        self._mode, self._mains = FilterMode.MONITOR, Mains.OFF
        self._beats_t_ns: deque[int] = deque(maxlen=64)
        self._signal_since: int | None = None
        self._end: tuple[int, int] = (0, 0)  # sample counter, session time
        self._runs: tuple[tuple[int, float, float], tuple[int, int]] | None = None
        self.beats_seen = 0
        self.latest: EcgSecond | None = None

    def begin(self) -> None:
        """Another lead is read from now on: what was learnt is of no use for it."""
        self._channel = None

    def lost(self) -> None:
        """The lead has stopped, or is another one from now on: what it said of the heart is no longer so."""
        self._signal_since = None
        self.latest = None

    def chunk(self, chunk: WaveChunk, values: np.ndarray, placed: Placed, t_ns_of_end: int) -> np.ndarray:
        """Take samples in physical units; what is to be drawn of them, of the same length."""
        channel = self._channel_for(chunk)
        if placed.gap_ns or self._signal_since is None:
            self._signal_since = placed.t_ns
        update = channel.feed(values, placed.index)
        for beat in update.beats:
            offset = round((beat.sample - placed.index) * NS_PER_S / chunk.rate_hz)
            self._beats_t_ns.append(placed.t_ns + offset)
        self.beats_seen += len(update.beats)
        self._end = placed.index + len(values), t_ns_of_end
        return update.display

    def _channel_for(self, chunk: WaveChunk) -> EcgChannel:
        """The channel that reads samples of this rate and scale; one made anew has the filter in force."""
        calibrated = chunk.scale.unit_per_count is not None
        channel = self._channel
        if channel is not None and channel.rate_hz == chunk.rate_hz and self._calibrated == calibrated:
            return channel
        low, high = chunk.scale.physical(np.array([chunk.scale.low, chunk.scale.high]))
        channel = EcgChannel(chunk.rate_hz, scale_is_mv=calibrated, edges=(float(low), float(high)))
        if self._mode not in available_modes(channel.rate_hz):
            self._mode = FilterMode.MONITOR  # a band its rate cannot carry is given up
        channel.set_filter(self._mode, mains=self._mains)
        self._channel, self._calibrated = channel, calibrated
        self._signal_since = self._runs = None
        return channel

    @property
    def filter(self) -> tuple[FilterMode, int]:
        """How it is drawn: band, and mains notch in Hz."""
        return self._mode, round(self._mains.value)

    @property
    def modes(self) -> tuple[FilterMode, ...]:
        """The bands this monitor's ECG can have."""
        return available_modes(self._channel.rate_hz) if self._channel is not None else tuple(FilterMode)

    def set_filter(self, mode: FilterMode, mains: Mains) -> None:
        """Draw it through another filter from the next sample on.

        :raises KnownError: the wave has too few samples a second for it.
        """
        if mode not in self.modes:
            raise KnownError(
                f"This monitor's ECG has too few samples a second for {mode.label}; choose another band."
            )
        self._mode, self._mains = mode, mains
        if self._channel is not None:
            self._channel.set_filter(mode, mains=mains)

    def second(self, t_ns: int) -> None:
        """Read rate and quality; called once a second."""
        if self._channel is None:
            return
        sample, end_ns = self._end
        silent = t_ns - end_ns > SILENT_NS
        self.latest = None if silent else self._channel.second(sample)
        if silent:
            self._signal_since = None  # without samples there is no asystole either

    def rate(self, t_ns: int) -> Shown:
        """Chairside's own heart rate (clinical.md §8.3)."""
        second, end_ns = self.latest, self._end[1]
        if second is None or second.rate.per_min is None:
            return Shown(None, 0.0, "chairside", end_ns)
        return Shown(round(second.rate.per_min), second.quality.value, "chairside", min(t_ns, end_ns))

    @property
    def signal(self) -> SignalFacts | None:
        """How well it can be read now; None without one."""
        second = self.latest
        return None if second is None else SignalFacts(second.quality.value, second.quality.reason.value)

    @property
    def last_beat_t_ns(self) -> int | None:
        """When its newest beat was; None before any, and without an ECG."""
        return self._beats_t_ns[-1] if self._channel is not None and self._beats_t_ns else None

    def facts(self, t_ns: int, fast_per_min: float, slow_per_min: float) -> BeatFacts | None:
        """What the beats say now; None without an ECG."""
        if self._channel is None:
            return None
        fast_run, slow_run = self._runs_of(self._channel, fast_per_min, slow_per_min)
        return BeatFacts(
            last_beat_t_ns=self.last_beat_t_ns,
            signal_since_t_ns=self._signal_since,
            fast_run=fast_run,
            slow_run=slow_run,
            beats_last_5_s=sum(1 for b in self._beats_t_ns if t_ns - b <= RECENT_NS),
            median_rate_per_min=self.latest.rate.beat_level_per_min if self.latest else None,
        )

    def _runs_of(self, channel: EcgChannel, fast_per_min: float, slow_per_min: float) -> tuple[int, int]:
        """Runs of fast and of slow beats, looked for once a beat: the rules ask several times between two."""
        asked = self.beats_seen, fast_per_min, slow_per_min
        if self._runs is None or self._runs[0] != asked:
            meter = channel.meter
            self._runs = asked, (meter.run_above(fast_per_min), meter.run_below(slow_per_min))
        return self._runs[1]
