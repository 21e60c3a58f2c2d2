"""The watchdog itself: takes lines, keeps the judgement, makes the voice sound, and says how it is."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from monitor_app.watchdog import judge
from monitor_app.watchdog.judge import PROGRAM, State, Watch
from monitor_app.watchdog.message import Report, read_pulse

REPORT_EVERY_NS = 1_000_000_000
PARTS = {"screen": "its screen no longer answers", "bedside": "its alarms are no longer evaluated"}
"""What it means when a part is silent while the program itself still speaks."""
_WARNING = frozenset({State.SHOWING, State.SOUNDING})


class Speaks(Protocol):
    """What the watchdog asks of its voice."""

    def start(self, words: str, *, aloud: bool = True) -> None:
        """Show these words in a window, and begin to sound where that is wanted too."""
        ...

    def keep(self, now_ns: int) -> None:
        """Go on sounding."""
        ...

    def stop(self) -> None:
        """Fall silent; the window goes too."""
        ...

    @property
    def acknowledged(self) -> bool:
        """Whether somebody has pressed the window's button."""
        ...


class Watchdog:
    """One watch over one program. One thread; the time comes with every call.

    ``tell`` writes to the program, ``log`` keeps a line for support. ``token``: a file in which the newest armed watch of
    this database writes its ``name``; whose program is gone and finds another name there, ends.
    """

    def __init__(
        self,
        voice: Speaks,
        *,
        tell: Callable[[Report], None],
        log: Callable[[str], None],
        sound: tuple[str, str],
        token: Path | None = None,
        name: str = "",
        silence_s: float = judge.SILENCE_S,
    ) -> None:
        """``sound``: how it would sound and why it could not, in words."""
        self._voice = voice
        self._tell = tell
        self._log = log
        self._sound = sound
        self._token = token
        self._name = name
        self._watch = Watch(silence_ns=round(silence_s * judge.NS_PER_S))
        self._told = ""
        self._reported_ns: int | None = None

    @property
    def state(self) -> State:
        """Where the watch stands."""
        return self._watch.state

    def line(self, line: bytes, now_ns: int) -> None:
        """Take a line from the program; one that says nothing is passed over."""
        pulse = read_pulse(line)
        if pulse is not None:
            self._told = pulse.told or self._told
            self._become(judge.heard(self._watch, pulse, now_ns), now_ns)

    def lost(self, now_ns: int) -> None:
        """Take that the program's end of the pipe is closed."""
        self._become(judge.lost(self._watch, now_ns), now_ns)

    def tick(self, now_ns: int) -> None:
        """Look at the time, the window and the other watches."""
        watch = judge.look(self._watch, now_ns)
        if watch.state in _WARNING and self._voice.acknowledged:
            self._log("hushed by hand")
            watch = judge.hushed(watch, now_ns)
        if watch.gone and self._taken_over():
            watch = judge.replaced(watch)
        self._become(watch, now_ns)
        if self.state is State.SOUNDING:
            self._voice.keep(now_ns)
        if self._reported_ns is None or now_ns - self._reported_ns >= REPORT_EVERY_NS:
            self._report(now_ns)

    def words(self) -> str:
        """What the window says."""
        silent = [name for name in self._watch.silent if name != PROGRAM]
        alive = not self._watch.gone and PROGRAM not in self._watch.silent
        what, follows = "Chairside has stopped", "Nothing watches for alarms here"
        if alive and len(silent) == 1:
            what = f"Chairside has failed: {PARTS.get(silent[0], silent[0] + ' is silent')}"
        if self.state is State.SHOWING:
            follows = "Its alarms still sound, but what it shows may be old"
        place = f" ({self._told})" if self._told else ""
        return (
            f"{what}{place}. {follows}. Watch the patient and the monitor itself, then start "
            "Chairside again: what was recorded is kept."
        )

    def _become(self, watch: Watch, now_ns: int) -> None:
        before, self._watch = self._watch, watch
        if watch.state is before.state:
            return
        self._log(f"{before.state.value} to {watch.state.value}" + self._why())
        if before.state in _WARNING:
            self._voice.stop()
        if watch.state in _WARNING:
            self._voice.start(self.words(), aloud=watch.state is State.SOUNDING)
        if watch.state is State.ARMED:
            self._claim()
        self._report(now_ns)

    def _why(self) -> str:
        silent = ", ".join(self._watch.silent)
        gone = "; the program is gone" if self._watch.gone else ""
        own = "; the program gives the alarm itself" if self.state is State.SHOWING else ""
        why = f": no heartbeat of {silent} for {self._watch.silence_ns / 1e9:g} s" if silent else ""
        return why + gone + own

    def _report(self, now_ns: int) -> None:
        self._reported_ns = now_ns
        self._tell(Report(self.state.value, *self._sound))

    def _claim(self) -> None:
        try:
            if self._token is not None:
                self._token.write_text(self._name, encoding="utf-8")
        except OSError as error:
            self._log(f"{self._token} cannot be written: {error.strerror}")

    def _taken_over(self) -> bool:
        try:
            return self._token is not None and self._token.read_text(encoding="utf-8") not in {"", self._name}
        except OSError:
            return False


def with_pid(report: Report, pid: int) -> Report:
    """Return a report that names its process."""
    return replace(report, pid=pid)
