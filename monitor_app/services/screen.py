"""What the screen shows, in words and numbers: the view model between the bedside and Qt.

``services.view.builder`` makes one ``Screen`` from what the bedside published; the window only draws it. Nothing here
knows a widget, so every sentence on the screen is tested without one. All texts are final and translated.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from monitor_app.core.alarm_log import AlarmRow
from monitor_app.core.journal import Scalar
from monitor_app.core.phase import Phase
from monitor_app.core.priority import Priority
from monitor_app.services.limits_view import LimitsView
from monitor_app.services.states_view import SoundChoices, StateMark


class Freshness(Enum):
    """How a number is drawn: fresh, dimmed because it ages, blank, or held while a cuff inflates on that limb."""

    FRESH = "fresh"
    DIM = "dim"
    BLANK = "blank"
    HOLD = "hold"


class Emphasis(Enum):
    """How an action button is drawn (screen.md, Actions)."""

    NORMAL = "normal"
    PRIMARY = "primary"  # bright: acknowledge while something is unacknowledged, the next step of the visit
    DUE = "due"  # white dashed edge with its countdown
    OVERDUE = "overdue"  # LOW fill
    DANGER = "danger"  # EMERGENCY: outlined
    ACTIVE = "active"  # pressed and in force (cuff running, sound paused)


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """One condition: ``SYS ↑168 > 160`` and what is known and being done about it."""

    rule: str
    priority: Priority
    unacknowledged: bool
    latched: bool
    headline: str
    detail: str
    age_text: str


@dataclass(frozen=True, slots=True)
class SoundView:
    """The alarm sound's state: ``on``, ``paused``, ``off``, ``missing``, ``moved``, ``simulated``; countdown where it runs."""

    state: str
    text: str
    countdown_text: str = ""


@dataclass(frozen=True, slots=True)
class AlarmBarView:
    """Lines highest first (at most three are drawn, HIGH ones may be more), ``resolved`` ones until seen, sound, clock.

    ``states``: what is paused, off or held, the gravest first. ``standby``: no patient, and ``quiet_text`` says so.
    """

    lines: tuple[AlarmLine, ...]
    resolved: tuple[str, ...]
    quiet_text: str
    sound: SoundView
    clock_text: str
    user_text: str
    states: tuple[StateMark, ...] = ()
    standby: bool = False


@dataclass(frozen=True, slots=True)
class PhaseStep:
    """One of the five steps of the visit in the header: Check-in, Baseline, Infusion, Recovery, Discharge."""

    key: str
    number: int
    title: str
    state: str  # "done", "current", "next"
    note: str  # result when done ("128/79"), what it needs when next ("30 min")
    clock_text: str = ""  # "24:10" when current
    of_text: str = ""  # "of 40:00"
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class HeaderView:
    """Who, where in the visit, how much."""

    chair: str
    monitor_text: str  # port and state, on hover
    patient: str  # "A. M. · P-0137"
    badge: str  # "≥ 50 · HTN" or ""
    simulated_text: str  # "SIMULATED, NOT A PATIENT" or ""
    details: str  # "58 y · 82 kg · penicillin"
    steps: tuple[PhaseStep, ...]
    dose_given: str  # "24.8"
    dose_total: str  # "/ 41.0 mg"
    dose_mark: str  # "calc." until compared with the pump
    dose_detail: str  # "61.5 mL/h · 1 mg/mL"
    big_clock: str = ""  # "4:12" since the emergency began, in place of the steps (clinical.md §3.2 T11)
    big_title: str = ""  # "EMERGENCY"
    big_note: str = ""  # "since 14:31"


@dataclass(frozen=True, slots=True)
class TileLine:
    """One line of small text: the bold part and the rest (``120`` ``high``).

    ``short`` stands for ``rest`` where the room is narrow. Where it is low too, the line of least ``weight`` goes first.
    ``off``: the rule of this limit is switched off, a bell-cross stands in place of the figure (clinical.md §5.6).
    """

    strong: str
    rest: str = ""
    short: str = ""
    weight: int = 3
    off: bool = False


@dataclass(frozen=True, slots=True)
class TileView:
    """One number. ``key``: ``HR``, ``SPO2``, ``NIBP``, ``RR``, ``SEDATION``."""

    key: str
    title: str
    caption: str  # "/min · ECG", "mmHg · left arm · 14:30"
    value: str  # "98", "168/96", "—"
    lines: tuple[TileLine, ...] = ()
    foot: str = ""  # "mean 120 · 1:36 ago"
    pill: str = ""  # "O₂ off · room air"
    freshness: Freshness = Freshness.FRESH
    doubt: bool = False  # "?" before the number
    alarm: Priority | None = None
    unacknowledged: bool = False
    pending: bool = False  # thin outline: a condition is waiting out its delay
    arrow: str = ""  # "↑" or "↓" at the value that offends
    progress: float | None = None  # NIBP: countdown to the next reading, 0..1
    rule_off: bool = False  # at least one rule of this number is switched off; its line has ``off``


@dataclass(frozen=True, slots=True)
class WaveView:
    """One sweep strip. The samples come through ``display.WaveRing``; this is its label and state."""

    name: str  # ECG_II
    title: str  # "ECG II"
    caption: str  # "25 mm/s · 10 mm/mV · 0.5–40 Hz" or "… · ×1, uncalibrated"
    role: str  # colour token: "ecg", "pleth", "resp"
    rate_hz: float
    sweep_mm_per_s: float
    gain_mm_per_unit: float | None  # None: scaled to the strip's height
    low: float  # value at the strip's lower edge when there is no mm gain
    high: float
    stale_text: str = ""  # "no signal 0:04 · reconnecting"
    covered: bool = False  # what comes is no signal (lead off), or nobody's: only the words


