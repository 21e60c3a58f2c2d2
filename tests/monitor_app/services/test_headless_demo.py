"""A headless visit is the same for the same seed, to the byte; what its alarms say does not hang on how it is stepped."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices.clock import NS_PER_S
from monitor_app.core.journal import AlarmEntry
from monitor_app.core.phase import Phase
from monitor_app.services.bedside.publication import BedsideState, Publication
from monitor_app.services.demo import DemoOrder, DemoVisit
from monitor_app.services.headless import HeadlessChair
from monitor_app.storage.store import open_archive

SHORT_S = 420.0
"""Check-in, baseline and some four minutes of infusion."""


def play(folder: Path, *, seed: int, scenario: str = "S01", until_s: float = SHORT_S) -> dict[str, object]:
    folder.mkdir()
    return DemoVisit(DemoOrder(scenario, seed, folder / "data", folder)).run(until_s)


def exported(folder: Path) -> dict[str, bytes]:
    files = [path for name in ("csv", "json") for path in sorted((folder / name).iterdir())]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def without_wall(summary: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in summary.items() if key != "wall_s"}


def _read_time_zone() -> None:
    """Let the C library look at TZ again; Windows has no such call and no such variable."""
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Move the computer to another time zone, until the end of the test."""

    def move() -> None:
        monkeypatch.setenv("TZ", "Asia/Kathmandu")
        _read_time_zone()

    yield move
    monkeypatch.undo()
    _read_time_zone()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    tmp_path: Path, elsewhere: Callable[[], None]
) -> None:
    first = play(tmp_path / "a", seed=7)
    elsewhere()
    again = play(tmp_path / "b", seed=7)
    assert without_wall(first) == without_wall(again)
    bytes_of_first = exported(tmp_path / "a")
    assert {"csv/numerics.csv", "csv/nibp.csv", "csv/events.csv", "csv/manifest.json"} <= set(bytes_of_first)
    assert len(bytes_of_first["csv/numerics.csv"].splitlines()) > 400
    assert bytes_of_first == exported(tmp_path / "b")
    play(tmp_path / "c", seed=8, until_s=120.0)
    other = exported(tmp_path / "c")
    assert (
        other["csv/numerics.csv"].splitlines()[1:50] != bytes_of_first["csv/numerics.csv"].splitlines()[1:50]
    )


@pytest.mark.long
def test_a_whole_severe_visit_is_repeated_to_the_byte(tmp_path: Path) -> None:
    first = play(tmp_path / "a", seed=3, scenario="S03", until_s=float("inf"))
    again = play(tmp_path / "b", seed=3, scenario="S03", until_s=float("inf"))
    assert without_wall(first) == without_wall(again)
    assert exported(tmp_path / "a") == exported(tmp_path / "b")
    record = open_archive(tmp_path / "a" / "data").record(str(first["session"]))
    assert record.phases[-1].to_phase is Phase.SIGNED


def test_a_second_run_in_one_database_gets_an_id_of_its_own(tmp_path: Path) -> None:
    ids = []
    for _ in range(2):
        chair = HeadlessChair("S01", seed=5, data_dir=tmp_path)
        chair.bedside.start_recording()
        ids.append(chair.session_id)
        chair.close()
    other = HeadlessChair("S02", seed=5, data_dir=tmp_path)
    other.close()
    fresh = HeadlessChair("S02", seed=5, data_dir=tmp_path / "fresh")
    fresh.close()
    assert len(set(ids)) == 2
    assert other.session_id == fresh.session_id, "what else the database holds does not matter"


# Alarms and steps. The cable is out from 40 s to 70 s.

CABLE_STORY = {
    "id": "T01",
    "title": "The cable is out for half a minute",
    "seed": 4,
    "patient": {"age": 30, "weight": 70, "baseline": {"hr": 70, "sbp": 118, "dbp": 72, "spo2": 98, "rr": 14}},
    "steps": [
        {"at": "00:00:40", "link": {"cable_out": True}},
        {"at": "00:01:10", "link": {"cable_out": False}},
    ],
}


def announced(tmp_path: Path, step_ns: int) -> dict[str, float]:
    """When each rule was announced in a recording of 80 s, by the step it is played with."""
    story = tmp_path / "story.json"
    story.write_text(json.dumps(CABLE_STORY), encoding="utf-8")
    chair = HeadlessChair(story, seed=4, data_dir=tmp_path / str(step_ns), step_ns=step_ns)
    heard: dict[str, float] = {}

    def hear(publication: Publication) -> None:
        if isinstance(publication, AlarmEntry) and publication.to_state == "ACTIVE":
            heard.setdefault(publication.rule, publication.stamp.t_s)

    chair.listen(hear)
    chair.bedside.start_recording()
    while chair.now_s < 80.0:
        chair.second()
    assert chair.now_s == 80.0
    chair.close()
    return heard


@pytest.mark.parametrize("step_ms", [100, 300])
def test_alarms_keep_their_times_however_the_run_is_stepped(tmp_path: Path, step_ms: int) -> None:
    coarse = announced(tmp_path, NS_PER_S // 2)
    fine = announced(tmp_path, step_ms * 1_000_000)
    assert {"TE-09-L", "TE-09-M"} <= set(coarse)
    assert coarse.keys() == fine.keys()
    assert all(abs(coarse[rule] - fine[rule]) <= 0.5 for rule in coarse)
    # clinical.md §6.6: 3 s and 10 s after the last frame, told at that instant and not at the end of the step.
    assert coarse["TE-09-M"] - coarse["TE-09-L"] == pytest.approx(7.0, abs=0.01)
    assert fine["TE-09-L"] == pytest.approx(43.0, abs=0.35)


def test_the_state_asked_for_is_the_state_of_now(tmp_path: Path) -> None:
    chair = HeadlessChair("S01", seed=1, data_dir=tmp_path)
    assert isinstance(chair.state(), BedsideState)
    chair.bedside.start_recording()
    for _ in range(5):
        chair.second()
        state = chair.state()
        assert state.stamp.t_s == chair.now_s
        assert state.facts.t_ns == state.stamp.t_ns
        assert state.conditions == chair.bedside.alarms.conditions
    chair.close()
