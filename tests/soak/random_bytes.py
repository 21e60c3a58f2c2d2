"""Random bytes into a decoder: it must not raise, not grow, and hardly ever believe to hear a patient."""

import time
import tracemalloc
from dataclasses import dataclass

import numpy as np

from devices.registry import make_driver
from devices.signals import NibpResult, NumericReading

PIECE = 1024
LARGEST_BUFFER = 70_000
"""Bytes: the longest message any family has, an HL7 report, with room to spare."""
GROWTH_BYTES = 400_000


@dataclass(frozen=True, slots=True)
class NoiseFigures:
    """What one decoder made of noise. ``growth_bytes`` is memory taken after the first fifth."""

    driver_id: str
    fed: int
    seconds: float
    frames_ok: int
    numbers: int
    buffered: int
    growth_bytes: int | None

    @property
    def bytes_per_s(self) -> float:
        return self.fed / self.seconds


def feed_noise(driver_id: str, count: int, *, seed: int = 1, trace_memory: bool = True) -> NoiseFigures:
    """Feed so many random bytes and return the figures; with ``trace_memory`` it takes about three times as long."""
    rng = np.random.default_rng(seed)
    if trace_memory:
        tracemalloc.start()
    decoder = make_driver(driver_id).capture_decoder()
    largest = numbers = fed = 0
    early: int | None = None
    begun = time.thread_time()
    while fed < count:
        signals = decoder.feed(rng.bytes(min(PIECE, count - fed)))
        fed += min(PIECE, count - fed)
        numbers += sum(isinstance(s, NumericReading | NibpResult) for s in signals)
        largest = max(largest, decoder.buffered)
        if trace_memory and early is None and fed >= count // 5:
            early = tracemalloc.get_traced_memory()[0]
    took_s = time.thread_time() - begun
    growth = None
    if trace_memory:
        signals = []
        growth = tracemalloc.get_traced_memory()[0] - (early or 0)
        tracemalloc.stop()
    counters = decoder.counters
    assert counters.bytes_in == fed
    return NoiseFigures(driver_id, fed, took_s, counters.frames_ok, numbers, largest, growth)
