"""The watchdog's judgement: a pure state machine over pulses and the time.

It sounds when, with a patient monitored, any part of the program has not beaten for longer than ``silence_s`` (5 s,
clinical.md §5.6). It keeps time by its own clock alone. When that clock shows that the watchdog itself did not run for a
while (the computer slept, or was too busy), nobody could have beaten: every part gets the whole time anew.

  WAITING    nobody is monitored, or nothing has been heard yet
  ARMED      a patient is monitored and all parts beat
  SHOWING    a part is silent, and the program itself sounds for it: two bursts are never mixed (clinical.md §5.3)
  SOUNDING   a part is silent, and nothing else sounds for it; ends by itself when all beat again
  HUSHED     either, and a person has said that they watch the patient
  OVER       the program ended in an orderly way, another one took over, or a person has hushed for a program that is gone
"""

from dataclasses import dataclass, field, replace
from enum import Enum

from monitor_app.watchdog.message import Pulse

NS_PER_S = 1_000_000_000
SILENCE_S = 5.0
"""clinical.md §5.6."""
PROGRAM = "program"
"""The part that beats with every pulse, whatever the pulse says."""
ASLEEP_NS = 2 * NS_PER_S
"""The watchdog looks four times a second; when so much passed between two looks it was not running."""
OWN_ALARM_NS = 2 * NS_PER_S
"""A program that has said that it would give the alarm itself has to say within this time that it does: it does so after the
same 5 s, tells it at once, and its word goes out twice a second."""
SOUND_AT_MOST_NS = 30 * 60 * NS_PER_S
"""Where nobody can hush it: at least 120 s are asked for (clinical.md §5.6), and no room needs it for hours."""


class State(Enum):
    """See the module."""

    WAITING = "waiting"
    ARMED = "armed"
    SHOWING = "showing"
    SOUNDING = "sounding"
    HUSHED = "hushed"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Watch:
    """What the watchdog knows. ``heard``: of each part its counter and since when it has not grown.

    ``sounds_for``, ``would_sound_for``: the program's last word (``Pulse``).
    """

    state: State = State.WAITING
    silence_ns: int = round(SILENCE_S * NS_PER_S)
    looked_ns: int | None = None
    armed: bool = False
    gone: bool = False
    heard: dict[str, tuple[int, int]] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    since_ns: int | None = None  # of SHOWING, SOUNDING and HUSHED
    sounds_for: tuple[str, ...] = ()
    would_sound_for: tuple[str, ...] = ()


def heard(watch: Watch, pulse: Pulse, now_ns: int) -> Watch:
    """Take a pulse."""
    watch = look(watch, now_ns)
    if watch.state is State.OVER:
        return watch
    if pulse.bye:
        return replace(watch, state=State.OVER, armed=False, silent=())
    anew = {} if pulse.armed and not watch.armed else watch.heard
    parts = {name: _grown(anew.get(name), count, now_ns) for name, count in pulse.beats.items()}
    parts[PROGRAM] = (0, now_ns)
    said = replace(watch, sounds_for=pulse.sounds_for, would_sound_for=pulse.would_sound_for)
    return look(replace(said, armed=pulse.armed, heard=parts), now_ns)


def _grown(known: tuple[int, int] | None, count: int, now_ns: int) -> tuple[int, int]:
    """Return a part's counter and since when it has not grown."""
    return (count, now_ns) if known is None or known[0] != count else known


def lost(watch: Watch, now_ns: int) -> Watch:
    """The program's end of the pipe is closed: it is gone. While a patient was monitored its parts now fall silent."""
    if not watch.armed and watch.state is not State.OVER:
        return replace(watch, gone=True, state=State.OVER)
    return look(replace(watch, gone=True), now_ns)


def hushed(watch: Watch, now_ns: int) -> Watch:
    """A person has said that they watch the patient: no more sound; with the program gone there is nothing left to do."""
    if watch.state not in {State.SHOWING, State.SOUNDING}:
        return watch
    return replace(watch, state=State.OVER if watch.gone else State.HUSHED, since_ns=now_ns)


def replaced(watch: Watch) -> Watch:
    """Another running program has taken over this watch (it was started again): nothing is left to do here."""
    return replace(watch, state=State.OVER, silent=()) if watch.gone else watch


def look(watch: Watch, now_ns: int) -> Watch:
    """Judge at an instant; to be called often, also when nothing was heard."""
    if watch.state is State.OVER:
        return watch
    before = watch.looked_ns
    if before is not None and now_ns - before > ASLEEP_NS:
        anew = {name: (count, now_ns) for name, (count, _) in watch.heard.items()}
        watch = replace(watch, heard=anew, since_ns=None if watch.since_ns is None else now_ns)
    watch = replace(watch, looked_ns=now_ns)
    if watch.gone and watch.state is State.HUSHED:
        return replace(watch, state=State.OVER)
    if not watch.armed:
        return replace(watch, state=State.WAITING, silent=(), since_ns=None)
    silent = tuple(name for name, (_, since) in watch.heard.items() if now_ns - since > watch.silence_ns)
    if not silent and not _still(watch):
        return replace(watch, state=State.ARMED, silent=(), since_ns=None)
    return _with_silent(watch, silent, now_ns)


def _with_silent(watch: Watch, silent: tuple[str, ...], now_ns: int) -> Watch:
    if watch.state is not State.HUSHED and _left_to_program(watch, silent, now_ns):
        shown = any(name in watch.sounds_for for name in silent)
        return _warned(watch, State.SHOWING if shown else watch.state, silent, now_ns)
    if watch.state in {State.SOUNDING, State.HUSHED}:
        too_long = watch.since_ns is not None and now_ns - watch.since_ns > SOUND_AT_MOST_NS
        ends = State.OVER if watch.gone else State.HUSHED
        return replace(watch, state=ends if too_long else watch.state, silent=silent or watch.silent)
    return _warned(watch, State.SOUNDING, silent or watch.silent, now_ns)


def _warned(watch: Watch, state: State, silent: tuple[str, ...], now_ns: int) -> Watch:
    """Return how it stands with these parts silent; ``since_ns`` tells when this state began."""
    since_ns = watch.since_ns if state is watch.state else now_ns
    return replace(watch, state=state, silent=silent, since_ns=since_ns)


def _left_to_program(watch: Watch, silent: tuple[str, ...], now_ns: int) -> bool:
    """Whether the program gives the alarm for every silent part itself, or still has the time to.

    One that is gone, or of which another part is silent too, is not believed.
    """
    if watch.gone or not silent or PROGRAM in silent:
        return False
    latest_ns = now_ns - watch.silence_ns - OWN_ALARM_NS
    return all(
        name in watch.sounds_for or (name in watch.would_sound_for and watch.heard[name][1] >= latest_ns)
        for name in silent
    )


def _still(watch: Watch) -> bool:
    """Whether a warning goes on although no part counts as silent: the computer slept, and the program is gone for good."""
    return watch.gone and watch.state in {State.SOUNDING, State.HUSHED}
