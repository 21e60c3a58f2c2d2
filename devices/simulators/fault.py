"""What goes wrong on a wire, on purpose: faults between an emulated monitor and its transport (protocols.md §12).

Faults act on bytes and know no protocol. What happens at the patient (a lead off, a loose cuff) is not here but in the
patient's ``SensorState``. Every chance is drawn byte by byte from one seeded generator, so the same seed spoils the same
bytes however they are cut into steps.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from devices.errors import ConfigError

_FAULTS = MappingProxyType(
    {
        "drop": (0.01, "share of bytes that get lost"),
        "double": (0.01, "share of bytes that come twice"),
        "badsum": (0.005, "share of bytes with one flipped bit"),
        "garbage": (0.005, "chance per byte of a burst of random bytes before it"),
        "baud": (1.0, "share of bytes replaced by random ones, as at a wrong baud rate"),
        "merge": (0.5, "seconds for which bytes are held back and then come at once"),
        "midstart": (7.0, "bytes missing at the start, so that it begins inside a frame"),
        "silence": (0.0, "nothing is sent (no value)"),
        "reset": (3.0, "seconds until the monitor has restarted, having forgotten what it was told"),
    }
)
"""Name: value used when none is given, and what the value means."""

FAULT_NAMES: tuple[str, ...] = tuple(_FAULTS)
_SHARES = frozenset({"drop", "double", "badsum", "garbage", "baud"})
_LONGEST_BURST = 16
_ROUNDING_S = 1e-6  # patient time is a sum of steps
_FORM = re.compile(r"(?P<name>[a-z-]+)(?::(?P<value>[\d.]+))?@(?P<start>[\d.]+)(?:-(?P<end>[\d.]+))?")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault from ``start_s`` (patient time) until ``end_s``, or for ever; ``value`` as in ``fault_help``."""

    name: str
    start_s: float
    end_s: float = float("inf")
    value: float = 0.0

    def active_at(self, at_s: float) -> bool:
        """Whether it acts at this instant."""
        return self.start_s <= at_s < self.end_s


def parse_fault(text: str) -> Fault:
    """Return the fault written as ``NAME@T``, ``NAME@T-T2`` or ``NAME:VALUE@T…``, times in seconds of patient time.

    :raises ConfigError: it has another form, an unknown name, a share above 1 or an end before its start.
    """
    found = _FORM.fullmatch(text.strip().lower())
    if found is None:
        raise ConfigError(
            f"'{text}' is no fault: write NAME@T, NAME@T-T2 or NAME:VALUE@T, for example drop@60-90."
        )
    name = found["name"]
    if name not in _FAULTS:
        raise ConfigError(f"There is no fault '{name}': choose one of {', '.join(FAULT_NAMES)}.")
    try:
        start_s = float(found["start"])
        end_s = float(found["end"]) if found["end"] else float("inf")
        value = float(found["value"]) if found["value"] else _FAULTS[name][0]
    except ValueError as error:
        raise ConfigError(f"'{text}' has a number that is none: write it like 60 or 0.05.") from error
    if end_s <= start_s:
        raise ConfigError(f"'{text}' ends before it starts: write the earlier time first.")
    if name in _SHARES and value > 1:
        raise ConfigError(f"'{text}': the value of {name} is a share of bytes, 0 to 1.")
    return Fault(name, start_s, end_s, value)


def fault_help() -> str:
    """Return one line per fault: name, meaning of its value, the value used when none is given."""
    return "\n".join(f"{name:9}{meaning} (default {value:g})" for name, (value, meaning) in _FAULTS.items())


class FaultLine:
    """The spoiled stretch of wire between a monitor and its transport. Stepped on patient time, which never goes back.

    ``restart`` is called once for each reset, at its end: a monitor that comes back begins then.
    """

    def __init__(
        self, faults: Iterable[Fault] = (), *, seed: int = 0, restart: Callable[[], None] | None = None
    ) -> None:
        self._faults = tuple(sorted(faults, key=lambda fault: fault.start_s))
        self._rngs = [np.random.default_rng([seed, index]) for index in range(len(self._faults))]
        self._noise = (
            np.random.default_rng(seed).integers(0, 256, 256 + _LONGEST_BURST, dtype=np.uint8).tobytes()
        )
        self._restart = restart
        self._reset_done: set[int] = set()
        self._cut_left = [int(fault.value) for fault in self._faults]
        self._held = bytearray()
        self._held_since_s: float | None = None

    @property
    def has_faults(self) -> bool:
        """Whether there is any fault at all, past or to come."""
        return bool(self._faults)

    def before(self, at_s: float) -> None:
        """Do what has to happen before the monitor is stepped to ``at_s``: restart it where a reset is over."""
        for index, fault in enumerate(self._faults):
            over = fault.name == "reset" and at_s >= fault.start_s + fault.value
            if over and index not in self._reset_done:
                self._reset_done.add(index)
                if self._restart is not None:
                    self._restart()

    def deaf_at(self, at_s: float) -> bool:
        """Whether the monitor is restarting and hears nothing."""
        return any(
            fault.name == "reset" and fault.start_s <= at_s < fault.start_s + fault.value
            for fault in self._faults
        )

    def apply(self, data: bytes, at_s: float) -> bytes:
        """Return what reaches the host of ``data``, sent up to ``at_s``."""
        for index, fault in enumerate(self._faults):
            if at_s < fault.start_s:
                break
            if fault.name in _SHARES:
                if fault.active_at(at_s) and data:
                    data = self._spoil(index, data)
            elif fault.name == "midstart":
                data = self._cut(index, data)
            elif fault.name == "silence":
                data = b"" if fault.active_at(at_s) else data
        return self._hold(b"" if self.deaf_at(at_s) else data, at_s)

    def _spoil(self, index: int, data: bytes) -> bytes:
        fault, rng = self._faults[index], self._rngs[index]
        octets = np.frombuffer(data, dtype=np.uint8)
        # Two draws for every byte, hit or not: the sequence then does not depend on how the bytes were cut.
        draws = rng.random((len(octets), 2))
        hit = draws[:, 0] < fault.value
        if not hit.any():
            return data
        detail = (draws[:, 1] * 256).astype(np.uint8)
        if fault.name == "drop":
            return octets[~hit].tobytes()
        if fault.name == "double":
            return np.repeat(octets, 1 + hit).tobytes()
        if fault.name == "badsum":
            return np.where(hit, octets ^ (1 << (detail % 8)), octets).astype(np.uint8).tobytes()
        if fault.name == "baud":
            return np.where(hit, detail, octets).tobytes()
        return b"".join(
            self._burst(int(detail[i])) + data[i : i + 1] if hit[i] else data[i : i + 1]
            for i in range(len(data))
        )

    def _burst(self, draw: int) -> bytes:
        """Return 1 to 16 random bytes that follow from one draw (0-255)."""
        return self._noise[draw : draw + 1 + draw % _LONGEST_BURST]

    def _cut(self, index: int, data: bytes) -> bytes:
        cut = min(self._cut_left[index], len(data))
        self._cut_left[index] -= cut
        return data[cut:]

    def _hold(self, data: bytes, at_s: float) -> bytes:
        hold_s = max(
            (fault.value for fault in self._faults if fault.name == "merge" and fault.active_at(at_s)),
            default=0.0,
        )
        if hold_s <= 0 and not self._held:
            return data
        self._held += data
        if self._held_since_s is None:
            self._held_since_s = at_s
        if at_s - self._held_since_s < hold_s - _ROUNDING_S:
            return b""
        released = bytes(self._held)
        self._held.clear()
        self._held_since_s = None
        return released
