"""Real processes: a program is killed, stopped, hung, ended; its watchdog is heard, or is not."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CHILD = Path(__file__).with_name("guarded_child.py")
SILENCE_S = "1"
WAIT_S = 30.0

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX signals")


class Guarded:
    """A guarded program, its watchdog and what was heard of it."""

    def __init__(self, folder: Path, name: str = "a") -> None:
        self.folder = folder
        self.heard_file = folder / "heard"
        speaker = folder / f"speaker-{name}.py"
        # The burst is noted at once; like a real player it then goes on for a moment.
        speaker.write_text(f"import sys; open({str(self.heard_file)!r}, 'a').write({name!r} + chr(10))")
        self.process = subprocess.Popen(
            [sys.executable, str(CHILD), str(folder), SILENCE_S, sys.executable, str(speaker)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        self.watchdog_pid = int(self.line().split()[1])

    def line(self) -> str:
        assert self.process.stdout is not None
        timer = threading.Timer(WAIT_S, self.process.kill)
        timer.start()
        try:
            return self.process.stdout.readline()
        finally:
            timer.cancel()

    def say(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    @property
    def heard(self) -> int:
        return len(self.heard_file.read_text().split()) if self.heard_file.exists() else 0

    @property
    def log(self) -> str:
        path = self.folder / "watchdog.log"
        return path.read_text() if path.exists() else ""

    @property
    def watched(self) -> bool:
        """Whether the watchdog's process is there (and not merely waiting to be buried)."""
        try:
            os.kill(self.watchdog_pid, 0)
        except ProcessLookupError:
            return False
        status = Path(f"/proc/{self.watchdog_pid}/stat")
        return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_for(done: Callable[[], bool], seconds: float = WAIT_S) -> bool:
    pause = threading.Event()
    for _ in range(round(seconds / 0.05)):
        if done():
            return True
        pause.wait(0.05)
    return done()


@pytest.fixture
def guarded(tmp_path) -> Iterator[Callable[..., Guarded]]:
    made: list[Guarded] = []

    def make(name: str = "a") -> Guarded:
        made.append(Guarded(tmp_path, name))
        return made[-1]

    yield make
    for one in made:
        if one.process.poll() is None:
            one.process.kill()
        one.process.communicate(timeout=10)
        if one.watched:
            os.kill(one.watchdog_pid, signal.SIGKILL)


def test_a_program_killed_outright_is_heard(guarded) -> None:
    one = guarded()
    one.process.send_signal(signal.SIGKILL)
    one.process.wait(10)
    assert wait_for(lambda: one.heard > 0)
    assert one.watched
    assert "the program is gone" in one.log


def test_a_signal_to_the_whole_group_does_not_reach_the_watchdog(guarded) -> None:
    one = guarded()
    assert os.getsid(one.watchdog_pid) != os.getsid(one.process.pid)
    os.kill(one.watchdog_pid, signal.SIGINT)
    os.kill(one.watchdog_pid, signal.SIGHUP)
    one.process.kill()
    assert wait_for(lambda: one.heard > 0)


def test_a_stopped_program_is_heard_and_goes_on_in_silence(guarded) -> None:
    one = guarded()
    one.process.send_signal(signal.SIGSTOP)
    assert wait_for(lambda: one.heard > 0)
    one.process.send_signal(signal.SIGCONT)
    assert wait_for(lambda: "sounding to armed" in one.log)


def test_one_hung_thread_is_enough(guarded) -> None:
    one = guarded()
    one.say("hang")
    assert wait_for(lambda: one.heard > 0)
    assert "no heartbeat of screen for" in one.log
    one.say("live")
    assert wait_for(lambda: "sounding to armed" in one.log)


def test_what_the_program_sounds_for_itself_is_not_heard_twice(guarded) -> None:
    one = guarded()
    one.say("sound")
    one.say("hang")
    assert wait_for(lambda: "armed to showing" in one.log)
    assert "no heartbeat of screen for 1 s; the program gives the alarm itself" in one.log
    assert one.heard == 0
    one.say("mute")
    assert wait_for(lambda: one.heard > 0)
    assert "showing to sounding" in one.log


def test_an_orderly_end_is_silent(guarded) -> None:
    one = guarded()
    one.say("end")
    assert one.line() == "ended\n"
    assert wait_for(lambda: not one.watched)
    assert one.heard == 0
    assert "armed to over" in one.log


def test_in_standby_a_killed_program_is_nobodys_alarm(guarded) -> None:
    one = guarded()
    one.say("standby")
    assert wait_for(lambda: "armed to waiting" in one.log)
    one.process.kill()
    assert wait_for(lambda: not one.watched)
    assert one.heard == 0


def test_a_watchdog_that_dies_is_noticed(guarded) -> None:
    one = guarded()
    os.kill(one.watchdog_pid, signal.SIGKILL)
    assert one.line() == "trouble it has ended\n"


def test_a_program_started_again_ends_the_warning_of_the_one_before(guarded) -> None:
    one = guarded("a")
    one.process.kill()
    assert wait_for(lambda: one.heard > 0)
    again = guarded("b")
    assert wait_for(lambda: not one.watched)
    assert again.watched
