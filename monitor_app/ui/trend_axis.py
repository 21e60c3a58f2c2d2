"""The time axis of the trend: quarter hours by the wall clock, whatever instant the session began at."""

from datetime import UTC, datetime

import pyqtgraph as pg

QUARTER_S = 900
FIVE_MINUTES_S = 300


class WallClockAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph is untyped
    """Ticks on clock quarters with a lighter line each five minutes (clinical.md §13.1)."""

    def __init__(self, orientation: str = "bottom") -> None:
        super().__init__(orientation)
        self._zero_utc_s = 0.0
        self._utc_offset_s = 0.0

    def set_zero(self, zero_utc_ms: int) -> None:
        """Say which instant of the wall clock session second 0 is."""
        self._zero_utc_s = zero_utc_ms / 1000
        offset = datetime.fromtimestamp(self._zero_utc_s, UTC).astimezone().utcoffset()
        self._utc_offset_s = offset.total_seconds() if offset else 0.0

    def _local_s(self) -> float:
        return self._zero_utc_s + self._utc_offset_s

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N803
        """Quarter hours, then the five-minute columns between them (hourly and quarterly in long windows)."""
        del size
        major, minor = (QUARTER_S, FIVE_MINUTES_S) if maxVal - minVal <= 3 * 3600 else (3600, QUARTER_S)
        zero = self._local_s()

        def marks(step: int) -> list[float]:
            first = -((-(minVal + zero)) // step) * step
            count = int((maxVal + zero - first) // step) + 1
            return [first + k * step - zero for k in range(max(count, 0))]

        quarters = marks(major)
        taken = set(quarters)
        return [(major, quarters), (minor, [t for t in marks(minor) if t not in taken])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Local time of day on the heavier lines; nothing on the lighter ones."""
        del scale
        if spacing < QUARTER_S:
            return [""] * len(values)
        return [
            datetime.fromtimestamp(round(value + self._local_s()), UTC).strftime("%H:%M") for value in values
        ]
