"""The drift of a device's sample clock, against devices whose clocks are off by known amounts."""

import numpy as np
import pytest

from monitor_app.services.bedside.drift import DriftEstimate

S = 1_000_000_000
MS = 1_000_000


def after(
    minutes: float, ppm: float, *, jitter_ms: float = 0.0, every_s: float = 1.0, seed: int = 5
) -> DriftEstimate:
    """What is known after so long of a device that comes later by ``ppm`` and waits for up to ``jitter_ms`` on the way."""
    made, rng = DriftEstimate(), np.random.default_rng(seed)
    for k in range(round(minutes * 60 / every_s)):
        t_ns = round(k * every_s * S)
        late_ns = round(t_ns * ppm * 1e-6 + rng.uniform(0, jitter_ms) * MS)
        made.heard(late_ns, t_ns + late_ns)
    return made


@pytest.mark.parametrize("ppm", [-3000, -100, 0, 100, 1278, 3000])
def test_a_steady_drift_is_found_in_some_minutes(ppm: float) -> None:
    assert after(5, ppm).share * 1e6 == pytest.approx(ppm, abs=1)
    assert after(5, ppm, jitter_ms=50, every_s=0.1).share * 1e6 == pytest.approx(ppm, abs=10)
    assert after(5, ppm, jitter_ms=50).share * 1e6 == pytest.approx(ppm, abs=60)


def test_for_a_minute_nothing_is_claimed() -> None:
    made = after(0.9, 1000)
    assert (made.known, made.share) == (False, 0.0)


def test_a_device_at_another_rate_is_no_drift() -> None:
    made = after(5, -800_000)
    assert (made.known, made.share) == (False, 0.0)


def test_a_stretch_in_which_everything_was_late_moves_nothing() -> None:
    made = DriftEstimate()
    for k in range(600):
        late_ms = 240 if 200 <= k < 240 else 1
        made.heard(late_ms * MS + k * S * 100 // 1_000_000, k * S)
    assert made.share * 1e6 == pytest.approx(100, abs=5)


def test_a_loss_leaves_the_drift_in_use() -> None:
    made = after(5, 500)
    made.forget()
    assert made.share * 1e6 == pytest.approx(500, abs=1)
    for k in range(20):
        made.heard(7_000 * MS, (400 + k) * S)
    assert made.share * 1e6 == pytest.approx(500, abs=1)
