"""Waves of a patient of whom everything can be said: a heart that stops, a pleth that goes on, breaths, noise."""

from dataclasses import dataclass, field

import numpy as np

from devices.signals import WaveChunk, WaveScale
from tests.monitor_app.services.bedside.bench import SOURCE, Bench, S

_SCALE = WaveScale("mV", 0.001, 0, -5000, 5000)
_RATES = {"ECG_II": 250, "PLETH": 50, "RESP": 25}


@dataclass
class WavePatient:
    """Sends every wave that has a rate (per minute; None: none) each time ``beat`` is called, up to now.

    ``noise``: of the ECG, in counts of a microvolt.
    """

    bench: Bench
    heart: float | None = 75.0
    pulse: float | None = None
    breaths: float | None = None
    stopped: frozenset[str] = frozenset()  # waves that go on without a beat in them
    noise: float = 5.0
    breath_size: float = 1.0
    sent: dict[str, int] = field(default_factory=dict)
    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(7))

    def send(self) -> None:
        now = self.bench.clock.monotonic_ns()
        for name, per_min in (("ECG_II", self.heart), ("PLETH", self.pulse), ("RESP", self.breaths)):
            if per_min is None:
                continue
            rate = _RATES[name]
            first, until = self.sent.get(name, now * rate // S - rate // 25), now * rate // S
            self.sent[name] = until
            if until > first:
                at_s = np.arange(first, until) / rate
                values = np.zeros(len(at_s)) if name in self.stopped else _shape(name, at_s, per_min)
                values = values * self.breath_size if name == "RESP" else values
                spread = self.noise if name == "ECG_II" else 2.0
                counts = np.rint(values + self.random.normal(0, spread, len(at_s))).astype(np.int32)
                chunk = WaveChunk(name, float(rate), first, np.clip(counts, -5000, 5000), _SCALE)
                self.bench.say(chunk, SOURCE)

    def run(self, seconds: float, step_s: float = 0.25) -> None:
        """Let time pass and the waves come; by the default step they come four times a second."""
        self.bench.run(seconds, step_s=step_s, each=self.send)


def _shape(name: str, at_s: np.ndarray, per_min: float) -> np.ndarray:
    every_s = 60 / per_min
    phase_s = at_s % every_s
    if name == "ECG_II":
        return 1000 * np.exp(-0.5 * ((phase_s - 0.2) / 0.012) ** 2)
    if name == "PLETH":
        return 2000 * np.exp(-0.5 * ((phase_s - 0.25) / 0.08) ** 2)
    return 1500 * np.sin(2 * np.pi * at_s / every_s)
