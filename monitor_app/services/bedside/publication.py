"""What the bedside tells whoever looks on: journal entries, waves to draw, its state, and sounds to play.

All values are frozen; they may cross threads. A listener never answers: asking goes through ``core.commands``.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from devices.drivers.base import NibpTiming
from devices.signals import LinkState
from monitor_app.core.alarm.auto_limits import AutoLimit
from monitor_app.core.alarm.engine import Condition
from monitor_app.core.alarm.facts import Facts
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.alarm.system_state import StateLine
from monitor_app.core.commissioning import Uncommissioned
from monitor_app.core.journal import JournalEntry, SessionOpened
from monitor_app.core.sound_output import NO_OUTPUT, PlayedOn, SoundOutput
from monitor_app.core.stamp import Stamp
from monitor_app.core.visit.facts import VisitFacts
from monitor_app.core.visit.limbs import Limbs
from monitor_app.core.visit.state import Visit
from monitor_app.processing.filters import FilterMode


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
    short_name: str = ""  # "B850": its model where it says that, else its family's first words
    numerics: tuple[str, ...] = ()
    waveforms: tuple[str, ...] = ()
    numeric_interval_s: float = 1.0
    nibp: NibpTiming = NibpTiming.NONE
    confirm_s: float = 0.0


@dataclass(frozen=True, slots=True)
class MonitorAlarm:
    """An alarm of a monitor's own: its colour or kind, and its words as they stand on that screen."""

    source: str
    kinds: tuple[str, ...]
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlsoReceived:
    """A number that has no place of its own on the screen, as its monitor names it."""

    source: str
    name: str
    value: float
    unit: str


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
    limbs: Limbs = field(default_factory=Limbs)
    last_failure: str = ""
    differs: str = ""  # in words: a monitor that times itself does not keep to the plan
    source: str = ""


@dataclass(frozen=True, slots=True)
class SoundView:
    """The alarm sound: ``normal``, ``paused`` until a time, ``off`` by a clinical lead, ``missing``, ``moved`` to another output.

    ``simulated`` where nobody listens. ``until_t_ns``: when a pause ends that runs, also while the sound is missing or moved.
    """

    state: str = "normal"
    until_t_ns: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SecondSoundView:
    """The output for a HIGH alarm nobody answers: which one, why it cannot be heard, and what the computer has for it."""

    output: SoundOutput = NO_OUTPUT
    trouble: str = ""
    outputs: tuple[SoundOutput, ...] = ()


@dataclass(frozen=True, slots=True)
class AlarmSystemView:
    """The alarm system besides its sound: states in force, limits and where they come from (clinical.md §5.5, §5.6).

    ``lines``: the gravest state first. ``locked``: (rule, parameter) that only a clinical lead may change. ``versions``:
    the presets in force, "Factory 2 > Pain 1". ``proposals``: limits from the baseline, empty without one.
    """

    lines: tuple[StateLine, ...] = ()
    rules_off: tuple[str, ...] = ()
    audio_off: bool = False
    limits: Limits | None = None
    locked: frozenset[tuple[str, str]] = frozenset()
    versions: str = ""
    indication: str = ""
    indications: tuple[str, ...] = ()
    proposals: tuple[AutoLimit, ...] = ()
    volume_step: int = 4
    pulse_tone: bool = False
    second_sound: SecondSoundView = field(default_factory=SecondSoundView)
    sensors_extended: bool = False  # the time without sensors has been made longer, which goes once


@dataclass(frozen=True, slots=True)
class EcgFilterView:
    """How the ECG is drawn: band, mains notch (0: none), and the bands it could have."""

    mode: FilterMode = FilterMode.MONITOR
    mains_hz: int = 0
    modes: tuple[FilterMode, ...] = (FilterMode.MONITOR, FilterMode.FILTERED)

    @property
    def label(self) -> str:
        """As it stands on the strip: ``0.5–40 Hz · 50 Hz out``."""
        return self.mode.label + (f" · {self.mains_hz} Hz out" if self.mains_hz else "")


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
    ecg_filter: EcgFilterView = field(default_factory=EcgFilterView)
    ecg_quality: float | None = None
    ecg_quality_reason: str = ""
    perfusion_index_percent: float | None = None
    tile_limits: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    rule_delays: dict[str, float] = field(default_factory=dict)  # seconds by rule id
    can_record: bool = True
    uncommissioned: tuple[Uncommissioned, ...] = ()  # real monitors whose values nobody has verified here
    overload: str = ""  # what is said of signals that were lost because the computer could not keep up
    reopened: bool = False  # a visit that had ended, opened again to be signed
    monitor_alarms: tuple[MonitorAlarm, ...] = ()
    also_received: tuple[AlsoReceived, ...] = ()
    alarm_system: AlarmSystemView = field(default_factory=AlarmSystemView)


SOFT = "SOFT_"
"""Before an urgency: the same burst played softly, for the self-test (clinical.md §5.3)."""


@dataclass(frozen=True, slots=True)
class SoundBurst:
    """A burst to play now: urgency (``HIGH`` …, ``REMINDER``, ``SOFT_HIGH`` …) and melody category.

    ``louder``: nobody has acknowledged it for long; one volume step up (clinical.md §5.4). ``volume_step``: 1 to 4, as
    chosen at the chair. Urgency ``PULSE``: the tone at a pulse, ``melody`` the SpO2 in whole percent ("97"). Urgency
    ``INFO``: the chime of an information, which is no alarm. ``played_on``: which outputs it is for.
    """

    urgency: str
    melody: str
    t_ns: int
    louder: bool = False
    volume_step: int = 4
    played_on: PlayedOn = PlayedOn.FIRST


Publication: TypeAlias = JournalEntry | WaveShown | BedsideState | SoundBurst
