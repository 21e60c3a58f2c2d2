"""What every protocol gives: a decoder from bytes to signals, and the monitor's own side for emulation.

Nothing here or below opens a port, reads a clock or sleeps.
"""

from typing import Protocol, runtime_checkable

from devices.patient import PatientSource
from devices.signals import Counters, Signal


class Decoder(Protocol):
    """Monitor to us. Any bytes may be fed, cut anywhere; garbage is counted and skipped, never raised."""

    @property
    def counters(self) -> Counters:
        """What has been seen so far."""
        ...

    def feed(self, data: bytes) -> list[Signal]:
        """Take bytes as they came, return the signals they complete, in order."""
        ...


class MonitorSide(Protocol):
    """A whole emulated monitor, seen from its serial port. Stepped on the patient's time axis in seconds.

    It sends nothing before it is asked, where the real one does not.
    """

    def receive(self, data: bytes) -> None:
        """Bytes from the host: commands and requests, cut anywhere; what is not understood is ignored."""
        ...

    def advance(self, until_s: float) -> bytes:
        """Every byte the monitor sends up to patient time ``until_s`` (monotonic, seconds), in order."""
        ...


@runtime_checkable
class CuffPanel(Protocol):
    """The front of an emulated monitor that times its own cuff (protocols.md §10): what a person can press there."""

    def press_nibp(self) -> None:
        """Press START; while a measurement runs, the same key stops it. Acts at the time last advanced to."""
        ...

    def set_nibp_auto(self, interval_min: int | None) -> None:
        """Set the monitor's own cycle in minutes, or manual with None. A new cycle starts its first measurement at once."""
        ...


class MonitorFactory(Protocol):
    """Makes the monitor's side for a patient: ``BerryMonitor(patient, seed=…)``."""

    def __call__(self, patient: PatientSource, *, seed: int) -> MonitorSide:
        """Return a monitor, freshly switched on, with its sensors on this patient."""
        ...
