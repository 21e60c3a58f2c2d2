"""When a number of a slow wire without a checksum is believed: two frames agree, or it lies in the middle of three.

A flipped bit on such a wire is a valid frame with a wrong number in it. Where frames come once a second, waiting for two
that say exactly the same would leave a changing number untold for as long as it changes; the middle one of three is
never later than one frame and never beyond what an undamaged frame beside it said.

==============================  =============================================================
the last frames                 says
==============================  =============================================================
a, as the first there is        a: there is nothing to hold it against
…, a, a                         a
…, a, b, a                      a: the odd one out is passed over
…, a, a, b                      nothing: b waits for the next frame
after an interruption, a        the same
…, a, a, b, c                   nothing: which of b and c is the odd one out is not known yet
…, a, b, c, d, all different    the middle one of b, c and d: the number is moving
…, none, none                   that there is none
…, a, none  or  …, none, a      nothing: the change waits for the next frame; where no single
                                error turns a number into none, the change is told at once
==============================  =============================================================
"""

from collections import deque
from typing import Generic, TypeVar

State = TypeVar("State")


class MiddleOfThree:
    """Remembers the last values of each field. One for each connection; feed it every valid frame."""

    def __init__(self) -> None:
        self._last: dict[str, deque[float | None]] = {}

    def take(self, name: str, value: float | None, *, sure: bool = False) -> tuple[float | None, ...]:
        """Return what to report of this field after this frame: one value (None: there is none), or nothing.

        ``sure``: no single error on the wire turns a number into the mark of a missing one, or that into a number.
        """
        if name not in self._last:
            self._last[name] = deque((value,), maxlen=4)
            return (value,)
        last = self._last[name]
        if last and (last[-1] is None) != (value is None):
            last.clear()  # what was before says nothing of what comes after
            last.append(value)
            return (value,) if sure else ()
        last.append(value)
        if len(last) == 1:
            return ()
        if value is None or value in list(last)[-3:-1]:
            return (value,)
        before, *three = (number for number in last if number is not None)
        moving = len(three) == 3 and before != three[0] != three[1]
        return (sorted(three)[1],) if moving else ()

    def interrupt(self) -> None:
        """Note that what comes next does not follow: the wire was silent for a while, or full of noise."""
        for last in self._last.values():
            last.clear()


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
