"""What the cuff has measured: accepted readings, failures in a row, and its last pulse."""

from devices.signals import NibpFailure
from monitor_app.core.alarm.facts import NibpReading
from monitor_app.core.journal import NibpEntry
from monitor_app.core.nibp_plan import Trigger

KEPT_READINGS = 12
REPEATS = frozenset({Trigger.RETAKE.value})


class CuffReadings:
    """One patient's, whichever cuff took them. Bedside thread only.

    ``accepted``: newest last. ``last_failure``: its cause and when; ``last_pulse``: per minute and when.
    ``awaited_since_t_ns``: since when the plan waits for the next one; None: there is no plan.
    """

    def __init__(self) -> None:
        self.accepted: tuple[NibpReading, ...] = ()
        self.failures_in_a_row = 0
        self.last_failure: tuple[str, int] | None = None
        self.last_pulse: tuple[float, int] | None = None
        self.awaited_since_t_ns: int | None = None

    def take(self, entry: NibpEntry) -> None:
        """Take how a measurement ended; one that was stopped on purpose is neither a reading nor a failure."""
        if entry.accepted and entry.systolic_mmhg and entry.diastolic_mmhg and entry.mean_mmhg:
            self._accept(
                NibpReading(
                    self.accepted[-1].seq + 1 if self.accepted else 1,
                    entry.stamp.t_ns,
                    entry.systolic_mmhg,
                    entry.diastolic_mmhg,
                    entry.mean_mmhg,
                    is_retake=entry.trigger in REPEATS,
                )
            )
            if entry.pulse_per_min is not None:
                self.last_pulse = (entry.pulse_per_min, entry.stamp.t_ns)
        elif entry.failure is not NibpFailure.STOPPED:
            self.failures_in_a_row += 1
            cause = entry.failure.value if entry.failure else entry.rejected
            self.last_failure = (cause, entry.stamp.t_ns)

    def _accept(self, reading: NibpReading) -> None:
        self.accepted = (*self.accepted, reading)[-KEPT_READINGS:]
        self.awaited_since_t_ns = reading.t_ns
        self.failures_in_a_row, self.last_failure = 0, None

    @property
    def why_failed(self) -> str:
        """Why the last measurement gave no reading; empty when it gave one."""
        return self.last_failure[0] if self.last_failure else ""
