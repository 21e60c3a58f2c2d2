"""What the screen remembers: the newest state, the last seconds of each wave, the trend, and what was just recorded.

One thread owns it: the one that draws. It is fed with what the bedside published, in order, and asks nothing back.
"""

import math
from collections import deque
from dataclasses import dataclass
from functools import singledispatchmethod

import numpy as np

from devices.clock import NS_PER_S
from monitor_app.core.journal import (
    AlarmEntry,
    AnswerEntry,
    BaselineEntry,
    CareEntry,
    InfusionEntry,
    JournalEntry,
    LimitEntry,
    NibpEntry,
    NumericEntry,
    OrderEntry,
    PhaseEntry,
    RefusalEntry,
    SignatureEntry,
    SystemEntry,
    VoidEntry,
)
from monitor_app.services.alarm_log import LiveAlarmLog
from monitor_app.services.bedside.publication import BedsideState, Publication, WaveShown
from monitor_app.services.bedside.wave_choice import role_of
from monitor_app.services.view.deeds import RECORDED, deed, line_of
from monitor_app.services.view.limit_words import limit_set
from monitor_app.services.view.limits import LimitsViewer
from monitor_app.services.view.no_signal import no_signals, off_since_t_ns
from monitor_app.services.view.wording import said
from monitor_app.services.wave_ring import WaveRing

TREND_STEP_S = 5.0
TREND_BREAK_S = 15.0
"""A trend without values for longer than this has a gap (the program was not running)."""
RESOLVED_S = 60.0
"""How long a resolved alarm's line stays (clinical.md §5.4)."""
FEED_LINES = 8
UNDO_S = 10.0
"""How long an entry can be taken back with one press (clinical.md §16.5)."""
SCALE_EVERY_NS = NS_PER_S
SCALE_SLACK = 0.12
"""An automatic scale moves only when the wave leaves it or shrinks inside it by more than this share."""


@dataclass(frozen=True, slots=True)
class RecordedLine:
    """Something just recorded (or refused), in words."""

    entry_id: str
    text: str
    t_ns: int
    undoable: bool
    refused: bool = False


@dataclass(slots=True)
class WaveTrace:
    """One wave on the screen and the scale it is drawn to."""

    ring: WaveRing
    calibrated: bool
    source: str = ""
    low: float = -1.0
    high: float = 1.0
    scaled_at_ns: int = -SCALE_EVERY_NS
    last_t_ns: int = 0
    gain_mm_per_mv: float = 10.0  # where it is chosen by itself (services.view.waves)
    no_signal: str = ""
    """Why what comes is none of the patient's: it is held as a gap, for the sweep shows it after the cause is gone."""

    def goes_on_with(self, shown: WaveShown) -> bool:
        """Whether these samples continue the trace; those of another monitor, rate or scale begin a new one."""
        same_scale = self.ring.rate_hz == shown.rate_hz and self.calibrated == shown.calibrated
        return same_scale and self.source == shown.source


