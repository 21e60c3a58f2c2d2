"""What an installation runs to prove itself: a short simulated session, written, exported and read back."""

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from devices.registry import driver_ids, make_driver
from devices.simulators.scenario import list_scenarios
from monitor_app.core.phase import Phase
from monitor_app.exporters.bundle import write_export
from monitor_app.exporters.export import ExportOptions
from monitor_app.exporters.registry import FORMATS
from monitor_app.resources_path import resource_path
from monitor_app.services.headless import HeadlessChair
from monitor_app.services.presets import factory_limits
from monitor_app.storage.store import open_archive
from monitor_app.storage.verify import verify

SESSION_S = 30.0
SCENARIO = "S01"


@dataclass(frozen=True, slots=True)
class Check:
    """One check and how it went; ``detail`` says what was seen."""

    check: str
    ok: bool
    detail: str


def run_checks(folder: Path, outside: tuple[tuple[str, Callable[[], str]], ...] = ()) -> Iterator[Check]:
    """Run every check in ``folder``, which is empty; ``outside`` holds those that need a window or sound.

    A check fails by raising; its sentence becomes the detail. Later ones run all the same.
    """
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("resources", _resources),
        ("drivers", _drivers),
        ("session", lambda: _session(folder)),
        ("verify", lambda: _verify(folder)),
        *((f"export {name}", lambda name=name: _export(folder, name)) for name in sorted(FORMATS)),
        *outside,
    )
    for name, check in checks:
        try:
            yield Check(name, ok=True, detail=check())
        except Exception as error:  # noqa: BLE001 - whatever goes wrong here is what the check is for
            yield Check(name, ok=False, detail=f"{type(error).__name__}: {error}")


def _require(condition: object, sentence: str) -> None:
    if not condition:
        raise AssertionError(sentence)


def _resources() -> str:
    scenarios = list_scenarios(resource_path("scenarios"))
    _require(scenarios, "no scenario was found")
    limits = factory_limits()
    _require(limits.values, "the factory preset is empty")
    return f"{len(scenarios)} scenarios, {len(limits.values)} limits"


def _drivers() -> str:
    names = [make_driver(driver_id).info.name for driver_id in driver_ids()]
    _require(names, "no driver was found")
    return ", ".join(names)


def _session(folder: Path) -> str:
    """Half a minute from the simulated monitor's bytes to the database."""
    chair = HeadlessChair(SCENARIO, seed=1, data_dir=folder)
    try:
        chair.bedside.start_recording()
        while chair.now_s < SESSION_S:
            chair.step()
        counters = chair.link.counters
    finally:
        chair.close()
    _require(counters.frames_ok > 0, "no frame came from the simulated monitor")
    _require(counters.frames_bad == 0, f"{counters.frames_bad} frames were damaged")
    return f"{counters.frames_ok} frames in {SESSION_S:g} s"


def _verify(folder: Path) -> str:
    findings = verify(folder)
    _require(not findings, "; ".join(f.problem for f in findings))
    record = open_archive(folder).record(_session_id(folder))
    ecg = [w for w in record.waves if w.name == "ECG_II"]
    _require(ecg, "the record holds no ECG")
    expected = SESSION_S * ecg[0].rate_hz
    _require(abs(ecg[0].sample_count - expected) <= 0.05 * expected, f"{ecg[0].sample_count} ECG samples")
    _require(record.phase is Phase.BASE, f"the session stands in {record.phase.value}")
    return f"{ecg[0].sample_count} ECG samples read back"


def _session_id(folder: Path) -> str:
    return open_archive(folder).sessions()[0].id


def _export(folder: Path, name: str) -> str:
    record = open_archive(folder).record(_session_id(folder))
    out = folder / f"export-{name}"
    files = write_export(name, record, out, ExportOptions(software=record.opened.software))
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    for item in manifest["files"]:
        digest = hashlib.sha256((out / item["name"]).read_bytes()).hexdigest()
        _require(digest == item["sha256"], f"{item['name']} is not what the manifest says")
    for path in files:
        _read_back(path)
    return f"{len(files)} files, hashes right"


def _read_back(path: Path) -> None:
    if path.suffix == ".json":
        _require(json.loads(path.read_text(encoding="utf-8")), f"{path.name} is empty")
    elif path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        _require(rows and all(len(row) == len(rows[0]) for row in rows), f"{path.name} is ragged")
