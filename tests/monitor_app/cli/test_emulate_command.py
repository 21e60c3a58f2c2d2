"""``emulate`` as an outside program meets it: a terminal, plain reads, and bytes taken apart by the printed protocol."""

import json
import os
import select
import signal
import socket
import subprocess
import time
import tty
from collections import Counter
from contextlib import contextmanager

import pytest
import serial

GAIN_AND_ENABLES = bytes.fromhex(  # protocols.md §1.2: ECG gain x1, then 01, 03, 04, FE, FF on
    "55AA040703F1 55AA040101F9 55AA040301F7 55AA040401F6 55AA04FE01FC 55AA04FF01FB"
)
NIBP_START = bytes.fromhex("55AA04090 1F1".replace(" ", "") + "55AA040A4BA6" + "55AA040201F8")


def frames_of(data: bytes) -> tuple[list[tuple[int, bytes]], int]:
    """Take frames apart as protocols.md §1.1 prints them; returns (type, data) pairs and how many bytes were skipped."""
    found, at, skipped = [], 0, 0
    while at + 5 <= len(data):
        length = data[at + 2]
        body = data[at + 2 : at + 2 + length]
        if data[at : at + 2] != b"\x55\xaa" or not 4 <= length <= 32:
            at, skipped = at + 1, skipped + 1
        elif len(body) < length:
            break
        elif ~sum(body[:-1]) & 0xFF != body[-1]:
            at, skipped = at + 1, skipped + 1
        else:
            found.append((body[1], body[2:-1]))
            at += length + 2
    return found, skipped


def read_for(fd: int, seconds: float) -> bytes:
    data, end = b"", time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([fd], [], [], left)[0]:
            data += os.read(fd, 65536)
    return data


@contextmanager
def opened(path):
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(fd)
    try:
        yield fd
    finally:
        os.close(fd)


def announced(process: subprocess.Popen[str]) -> str:
    line = process.stderr.readline()
    assert "Ctrl-C ends" in line, line + process.stderr.read()
    return line


@pytest.fixture
def emulated(spawn, tmp_path):
    def start(*arguments):
        process = spawn("emulate", "berry", "--pty", "m", *arguments)
        return process, announced(process), tmp_path / "m"

    return start


def test_one_line_says_what_runs_and_term_ends_it_without_a_trace(emulated):
    process, line, link = emulated("--seed", "1")
    assert line.startswith("chairside: berry on m -> /dev/")
    assert "scenario S02, seed 1, Ctrl-C ends" in line
    assert link.is_symlink()
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")
    assert not os.path.lexists(link)


def test_ctrl_c_ends_it_too(emulated):
    process, _, link = emulated()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=10) == 0
    assert not os.path.lexists(link)


def test_it_is_silent_until_asked_then_sends_what_the_protocol_says(emulated):
    _, _, link = emulated("--seed", "1")
    with opened(link) as fd:
        assert read_for(fd, 0.5) == b""
        os.write(fd, GAIN_AND_ENABLES)
        frames, skipped = frames_of(read_for(fd, 3.2))
    assert skipped == 0
    counts = Counter(kind for kind, _ in frames)
    assert 600 <= counts[0x01] <= 850  # 250 to 251 a second
    assert 110 <= counts[0xFE] <= 170
    assert 2 <= counts[0x02] <= 4
    heart_rates = [data[1] for kind, data in frames if kind == 0x02]
    saturations = [data[1] for kind, data in frames if kind == 0x04]
    assert all(50 <= rate <= 110 for rate in heart_rates)
    assert all(90 <= percent <= 100 for percent in saturations)


def test_readers_may_come_go_and_be_killed(emulated, tmp_path):
    process, _, link = emulated()
    reader = subprocess.Popen(["cat", str(link)], stdout=subprocess.DEVNULL)
    with opened(link) as fd:
        os.write(fd, GAIN_AND_ENABLES)
        read_for(fd, 0.5)
    reader.kill()
    reader.wait()
    with serial.Serial(str(link), 115200, timeout=2) as port:
        port.write(GAIN_AND_ENABLES)
        frames, _ = frames_of(port.read(2000))
    assert len(frames) > 50
    assert process.poll() is None


def test_a_stale_link_is_replaced_and_a_file_is_not(spawn, emulated, tmp_path):
    (tmp_path / "m").symlink_to("/dev/pts/99999")
    _, _, link = emulated()
    assert link.exists()
    (tmp_path / "file").touch()
    second = spawn("emulate", "berry", "--pty", "file")
    _, err = second.communicate(timeout=20)
    assert second.returncode == 1
    assert err.startswith("chairside: ")
    assert "Traceback" not in err


def test_faults_at_the_patient_and_on_the_wire_reach_the_reader(emulated):
    _, _, link = emulated("--fault", "lead-off@0", "--fault", "no-finger@0", "--fault", "badsum:0.02@0")
    with opened(link) as fd:
        os.write(fd, GAIN_AND_ENABLES)
        frames, skipped = frames_of(read_for(fd, 3.5))
    assert skipped > 0
    parameters = [data for kind, data in frames if kind == 0x02]
    assert parameters
    assert all(data[0] & 0x02 and data[1] == 0 for data in parameters)  # lead off, no heart rate
    oximetry = [data for kind, data in frames if kind == 0x04]
    assert oximetry
    assert all((data[0], data[1], data[2]) == (2, 127, 255) for data in oximetry)  # no finger, nothing valid


