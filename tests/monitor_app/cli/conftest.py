"""The command as a stranger calls it: in this process, or as one of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from monitor_app.cli import main

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str

    @property
    def document(self):
        return json.loads(self.out)

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def refused(self, *words: str) -> bool:
        """Exit 1, nothing on stdout, one sentence on stderr that holds these words."""
        assert self.status == 1, self
        assert self.out == ""
        assert self.err.startswith("chairside: ")
        assert self.err.count("\n") == 1
        assert "Traceback" not in self.err
        assert "fault of Chairside" not in self.err
        for word in words:
            assert word in self.err
        return True


@pytest.fixture
def chairside(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    def run(*arguments: object) -> Outcome:
        capsys.readouterr()
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as ended:
            status = int(ended.code or 0)
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return run


@pytest.fixture
def spawn(tmp_path: Path):
    """Start the command as a process of its own, in a folder of its own; ended with the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor_app", *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=10)
