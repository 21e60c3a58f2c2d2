"""Bytes of a BCI oximeter into signals (protocols.md §7.1)."""

from devices.protocols.bci.frames import BEEP, FRAME_BYTES, PLETH_HIGH, PLETH_HIGH_CMS50, FrameReader
from devices.protocols.bci.pleth import PlethStream
from devices.protocols.bci.rate import CMS50_RATE_HZ, DOCUMENTED_RATE_HZ, BeatRate
from devices.protocols.bci.state import Dialect, ProbeState, read_state, signal_readings, state_runs
from devices.signals import BeatMark, Counters, NumericReading, Signal

_SHORTEST_BEAT_S = 0.2  # 300 a minute; a flipped bit is no beat of its own within it
_BLOCK = 300  # frames between looks at what the beeps say of the rate
_BEEPS = bytes(bool(first & BEEP) for first in range(256))


class BciDecoder:
    """A sans-I/O decoder. Any bytes may be fed, cut anywhere; the wave of one ``feed`` comes last.

    Numbers and conditions are told when they change and once a second. A change is believed when two frames on end agree
    on all of them, which costs 10 to 17 ms: sharper than ``Agreement`` (a jump of 20 %), because at this rate it is free.

    Without ``rate_hz`` the wave is held back until ``set_rate``, or for three seconds; the beeps may tell the rate then
    and later (``BeatRate``), otherwise it is the documented one.
    """

    def __init__(self, *, rate_hz: float | None = DOCUMENTED_RATE_HZ) -> None:
        self._reader = FrameReader()
        self._pleth = PlethStream()
        self._beats = BeatRate()
        self._rate_hz = rate_hz
        self._rate_told = False  # by the arrival of the bytes, which the beeps cannot overrule
        self._pulse_per_min: float | None = None
        self._heard_hz: float | None = None  # from the beeps
        self._dialect = Dialect.PROBE
        self._seen = 0  # frames
        self._key: int | None = None  # believed
        self._doubted: int | None = None
        self._state: ProbeState | None = None
        self._told_at = 0
        self._before = 0  # byte 1 of the last frame
        self._beeping = False
        self._beat_at: int | None = None

    @property
    def counters(self) -> Counters:
        """See ``Decoder``."""
        return self._reader.counters

    @property
    def buffered(self) -> int:
        """Bytes held back because their frame is not complete, or not yet confirmed."""
        return self._reader.buffered

    @property
    def rate_hz(self) -> float | None:
        """The rate in use for the wave; None while it is held back."""
        return self._rate_hz

    def feed(self, data: bytes) -> list[Signal]:
        """See ``Decoder``."""
        signals: list[Signal] = []
        for run in self._reader.feed(data):
            if run.broken:
                self._doubted = None
                self._beats.interrupt()
            octets, lost = run.octets, run.lost
            while octets:
                block = octets[: FRAME_BYTES * (_BLOCK - self._seen % _BLOCK)]
                signals += self._take(block, lost)
                octets, lost = octets[len(block) :], 0
        return signals + self._waves()

    def set_rate(self, rate_hz: float) -> list[Signal]:
        """Take the rate heard from the arrival of the bytes; return the wave held back and what the flags now mean."""
        self._rate_told = True
        changes = self._use_rate(rate_hz)
        return changes + self._waves()

    def _use_rate(self, rate_hz: float) -> list[Signal]:
        self._rate_hz = rate_hz
        cms50 = rate_hz == CMS50_RATE_HZ
        self._dialect = Dialect.CMS50 if cms50 else Dialect.PROBE
        self._reader.pleth_high = PLETH_HIGH_CMS50 if cms50 else PLETH_HIGH
        if self._key is None:
            return []
        before, self._state = self._state, read_state(self._key, self._dialect)
        if self._state == before:
            return []
        return self._state.changes_from(before) + self._state.readings()

    def _waves(self) -> list[Signal]:
        return [] if self._rate_hz is None else [*self._pleth.take(self._rate_hz, self._dialect)]

    def _take(self, octets: bytes, lost: int) -> list[Signal]:
        self._pleth.add(octets, lost)
        # States and beats in the order of their frames, however these were cut.
        told = self._states(octets) + self._beeps(octets)
        told.sort(key=lambda item: item[0])
        self._listen(told)
        self._seen += len(octets) // FRAME_BYTES
        self._before = octets[-FRAME_BYTES]
        signals = [signal for _, said in told for signal in said]
        return signals if self._seen % _BLOCK else signals + self._end_block()

    def _listen(self, told: list[tuple[int, list[Signal]]]) -> None:
        for frame, said in told:
            for signal in said:
                if isinstance(signal, NumericReading) and signal.name == "PR":
                    self._pulse_per_min = signal.value
                elif isinstance(signal, BeatMark):
                    self._heard_hz = self._beats.beep(frame, self._pulse_per_min) or self._heard_hz

    def _end_block(self) -> list[Signal]:
        """Settle the rate where arrival has not told it: only here, so that it does not depend on how bytes were cut."""
        if self._rate_told or (self._rate_hz is None and not self._pleth.full):
            return []
        found = self._heard_hz or self._rate_hz or DOCUMENTED_RATE_HZ
        if found == self._rate_hz:
            return []
        waves = self._waves()
        return waves + self._use_rate(found)

    def _states(self, octets: bytes) -> list[tuple[int, list[Signal]]]:
        told: list[tuple[int, list[Signal]]] = []
        for key, start, end in state_runs(octets):
            believed_at = self._believe(key, start, end)
            if believed_at is None:
                continue
            if believed_at >= 0:
                told.append((self._seen + believed_at, self._change(key, believed_at)))
            told += self._repeats(octets, max(believed_at, start), end)
        return told

    def _believe(self, key: int, start: int, end: int) -> int | None:
        """Return the frame at which a new state is believed, -1 for the old one, None for one not believed yet."""
        doubted, self._doubted = self._doubted, None
        if key == self._key:
            return -1
        if self._key is None or key == doubted:
            return start
        if end - start > 1:
            return start + 1
        self._doubted = key
        return None

    def _change(self, key: int, at: int) -> list[Signal]:
        before, self._state = self._state, read_state(key, self._dialect)
        self._key = key
        self._told_at = self._seen + at
        return self._state.changes_from(before) + self._state.readings()

    def _repeats(self, octets: bytes, start: int, end: int) -> list[tuple[int, list[Signal]]]:
        """Tell the numbers again once a second, and how the signal looks by the frame that is there then."""
        every = round(self._rate_hz or DOCUMENTED_RATE_HZ)
        told: list[tuple[int, list[Signal]]] = []
        while self._state is not None and self._told_at + every < self._seen + end:
            self._told_at = max(self._told_at + every, self._seen + start)
            looks = signal_readings(octets, self._told_at - self._seen, self._before)
            told.append((self._told_at, self._state.readings() + looks))
        return told

    def _beeps(self, octets: bytes) -> list[tuple[int, list[Signal]]]:
        beeps = bytes((self._beeping,)) + octets[::FRAME_BYTES].translate(_BEEPS)
        self._beeping = bool(beeps[-1])
        told: list[tuple[int, list[Signal]]] = []
        place = beeps.find(b"\x00\x01")
        while place >= 0:
            at = self._seen + place
            shortest = _SHORTEST_BEAT_S * (self._rate_hz or DOCUMENTED_RATE_HZ)
            if self._beat_at is None or at - self._beat_at >= shortest:
                self._beat_at = at
                told.append((at, [BeatMark("PLETH")]))
            place = beeps.find(b"\x00\x01", place + 1)
        return told
