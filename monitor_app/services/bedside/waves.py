"""The waves' desk: records every chunk raw, and draws and reads one ECG lead, one pleth and one breathing curve."""

from collections.abc import Callable, Iterable

import numpy as np

from devices.clock import NS_PER_S
from devices.signals import WaveChunk
from monitor_app.core.alarm.facts import NOT_FITTED, Shown
from monitor_app.core.journal import GapEntry, WaveBlock
from monitor_app.services.bedside.breathing import Breathing
from monitor_app.services.bedside.ecg_lead import EcgLead
from monitor_app.services.bedside.placement import Placed
from monitor_app.services.bedside.pleth_wave import PlethWave
from monitor_app.services.bedside.publication import WaveShown
from monitor_app.services.bedside.sources import Key, Switch
from monitor_app.services.bedside.wave_choice import SensorOff, WaveChoice
from monitor_app.services.bedside.wave_tracks import WaveTracks
from monitor_app.services.session_clock import SessionClock

_NO_KEY: Key = ("", "")


class WavesDesk:
    """All waves of all sources. Bedside thread only.

    ``publish`` gets what is to be drawn, ``record`` what is to be kept. ``tracks`` keeps all of
    them; ``ecg``, ``pleth`` and ``breathing`` read those in use.
    """

    def __init__(
        self,
        clock: SessionClock,
        publish: Callable[[WaveShown], None],
        record: Callable[[WaveBlock | GapEntry], None],
    ) -> None:
        self._publish = publish
        self.tracks = WaveTracks(clock, record)
        self._choice = WaveChoice()
        self._read_keys: dict[str, Key] = {}  # by role: the wave its channel has been fed with
        self.ecg = EcgLead()
        self.pleth = PlethWave()
        self.breathing = Breathing()

    @property
    def lead(self) -> str:
        """The name of the lead that is shown and read for beats."""
        return (self._choice.key("ECG") or _NO_KEY)[1]

    @property
    def lead_source(self) -> str:
        """The monitor that lead belongs to; empty where none sends an ECG."""
        return (self._choice.key("ECG") or _NO_KEY)[0]

    @property
    def breathing_source(self) -> str:
        """The monitor whose breathing wave is drawn and read; empty where none sends one."""
        return (self._choice.key("RESP") or _NO_KEY)[0]

    def add_source(self, source: str, wave_names: Iterable[str]) -> None:
        """A monitor takes part that announces these waves; earlier ones are preferred to later ones."""
        self._choice.add_source(source, wave_names)

    def rank(self, t_ns: int, sensor_off: SensorOff) -> list[Switch]:
        """Choose anew which waves are drawn and read; where another is from now on, its trace begins there."""
        switches = self._choice.rank(t_ns, sensor_off)
        for switch in switches:
            if switch.quantity == "ECG":
                self.ecg.lost()
            elif switch.quantity == "PLETH":
                self.pleth.lost()
        return switches

    def chunk(self, source: str, chunk: WaveChunk, arrived_t_ns: int) -> bool:
        """Take a chunk that came just now; True when it held a beat, or comes while the wave in use does not."""
        key = (source, chunk.name)
        role = self._choice.heard(key, chunk.rate_hz, arrived_t_ns, chunk.quality)
        placed = self.tracks.take(key, chunk, arrived_t_ns)
        if key != self._choice.key(role):
            # Other leads, and the same wave of a second monitor, are recorded and not drawn.
            return self._choice.wanting(key, arrived_t_ns)
        beats_before = self.ecg.beats_seen
        self._read(role, key, chunk, placed)
        return self.ecg.beats_seen != beats_before

    def _read(self, role: str, key: Key, chunk: WaveChunk, placed: Placed) -> None:
        """Read what the wave in use says, and hand on what is drawn of it."""
        if self._read_keys.get(role) != key:
            self._begin(role, key)
        values = chunk.scale.physical(chunk.samples)
        t_ns_of_end = placed.t_ns + round(len(values) * NS_PER_S / chunk.rate_hz)
        if role == "ECG":
            values = self.ecg.chunk(chunk, values, placed, t_ns_of_end)
        elif role == "PLETH":
            self.pleth.chunk(chunk.rate_hz, values, placed, t_ns_of_end)
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
                chunk.scale.unit_per_count is not None,
            )
        )

    def _begin(self, role: str, key: Key) -> None:
        """Read a role from another wave: what its channel had learnt was of the old one, and so is its counter."""
        self._read_keys[role] = key
        if role == "ECG":
            self.ecg.begin()
        elif role == "PLETH":
            self.pleth.begin()
        elif role == "RESP":
            self.breathing.begin()

    def second(self, t_ns: int) -> None:
        """Read rates and qualities of waves that come; called once a second."""
        self.breathing.second()
        self.ecg.second(t_ns)
        self.pleth.second(t_ns)

    def source_lost(self, source: str) -> None:
        """The source's waves have stopped: what they said of the heart is no longer so."""
        self._choice.lost(source)
        self.tracks.lost(source)
        if self.lead_source == source:
            self.ecg.lost()
        if (self._choice.key("PLETH") or _NO_KEY)[0] == source:
            self.pleth.lost()
        if self._read_keys.get("RESP", _NO_KEY)[0] == source:
            self.breathing.lost()

    def own_rate(self, t_ns: int) -> Shown:
        """Chairside's own heart rate from the lead in use; not fitted where no monitor sends an ECG."""
        return self.ecg.rate(t_ns) if self._choice.key("ECG") else NOT_FITTED
