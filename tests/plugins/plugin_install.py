"""Builds the plug-in with its own build backend and unpacks it as an installer would. No network, nothing left behind."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

PLUG_IN = Path(__file__).with_name("healthypi")


def install(folder: Path) -> Path:
    """Return a folder that, put on the path, holds the installed plug-in with its metadata."""
    wheels = folder / "wheels"
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)]
    subprocess.run(command, cwd=PLUG_IN, check=True, capture_output=True)
    (wheel,) = wheels.glob("*.whl")
    site = folder / "site"
    zipfile.ZipFile(wheel).extractall(site)
    return site


def environment(site: Path) -> dict[str, str]:
    """Return the environment of a process that has the plug-in installed."""
    return {**os.environ, "PYTHONPATH": str(site), "QT_QPA_PLATFORM": "offscreen"}
