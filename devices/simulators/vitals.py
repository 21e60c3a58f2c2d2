"""What a simulated body has at one instant, and the short keys scenario files use for it."""

from dataclasses import dataclass

VITAL_KEYS = ("hr", "sbp", "dbp", "spo2", "rr", "temp", "pi")
"""Keys of ``set`` and ``offset`` in a scenario file, in the order of the fields of ``Vitals`` (clinical.md §17.4)."""

VITAL_LIMITS: dict[str, tuple[float, float]] = {
    "hr": (0.0, 250.0),
    "sbp": (40.0, 280.0),
    "dbp": (20.0, 200.0),
    "spo2": (40.0, 100.0),
    "rr": (0.0, 60.0),
    "temp": (30.0, 43.0),
    "pi": (0.02, 20.0),
}
"""What a body may be asked to do; wider than any alarm limit of clinical.md §6, so that every rule can be provoked."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """True values at one instant, whether or not a sensor sees them."""

    hr_per_min: float
    systolic_mmhg: float
    diastolic_mmhg: float
    spo2_percent: float
    rr_per_min: float
    temperature_c: float = 36.7
    perfusion_index_percent: float = 3.0

    @property
    def mean_mmhg(self) -> float:
        """Mean pressure, one third of the way from diastolic to systolic (clinical.md §8.4)."""
        return (self.systolic_mmhg + 2.0 * self.diastolic_mmhg) / 3.0

    def by_key(self) -> dict[str, float]:
        """Return the values under their scenario keys."""
        return dict(
            zip(
                VITAL_KEYS,
                (
                    self.hr_per_min,
                    self.systolic_mmhg,
                    self.diastolic_mmhg,
                    self.spo2_percent,
                    self.rr_per_min,
                    self.temperature_c,
                    self.perfusion_index_percent,
                ),
                strict=True,
            )
        )


def vitals_from(values: dict[str, float]) -> Vitals:
    """Return the values held to what a body can do, with at least 15 mmHg between the pressures."""
    held = [min(max(values[key], VITAL_LIMITS[key][0]), VITAL_LIMITS[key][1]) for key in VITAL_KEYS]
    held[2] = min(held[2], held[1] - 15.0)
    return Vitals(*held)
