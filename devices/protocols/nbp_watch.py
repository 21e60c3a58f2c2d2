"""When the cuff numbers a monitor keeps showing are a new reading: their own time has changed (protocols.md §4, §10).

For monitors that time their own cuff and show its last reading until the next one: what they show is an event only when
it is news.

==================  ============================  ===================================================
was told last       it shows                      says
==================  ============================  ===================================================
nothing yet         values no older than 3 min    result
nothing yet         older values, live            held: they were taken before anybody listened
nothing yet         a failure                     held likewise, unless its time is recent
a reading           the same time                 nothing, whatever the values
a reading           another time                  result, also with identical values
a reading           a failure                     failure
a failure           one with the same or no time  nothing
any                 nothing                       nothing: cleared, or never measured
any                 times that contradict         nothing: damaged
==================  ============================  ===================================================

A reading without any time (not the documented form) is news when its values are.
"""

from dataclasses import dataclass

from devices.protocols.agreement import Agreement
from devices.protocols.conditions import Conditions
from devices.signals import NibpFailure, NibpResult, Signal

RECENT_S = 180.0
"""A measurement with its repeats takes up to two minutes and is stamped at its beginning or its end; one minute to spare."""


@dataclass(frozen=True, slots=True)
class NbpPane:
    """What one message shows of the cuff.

    ``times`` holds every distinct time its parts carry, as sent; ``measured_s`` is that time as POSIX seconds by the
    device's clock, where it says a date. ``failure`` is set where it shows that the last measurement failed.
    """

    pressures: tuple[float | None, float | None, float | None]  # systolic, diastolic, mean in mmHg
    pulse_per_min: float | None = None
    failure: NibpFailure | None = None
    doubtful: bool = False
    times: tuple[str, ...] = ()
    measured_s: float | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is shown, not even a failure."""
        return self.failure is None and all(value is None for value in self.pressures)

    @property
    def plausible(self) -> bool:
        """Whether the pressures can belong together."""
        systolic, diastolic, mean = self.pressures
        low, high = diastolic or 0.0, systolic if systolic is not None else float("inf")
        return low < high and (mean is None or low <= mean <= high)


class NbpWatch:
    """Remembers which reading was told last; outlives a reconnection, so that it is not told again after it.

    ``live`` False, for a capture: the first reading is told however old it is. ``unsure`` says that a reading waits for
    a second answer that agrees.
    """

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._fresh = True
        self._told: object = None
        self._failed: object = None
        self._conditions = Conditions()
        self._waiting: NbpPane | None = None
        self._agreement = Agreement()
        self.unsure = False

    def reopened(self) -> None:
        """Note that answers may have been missed: what the pane shows next may be old."""
        self._fresh = True
        self._waiting = None
        self._agreement.interrupt()

    def interrupted(self) -> None:
        """Note that what waits for a second answer has not got it: bytes were lost, or the answer says something else."""
        self._waiting = None
        self._agreement.interrupt()

    def step(self, pane: NbpPane | None, message_s: float | None) -> list[Signal]:
        """Take what an answer shows, sent at ``message_s`` by the monitor's clock; return what is news."""
        self.unsure = False
        if pane is None or pane.empty:
            return []
        if len(pane.times) > 1:
            self.unsure = True
            return []
        failed = pane.failure is not None
        key: object = pane.times[0] if pane.times else (pane.failure or pane.pressures)
        if key in (self._told, self._failed):
            self._fresh = False
            self.interrupted()
            return []
        if not failed and not self._believed(pane):
            return []
        old = self._fresh and self._live and not _recent(pane.measured_s, message_s)
        first = self._told is None and self._failed is None
        self._fresh = False
        self._remember(key, failed=failed)
        if old or (first and failed and not _recent(pane.measured_s, message_s)):
            return self._hold(pane)
        return [*self._conditions.set("NIBP_HELD", None), _result(pane)]

    def _believed(self, pane: NbpPane) -> bool:
        """Whether the pressures may be told now: they fit together and do not jump, or two answers agree."""
        steady = [
            self._agreement.accept(str(k), value) for k, value in enumerate(pane.pressures)
        ]  # each must be asked
        twice = pane == self._waiting
        self._waiting = pane
        self.unsure = not (all(steady) and (pane.plausible or twice))
        return not self.unsure

    def _remember(self, key: object, *, failed: bool) -> None:
        if failed:
            self._failed = key
        else:
            self._told, self._failed = key, None

    def _hold(self, pane: NbpPane) -> list[Signal]:
        values = "/".join("?" if value is None else f"{value:.0f}" for value in pane.pressures[:2])
        when = f"taken {pane.times[0]} by the monitor's clock" if pane.times else "time unknown"
        return self._conditions.set("NIBP_HELD", f"{values} mmHg, {when}", held=_result(pane))


def _recent(measured_s: float | None, message_s: float | None) -> bool:
    return measured_s is not None and message_s is not None and abs(message_s - measured_s) <= RECENT_S


def _result(pane: NbpPane) -> NibpResult:
    if pane.failure is not None:
        return NibpResult(None, None, None, failure=pane.failure, device_time_s=pane.measured_s)
    return NibpResult(
        *pane.pressures,
        pulse_per_min=pane.pulse_per_min,
        questionable=pane.doubtful,
        device_time_s=pane.measured_s,
    )
