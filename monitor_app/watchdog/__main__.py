"""``python -m monitor_app.watchdog``: started by the program with a pipe to it; of use by itself only with ``--test``."""

import argparse
import contextlib
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from monitor_app.watchdog.arguments import DESCRIPTION, add_arguments
from monitor_app.watchdog.judge import State
from monitor_app.watchdog.launch import notice_command
from monitor_app.watchdog.message import Report, report_line
from monitor_app.watchdog.voice import BURST_NS, SOUND, Means, Voice, find_means, runs_well
from monitor_app.watchdog.watchdog import Watchdog, with_pid

LOOK_EVERY_S = 0.25
LOG_LIMIT_BYTES = 256 * 1024
TEST_WORDS = "This is a test of the watchdog. Press the button when you have heard it and seen this."


def main(arguments: Sequence[str] | None = None) -> int:
    """Watch until the program says good-bye, or is gone and somebody has heard the warning; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m monitor_app.watchdog", description=DESCRIPTION)
    add_arguments(parser)
    return run(parser.parse_args(arguments))


def run(given: argparse.Namespace) -> int:
    """Do what was asked for on the command line."""
    if given.notice is not None or given.has_sound:
        from monitor_app.watchdog.notice import has_sound, show_notice  # noqa: PLC0415 - Qt only when it must warn

        return int(not has_sound()) if given.has_sound else show_notice(given.notice, given.sound)
    means = find_means(given.player, runs_well, notice_command())
    if given.test:
        return _test(means)
    for name in (
        "SIGINT",
        "SIGHUP",
    ):  # meant for the program; whoever ends that by them leaves the patient unwatched
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    _watch(given, means)
    return 0


def _watch(given: argparse.Namespace, means: Means) -> None:
    log = _logger(given.log)
    out = sys.stdout.buffer
    watchdog = Watchdog(
        Voice(means, SOUND, notice_command(), _bell),
        tell=lambda report: _tell(out, with_pid(report, os.getpid())),
        log=log,
        sound=(means.kind, means.trouble),
        token=given.token,
        name=f"{os.getpid()} {time.time_ns()}",
        silence_s=given.silence,
    )
    log(f"started, sounds by {means.kind}" + (f"; {means.trouble}" if means.trouble else ""))
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, lines), daemon=True).start()
    while watchdog.state is not State.OVER:
        with contextlib.suppress(queue.Empty):
            line = lines.get(timeout=LOOK_EVERY_S)
            if line:
                watchdog.line(line, time.monotonic_ns())
            else:
                watchdog.lost(time.monotonic_ns())
        watchdog.tick(time.monotonic_ns())
    # The reader may sit in a read for ever: interpreter shutdown would wait for its lock on stdin.
    os._exit(0)


def _read(stream: IO[bytes], lines: "queue.SimpleQueue[bytes]") -> None:
    """Pass lines on; an empty one says that the pipe is closed."""
    with contextlib.suppress(OSError, ValueError):
        for line in stream:
            lines.put(line)
    lines.put(b"")


def _tell(out: IO[bytes], report: Report) -> None:
    with contextlib.suppress(OSError, ValueError):  # the program is gone; that is what is watched for
        out.write(report_line(report))
        out.flush()


def _bell() -> None:
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write("\a")
        sys.stderr.flush()


def _logger(path: Path | None) -> Callable[[str], None]:
    """A log that never grows beyond its limit and never stands in the way."""
    if path is not None:
        with contextlib.suppress(OSError):
            if path.stat().st_size > LOG_LIMIT_BYTES:
                path.write_bytes(path.read_bytes()[-LOG_LIMIT_BYTES // 4 :])

    def log(text: str) -> None:
        if path is None:
            return
        with contextlib.suppress(OSError), path.open("a", encoding="utf-8") as file:
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            file.write(f"{now} {os.getpid()} {text}\n")

    return log


def _test(means: Means) -> int:
    voice = Voice(means, SOUND, notice_command(), _bell)
    print(means.trouble or f"It sounds by {means.kind}.")  # noqa: T201 - what was asked for
    began_ns = time.monotonic_ns()
    voice.start(TEST_WORDS)
    while time.monotonic_ns() - began_ns < BURST_NS + 1_000_000_000:
        voice.keep(time.monotonic_ns())
        time.sleep(LOOK_EVERY_S)
    voice.stop()
    return int(bool(means.trouble))


if __name__ == "__main__":
    sys.exit(main())
