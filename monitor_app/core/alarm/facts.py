"""What the alarm engine is told: everything a rule may look at, at one instant.

The bedside builds one ``Facts`` per evaluation; replay builds them from a file. Rules are pure functions of it, so the
engine needs no clock, no device and no store.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor_app.core.journal import Baseline
from monitor_app.core.phase import Phase
from monitor_app.core.visit.infusion import Infusion


@dataclass(frozen=True, slots=True)
class Shown:
    """A number as it is displayed: 1-Hz value with quality 0..1, where it comes from, and when it was refreshed.

    ``fitted`` False: no source has ever been there, so nothing is said of its absence. ``value`` None: no value now.
    """

    value: float | None = None
    quality: float = 1.0
    source: str = ""
    t_ns: int = 0
    fitted: bool = True
    monitor: str = ""  # the connection it comes from (``driver@port``), where ``source`` says something else


NOT_FITTED = Shown(fitted=False)


@dataclass(frozen=True, slots=True)
class BeatFacts:
    """Beat-level facts of the ECG (None where beats are not available, as in a replay of numerics)."""

    last_beat_t_ns: int | None = None  # None: no beat seen yet
    signal_since_t_ns: int | None = None  # since when a usable ECG signal has been there without interruption
    fast_run: int = 0  # consecutive beats each above the extreme-tachycardia limit
    slow_run: int = 0  # consecutive beats each below the extreme-bradycardia limit
    beats_last_5_s: int = 0
    median_rate_per_min: float | None = None  # 60 / median of the last 4 RR


@dataclass(frozen=True, slots=True)
class PulseFacts:
    """Beat-level facts of the pleth (clinical.md §5.8.2)."""

    median_rate_per_min: float | None = None
    quality: float = 0.0
    last_pulse_t_ns: int | None = None
    regular_pulses_last_4_s: int = 0


@dataclass(frozen=True, slots=True)
class SignalFacts:
    """How well a signal can be read: ``quality`` 0..1 and why it is no better, in words."""

    quality: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NibpReading:
    """An accepted reading. ``seq`` grows by one with each, so a rule sees that a reading is new.

    Diastolic and mean are NaN where a replayed file gives a systolic pressure alone; a monitor's reading is whole.
    """

    seq: int
    t_ns: int
    systolic_mmhg: float
    diastolic_mmhg: float
    mean_mmhg: float
    is_retake: bool = False

    @property
    def whole(self) -> bool:
        """Whether diastolic and mean pressure are known too."""
        return not (math.isnan(self.diastolic_mmhg) or math.isnan(self.mean_mmhg))


@dataclass(frozen=True, slots=True)
class NibpFacts:
    """The cuff: accepted readings of this session, newest last (at least the last 6), failures and schedule."""

    readings: tuple[NibpReading, ...] = ()
    fitted: bool = True
    failures_in_a_row: int = 0
    last_failure_t_ns: int | None = None
    last_failure: str = ""
    interval_s: float | None = None  # None: no automatic plan in force, nothing can be overdue
    overdue_since_t_ns: int | None = None  # the instant the plan (or last accepted reading) counts from
    retake_pending: bool = False
    inflating_on_spo2_limb_since_t_ns: int | None = None
    monitor: str = ""  # the connection of the cuff in use


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """One connection."""

    source: str
    last_frame_t_ns: int
    expected_interval_s: float
    connected: bool
    bad_frame_share: float | None = None  # of the last 30 s (``FrameWindow.share``); None: not known yet
    name: str = ""  # what people call the monitor; empty: only its connection is known


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that happened, or was entered, once: at ``t_ns``, in words. ``value`` where it has a number."""

    t_ns: int
    text: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """A value somebody entered, and when."""

    value: float
    t_ns: int


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """The program itself."""

    storage_error: str = ""
    storage_error_since_t_ns: int | None = None
    sound_error: str = ""  # missing, muted or changed output
    sound_error_since_t_ns: int | None = None
    second_sound_error: str = ""  # of the output chosen for HIGH alarms nobody answers
    second_sound_error_since_t_ns: int | None = None
    restarted_at_t_ns: int | None = None  # a monitoring gap ended here; cleared when acknowledged
    restart_gap_s: float = 0.0
    simulated_in_clinical: bool = False
    free_disk_bytes: int | None = None  # where the record is kept; None: not known
    on_battery: bool = False
    battery_percent: float | None = None
    clock_jump: Noted | None = None  # ``value``: seconds, + is forward
    screen_alive_t_ns: int | None = None  # last sign of life of the window; None: there is none
    overload: str = ""  # a stalled pipeline or lost signals, while it is told
    overload_since_t_ns: int | None = None
    identity_change: Noted | None = None  # a monitor named itself differently in this session
    watchdog_error: str = ""  # why the watchdog would not sound
    watchdog_mute: bool = False  # it watches, and this computer gives it no way to sound


