"""The CSV tables, cell by cell, read with the standard library."""

import csv
import io
import locale

import pytest

from devices.errors import ConfigError
from monitor_app.core.record import SessionRecord
from monitor_app.exporters.csv_bundle import csv_bundle
from monitor_app.exporters.export import SIMULATED_MARK, ExportOptions, Profile

OPTIONS = ExportOptions("chairside 0.1.0", time_zone="America/Sao_Paulo", with_waves=True)


def texts(visit: SessionRecord, options: ExportOptions = OPTIONS) -> dict[str, str]:
    return {file.name: b"".join(file.chunks).decode() for file in csv_bundle(visit, options)}


def rows(visit: SessionRecord, name: str, options: ExportOptions = OPTIONS) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(texts(visit, options)[name], newline="")))


def test_the_files_of_the_contract_are_there(visit: SessionRecord) -> None:
    assert set(texts(visit)) == {
        *(
            "numerics.csv",
            "nibp.csv",
            "events.csv",
            "alarms.csv",
            "dictionary.csv",
            "session.csv",
            "answers.csv",
        ),
        *("gaps.csv", "devices.csv", "waves/01_ECG_II.csv", "waves/02_PLETH.csv", "alarms/01-AL-HR-02.csv"),
    }
    assert not any(name.startswith("waves/") for name in texts(visit, ExportOptions("x")))


def test_one_row_a_second_with_missing_as_empty(visit: SessionRecord) -> None:
    table = rows(visit, "numerics.csv")
    assert [row["t"] for row in table] == [str(second) for second in range(10)]
    assert [row["hr"] for row in table] == ["", "86.5", *[""] * 8]
    assert [row["spo2"] for row in table] == ["", "0", "", *[""] * 7]  # 0 as recorded, None as empty
    assert table[1]["hr_source"] == "chairside"
    assert [row["sys"] for row in table] == [*[""] * 5, "148", *[""] * 4]
    assert (table[5]["dia"], table[5]["map"], table[5]["nibp_status"]) == ("86", "106.7", "ok")
    assert (table[7]["sys"], table[7]["nibp_status"]) == ("", "movement")
    assert [row["cuff_inflating"] for row in table] == list("0001100000")
    assert [row["visit_phase"] for row in table] == [*["BASE"] * 6, *["INF"] * 4]
    assert [row["phase"] for row in table] == [*["pre"] * 6, *["inf"] * 4]
    assert [row["o2_l_min"] for row in table] == [*[""] * 7, "2", "2", "2"]


def test_times_are_told_three_ways(visit: SessionRecord) -> None:
    row = rows(visit, "nibp.csv")[0]
    assert (row["t"], row["utc"], row["local"], row["t_started"]) == (
        "5",
        "2026-03-01T12:30:05.000+00:00",
        "2026-03-01T09:30:05.000-03:00",
        "3",
    )


def test_cuff_readings_and_failures(visit: SessionRecord) -> None:
    good, bad = rows(visit, "nibp.csv")
    assert (good["sys"], good["map_calculated"], good["status"], good["accepted"]) == (
        "148",
        "true",
        "ok",
        "true",
    )
    assert (bad["sys"], bad["map_calculated"], bad["status"], bad["accepted"]) == (
        "",
        "",
        "movement",
        "false",
    )


