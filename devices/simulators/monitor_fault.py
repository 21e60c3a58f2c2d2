"""What goes wrong inside a monitor, on purpose: its clock, its sample counts, its cuff readings (protocols.md §12).

Unlike the faults of the wire these need a monitor that has such a thing; what it can do it shows by the optional
protocols of ``devices.protocols.base``. A monitor that cannot is not asked: ``require_supported`` refuses.
"""

import re
from collections.abc import Iterable
from types import MappingProxyType

from devices.drivers.base import NibpTiming
from devices.errors import ConfigError
from devices.protocols.base import ClockSetting, CountWobble, EarlyNibp, MonitorSide
from devices.protocols.device_time import SEEDED_START_S
from devices.simulators.fault import Fault

CLOCK, COUNT, EARLY, SAME = "clock", "count", "early-nibp", "same-nibp"
_FAULTS = MappingProxyType(
    {
        CLOCK: (-3600.0, "the monitor's own clock jumps by so many seconds (negative: back), and back at the end"),
        COUNT: (0.2, "share of wave packets that are one sample short, the next being one longer"),
        EARLY: (5.0, "a cuff reading stands there so many seconds before measuring is said to be over"),
        SAME: (0.0, "every cuff reading is the one before it again (no value)"),
    }
)  # fmt: skip
"""Name: value used when none is given, and what the value means."""
MONITOR_FAULT_NAMES: tuple[str, ...] = tuple(_FAULTS)
_WANTS = MappingProxyType(
    {
        CLOCK: (ClockSetting, "it sends no clock"),
        COUNT: (CountWobble, "its packets hold no count of samples"),
        EARLY: (EarlyNibp, "it shows no values while it measures"),
    }
)
_LONGEST_EARLY_S = 20.0  # a cuff cycle takes 25 s and more
_FORM = re.compile(
    r"(?P<name>[a-z-]+)(?::(?P<value>-?\d+(?:\.\d+)?))?@(?P<start>\d+(?:\.\d+)?)(?:-(?P<end>\d+(?:\.\d+)?))?"
)


def parse_monitor_fault(text: str) -> Fault:
    """Return the fault written as ``NAME@T``, ``NAME@T-T2`` or ``NAME:VALUE@T…``, times in seconds of patient time.

    :raises ConfigError: it has another form, an unknown name, or a value or an end that cannot be.
    """
    found = _FORM.fullmatch(text.strip().lower())
    if found is None or found["name"] not in _FAULTS:
        raise ConfigError(
            f"'{text}' is no fault of a monitor: write NAME@T, NAME@T-T2 or NAME:VALUE@T, "
            f"with one of {', '.join(MONITOR_FAULT_NAMES)}."
        )
    name, start_s = found["name"], float(found["start"])
    end_s = float(found["end"]) if found["end"] else float("inf")
    if end_s <= start_s:
        raise ConfigError(f"'{text}' ends before it starts: write the earlier time first.")
    if name == SAME and found["value"]:
        raise ConfigError(f"':{found['value']}' means nothing for {name}: leave it out.")
    value = float(found["value"]) if found["value"] else _FAULTS[name][0]
    if name == COUNT and not 0 <= value <= 1:
        raise ConfigError(f"'{text}': the value of {name} is a share of packets, 0 to 1.")
    if name == EARLY and not 0 <= value <= _LONGEST_EARLY_S:
        raise ConfigError(f"'{text}': the value of {name} is 0 to {_LONGEST_EARLY_S:g} seconds.")
    return Fault(name, start_s, end_s, value)


def monitor_fault_help() -> str:
    """Return one line per fault: name, meaning of its value, the value used when none is given."""
    return "\n".join(f"{name:12}{meaning} (default {value:g})" for name, (value, meaning) in _FAULTS.items())


def require_supported(
    faults: Iterable[Fault], monitor: MonitorSide, *, driver_id: str, nibp: NibpTiming
) -> None:
    """Refuse what this family cannot have.

    :raises ConfigError: one sentence that names the fault and says why.
    """
    for fault in faults:
        wants = _WANTS.get(fault.name)
        reason = None if wants is None or isinstance(monitor, wants[0]) else wants[1]
        if fault.name in (SAME, EARLY) and nibp is NibpTiming.NONE:
            reason = "it has no cuff"
        if reason is not None:
            raise ConfigError(
                f"The emulated {driver_id} cannot have the fault '{fault.name}' ({reason}): leave it out."
            )


class AilingMonitor:
    """A ``MonitorSide`` with faults inside. ``side`` is stepped; ``monitor`` is the bare one behind it that ails.

    ``since_s`` is when it was switched on, in patient time; its own clock has gone on meanwhile, as with a battery.
    """

    def __init__(
        self, side: MonitorSide, monitor: MonitorSide, faults: Iterable[Fault], *, since_s: float = 0.0
    ) -> None:
        self._side = side
        self._monitor = monitor
        self._faults = tuple(faults)
        self._since_s = since_s
        self._now_s = 0.0  # by the monitor's own axis
        self._shift_s: float | None = None if since_s else 0.0
        self._share: float | None = None
        self._early_s: float | None = None

    def receive(self, data: bytes) -> None:
        """See ``MonitorSide``."""
        self._side.receive(data)

    def advance(self, until_s: float) -> bytes:
        """See ``MonitorSide``; faults begin and end at the instant the monitor has reached."""
        at_s = self._since_s + until_s
        if isinstance(self._monitor, ClockSetting):
            self._set_clock(self._monitor, at_s)
        if isinstance(self._monitor, CountWobble) and (share := self._value(COUNT, at_s)) != self._share:
            self._share = share
            self._monitor.wobble_counts(share)
        if isinstance(self._monitor, EarlyNibp) and (early_s := self._value(EARLY, at_s)) != self._early_s:
            self._early_s = early_s
            self._monitor.show_nibp_early(early_s)
        self._now_s = until_s
        return self._side.advance(until_s)

    def _set_clock(self, monitor: ClockSetting, at_s: float) -> None:
        shift_s = sum(fault.value for fault in self._faults if fault.name == CLOCK and fault.active_at(at_s))
        if shift_s != self._shift_s:
            self._shift_s = shift_s
            monitor.set_clock(SEEDED_START_S + self._since_s + self._now_s + shift_s)

    def _value(self, name: str, at_s: float) -> float | None:
        """Return the value of the fault of this name that acts now, None where none does."""
        values = [fault.value for fault in self._faults if fault.name == name and fault.active_at(at_s)]
        return max(values, default=None)
