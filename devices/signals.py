"""The vocabulary: what a patient monitor can say.

Frozen, slotted, units in names. A signal carries what the device said and nothing the host added; the link wraps it
in an ``Arrival`` that says where and when it was heard. Missing is ``None``, never 0.

Names (design §7): numerics ``HR PR SPO2 RR PI TEMP``; waves ``ECG_I ECG_II ECG_III ECG_AVR ECG_AVL ECG_AVF ECG_V PLETH
RESP``. A name outside these lists is allowed and shown as unknown, never dropped.
"""

from dataclasses import dataclass, field
from enum import Enum, Flag, auto
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Counts: TypeAlias = npt.NDArray[np.int32]
"""Device integers as they stood on the wire, shape (n,)."""


class Provenance(Enum):
    """Whether a transport can reach a person. A property of the transport, never guessed from bytes (design §3)."""

    REAL = "real"
    UNVERIFIED = "unverified"  # a network address nobody has confirmed yet
    SIMULATED = "simulated"


class Quality(Flag):
    """Why a value should be doubted. ``GOOD`` (no flag) is the normal case."""

    GOOD = 0
    INVALID = auto()  # the device itself says this is no value
    QUESTIONABLE = auto()  # the device shows it with a question mark
    WEAK = auto()  # weak signal or low perfusion
    ARTIFACT = auto()  # movement or noise reported by the device
    SEARCHING = auto()  # the device is looking for a pulse
    SENSOR_OFF = auto()  # lead or probe off the patient
    CLIPPED = auto()  # samples at the edge of the converter's range
    STALE = auto()  # the device repeats an old value
    DEMO = auto()  # the device says it is in demonstration or test mode


@dataclass(frozen=True, slots=True)
class NumericReading:
    """One value of a continuously measured quantity. ``unit`` is UCUM (``/min``, ``%``, ``Cel``)."""

    name: str
    value: float | None
    unit: str
    quality: Quality = Quality.GOOD
    device_time_s: float | None = None  # POSIX seconds by the device's own clock, where it has one


@dataclass(frozen=True, slots=True)
class WaveScale:
    """How counts become a physical quantity: ``(count - zero) * unit_per_count`` in ``unit`` (UCUM).

    ``unit_per_count`` is None where the device has no published scale: the wave is then relative, "uncalibrated".
    ``low`` and ``high`` are the edges of the converter in counts.
    """

    unit: str
    unit_per_count: float | None
    zero: float
    low: int
    high: int

    def physical(self, counts: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
        """Counts in ``unit`` where calibrated, otherwise centred counts as a fraction of half the range (-1..1)."""
        centred = counts.astype(np.float64) - self.zero
        if self.unit_per_count is not None:
            return centred * self.unit_per_count
        return centred / (0.5 * (self.high - self.low))


@dataclass(frozen=True, slots=True)
class WaveChunk:
    """Consecutive samples of one wave, placed by the device's own sample counter.

    ``first_sample`` counts from the decoder's start and jumps where the decoder knows that samples were lost.
    """

    name: str
    rate_hz: float
    first_sample: int
    samples: Counts
    scale: WaveScale
    quality: Quality = Quality.GOOD


class NibpPhase(Enum):
    """What a cuff is doing."""

    IDLE = "idle"
    MEASURING = "measuring"


class NibpFailure(Enum):
    """Why a cuff measurement gave no reading (protocols §1.3, §8.1)."""

    CUFF_LOOSE = "cuff loose or not connected"
    WEAK = "weak signal"
    MOTION = "movement"
    OUT_OF_RANGE = "out of range"
    OVER_PRESSURE = "over-pressure"
    TIMED_OUT = "took too long"
    LEAK = "leak"
    BLOCKED = "air path blocked"
    STOPPED = "stopped"
    ERROR = "cuff unit error"
    NO_ANSWER = "no answer from the monitor"


@dataclass(frozen=True, slots=True)
class NibpProgress:
    """The cuff's state changed or its pressure moved."""

    phase: NibpPhase
    cuff_mmhg: int | None = None


@dataclass(frozen=True, slots=True)
class NibpResult:
    """A cuff measurement ended: with a reading, or with the cause of its failure. Never both."""

    systolic_mmhg: float | None
    diastolic_mmhg: float | None
    mean_mmhg: float | None
    pulse_per_min: float | None = None
    failure: NibpFailure | None = None
    questionable: bool = False  # the device delivered it with an artifact mark
    device_time_s: float | None = None


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """A condition the device reports about itself or its sensors; ``active`` False says that it is over.

    Codes in use: ``ECG_LEAD_OFF`` (``detail`` names the lead where known), ``ECG_WEAK``, ``ECG_CLIPPED``,
    ``SPO2_PROBE_UNPLUGGED``, ``SPO2_NO_FINGER``, ``SPO2_SEARCHING``, ``MONITOR_ALARM`` (``detail``: colour),
    ``RHYTHM`` (``detail``: the device's own words), ``UNKNOWN_RECORD`` (``detail``: its type in hex), ``NIBP_HELD``
    (``held``: a cuff reading from before we listened, which is no new one; protocols.md §10 rule 3).
    """

    code: str
    active: bool
    detail: str = ""
    held: NibpResult | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class BeatMark:
    """The device marked a heart beat (``source`` ``ECG``) or a pulse (``PLETH``)."""

    source: str


@dataclass(frozen=True, slots=True)
class DeviceIdentity:
    """Who the device says it is. ``simulator`` is True for an emulator of ours; it can add the SIMULATED mark only."""

    manufacturer: str = ""
    model: str = ""
    serial_number: str = ""
    firmware: str = ""
    simulator: bool = False


Signal: TypeAlias = (
    NumericReading | WaveChunk | NibpProgress | NibpResult | DeviceStatus | BeatMark | DeviceIdentity
)


@dataclass(frozen=True, slots=True)
class Counters:
    """What a decoder has seen since it was made. ``bytes_in`` = bytes in good frames + discarded + still buffered."""

    bytes_in: int = 0
    frames_ok: int = 0
    frames_bad: int = 0
    resyncs: int = 0
    bytes_discarded: int = 0


@dataclass(frozen=True, slots=True)
class RawBytes:
    """Bytes as they stood on the wire: one read before any decoding, or (``sent``) one write that the port took."""

    data: bytes
    sent: bool = False


class LinkState(Enum):
    """How a connection stands. ``STREAMING`` only after a valid frame (protocols §11)."""

    SEARCHING = "searching"  # port open or being opened, no valid frame yet
    STREAMING = "streaming"
    STALLED = "stalled"  # frames stopped; the port is still there
    LOST = "lost"  # the port is gone; reconnecting
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """A change in a connection, in words for a person (``detail``), with its health counters."""

    state: LinkState
    detail: str
    counters: Counters = field(default_factory=Counters)
    reconnects: int = 0


@dataclass(frozen=True, slots=True)
class Arrival:
    """A signal heard from ``source`` (``driver@port``) at ``mono_ns`` on the host's monotonic clock.

    Raw bytes come only from a link that was asked for them, before the signals they hold.
    """

    source: str
    mono_ns: int
    signal: Signal | LinkStatus | RawBytes
