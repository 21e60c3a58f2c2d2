"""A plug-in of its own distribution: found by its entry points, run by the program's commands."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.plugin_install import environment, install

CHAIRSIDE = (sys.executable, "-m", "monitor_app")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(tmp_path_factory.mktemp("plug-in"))


def chairside(site: Path, *arguments: str) -> Any:
    done = subprocess.run(
        [*CHAIRSIDE, *arguments, "--json"],
        env=environment(site),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@contextmanager
def emulated(site: Path, link: Path) -> Iterator[None]:
    command = [*CHAIRSIDE, "emulate", "healthypi", "--pty", str(link), "--seed", "1"]
    with subprocess.Popen(command, env=environment(site), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "healthypi on" in process.stderr.readline()
        yield
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert process.returncode == 0


def test_it_is_installed_without_being_named_anywhere_in_the_program(site: Path) -> None:
    rows = {row["id"]: row for row in chairside(site, "drivers")}
    assert rows["healthypi"]["name"] == "ProtoCentral HealthyPi v5"
    assert set(rows["healthypi"]["numerics"]) == {"HR", "RR", "SPO2", "TEMP"}
    assert rows["healthypi"]["nibp"] == "none"
    assert "berry" in rows


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_it_is_emulated_and_recorded(site: Path, tmp_path: Path) -> None:
    link = tmp_path / "kit"
    with emulated(site, link):
        record = chairside(
            site,
            "record",
            "--device",
            f"healthypi@{link}",
            "--for",
            "5",
            "--data-dir",
            str(tmp_path / "data"),
        )
    assert record["frames_bad"] == record["dropped"] == 0
    assert record["frames_ok"] == pytest.approx(5 * 128, rel=0.2)
    assert record["waveforms"]["ECG_II"] == pytest.approx(record["frames_ok"], abs=128)
    assert {"HR", "RR", "SPO2", "TEMP"} <= {name for name, count in record["numerics"].items() if count >= 3}


def test_a_capture_is_decoded(site: Path, tmp_path: Path) -> None:
    # Written from the layout alone: ECG 1000, breath -2, flag, red 3, infrared 4, 36.60 C, 97 %, 72, 15.
    frame = "0A FA 16 00 02 E8 03 00 00 FE FF FF FF 00 03 00 00 00 04 00 00 00 4C 0E 61 48 0F 00 0B"
    capture = tmp_path / "kit.hex"
    capture.write_text("\n".join([frame] * 3))
    done = subprocess.run(
        [*CHAIRSIDE, "decode", "healthypi", str(capture), "--hex", "--json"],
        env=environment(site),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    values = {line["name"]: line["value"] for line in lines if line["kind"] == "numeric"}
    assert values == {"HR": 72, "SPO2": 97, "RR": 15, "TEMP": 36.6}
    waves: dict[str, list[int]] = {}
    for line in lines:
        if line["kind"] == "waveform":
            waves.setdefault(line["name"], []).extend(line["samples"])
    assert waves == {"ECG_II": [1000] * 3, "RESP": [-2] * 3, "PLETH_RED": [3] * 3, "PLETH": [4] * 3}
    assert lines[-1]["frames_ok"] == 3
