"""The record's wave tracks: every wave of every monitor, each block and each gap at its place (design.md §3)."""

from collections.abc import Callable, Mapping

from devices.clock import NS_PER_S
from devices.signals import WaveChunk
from monitor_app.core.journal import GapEntry, WaveBlock
from monitor_app.services.bedside.placement import Placed, Placement
from monitor_app.services.bedside.sources import Key
from monitor_app.services.bedside.wave_choice import is_unnamed, role_of
from monitor_app.services.session_clock import SessionClock
from monitor_app.storage.wave_end import WaveEnd


class WaveTracks:
    """Bedside thread only. ``record`` gets what is to be kept, raw as it stood on the wire."""

    def __init__(self, clock: SessionClock, record: Callable[[WaveBlock | GapEntry], None]) -> None:
        self._clock = clock
        self._record = record
        self._placements: dict[Key, Placement] = {}

    def restore(self, ends: Mapping[Key, WaveEnd], t_ns: int) -> None:
        """Go on with the counters of a recording that was cut off; what ran on meanwhile is left open up to ``t_ns``."""
        for key, end in ends.items():
            missed = max(round((t_ns - end.t_ns) * end.rate_hz / NS_PER_S), 0)
            self._placements[key] = Placement(
                end.rate_hz, next_index=end.next_sample + missed, from_t_ns=max(t_ns, end.t_ns)
            )

    def take(self, key: Key, chunk: WaveChunk, arrived_t_ns: int) -> Placed:
        """Record a chunk that came just now, and what is missing before it; where it lies."""
        source, name = key
        known = self._placements.get(key)
        placement = self._begin(key, chunk.rate_hz, known)
        placed = placement.place(chunk.first_sample, len(chunk.samples), arrived_t_ns)
        if known is None:
            self._named_at_last(key, placed.t_ns, placement.samples_ns(len(chunk.samples)))
        if placed.gap_ns:
            self._gap(key, placed.gap_from_ns, placed.gap_ns, "samples missing")
        stamp = self._clock.stamp(placed.t_ns)
        self._record(WaveBlock(stamp, source, name, chunk.rate_hz, placed.index, chunk.samples, chunk.scale))
        return placed

    def _begin(self, key: Key, rate_hz: float, known: Placement | None) -> Placement:
        """The track a chunk belongs to: another rate is another one, with a counter of its own."""
        if known is not None and known.rate_hz == rate_hz:
            return known
        from_t_ns = None if known is None else known.end_t_ns
        placement = self._placements[key] = Placement(rate_hz, from_t_ns=from_t_ns)
        return placement

    def _named_at_last(self, key: Key, begins_t_ns: int, lasts_ns: int) -> None:
        """Mark what is missing between a lead's last samples without a name and its first ones under it."""
        if role_of(key[1]) != "ECG" or is_unnamed(key[1]):
            return
        for (source, name), before in self._placements.items():
            missing_ns = begins_t_ns - before.end_t_ns
            # What gets lost is whole packets; less than half of one is the unevenness of arrival.
            if source == key[0] and is_unnamed(name) and 2 * missing_ns >= lasts_ns:
                self._gap((source, name), before.end_t_ns, missing_ns, "samples missing")

    def lost(self, source: str) -> None:
        """The connection is gone: what comes next over it begins anew."""
        for key, placement in self._placements.items():
            if key[0] == source:
                placement.lost()

    def end(self, t_ns: int) -> None:
        """Write the gaps that have not ended when recording does."""
        for key, placement in self._placements.items():
            silent_ns = t_ns - placement.end_t_ns
            if silent_ns >= NS_PER_S and not self._goes_on_named(key, placement):
                self._gap(key, placement.end_t_ns, silent_ns, "nothing came until the end")

    def _goes_on_named(self, key: Key, placement: Placement) -> bool:
        """Whether a lead sent without a name has since come under its name: nothing of it is missing then."""
        return is_unnamed(key[1]) and any(
            other.end_t_ns > placement.end_t_ns
            for (source, lead), other in self._placements.items()
            if source == key[0] and role_of(lead) == "ECG" and not is_unnamed(lead)
        )

    def _gap(self, key: Key, from_t_ns: int, lasts_ns: int, why: str) -> None:
        self._record(GapEntry(self._clock.stamp(from_t_ns), *key, lasts_ns, why))
