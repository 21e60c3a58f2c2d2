"""What another program may ask of a running emulation: one JSON object in, one out (design.md §7, ``--control``)."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from types import MappingProxyType
from typing import Any

from devices.signals import NibpFailure
from devices.simulators.acts import (
    ELECTRODES,
    LIMBS,
    Act,
    BreakCuff,
    GiveDrug,
    LoosenCuff,
    Move,
    PausePump,
    Perform,
    PlaceCuff,
    PlaceProbe,
    PressNibp,
    RemoveProbe,
    SetCable,
    SetLeadsOff,
    SetNibpAuto,
    SetOrder,
    SetOxygen,
    StartPump,
    StopPump,
    Talk,
    TimedAct,
)

STATUS = "status"
NIBP_AUTO_MAX_MIN = 240.0
_ACTS: Mapping[str, type[Any]] = MappingProxyType(
    {
        "start_pump": StartPump,
        "pause_pump": PausePump,
        "stop_pump": StopPump,
        "set_order": SetOrder,
        "set_oxygen": SetOxygen,
        "give_drug": GiveDrug,
        "place_cuff": PlaceCuff,
        "loosen_cuff": LoosenCuff,
        "break_cuff": BreakCuff,
        "press_nibp": PressNibp,
        "set_nibp_auto": SetNibpAuto,
        "place_probe": PlaceProbe,
        "remove_probe": RemoveProbe,
        "set_leads_off": SetLeadsOff,
        "move": Move,
        "talk": Talk,
        "set_cable": SetCable,
        "perform": Perform,
    }
)
ACT_NAMES: tuple[str, ...] = (*_ACTS, STATUS)


class RequestError(ValueError):
    """A request that cannot be understood; the message says why, for the answer."""


def parse_request(line: str) -> TimedAct | None:
    """Return the act a line asks for, None when it asks for the status. ``at_s`` puts it at an instant to come.

    :raises RequestError: it is not a request.
    """
    try:
        asked = json.loads(line)
    except ValueError as error:
        raise RequestError(f"not JSON: {error}") from None
    except RecursionError:
        raise RequestError("not a request: nested too deeply") from None
    if not isinstance(asked, dict) or not isinstance(asked.get("act"), str):
        raise RequestError('not a request: write one object a line, such as {"act": "pause_pump"}')
    name = asked.pop("act")
    if name not in ACT_NAMES:
        raise RequestError(f"there is no act {name!r}: use one of {', '.join(ACT_NAMES)}")
    at_s = asked.pop("at_s", None)
    act = _made(name, asked)
    return (
        None if act is None else TimedAct(act, None if at_s is None else _number(0.0, math.inf)(at_s, "at_s"))
    )


def _made(name: str, given: dict[str, Any]) -> Act | None:
    wanted = fields(_ACTS[name]) if name != STATUS else ()
    known = {field.name: field for field in wanted}
    for key in given:
        if key not in known:
            raise RequestError(f"{name} knows no {key!r}: it takes {', '.join(known) or 'nothing more'}")
    values = {}
    for key, field in known.items():
        if key in given:
            values[key] = _READERS[key](given[key], key)
        elif field.default is MISSING:
            raise RequestError(f"{name} needs {key!r}")
    if name == STATUS:
        return None
    act: Act = _ACTS[name](**values)
    return act


Reader = Callable[[Any, str], Any]


def _number(low: float, high: float) -> Reader:
    def read(value: Any, key: str) -> float:
        # true is an int to Python
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise RequestError(f"{key} must be a number from {low:g} to {high:g}, not {value!r}")
        return float(value)

    return read


def _one_of(choices: tuple[str, ...]) -> Reader:
    def read(value: Any, key: str) -> str:
        if value not in choices:
            raise RequestError(f"{key} must be one of {', '.join(choices)}, not {value!r}")
        return str(value)

    return read


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str):
        raise RequestError(f"{key} must be text, not {value!r}")
    return value


def _truth(value: Any, key: str) -> bool:
    if not isinstance(value, bool):
        raise RequestError(f"{key} must be true or false, not {value!r}")
    return value


def _electrodes(value: Any, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or any(name not in ELECTRODES for name in value):
        raise RequestError(f"{key} must be a list of {', '.join(ELECTRODES)}, not {value!r}")
    return tuple(value)


def _failure(value: Any, key: str) -> NibpFailure | None:
    if value is None:
        return None
    return NibpFailure[_one_of(tuple(f.name.lower() for f in NibpFailure))(value, key).upper()]


def _interval(value: Any, key: str) -> int | None:
    if value is None:
        return None
    minutes = _number(1.0, NIBP_AUTO_MAX_MIN)(value, key)
    if not minutes.is_integer():
        raise RequestError(f"{key} must be whole minutes, not {value!r}")
    return int(minutes)


_READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "mg_per_kg": _number(0.001, 50.0),  # core.dose: the range an order may have
        "minutes": _number(1.0, 1440.0),
        "l_per_min": _number(0.0, 25.0),
        "name": _text,
        "dose_mg": _number(0.0, 10_000.0),
        "limb": _one_of(LIMBS),
        "failure": _failure,
        "interval_min": _interval,
        "unplugged": _truth,
        "electrodes": _electrodes,
        "level": _number(0.0, 1.0),
        "topic": _text,
        "out": _truth,
    }
)
