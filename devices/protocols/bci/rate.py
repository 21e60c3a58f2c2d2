"""How many frames a second an oximeter sends, heard from the wire and not assumed (protocols.md §7.1, §11).

Frames are samples, so a wrong rate stretches every pulse. Two witnesses: when bytes arrive (a live line), and how many
frames lie between the beeps of a known pulse rate (a capture, or a line whose arrival means nothing).
"""

from collections import deque

from devices.clock import NS_PER_S
from devices.protocols.bci.frames import FRAME_BYTES

DOCUMENTED_RATE_HZ = 100.0
CMS50_RATE_HZ = 60.0
RATES_HZ = (DOCUMENTED_RATE_HZ, CMS50_RATE_HZ)
"""Frames a second of the BCI document, and of a CMS50D+ up to firmware 5 (protocols.md §7.1)."""

_TOLERANCE = 0.14  # the two rates are 1.67 apart; arrival in bursts of 50 ms is off by 6 % over 0.9 s
_FIRST_WINDOW_NS = 900 * NS_PER_S // 1000
_LATER_WINDOW_NS = 10 * NS_PER_S
_SILENCE_NS = NS_PER_S // 2
_BEATS = 5


def nearest_rate_hz(measured_hz: float) -> float | None:
    """Return the known rate this can be, or None."""
    return next((rate for rate in RATES_HZ if abs(measured_hz - rate) <= _TOLERANCE * rate), None)


class ArrivalRate:
    """Measures the rate of a live line: first over 0.9 s, then over 10 s at a time, so that a mistake does not last.

    What lay in the computer's buffer when the port was opened comes at once and is not counted; neither is a window
    with a silence of half a second in it. Until the first answer it keeps trying.
    """

    def __init__(self) -> None:
        self.rate_hz: float | None = None
        self._since: tuple[int, int] | None = None  # when the window began, and the bytes up to then
        self._last_ns = 0

    def heard(self, bytes_in: int, now_ns: int) -> float | None:
        """Note that bytes came, ``bytes_in`` of them in all; return the rate when it is news."""
        silent = now_ns - self._last_ns > _SILENCE_NS
        self._last_ns = now_ns
        if self._since is None or silent:
            self._since = (now_ns, bytes_in)
            return None
        begun_ns, before = self._since
        if now_ns - begun_ns < (_FIRST_WINDOW_NS if self.rate_hz is None else _LATER_WINDOW_NS):
            return None
        frames = (bytes_in - before) / FRAME_BYTES
        found = nearest_rate_hz(frames * NS_PER_S / (now_ns - begun_ns))
        self._since = (now_ns, bytes_in)
        if found is None or found == self.rate_hz:
            return None
        self.rate_hz = found
        return found


class BeatRate:
    """Measures the rate of a recorded stream: frames between beeps, times beats a second."""

    def __init__(self) -> None:
        self._estimates: deque[float] = deque(maxlen=_BEATS)
        self._last_beep: int | None = None

    def interrupt(self) -> None:
        """Note that frames are missing: the interval that runs now means nothing."""
        self._last_beep = None

    def beep(self, frame: int, pr_per_min: float | None) -> float | None:
        """Note a beep at this frame number; return the rate when five beats on end agree on it."""
        last, self._last_beep = self._last_beep, frame
        if last is None or pr_per_min is None:
            return None
        self._estimates.append((frame - last) * pr_per_min / 60.0)
        found = {nearest_rate_hz(estimate) for estimate in self._estimates}
        return found.pop() if len(self._estimates) == _BEATS and len(found) == 1 else None
