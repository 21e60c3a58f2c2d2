"""HL7 timestamps, ``YYYYMMDDhhmmss`` by the device's own clock, as POSIX seconds and back.

A device that names no zone tells its local time; it is read as if it were UTC, as the captures' expected values are
(captures/README.md). Such a time tags a reading and is never used to measure.
"""

import re

from devices.protocols.device_time import CivilTime, civil_time

_FORM = re.compile(
    r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(?:(\d\d)(\.\d{1,4})?)?(?:([+-])(\d\d)(\d\d))?", flags=re.ASCII
)


def parse_timestamp(text: str) -> float | None:
    """Return POSIX seconds; None for what is no date with at least hours and minutes."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute = (int(found[k]) for k in range(1, 6))
    shown = CivilTime(year, month, day, hour, minute, int(found[6] or 0))
    if not shown.valid:
        return None
    posix_s = shown.posix_s + float(found[7] or 0)
    if not found[8]:
        return posix_s
    offset_s = int(found[9]) * 3600 + int(found[10]) * 60
    return posix_s - offset_s if found[8] == "+" else posix_s + offset_s


def format_timestamp(posix_s: float) -> str:
    """Return ``YYYYMMDDhhmmss`` in UTC, whole seconds, the earlier one when between two."""
    shown = civil_time(posix_s)
    date = f"{shown.year:04d}{shown.month:02d}{shown.day:02d}"
    return f"{date}{shown.hour:02d}{shown.minute:02d}{shown.second:02d}"