def test_the_cable_of_a_scenario_silences_the_wire(emulated):
    _, _, link = emulated("--fault", "cable-out@2")
    with opened(link) as fd:
        os.write(fd, GAIN_AND_ENABLES)
        read_for(fd, 3.0)
        os.write(fd, GAIN_AND_ENABLES)
        assert read_for(fd, 0.7) == b""


def test_a_cuff_reading_comes_when_asked_for(emulated):
    _, _, link = emulated("--speed", "20")
    with opened(link) as fd:
        os.write(fd, GAIN_AND_ENABLES + NIBP_START)
        frames, _ = frames_of(read_for(fd, 3.5))
    states = [data[0] >> 2 & 0x0F for kind, data in frames if kind == 0x03]
    assert 1 in states
    assert states[-1] == 0
    systolic, mean, diastolic = [data for kind, data in frames if kind == 0x03][-1][2:5]
    assert 60 <= diastolic < mean < systolic <= 200


def ask(port, *requests):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as talk:
        stream = talk.makefile("rw", encoding="utf-8", newline="\n")
        answers = []
        for request in requests:
            stream.write((request if isinstance(request, str) else json.dumps(request)) + "\n")
            stream.flush()
            answers.append(json.loads(stream.readline()))
        return answers


def test_the_bedside_answers_on_the_control_port(emulated):
    _, line, _ = emulated("--control", "tcp://127.0.0.1:0", "--start-phase", "inf")
    port = int(line.partition("tcp://127.0.0.1:")[2].partition(",")[0])
    running, paused, oxygen, wrong, junk, now = ask(
        port,
        {"act": "status"},
        {"act": "pause_pump"},
        {"act": "set_oxygen", "l_per_min": 2},
        {"act": "sing"},
        "}{",
        {"act": "status"},
    )
    assert (running["ok"], running["pump"], running["phase"]) == (True, "running", "INF")
    assert (paused["ok"], paused["pump"]) == (True, "paused")
    assert oxygen["ok"]
    assert (wrong["ok"], junk["ok"]) == (False, False)
    assert "pause_pump" in wrong["error"]
    assert (now["pump"], now["oxygen_l_per_min"]) == ("paused", 2.0)


def test_a_taken_control_port_is_refused_in_a_sentence(spawn):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = spawn(
            "emulate", "berry", "--pty", "m", "--control", f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        )
        _, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "choose another port" in err


def test_recorded_numbers_are_on_the_wire_as_recorded(emulated, shared_data):
    _, line, link = emulated("--recording", shared_data / "bidmc" / "bidmc_25_Signals.csv", "--speed", "10")
    assert "recording bidmc_25_Signals.csv" in line
    table = (shared_data / "bidmc" / "bidmc_25_Numerics.csv").read_text(encoding="utf-8").splitlines()
    column = [name.strip() for name in table[0].split(",")].index("HR")
    recorded = {int(float(row.split(",")[column])) for row in table[1:60]}
    with opened(link) as fd:
        os.write(fd, GAIN_AND_ENABLES)
        frames, skipped = frames_of(read_for(fd, 4.0))
    assert skipped == 0
    heart_rates = [data[1] for kind, data in frames if kind == 0x02 and data[1]]
    assert len(heart_rates) >= 20
    assert set(heart_rates) <= recorded


def test_a_record_without_numbers_has_its_rate_from_the_beats(emulated, shared_data):
    _, _, link = emulated("--recording", shared_data / "mitdb" / "100.hea", "--speed", "10")
    with opened(link) as fd:
        os.write(fd, GAIN_AND_ENABLES)
        frames, _ = frames_of(read_for(fd, 4.0))
    heart_rates = [data[1] for kind, data in frames if kind == 0x02][5:]
    # Record 100: 2273 beats in 30 min 6 s, 75.5 a minute; its own annotations give 71 to 79 in the first minute.
    assert heart_rates
    assert all(68 <= rate <= 82 for rate in heart_rates)
    assert {(data[0], data[1]) for kind, data in frames if kind == 0x04} == {
        (1, 127)
    }  # no oximeter in this record


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["foo", "--pty", "m"], ["berry"]),
        (["berry", "--pty", "m", "--scenario", "S99"], ["S99", "S02"]),
        (["berry", "--pty", "m", "--fault", "gremlin@3"], ["badsum", "lead-off", "cable-out"]),
        (["berry", "--pty", "m", "--fault", "lead-off"], ["NAME@T"]),
        (["berry", "--pty", "m", "--fault", "lead-off:XX@1"], ["electrode"]),
        (["berry", "--pty", "m", "--start-phase", "lunch"], ["baseline"]),
        (["berry", "--pty", "m", "--control", "tcp://0.0.0.0:4000"], ["this computer only"]),
        (["berry", "--pty", "m", "--control", "127.0.0.1:4000"], ["tcp://127.0.0.1:PORT"]),
        (["berry", "--pty", "m", "--recording", "nothing"], ["nothing"]),
        (["berry", "--pty", "/nonesuch/folder/m"], ["folder"]),
        (["berry", "--port", "/dev/nonesuch"], ["does not exist"]),
        (["berry", "--port", "capture://x"], ["capture"]),
    ],
)
def test_mistakes_get_one_sentence_and_leave_no_link(chairside, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    assert chairside("emulate", *arguments).refused(*words)
    assert not os.path.lexists(tmp_path / "m")


def test_wrong_usage_is_status_2(chairside):
    assert chairside("emulate", "berry").status == 2
    assert chairside("emulate", "berry", "--pty", "m", "--port", "x").status == 2
    assert chairside("emulate", "berry", "--pty", "m", "--speed", "0").status == 2
    assert chairside("emulate", "berry", "--pty", "m", "--seed", "-1").status == 2
