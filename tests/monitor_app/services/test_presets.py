"""The factory preset is the rules' own defaults, readable; a bad preset is refused with file, key, value and range."""

import tomllib

import pytest

from devices.errors import ConfigError, KnownError
from monitor_app.core.alarm.catalogue import RULES, default_limits
from monitor_app.core.alarm.preset import InForce, Layer, LimitException, Preset, merged
from monitor_app.core.phase import AlarmProfile
from monitor_app.resources_path import resource_path
from monitor_app.services.preset_text import FACTORY_VERSION
from monitor_app.services.presets import (
    FACTORY,
    PresetShelf,
    factory_limits,
    indications,
    load_limits,
    load_preset,
    preset_text,
    tile_lines,
    write_preset,
)


def in_force(folder, indication: str = "", patient: Preset | None = None) -> InForce:
    """What a session stands on, with what is changed for one patient on top."""
    found = PresetShelf(folder).read().in_force(indication)
    return found if patient is None else merged([*found.presets, patient])


def test_the_factory_file_is_what_the_rules_say():
    text = resource_path(*FACTORY).read_text(encoding="utf-8")
    assert text == preset_text(default_limits())
    assert factory_limits() == default_limits()


def test_it_names_every_number_with_its_range():
    table = tomllib.loads(resource_path(*FACTORY).read_text(encoding="utf-8"))
    assert table.pop("preset") == {
        "name": "Factory",
        "layer": "factory",
        "version": FACTORY_VERSION,
        "note": "The defaults of clinical.md §6.",
        "recovery_min": 30,
    }
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


CLINIC = """\
[preset]
name = "Clinic A"
layer = "clinic"
version = 3
approved_by = "Dr Roe"
locked = ["AL-BP-01.systolic_mmhg"]
[[preset.exceptions]]
rule = "AL-HR-03"
parameter = "limit_per_min"
by = "Dr Roe"
role = "clinical lead"
reason = "athletes' study"
[AL-HR-03]
limit_per_min = 165
[AL-HR-02]
limit_per_min = 170
[AL-BP-01.rec]
diastolic_mmhg = 105
"""


def clinic(folder, text: str = CLINIC):
    place = folder / "presets" / "clinic.toml"
    place.parent.mkdir(exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return place


def test_layers_lie_over_each_other(tmp_path):
    clinic(tmp_path)
    patient = Preset("this patient", Layer.PATIENT, 1, {"AL-SP-02": {"limit_percent": 92}})
    found = in_force(tmp_path, "esketamine-120", patient)
    assert found.versions == f"Factory {FACTORY_VERSION} > Clinic A 3 > Esketamine-120 1 > this patient 1"
    get = found.limits.get
    assert get("AL-HR-03", "limit_per_min", AlarmProfile.INF) == 165
    assert get("AL-BP-01", "diastolic_mmhg", AlarmProfile.REC) == 105
    assert get("AL-BP-01", "diastolic_mmhg", AlarmProfile.INF) == 110
    assert get("AL-SP-02", "limit_percent", AlarmProfile.INF) == 92
    assert found.recovery_min == 120
    assert found.locked == {("AL-BP-01", "systolic_mmhg")}


def test_the_next_session_starts_from_its_layers_again(tmp_path):
    patient = Preset("one", Layer.PATIENT, 1, {"AL-SP-02": {"limit_percent": 94}})
    assert in_force(tmp_path, "Pain", patient).limits != in_force(tmp_path, "Pain").limits
    assert in_force(tmp_path).limits == default_limits()


def test_the_indications_that_come_with_the_program():
    assert {p.name: p.recovery_min for p in indications()} == {
        "Depression": 60,
        "Esketamine-120": 120,
        "Pain": 30,
        "Training": None,
    }


def test_a_clinics_own_indication_goes_first(tmp_path):
    place = tmp_path / "presets" / "indication"
    place.mkdir(parents=True)
    head = '[preset]\nname = "Pain"\nlayer = "indication"\nversion = 7\nrecovery_min = 45\n'
    (place / "pain.toml").write_text(head, encoding="utf-8")
    assert in_force(tmp_path, "pain").versions.endswith("Pain 7")
    assert len(indications(tmp_path)) == 4
    (place / "pain.toml").write_text(head.replace('"indication"', '"clinic"'), encoding="utf-8")
    with pytest.raises(ConfigError, match="layer"):
        indications(tmp_path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("version = 3", "version = 0"), "[preset] version"),
        (("version = 3\n", ""), "[preset] version"),
        (('"clinic"', '"hospital"'), "[preset] layer"),
        (('"AL-BP-01.systolic_mmhg"', '"AL-BP-01.sys"'), '"AL-BP-01.sys" is no limit'),
        (('role = "clinical lead"', 'role = "nurse"'), 'needs by = the name and role = "clinical lead"'),
        (('reason = "athletes\' study"', 'reason = " "'), "needs a written reason"),
        (('rule = "AL-HR-03"', 'rule = "AL-HR-04"'), "limit_per_min = 165 is outside its range, 100 to 160"),
        (("limit_per_min = 165", "limit_per_min = 400"), "outside its range, 3 to 300"),
        (("limit_per_min = 170", "limit_per_min = 150"), "crosses"),
        (('by = "Dr Roe"', 'who = "Dr Roe"'), "who"),
    ],
)
def test_what_is_said_of_a_mistake_in_a_preset(tmp_path, change, said):
    path = clinic(tmp_path, CLINIC.replace(*change))
    with pytest.raises(ConfigError) as caught:
        in_force(tmp_path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value) or "Clinic A" in str(caught.value)


def test_what_the_clinic_locked_no_later_layer_changes(tmp_path):
    clinic(tmp_path)
    for table in ({"systolic_mmhg": 185}, {"rec": {"systolic_mmhg": 185}}):
        patient = Preset("one", Layer.PATIENT, 1, {"AL-BP-01": table})
        with pytest.raises(ConfigError, match=r"\[AL-BP-01\] systolic_mmhg is locked"):
            in_force(tmp_path, "", patient)


def test_no_such_indication_and_no_head(tmp_path):
    with pytest.raises(ConfigError, match="no preset Gout; there are Depression"):
        in_force(tmp_path, "Gout")
    path = clinic(tmp_path, "[AL-HR-03]\nlimit_per_min = 115\n")
    with pytest.raises(ConfigError, match="no table"):
        load_preset(path)


def test_a_preset_survives_being_written(tmp_path):
    exceptions = (LimitException("AL-HR-04", "limit_per_min", 'Dr "R"', "clinical lead", "why\nnot"),)
    locked = frozenset({("AL-SP-01", "limit_percent")})
    table = {"AL-HR-04": {"limit_per_min": 140}, "AL-HR-03": {"rec": {"limit_per_min": 135}}}
    preset = Preset("Own", Layer.CLINIC, 4, table, "Dr R", locked, exceptions, 45, "note")
    path = tmp_path / "presets" / "clinic.toml"
    write_preset(path, preset)
    again = load_preset(path)
    assert (again.name, again.version, again.locked, again.exceptions) == ("Own", 4, locked, exceptions)
    assert in_force(tmp_path).limits.get("AL-HR-04", "limit_per_min", AlarmProfile.INF) == 140
    assert in_force(tmp_path).limits.get("AL-HR-03", "limit_per_min", AlarmProfile.REC) == 135
    assert set(tomllib.loads(path.read_text(encoding="utf-8"))) == {"preset", "AL-HR-04", "AL-HR-03"}
    with pytest.raises(ConfigError, match="outside its range"):
        write_preset(path, Preset("Own", Layer.CLINIC, 5, table))
    assert load_preset(path).version == 4
