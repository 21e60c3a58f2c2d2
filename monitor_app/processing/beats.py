"""Live QRS detection: samples in, beats out, causal and independent of chunking.

Candidates (``qrs_features``) are judged against running levels of beats and of noise. The threshold between the two
rises for a complex that looks unlike the last beats and falls once a beat is overdue, so that a low beat is found
without a low bar for noise. A beat is reported at most ``latency_s`` after its peak; three kinds come later: those of
the learning period at the start (by its end), a low beat confirmed because none followed (at 1.6 mean intervals), and
beats regained after a sudden fall in amplitude (``qrs_levels.py``).
"""

from dataclasses import dataclass

from monitor_app.processing.qrs_features import Candidate, QrsFeatures
from monitor_app.processing.qrs_levels import Levels, likeness_of, regained
from monitor_app.processing.runs import Samples, finite_runs

_LEARN_S = 2.0
_REFRACTORY_S = 0.19  # clinical.md §8.3: 200 ms, less the 10 ms by which two fiducial points may disagree
_T_WAVE_S = 0.36
_T_WAVE_SLOPE = 0.5  # a T wave is less than half as steep as the beat before it, whatever it looks like
_UNLIKE_T_SLOPE = (
    0.7  # one after a wide beat may be steeper, but is lower than that beat and shaped otherwise
)
_OF_ONE_KIND = 0.8  # correlation from which a soon second complex is a beat of a fast rhythm
_LOOKS_ALIKE = (
    0.5,
    0.9,
)  # correlation with recent beats: below the first nothing alike, above the second the same
_BAR = (0.7, 0.35)  # share of the way from noise to beats that unlike and alike complexes must reach
_HALF_ALIKE = 0.7  # a correlation below it: less than half of the complex is what recent beats were
_DISTURBED = 0.5
_OVERDUE_INTERVALS = 1.6
_OVERDUE_BAR = 0.6
_REGAIN_S = 3.0
_LOWEST_MV = 0.18  # clinical.md §8.3: 0.15 mV must be ignored, 0.5 mV must be found; noise adds a little
_LOWEST_REGAINED_MV = (
    0.25  # a P wave is at most as high: those of a standstill are no beats of a lower amplitude
)
_PENDING_S = 4.0


@dataclass(frozen=True, slots=True)
class Beat:
    """One heart beat. ``sample`` is the R peak by the device's sample counter.

    ``quality`` 0-1: how far it stands above the noise around it and how much it looks like its neighbours. ``strength``:
    its level over the level of recent beats. ``after_gap``: no interval may be taken from the beat before it.
    ``disturbed``: noise lies between the beats before it.
    """

    sample: int
    quality: float
    strength: float
    after_gap: bool = False
    disturbed: bool = False


