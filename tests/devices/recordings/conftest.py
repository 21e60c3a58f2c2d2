"""The other program's reader, kept quiet: wfdb 4.3 uses pandas calls that pandas 3 deprecates."""

import importlib
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def _quiet(name: str) -> Callable[..., Any]:
    def call(path: Path, *arguments: str) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return getattr(importlib.import_module("wfdb"), name)(str(path), *arguments)

    return call


@pytest.fixture
def other_record() -> Callable[..., Any]:
    """Read a record with the ``wfdb`` package."""
    return _quiet("rdrecord")


@pytest.fixture
def other_annotations() -> Callable[..., Any]:
    """Read annotations with the ``wfdb`` package."""
    return _quiet("rdann")
