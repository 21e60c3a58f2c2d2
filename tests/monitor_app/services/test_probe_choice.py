"""Whom a search listens for: every family, and the monitors a clinic has described; which of two files is meant."""

from pathlib import Path

import pytest

from devices.errors import ConfigError, KnownError
from devices.registry import BUILTIN_DRIVERS
from monitor_app.services.probe_choice import probe_choice

SAMPLES = Path(__file__).parents[2] / "devices" / "protocols" / "delimited"
BUILT_IN = tuple(sorted(BUILTIN_DRIVERS))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "monitors").mkdir()
    return tmp_path


def describe(folder, name, sample="acme_spot", **changes):
    text = (SAMPLES / f"{sample}.toml").read_text()
    for key, value in changes.items():
        text = text.replace(f'{key} = "acme-spot"', f'{key} = "{value}"')
    path = folder / "monitors" / f"{name}.toml"
    path.write_text(text)
    return f"file:{path}"


def test_without_a_folder_there_are_the_families(tmp_path):
    choice = probe_choice((), tmp_path)
    assert (choice.listen_for, choice.ask, choice.troubles) == (BUILT_IN, (), ())


def test_all_described_are_listened_for_and_none_asks_unless_named(folder):
    one, two = describe(folder, "a"), describe(folder, "b", "acme_fields")
    assert probe_choice((), folder).listen_for == (*BUILT_IN, one, two)
    choice = probe_choice(("Berry",), folder)
    assert choice.listen_for == (*BUILT_IN, one, two)
    assert choice.ask == ("berry",)


@pytest.mark.parametrize("by_file", [True, False])
def test_of_the_described_only_the_one_named(folder, by_file):
    one, _ = describe(folder, "a"), describe(folder, "b", "acme_fields")
    choice = probe_choice(("nonin", one if by_file else "Acme-Spot"), folder)
    assert choice.listen_for == (*BUILT_IN, one)
    assert choice.ask == ("nonin", one)


def test_a_described_one_may_lie_anywhere(folder):
    describe(folder, "b", "acme_fields")
    elsewhere = f"file:{SAMPLES / 'acme_spot.toml'}"
    assert probe_choice((elsewhere,), folder).listen_for == (*BUILT_IN, elsewhere)


def test_two_files_of_one_name_are_not_told_apart_by_guessing(folder):
    first, second = describe(folder, "a"), describe(folder, "b")
    choice = probe_choice((), folder)
    assert choice.listen_for == (*BUILT_IN, first)
    (trouble,) = choice.troubles
    assert trouble.startswith(
        f"{second} is not listened for: it calls itself 'acme-spot', and so does {first};"
    )
    with pytest.raises(KnownError, match=f"{first} and {second} both describe 'acme-spot'"):
        probe_choice(("acme-spot",), folder)
    assert probe_choice((second,), folder).listen_for == (*BUILT_IN, second)


def test_a_file_that_calls_itself_as_a_family_does_not_take_its_place(folder):
    described = describe(folder, "a", id="berry")
    choice = probe_choice((), folder)
    assert choice.listen_for == BUILT_IN
    assert f"{described} is not listened for: it calls itself 'berry'" in choice.troubles[0]


def test_a_mistake_is_told_of_and_refused_where_that_file_is_named(folder):
    good, bad = describe(folder, "a"), folder / "monitors" / "bad.toml"
    bad.write_text("[monitor]\n")
    choice = probe_choice((), folder)
    assert choice.listen_for == (*BUILT_IN, good)
    assert "bad.toml" in choice.troubles[0]
    assert probe_choice(("acme-spot",), folder).troubles == ()
    with pytest.raises(ConfigError, match=r"bad\.toml"):
        probe_choice((f"file:{bad}",), folder)
    with pytest.raises(KnownError, match="no driver 'nonesuch'"):
        probe_choice(("nonesuch",), folder)
