"""How a scenario bends one variable: set it, offset it, give it back to the model (clinical.md §17.4)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ramp:
    """A value that moves from ``first`` to ``last``; linear, or eased at both ends (``3x² - 2x³``)."""

    start_s: float
    duration_s: float
    first: float
    last: float
    ease: bool = False

    def at(self, now_s: float) -> float:
        """Return the value at an instant; before the start ``first``, after the end ``last``."""
        if now_s >= self.start_s + self.duration_s:
            return self.last
        if now_s <= self.start_s:
            return self.first
        x = (now_s - self.start_s) / self.duration_s
        if self.ease:
            x = x * x * (3.0 - 2.0 * x)
        return self.first + (self.last - self.first) * x


def steady(value: float) -> Ramp:
    """Return a ramp that stands still."""
    return Ramp(0.0, 0.0, value, value)


class Override:
    """One variable's bend. ``set`` replaces what the model says, ``offset`` adds to it.

    What oxygen, a sedative or fright add comes on top of a set value too, so that the patient still answers to care.
    """

    def __init__(self) -> None:
        self._set = steady(0.0)
        self._weight = steady(0.0)
        self._offset = steady(0.0)
        self._touched = False

    def apply(self, model: float, now_s: float) -> float:
        """Return the variable given what the model says now."""
        if not self._touched:
            return model
        weight = self._weight.at(now_s)
        return weight * self._set.at(now_s) + (1.0 - weight) * model + self._offset.at(now_s)

    def set_to(self, target: float, model: float, ramp: tuple[float, float, bool]) -> None:
        """Move to a value and hold it. ``ramp`` is (now in s, duration in s, eased)."""
        now_s, duration_s, ease = ramp
        without_offset = self.apply(model, now_s) - self._offset.at(now_s)
        # The file names the value wanted, so an offset in force must not be added to it again.
        self._set = Ramp(now_s, duration_s, without_offset, target - self._offset.last, ease)
        self._weight = steady(1.0)
        self._touched = True

    def offset_by(self, amount: float, ramp: tuple[float, float, bool]) -> None:
        """Move the addition to ``amount`` (0 takes it away)."""
        now_s, duration_s, ease = ramp
        self._offset = Ramp(now_s, duration_s, self._offset.at(now_s), amount, ease)
        self._touched = True

    def release(self, ramp: tuple[float, float, bool]) -> None:
        """Give the variable back to the model over the ramp; offsets stay."""
        now_s, duration_s, ease = ramp
        self._weight = Ramp(now_s, duration_s, self._weight.at(now_s), 0.0, ease)
