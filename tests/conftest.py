"""Shared fixtures: where the recordings are, and the rules that make every test strict."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the full-length form of the tests marked long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
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
    loud = [r for r in caplog.get_records("call") if r.levelno >= logging.WARNING]
    assert not loud, "unexpected log: " + "; ".join(f"{r.name}: {r.getMessage()}" for r in loud)
