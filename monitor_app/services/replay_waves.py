"""A recording with waves through processing and the alarm engine, beat by beat, as a monitor's would go (design.md §7).

Beats, breaths, rate and qualities come from the desk that reads live waves; a recorded heart rate, where there is one, is
the monitor's and goes first, as it does live. Saturation, respiratory rate and cuff readings are as recorded.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import count

import numpy as np

from devices.clock import NS_PER_S, ManualClock
from devices.recordings.recorded_patient import display_wave
from devices.recordings.recording import Recording, RecordingError, Series, Wave
from devices.signals import WaveChunk, WaveScale
from monitor_app.core.alarm.engine import AlarmEngine
from monitor_app.core.alarm.facts import Facts
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.alarm.rules_heart_rate import run_limits
from monitor_app.processing.breaths import RATES_HZ as BREATH_RATES_HZ
from monitor_app.processing.runs import finite_runs
from monitor_app.services.beats_run import ecg_channel
from monitor_app.services.bedside.wave_choice import role_of
from monitor_app.services.bedside.waves import WavesDesk
from monitor_app.services.replay import Line, alarm_line
from monitor_app.services.replay_csv import NumericRow
from monitor_app.services.replay_facts import ReplayFacts, ReplayOptions, shown_numbers
from monitor_app.services.replay_judged import Carried, closed_by_unjudged
from monitor_app.services.session_clock import SessionClock

STEPS_PER_S = 25
"""Pieces of 40 ms, about what a monitor's line brings at a time."""

