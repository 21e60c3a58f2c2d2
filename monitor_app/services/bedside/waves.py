"""The waves' desk: places each chunk in time, records it raw, and reads beats and quality from ECG and pleth."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from devices.clock import NS_PER_S
from devices.errors import KnownError
from devices.signals import WaveChunk
from monitor_app.core.alarm.facts import NOT_FITTED, BeatFacts, PulseFacts, Shown, SignalFacts
from monitor_app.core.journal import GapEntry, WaveBlock
from monitor_app.processing.ecg_channel import EcgChannel, EcgSecond
from monitor_app.processing.filters import FilterMode, Mains, available_modes
from monitor_app.processing.pleth import PlethChannel, PlethSecond
from monitor_app.services.bedside.breathing import Breathing
from monitor_app.services.bedside.placement import Placed, Placement
from monitor_app.services.bedside.publication import WaveShown
from monitor_app.services.bedside.sources import Key, Switch
from monitor_app.services.bedside.wave_choice import (
    PULSE_RATES_HZ,
    SensorOff,
    WaveChoice,
    is_unnamed,
    role_of,
)
from monitor_app.services.session_clock import SessionClock
from monitor_app.storage.wave_end import WaveEnd

SILENT_NS = NS_PER_S
"""A wave that has not come for this long tells nothing of now; its last rate and quality are not those of now."""
RECENT_NS = 5 * NS_PER_S
CONFIRM_NS = 4 * NS_PER_S


class WavesDesk:
    """All waves of all sources. Bedside thread only.

    ``publish`` gets what is to be drawn, ``record`` what is to be kept.
    """

    def __init__(
        self,
        clock: SessionClock,
        publish: Callable[[WaveShown], None],
        record: Callable[[WaveBlock | GapEntry], None],
    ) -> None:
        self._clock = clock
        self._publish = publish
        self._record = record
        self._placements: dict[Key, Placement] = {}
        self._choice = WaveChoice()
        self._read_keys: dict[str, Key] = {}  # by role: the wave its channel has been fed with
        self._ecg: EcgChannel | None = None
        self._pleth: PlethChannel | None = None
        self.breathing = Breathing()
        self._calibrated = False
        self._mode, self._mains = FilterMode.MONITOR, Mains.OFF
        self._beats_seen = 0
        self._beats_t_ns: deque[int] = deque(maxlen=64)
        self._pulses_t_ns: deque[int] = deque(maxlen=64)
        self._signal_since: int | None = None
        self._ecg_end: tuple[int, int] = (0, 0)  # sample counter, session time
        self._pleth_end: tuple[int, int] = (0, 0)
        self._pleth_rate_hz = 0.0
        self.ecg_second: EcgSecond | None = None
        self.pleth_second: PlethSecond | None = None

    @property
    def _lead(self) -> Key | None:
        return self._choice.key("ECG")

    @property
    def _pleth_key(self) -> Key | None:
        return self._choice.key("PLETH")

    @property
    def lead(self) -> str:
        """The name of the lead that is shown and read for beats."""
        return self._lead[1] if self._lead else ""

    @property
    def lead_source(self) -> str:
        """The monitor that lead belongs to; empty where none sends an ECG."""
        return self._lead[0] if self._lead else ""

    @property
    def breathing_source(self) -> str:
        """The monitor whose breathing wave is drawn and read; empty where none sends one."""
        key = self._choice.key("RESP")
        return key[0] if key else ""

    def add_source(self, source: str, wave_names: Iterable[str]) -> None:
        """A monitor takes part that announces these waves; earlier ones are preferred to later ones."""
        self._choice.add_source(source, wave_names)

    def rank(self, t_ns: int, sensor_off: SensorOff) -> list[Switch]:
        """Choose anew which waves are drawn and read; where another is from now on, its trace begins there."""
        switches = self._choice.rank(t_ns, sensor_off)
        for switch in switches:
            if switch.quantity == "ECG":
                self._signal_since = None
                self.ecg_second = None
            elif switch.quantity == "PLETH":
                self.pleth_second = None
        return switches

    def restore(self, ends: Mapping[Key, WaveEnd], t_ns: int) -> None:
        """Go on with the counters of a recording that was cut off; what ran on meanwhile is left open up to ``t_ns``."""
        for key, end in ends.items():
            missed = max(round((t_ns - end.t_ns) * end.rate_hz / NS_PER_S), 0)
            self._placements[key] = Placement(
                end.rate_hz, next_index=end.next_sample + missed, from_t_ns=max(t_ns, end.t_ns)
            )

    def _placement(self, key: Key, rate_hz: float) -> Placement:
        known = self._placements.get(key)
        if known is None:
            known = self._placements[key] = Placement(rate_hz)
        elif known.rate_hz != rate_hz:
            # Another rate is another track of the record, with a counter of its own.
            known = self._placements[key] = Placement(rate_hz, from_t_ns=known.end_t_ns)
        return known

    def end_gaps(self, t_ns: int) -> None:
        """Write the gaps that have not ended when recording does."""
        for (source, name), placement in self._placements.items():
            silent_ns = t_ns - placement.end_t_ns
            if silent_ns >= NS_PER_S and not self._goes_on_named(source, name, placement):
                stamp = self._clock.stamp(placement.end_t_ns)
                self._record(GapEntry(stamp, source, name, silent_ns, "nothing came until the end"))

    def _goes_on_named(self, source: str, name: str, placement: Placement) -> bool:
        """Whether a lead sent without a name has since come under its name: nothing of it is missing then."""
        return is_unnamed(name) and any(
            other.end_t_ns > placement.end_t_ns
            for (of, lead), other in self._placements.items()
            if of == source and role_of(lead) == "ECG" and not is_unnamed(lead)
        )

    def _named_at_last(self, key: Key, begins_t_ns: int, lasts_ns: int) -> None:
        """Mark what is missing between a lead's last samples without a name and its first ones under it."""
        if role_of(key[1]) != "ECG" or is_unnamed(key[1]):
            return
        for (source, name), before in self._placements.items():
            missing_ns = begins_t_ns - before.end_t_ns
            # What gets lost is whole packets; less than half of one is the unevenness of arrival.
            if source == key[0] and is_unnamed(name) and 2 * missing_ns >= lasts_ns:
                stamp = self._clock.stamp(before.end_t_ns)
                self._record(GapEntry(stamp, source, name, missing_ns, "samples missing"))

    def chunk(self, source: str, chunk: WaveChunk, arrived_t_ns: int) -> bool:
        """Take a chunk that came just now; True when it held a beat, or comes while the wave in use does not."""
        key = (source, chunk.name)
        self._choice.heard(key, chunk.rate_hz, arrived_t_ns, chunk.quality)
        known = key in self._placements
        placement = self._placement(key, chunk.rate_hz)
        placed = placement.place(chunk.first_sample, len(chunk.samples), arrived_t_ns)
        if not known:
            self._named_at_last(key, placed.t_ns, placement.samples_ns(len(chunk.samples)))
        stamp = self._clock.stamp
        if placed.gap_ns:
            self._record(
                GapEntry(stamp(placed.gap_from_ns), source, chunk.name, placed.gap_ns, "samples missing")
            )
        self._record(
            WaveBlock(
                stamp(placed.t_ns),
                source,
                chunk.name,
                chunk.rate_hz,
                placed.index,
                chunk.samples,
                chunk.scale,
            )
        )
        beats_before = self._beats_seen
        self._read(key, chunk, placed)
        return self._beats_seen != beats_before or self._choice.wanting(key, arrived_t_ns)

    def _read(self, key: Key, chunk: WaveChunk, placed: Placed) -> None:
        role = role_of(key[1])
        if key != self._choice.key(role):
            return  # other leads, and the same wave of a second monitor, are recorded and not drawn
        is_lead, is_pleth = role == "ECG", role == "PLETH"
        if self._read_keys.get(role) != key:
            self._begin(role, key)
        values = chunk.scale.physical(chunk.samples)
        calibrated = chunk.scale.unit_per_count is not None
        t_ns_of_end = placed.t_ns + round(len(values) * NS_PER_S / chunk.rate_hz)
        if is_lead:
            values = self._read_ecg(chunk, values, placed, t_ns_of_end)
        elif is_pleth and PULSE_RATES_HZ[0] <= chunk.rate_hz <= PULSE_RATES_HZ[1]:
            self._read_pleth(chunk, values, placed, t_ns_of_end)
        elif role == "RESP":
            self.breathing.chunk(chunk.rate_hz, values, placed.index, t_ns_of_end)
        self._publish(
            WaveShown(
                key[0],
                key[1],
                chunk.rate_hz,
                placed.index,
                values.astype(np.float32),
                t_ns_of_end,
                calibrated,
            )
        )

    def _begin(self, role: str, key: Key) -> None:
        """Read a role from another wave: what its channel had learnt was of the old one, and so is its counter."""
        self._read_keys[role] = key
        if role == "ECG":
            self._ecg = None
        elif role == "PLETH":
            self._pleth = None
        elif role == "RESP":
            self.breathing.begin()

    def _read_ecg(self, chunk: WaveChunk, values: np.ndarray, placed: Placed, t_ns_of_end: int) -> np.ndarray:
        calibrated = chunk.scale.unit_per_count is not None
        if self._ecg is None or self._ecg.rate_hz != chunk.rate_hz or self._calibrated != calibrated:
            edges = chunk.scale.physical(np.array([chunk.scale.low, chunk.scale.high]))
            self._calibrated = calibrated
            self._ecg = EcgChannel(
                chunk.rate_hz, scale_is_mv=calibrated, edges=(float(edges[0]), float(edges[1]))
            )
            self._filter_anew(self._ecg)
            self._signal_since = None
        if placed.gap_ns or self._signal_since is None:
            self._signal_since = placed.t_ns
        update = self._ecg.feed(values, placed.index)
        for beat in update.beats:
            offset = round((beat.sample - placed.index) * NS_PER_S / chunk.rate_hz)
            self._beats_t_ns.append(placed.t_ns + offset)
        self._beats_seen += len(update.beats)
        self._ecg_end = (placed.index + len(values), t_ns_of_end)
        return update.display

    @property
    def ecg_filter(self) -> tuple[FilterMode, int]:
        """How the ECG is drawn: band, and mains notch in Hz."""
        return self._mode, round(self._mains.value)

    @property
    def ecg_modes(self) -> tuple[FilterMode, ...]:
        """The bands this monitor's ECG can have."""
        return available_modes(self._ecg.rate_hz) if self._ecg is not None else tuple(FilterMode)

    def set_filter(self, mode: FilterMode, mains: Mains) -> None:
        """Draw the ECG through another filter from the next sample on.

        :raises KnownError: the wave has too few samples a second for it.
        """
        if mode not in self.ecg_modes:
            raise KnownError(
                f"This monitor's ECG has too few samples a second for {mode.label}; choose another band."
            )
        self._mode, self._mains = mode, mains
        if self._ecg is not None:
            self._ecg.set_filter(mode, mains=mains)

    def _filter_anew(self, channel: EcgChannel) -> None:
        """Give a channel made anew the filter in force; a band its rate cannot carry is given up."""
        if self._mode not in available_modes(channel.rate_hz):
            self._mode = FilterMode.MONITOR
        channel.set_filter(self._mode, mains=self._mains)

    def _read_pleth(self, chunk: WaveChunk, values: np.ndarray, placed: Placed, t_ns_of_end: int) -> None:
        if self._pleth is None or self._pleth_rate_hz != chunk.rate_hz:
            self._pleth, self._pleth_rate_hz = PlethChannel(chunk.rate_hz), chunk.rate_hz
        for pulse in self._pleth.feed(values, placed.index):
            offset = round((pulse.sample - placed.index) * NS_PER_S / chunk.rate_hz)
            self._pulses_t_ns.append(placed.t_ns + offset)
        self._pleth_end = (placed.index + len(values), t_ns_of_end)

    def second(self, t_ns: int) -> None:
        """Read rates and qualities of waves that come; called once a second."""
        self.breathing.second()
        if self._ecg is not None:
            sample, end_ns = self._ecg_end
            silent = t_ns - end_ns > SILENT_NS
            self.ecg_second = None if silent else self._ecg.second(sample)
            if silent:
                self._signal_since = None  # without samples there is no asystole either
        if self._pleth is not None:
            sample, end_ns = self._pleth_end
            self.pleth_second = self._pleth.second(sample) if t_ns - end_ns <= SILENT_NS else None

    def source_lost(self, source: str) -> None:
        """The source's waves have stopped: what they said of the heart is no longer so."""
        self._choice.lost(source)
        for key, placement in self._placements.items():
            if key[0] == source:
                placement.lost()
        if self.lead_source == source:
            self._signal_since = None
            self.ecg_second = None
        if self._pleth_key and self._pleth_key[0] == source:
            self.pleth_second = None
        if self._read_keys.get("RESP", ("", ""))[0] == source:
            self.breathing.lost()

    def own_rate(self, t_ns: int) -> Shown:
        """Chairside's own heart rate from the ECG (clinical.md §8.3)."""
        if self._lead is None:
            return NOT_FITTED
        second = self.ecg_second
        if second is None or second.rate.per_min is None:
            return Shown(None, 0.0, "chairside", self._ecg_end[1])
        return Shown(
            round(second.rate.per_min), second.quality.value, "chairside", min(t_ns, self._ecg_end[1])
        )

    @property
    def ecg_signal(self) -> SignalFacts | None:
        """How well the ECG can be read now; None without one."""
        second = self.ecg_second
        return None if second is None else SignalFacts(second.quality.value, second.quality.reason.value)

    def beat_facts(self, t_ns: int, fast_per_min: float, slow_per_min: float) -> BeatFacts | None:
        """What the beats say now; None without an ECG."""
        if self._ecg is None:
            return None
        meter = self._ecg.meter
        rate = self.ecg_second.rate if self.ecg_second else None
        return BeatFacts(
            last_beat_t_ns=self._beats_t_ns[-1] if self._beats_t_ns else None,
            signal_since_t_ns=self._signal_since,
            fast_run=meter.run_above(fast_per_min),
            slow_run=meter.run_below(slow_per_min),
            beats_last_5_s=sum(1 for b in self._beats_t_ns if t_ns - b <= RECENT_NS),
            median_rate_per_min=rate.beat_level_per_min if rate else None,
        )

    def pulse_facts(self, t_ns: int) -> PulseFacts | None:
        """What the pulses say now; None without a pleth."""
        second = self.pleth_second
        if second is None:
            return None
        recent = [p for p in self._pulses_t_ns if t_ns - p <= CONFIRM_NS]
        return PulseFacts(
            median_rate_per_min=second.rate.beat_level_per_min,
            quality=second.quality.value,
            last_pulse_t_ns=self._pulses_t_ns[-1] if self._pulses_t_ns else None,
            regular_pulses_last_4_s=len(recent),
        )
