"""The last minutes of displayed values, one a second: what baseline, discharge and guards look back on."""

from collections import deque
from statistics import median

from monitor_app.core.alarm.facts import Shown
from monitor_app.core.baseline import SERIES_S, Series

KEPT_S = 600
MEDIAN_S = 300
"""Five minutes of heart rate for discharge (clinical.md §12 D3)."""
USABLE = 0.5
"""Quality below which a value is not taken into a baseline (clinical.md §5.8)."""


class ValueHistory:
    """Displayed heart rate, saturation and respiration once a second, None where not valid. Bedside thread only."""

    def __init__(self) -> None:
        self._hr: deque[float | None] = deque(maxlen=KEPT_S)
        self._spo2: deque[float | None] = deque(maxlen=KEPT_S)
        self._rr: deque[float | None] = deque(maxlen=KEPT_S)
        self._cached: Series | None = None

    def add(self, hr: Shown, spo2: Shown, rr: Shown) -> None:
        """Take one second."""
        for values, shown in ((self._hr, hr), (self._spo2, spo2), (self._rr, rr)):
            values.append(shown.value if shown.value is not None and shown.quality >= USABLE else None)
        self._cached = None

    def series(self) -> Series:
        """The last 120 s, for the baseline."""
        if self._cached is None:
            self._cached = Series(*(tuple(values)[-SERIES_S:] for values in (self._hr, self._spo2, self._rr)))
        return self._cached

    @property
    def hr_median(self) -> float | None:
        """Median heart rate of the last 5 min; None when less than half of it was valid."""
        valid = [v for v in list(self._hr)[-MEDIAN_S:] if v is not None]
        return median(valid) if len(valid) >= MEDIAN_S / 2 else None

    @property
    def spo2_lowest(self) -> float | None:
        """Lowest valid saturation of the last 10 min."""
        return min((v for v in self._spo2 if v is not None), default=None)
