"""Which wave of which monitor is drawn and read: one ECG lead, one pleth, one breathing curve, however many come.

What a driver announces is a promise; what counts is what is heard. A monitor may name its lead otherwise than announced,
rename it while it runs (the first packets of a DRI monitor know no lead), or stop sending it.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from devices.clock import NS_PER_MS, NS_PER_S
from devices.signals import Quality
from monitor_app.services.bedside.sources import Key, Offer, Ranking, Switch, Worth
from monitor_app.services.bedside.vitals import USABLE, quality_figure

LEAD_PREFERENCE = ("ECG_II", "ECG_I", "ECG_III", "ECG_V", "ECG")
"""Which lead is shown and read for beats, where a monitor sends several (clinical.md §8.1: default II)."""
PULSE_RATES_HZ = (25.0, 500.0)
"""Where pulses can be found in a pleth."""
BEAT_RATE_HZ = 100.0
"""Below it an ECG stands behind others: clinical.md §8.1 asks for 250."""
SILENT_NS = 2 * NS_PER_S
"""A wave is gone when nothing of it has come for so long; packets come once a second at most (protocols.md §2.4)."""
OUTPACED = 3
"""A lead is no longer sent when the others of its monitor have come so often without it."""
POOR_NS = 2 * NS_PER_S
"""A device's doubt about a wave counts when it has lasted: one moved electrode is no reason to change the trace."""
RANK_EVERY_NS = 200 * NS_PER_MS
"""Sooner than this nothing new can be found out by comparing again."""

_ECG = "ECG"
_UNNAMED = re.compile(r"ECG\d*")
SensorOff = Callable[[str, str], str]
"""Why the sensor of a source (first) for a role (second) gives nothing; empty while it is on."""


@dataclass(slots=True)
class _Heard:
    role: str
    rate_hz: float
    t_ns: int
    round: int = 0  # of its monitor's leads, when it came last
    poor_since: int | None = None
    live: bool = True  # False: the connection was lost after it


def role_of(name: str) -> str:
    """What a wave shows: all leads show the same heart."""
    return _ECG if name.startswith(_ECG) else name


