"""What must be known of a monitor model before its values are trusted, and whether it is (decision 0016).

A commissioning is an examination on a patient simulator: values set there against values shown here, whether the cuff's
readings arrive, how long an alarm takes, by whom, when, and until when it holds. Pure: dates are arguments.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

LONGEST_ALARM_DELAY_S = 300.0
"""A longer measured delay is a slip of the pen: no rule waits longer than 120 s (clinical.md §6), no monitor averages more."""


@dataclass(frozen=True, slots=True)
class ComparedValue:
    """One value as set on the patient simulator and as shown here. ``tolerance`` is what the two may differ by.

    ``name`` as in ``NumericReading``; of the cuff ``NIBP_SYS``, ``NIBP_DIA``, ``NIBP_MEAN``.
    """

    name: str
    set_value: float
    shown_value: float | None
    tolerance: float

    @property
    def agrees(self) -> bool:
        """Whether something was shown, and near enough."""
        return self.shown_value is not None and abs(self.shown_value - self.set_value) <= self.tolerance


@dataclass(frozen=True, slots=True)
class Commissioning:
    """One examination of a model. ``model`` is manufacturer and model as the wire tells them, or from the type plate.

    ``nibp_detected`` and ``alarm_delay_s`` (from the change on the simulator to the alarm on this screen) are None where
    they were not examined.
    """

    driver_id: str
    model: str
    values: tuple[ComparedValue, ...]
    nibp_detected: bool | None
    alarm_rule: str
    alarm_delay_s: float | None
    simulator: str
    by_name: str
    by_role: str
    examined_on: date
    valid_until: date
    note: str = ""


class Standing(Enum):
    """How a model stands on a day."""

    COMMISSIONED = "commissioned"
    MISSING = "not commissioned"
    EXPIRED = "expired"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Uncommissioned:
    """A real monitor whose values nobody has verified here. ``valid_until`` is set where they once were."""

    source: str
    driver_name: str
    standing: Standing
    valid_until: date | None = None


def shortfalls(examined: Commissioning, needed: Collection[str]) -> tuple[str, ...]:
    """Return why an examination does not pass, each as a clause; empty when it passes.

    ``needed``: names of the values this model can give, ``NIBP_SYS`` and ``NIBP_DIA`` among them where it has a cuff.
    """
    found = [f"{name} was not compared" for name in needed if name not in {v.name for v in examined.values}]
    found += [_disagreement(value) for value in examined.values if not value.agrees]
    if "NIBP_SYS" in needed and examined.nibp_detected is not True:
        found.append("readings of the cuff were not detected")
    if examined.alarm_delay_s is None:
        found.append("the alarm delay was not measured")
    return tuple(found)


def mistakes(examined: Commissioning, today: date) -> tuple[str, ...]:
    """Return what cannot be true of an examination, or leaves out who vouches for it; each as a clause."""
    delay_s = examined.alarm_delay_s
    checks = (
        (not examined.by_name.strip(), "by must name who examined it"),
        (not examined.simulator.strip(), "simulator must name the patient simulator"),
        (examined.examined_on > today, f"date {examined.examined_on} lies in the future"),
        (examined.valid_until <= examined.examined_on, f"until {examined.valid_until} must be after date"),
        (
            delay_s is not None and not 0 <= delay_s <= LONGEST_ALARM_DELAY_S,
            f"delay_s must be 0 to {LONGEST_ALARM_DELAY_S:g}",
        ),
        (any(value.tolerance < 0 for value in examined.values), "a tolerance must be 0 or above"),
    )
    return tuple(text for wrong, text in checks if wrong)


def in_force(known: Iterable[Commissioning], driver_id: str, model: str, today: date) -> Commissioning | None:
    """Return the newest examination that speaks of a monitor; of two of one day the one recorded later.

    ``model`` is what the wire tells, "" where it tells nothing: then any model of the family counts.
    """
    fitting = [
        item
        for item in known
        if item.driver_id == driver_id and _same_model(item.model, model) and item.examined_on <= today
    ]
    return max(reversed(fitting), key=lambda item: item.examined_on, default=None)


def standing(
    known: Sequence[Commissioning], driver_id: str, model: str, *, needed: Collection[str], today: date
) -> Standing:
    """Return how a monitor stands. A newest examination that failed counts, whatever an older one said."""
    newest = in_force(known, driver_id, model, today)
    if newest is None:
        return Standing.MISSING
    if shortfalls(newest, needed):
        return Standing.FAILED
    return Standing.COMMISSIONED if today <= newest.valid_until else Standing.EXPIRED


def _same_model(examined: str, told: str) -> bool:
    return not told.strip() or _plain(examined) == _plain(told)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _disagreement(value: ComparedValue) -> str:
    if value.shown_value is None:
        return f"{value.name} showed nothing where {value.set_value:g} was set"
    return f"{value.name} showed {value.shown_value:g} where {value.set_value:g} was set (tolerance {value.tolerance:g})"
