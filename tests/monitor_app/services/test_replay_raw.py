"""Raw bytes judged again: what a real capture says against its README, and a session against its own live alarms."""

import math
from itertools import groupby
from pathlib import Path

import pytest

from devices.errors import KnownError
from devices.registry import make_driver
from monitor_app.core.journal import AlarmEntry
from monitor_app.core.phase import Phase
from monitor_app.core.record import SessionRecord
from monitor_app.exporters.bundle import write_export
from monitor_app.exporters.export import ExportOptions
from monitor_app.services.demo import DemoOrder, DemoVisit
from monitor_app.services.raw_source import driver_of
from monitor_app.services.replay_facts import ReplayOptions
from monitor_app.services.replay_raw import replay_capture, replay_raw_session
from monitor_app.storage.store import open_archive
from monitor_app.storage.verify import verify

UNTIL_S = 900.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifteen minutes of a simulated visit, recorded with its bytes."""
    out = tmp_path_factory.mktemp("demo")
    order = DemoOrder(scenario="S04", seed=5, data_dir=out / "record", out=out, raw=True)
    DemoVisit(order).run(until_s=UNTIL_S)
    return out / "record"


@pytest.fixture(scope="module")
def session(folder: Path) -> SessionRecord:
    archive = open_archive(folder)
    (found,) = archive.sessions()
    return archive.record(found.id)


def driver_for(source: str):
    return make_driver(driver_of(source))


def courses(values):
    return [value for value, _ in groupby(v for v in values if v is not None)]


def numbers(lines, name):
    return {line["t"]: line["value"] for line in lines if line["kind"] == "numeric" and line["name"] == name}


def test_a_session_with_its_bytes_is_sound(folder: Path, session: SessionRecord) -> None:
    assert verify(folder) == []
    (track,) = session.raw
    assert track.bytes_heard > 100_000
    assert track.bytes_sent > 0


def test_the_bytes_say_what_the_record_says(session: SessionRecord) -> None:
    lines = list(replay_raw_session(session, driver_for, ReplayOptions(numerics=True)))
    recorded = {}
    for entry in session.entries:
        if type(entry).__name__ == "NumericEntry" and entry.name == "SPO2" and entry.source != "chairside":
            recorded[math.ceil(entry.stamp.t_s)] = entry.value
    decoded = numbers(lines, "SPO2")
    both = sorted(set(recorded) & {int(t) for t in decoded})
    assert len(both) > 600
    assert [t for t in both if recorded[t] != decoded[t]] == []


def test_the_cuffs_readings_are_judged_when_they_came(session: SessionRecord) -> None:
    lines = list(replay_raw_session(session, driver_for, ReplayOptions(numerics=True)))
    shown = {value for value in numbers(lines, "NIBP_SYS").values() if value is not None}
    stored = {e.systolic_mmhg for e in session.entries if type(e).__name__ == "NibpEntry" and e.accepted}
    assert stored
    assert stored - shown == set()


def test_pressure_alarms_are_those_of_the_visit(session: SessionRecord) -> None:
    lines = list(replay_raw_session(session, driver_for))
    replayed = {
        (x["rule"], round(x["t"])) for x in lines if x["to"] == "ACTIVE" and x["rule"].startswith("AL-BP")
    }
    live = {
        (e.rule, round(e.stamp.t_s))
        for e in session.entries
        if isinstance(e, AlarmEntry) and e.to_state == "ACTIVE" and e.rule.startswith("AL-BP")
    }
    assert replayed == live


def test_the_same_bytes_as_a_file_give_the_same_numbers(session: SessionRecord, tmp_path: Path) -> None:
    """Of the session the host's clock tells the time, of the bare file the monitor's sample counter."""
    write_export("raw", session, tmp_path, ExportOptions(software=""))
    options = ReplayOptions(numerics=True, phase=Phase.BASE)
    bare = list(
        numbers(replay_capture(tmp_path / "01_berry.raw", make_driver("berry"), options), "SPO2").values()
    )
    timed = list(numbers(replay_raw_session(session, driver_for, options), "SPO2").values())
    assert abs(len(bare) - len(timed)) <= 5
    assert courses(bare) == courses(timed)


def test_a_real_capture_runs_by_the_monitors_own_clock(shared_captures: Path) -> None:
    path = shared_captures / "ge_dri" / "db02.raw"
    lines = list(replay_capture(path, make_driver("datex-dri"), ReplayOptions(numerics=True)))
    seconds = sorted(numbers(lines, "HR"))
    assert seconds[-1] - seconds[0] == pytest.approx(138, abs=2)  # 17:06:05 to 17:08:23 (captures/README.md)
    assert numbers(lines, "HR")[seconds[0]] == 80
    assert numbers(lines, "RR")[seconds[0]] == 15
    assert numbers(lines, "SPO2")[seconds[0]] == pytest.approx(96.65)
    # In the gap of 33 s the values go blank as they would on the screen.
    assert None in numbers(lines, "HR").values()


def test_mistakes_are_one_sentence(session: SessionRecord, tmp_path: Path) -> None:
    (tmp_path / "x.raw").write_bytes(b"nothing of the kind" * 50)
    with pytest.raises(KnownError, match="--driver"):
        list(replay_capture(tmp_path / "x.raw", make_driver("berry")))
    with pytest.raises(KnownError, match="There is no file"):
        list(replay_capture(tmp_path / "y.raw", make_driver("berry")))
