"""The program's end of its watchdog: starts it, sends it the heartbeats, and notices when it does not watch any more.

A part of the program that must live calls ``beat`` with its name; what never beat is not waited for. The pipe is fed by a
thread of its own, so that a watchdog that does not read can hold up nothing but that thread.
"""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from devices.clock import NS_PER_S, Clock, SystemClock
from monitor_app.storage.kind import kind_for
from monitor_app.watchdog.launch import watchdog_command
from monitor_app.watchdog.message import Pulse, Report, pulse_line, read_report

FEED_EVERY_S = 0.5
SILENT_NS = 5 * NS_PER_S
"""A watchdog that has not answered for as long as it would wait itself does not watch."""
START_NS = 20 * NS_PER_S
"""It tries the sound before it answers for the first time."""
RESTART_AFTER_NS = 10 * NS_PER_S
CLOSE_WAIT_S = 3.0
LOG_NAME = "watchdog.log"
SCREEN = "screen"
"""The part that beats in the Qt thread."""
HUSHED = "hushed"
"""What a watchdog reports once a person has pressed the button of its window."""
Spawn = Callable[[Sequence[str]], "subprocess.Popen[bytes]"]


@dataclass(frozen=True, slots=True)
class WatchOrder:
    """What the watchdog is told at its start. ``told``: what the warning says of the place (chair, SIMULATED)."""

    data_dir: Path
    simulated: bool
    told: str = ""
    extra: tuple[str, ...] = ()

    @property
    def command(self) -> tuple[str, ...]:
        """The command that starts it."""
        token = f"watchdog-{kind_for(simulated=self.simulated).name.lower()}.token"
        log = f"--log={self.data_dir / LOG_NAME}"
        return (*watchdog_command(), log, f"--token={self.data_dir / token}", *self.extra)


@dataclass(frozen=True, slots=True)
class OwnAlarm:
    """What the program does about a window that stands still: whether it gives the alarm now, and whether it would."""

    sounds: bool = False
    would_sound: bool = False


class WatchdogLink:
    """One program's watchdog. ``beat``, ``arm`` and ``own_alarm`` may be called from any thread and never wait.

    ``on_trouble`` is called from the feeding thread: with a sentence when the patient is not watched over, with "" when
    all is well again. ``on_hushed`` is called from a listening thread when a person has answered at the watchdog's
    window what the program itself sounds for.
    """

    def __init__(
        self,
        order: WatchOrder,
        *,
        on_trouble: Callable[[str], None],
        on_hushed: Callable[[], None] = lambda: None,
        clock: Clock | None = None,
        spawn: Spawn | None = None,
    ) -> None:
        self._order = order
        self._on_trouble = on_trouble
        self._on_hushed = on_hushed
        self._clock = clock or SystemClock()
        self._spawn = spawn or start_apart
        self._beats: dict[str, int] = {}
        self._armed = False
        self._own_alarm = OwnAlarm()
        self._process: subprocess.Popen[bytes] | None = None
        self._report: Report | None = None
        self._trouble = ""
        self._heard_ns = 0
        self._tried_ns: int | None = None
        self._stopping = threading.Event()
        self._feeder = threading.Thread(target=self._feed, name="watchdog feeder", daemon=True)

    def start(self) -> None:
        """Begin to feed; the watchdog itself is started by the feeding thread."""
        self._feeder.start()

    def beat(self, part: str) -> None:
        """Say that a part of the program lives."""
        self._beats[part] = self._beats.get(part, 0) + 1

    def arm(self, *, armed: bool) -> None:
        """Say whether a patient is monitored."""
        self._armed = armed

    def own_alarm(self, now: OwnAlarm) -> None:
        """Say whether the program itself gives the alarm for a window that stands still, or would.

        The watchdog then keeps silent: two bursts are never mixed (clinical.md §5.3).
        """
        self._own_alarm = now

    @property
    def report(self) -> Report | None:
        """The watchdog's last word; None before the first."""
        return self._report

    def close(self) -> None:
        """Tell it to stand down: the program ends in an orderly way. Harmless twice."""
        self._stopping.set()
        if self._feeder.is_alive():
            self._feeder.join(CLOSE_WAIT_S)

    def _feed(self) -> None:
        while not self._stopping.wait(FEED_EVERY_S if self._tried_ns is not None else 0):
            self.step()
        self._end()

    def step(self) -> None:
        """Start it where it does not run, send one pulse, and judge how it is."""
        now_ns = self._clock.monotonic_ns()
        gone = self._process is not None and self._process.poll() is not None
        if (self._process is None or gone) and self._may_try(now_ns):
            self._start(now_ns)
        self._send(self._pulse())
        self._judge(now_ns)

    def _pulse(self) -> Pulse:
        own = self._own_alarm
        return Pulse(
            self._armed,
            dict(self._beats),
            told=self._order.told,
            sounds_for=(SCREEN,) if own.sounds else (),
            would_sound_for=(SCREEN,) if own.would_sound else (),
        )

    def _may_try(self, now_ns: int) -> bool:
        return self._tried_ns is None or now_ns - self._tried_ns >= RESTART_AFTER_NS

    def _start(self, now_ns: int) -> None:
        self._tried_ns = now_ns
        self._let_go()
        try:
            self._process = self._spawn(self._order.command)
        except OSError as error:
            self._process = None
            self._tell(f"it cannot be started ({error.strerror})")
            return
        self._report, self._heard_ns = None, now_ns
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()

    def _listen(self, process: "subprocess.Popen[bytes]") -> None:
        """Take what it says, in a thread of its own, until it is gone."""
        if process.stdout is None:
            return
        with contextlib.suppress(OSError, ValueError):
            for line in process.stdout:
                report = read_report(line)
                if report is not None and process is self._process:
                    self._take(report)

    def _take(self, report: Report) -> None:
        before, self._report = self._report, report
        self._heard_ns = self._clock.monotonic_ns()
        pressed = report.state == HUSHED and (before is None or before.state != HUSHED)
        if pressed and self._own_alarm.sounds:
            self._on_hushed()

    def _send(self, pulse: Pulse) -> None:
        process = self._process
        if process is None or process.stdin is None:
            return
        with contextlib.suppress(OSError, ValueError):  # it is gone: judged below
            process.stdin.write(pulse_line(pulse))
            process.stdin.flush()

    def _judge(self, now_ns: int) -> None:
        process = self._process
        if process is None:
            return
        allowed_ns = START_NS if self._report is None else SILENT_NS
        if process.poll() is not None:
            self._tell("it has ended")
        elif now_ns - self._heard_ns > allowed_ns:
            self._tell("it does not answer")
        elif self._report is not None:
            self._tell(self._report.trouble)

    def _tell(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            self._on_trouble(trouble)

    def _end(self) -> None:
        self._send(Pulse(bye=True))
        process = self._process
        if process is not None:
            with contextlib.suppress(OSError, ValueError):
                if process.stdin is not None:
                    process.stdin.close()
            try:
                process.wait(CLOSE_WAIT_S / 2)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._let_go()

    def _let_go(self) -> None:
        process, self._process = self._process, None
        for stream in (process.stdin, process.stdout) if process is not None else ():
            with contextlib.suppress(OSError, ValueError):
                if stream is not None:
                    stream.close()


def start_apart(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Start a process that outlives this one, its terminal and its process group."""
    apart: dict[str, int | bool] = {"start_new_session": True}
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        apart = {"creationflags": flags}
    pipe = subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, **apart)  # type: ignore[call-overload,no-any-return]  # noqa: S603 - our own command
