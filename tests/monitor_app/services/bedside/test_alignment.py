"""Two devices on one time axis for a whole visit: drift, losses, bursts, wobbling packets, a stalled computer.

Each device's true sample times are known exactly; what counts is how far its samples are placed from them, all along
from the first minute on (protocols.md §11: "waveform drifts 4.6 s/h from lost samples").
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest

from monitor_app.services.bedside.placement import Placement

S = 1_000_000_000
MS = 1_000_000
LOST_S_PER_H = 4.6
WORST_MS = 50.0

Delay = Callable[[np.random.Generator], float]
DELAYS: dict[str, Delay] = {
    "steady 2 ms": lambda _: 2.0,
    "exponential, 20 ms on average": lambda rng: min(rng.exponential(20.0), 240.0),
    "anything up to 80 ms": lambda rng: rng.uniform(0.0, 80.0),
    "a 200 ms burst now and then": lambda rng: 200.0 if rng.random() < 0.05 else 1.0,
}


@dataclass
class Device:
    """Sends packets of ``count`` samples by a clock that is ``ppm`` fast, and loses some."""

    rate_hz: float = 250.0
    count: int = 50
    ppm: float = 0.0
    delay_ms: Delay = DELAYS["steady 2 ms"]
    lost_s_per_h: float = 0.0
    counted: bool = False  # whether its counter, or the decoder's, tells of the loss
    wobble: bool = False
    adapter_ms: float = 0.0  # the adapter hands over what it has each so long
    seed: int = 1
    lost_samples: int = field(init=False, default=0)

    def packets(self, seconds: float) -> Iterator[tuple[int, int, int, int]]:
        """Counter, length, true time of the end and time of arrival, in ns."""
        rng = np.random.default_rng(self.seed)
        period_ns = S / self.rate_hz / (1 + self.ppm * 1e-6)
        taken, counter, arrived, owed = 0, 0, 0, 0.0
        while taken * period_ns < seconds * S:
            count = self.count + (int(rng.integers(-1, 2)) if self.wobble else 0)
            owed += self.lost_s_per_h / 3600 * count
            lost, owed = int(owed), owed - int(owed)
            self.lost_samples += lost
            taken += lost
            counter += lost if self.counted else 0
            end = round((taken + count) * period_ns)
            sent = end + round(self.delay_ms(rng) * MS)
            if self.adapter_ms:
                sent = -(-sent // round(self.adapter_ms * MS)) * round(self.adapter_ms * MS)
            arrived = max(arrived, sent)  # bytes never overtake each other
            yield counter, count, end, arrived
            taken, counter = taken + count, counter + count


@dataclass
class Outcome:
    """How far off samples were placed once a minute had passed, in ms, and what the gap rows say, in seconds."""

    errors_ms: np.ndarray
    gaps_s: float
    gaps: int

    @property
    def worst_ms(self) -> float:
        return float(np.abs(self.errors_ms).max())


def run(device: Device, hours: float) -> Outcome:
    placement = Placement(device.rate_hz)
    errors, gap_ns, gaps = [], 0, 0
    for first, count, true_end, arrived in device.packets(hours * 3600):
        placed = placement.place(first, count, arrived)
        gap_ns, gaps = gap_ns + placed.gap_ns, gaps + (placed.gap_ns > 0)
        if true_end > 60 * S:
            errors.append((placed.t_ns + placement.samples_ns(count) - true_end) / MS)
    return Outcome(np.array(errors), gap_ns / S, gaps)


@pytest.mark.parametrize("ppm", [-100.0, 100.0])
def test_eight_hours_of_100_ppm(ppm: float) -> None:
    outcome = run(Device(ppm=ppm, count=100, delay_ms=DELAYS["exponential, 20 ms on average"]), 8)
    assert outcome.worst_ms <= 5
    assert outcome.gaps == 0


def test_eight_hours_of_losses_that_nobody_counts() -> None:
    outcome = run(Device(count=100, ppm=100, lost_s_per_h=LOST_S_PER_H), 8)
    assert outcome.worst_ms <= 20
    assert outcome.gaps == 0, "what comes one by one cannot be told from a slow clock"


@pytest.mark.parametrize(("rate_hz", "count"), [(250.0, 25), (300.0, 300), (50.0, 5)])
@pytest.mark.parametrize("delay", DELAYS)
@pytest.mark.parametrize("ppm", [-100.0, 100.0])
def test_any_transport(rate_hz: float, count: int, delay: str, ppm: float) -> None:
    device = Device(rate_hz, count, ppm, DELAYS[delay], lost_s_per_h=LOST_S_PER_H)
    assert run(device, 0.25).worst_ms <= WORST_MS


@pytest.mark.parametrize(("rate_hz", "count"), [(250.0, 25), (300.0, 300), (50.0, 5)])
def test_losses_that_are_counted_are_gaps_of_their_length(rate_hz: float, count: int) -> None:
    device = Device(rate_hz, count, -100, DELAYS["exponential, 20 ms on average"], LOST_S_PER_H, counted=True)
    outcome = run(device, 1)
    assert outcome.worst_ms <= 10
    assert outcome.gaps_s == pytest.approx(device.lost_samples / rate_hz, abs=1e-6)
    assert outcome.gaps_s == pytest.approx(LOST_S_PER_H, abs=0.1)


@pytest.mark.parametrize("adapter_ms", [1.0, 16.0, 40.0])
@pytest.mark.parametrize("ppm", [-100.0, 100.0])
def test_an_adapter_that_hands_over_in_bursts(adapter_ms: float, ppm: float) -> None:
    assert run(Device(count=25, ppm=ppm, adapter_ms=adapter_ms), 0.5).worst_ms <= WORST_MS


@pytest.mark.parametrize("count", [25, 50, 250])
def test_an_adapter_in_step_with_the_packets(count: int) -> None:
    """What cannot be known from outside stays within the adapter's own period, and is no loss (decision 0004)."""
    outcome = run(Device(count=count, ppm=100, adapter_ms=200.0), 0.25)
    assert outcome.worst_ms <= 200.0 + 5.0
    assert outcome.gaps == 0


