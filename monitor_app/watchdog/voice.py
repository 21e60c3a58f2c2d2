"""How the watchdog makes itself heard: with what this computer has, found out before it is needed.

In this order: the platform's own player, Qt's multimedia in a process of its own (as the program itself plays), the
terminal's bell. A window in front of all others says it in words wherever there is a display.
"""

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from monitor_app.resources_path import resource_path

PLAYERS = (("pw-play",), ("paplay",), ("aplay", "-q"), ("afplay",))
"""Command-line players of Linux and macOS; each takes the file last."""
REPEAT_NS = 7_000_000_000
"""Between bursts of HIGH priority (clinical.md §5.3), from the beginning of one to that of the next 3.1 s more."""
BURST_NS = 3_100_000_000
BELL = "bell"
QT = "qt"
WINSOUND = "winsound"
SOUND = resource_path("sounds", "watchdog.wav")
"""One burst of HIGH priority, melody of equipment failure; rendered from ``processing.tones`` (a test compares them)."""
SILENCE = resource_path("sounds", "silence.wav")
"""A tenth of a second of nothing: whether a player works is found out without a sound."""
_END_WAIT_S = 2.0
_PROBE_S = 5.0


@dataclass(frozen=True, slots=True)
class Means:
    """What can be used: ``command`` plays a file; else ``kind`` says how. ``window``: words can be shown."""

    kind: str
    command: tuple[str, ...] = ()
    window: bool = False

    @property
    def trouble(self) -> str:
        """Why nobody might hear it, in words; empty where a sound can be played."""
        if self.kind != BELL:
            return ""
        return f"no way to play a sound here, {'only a window' if self.window else 'only the bell of a terminal'}"


def find_means(player: Sequence[str], probe: Callable[[Sequence[str]], bool], notice: Sequence[str]) -> Means:
    """Return the first way to sound that ``probe`` finds working. ``player``: a command given by hand goes before all."""
    window = _can_show() and importlib.util.find_spec("PySide6") is not None
    if player:
        return Means(player[0], tuple(player), window)
    if sys.platform == "win32":
        return Means(WINSOUND, (), window)
    for command in PLAYERS:
        if shutil.which(command[0]) is not None and probe([*command, str(SILENCE)]):
            return Means(command[0], command, window)
    if window and probe([*notice, "--has-sound"]):
        return Means(QT, (), window)
    return Means(BELL, (), window)


def runs_well(command: Sequence[str]) -> bool:
    """Whether a command ends well within a moment: a player without an output does not."""
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(  # noqa: S603 - own commands
            command, stdin=quiet, stdout=quiet, stderr=quiet, timeout=_PROBE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _can_show() -> bool:
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@dataclass(slots=True)
class Voice:
    """Sounds and shows. One thread. ``notice`` is the command that opens the window; it takes words and a sound file."""

    means: Means
    sound: Path
    notice: tuple[str, ...]
    bell: Callable[[], object]
    _player: "subprocess.Popen[bytes] | None" = field(default=None)
    _window: "subprocess.Popen[bytes] | None" = field(default=None)
    _next_ns: int | None = field(default=None)
    failures: int = field(default=0)

    def start(self, words: str, *, aloud: bool = True) -> None:
        """Begin: the window with these words, and a burst at the next ``keep`` where it is to be heard."""
        self._next_ns = 0 if aloud else None
        if self.means.window and self._window is None:
            sound = [f"--sound={self.sound}"] if aloud and self.means.kind == QT else []
            self._window = self._run([*self.notice, f"--notice={words}", *sound])

    def keep(self, now_ns: int) -> None:
        """Begin the next burst when it is due."""
        if self._next_ns is None or now_ns < self._next_ns:
            return
        self._next_ns = now_ns + BURST_NS + REPEAT_NS
        if self.means.command:
            if self._player is not None and self._player.poll() is None:
                return  # a player that hangs is not given company
            self.failures += self._player is not None and self._player.returncode != 0
            self._player = self._run([*self.means.command, str(self.sound)])
            if self._player is None or self.failures:
                self.bell()
        elif self.means.kind == WINSOUND:
            _play_on_windows(self.sound)
        else:
            self.bell()

    @property
    def acknowledged(self) -> bool:
        """Whether the person at the window has pressed its button: it ends with status 0 by that alone."""
        return self._window is not None and self._window.poll() == 0

    def stop(self) -> None:
        """Fall silent and take the window away."""
        self._next_ns = None
        for process in (self._player, self._window):
            if process is not None and process.poll() is None:
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_END_WAIT_S)
        self._player = self._window = None

    def _run(self, command: Sequence[str]) -> "subprocess.Popen[bytes] | None":
        quiet = subprocess.DEVNULL
        try:
            return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)  # noqa: S603 - own commands
        except OSError:
            self.failures += 1
            return None


def _play_on_windows(sound: Path) -> None:
    if sys.platform == "win32":
        import winsound  # noqa: PLC0415 - only there

        winsound.PlaySound(str(sound), winsound.SND_FILENAME | winsound.SND_ASYNC)
