"""Loading a command: what comes before Qt, and that the garbage collector is on again whatever happens."""

import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from devices.errors import KnownError
from monitor_app import cli
from monitor_app.cli import loading, parser
from monitor_app.cli.loading import BEFORE_QT, before_window, load_command, settle, without_collector
from monitor_app.services.settings import Settings, save_settings

ROOT = Path(__file__).parents[3]

LISTED = """
import json, sys
from monitor_app.cli.loading import before_window, load_command
from monitor_app.cli.parser import build_parser
load_command("argparse", before_window(build_parser().parse_args(sys.argv[2:])))
before = set(sys.modules)
load_command(sys.argv[1])
print(json.dumps([sorted(before), sorted(set(sys.modules) - before)]))
"""


@pytest.fixture(autouse=True)
def collector():
    yield
    gc.enable()
    gc.unfreeze()


@pytest.fixture(scope="module", params=["window", "demo"])
def listed(request):
    """The modules loaded before Qt and after it, in a process of its own."""
    typed = {
        "window": ("monitor_app.cli.window_command", "--device", "nonin@/dev/ttyUSB0"),
        "demo": ("monitor_app.cli.demo_window", "demo"),
    }[request.param]
    done = subprocess.run(
        [sys.executable, "-c", LISTED, *typed],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    before, after = json.loads(done.stdout)
    return set(before), set(after)


def test_qt_comes_last(listed):
    before, after = listed
    assert not [name for name in before if name.startswith(("PySide6", "shiboken", "monitor_app.ui"))]
    assert "PySide6.QtWidgets" in after


def test_nothing_that_could_have_come_before_qt_comes_after(listed):
    _, after = listed
    ours = {name for name in after if name.startswith(("monitor_app.", "devices."))}
    late = {name for name in ours if not name.startswith(("monitor_app.ui", "monitor_app.cli"))}
    # A few words of the panels are not worth a name each; the bulk is.
    assert len(late) <= 12, sorted(late)
    for heavy in ("sqlalchemy", "numpy", "pydantic", "asyncio"):
        assert heavy not in after


def test_a_start_on_a_port_loads_no_simulator_and_no_migration(listed):
    before, after = listed
    everything = before | after
    assert not [name for name in everything if name.startswith(("alembic", "pyqtgraph", "scipy", "pandas"))]
    if "devices.simulators.scenario" not in everything:
        assert not [name for name in everything if name.startswith("devices.simulators")]


def test_the_driver_of_the_monitor_is_there_before_qt(listed):
    before, _ = listed
    assert before & {"devices.drivers.nonin", "devices.drivers.berry"}


@pytest.mark.parametrize(
    ("typed", "driver"),
    [
        (["--device", "Nonin@COM3"], "devices.drivers.nonin"),
        ([], "devices.drivers.masimo"),
        (["--device", "clinic@COM3"], ""),
    ],
)
def test_whose_driver_is_loaded_early(tmp_path, monkeypatch, typed, driver):
    save_settings(tmp_path, Settings(devices=("masimo@COM4",)))
    monkeypatch.setattr("devices.registry.driver_ids", lambda: ("clinic",))
    arguments = parser.build_parser().parse_args(["--data-dir", str(tmp_path), *typed])
    found = before_window(arguments)
    assert found[: len(BEFORE_QT)] == BEFORE_QT
    assert list(found[len(BEFORE_QT) :]) == ([driver] if driver else [])


def test_short_commands_wait_for_nothing_long():
    quick = "import sys, monitor_app.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", quick], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"numpy", "pydantic", "sqlalchemy", "PySide6", "asyncio"}


def test_a_command_is_loaded_last_and_while_nothing_is_collected(monkeypatch):
    seen = []
    monkeypatch.setattr(loading.importlib, "import_module", lambda name: seen.append((name, gc.isenabled())))
    with without_collector():
        load_command("last", ("first", "second"))
    assert seen == [("first", False), ("second", False), ("last", False)]
    assert gc.isenabled()


def test_settling_keeps_the_program_out_of_the_collector():
    gc.disable()
    settle()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 1000


@pytest.mark.parametrize("ending", [KnownError("no"), KeyboardInterrupt(), SystemExit(2)])
def test_a_command_that_fails_leaves_the_collector_on(ending):
    with pytest.raises(type(ending)), without_collector():
        raise ending
    assert gc.isenabled()


def test_every_command_runs_with_the_collector_on_but_those_that_open_a_window(monkeypatch):
    states = {}

    class Loaded:
        def __init__(self, name):
            self._name = name

        def __getattr__(self, function):
            def run(_arguments):
                states[function] = gc.isenabled()
                return 0

            return run

    monkeypatch.setattr(parser, "load_command", lambda module, *_: Loaded(module))
    for arguments in (["--device", "berry@COM3"], ["demo"], ["ports"], ["sessions"], ["drivers"]):
        assert cli.main(arguments) == 0
        assert gc.isenabled()
    assert states == {
        "run_window": False,
        "run_demo": False,
        "run_ports": True,
        "run_sessions": True,
        "run_drivers": True,
    }


def test_threads_for_long_arrays_are_not_begun_unless_wanted(monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with without_collector():
        assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    with without_collector():
        assert os.environ["OPENBLAS_NUM_THREADS"] == "3"
