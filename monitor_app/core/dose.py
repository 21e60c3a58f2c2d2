"""What is given: the dose arithmetic of clinical.md §9.1, and how numbers of a dose are written (§9.2).

Everything follows from four numbers of the order (mg/kg, kg, mg/mL, minutes). Milligrams and millilitres are different
names all the way down, so that they can never share a box.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from devices.errors import KnownError
from monitor_app.core.dose_check import DEFAULT_LIMITS, DoseFinding, DoseLimits, check_order, format_number
from monitor_app.core.journal import Order
from monitor_app.core.stamp import NS_PER_S

WEIGHT_RANGE_KG = (30.0, 250.0)  # clinical.md §9.2
CONCENTRATION_RANGE_MG_PER_ML = (0.01, 100.0)  # above: stronger than the strongest vial, clinical.md §9.1
DURATION_RANGE_MIN = (1.0, 1440.0)  # outside lies no infusion of one visit
DOSE_RANGE_MG_PER_KG = (0.001, 50.0)  # outside no warning could help; §9.4 warns far inside

_S_PER_H = 3600.0
_MIN_PER_H = 60.0


@dataclass(frozen=True, slots=True)
class DoseResult:
    """One order worked out. ``findings`` are the guard rails it touches, gravest first."""

    total_mg: float
    volume_ml: float
    rate_ml_h: float
    rate_mg_kg_h: float
    findings: tuple[DoseFinding, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """The findings in words."""
        return tuple(finding.text for finding in self.findings)


@dataclass(frozen=True, slots=True)
class RateSegment:
    """A stretch of pumping at one rate; ``end_t_ns`` None: still running."""

    start_t_ns: int
    end_t_ns: int | None
    rate_ml_per_h: float


Segments: TypeAlias = Iterable[RateSegment]


def calculate_dose(
    weight_kg: float,
    dose_mg_per_kg: float,
    *,
    concentration_mg_per_ml: float,
    duration_min: float,
    limits: DoseLimits = DEFAULT_LIMITS,
) -> DoseResult:
    """Work out an order: D = d·W, V = D/C, R_v = V/T, R_m = d/T (clinical.md §9.1).

    Raises ``KnownError`` in one sentence with the allowed range when a number cannot be meant. What is merely unwise
    comes back as findings (clinical.md §9.4).
    """
    _require("Weight", weight_kg, WEIGHT_RANGE_KG, "kg")
    _require("Dose", dose_mg_per_kg, DOSE_RANGE_MG_PER_KG, "mg/kg")
    _require("Concentration", concentration_mg_per_ml, CONCENTRATION_RANGE_MG_PER_ML, "mg/mL")
    _require("Duration", duration_min, DURATION_RANGE_MIN, "min")
    duration_h = duration_min / _MIN_PER_H
    total_mg = dose_mg_per_kg * weight_kg
    volume_ml = total_mg / concentration_mg_per_ml
    order = Order(dose_mg_per_kg, weight_kg, concentration_mg_per_ml, duration_min)
    return DoseResult(
        total_mg=total_mg,
        volume_ml=volume_ml,
        rate_ml_h=volume_ml / duration_h,
        rate_mg_kg_h=dose_mg_per_kg / duration_h,
        findings=check_order(order, limits=limits),
    )


def dose_of(order: Order, limits: DoseLimits = DEFAULT_LIMITS) -> DoseResult:
    """Work out a written order; raises as ``calculate_dose`` does."""
    return calculate_dose(
        order.weight_kg,
        order.dose_mg_per_kg,
        concentration_mg_per_ml=order.concentration_mg_per_ml,
        duration_min=order.duration_min,
        limits=limits,
    )


def implied_weight_kg(total_mg: float, rate_mg_kg_h: float, duration_h: float) -> float:
    """The weight at which rate, time and total agree: W = D / (R_m·T) (clinical.md §9.1)."""
    return total_mg / (rate_mg_kg_h * duration_h)


def stock_ml(total_mg: float, stock_mg_per_ml: float) -> float:
    """Millilitres to draw from the vial (vials seen: 10, 50, 100 mg/mL; clinical.md §9.1)."""
    return total_mg / stock_mg_per_ml


def given_ml(segments: Segments, t_ns: int) -> float:
    """Millilitres pumped by ``t_ns``: Σ R_v·Δt over the stretches of pumping; pauses count nothing."""
    return sum(segment.rate_ml_per_h * _overlap_s(segment, t_ns) / _S_PER_H for segment in segments)


def given_mg(segments: Segments, t_ns: int, concentration_mg_per_ml: float) -> float:
    """Milligrams given by ``t_ns``, as calculated (the pump's own volume is the check on it)."""
    return given_ml(segments, t_ns) * concentration_mg_per_ml


def running_s(segments: Segments, t_ns: int) -> float:
    """Seconds of actual pumping by ``t_ns``."""
    return sum(_overlap_s(segment, t_ns) for segment in segments)


def planned_end_t_ns(segments: Segments, t_ns: int, volume_ml: float) -> int | None:
    """When the ordered volume will be in, or went in, at the present rate; None while nothing runs.

    A time in the past says that the volume is finished and nobody has recorded the end (clinical.md §6.7 WF-02).
    """
    stretches = tuple(segments)
    running = [segment for segment in stretches if segment.end_t_ns is None and segment.rate_ml_per_h > 0]
    if not running:
        return None
    left_ml = volume_ml - given_ml(stretches, t_ns)
    return t_ns + round(left_ml / running[-1].rate_ml_per_h * _S_PER_H * NS_PER_S)


def format_mg(value_mg: float) -> str:
    """Write milligrams: two decimals, three below 1 mg, never "5.0" or ".5", always with the unit."""
    return f"{format_number(value_mg, 3 if abs(value_mg) < 1 else 2)} mg"


def _overlap_s(segment: RateSegment, t_ns: int) -> float:
    end_t_ns = t_ns if segment.end_t_ns is None else min(segment.end_t_ns, t_ns)
    return max(0, end_t_ns - segment.start_t_ns) / NS_PER_S


def _require(name: str, value: float, allowed: tuple[float, float], unit: str) -> None:
    low, high = allowed
    if not math.isfinite(value) or not low <= value <= high:
        raise KnownError(
            f"{name} must be between {format_number(low)} and {format_number(high)} {unit}; "
            f"{format_number(value)} {unit} was given."
        )