def test_an_alarm_is_one_row(visit: SessionRecord) -> None:
    (row,) = rows(visit, "alarms.csv")
    wanted = {
        "id": "a1", "rule": "AL-HR-02", "class": "physiological", "priority": "MEDIUM", "session": "session-7f3a",
        "phase": "INF", "patient": "P-0042-KEY", "t_onset": "6", "t_announce": "6.3", "t_ack": "7", "who": "Ana Prado",
        "t_clear": "8", "t_latch_clear": "", "worst": "131", "t_worst": "6.3", "limit": "120", "note": "not confirmed",
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted


def test_events_keep_quotes_line_breaks_and_what_was_taken_back(visit: SessionRecord) -> None:
    events = rows(visit, "events.csv")
    oxygen = next(row for row in events if row["kind"] == "oxygen")
    assert (oxygen["event"], oxygen["detail"]) == ('on, "2 L"\nnasal', "l_per_min=2; device=nasal")
    assert [(r["kind"], r["voided"]) for r in events if r["entry_id"] == "e2"] == [
        ("note", "true"),
        ("void", "false"),
    ]
    phase = [row for row in events if row["kind"] == "phase"]
    assert [(r["event"], r["detail"]) for r in phase] == [
        ("CHECKIN to BASE", ""),
        ("READY to INF", "overrides=order not signed"),
    ]


def test_answers_gaps_and_devices(visit: SessionRecord) -> None:
    assert rows(visit, "answers.csv")[0]["value"] == "João, the brother"
    assert rows(visit, "gaps.csv")[0]["seconds"] == "1.5"
    assert rows(visit, "devices.csv")[0]["identity"] == "SN-998877"


def test_waves_carry_counts_and_values_where_there_is_a_scale(visit: SessionRecord) -> None:
    ecg = [tuple(row.values()) for row in rows(visit, "waves/01_ECG_II.csv")]
    assert ecg == [
        ("1", "40", "100", "0", "mV"),
        ("1.25", "41", "300", "1", "mV"),
        ("3", "48", "-100", "-1", "mV"),
    ]
    pleth = [tuple(row.values()) for row in rows(visit, "waves/02_PLETH.csv")]
    assert pleth == [("1", "0", "7", "", ""), ("1.5", "1", "8", "", "")]


def test_every_column_is_in_the_dictionary_with_its_codes(visit: SessionRecord) -> None:
    described = {(row["file"], row["column"]): row for row in rows(visit, "dictionary.csv")}
    for name, text in texts(visit).items():
        if name == "dictionary.csv":
            continue
        folder = name.partition("/")[0]
        listed = f"{folder}/*.csv" if "/" in name else name
        for column in text.splitlines()[0].split(","):
            assert described[listed, column]["meaning"]
    codes = {c: (d["unit"], d["loinc"], d["mdc"]) for (f, c), d in described.items() if f == "numerics.csv"}
    assert codes["hr"] == ("/min", "8867-4", "147842")  # clinical.md §14.1
    assert codes["spo2"] == ("%", "59408-5", "150456")
    assert codes["sys"] == ("mm[Hg]", "8480-6", "150021")


def test_a_simulated_session_carries_its_mark_in_every_row(simulated_visit: SessionRecord) -> None:
    for name, text in texts(simulated_visit).items():
        table = list(csv.reader(io.StringIO(text, newline="")))
        assert table[0][-1] == "mark", name
        assert {row[-1] for row in table[1:]} <= {SIMULATED_MARK}, name


def test_bytes_are_the_same_each_time_in_any_locale(visit: SessionRecord) -> None:
    before = texts(visit)
    assert all("\r" not in text and text.endswith("\n") for text in before.values())
    kept = locale.setlocale(locale.LC_ALL)
    try:
        for name in ("de_DE.UTF-8", "pt_BR.UTF-8", "C.UTF-8"):
            try:
                locale.setlocale(locale.LC_ALL, name)
            except locale.Error:  # not installed here
                continue
            assert texts(visit) == before
    finally:
        locale.setlocale(locale.LC_ALL, kept)


def test_the_relative_profile_has_no_wall_clock(visit: SessionRecord) -> None:
    options = ExportOptions("x", Profile.RELATIVE, with_waves=True)
    assert not any("2026" in text for text in texts(visit, options).values())


def test_an_unknown_time_zone_is_a_mistake_of_the_user(visit: SessionRecord) -> None:
    with pytest.raises(ConfigError, match="IANA"):
        texts(visit, ExportOptions("x", time_zone="Moon/Base"))
