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


@runtime_checkable
class ClockSetting(Protocol):
    """An emulated monitor whose own clock is on the wire and can be set, as a person does, forward or back."""

    def set_clock(self, posix_s: float) -> None:
        """Let the clock show this instant (POSIX seconds) at the time last advanced to. It starts at the seeded start."""
        ...


@runtime_checkable
class CountWobble(Protocol):
    """An emulated monitor whose wave packets hold a count of samples (protocols.md §2.6)."""

    def wobble_counts(self, share: float | None) -> None:
        """Send this share of packets one sample short and the next one longer; None: as often as the real one does."""
        ...


@runtime_checkable
class EarlyNibp(Protocol):
    """An emulated monitor that shows a cuff reading before it says that measuring is over (protocols.md §12)."""

    def show_nibp_early(self, lead_s: float | None) -> None:
        """Show it so long before, from the next measurement on; None: as the real one does."""
        ...


class MonitorFactory(Protocol):
    """Makes the monitor's side for a patient: ``BerryMonitor(patient, seed=…)``."""

    def __call__(self, patient: PatientSource, *, seed: int) -> MonitorSide:
        """Return a monitor, freshly switched on, with its sensors on this patient."""
        ...
