"""``alarms/NN-RULE.csv`` holds the recorded samples around each announced alarm, and nothing else."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from devices.signals import WaveScale
from monitor_app.core import journal as j
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.record import SessionRecord, WaveTrack
from monitor_app.core.stamp import NS_PER_S, Stamp
from monitor_app.exporters.alarm_waves import AlarmWaves
from monitor_app.exporters.export import ExportOptions, Profile

ECG = WaveScale("mV", 0.001, 0.0, -5000, 5000)
PLETH = WaveScale("1", None, 0.0, 0, 255)
OPTIONS = ExportOptions("x")


def track(
    name: str, rate_hz: float, scale: WaveScale, seconds: int = 120, source: str = "berry@p"
) -> WaveTrack:
    def blocks() -> Iterator[j.WaveBlock]:
        per_row = round(rate_hz / 2)
        for first in range(0, round(seconds * rate_hz), per_row):
            counts = np.arange(first, first + per_row, dtype=np.int32) % 200
            yield j.WaveBlock(
                Stamp(round(first / rate_hz * NS_PER_S), 0), source, name, rate_hz, first, counts, scale
            )

    return WaveTrack(source, name, rate_hz, round(seconds * rate_hz), blocks)


def alarm(t_s: float, rule: str, *, announced: bool = True) -> j.AlarmEntry:
    state = "ACTIVE" if announced else "PENDING"
    return j.AlarmEntry(
        Stamp(round(t_s * NS_PER_S), 0), f"{rule}-{t_s}", rule, AlarmClass.PHYSIOLOGICAL, Priority.HIGH,
        "IDLE", state, Phase.INF, 150.0, 140.0, "",
    )  # fmt: skip


def session(visit: SessionRecord, *entries: j.JournalEntry, waves: tuple[WaveTrack, ...]) -> SessionRecord:
    return replace(visit, entries=entries, waves=waves, duration_s=120.0)


def tables(record: SessionRecord, options: ExportOptions = OPTIONS) -> dict[str, list[dict[str, str]]]:
    return {
        file.name: list(csv.DictReader(io.StringIO(b"".join(file.chunks).decode(), newline="")))
        for file in AlarmWaves(record, options).files()
    }


def test_one_file_for_each_announced_alarm_in_its_order(visit: SessionRecord) -> None:
    entries = (alarm(70, "AL-HR-02"), alarm(30, "TE-01-M"), alarm(40, "AL-HR-03", announced=False))
    made = tables(session(visit, *entries, waves=(track("ECG_II", 250, ECG),)))
    assert list(made) == ["alarms/01-TE-01-M.csv", "alarms/02-AL-HR-02.csv"]
    rows = made["alarms/02-AL-HR-02.csv"]
    assert len(rows) == 20 * 250
    assert (rows[0]["t"], rows[0]["t_alarm"], rows[-1]["t"]) == ("60", "-10", "79.996")
    assert [float(row["ECG_II_mV"]) for row in rows[:3]] == [0.0, 0.001, 0.002]  # sample 15000 is count 0


def test_waves_of_other_rates_share_the_rows_of_equal_times(visit: SessionRecord) -> None:
    waves = (track("PLETH", 125, PLETH), track("ECG_II", 500, ECG))
    rows = tables(session(visit, alarm(60, "AL-HR-02"), waves=waves))["alarms/01-AL-HR-02.csv"]
    assert list(rows[0]) == ["t", "t_alarm", "ECG_II_mV", "PLETH_counts"]
    assert len(rows) == 20 * 500
    assert sum(bool(row["PLETH_counts"]) for row in rows) == 20 * 125
    assert all(row["ECG_II_mV"] for row in rows)
    assert [row["PLETH_counts"] for row in rows[:5]] == ["50", "", "", "", "51"]  # 50 s x 125 Hz, modulo 200


def test_two_devices_with_a_wave_of_the_same_name(visit: SessionRecord) -> None:
    waves = (track("PLETH", 50, PLETH), track("PLETH", 50, PLETH, source="nonin@q"))
    made = AlarmWaves(session(visit, alarm(60, "AL-SP-01"), waves=waves), OPTIONS)
    (file,) = made.files()
    assert next(iter(file.chunks)).decode().splitlines()[0] == "t,t_alarm,PLETH_counts,PLETH_counts_2"
    assert {name: wave.source for name, wave in made.columns.items()} == {
        "PLETH_counts": "berry@p",
        "PLETH_counts_2": "nonin@q",
    }


@pytest.mark.parametrize(
    "entries", [(), (alarm(60, "AL-HR-03", announced=False),), (alarm(500, "AL-HR-02"),)]
)
def test_no_alarm_or_no_wave_no_file(visit: SessionRecord, entries: tuple[j.JournalEntry, ...]) -> None:
    assert tables(session(visit, *entries, waves=(track("ECG_II", 250, ECG),))) == {}


def test_a_simulated_session_carries_its_mark_and_relative_times_no_clock(
    simulated_visit: SessionRecord,
) -> None:
    record = session(simulated_visit, alarm(60, "AL-HR-02"), waves=(track("ECG_II", 250, ECG),))
    rows = tables(record, ExportOptions("x", Profile.RELATIVE))["alarms/01-AL-HR-02.csv"]
    assert {row["mark"] for row in rows} == {"SIMULATED – NOT A PATIENT"}


def test_the_waves_are_read_once_however_many_alarms(visit: SessionRecord) -> None:
    read = 0
    whole = track("ECG_II", 250, ECG)

    def counted() -> Iterator[j.WaveBlock]:
        nonlocal read
        for block in whole.blocks():
            read += 1
            yield block

    record = session(
        visit, *(alarm(t, "AL-HR-02") for t in range(10, 110, 5)), waves=(replace(whole, blocks=counted),)
    )
    assert len(tables(record)) == 20
    assert read == 240
