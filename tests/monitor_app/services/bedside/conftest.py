"""A clinic with limits of its own."""

from pathlib import Path

import pytest

from monitor_app.services.presets import PresetShelf
from tests.monitor_app.services.bedside.limits_told import CLINIC


@pytest.fixture
def clinic(tmp_path: Path) -> PresetShelf:
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "clinic.toml").write_text(CLINIC, encoding="utf-8")
    return PresetShelf(tmp_path)
