"""The driver interface: what a link needs to run one family of monitors.

A driver is sans-I/O too: the link owns the transport and the clock, asks the driver what to send and gives it what
came. One instance serves one connection attempt after another; ``opened`` starts it afresh. A family that is only listened
to need not say that it has nothing to send.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from devices.protocols.base import Decoder
from devices.signals import Counters, Signal


class NibpTiming(Enum):
    """Who can start this monitor's cuff."""

    HOST = "host"  # Chairside starts and stops it
    MONITOR = "monitor"  # a person presses START there, or the monitor's own timer does
    NONE = "none"  # it has no cuff


@dataclass(frozen=True, slots=True)
class SerialSettings:
    """Line settings of a family. ``parity`` is ``N``, ``E`` or ``O``."""

    baud: int
    bits: int = 8
    parity: str = "N"
    stop_bits: int = 1
    rtscts: bool = False
    xonxoff: bool = False


@dataclass(frozen=True, slots=True)
class WaveCapability:
    """A wave this family sends."""

    name: str
    rate_hz: float


@dataclass(frozen=True, slots=True)
class DriverInfo:
    """What a family can and cannot do. ``cannot`` holds whole sentences for the limits panel."""

    id: str
    name: str
    numerics: tuple[str, ...]
    waveforms: tuple[WaveCapability, ...]
    serial: SerialSettings
    nibp: NibpTiming
    expected_interval_s: float  # longest normal silence between valid frames
    other_serial: tuple[
        SerialSettings, ...
    ] = ()  # further line settings the family is met with, likeliest first
    numeric_interval_s: float = 1.0  # normal refresh of its numerics
    confirm_s: float = (
        0.0  # how much later a changed number is believed, on a wire that cannot prove it at once
    )
    nibp_timeout_s: float = 90.0  # a cuff measurement longer than this is given up
    cannot: tuple[str, ...] = ()
    cable_hints: tuple[str, ...] = ()


class DriverCommand(Enum):
    """What Chairside may ask of a monitor. It controls nothing but the cuff."""

    NIBP_START = "nibp_start"
    NIBP_STOP = "nibp_stop"


class Driver(ABC):
    """One connection to one monitor, without the I/O. Called from the link's thread only."""

    info: ClassVar[DriverInfo]

    @abstractmethod
    def opened(self, now_ns: int) -> bytes:
        """The port has just been opened: forget everything, return the handshake (never an NIBP start)."""

    @abstractmethod
    def feed(self, data: bytes, now_ns: int) -> list[Signal]:
        """Take bytes from the monitor, return the signals they complete, in order. Never raises on any bytes."""

    def due(self, now_ns: int) -> bytes:
        """Return what must be sent now: keep-alives, polls, repeats of an unanswered handshake. Often empty."""
        del now_ns
        return b""

    def tick(self, now_ns: int) -> list[Signal]:
        """Return signals that time alone brings: a cuff that never ended, a value the monitor stopped sending."""
        del now_ns
        return []

    def command(self, command: DriverCommand, now_ns: int) -> bytes:
        """Return the bytes of a command; empty when the family cannot do it or a measurement is running."""
        del command, now_ns
        return b""

    def probe(self, now_ns: int) -> bytes:
        """Return a question that changes nothing on the monitor and that it answers with a valid frame.

        Sent only to find a monitor (never a setting, never the cuff); empty for a family that speaks unasked.
        """
        del now_ns
        return b""

    def closing(self) -> bytes:
        """Return what must be sent before the port closes: stop the cuff, stop the streams."""
        return b""

    @abstractmethod
    def capture_decoder(self) -> Decoder:
        """Return a fresh decoder for a recorded capture: monitor-to-host bytes alone, no host and no clock."""

    @property
    @abstractmethod
    def counters(self) -> Counters:
        """Decoder counters since ``opened``."""
