"""What is written when Chairside itself is at fault: a report file, on this computer only, and where it lies."""

import platform
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from monitor_app import __version__


def write_crash_report(error: BaseException, command: str, folder: Path | None = None) -> Path | None:
    """Write a report and return its path; None when even that fails (a full disk must not hide the error itself).

    The report holds the traceback, versions and the command's name; no arguments, since they may name a patient.
    """
    folder = folder or platformdirs.user_log_path("chairside", appauthor=False)
    now = datetime.now(UTC)
    text = "\n".join(
        [
            f"Chairside {__version__} crash report, {now.isoformat(timespec='seconds')}",
            f"command: {command}",
            f"python {sys.version.split()[0]} on {platform.platform()}",
            "",
            *traceback.format_exception(error),
        ]
    )
    path = folder / f"crash-{now.strftime('%Y%m%dT%H%M%S%f')}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError:
        return None
    return path
