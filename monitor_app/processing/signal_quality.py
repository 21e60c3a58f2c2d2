"""How far a wave can be trusted, once a second: 0-1 with the reason (clinical.md §5.8, §8.3)."""

from dataclasses import dataclass
from enum import Enum

USABLE = 0.5
"""Below this a low-quality flag is shown and rules use the fallback source (clinical.md §5.8)."""

_WORTH_NAMING = 0.8


class QualityReason(Enum):
    """What lowers the quality most."""

    GOOD = "good"
    NO_SIGNAL = "no signal"
    FLAT = "flat line"
    SATURATED = "saturated"
    WANDER = "baseline wander"
    NOISE = "noise"
    WEAK_BEATS = "unclear beats"
    DISAGREE = "detectors disagree"
    NO_BEATS = "no beats found"
    UNEVEN = "uneven pulses"
    IRREGULAR = "irregular intervals"


@dataclass(frozen=True, slots=True)
class SignalQuality:
    """``value`` 0-1; ``reason`` is GOOD while nothing pulls it noticeably down."""

    value: float
    reason: QualityReason

    @property
    def usable(self) -> bool:
        """Whether rate rules may rely on this wave alone."""
        return self.value >= USABLE


def ramp(value: float, low: float, high: float) -> float:
    """0 up to ``low``, 1 from ``high``, straight between."""
    return min(1.0, max(0.0, (value - low) / (high - low)))


def weakest(factors: dict[QualityReason, float]) -> SignalQuality:
    """The smallest factor is the quality, and its name the reason: one bad thing is enough to doubt a wave."""
    reason = min(factors, key=lambda r: factors[r])
    value = factors[reason]
    return SignalQuality(value, reason if value < _WORTH_NAMING else QualityReason.GOOD)