class DisplayModel:
    """See the module. ``waves`` by name; ``entries`` of the trend in the order they came."""

    def __init__(self) -> None:
        self.state: BedsideState | None = None
        self.waves: dict[str, WaveTrace] = {}
        self.hr: list[tuple[float, float]] = []
        self.spo2: list[tuple[float, float]] = []
        self.nibp: list[NibpEntry] = []
        self.care: list[CareEntry] = []
        self.alarms: list[AlarmEntry] = []
        self.voided: set[str] = set()
        self.resolved: deque[AlarmEntry] = deque(maxlen=4)
        self.lines: deque[RecordedLine] = deque(maxlen=FEED_LINES)
        self.log = LiveAlarmLog()
        self.limits = LimitsViewer()

    @property
    def rings(self) -> dict[str, WaveRing]:
        """The rings by wave name, for the strips."""
        return {name: trace.ring for name, trace in self.waves.items()}

    def apply(self, publication: Publication) -> None:
        """Take the next thing the bedside published."""
        self.log.take(publication)
        self._apply(publication)

    @singledispatchmethod
    def _apply(self, publication: object) -> None:
        """What the screen does not show."""

    @_apply.register
    def _(self, shown: WaveShown) -> None:
        trace = self.waves.get(shown.name)
        if trace is None or not trace.goes_on_with(shown):
            for name in [n for n in self.waves if role_of(n) == role_of(shown.name) and n != shown.name]:
                del self.waves[name]  # one ECG at a time, whichever lead
            ring = WaveRing(shown.rate_hz)
            trace = self.waves[shown.name] = WaveTrace(ring, shown.calibrated, shown.source)
            self._judge_waves()
        values = np.full(len(shown.values), np.nan, np.float32) if trace.no_signal else shown.values
        trace.ring.append(shown.first, values, shown.t_ns_of_end)
        trace.last_t_ns = shown.t_ns_of_end
        if not shown.name.startswith("ECG") and shown.t_ns_of_end - trace.scaled_at_ns >= SCALE_EVERY_NS:
            _rescale(trace)

    def _judge_waves(self) -> list[str]:
        """Note of each wave whether it brings a signal; return those that have just ceased to."""
        if self.state is None:
            return []
        words = no_signals({name: trace.source for name, trace in self.waves.items()}, self.state)
        ceased = [name for name, why in words.items() if why and not self.waves[name].no_signal]
        for name, why in words.items():
            self.waves[name].no_signal = why
        return ceased

    @_apply.register
    def _(self, state: BedsideState) -> None:
        known_t_ns = 0 if self.state is None else self.state.stamp.t_ns
        self.state = state
        for name in self._judge_waves():
            self.waves[name].ring.blank_since(max(known_t_ns, off_since_t_ns(name, state)))
        t_s = state.stamp.t_s
        if state.visit.phase.monitoring:
            _extend(self.hr, t_s, state.facts.hr.value)
            _extend(self.spo2, t_s, state.facts.spo2.value)

    @_apply.register
    def _(self, entry: NibpEntry) -> None:
        self.nibp.append(entry)
        if entry.failure is not None:
            self._say(entry.nibp_id, f"NIBP: no reading, {entry.failure.value}", entry.stamp.t_ns)
        elif entry.rejected:
            self._say(entry.nibp_id, f"NIBP ? not accepted: {entry.rejected}", entry.stamp.t_ns)

    @_apply.register
    def _(self, entry: NumericEntry) -> None:
        """Only stored values of a session that was cut off are published; live ones come with the state."""
        series = {"HR": self.hr, "SPO2": self.spo2}.get(entry.name)
        if series is not None:
            _extend(series, entry.stamp.t_s, entry.value)

    @_apply.register
    def _(self, entry: CareEntry) -> None:
        self.care.append(entry)
        undoable = entry.fields.get("addendum") is not True  # the record is signed
        self._say(entry.entry_id, deed(entry), entry.stamp.t_ns, undoable=undoable)

    @_apply.register
    def _(self, entry: InfusionEntry) -> None:
        # A step's own entry is not undone by itself (clinical.md §3.2); a volume or a rate is.
        undoable = entry.action in {"volume", "rate"}
        self._say(entry.entry_id, deed(entry), entry.stamp.t_ns, undoable=undoable)

    @_apply.register
    def _(self, entry: VoidEntry) -> None:
        self.voided.add(entry.entry_id)
        taken = next((line.text for line in self.lines if line.entry_id == entry.entry_id), "")
        kept = [line for line in self.lines if line.entry_id != entry.entry_id]
        self.lines = deque(kept, maxlen=FEED_LINES)
        what = taken.split(" · ")[0]
        self._say(
            f"void-{entry.entry_id}", f"Taken back · {what}" if what else "Taken back", entry.stamp.t_ns
        )

    @_apply.register(AnswerEntry)
    @_apply.register(BaselineEntry)
    @_apply.register(OrderEntry)
    @_apply.register(PhaseEntry)
    @_apply.register(SignatureEntry)
    @_apply.register(SystemEntry)
    def _(self, entry: JournalEntry) -> None:
        if isinstance(entry, SystemEntry):
            self.limits.log.hear(entry)
        line, text = line_of(entry), deed(entry)
        if text and self.lines and self.lines[-1].entry_id == line:
            self.lines.pop()
        self._say(line, text, entry.stamp.t_ns)

    @_apply.register
    def _(self, entry: LimitEntry) -> None:
        """A changed limit is told; several at once are one line."""
        if not self.limits.log.take(entry):
            return
        entry_id = f"limits-{entry.stamp.t_ns}"
        text = limit_set(entry)
        if self.lines and self.lines[-1].entry_id == entry_id:
            self.lines.pop()
            text = f"{self.limits.log.at(entry.stamp)} limits set"
        self._say(entry_id, f"{text} · {RECORDED}", entry.stamp.t_ns)

    @_apply.register
    def _(self, entry: RefusalEntry) -> None:
        text = entry.reasons[0] if entry.reasons else "not possible"
        more = f" (and {len(entry.reasons) - 1} more)" if len(entry.reasons) > 1 else ""
        self._say(
            f"refused-{entry.stamp.t_ns}-{entry.action}",
            f"Not done: {text}{more}",
            entry.stamp.t_ns,
            refused=True,
        )

    @_apply.register
    def _(self, entry: AlarmEntry) -> None:
        if entry.suppressed:
            return
        if entry.to_state == "ACTIVE" and entry.from_state != "ACTIVE":
            self.alarms.append(entry)
        if entry.to_state == "IDLE" and entry.from_state in {"ACTIVE", "ACTIVE_ACK", "LATCHED"}:
            self.resolved.append(entry)

    def _say(
        self, entry_id: str, text: str, t_ns: int, *, undoable: bool = False, refused: bool = False
    ) -> None:
        # An entry may be stamped in the past (the pump's actual end); the line is as new as its arrival.
        seen_ns = t_ns if self.state is None else max(t_ns, self.state.stamp.t_ns)
        if text:
            self.lines.append(RecordedLine(entry_id, said(text), seen_ns, undoable, refused))


def _extend(series: list[tuple[float, float]], t_s: float, value: float | None) -> None:
    """Add a value every few seconds; where nothing came for long the line is broken, not drawn across."""
    last_s = series[-1][0] if series else None
    if last_s is not None and t_s - last_s < TREND_STEP_S:
        return
    if last_s is not None and t_s - last_s > TREND_BREAK_S:
        series.append((last_s + TREND_STEP_S, math.nan))
    series.append((t_s, math.nan if value is None else value))


def _rescale(trace: WaveTrace) -> None:
    """Fit an uncalibrated wave into its lane, without following every breath of it."""
    trace.scaled_at_ns = trace.last_t_ns
    seconds = 6.0
    values = trace.ring.since(trace.ring.end - int(seconds * trace.ring.rate_hz)).values
    finite = values[np.isfinite(values)]
    if not len(finite):
        return
    low, high = float(finite.min()), float(finite.max())
    span = max(high - low, 0.02)
    room = trace.high - trace.low
    outside = low < trace.low or high > trace.high
    shrunk = span < room * (1 - 3 * SCALE_SLACK)
    if outside or shrunk:
        trace.low, trace.high = low - SCALE_SLACK * span, high + SCALE_SLACK * span
