"""Bytes of a HealthyPi into signals."""

import numpy as np

from chairside_healthypi.frame import FRAME_BYTES, HEAD, RATE_HZ, Sample, parse
from devices.signals import Counters, NumericReading, Quality, Signal, WaveChunk, WaveScale

WAVES = {"ECG_II": "ecg", "RESP": "breath", "PLETH_RED": "red", "PLETH": "infrared"}
SCALE = WaveScale("1", None, 0, -(1 << 23), (1 << 23) - 1)
_FIELDS = {
    "HR": ("hr_per_min", "/min", 1.0),
    "SPO2": ("spo2_percent", "%", 1.0),
    "RR": ("rr_per_min", "/min", 1.0),
    "TEMP": ("temperature_centi_c", "Cel", 0.01),
}
_TELL_EVERY = round(RATE_HZ)
"""Frames: every number is told once a second, and at once when it has changed."""


class HealthyPiDecoder:
    """A sans-I/O decoder. There is no checksum: a changed number is believed when two good frames in a row say it."""

    def __init__(self) -> None:
        self.buffered = 0
        self._buffer = b""
        self._bytes_in = self._ok = self._bad = self._resyncs = self._discarded = 0
        self._gone = 0  # bytes discarded since the last good frame
        self._lost = False  # among them a frame, as far as can be told
        self._next = 0
        self._run: list[Sample] = []
        self._runs: list[tuple[int, list[Sample]]] = []
        self._last: dict[str, int] = {}
        self._told: dict[str, tuple[int, int]] = {}  # value and the frame it was told at

    @property
    def counters(self) -> Counters:
        """See ``Decoder``."""
        return Counters(self._bytes_in, self._ok, self._bad, self._resyncs, self._discarded)

    def feed(self, data: bytes) -> list[Signal]:
        """See ``Decoder``; the waves of one ``feed`` come last."""
        self._bytes_in += len(data)
        buffer = self._buffer + data
        signals: list[Signal] = []
        at = 0
        while at < len(buffer):
            if not buffer.startswith(HEAD[: len(buffer) - at], at):
                at = self._discard(at)
            elif len(buffer) - at < FRAME_BYTES:
                break
            elif (sample := parse(buffer[at : at + FRAME_BYTES])) is None:
                self._bad += 1
                self._lost = True
                at = self._discard(at)
            else:
                signals += self._take(sample)
                at += FRAME_BYTES
        self._buffer = buffer[at:]
        self.buffered = len(self._buffer)
        return signals + self._waves()

    def _discard(self, at: int) -> int:
        self._resyncs += not self._gone
        self._gone += 1
        self._discarded += 1
        return at + 1

    def _take(self, sample: Sample) -> list[Signal]:
        self._ok += 1
        if self._gone:
            # A byte too few or too many in the head leaves a frame's length of rubbish.
            if self._lost or abs(self._gone - FRAME_BYTES) <= 1:
                self._end_run()
                self._next += 1
            self._gone, self._lost = 0, False
        self._run.append(sample)
        signals: list[Signal] = []
        for name, (field, unit, step) in _FIELDS.items():
            count = getattr(sample, field)
            told = self._told.get(name)
            agreed = self._last.get(name) == count
            if agreed and (told is None or told[0] != count or self._ok - told[1] >= _TELL_EVERY):
                self._told[name] = (count, self._ok)
                quality = Quality.GOOD if count else Quality.INVALID
                value = round(count * step, 2) if count else None
                signals.append(NumericReading(name, value, unit, quality))
            self._last[name] = count
        return signals

    def _end_run(self) -> None:
        if self._run:
            self._runs.append((self._next, self._run))
            self._next += len(self._run)
            self._run = []

    def _waves(self) -> list[Signal]:
        self._end_run()
        runs, self._runs = self._runs, []
        return [
            WaveChunk(
                name,
                RATE_HZ,
                first,
                np.array([getattr(sample, field) for sample in run], dtype=np.int32),
                SCALE,
            )
            for first, run in runs
            for name, field in WAVES.items()
        ]
