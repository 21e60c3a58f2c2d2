"""Whether a dose makes sense: guard rails (clinical.md §9.4), agreement of its figures and the decimal guard (§9.2)."""

from dataclasses import dataclass
from enum import Enum

from monitor_app.core.journal import Order


class Severity(Enum):
    """What a finding does: a soft one asks for a second person, the others stop the order."""

    HARD = "hard"
    UNIT = "unit"  # probably milligrams taken for something else, paper anomaly A10
    DECIMAL = "decimal"  # a tenfold step from the last dose
    SOFT = "soft"

    @property
    def stops(self) -> bool:
        """Whether the order is refused."""
        return self is not Severity.SOFT


@dataclass(frozen=True, slots=True)
class DoseFinding:
    """Something about a dose that must be seen; ``key`` names the quantity."""

    severity: Severity
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Rail:
    """Soft and hard limits of one quantity on one side."""

    soft: float
    hard: float


@dataclass(frozen=True, slots=True)
class DoseLimits:
    """Guard rails of clinical.md §9.4; a clinic may edit them."""

    dose_mg_per_kg: Rail = Rail(1.0, 2.5)
    rate_mg_kg_h: Rail = Rail(1.0, 2.0)
    total_mg: Rail = Rail(150.0, 300.0)
    shortest_min: Rail = Rail(30.0, 20.0)
    longest_min: Rail = Rail(120.0, 480.0)
    concentration_mg_per_ml: tuple[float, float] = (0.5, 10.0)
    unit_error_below_mg_per_kg: float = 0.1


DEFAULT_LIMITS = DoseLimits()

VOLUME_TOLERANCE = 0.01  # |C·V - D| / D, clinical.md §9.2
RATE_TOLERANCE = 0.05  # |R_m·W·T - D| / D, clinical.md §9.2
WEIGHT_CHANGE = 0.05  # from the last visit, clinical.md §9.2
TENFOLD = 10.0  # clinical.md §9.2

_ROUNDING = 1e-9  # 70 kg x 0.5 mg/kg must not fall on the wrong side of a limit by binary rounding


def format_number(value: float, decimals: int = 3) -> str:
    """Write a number with a leading zero and without trailing ones: "0.5", "5" (clinical.md §9.2)."""
    text = f"{value:.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def check_order(order: Order, limits: DoseLimits = DEFAULT_LIMITS) -> tuple[DoseFinding, ...]:
    """Hold an order against the guard rails, gravest finding first."""
    rate_mg_kg_h = order.dose_mg_per_kg / (order.duration_min / 60)
    total_mg = order.dose_mg_per_kg * order.weight_kg
    found = [
        _above("dose", "Dose", order.dose_mg_per_kg, limits.dose_mg_per_kg, unit="mg/kg"),
        _above("rate", "Rate", rate_mg_kg_h, limits.rate_mg_kg_h, unit="mg/kg/h"),
        _above("total", "Total", total_mg, limits.total_mg, unit="mg"),
        _below("duration", "Duration", order.duration_min, limits.shortest_min, unit="min"),
        _above("duration", "Duration", order.duration_min, limits.longest_min, unit="min"),
        _unit_error(order.dose_mg_per_kg, limits),
        _concentration(order.concentration_mg_per_ml, limits),
    ]
    ranks = list(Severity)
    return tuple(sorted((f for f in found if f is not None), key=lambda f: ranks.index(f.severity)))


def check_last_dose(dose_mg_per_kg: float, last_mg_per_kg: float | None) -> DoseFinding | None:
    """Stop a tenfold step from the last dose: a decimal point in the wrong place (clinical.md §9.2)."""
    if last_mg_per_kg is None or last_mg_per_kg <= 0 or dose_mg_per_kg <= 0:
        return None
    ratio = max(dose_mg_per_kg / last_mg_per_kg, last_mg_per_kg / dose_mg_per_kg)
    if ratio < TENFOLD - _ROUNDING:
        return None
    return DoseFinding(
        Severity.DECIMAL,
        "last_dose",
        f"{format_number(dose_mg_per_kg)} mg/kg is ten times away from the last dose of {format_number(last_mg_per_kg)} mg/kg: "
        "check the decimal point.",
    )


