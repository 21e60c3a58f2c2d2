"""The three ways an export tells time: seconds of the session, UTC, and the clinic's own clock."""

import zoneinfo
from bisect import bisect_right
from datetime import UTC, datetime, tzinfo

from devices.errors import ConfigError
from monitor_app.core.record import SessionRecord
from monitor_app.core.stamp import NS_PER_S, Stamp
from monitor_app.exporters.export import ExportOptions, Profile

NS_PER_MS = 1_000_000


class Timeline:
    """Times of one record. In the ``relative`` profile the wall clock is empty."""

    def __init__(self, record: SessionRecord, options: ExportOptions) -> None:
        """Raises ConfigError for an unknown time zone."""
        self._start_ns = record.opened.stamp.t_ns
        self._zone = zone(options.time_zone)
        self._wall = options.profile is not Profile.RELATIVE
        stamps = sorted({record.opened.stamp, *(entry.stamp for entry in record.entries)})
        self._anchors = stamps
        self._anchor_t_ns = [stamp.t_ns for stamp in stamps]

    def t(self, t_ns: int | None) -> str:
        """Seconds since the session began, to the millisecond."""
        return "" if t_ns is None else number(round((t_ns - self._start_ns) / NS_PER_MS) / 1000)

    def utc(self, stamp: Stamp) -> str:
        """ISO 8601 in UTC with offset."""
        return self._iso(stamp, UTC)

    def local(self, stamp: Stamp) -> str:
        """ISO 8601 on the clinic's clock with offset."""
        return self._iso(stamp, self._zone)

    def three(self, stamp: Stamp) -> tuple[str, str, str]:
        """``t``, ``utc`` and ``local`` of an instant."""
        return self.t(stamp.t_ns), self.utc(stamp), self.local(stamp)

    def at_second(self, second: int) -> Stamp:
        """The instant so many seconds into the session; its wall time follows the newest entry before it."""
        t_ns = self._start_ns + second * NS_PER_S
        anchor = self._anchors[max(0, bisect_right(self._anchor_t_ns, t_ns) - 1)]
        return Stamp(t_ns, anchor.utc_ms + (t_ns - anchor.t_ns) // NS_PER_MS)

    def _iso(self, stamp: Stamp, wanted: tzinfo) -> str:
        if not self._wall:
            return ""
        # Built from whole seconds: a float of a date has no exact milliseconds.
        seconds, milliseconds = divmod(stamp.utc_ms, 1000)
        moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=milliseconds * 1000)
        return moment.astimezone(wanted).isoformat(timespec="milliseconds")


def zone(name: str) -> tzinfo:
    """Return a time zone by its IANA name; raises ConfigError for one this computer does not know."""
    if name == "UTC":
        return UTC
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(
            f"time_zone = {name!r} is not known here: give an IANA name such as 'America/Sao_Paulo', or 'UTC'"
        ) from error


def number(value: float | None) -> str:
    """Return a number with a decimal point whatever the locale; nothing for None; 85 for 85.0."""
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))
