"""When a number of a wire without a checksum is believed.

A flipped bit on such a wire is a valid frame with a wrong number in it. A sudden change is therefore held until the next
frame says the same, which costs one frame when the change is real.
"""

JUMP_SHARE = 0.2
"""A change by more than this share of the last believed value is a jump."""


class Agreement:
    """Remembers the last believed value of each field. One for each connection; feed it every valid frame.

    A small change, a field's first value and a missing value are believed at once. A jump is believed when the field's
    next value agrees with it, that is, lies no jump away from it. Absence is no new reference: what returns after it is
    measured against what was there before.
    """

    def __init__(self) -> None:
        self._believed: dict[str, float] = {}
        self._doubted: dict[str, float] = {}

    def accept(self, name: str, value: float | None) -> bool:
        """Whether to report this value; where not, report nothing for the field from this frame."""
        doubted = self._doubted.pop(name, None)
        if value is None:
            return True
        believed = self._believed.get(name)
        if believed is not None and is_jump(believed, value) and (doubted is None or is_jump(doubted, value)):
            self._doubted[name] = value
            return False
        self._believed[name] = value
        return True

    def interrupt(self) -> None:
        """Note that bytes were lost or damaged: the next frame does not follow the last one."""
        self._doubted.clear()


def is_jump(old: float, new: float) -> bool:
    """Whether ``new`` lies more than ``JUMP_SHARE`` away from ``old``."""
    # The small share keeps 100 to 80 from being a jump by rounding alone.
    return abs(new - old) > JUMP_SHARE * abs(old) * (1 + 1e-9)
