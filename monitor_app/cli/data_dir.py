"""Where the databases are: the folder named on the command line, or the platform's own."""

import argparse
from pathlib import Path

import platformdirs

from devices.errors import ConfigError


def data_dir(arguments: argparse.Namespace) -> Path:
    """Return the data folder of this run; it need not exist yet (design.md §6).

    :raises ConfigError: the path named is a file.
    """
    named: Path | None = getattr(arguments, "data_dir", None)
    folder = named or platformdirs.user_data_path("chairside", appauthor=False)
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{folder} is a file: name a folder with --data-dir.")
    return folder
