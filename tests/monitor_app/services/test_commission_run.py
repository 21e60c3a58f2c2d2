"""A template filled in, read strictly, kept for good; and how a model then stands."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from devices.clock import ManualClock
from devices.errors import ConfigError
from devices.registry import driver_ids, driver_info
from monitor_app.core.commissioning import Standing
from monitor_app.services.bedside.commissioning_desk import needed_values
from monitor_app.services.commission_run import (
    SUGGESTED,
    keep_examination,
    load_examination,
    standings,
    template,
)
from monitor_app.storage.store import open_archive
from monitor_app.storage.verify import verify

BERRY = driver_info("berry")
DAY = date(2026, 1, 5)  # where a ManualClock begins


def filled(text: str, *, shown: float | None = None) -> str:
    """Fill a template in as a person would: every value as it was set, unless told otherwise."""
    point = ""
    lines = []
    for line in text.splitlines():
        if line.startswith("set ="):
            point = line.split()[2]
        if line.startswith("# shown"):
            line = f"shown = {point if shown is None else shown}"  # noqa: PLW2901
        lines.append(line)
    done = "\n".join(lines)
    for blank, value in (
        ('model = ""', 'model = "Berry PM6750"'),
        ('simulator = ""', 'simulator = "Simulator 7, serial 12"'),
        ('by = ""', 'by = "Kim Oto"'),
        ("detected = false", "detected = true"),
        ("# delay_s =", "delay_s = 6.5 #"),
    ):
        assert blank in done or blank == "detected = false"
        done = done.replace(blank, value)
    return done


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "berry.toml"
    path.write_text(filled(template(BERRY, DAY)), encoding="utf-8")
    return path


@pytest.mark.parametrize("driver_id", driver_ids())
def test_every_familys_template_passes_once_it_is_filled_in(driver_id: str, tmp_path: Path) -> None:
    info = driver_info(driver_id)
    assert set(needed_values(info)) <= set(SUGGESTED)
    assert tomllib.loads(template(info, DAY))["driver"] == driver_id
    path = tmp_path / "x.toml"
    path.write_text(filled(template(info, DAY)))
    kept = keep_examination(tmp_path / "data", info, path, ManualClock())
    assert kept.reasons == ()
    (stands,) = standings(open_archive(tmp_path / "data").commissionings(), info, DAY)
    assert (stands.standing, stands.newest.model) == (Standing.COMMISSIONED, "Berry PM6750")


def test_an_empty_template_is_refused_by_the_key_that_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(template(BERRY, DAY))
    with pytest.raises(ConfigError, match="model"):
        load_examination(path, "berry", DAY)


def test_a_template_with_nothing_shown_does_not_pass(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(template(BERRY, DAY).replace('= ""', '= "x"'))
    kept = keep_examination(tmp_path / "data", BERRY, path, ManualClock())
    assert "HR showed nothing where 60 was set" in kept.reasons
    assert "readings of the cuff were not detected" in kept.reasons
    assert "the alarm delay was not measured" in kept.reasons


def test_what_was_kept_comes_back_and_a_later_failure_counts(form: Path, tmp_path: Path) -> None:
    data, clock = tmp_path / "data", ManualClock()
    examined = keep_examination(data, BERRY, form, clock).examined
    assert (examined.examined_on, examined.valid_until) == (DAY, date(2027, 1, 5))
    assert (examined.alarm_delay_s, examined.nibp_detected, examined.by_name) == (6.5, True, "Kim Oto")
    form.write_text(filled(template(BERRY, DAY), shown=1))
    assert keep_examination(data, BERRY, form, clock).reasons
    known = open_archive(data).commissionings()
    assert len(known) == 2
    assert known[0] == examined
    (stands,) = standings(known, BERRY, DAY)
    assert stands.standing is Standing.FAILED
    assert verify(data) == []


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("date = 2026-01-05", "date = 2026-01-06", "future"),
        ("until = 2027-01-05", "until = 2026-01-05", "until"),
        ("date = 2026-01-05", 'date = "soon"', "date"),
        ('driver = "berry"', 'driver = "nonin"', "driver"),
        ('by = "Kim Oto"', 'by = " "', "by"),
        ('note = ""', "colour = 3", "colour"),
        ("tolerance = 2", "tolerance = nan", "tolerance"),
        ("tolerance = 2", "tolerance = -2", "tolerance"),
        ("delay_s = 6.5", "delay_s = 9000", "delay_s"),
        ("[alarm]", "[alarm", "TOML"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_kept(
    form: Path, tmp_path: Path, old: str, new: str, word: str
) -> None:
    text = form.read_text()
    assert old in text
    form.write_text(text.replace(old, new, 1))
    with pytest.raises(ConfigError, match=word) as caught:
        keep_examination(tmp_path / "data", BERRY, form, ManualClock())
    assert str(form) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert open_archive(tmp_path / "data").commissionings() == ()


def test_the_29th_of_february_has_a_next_year() -> None:
    assert "until = 2029-02-28" in template(BERRY, date(2028, 2, 29))


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_examination(tmp_path / "none.toml", "berry", DAY)
