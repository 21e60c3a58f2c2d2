"""What the alarm engine is told: everything a rule may look at, at one instant.

The bedside builds one ``Facts`` per evaluation; replay builds them from a file. Rules are pure functions of it, so the
engine needs no clock, no device and no store.
"""

from dataclasses import dataclass, field

from monitor_app.core.journal import Baseline
from monitor_app.core.phase import Phase


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
class NibpReading:
    """An accepted reading. ``seq`` grows by one with each, so a rule sees that a reading is new."""

    seq: int
    t_ns: int
    systolic_mmhg: float
    diastolic_mmhg: float
    mean_mmhg: float
    is_retake: bool = False


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


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """One connection."""

    source: str
    last_frame_t_ns: int
    expected_interval_s: float
    connected: bool


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """The program itself."""

    storage_error: str = ""
    storage_error_since_t_ns: int | None = None
    sound_error: str = ""  # missing, muted or changed output
    sound_error_since_t_ns: int | None = None
    restarted_at_t_ns: int | None = None  # a monitoring gap ended here; cleared when acknowledged
    restart_gap_s: float = 0.0
    simulated_in_clinical: bool = False


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
    system: SystemFacts = field(default_factory=SystemFacts)
