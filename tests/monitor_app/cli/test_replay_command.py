"""``replay`` of each kind of source, and what it refuses."""

import csv

import pytest

from devices.clock import ManualClock
from monitor_app.cli.replay_command import paced

FIELDS = {"t", "rule", "from", "to", "priority", "value", "limit", "suppressed"}
STATES = {"IDLE", "PENDING", "ACTIVE", "ACTIVE_ACK", "LATCHED"}


@pytest.fixture
def numbers(tmp_path):
    path = tmp_path / "fast.csv"
    path.write_text(
        "t,hr\n" + "".join(f"{t},{150 if t >= 10 else 80}\n" for t in range(61)), encoding="ascii"
    )
    return path


def test_alarm_lines_have_the_contracts_fields(chairside, numbers):
    result = chairside("replay", numbers, "--phase", "inf", "--json")
    assert result.status == 0
    assert result.lines
    for line in result.lines:
        assert set(line) >= FIELDS
        assert {line["from"], line["to"]} <= STATES
        assert isinstance(line["suppressed"], bool)
    rules = {line["rule"] for line in result.lines if line["to"] == "ACTIVE"}
    assert "AL-HR-02" in rules  # 150 is above the 140 of clinical.md §6.1
    assert all(line["t"] >= 10 for line in result.lines)


def test_numerics_come_each_second(chairside, numbers):
    lines = chairside("replay", numbers, "--numerics", "--json").lines
    shown = [
        (line["t"], line["value"]) for line in lines if line["kind"] == "numeric" and line["name"] == "HR"
    ]
    assert [t for t, _ in shown] == list(range(61))
    assert (shown[9][1], shown[10][1]) == (80, 150)


def test_text_names_rule_and_states(chairside, numbers):
    assert "AL-HR-02" in chairside("replay", numbers).out


def test_pacing_waits_on_the_clock_and_keeps_the_order():
    clock = ManualClock()
    seen = [
        (line["t"], clock.monotonic_ns())
        for line in paced(iter([{"t": 0.0}, {"t": 5.0}, {"t": 5.0}]), 10, clock)
    ]
    assert seen == [(0.0, 0), (5.0, 500_000_000), (5.0, 500_000_000)]


def active_spans(lines, rule):
    """From ACTIVE to the end of each occurrence."""
    spans, start = [], None
    for line in lines:
        if line.get("rule") != rule:
            continue
        if line["to"] == "ACTIVE" and start is None:
            start = line["t"]
        elif line["to"] == "IDLE" and start is not None:
            spans.append((start, line["t"]))
            start = None
    return [*spans, *([(start, float("inf"))] if start is not None else [])]


def test_tachycardia_of_record_209_alarms_when_it_is_there(chairside, shared_data):
    result = chairside("replay", shared_data / "mitdb" / "209.hea", "--phase", "inf", "--json", "--numerics")
    assert result.status == 0
    spans = active_spans(result.lines, "AL-HR-02")
    text = (shared_data / "mitdb" / "tachy_truth.csv").read_text(encoding="ascii")
    truth = list(csv.DictReader(text.splitlines()))
    runs = [
        (float(row["start_s"]), float(row["end_s"]))
        for row in truth
        if (row["record"], row["limit"]) == ("209", "140")
    ]
    for start, end in runs:
        assert any(begin < end and stop > start for begin, stop in spans), (start, end, spans)
    # Nothing extreme in the five quiet minutes at the start.
    assert all(begin > 250 for begin, _ in spans)
    rates = [line["value"] for line in result.lines if line["kind"] == "numeric" and line["name"] == "HR"]
    assert len(rates) >= 1800
    assert sum(rate is not None for rate in rates) > 1780


def test_saturation_of_bidmc_49_alarms(chairside, shared_data):
    """README: SpO2 84 to 88 throughout."""
    lines = chairside("replay", shared_data / "bidmc" / "bidmc_49_Signals.csv", "--json").lines
    raised = {line["rule"] for line in lines if line["to"] == "ACTIVE"}
    assert any(rule.startswith(("AL-OX", "AL-SP")) for rule in raised), raised


def test_an_arrest_seen_by_ecg_alone_alarms_at_beat_level(chairside, tmp_path):
    """Ten beats, then a line without one: asystole is told within seconds, before any average would move."""
    import numpy as np

    rate, seconds = 250, 30
    wave = np.zeros(rate * seconds)
    for beat in np.arange(0.5, 15, 0.8):
        at = round(beat * rate)
        wave[at - 5 : at + 6] += np.hanning(11)
    wave += 0.03 * np.sin(np.arange(wave.size) / 40)
    counts = np.round(wave * 1000).astype("<i2")
    (tmp_path / "a.dat").write_bytes(counts.tobytes())
    checksum = int(counts.sum(dtype=np.int64).astype(np.int16))
    header = f"a 1 {rate} {wave.size}\na.dat 16 1000/mV 16 0 {counts[0]} {checksum} 0 II\n"
    (tmp_path / "a.hea").write_text(header, encoding="ascii")
    lines = chairside("replay", tmp_path / "a.hea", "--json").lines
    told = [line["t"] for line in lines if line["rule"] == "AL-HR-01" and line["to"] == "ACTIVE"]
    assert told
    last_beat_s = 14.9
    assert 3.9 <= told[0] - last_beat_s <= 6.0  # clinical.md §6.1: 4 s without a beat


def test_mistakes_get_one_sentence(chairside, tmp_path, shared_data):
    assert chairside("replay", tmp_path / "nothing.csv").refused("nothing.csv")
    assert chairside("replay", tmp_path / "nothing").refused("does not exist")
    assert chairside("replay", tmp_path).refused()
    assert chairside("replay", shared_data / "edf" / "test_utf8.edf").refused("EDF", "convert")
    assert chairside("replay", "nosession", "--data-dir", tmp_path).refused("nosession")
    empty = tmp_path / "empty.csv"
    empty.touch()
    assert chairside("replay", empty).refused("empty")
    bad = tmp_path / "bad.csv"
    bad.write_text("t,hr\n0,80\n1,fast\n", encoding="ascii")
    assert chairside("replay", bad).refused("line 3", "hr")
    junk = tmp_path / "junk.csv"
    junk.write_bytes(bytes(range(256)) * 4)
    assert chairside("replay", junk).refused()
    for option, text in (("--baseline", "72"), ("--bp-end", "138")):
        wrong = chairside("replay", bad, option, text)
        assert (wrong.status, wrong.out) == (2, "")
        assert f"{option} '{text}' must be" in wrong.err
    assert chairside("replay", bad, "--phase", "lunch").status == 2
    assert chairside("replay", bad, "--t-end", "nan").status == 2


def test_what_could_not_be_judged_is_said_at_the_end(chairside, numbers):
    *alarms, last = chairside("replay", numbers, "--phase", "inf", "--json").lines
    assert all(line["kind"] == "alarm" for line in alarms)
    assert (last["kind"], last["t"]) == ("not_judged", 60.0)
    why = {one["rule"]: one["why"] for one in last["rules"]}
    assert why["AL-RR-01"] == "neither a breathing wave nor a respiratory rate is replayed"
    assert not {line["rule"] for line in alarms} & set(why)
    text = chairside("replay", numbers, "--phase", "inf").out
    _, _, listed = text.partition("Rules that could not be judged:\n")
    assert f"  AL-RR-01: {why['AL-RR-01']}\n" in listed
    assert "AL-HR-02" not in listed