@dataclass(frozen=True, slots=True)
class TrendNibp:
    """One cuff reading on the chart."""

    t_s: float
    systolic: float
    diastolic: float
    mean: float
    priority: Priority | None = None
    struck: bool = False


@dataclass(frozen=True, slots=True)
class TrendFlag:
    """An event on the flag row."""

    t_s: float
    text: str
    kind: str  # "drug", "event", "alarm", "note"
    priority: Priority | None = None


@dataclass(frozen=True, slots=True)
class TrendBand:
    """A phase on the chart; the last ones may be planned."""

    start_s: float
    end_s: float
    title: str
    kind: str  # "BASE", "INF", "PAUSE", "REC"
    planned: bool = False


@dataclass(frozen=True, slots=True)
class TrendView:
    """The anaesthesia chart (clinical.md §13.1). Times are session seconds; ``clock_zero_utc_ms`` puts them on the wall."""

    start_s: float
    end_s: float
    now_s: float
    clock_zero_utc_ms: int
    hr: tuple[tuple[float, float], ...] = ()  # (t_s, value), one every few seconds, gaps as NaN
    spo2: tuple[tuple[float, float], ...] = ()
    nibp: tuple[TrendNibp, ...] = ()
    flags: tuple[TrendFlag, ...] = ()
    bands: tuple[TrendBand, ...] = ()
    baseline_low: float | None = None  # baseline systolic ±20 % ribbon
    baseline_high: float | None = None
    limit: float | None = None  # systolic limit in force, dashed
    limit_text: str = ""
    dose_start_s: float | None = None
    dose_now_s: float | None = None
    dose_end_s: float | None = None
    dose_text: str = ""
    window_text: str = "2 h"


@dataclass(frozen=True, slots=True)
class ActionView:
    """A button of the bottom row. ``key`` is what ``window.pressed`` reports."""

    key: str  # ack, pause_sound, nibp, event, check, oxygen, drug, note, pump_pause, pump_stop, next, emergency
    title: str
    caption: str
    shortcut: str
    emphasis: Emphasis = Emphasis.NORMAL
    enabled: bool = True
    rank: int = 5  # a small screen keeps the lowest first
    fixed: bool = False  # acknowledge, pause sound and EMERGENCY never move


@dataclass(frozen=True, slots=True)
class FeedLine:
    """A line beside the trend: what was just recorded, with undo for 10 s; or what was asked and ``refused``."""

    entry_id: str
    text: str
    undo_left_s: int = 0
    refused: bool = False


@dataclass(frozen=True, slots=True)
class GuardView:
    """One guard of the phase panel, in words, with its question where it has one.

    ``question``: the key an answer is sent under, where it is not the guard's own. ``asked_of``: who has to answer, by
    name: "prescriber" or "second person"; empty for whoever is here. ``opens``: the panel where this is done instead.
    """

    key: str
    text: str
    met: bool
    amber: bool
    kind: str  # "auto", "yes_no", "choice", "number", "text", "vas"
    choices: tuple[str, ...] = ()
    unit: str = ""
    answer: Scalar = None
    can_override: bool = False
    override_text: str = ""  # "passed by Dr. K.: …"
    help: str = ""
    question: str = ""
    asked_of: str = ""
    opens: str = ""
    opens_text: str = ""


@dataclass(frozen=True, slots=True)
class OtherStep:
    """Another way the visit may go from here."""

    to_phase: Phase
    title: str  # "Not treated"


@dataclass(frozen=True, slots=True)
class PhasePanelView:
    """What the visit needs to move on. ``sign_role``: whose signature comes next; empty where nothing is signed."""

    title: str  # "To start the infusion"
    to_phase: Phase | None
    guards: tuple[GuardView, ...]
    ready: bool
    button: str  # "Start infusion"
    missing_text: str  # "3 things missing"
    freeze_ready: bool = False  # the baseline can be frozen without a step: anew, with a reason
    order_needed: bool = False
    order_text: str = ""  # "Write order", "Change order"; empty where no order is written
    progress_text: str = ""  # "12 of 25"
    others: tuple[OtherStep, ...] = ()
    sign_role: str = ""


@dataclass(frozen=True, slots=True)
class EventView:
    """An adverse event as it stands, to be completed with its outcome (clinical.md §10.1)."""

    entry_id: str
    text: str  # "Nausea, grade 1 · 08:31"
    grade: int | None
    outcome: str


@dataclass(frozen=True, slots=True)
class CardView:
    """The questions of an alarm's card (clinical.md §6.2): numbered lines."""

    rule: str
    title: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """Everything the window draws at one instant."""

    t_ns: int
    phase: Phase
    simulated: bool
    alarm_bar: AlarmBarView
    header: HeaderView
    tiles: tuple[TileView, ...]
    waves: tuple[WaveView, ...]
    trend: TrendView
    actions: tuple[ActionView, ...]
    feed: tuple[FeedLine, ...]
    phase_panel: PhasePanelView
    cards: tuple[CardView, ...] = ()
    events: tuple[EventView, ...] = ()
    banners: tuple[str, ...] = ()
    border: Priority | None = None  # flashing border for an unacknowledged HIGH or a lost sound
    sound: SoundChoices = field(default_factory=SoundChoices)
    fields: dict[str, Scalar] = field(default_factory=dict)
    alarm_log: Callable[[], tuple[AlarmRow, ...]] = tuple  # asked only by the panel that shows it
    limits: Callable[[], LimitsView] = LimitsView  # likewise
