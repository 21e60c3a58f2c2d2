"""Data files are found in the frozen bundle first, else beside the code (models.md §8.1)."""

import sys

from monitor_app.resources_path import resource_path


def test_in_the_checkout_or_the_installed_package():
    assert resource_path("presets", "factory.toml").is_file()


def test_in_a_frozen_bundle(tmp_path, monkeypatch):
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resource_path("a", "b.txt") == tmp_path / "resources" / "a" / "b.txt"