_SOURCE = "recording"
_COUNTS = 10_000  # per millivolt, or per whole range: finer than any converter
_SCALES = {
    "mV": WaveScale("mV", 1 / _COUNTS, 0, -100 * _COUNTS, 100 * _COUNTS),
    "NU": WaveScale("1", None, 0, -10 * _COUNTS, 10 * _COUNTS),
    "WHOLE": WaveScale("1", None, _COUNTS // 2, 0, _COUNTS),
}
_COLUMNS = {
    "HR": "hr",
    "PR": "pr",
    "SPO2": "spo2",
    "RR": "rr",
    "NIBP_SYS": "sys",
    "NIBP_DIA": "dia",
    "NIBP_MEAN": "map",
}
_CUFF = frozenset({"NIBP_SYS", "NIBP_DIA", "NIBP_MEAN"})


def replay_recording(
    recording: Recording,
    options: ReplayOptions | None = None,
    limits: Limits | None = None,
    *,
    pieces_per_s: int = STEPS_PER_S,
) -> Iterator[Line]:
    """Yield alarm lines, and with ``options.numerics`` the values of each second, in the order of time.

    The last line lists the rules that could not be judged. ``pieces_per_s``: into how many pieces a second of the waves is cut.

    :raises RecordingError: it holds no ECG, no breathing wave and no number that alarms look at.
    """
    replay = _WaveReplay(recording, options or ReplayOptions(), AlarmEngine(_ids(), limits))
    if not replay.carried.columns and not replay.carried.waves - {"PLETH"}:
        raise RecordingError(
            f"{recording.name} has no ECG, no breathing and no vital signs: there is nothing to replay."
        )
    return closed_by_unjudged(replay.lines(pieces_per_s), replay.carried)


class _WaveReplay:
    def __init__(self, recording: Recording, options: ReplayOptions, engine: AlarmEngine) -> None:
        self._recording = recording
        self._options = options
        self._engine = engine
        self._clock = ManualClock()
        self._desk = WavesDesk(SessionClock(self._clock), lambda _: None, lambda _: None)
        self._waves = _waves_to_read(recording)
        self._desk.add_source(_SOURCE, self._waves)
        columns = {_COLUMNS[name] for name in recording.numerics if name in _COLUMNS}
        self._columns = frozenset(columns | ({"hr", "hr_quality"} if self._desk.lead else set()))
        self._feed = ReplayFacts(self._columns, options, 0)
        self._read_until = dict.fromkeys(self._waves, 0)
        self._breath_wave = "RESP" in self._waves
        self.carried = Carried(
            columns=self._columns,
            options=options,
            profiles=frozenset({options.phase.alarm_profile}),
            end_t_s=float(int(recording.duration_s)),
            waves=frozenset(role_of(name) for name in self._waves),
        )

    def lines(self, pieces_per_s: int) -> Iterator[Line]:
        yield from self._second(0)
        per_second = pieces_per_s if self._waves else 1
        step_ns = NS_PER_S // per_second
        for index in range(1, int(self._recording.duration_s * per_second) + 1):
            now_ns = index * step_ns
            yield from self._deadlines_before(now_ns)
            self._clock.sleep_until(now_ns)
            whole = index % per_second == 0
            # All are read, whether or not the first held a beat; breaths are looked for once a second only.
            beats = [self._read(name, now_ns) for name in self._waves if whole or name != "RESP"]
            if whole:
                self._desk.second(now_ns)
                yield from self._second(now_ns)
            elif any(beats):
                yield from self._judge(now_ns)

    def _read(self, name: str, now_ns: int) -> bool:
        wave, scale = self._waves[name]
        start, stop = self._read_until[name], min(int(now_ns * wave.rate_hz / NS_PER_S), wave.samples.size)
        self._read_until[name] = stop
        beat = False
        for first, end in finite_runs(wave.samples[start:stop]):
            counts = np.rint(wave.samples[start + first : start + end] * _COUNTS).astype(np.int32)
            chunk = WaveChunk(name, wave.rate_hz, start + first, counts, scale)
            beat |= self._desk.chunk(_SOURCE, chunk, round((start + end) * NS_PER_S / wave.rate_hz))
        return beat

    def _second(self, now_ns: int) -> Iterator[Line]:
        self._feed.take(self._row(now_ns), retake_wanted=self._engine.retake_wanted)
        yield from self._judge(now_ns)
        if self._options.numerics:
            for name, value, unit in shown_numbers(self._facts(now_ns), self._columns):
                yield {"kind": "numeric", "t": now_ns / NS_PER_S, "name": name, "value": value, "unit": unit}

    def _row(self, now_ns: int) -> NumericRow:
        now_s = now_ns / NS_PER_S
        numbers = {
            column: _value(series, now_s, only_new=name in _CUFF)
            for name, column in _COLUMNS.items()
            if (series := self._recording.numerics.get(name)) is not None
        }
        if self._desk.lead:
            own = self._desk.own_rate(now_ns)
            second = self._desk.ecg.latest
            if numbers.get("hr") is None:
                numbers.update(hr=own.value, hr_quality=own.quality)
            elif second is not None and second.flat:
                numbers["hr_quality"] = second.quality.value
        return NumericRow(now_ns, numbers)

    def _deadlines_before(self, now_ns: int) -> Iterator[Line]:
        at_ns = self._engine.state.t_ns or 0
        while True:
            times = (self._engine.next_deadline_ns(), self._feed.next_change_ns(at_ns))
            due_ns = min((t for t in times if t is not None and t > at_ns), default=None)
            if due_ns is None or due_ns >= now_ns:
                return
            yield from self._judge(due_ns)
            at_ns = due_ns

    def _judge(self, now_ns: int) -> Iterator[Line]:
        yield from (alarm_line(step) for step in self._engine.evaluate(self._facts(now_ns)))

    def _facts(self, now_ns: int) -> Facts:
        known = self._feed.facts(now_ns)
        runs = run_limits(self._engine.limits, known.phase.alarm_profile)
        return replace(
            known,
            # A wave without a recorded rate is a source too: only by that a breath ends AL-RR-01 again.
            rr=replace(known.rr, fitted=known.rr.fitted or self._breath_wave),
            no_breath_since_t_ns=self._no_breath_since(known),
            ecg=self._desk.ecg.signal,
            beats=self._desk.ecg.facts(now_ns, *runs),
            pulse=self._desk.pleth.facts(now_ns),
        )

    def _no_breath_since(self, known: Facts) -> int | None:
        """Since when no breath has been seen: by the recorded rate, or in the wave as far as that does not contradict."""
        seen = self._desk.breathing.no_breath_since(known.t_ns, counted=bool(known.rr.value))
        times = (known.no_breath_since_t_ns, seen)
        return min((t for t in times if t is not None), default=None)


def _waves_to_read(recording: Recording) -> Mapping[str, tuple[Wave, WaveScale]]:
    found: dict[str, tuple[Wave, WaveScale]] = {}
    lead = ecg_channel(recording)
    if lead is not None:
        wave = recording.waves[lead]
        shown = display_wave(lead, wave)
        if shown is not None:
            calibrated = wave.unit.lower() in {"mv", "uv", "v"}
            found[lead] = (shown, _SCALES["mV" if calibrated else "NU"])
    breaths = recording.waves.get("RESP")
    low_hz, high_hz = BREATH_RATES_HZ
    readable = (
        {"PLETH", "RESP"} if breaths is not None and low_hz <= breaths.rate_hz <= high_hz else {"PLETH"}
    )
    for name in sorted(readable & set(recording.waves)):
        shown = display_wave(name, recording.waves[name])
        if shown is not None:
            found[name] = (shown, _SCALES["WHOLE"])
    return found


def _value(series: Series, now_s: float, *, only_new: bool) -> float | None:
    """Return what a number said at an instant; a cuff reading only in the second it came in."""
    index = bisect_right(series.times_s, now_s) - 1
    if index < 0:
        return None
    age_s = now_s - float(series.times_s[index])
    # Held until the next row is due: a file of one row a minute speaks for that minute.
    if age_s >= 1.0 if only_new else age_s > 1.5 * series.interval_s():
        return None
    value = float(series.values[index])
    return None if np.isnan(value) else value


def _ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"a{next(numbers)}"
