"""Which of several monitors speaks for a quantity: ranked, left at once on a loss, taken again when it has been good.

Ranking is a pure function of what every source offers now and of the choice so far. Losing a source never waits; going
back does, so that a contact that comes and goes cannot make number or trace jump to and fro.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from types import MappingProxyType

from devices.clock import NS_PER_S
from monitor_app.core.journal import SystemEntry
from monitor_app.core.stamp import Stamp

RETURN_NS = 10 * NS_PER_S
"""A preferred source must have been good for so long before it is gone back to while another one serves well."""
SETTLE_NS = 3 * NS_PER_S
"""Monitors begin one after the other: so long after the first of them a preferred one comes in at once, as no switch."""
SLOW_S = 2.5
"""A monitor that refreshes more rarely stands behind the others: its alarms would come as much later."""
SWITCHED = "SOURCE_SWITCH"
"""The code of the record's entry about a switch."""

Key = tuple[str, str]
"""Source (``driver@port``) and name of a number or wave."""


class Worth(IntEnum):
    """What a source has to give now."""

    NOTHING = 0  # no connection, no value, or the sensor is off
    DOUBTFUL = 1  # of low quality, or older than its own refresh
    GOOD = 2


@dataclass(frozen=True, slots=True)
class Offer:
    """What one source has to give for a quantity, and in words why that is not good."""

    key: Key
    worth: Worth
    why: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which source serves, and what has to be known to change it. Times are session times."""

    key: Key | None = None
    begun_t_ns: int | None = None  # when anything was to be had for the first time
    changed_t_ns: int = 0
    good_since: Mapping[Key, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Switch:
    """A quantity comes from another source from now on."""

    quantity: str
    before: Key
    after: Key
    why: str


def choose(choice: Choice, offers: Sequence[Offer], t_ns: int) -> Choice:
    """Return the choice for now; ``offers`` stand in the order of preference.

    A source that is worth less than another gives way at once, to the first of those worth most. One that is good gives
    way only to a preferred one that has been good for ``RETURN_NS``, and not sooner than that after the last change.
    """
    since = choice.good_since
    good = {o.key: since.get(o.key, t_ns) for o in offers if o.worth is Worth.GOOD}
    if good != since:
        choice = replace(choice, good_since=MappingProxyType(good))
    if not offers:
        return choice
    most = max(offers, key=lambda o: o.worth).worth
    if choice.begun_t_ns is None and most:
        choice = replace(choice, begun_t_ns=t_ns)
    place = next((i for i, o in enumerate(offers) if o.key == choice.key), None)
    if place is None or offers[place].worth < most:
        best = next(o for o in offers if o.worth is most)
        return replace(choice, key=best.key, changed_t_ns=t_ns)
    if most is not Worth.GOOD:
        return choice
    steady = (o.key for o in offers[:place] if o.key in good and _may_return(choice, good[o.key], t_ns))
    preferred = next(steady, None)
    return choice if preferred is None else replace(choice, key=preferred, changed_t_ns=t_ns)


def _may_return(choice: Choice, good_since_t_ns: int, t_ns: int) -> bool:
    return settling(choice, t_ns) or t_ns - max(good_since_t_ns, choice.changed_t_ns) >= RETURN_NS


def settling(choice: Choice, t_ns: int) -> bool:
    """Whether this is still the beginning, in which a change is no switch of anything."""
    return choice.begun_t_ns is None or t_ns - choice.begun_t_ns < SETTLE_NS


def reason(choice: Choice, chosen: Choice, offers: Iterable[Offer]) -> str:
    """Say why a choice was changed."""
    left = next((o for o in offers if o.key == choice.key), None)
    if left is None:
        return "it is no longer there"
    if left.worth is Worth.GOOD:
        same = choice.key is not None and chosen.key is not None and choice.key[0] == chosen.key[0]
        return "the lead asked for is back" if same else "the preferred monitor is back"
    return left.why


class Ranking:
    """The choices for a set of quantities. Bedside thread only."""

    def __init__(self) -> None:
        self._choices: dict[str, Choice] = {}

    def key(self, quantity: str) -> Key | None:
        """Who serves for a quantity; None as long as nobody was asked about it."""
        choice = self._choices.get(quantity)
        return choice.key if choice else None

    def review(self, quantity: str, offers: Sequence[Offer], t_ns: int) -> Switch | None:
        """Look at what is offered now; the switch where another source serves from now on."""
        before = self._choices.get(quantity, Choice())
        after = choose(before, offers, t_ns)
        self._choices[quantity] = after
        if before.key is None or after.key is None or before.key == after.key or settling(before, t_ns):
            return None
        return Switch(quantity, before.key, after.key, reason(before, after, offers))

    def take(self, quantity: str, key: Key) -> None:
        """Let a source serve without comparing: it is the only one, or the same wave under its right name."""
        self._choices[quantity] = replace(self._choices.get(quantity, Choice()), key=key)


def switch_entries(switches: Iterable[Switch], stamp: Stamp) -> list[SystemEntry]:
    """Return the record's lines: one for each loss or return, naming everything that moved with it."""
    moved: dict[tuple[str, str, str], list[str]] = {}
    for switch in switches:
        before, after = _named(switch)
        moved.setdefault((before, after, switch.why), []).append(switch.quantity)
    return [_entry(stamp, parties, ", ".join(names)) for parties, names in moved.items()]


def _named(switch: Switch) -> tuple[str, str]:
    """Name the sources; where it is another wave of the same one, the waves too."""
    if switch.before[0] != switch.after[0]:
        return switch.before[0], switch.after[0]
    return f"{switch.before[0]} {switch.before[1]}", f"{switch.after[0]} {switch.after[1]}"


def _entry(stamp: Stamp, parties: tuple[str, str, str], quantities: str) -> SystemEntry:
    before, after, why = parties
    text = f"{quantities} now from {after} instead of {before}: {why}"
    fields = {"quantities": quantities, "from": before, "to": after, "why": why}
    return SystemEntry(stamp, SWITCHED, text, fields)
