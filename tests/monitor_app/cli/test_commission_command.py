"""``chairside commission``: template, import, show; a failed examination is kept and says so."""

import pytest

from devices.clock import SystemClock
from devices.registry import driver_info
from monitor_app.services.commission_run import template

NONIN = driver_info("nonin")


@pytest.fixture
def form(tmp_path):
    text = template(NONIN, SystemClock().wall_utc().astimezone().date())
    lines, point = [], ""
    for line in text.splitlines():
        point = line.split()[2] if line.startswith("set =") else point
        lines.append(f"shown = {point}" if line.startswith("# shown") else line)
    path = tmp_path / "nonin.toml"
    path.write_text(
        "\n".join(lines).replace('= ""', '= "Nonin 8500"').replace("# delay_s =", "delay_s = 4 #")
    )
    return path


def test_the_template_is_printed_as_it_is_read(chairside, tmp_path):
    result = chairside("commission", "nonin", "--template")
    assert result.out.startswith("# Commissioning of ")
    assert "NIBP" not in result.out  # it has no cuff
    assert chairside("commission", "nonin", "--template", "--json").document["template"] == result.out
    path = tmp_path / "t.toml"
    path.write_text(result.out)
    assert chairside("commission", "nonin", "--import", path, "--data-dir", tmp_path).refused("model")


def test_an_examination_is_kept_and_shown(chairside, form, tmp_path):
    data = ("--data-dir", tmp_path / "data")
    assert "is not commissioned here" in chairside("commission", "nonin", *data).out
    result = chairside("commission", "nonin", "--import", form, *data)
    assert (result.status, result.err) == (0, "")
    assert "Nonin 8500 (nonin) is commissioned until" in result.out
    shown = chairside("commission", "nonin", "--show", *data).out
    assert "Nonin 8500: commissioned" in shown
    assert "set 97, shown 97 (± 2)" in shown
    assert "after 4 s" in shown
    document = chairside("commission", "nonin", "--json", *data).document
    assert [item["standing"] for item in document["models"]] == ["commissioned"]
    assert document["examinations"][0]["values"][0]["agrees"] is True
    assert chairside("commission", "berry", "--json", *data).document["models"] == []
    assert chairside("verify", *data).status == 0


def test_one_that_does_not_pass_is_kept_with_its_reasons(chairside, form, tmp_path):
    data = ("--data-dir", tmp_path / "data")
    form.write_text(form.read_text().replace("shown = 97", "shown = 91"))
    result = chairside("commission", "nonin", "--import", form, *data, "--json")
    assert result.status == 1
    assert result.document["passed"] is False
    assert "SPO2 showed 91 where 97 was set" in result.err
    shown = chairside("commission", "nonin", *data).out
    assert "Nonin 8500: failed" in shown
    assert "does not agree" in shown


def test_mistakes(chairside, tmp_path):
    assert chairside("commission", "nonesuch").refused("There is no driver")
    assert chairside("commission", "nonin", "--template", "--show").status == 2
    assert chairside("commission", "nonin", "--import", tmp_path / "none.toml").refused("cannot be read")