@dataclass(frozen=True, slots=True)
class NurseFacts:
    """What people at the chair have rated, counted or entered last; None: never, or taken back (clinical.md §6.5)."""

    moaas: Rating | None = None
    poss: Rating | None = None
    rass: Rating | None = None
    rr_counted: Rating | None = None
    distress: Noted | None = None  # panic, impending doom or severe dissociation
    suicidal: Noted | None = None
    vomiting: Noted | None = None


@dataclass(frozen=True, slots=True)
class DueTask:
    """An observation to be made by ``due_t_ns``."""

    title: str
    due_t_ns: int


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """What is to be done and how far it is (clinical.md §6.7). Everything here changes only with an entry of the visit."""

    due: tuple[DueTask, ...] = ()
    infusion: Infusion | None = None
    paused_since_t_ns: int | None = None
    recovery_since_t_ns: int | None = None
    ongoing_events: tuple[str, ...] = ()
    pain_unrated: bool = False  # after the infusion
    reviews_due: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Holds:
    """What a person keeps from being announced now (clinical.md §5.5); ``system_state.AlarmSystem.holds`` makes it."""

    alarms_paused_until_t_ns: int | None = None
    sensors_off_until_t_ns: int | None = None
    rules_off: Mapping[str, int | None] = field(
        default_factory=dict
    )  # rule: until when; None: no such instant


NOTHING_HELD = Holds()
NOTHING_RATED = NurseFacts()
NOTHING_DUE = WorkFacts()
NO_TROUBLE = SystemFacts()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known at session time ``t_ns``."""

    t_ns: int
    phase: Phase
    hr: Shown = NOT_FITTED  # the displayed heart rate: ECG, else pulse, else cuff (source tells)
    pr: Shown = NOT_FITTED
    spo2: Shown = NOT_FITTED
    rr: Shown = NOT_FITTED
    beats: BeatFacts | None = None
    pulse: PulseFacts | None = None
    nibp: NibpFacts = field(default_factory=NibpFacts)
    ecg_leads_off: tuple[str, ...] = ()
    ecg_lead_off_since_t_ns: int | None = None
    spo2_sensor_off_since_t_ns: int | None = None
    pleth_searching_since_t_ns: int | None = None
    o2_l_per_min: float | None = None  # None: not recorded, taken as room air
    baseline: Baseline | None = None
    infusion_end_t_ns: int | None = None
    infusion_end_systolic_mmhg: float | None = None
    recovery_minimum_t_ns: int | None = None  # the instant the minimum recovery time is (or was) reached
    links: tuple[LinkFacts, ...] = ()
    system: SystemFacts = NO_TROUBLE
    ecg: SignalFacts | None = None  # how well the ECG can be read; None: no ECG, or nobody says
    pi: Shown = NOT_FITTED  # perfusion index, %
    no_breath_since_t_ns: int | None = None  # since when the device's own source has seen no breath
    nurse: NurseFacts = NOTHING_RATED
    work: WorkFacts = NOTHING_DUE
    holds: Holds = NOTHING_HELD