class WaveChoice:
    """See the module. Bedside thread only."""

    def __init__(self) -> None:
        self._order: list[str] = []
        self._announced: dict[str, list[Key]] = {}  # by role
        self._heard: dict[Key, _Heard] = {}
        self._rounds: dict[
            str, tuple[int, set[str]]
        ] = {}  # by source: how often its leads came, and which this time
        self._ecg_since: dict[str, int] = {}  # since when a source has been sending an ECG without a break
        self._ranking = Ranking()
        self._sorted: dict[str, list[Key]] = {}
        self._ranked_t_ns = 0

    def add_source(self, source: str, names: Iterable[str]) -> None:
        """A monitor takes part that announces these waves; they serve until it is heard what comes."""
        self._order.append(source)
        self._sorted.clear()
        for name in sorted(names, key=_lead_rank):
            self._announced.setdefault(role_of(name), []).append((source, name))
            if self._ranking.key(role_of(name)) is None:
                self._ranking.take(role_of(name), (source, name))

    def key(self, role: str) -> Key | None:
        """The wave that serves for a role; None where no monitor has or announces one."""
        return self._ranking.key(role)

    def heard(self, key: Key, rate_hz: float, t_ns: int, quality: Quality = Quality.GOOD) -> str:
        """Note that samples of a source came that takes part; the role of their wave."""
        heard = self._heard.get(key)
        if heard is None or heard.rate_hz != rate_hz:
            heard = self._heard[key] = _Heard(role_of(key[1]), rate_hz, t_ns)
            self._sorted.clear()
        if quality_figure(quality) >= USABLE:
            heard.poor_since = None
        elif heard.poor_since is None:
            heard.poor_since = t_ns
        heard.t_ns, heard.live = t_ns, True
        if heard.role == _ECG:
            self._ecg_since.setdefault(key[0], t_ns)
            heard.round = self._round(key)
        chosen = self._ranking.key(heard.role)
        if chosen == key:
            return heard.role
        if chosen is None or (chosen[0] == key[0] and is_unnamed(chosen[1]) and not is_unnamed(key[1])):
            self._ranking.take(heard.role, key)  # the same wave, under its name at last
        return heard.role

    def _round(self, key: Key) -> int:
        number, names = self._rounds.get(key[0], (0, set()))
        if key[1] in names:
            number, names = number + 1, set()
        names.add(key[1])
        self._rounds[key[0]] = number, names
        return number

    def wanting(self, key: Key, t_ns: int) -> bool:
        """Whether something else comes while the wave that should serve does not: it is time to ``rank``."""
        if t_ns - self._ranked_t_ns < RANK_EVERY_NS:
            return False
        chosen = self._ranking.key(role_of(key[1]))
        return chosen is not None and chosen != key and not self._comes(chosen, t_ns)

    def lost(self, source: str) -> None:
        """The connection is gone: nothing that came over it tells of now."""
        self._ecg_since.pop(source, None)
        for key, heard in self._heard.items():
            if key[0] == source:
                heard.live = False

    def rank(self, t_ns: int, sensor_off: SensorOff) -> list[Switch]:
        """Choose anew by what comes now; what is drawn and read from another wave from now on."""
        self._ranked_t_ns = t_ns
        switches = []
        for role in self._roles():
            keys = self._keys(role)
            first = self._offer(keys[0], role, t_ns, sensor_off)
            serving = first.worth is Worth.GOOD and self._ranking.key(role) == keys[0]
            others = () if serving else keys[1:]  # nothing is preferred to it, so nothing else need be asked
            offers = [first, *(self._offer(key, role, t_ns, sensor_off) for key in others)]
            switch = self._ranking.review(role, offers, t_ns)
            if switch is not None:
                switches.append(switch)
        return switches

    def _roles(self) -> list[str]:
        if not self._sorted:
            for role in dict.fromkeys((*self._announced, *(role_of(name) for _, name in self._heard))):
                self._keys(role)
        return list(self._sorted)

    def _keys(self, role: str) -> list[Key]:
        """Every wave of a role, the preferred one first: fit for reading, earlier monitor, better lead."""
        if role not in self._sorted:
            of_role = (key for key in self._heard if role_of(key[1]) == role)
            keys = dict.fromkeys((*self._announced.get(role, ()), *of_role))
            self._sorted[role] = sorted(keys, key=self._preference)
        return self._sorted[role]

    def _preference(self, key: Key) -> tuple[bool, int, tuple[int, bool, str]]:
        return not self._fit(key), self._order.index(key[0]), _lead_rank(key[1])

    def _fit(self, key: Key) -> bool:
        heard = self._heard.get(key)
        if heard is None:
            return True
        if heard.role == _ECG:
            return heard.rate_hz >= BEAT_RATE_HZ
        return key[1] != "PLETH" or PULSE_RATES_HZ[0] <= heard.rate_hz <= PULSE_RATES_HZ[1]

    def _comes(self, key: Key, t_ns: int) -> bool:
        heard = self._heard.get(key)
        if heard is None:
            return self._awaited(key, t_ns)
        return heard.live and not self._outpaced(key, heard) and t_ns - heard.t_ns < SILENT_NS

    def _outpaced(self, key: Key, heard: _Heard) -> bool:
        return heard.role == _ECG and self._rounds[key[0]][0] - heard.round >= OUTPACED

    def _awaited(self, key: Key, t_ns: int) -> bool:
        """Whether an announced lead may still come: its monitor has been sending another one for less than 2 s."""
        since = self._ecg_since.get(key[0])
        best = next((k for k in self._announced.get(_ECG, ()) if k[0] == key[0]), None)
        return since is not None and key == best and t_ns - since < SILENT_NS

    def _offer(self, key: Key, role: str, t_ns: int, sensor_off: SensorOff) -> Offer:
        why = sensor_off(key[0], role)
        heard = self._heard.get(key)
        if not why and not self._comes(key, t_ns):
            why = self._missing(key, heard, t_ns)
        if why:
            return Offer(key, Worth.NOTHING, why)
        if heard is not None and heard.poor_since is not None and t_ns - heard.poor_since >= POOR_NS:
            return Offer(key, Worth.DOUBTFUL, "poor signal")
        return Offer(key, Worth.GOOD)

    def _missing(self, key: Key, heard: _Heard | None, t_ns: int) -> str:
        if heard is None:
            return f"no {key[1]} comes from it"
        if not heard.live:
            return "connection lost"
        if self._outpaced(key, heard):
            return f"{key[1]} no longer comes"
        return f"silent for {(t_ns - heard.t_ns) // NS_PER_S} s"


def is_unnamed(name: str) -> bool:
    """Whether an ECG wave is named by its channel only: its lead has not been told."""
    return _UNNAMED.fullmatch(name) is not None


def _lead_rank(name: str) -> tuple[int, bool, str]:
    known = LEAD_PREFERENCE.index(name) if name in LEAD_PREFERENCE else len(LEAD_PREFERENCE)
    return known, is_unnamed(name), name
