"""Shared fixtures: where the recordings are, and the rules that make every test strict."""

import logging
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Literal

import hypothesis
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
ALLOWED_SKIPS = (
    "beside the project",
    "beside the recordings",
    "full-length form; run with --long",
    "pseudo-terminal",
    "limits another process's file size",
    "permissions of POSIX",
)
"""Reasons for which a test may skip; any other fails it."""

ALONE = (
    ROOT / "tests" / "gui" / "test_strip_latency.py",
    ROOT / "tests" / "monitor_app" / "services" / "test_live_resume.py",
    ROOT / "tests" / "soak" / "test_kill_record.py",
    ROOT / "tests" / "soak" / "test_storm.py",
)
"""Files whose tests measure how soon things happen, and so cannot share the processor with another test."""
MOST_PROCESSES = 8
FIRST = (ROOT / "tests" / "soak", ROOT / "tests" / "gui" / "test_whole_visit.py")
"""What takes longest by itself; begun last, it would leave all other processes idle in the end."""


# The suite asks the same questions every time, so that it is red for a change and not by chance; --long asks new ones.
# Without the explain phase: it traces every line, and a failure would then end as a time-out.
hypothesis.settings.register_profile(
    "suite",
    derandomize=True,
    deadline=None,
    max_examples=40,
    phases=[phase for phase in hypothesis.Phase if phase is not hypothesis.Phase.explain],
)
hypothesis.settings.register_profile("long", print_blob=True, deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.load_profile("long" if config.getoption("--long") else "suite")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return how many processes ``-n auto`` means: one more than processors, for many a test waits for a child process."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors + 1, MOST_PROCESSES)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the full-length form of the tests marked long")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Spare the run of ``-m alone`` the reading of every other file."""
    other = collection_path.suffix == ".py" and collection_path not in ALONE
    return True if other and config.option.markexpr == "alone" else None


@pytest.hookimpl(tryfirst=True)  # before -m asks for the marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.path in ALONE:
            item.add_marker("alone")
    if os.environ.get("PYTEST_XDIST_WORKER"):
        items.sort(key=lambda item: not any(item.path.is_relative_to(path) for path in FIRST))
    if config.getoption("--long"):
        return
    skip = pytest.mark.skip(reason="full-length form; run with --long")
    for item in items:
        if "long" in item.keywords:
            item.add_marker(skip)


def _shared(folder: str) -> Path:
    path = SHARED / folder
    if not path.is_dir():
        pytest.skip(f"shared/{folder} is not beside the project")
    return path


@pytest.fixture
def shared_data() -> Path:
    """The folder of recordings beside the project; skips where it is absent."""
    return _shared("data")


@pytest.fixture
def shared_captures() -> Path:
    """The folder of device captures beside the project; skips where it is absent."""
    return _shared("captures")


@pytest.fixture(autouse=True)
def _no_unexpected_log(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail on any log at WARNING or above that the test did not announce with the ``expects_log`` mark."""
    yield
    if request.node.get_closest_marker("expects_log"):
        return
    phases: tuple[Literal["setup", "call", "teardown"], ...] = ("setup", "call", "teardown")
    loud = [r for phase in phases for r in caplog.get_records(phase) if r.levelno >= logging.WARNING]
    assert not loud, "unexpected log: " + "; ".join(f"{r.name}: {r.getMessage()}" for r in loud)


Report = Generator[None, pytest.TestReport, pytest.TestReport]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Report:
    """Fail a test that skips for a reason nobody has allowed: a mis-set machine must not go green by skipping."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = str(call.excinfo.value) if call.excinfo else ""
        if not any(allowed in reason for allowed in ALLOWED_SKIPS):
            report.outcome = "failed"
            report.longrepr = f"unexpected skip: {reason}"
    return report
