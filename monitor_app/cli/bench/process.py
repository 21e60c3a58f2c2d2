"""Other processes of the bench: the program under observation, and emulated monitors for it to listen to."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from devices.errors import KnownError

START_S, END_S = 30.0, 10.0
DRIVER = "berry"

Process = subprocess.Popen[str]


def can_emulate() -> bool:
    """Whether this system has the pseudo-terminals that emulated monitors of other processes need."""
    return sys.platform != "win32"


def python(*arguments: str) -> Process:
    """Start a module of the program in an interpreter like this one, without a screen.

    Python may keep its compiled modules, as it does for an installed program.
    """
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def end(process: Process) -> str:
    """Ask it to end, make sure, and return what it said that nobody has read.

    What it started (the watchdog outlives a program that is killed) may hold its pipes open: they are not waited for.
    """
    said = ""
    if process.poll() is None:
        process.terminate()
        try:
            said, _ = process.communicate(timeout=END_S)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
    return said


@contextmanager
def emulators(folder: Path, count: int) -> Iterator[list[str]]:
    """Emulated monitors on pseudo-terminals, each a process; gives ``DRIVER@PORT`` of each."""
    with ExitStack() as stack:
        links = [folder / f"monitor-{number}" for number in range(count)]
        for number, link in enumerate(links):
            process = python("monitor_app", "emulate", DRIVER, "--pty", str(link), "--seed", str(number + 1))
            stack.callback(end, process)
        wait_for_links(links)
        yield [f"{DRIVER}@{link}" for link in links]


def wait_for_links(links: list[Path]) -> None:
    """Return once every emulated monitor has its pseudo-terminal. Raises KnownError when one has none in time."""
    until = time.monotonic() + START_S
    while not all(link.is_symlink() for link in links):
        if time.monotonic() > until:
            raise KnownError("the emulated monitors did not start")
        time.sleep(0.05)


def observed(seconds: float, *command: str) -> tuple[Process, int]:
    """Start the program under observation; the process, and the monotonic instant it was started at."""
    started_ns = time.monotonic_ns()
    return python("monitor_app.cli.bench.child", str(seconds), *command), started_ns


def told(process: Process) -> dict[str, Any]:
    """The next line the observed program says; raises KnownError with its last words when it ends instead."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        _, errors = process.communicate(timeout=END_S)
        raise KnownError(f"the program ended: {errors.strip()[-300:] or process.returncode}")
    answer: dict[str, Any] = json.loads(line)
    return answer
