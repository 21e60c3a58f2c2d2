"""Limits after a restart: the record alone gives them, whatever has become of the files (clinical.md §5.6)."""

from pathlib import Path

import pytest

from monitor_app.core.alarm_commands import ChooseIndication, SetLimit
from monitor_app.core.journal import LimitEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import SYSTEM
from monitor_app.services.bedside.limits_desk import BROKEN_CODE, PRESETS_CODE
from monitor_app.services.presets import PresetShelf
from tests.monitor_app.services.bedside.bench import NURSE, Bench
from tests.monitor_app.services.bedside.limits_told import HR_HIGH, INF, REC, TO_INFUSION, limit, make_bench
from tests.monitor_app.services.bedside.restart import restarted


@pytest.fixture
def bench() -> Bench:
    return make_bench()


def presets_told(bench: Bench) -> list[str]:
    return [e.text for e in bench.system(PRESETS_CODE)]


def test_a_file_edited_while_nothing_ran_changes_no_limit_and_is_told(
    bench: Bench, clinic: PresetShelf
) -> None:
    bench.enter(*TO_INFUSION)
    numbers = len(bench.of(LimitEntry))
    again = restarted(bench, shelf=clinic)  # which has a number of the recovery the record never named
    assert [limit(again, profile=p) for p in (INF, REC)] == [120, 120]
    assert len(again.of(LimitEntry)) == numbers
    assert presets_told(again)[1:] == ["alarm limits: Factory 2 > Clinic 3; the limits stay as recorded"]
    assert len(presets_told(restarted(again, shelf=clinic))) == 2


def test_a_number_the_record_never_knew_comes_from_today_and_into_the_record(bench: Bench) -> None:
    bench.enter(*TO_INFUSION)
    bench.entries = [
        e for e in bench.entries if not (isinstance(e, LimitEntry) and (e.rule, e.parameter) == HR_HIGH)
    ]
    again = restarted(bench)
    (entry,) = [e for e in again.of(LimitEntry) if (e.rule, e.parameter) == HR_HIGH]
    assert (entry.value, entry.by, limit(again)) == (120, SYSTEM, 120)


@pytest.mark.parametrize("trouble", ["broken", "unreadable", "gone"])
def test_what_the_clinic_locked_stays_locked_without_its_file(
    clinic: PresetShelf, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert clinic.folder is not None
    extra = clinic.folder / "presets" / "indication" / "mine.toml"
    extra.parent.mkdir()
    extra.write_text('[preset]\nname = "Mine"\nlayer = "indication"\nversion = 1\n', encoding="utf-8")
    bench = make_bench(clinic)
    bench.do(ChooseIndication("Mine", NURSE))
    bench.enter(*TO_INFUSION)
    if trouble == "broken":
        (clinic.folder / "presets" / "clinic.toml").write_text("[preset", encoding="utf-8")
    elif trouble == "unreadable":
        refuse_to_read(monkeypatch, "clinic.toml")
    else:
        extra.unlink()
    again = restarted(bench, shelf=clinic)
    assert limit(again) == 118
    assert again.state.alarm_system.locked == {("AL-BP-02", "systolic_mmhg")}
    assert "locked" in again.do(SetLimit("AL-BP-02", "systolic_mmhg", 150, NURSE))[0]
    assert bool(again.system(BROKEN_CODE)) is (trouble != "gone")
    twice = restarted(again, shelf=clinic)
    assert twice.state.alarm_system.locked == {("AL-BP-02", "systolic_mmhg")}


def refuse_to_read(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    read = Path.read_text

    def refused(path: Path, *args: str, **named: str) -> str:
        if path.name == name:
            raise PermissionError(13, "Permission denied")
        return read(path, *args, **named)

    monkeypatch.setattr(Path, "read_text", refused)


def test_once_a_session_runs_no_preset_is_read(clinic: PresetShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = make_bench(clinic)
    bench.enter(Phase.CHECKIN)
    for name in ("factory.toml", "clinic.toml", "depression.toml"):
        refuse_to_read(monkeypatch, name)
    assert bench.do(ChooseIndication("depression", NURSE)) == ()
    assert bench.state.alarm_system.versions == "Factory 2 > Clinic 3 > Depression 1"
