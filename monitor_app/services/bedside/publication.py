"""What the bedside tells whoever looks on: journal entries, waves to draw, its state, and sounds to play.

All values are frozen; they may cross threads. A listener never answers: asking goes through ``core.commands``.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from devices.drivers.base import NibpTiming
from devices.signals import LinkState
from monitor_app.core.alarm.engine import Condition
from monitor_app.core.alarm.facts import Facts
from monitor_app.core.journal import JournalEntry, SessionOpened
from monitor_app.core.stamp import Stamp
from monitor_app.core.visit.facts import VisitFacts
from monitor_app.core.visit.state import Visit


@dataclass(frozen=True, slots=True, eq=False)
class WaveShown:
    """Samples to draw: ECG filtered for display, the rest as it came; in mV where ``calibrated``."""

    source: str
    name: str
    rate_hz: float
    first: int
    values: npt.NDArray[np.float32]
    t_ns_of_end: int
    calibrated: bool


@dataclass(frozen=True, slots=True)
class LinkView:
    """One connection, as it stands."""

    source: str
    driver_name: str
    description: str
    state: LinkState
    detail: str
    since_t_ns: int
    last_frame_t_ns: int
    simulated: bool
    cannot: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CuffView:
    """The cuff, as it stands. ``timing`` says who can start it."""

    timing: NibpTiming = NibpTiming.NONE
    measuring: bool = False
    trigger: str = ""
    cuff_mmhg: int | None = None
    started_t_ns: int | None = None
    armed: bool = False
    interval_s: float | None = None
    next_due_t_ns: int | None = None
    next_trigger: str = ""
    task: str = ""
    limb: str = "left arm"
    last_failure: str = ""


@dataclass(frozen=True, slots=True)
class SoundView:
    """The alarm sound: ``normal``, ``paused`` until a time, ``missing``; ``simulated`` where nobody listens."""

    state: str = "normal"
    until_t_ns: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BedsideState:
    """Everything on display at one instant, published when it changes and at least once a second."""

    stamp: Stamp
    opened: SessionOpened
    visit: Visit
    visit_facts: VisitFacts
    facts: Facts
    conditions: tuple[Condition, ...]
    cuff: CuffView
    sound: SoundView
    links: tuple[LinkView, ...]
    ecg_lead: str = ""
    ecg_quality: float | None = None
    ecg_quality_reason: str = ""
    perfusion_index_percent: float | None = None
    tile_limits: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    can_record: bool = True
    overload: str = ""  # what is said of signals that were lost because the computer could not keep up


SOFT = "SOFT_"
"""Before an urgency: the same burst played softly, for the self-test (clinical.md §5.3)."""


@dataclass(frozen=True, slots=True)
class SoundBurst:
    """A burst to play now: urgency (``HIGH`` …, ``REMINDER``, ``SOFT_HIGH`` …) and melody category."""

    urgency: str
    melody: str
    t_ns: int


Publication: TypeAlias = JournalEntry | WaveShown | BedsideState | SoundBurst
