"""When a number of a slow wire without a checksum is believed: two frames agree, or it lies in the middle of three.

A flipped bit on such a wire is a valid frame with a wrong number in it. Where frames come once a second, waiting for two
that say exactly the same would leave a changing number untold for as long as it changes; the middle one of three is
never later than one frame and never beyond what an undamaged frame beside it said. Why small changes wait too:
``docs/decisions/0019-a-number-is-believed-when-it-is-said-twice.md``.

==============================  =============================================================
the last frames                 says
==============================  =============================================================
a, as the first there is        a: there is nothing to hold it against
…, a, a                         a
…, a, b, a                      a: the odd one out is passed over
…, a, a, b                      nothing: b waits for the next frame
after an interruption, a        the same
…, a, a, b, c                   nothing: which of b and c is the odd one out is not known yet
…, a, b, c, d, all different,   the middle one of the last three, where no step is a jump: the
or  …, a, b, c, a               number is moving
…, a, b, a, c                   nothing: b was the odd one out, and c waits for the next frame
…, b, a, b                      b, unless it lies a jump away from a: the same damage may come twice
…, none, none                   that there is none
…, a, none  or  …, none, a      nothing: the change waits for the next frame; where no single
                                error turns a number into none, the change is told at once
==============================  =============================================================
"""

from collections import deque
from itertools import pairwise
from typing import Generic, TypeVar

from devices.protocols.agreement import is_jump

State = TypeVar("State")


class MiddleOfThree:
    """Remembers the last values of each field. One for each connection; feed it every valid frame."""

    def __init__(self) -> None:
        self._last: dict[str, deque[float | None]] = {}
        self._told: dict[str, float | None] = {}

    def take(self, name: str, value: float | None, *, sure: bool = False) -> tuple[float | None, ...]:
        """Return what to report of this field after this frame: one value (None: there is none), or nothing.

        ``sure``: no single error on the wire turns a number into the mark of a missing one, or that into a number.
        """
        if name not in self._last:
            self._last[name] = deque((value,), maxlen=4)
            told: tuple[float | None, ...] = (value,)
        else:
            told = _judge(self._last[name], value, self._told.get(name), sure=sure)
        if told:
            self._told[name] = told[0]
        return told

    def interrupt(self) -> None:
        """Note that what comes next does not follow: the wire was silent for a while, or full of noise."""
        for last in self._last.values():
            last.clear()


def _judge(
    last: deque[float | None], value: float | None, told: float | None, *, sure: bool
) -> tuple[float | None, ...]:
    if last and (last[-1] is None) != (value is None):
        last.clear()  # what was before says nothing of what comes after
        last.append(value)
        return (value,) if sure else ()
    last.append(value)
    if len(last) == 1:
        return ()
    numbers = [number for number in last if number is not None]
    if not numbers or value == last[-2]:
        return (value,)
    if len(numbers) >= 3 and numbers[-1] == numbers[-3]:
        return () if value != told and is_jump(numbers[-2], numbers[-1]) else (value,)
    return (sorted(numbers[1:])[1],) if _moving(numbers) else ()


def _moving(numbers: list[float]) -> bool:
    """Whether four numbers went on from one to the next by no jump, none of them an odd one out that was gone back from."""
    if len(numbers) < 4 or numbers[0] in numbers[1:3] or numbers[1] == numbers[2]:
        return False
    return not any(is_jump(old, new) for old, new in pairwise(numbers))


class TwiceSaid(Generic[State]):
    """A state that changes when two frames in a row say the same; ``held`` is the one believed, at first the first."""

    def __init__(self, held: State) -> None:
        self.held = held
        self._last: State | None = None
        self._begun = False

    def take(self, state: State) -> bool:
        """Take what a frame says; whether ``held`` is what it says."""
        agreed = state == self._last or not self._begun
        self._last = state
        self._begun = True
        if agreed:
            self.held = state
        return agreed

    def interrupt(self) -> None:
        """Note that the next frame does not follow the last."""
        self._last = None
