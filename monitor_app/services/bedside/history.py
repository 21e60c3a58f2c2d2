"""The last minutes of displayed values, one a second: what baseline, discharge and guards look back on."""

from bisect import bisect_left, insort
from collections import deque

from monitor_app.core.alarm.facts import Shown
from monitor_app.core.baseline import SERIES_S, Series

KEPT_S = 600
MEDIAN_S = 300
"""Five minutes of heart rate for discharge (clinical.md §12 D3)."""
USABLE = 0.5
"""Quality below which a value is not taken into a baseline (clinical.md §5.8)."""


class SortedWindow:
    """The valid values among the last ``length``, kept in order so that asking each second costs nothing."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._values: deque[float | None] = deque()
        self._ordered: list[float] = []

    def add(self, value: float | None) -> None:
        """Take the next value, None where there was no valid one."""
        self._values.append(value)
        if value is not None:
            insort(self._ordered, value)
        if len(self._values) > self._length:
            gone = self._values.popleft()
            if gone is not None:
                del self._ordered[bisect_left(self._ordered, gone)]

    def __len__(self) -> int:
        return len(self._ordered)

    @property
    def lowest(self) -> float | None:
        """The smallest valid value; None without any."""
        return self._ordered[0] if self._ordered else None

    @property
    def median(self) -> float | None:
        """The middle one, or the mean of the two in the middle; None without any."""
        count = len(self._ordered)
        if not count:
            return None
        low, high = self._ordered[(count - 1) // 2], self._ordered[count // 2]
        return low if count % 2 else (low + high) / 2


class ValueHistory:
    """Displayed heart rate, saturation and respiration once a second, None where not valid. Bedside thread only."""

    def __init__(self) -> None:
        self._hr: deque[float | None] = deque(maxlen=SERIES_S)
        self._spo2: deque[float | None] = deque(maxlen=SERIES_S)
        self._rr: deque[float | None] = deque(maxlen=SERIES_S)
        self._hr_window = SortedWindow(MEDIAN_S)
        self._spo2_window = SortedWindow(KEPT_S)
        self._cached: Series | None = None

    def add(self, hr: Shown, spo2: Shown, rr: Shown) -> None:
        """Take one second."""
        for values, shown in ((self._hr, hr), (self._spo2, spo2), (self._rr, rr)):
            values.append(shown.value if shown.value is not None and shown.quality >= USABLE else None)
        self._hr_window.add(self._hr[-1])
        self._spo2_window.add(self._spo2[-1])
        self._cached = None

    def series(self) -> Series:
        """The last 120 s, for the baseline."""
        if self._cached is None:
            self._cached = Series(tuple(self._hr), tuple(self._spo2), tuple(self._rr))
        return self._cached

    @property
    def hr_median(self) -> float | None:
        """Median heart rate of the last 5 min; None when less than half of it was valid."""
        return self._hr_window.median if len(self._hr_window) >= MEDIAN_S / 2 else None

    @property
    def spo2_lowest(self) -> float | None:
        """Lowest valid saturation of the last 10 min."""
        return self._spo2_window.lowest
