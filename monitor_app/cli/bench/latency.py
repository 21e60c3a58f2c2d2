"""From the wire to the eye: how long a sample takes through the live program to its pixel (design.md §9)."""

import time
from bisect import bisect_left
from pathlib import Path

import numpy as np

from devices.clock import NS_PER_MS
from devices.registry import make_driver
from devices.signals import WaveChunk
from monitor_app.cli.bench.figure import Figure
from monitor_app.cli.bench.rig import PaintWatch, Rig, live_rig, wait_for
from monitor_app.services.ports import RecordingSounder

BOUND_MS = 50.0
"""design.md §9: Byte on the wire → pixel."""
WARM_UP_S = 2.0

Passing = tuple[list[int], list[int]]
"""Counters (one past the newest sample), and the monotonic instants at which they were passed."""


def measure_latency(folder: Path, *, quick: bool) -> list[Figure]:
    """Each write of the emulated monitor against the first painting that shows its last sample; the worst wave counts."""
    painted: dict[str, Passing] = {}
    with live_rig(folder, RecordingSounder()) as rig:
        _watch(rig, painted)
        wait_for(lambda: bool(painted), seconds=5.0)
        end = time.monotonic() + WARM_UP_S + (3.0 if quick else 10.0)
        wait_for(lambda: time.monotonic() > end, seconds=60.0)
    sent = _sent(rig)
    delays = {name: _delays_ms(sent[name], painted[name]) for name in sent if name in painted}
    if not any(delays.values()):
        raise RuntimeError("no wave reached the screen")
    worst = max(delays, key=lambda name: _p99(delays[name]))
    note = f"{len(delays[worst])} writes, worst wave {worst}; median {np.median(delays[worst]):.1f} ms"
    return [Figure("byte on the wire to pixel, p99", _p99(delays[worst]), "ms", BOUND_MS, note=note)]


def _watch(rig: Rig, painted: dict[str, Passing]) -> None:
    strips = rig.screen.chair.strips

    def note(now_ns: int) -> None:
        for name, counter in strips.drawn().items():
            counters, instants = painted.setdefault(name, ([], []))
            if not counters or counter > counters[-1]:
                counters.append(counter)
                instants.append(now_ns)

    PaintWatch(strips, note)


def _sent(rig: Rig) -> dict[str, Passing]:
    """When each wave's counter was put on the wire: the tapped bytes, read by a decoder of their own."""
    decoder = make_driver(rig.chair.driver_id).capture_decoder()
    sent: dict[str, Passing] = {}
    for instant_ns, data in rig.chair.tap.sent:
        for signal in decoder.feed(data):
            if isinstance(signal, WaveChunk):
                counters, instants = sent.setdefault(signal.name, ([], []))
                counters.append(signal.first_sample + len(signal.samples))
                instants.append(instant_ns)
    return sent


def _delays_ms(sent: Passing, painted: Passing) -> list[float]:
    """From each write to the first painting at or beyond its counter, after the warm-up."""
    counters, instants = painted
    begun_ns = sent[1][0] + round(WARM_UP_S * 1e9)
    delays = []
    for counter, sent_ns in zip(*sent, strict=True):
        shown = bisect_left(counters, counter)
        if sent_ns >= begun_ns and shown < len(counters):
            delays.append((instants[shown] - sent_ns) / NS_PER_MS)
    return delays


def _p99(values: list[float]) -> float:
    return float(np.quantile(values, 0.99)) if values else float("inf")