class BeatDetector:
    """Find the beats of one ECG lead. Feed from one thread.

    ``scale_is_mv`` says that samples are millivolts, so that the 0.15 mV floor of clinical.md §8.3 holds; without it
    every level is relative to the signal itself.
    """

    def __init__(self, rate_hz: float, *, scale_is_mv: bool = True) -> None:
        if not 100 <= rate_hz <= 1000:
            raise ValueError(f"beats need 100 to 1000 samples a second, not {rate_hz:g}")
        self._rate_hz = rate_hz
        self._lowest = _LOWEST_MV if scale_is_mv else 0.0
        self._lowest_regained = _LOWEST_REGAINED_MV if scale_is_mv else 0.0
        self._features = QrsFeatures(rate_hz, 0)
        self._levels = Levels(rate_hz)
        self._expected: int | None = None
        self._learn_from = 0
        self._learned = False
        self._pending: list[Candidate] = []
        self._last: Candidate | None = None
        self._after_gap = True
        self.latency_s = (self._features.latency + 1) / rate_hz

    def feed(self, samples: Samples, first_sample: int) -> list[Beat]:
        """Beats completed by these samples, in order of time.

        ``first_sample`` is the device's counter; where it jumps, or samples are NaN, the stretch ends there.
        """
        beats: list[Beat] = []
        for start, stop in finite_runs(samples):
            if first_sample + start != self._expected:
                self._begin_stretch(first_sample + start)
            self._expected = first_sample + stop
            for candidate in self._features.feed(samples[start:stop]):
                self._take(candidate, beats)
            self._pass_time(self._features.decided, beats)
        return beats

    def flush(self) -> list[Beat]:
        """Beats still inside the latency when a recording ends, as if its last value went on."""
        beats: list[Beat] = []
        for candidate in self._features.flush():
            self._take(candidate, beats)
        if not self._learned:
            self._learn(beats)
        self._pass_time(self._features.decided, beats)
        self._expected = None
        return beats

    def _begin_stretch(self, first_sample: int) -> None:
        self._features = QrsFeatures(self._rate_hz, first_sample)
        self._learn_from = first_sample
        self._pending = []
        self._last = None
        self._after_gap = True

    def _take(self, candidate: Candidate, beats: list[Beat]) -> None:
        self._pass_time(candidate.order, beats)
        if candidate.peak_to_peak < self._lowest:
            if self._learned:
                self._levels.add_noise(candidate.height)
        elif self._learned:
            self._judge(candidate, beats)
        else:
            self._pending.append(candidate)

    def _judge(self, candidate: Candidate, beats: list[Beat]) -> None:
        since_s = self._since_last_s(candidate.sample)
        if since_s < _REFRACTORY_S:
            return
        likeness = self._levels.likeness(candidate)
        t_wave = self._is_t_wave(candidate, since_s)
        beat = not t_wave and not self._is_artefact(candidate, likeness)
        if beat and candidate.height > self._levels.threshold(self._bar(likeness)):
            self._accept(candidate, likeness, beats)
            return
        self._levels.add_noise(candidate.height)
        if not t_wave:
            horizon = candidate.order - round(_PENDING_S * self._rate_hz)
            self._pending = [c for c in self._pending if c.order >= horizon] + [candidate]
        self._regain(candidate.order, beats)

    def _bar(self, likeness: float) -> float:
        low, high = _LOOKS_ALIKE
        share = min(1.0, max(0.0, (likeness - low) / (high - low)))
        return _BAR[0] + (_BAR[1] - _BAR[0]) * share

    def _is_t_wave(self, candidate: Candidate, since_s: float) -> bool:
        last = self._last
        if last is None or since_s >= _T_WAVE_S:
            return False
        if candidate.slope < _T_WAVE_SLOPE * last.slope:
            return True
        gentler = candidate.slope < _UNLIKE_T_SLOPE * last.slope and candidate.height < last.height
        return gentler and likeness_of(candidate, last) < _OF_ONE_KIND

    def _is_artefact(self, candidate: Candidate, likeness: float) -> bool:
        """Whether a complex is both unlike the beats and before its time while noise lies between them.

        Of a tachycardia that begins in noise the first complexes are taken for that; every second one is due by then,
        and once two are remembered the rest are alike.
        """
        if likeness >= _HALF_ALIKE or self._levels.disturbance < _DISTURBED:
            return False
        return self._levels.is_early(self._interval(candidate))

    def _interval(self, candidate: Candidate) -> int | None:
        return None if self._last is None else candidate.sample - self._last.sample

    def _since_last_s(self, sample: int) -> float:
        if self._last is None:
            return float("inf")
        return (sample - self._last.sample) / self._rate_hz

    def _pass_time(self, now: int, beats: list[Beat]) -> None:
        """Do what falls due before ``now``: the end of learning, and low beats whose successor does not come."""
        learn = round(_LEARN_S * self._rate_hz)
        while not self._learned and now >= self._learn_from + learn:
            self._learn_from += learn  # while the line is flat the next piece is awaited
            self._learn(beats)
        if self._learned:
            while self._confirm_overdue(now, beats):
                pass

    def _learn(self, beats: list[Beat]) -> None:
        waiting, self._pending = self._pending, []
        if not waiting:
            return
        self._levels.start(max(c.height for c in waiting))
        self._learned = True
        for candidate in waiting:
            self._take(candidate, beats)

    def _confirm_overdue(self, now: int, beats: list[Beat]) -> bool:
        if self._last is None or now - self._last.sample <= _OVERDUE_INTERVALS * self._levels.mean_interval:
            return False
        best: Candidate | None = None
        for candidate in self._pending:
            if self._since_last_s(candidate.sample) <= _T_WAVE_S:
                continue
            bar = _OVERDUE_BAR * self._levels.threshold(self._bar(self._levels.likeness(candidate)))
            if candidate.height > bar and (best is None or candidate.height > best.height):
                best = candidate
        if best is None:
            return False
        self._levels.take_back_noise(best.height)
        self._accept(best, self._levels.likeness(best), beats)
        return True

    def _regain(self, now: int, beats: list[Beat]) -> None:
        since = self._learn_from if self._last is None else self._last.sample
        if now - since < _REGAIN_S * self._rate_hz:
            return
        train = regained(self._pending, self._levels, self._lowest_regained)
        if not train:
            return
        self._levels.restart(train)
        for candidate in train:
            if self._since_last_s(candidate.sample) >= _REFRACTORY_S:
                self._accept(candidate, self._levels.likeness(candidate), beats)

    def _accept(self, candidate: Candidate, likeness: float, beats: list[Beat]) -> None:
        interval = self._interval(candidate)
        quality = self._levels.quality(candidate, likeness, interval)
        strength = candidate.height / self._levels.beat_level
        disturbed = self._levels.disturbance >= _DISTURBED
        beats.append(Beat(candidate.sample, quality, strength, self._after_gap, disturbed))
        self._levels.add_beat(candidate, interval)
        self._after_gap = False
        self._last = candidate
        self._pending = [c for c in self._pending if c.order > candidate.order]
