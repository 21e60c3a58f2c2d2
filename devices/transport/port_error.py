"""Turn what an operating system says about a port into one sentence that says what to do.

Pyserial wraps some errors (with or without their number), lets others through (``termios.error``) and on Windows puts
them into words only; this is the one place that reads all three.
"""

import errno
import os
import re
import sys
from pathlib import Path

from devices.errors import DeviceError, DeviceLostError, DeviceNotFoundError, DeviceOpenError

if sys.platform != "win32":
    import grp
    import pwd

_ERRNO_IN_TEXT = re.compile(r"(?:\[Errno |^\(|: \()(-?\d+)[\],]")
_ABSENT = frozenset({errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.ENOTDIR})
_BUSY = frozenset({errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK, errno.ETXTBSY})
_NOT_A_PORT = frozenset({errno.ENOTTY, errno.EISDIR, errno.EINVAL, errno.ESPIPE})
_UNREACHABLE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})
_CHOOSE = "choose one of the ports that 'chairside ports' lists"


def open_error(port: str, cause: Exception) -> DeviceError:
    """Return the error to raise when ``port`` could not be opened."""
    code, text = _errno_of(cause), str(cause)
    if "://" in port and not port.lower().startswith(("spy://", "alt://", "hwgrep://")):
        return _network_error(port, code, text)
    if code == errno.EACCES or (code is None and "PermissionError" in text):
        return _permission_error(port)
    if code == errno.EIO:
        return DeviceNotFoundError(f"{port} has no hardware behind it: choose another port.")
    if code in _ABSENT or "FileNotFoundError" in text or "no ports found" in text:
        return DeviceNotFoundError(f"{port} does not exist: plug the monitor's cable in, or {_CHOOSE}.")
    remedy = f"cannot be opened ({_plain(text)}): unplug it, plug it in and try again."
    if code in _BUSY:
        remedy = "is in use by another program: close that program, then try again."
    elif code in _NOT_A_PORT:
        remedy = f"is not a serial port that takes these settings: {_CHOOSE}."
    return DeviceOpenError(f"{port} {remedy}")


def lost_error(port: str, cause: Exception | None = None) -> DeviceLostError:
    """Return the error to raise when ``port`` worked and does not any more."""
    if "://" in port:
        return DeviceLostError(f"{port} ended the connection: check the network and the other end.")
    del cause  # every cause has one remedy, and its words differ between systems
    return DeviceLostError(f"{port} is gone: check the cable and the adapter at both ends.")


def _permission_error(port: str) -> DeviceOpenError:
    if sys.platform == "win32":  # Windows says "access denied" for a port somebody else has open
        return DeviceOpenError(f"{port} is in use by another program: close that program, then try again.")
    group = _owning_group(port)
    if _joined_since_login(group):
        return DeviceOpenError(
            f"No permission to open {port} yet: your account is in the group {group}, but this login is older; log out"
            " and in again."
        )
    return DeviceOpenError(
        f"No permission to open {port}: add your account to the group that owns it"
        f" (sudo usermod -aG {group} $USER, then log in again) or install Chairside's udev rule"
        " (packaging/linux/70-chairside.rules)."
    )


def _joined_since_login(group: str) -> bool:
    """Whether the account belongs to a group that this login does not know of yet."""
    if sys.platform == "win32":
        return False
    try:
        entry = grp.getgrnam(group)
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return False
    return name in entry.gr_mem and entry.gr_gid not in {os.getgid(), *os.getgroups()}


def _owning_group(port: str) -> str:
    try:
        group = Path(os.path.realpath(port)).group()
    except (OSError, KeyError, NotImplementedError):
        return "dialout"
    return "dialout" if group == "root" else group


def _network_error(port: str, code: int | None, text: str) -> DeviceError:
    if code == errno.ECONNREFUSED:
        return DeviceNotFoundError(
            f"Nothing is listening at {port}: start the program or serial server there, or correct the address."
        )
    if "timed out" in text or code == errno.ETIMEDOUT or code in _UNREACHABLE:
        return DeviceNotFoundError(f"{port} does not answer: check the network cable and the address.")
    if "getaddrinfo" in text or (code is not None and code < 0) or "not known" in text.lower():
        if "protocol" in text:
            return DeviceOpenError(
                f"{port} is not a kind of port Chairside knows: use a device name, socket://HOST:PORT or"
                " rfc2217://HOST:PORT."
            )
        return DeviceNotFoundError(f"The host name in {port} is not known: correct it, or use its number.")
    return DeviceOpenError(f"{port} cannot be opened ({_plain(text)}): correct the address.")


def _errno_of(cause: Exception) -> int | None:
    code = getattr(cause, "errno", None)
    if isinstance(code, int):
        return code
    if cause.args and isinstance(
        cause.args[0], int
    ):  # termios.error is no OSError but carries its number first
        return int(cause.args[0])
    found = _ERRNO_IN_TEXT.search(str(cause))
    return int(found.group(1)) if found else None


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".") or "no reason given"
