"""Faults named on the command line: of the wire, inside the monitor, and at the patient as acts of a virtual bedside."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from devices.errors import ConfigError
from devices.signals import NibpFailure
from devices.simulators.acts import (
    ELECTRODES,
    Act,
    BreakCuff,
    LoosenCuff,
    Move,
    PlaceCuff,
    PlaceProbe,
    RemoveProbe,
    SetCable,
    SetLeadsOff,
    TimedAct,
)
from devices.simulators.fault import FAULT_NAMES, Fault, parse_fault
from devices.simulators.monitor_fault import MONITOR_FAULT_NAMES, monitor_fault_help, parse_monitor_fault

_FORM = re.compile(
    r"(?P<name>[a-z-]+)(?::(?P<value>[a-z0-9.+]+))?@(?P<start>\d+(\.\d+)?)(?:-(?P<end>\d+(\.\d+)?))?"
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """Makes the act that begins a fault from its value (empty: the usual one), and the act that ends it."""

    begin: Callable[[str], Act]
    end: Act
    meaning: str


def _leads(value: str) -> Act:
    names = tuple(part.upper() for part in (value or "RA").split("+"))
    if not set(names) <= set(ELECTRODES):
        raise ConfigError(f"lead-off:{value} names no electrode: use {', '.join(ELECTRODES)}, joined by +.")
    return SetLeadsOff(names)


def _motion(value: str) -> Act:
    try:
        level = float(value or 1.0)
    except ValueError:
        level = -1.0
    if not 0 < level <= 1:
        raise ConfigError(f"motion:{value} is no level: write a number above 0, up to 1.")
    return Move(level)


def _plain(act: Act) -> Callable[[str], Act]:
    def make(value: str) -> Act:
        if value:
            raise ConfigError(f"':{value}' means nothing for this fault: leave it out.")
        return act

    return make


def _cuff(failure: NibpFailure) -> _Kind:
    return _Kind(_plain(BreakCuff(failure)), BreakCuff(None), f"every cuff reading fails: {failure.value}")


_KINDS: Mapping[str, _Kind] = MappingProxyType(
    {
        "lead-off": _Kind(_leads, SetLeadsOff(), "electrodes off (RA; or lead-off:LA+LL)"),
        "no-finger": _Kind(_plain(RemoveProbe()), PlaceProbe(), "the probe slips off the finger"),
        "probe-unplugged": _Kind(
            _plain(RemoveProbe(unplugged=True)), PlaceProbe(), "the probe's cable is out of the monitor"
        ),
        "motion": _Kind(_motion, Move(0.0), "the patient moves (value 0 to 1, default 1)"),
        "cuff-loose": _Kind(_plain(LoosenCuff()), PlaceCuff(), "the cuff or its hose comes off"),
        "cuff-leak": _cuff(NibpFailure.LEAK),
        "cuff-blocked": _cuff(NibpFailure.BLOCKED),
        "cuff-weak": _cuff(NibpFailure.WEAK),
        "cuff-timeout": _cuff(NibpFailure.TIMED_OUT),
        "cuff-error": _cuff(NibpFailure.ERROR),
        "cable-out": _Kind(
            _plain(SetCable(out=True)), SetCable(out=False), "the monitor's data cable is pulled"
        ),
    }
)

PATIENT_FAULT_NAMES: tuple[str, ...] = tuple(_KINDS)


@dataclass(frozen=True, slots=True)
class Faults:
    """What is to go wrong: on the wire, at the patient, and inside the monitor."""

    wire: tuple[Fault, ...] = ()
    acts: tuple[TimedAct, ...] = ()
    monitor: tuple[Fault, ...] = ()


def parse_faults(texts: Iterable[str]) -> Faults:
    """Return the faults written as ``NAME@T``, ``NAME@T-T2`` or ``NAME:VALUE@T…``, in seconds of patient time.

    :raises ConfigError: one has another form, an unknown name (the message lists all) or a value that means nothing.
    """
    wire: list[Fault] = []
    monitor: list[Fault] = []
    acts: list[TimedAct] = []
    for text in texts:
        name = re.split("[:@]", text.strip().lower())[0]
        if name in FAULT_NAMES:
            wire.append(parse_fault(text))
        elif name in MONITOR_FAULT_NAMES:
            monitor.append(parse_monitor_fault(text))
        elif name in _KINDS:
            acts += _timed(text)
        else:
            names = ", ".join((*FAULT_NAMES, *MONITOR_FAULT_NAMES, *PATIENT_FAULT_NAMES))
            raise ConfigError(f"There is no fault '{name}': choose one of {names}.")
    return Faults(tuple(wire), tuple(acts), tuple(monitor))


def patient_fault_help() -> str:
    """Return one line per fault inside the monitor and at the patient: name and meaning."""
    at_patient = (f"{name:16}{kind.meaning}" for name, kind in _KINDS.items())
    return "\n".join((monitor_fault_help(), *at_patient))


def _timed(text: str) -> list[TimedAct]:
    found = _FORM.fullmatch(text.strip().lower())
    if found is None:
        raise ConfigError(f"'{text}' is no fault: write NAME@T or NAME@T-T2, for example lead-off@60-90.")
    kind = _KINDS[found["name"]]
    start_s = float(found["start"])
    acts = [TimedAct(kind.begin(found["value"] or ""), start_s)]
    if found["end"] is not None:
        end_s = float(found["end"])
        if end_s <= start_s:
            raise ConfigError(f"'{text}' ends before it starts: write the earlier time first.")
        acts.append(TimedAct(kind.end, end_s))
    return acts