def test_packets_of_one_sample_more_or_less() -> None:
    """A GE monitor's 300 samples are sometimes 299 or 301 (protocols.md §12)."""
    outcome = run(Device(300.0, 300, 100, DELAYS["exponential, 20 ms on average"], wobble=True), 1)
    assert outcome.worst_ms <= 20
    assert outcome.gaps == 0


def test_two_devices_stay_together() -> None:
    """One clock fast and losing samples, the other slow behind an adapter: each beat lies where the pulse belongs."""
    ecg = run(Device(250.0, 10, 100, DELAYS["anything up to 80 ms"], LOST_S_PER_H), 0.5)
    pleth = run(Device(75.0, 25, -100, DELAYS["steady 2 ms"], adapter_ms=16.0, seed=2), 0.5)
    assert float(ecg.errors_ms.max() - pleth.errors_ms.min()) <= WORST_MS
    assert float(pleth.errors_ms.max() - ecg.errors_ms.min()) <= WORST_MS


def test_a_suspended_computer_is_a_gap_of_that_length_and_the_drift_is_not_learnt_anew() -> None:
    """The host's monotonic clock jumps ahead and what was sent meanwhile is gone; the counter began anew."""
    placement = Placement(250.0)
    worst, gap_ns = 0.0, 0
    away = range(600 * S, 660 * S)
    for first, count, end, arrived in Device(ppm=-1500, count=25).packets(900):
        if end in away:
            continue
        if first and end >= away.stop and placement.end_t_ns < away.stop:
            placement.lost()
        placed = placement.place(first % 7919 if end >= away.stop else first, count, arrived)
        gap_ns += placed.gap_ns
        if end > 62 * S and not away.stop <= end < away.stop + 2 * S:
            worst = max(worst, abs(placed.t_ns + placement.samples_ns(count) - end) / MS)
    assert gap_ns / S == pytest.approx(60, abs=0.2)
    assert worst <= WORST_MS


def test_a_block_lost_without_a_word_is_caught_up_in_two_seconds() -> None:
    placement = Placement(250.0)
    first = 0
    for _, count, end, arrived in Device(count=10).packets(300):
        if 200 * S < end <= 200 * S + 120 * MS:
            continue
        placed = placement.place(first, count, arrived)
        first += count
        if end > 202.5 * S:
            assert abs(placed.t_ns + placement.samples_ns(count) - end) <= WORST_MS * MS
