"""Which numbers of a line are believed at once, and which only when the next line agrees.

``Agreement`` holds back jumps of more than 20 %. In ASCII a single flipped bit makes another digit of one (98 becomes
90, 72 becomes 62), which is no such jump; and a line has two witnesses of its own, the asterisk and the status codes.
"""

from enum import Enum

from devices.protocols.agreement import Agreement
from devices.protocols.nellcor.records import Limits, Number

_NEAR = 2
"""Two lines agree within this; a change below it is not worth waiting for (an oximeter is good to 2 % and 3 /min)."""


class Witness(Enum):
    """What the rest of the line says of a number."""

    NONE = "nothing"
    FOR = "its asterisk and an alarm code say so too"
    AGAINST = "its asterisk contradicts the limits"


def witness(number: Number, limits: tuple[int, int] | None, codes: frozenset[str]) -> Witness:
    """Compare a number with its asterisk, the limits where known, and the alarm codes of its kind that stand there."""
    if number.value is None:
        return Witness.NONE
    if limits is not None and number.out != (not limits[0] <= number.value <= limits[1]):
        return Witness.AGAINST
    return Witness.FOR if number.out and codes else Witness.NONE


class LineTrust:
    """Remembers the last believed number of each column. One for each connection; feed it every good line."""

    def __init__(self) -> None:
        self._agreement = Agreement()
        self._believed: dict[str, int] = {}
        self._doubted: dict[str, int] = {}

    def accept(self, name: str, value: int | None, said: Witness = Witness.NONE) -> bool:
        """Whether to report this value; where not, report nothing for the column from this line."""
        steady = self._agreement.accept(name, value)
        doubted = self._doubted.pop(name, None)
        if value is None:
            return True
        doubtful = self._is_doubtful(name, value, said)
        if doubtful and (doubted is None or abs(value - doubted) > _NEAR):
            self._doubted[name] = value
            return False
        if steady:
            self._believed[name] = value
        return steady

    def interrupt(self) -> None:
        """Note that lines were lost or damaged."""
        self._agreement.interrupt()
        self._doubted.clear()

    def _is_doubtful(self, name: str, value: int, said: Witness) -> bool:
        believed = self._believed.get(name)
        if said is Witness.FOR or (believed is not None and abs(value - believed) < _NEAR):
            return False
        if said is Witness.AGAINST:
            return True
        return believed is not None and _one_bit_apart(believed, value)


def _one_bit_apart(old: int, new: int) -> bool:
    """Whether one flipped bit on the wire would make one number of the other."""
    a, b = str(old).encode(), str(new).encode()
    differing = [x ^ y for x, y in zip(a, b, strict=False) if x != y]
    return len(a) == len(b) and len(differing) == 1 and differing[0].bit_count() == 1


def spo2_limits(limits: Limits | None) -> tuple[int, int] | None:
    """Return the limits of SpO2, where known."""
    return None if limits is None else (limits.spo2_low, limits.spo2_high)


def pr_limits(limits: Limits | None) -> tuple[int, int] | None:
    """Return the limits of the pulse rate, where known."""
    return None if limits is None else (limits.pr_low, limits.pr_high)
