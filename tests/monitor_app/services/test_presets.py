"""The factory preset is the rules' own defaults, readable; a bad preset is refused with file, key, value and range."""

import tomllib

import pytest

from devices.errors import ConfigError, KnownError
from monitor_app.core.alarm.catalogue import RULES, default_limits
from monitor_app.core.phase import AlarmProfile
from monitor_app.resources_path import resource_path
from monitor_app.services.presets import FACTORY, factory_limits, load_limits, preset_text, tile_lines


def test_the_factory_file_is_what_the_rules_say():
    text = resource_path(*FACTORY).read_text(encoding="utf-8")
    assert text == preset_text(default_limits())
    assert factory_limits() == default_limits()


def test_it_names_every_number_with_its_range():
    table = tomllib.loads(resource_path(*FACTORY).read_text(encoding="utf-8"))
    assert {r: set(v) for r, v in table.items()} == {r.id: set(r.keys) for r in RULES if r.parameters}
    assert table["AL-HR-03"]["limit_per_min"] == 120
    assert "# /min, 100 to 160" in resource_path(*FACTORY).read_text(encoding="utf-8")


def test_a_preset_with_numbers_of_a_phase_survives_being_written(tmp_path):
    limits = default_limits().replaced("AL-HR-03", "limit_per_min", 110, AlarmProfile.REC)
    limits = limits.replaced("AL-SP-02", "limit_percent", 92)
    path = tmp_path / "clinic.toml"
    path.write_text(preset_text(limits), encoding="utf-8")
    assert load_limits(path) == limits


def test_what_is_left_out_has_its_default(tmp_path):
    path = tmp_path / "clinic.toml"
    path.write_text("[AL-HR-03]\nlimit_per_min = 115\n", encoding="utf-8")
    assert load_limits(path) == default_limits().replaced("AL-HR-03", "limit_per_min", 115)


def test_a_number_outside_its_range_names_the_file(tmp_path):
    path = tmp_path / "clinic.toml"
    path.write_text("[AL-HR-03]\nlimit_per_min = 170\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_limits(path)
    for part in (str(path), "AL-HR-03", "limit_per_min", "170", "100 to 160"):
        assert part in str(caught.value)


def test_no_toml_and_no_file(tmp_path):
    path = tmp_path / "clinic.toml"
    path.write_text("[AL-HR-03\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="not a TOML file"):
        load_limits(path)
    with pytest.raises(KnownError, match="cannot be read"):
        load_limits(tmp_path / "none.toml")


def test_tile_lines():
    assert tile_lines(factory_limits())["NIBP"] == (("160/100", "high"), ("90", "low"))
