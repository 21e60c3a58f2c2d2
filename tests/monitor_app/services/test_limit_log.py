"""Who changed a limit from its preset: told apart from the set at the start and from a preset's own numbers."""

import pytest

from monitor_app.core.alarm.catalogue import default_limits
from monitor_app.core.alarm.limit_record import limit_entries
from monitor_app.core.journal import LimitEntry, SystemEntry
from monitor_app.core.phase import AlarmProfile
from monitor_app.core.stamp import SYSTEM, Actor, Stamp
from monitor_app.services.bedside.limits_desk import PRESETS_CODE
from monitor_app.services.display import DisplayModel
from monitor_app.services.limit_log import LimitLog

NURSE = Actor("Kim Lee", "nurse")
BEGUN, LATER = Stamp(0, 1_767_600_000_000), Stamp(60_000_000_000, 1_767_600_060_000)
VERSIONS = "Factory 2 > Pain 1"


def entry(value: float, *, stamp: Stamp = LATER, name: str = "limit_per_min", reason: str = "") -> LimitEntry:
    return LimitEntry(stamp, "AL-HR-03", name, value, NURSE, reason)


def presets(versions: str) -> SystemEntry:
    return SystemEntry(LATER, PRESETS_CODE, f"alarm limits: {versions}", {"versions": versions})


@pytest.fixture
def log() -> LimitLog:
    made = LimitLog()
    made.hear(presets(VERSIONS))
    for one in limit_entries(default_limits(), BEGUN, by=SYSTEM, reason=VERSIONS):
        assert not made.take(one)
    return made


def test_the_set_at_the_start_is_no_change(log: LimitLog) -> None:
    assert len(log) == 0
    assert log.change("AL-HR-03", "limit_per_min") is None


def test_a_change_knows_who_why_and_what_it_was(log: LimitLog) -> None:
    assert log.take(entry(130, reason="athlete"))
    change = log.change("AL-HR-03", "limit_per_min")
    assert change is not None
    assert (change.entry.value, change.before, change.entry.by, change.entry.reason) == (
        130,
        120,
        NURSE,
        "athlete",
    )
    assert len(log) == log.at(LATER) == 1


def test_one_phase_is_a_number_of_its_own(log: LimitLog) -> None:
    assert log.take(entry(115, name="rec.limit_per_min"))
    assert log.change("AL-HR-03", "limit_per_min") is None
    change = log.change("AL-HR-03", "limit_per_min", AlarmProfile.REC)
    assert change is not None
    assert change.before is None


def test_a_preset_chosen_later_takes_the_change_back(log: LimitLog) -> None:
    log.take(entry(130))
    log.hear(presets("Factory 2 > Depression 1"))
    assert not log.take(entry(115, reason="Factory 2 > Depression 1"))
    assert log.change("AL-HR-03", "limit_per_min") is None


def test_a_reason_that_only_begins_like_a_preset_is_a_persons(log: LimitLog) -> None:
    assert log.take(entry(145, reason="Factory limit alarms all the time"))
    change = log.change("AL-HR-03", "limit_per_min")
    assert change is not None
    assert change.entry.reason == "Factory limit alarms all the time"


def test_the_whole_set_at_check_in_repeats_what_was_changed_before_it() -> None:
    log = LimitLog()
    assert log.take(entry(130, reason="athlete"))
    limits = default_limits().replaced("AL-HR-03", "limit_per_min", 130)
    for one in limit_entries(limits, LATER, by=SYSTEM, reason=VERSIONS):
        assert not log.take(one)
    change = log.change("AL-HR-03", "limit_per_min")
    assert change is not None
    assert (change.entry.reason, change.before, len(log)) == ("athlete", None, 1)


class TestFeed:
    """The line beside the trend."""

    @pytest.fixture
    def model(self) -> DisplayModel:
        made = DisplayModel()
        for one in limit_entries(default_limits(), BEGUN, by=SYSTEM, reason=VERSIONS):
            made.apply(one)
        assert not made.lines
        return made

    def test_one_limit_is_named(self, model: DisplayModel) -> None:
        model.apply(entry(130))
        assert [line.text for line in model.lines] == ["Tachycardia: above 130 /min · recorded"]

    def test_of_one_phase_with_the_phase(self, model: DisplayModel) -> None:
        model.apply(entry(115, name="rec.limit_per_min"))
        assert model.lines[-1].text == "Tachycardia: above 115 /min in recovery · recorded"

    def test_several_at_once_are_one_line(self, model: DisplayModel) -> None:
        model.apply(entry(130))
        model.apply(LimitEntry(LATER, "AL-HR-06", "limit_per_min", 45, NURSE))
        model.apply(LimitEntry(LATER, "AL-BP-02", "systolic_mmhg", 150, NURSE))
        assert [line.text for line in model.lines] == ["3 limits set · recorded"]
        assert not model.lines[-1].undoable

    def test_a_number_of_another_version_is_said_as_it_is_written(self, model: DisplayModel) -> None:
        model.apply(LimitEntry(LATER, "AL-XX-01", "limit", 3, NURSE))
        assert model.lines[-1].text == "AL-XX-01 limit 3 · recorded"
