"""The link by which readers find a pseudo-terminal: made in one step, never over something that is in use."""

import os
import stat
from pathlib import Path

from devices.clock import NS_PER_S
from devices.errors import DeviceOpenError
from devices.transport.provenance import is_pty

_COARSE_CLOCK_NS = 20_000_000  # file times advance with the kernel's tick


def link_target(link: Path) -> str | None:
    """Return what a link says, or None where there is no link."""
    try:
        return os.readlink(link)  # noqa: PTH115 - the text of the link, as it was written
    except OSError:
        return None


def make_link(link: Path, target: str) -> None:
    """Make ``link`` point to ``target`` in one step, so that a reader never finds the name missing.

    :raises DeviceOpenError: the folder is missing or may not be written to.
    """
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    try:
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(target)
        fresh.replace(link)
    except OSError as error:
        raise DeviceOpenError(
            f"The link {link} cannot be made ({error.strerror}): choose a folder that exists and that you may write to."
        ) from error


def require_free(link: Path) -> None:
    """Do nothing where there is nothing at ``link``, or a link to a terminal that is gone.

    :raises DeviceOpenError: something else is there: a file, a link to one, or a terminal somebody answers at.
    """
    target = link_target(link)
    if target is None:
        if os.path.lexists(link):
            raise DeviceOpenError(f"{link} exists and is not a link to a terminal: choose another name.")
        return
    if not link.exists():
        return
    if not is_pty(str(link)):
        raise DeviceOpenError(f"{link} points to {target}, which is not a terminal: choose another name.")
    if _is_alive(link):
        raise DeviceOpenError(
            f"{link} is in use by another emulator: stop that one first, or choose another name."
        )


def _is_alive(link: Path) -> bool:
    """Whether the terminal behind a link is the one it was made for, with somebody at its other end."""
    try:
        terminal, made = link.stat(), link.lstat()
        slack_ns = NS_PER_S if made.st_mtime_ns % NS_PER_S == 0 else _COARSE_CLOCK_NS  # FAT counts in seconds
        if stat.S_ISCHR(terminal.st_mode) and terminal.st_ctime_ns > made.st_mtime_ns + slack_ns:
            return False  # the number was given to another terminal after the link was made
        os.close(os.open(link, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK))
    except OSError:
        return False
    return True