def weight_changed(weight_kg: float, last_kg: float | None) -> bool:
    """Whether the weight moved by more than 5 % since the last visit and must be confirmed (clinical.md §9.2)."""
    return last_kg is not None and last_kg > 0 and abs(weight_kg - last_kg) / last_kg > WEIGHT_CHANGE


def check_volume(total_mg: float, volume_ml: float, concentration_mg_per_ml: float) -> DoseFinding | None:
    """Hold milligrams against volume times concentration: at most 1 % apart (clinical.md §9.2)."""
    return _disagreement(
        "volume",
        concentration_mg_per_ml * volume_ml,
        total_mg,
        tolerance=VOLUME_TOLERANCE,
        what="volume, concentration and total",
    )


def check_rate(
    total_mg: float, rate_mg_kg_h: float, *, weight_kg: float, duration_h: float
) -> DoseFinding | None:
    """Hold milligrams against rate, weight and time: at most 5 % apart (clinical.md §9.2, paper anomaly A1)."""
    return _disagreement(
        "rate_agreement",
        rate_mg_kg_h * weight_kg * duration_h,
        total_mg,
        tolerance=RATE_TOLERANCE,
        what="rate, weight, time and total",
    )


def _disagreement(
    key: str, computed_mg: float, total_mg: float, *, tolerance: float, what: str
) -> DoseFinding | None:
    apart = (computed_mg - total_mg) / total_mg
    if abs(apart) <= tolerance + _ROUNDING:
        return None
    text = f"{what.capitalize()} do not agree: {format_number(computed_mg)} mg against {format_number(total_mg)} mg ({apart:+.1%})."
    return DoseFinding(Severity.HARD, key, text)


def _above(key: str, name: str, value: float, rail: Rail, *, unit: str) -> DoseFinding | None:
    if value > rail.hard + _ROUNDING:
        text = f"{name} {format_number(value)} {unit} is above the hard limit of {format_number(rail.hard)} {unit}."
        return DoseFinding(Severity.HARD, key, text)
    if value > rail.soft + _ROUNDING:
        text = f"{name} {format_number(value)} {unit} is above the soft limit of {format_number(rail.soft)} {unit}."
        return DoseFinding(Severity.SOFT, key, text)
    return None


def _below(key: str, name: str, value: float, rail: Rail, *, unit: str) -> DoseFinding | None:
    if value < rail.hard - _ROUNDING:
        text = f"{name} {format_number(value)} {unit} is below the hard limit of {format_number(rail.hard)} {unit}."
        return DoseFinding(Severity.HARD, key, text)
    if value < rail.soft - _ROUNDING:
        text = f"{name} {format_number(value)} {unit} is below the soft limit of {format_number(rail.soft)} {unit}."
        return DoseFinding(Severity.SOFT, key, text)
    return None


def _unit_error(dose_mg_per_kg: float, limits: DoseLimits) -> DoseFinding | None:
    if dose_mg_per_kg >= limits.unit_error_below_mg_per_kg - _ROUNDING:
        return None
    text = (
        f"Dose {format_number(dose_mg_per_kg)} mg/kg is below {format_number(limits.unit_error_below_mg_per_kg)} mg/kg: "
        "probably a unit error."
    )
    return DoseFinding(Severity.UNIT, "dose", text)


def _concentration(value: float, limits: DoseLimits) -> DoseFinding | None:
    low, high = limits.concentration_mg_per_ml
    if low - _ROUNDING <= value <= high + _ROUNDING:
        return None
    text = f"Concentration {format_number(value)} mg/mL is outside {format_number(low)} to {format_number(high)} mg/mL."
    return DoseFinding(Severity.SOFT, "concentration", text)
