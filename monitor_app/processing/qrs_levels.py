"""What the beat detector has learned of one lead: level of beats, level of noise, intervals, shapes."""

from collections import deque
from statistics import median as middle

import numpy as np

from monitor_app.processing.qrs_features import Candidate
from monitor_app.processing.runs import Samples
from monitor_app.processing.signal_quality import ramp
from monitor_app.processing.steepness import Steepness

_MEMORY = 8  # beats, noise peaks and intervals remembered
_FIRST_BEAT = (
    0.7  # of the highest peak of the learning period: one artefact must not raise the bar beyond all beats
)
_FIRST_NOISE = 0.1
_FIRST_INTERVAL_S = 0.8
_LONGEST_INTERVAL_S = 2.0  # a pause must not postpone the next search
_RISE = 3.0  # one artefact may count as this many beats' height, no more
_ENOUGH_SHAPES = 4
_UNKNOWN_LIKENESS = 0.8
_CLEARANCE = (1.5, 4.5)  # peak over background: hardly a beat, surely one
_LIKENESS = (0.6, 0.93)
_REPEATED = (0.93, 0.98)  # noise does not repeat itself so closely; the wide complexes of a tachycardia do
_NOISINESS = (0.05, 0.2)
"""Level of rejected peaks over that of beats; normal T and P waves alone stay near the first."""
_STILLNESS = (14.0, 22.0)
"""Height of recent beats over what lies between them: disturbed, and still. Unlike the noisiness it counts no T waves."""
_EARLY = 0.8  # of the usual interval: sinus rhythm varies less, an ectopic or an artefact comes sooner
_EARLY_LIKENESS = (0.8, 0.97)  # among noise an early complex must be more alike than one that was due
_DISTURBED = 0.5  # disturbance from which a complex without steep parts is taken for motion altogether
_STRANGE, _NEW_RHYTHM = (
    0.5,
    2,
)  # so many beats in a row without the old ones' steep parts: the old ones are over
_REGAIN_HEIGHT = 0.12  # of the former level: eight times smaller is taken for the same heart, less for none
_REGAIN_SPREAD = 2.0
_REGAIN_LIKENESS = 0.85
_REGAIN_BEATS = 3


class Levels:
    """Running levels over the last eight of each kind."""

    def __init__(self, rate_hz: float) -> None:
        self._longest = _LONGEST_INTERVAL_S * rate_hz
        self._beats: deque[float] = deque([1.0] * _MEMORY, _MEMORY)
        self._noise: deque[float] = deque([0.0] * _MEMORY, _MEMORY)
        self._noise_heard = 0
        self._intervals: deque[float] = deque([_FIRST_INTERVAL_S * rate_hz] * _MEMORY, _MEMORY)
        self._clearances: deque[float] = deque(maxlen=_MEMORY)
        self._shapes: deque[Samples] = deque(maxlen=_MEMORY)
        self._stack: Samples | None = None
        self._steepness = Steepness()
        self._strange = 0

    def start(self, highest: float) -> None:
        """Begin from the highest peak of the learning period."""
        self._beats.extend([_FIRST_BEAT * highest] * _MEMORY)
        self._noise.extend([_FIRST_NOISE * highest] * _MEMORY)
        self._noise_heard = 0

    @property
    def beat_level(self) -> float:
        """Mean envelope height of recent beats."""
        return sum(self._beats) / _MEMORY

    @property
    def noise_level(self) -> float:
        """Mean envelope height of recent rejected peaks."""
        return sum(self._noise) / _MEMORY

    @property
    def _heard_noise_level(self) -> float:
        """Of rejected peaks alone: the level assumed at the start must not be held against the first beats."""
        return sum(list(self._noise)[-self._noise_heard :]) / self._noise_heard if self._noise_heard else 0.0

    @property
    def mean_interval(self) -> float:
        """Mean of recent intervals, in samples."""
        return sum(self._intervals) / _MEMORY

    @property
    def disturbance(self) -> float:
        """How far the line between recent beats is disturbed, 0-1; 0 while too few are known."""
        if len(self._clearances) < _ENOUGH_SHAPES:
            return 0.0
        return 1.0 - ramp(middle(self._clearances), *_STILLNESS)

    def is_early(self, interval: int | None) -> bool:
        """Whether a complex so many samples after the last beat comes clearly before its time."""
        return interval is not None and interval < _EARLY * middle(self._intervals)

    def threshold(self, bar: float) -> float:
        """Height at a share of the way from noise to beats."""
        noise = self.noise_level
        return noise + bar * (self.beat_level - noise)

    def add_noise(self, height: float) -> None:
        """Count a rejected peak; noise is never believed to exceed the beats."""
        self._noise.append(min(height, self.beat_level))
        self._noise_heard = min(self._noise_heard + 1, _MEMORY)

    def take_back_noise(self, height: float) -> None:
        """A rejected peak turned out to be a beat: it says nothing about noise."""
        lowest = min(self._noise)
        self._noise = deque((lowest if h == height else h for h in self._noise), _MEMORY)

    def add_beat(self, candidate: Candidate, interval: int | None) -> None:
        """Count an accepted beat."""
        self._beats.append(min(candidate.height, _RISE * self.beat_level))
        self._clearances.append(candidate.height / (candidate.background + 1e-12))
        self._shapes.append(candidate.shape)
        self._stack = None
        self._follow(candidate)
        if interval is not None:
            self._intervals.append(min(float(interval), self._longest))

    def _follow(self, candidate: Candidate) -> None:
        """Count its steep parts. Bumps come beside beats, a new rhythm instead of them: its second beat starts afresh."""
        self._strange = self._strange + 1 if self._steepness.share(candidate) < _STRANGE else 0
        if self._strange >= _NEW_RHYTHM:
            self._steepness.clear()
            self._strange = 0
        self._steepness.add(candidate)

    def likeness(self, candidate: Candidate) -> float:
        """Correlation with the second most similar of the last beats, -1..1, over small shifts.

        The second: one artefact taken for a beat must not vouch for the next.
        """
        if len(self._shapes) < _ENOUGH_SHAPES:
            return _UNKNOWN_LIKENESS
        if self._stack is None:
            self._stack = np.array(self._shapes).T
        best = (candidate.shapes @ self._stack).max(axis=0)
        return float(np.partition(best, -2)[-2])

    def quality(self, candidate: Candidate, likeness: float, interval: int | None) -> float:
        """0-1 from the clearance over the background and, where peaks of noise abound, the likeness to recent beats.

        On a quiet baseline an unlike beat is an ectopic; among noise it is probably more noise. Where complexes follow so
        closely, or T waves are so steep, that nothing is quiet between them, the likeness alone vouches. An early complex
        on a disturbed line, one that splits an interval in two, needs a closer likeness to be no artefact, and any complex
        there the steep parts of a beat.
        """
        background = max(candidate.background, 0.5 * self.noise_level)
        clear = max(ramp(candidate.height / (background + 1e-12), *_CLEARANCE), ramp(likeness, *_REPEATED))
        unlike = 1.0 - ramp(likeness, *_LIKENESS)
        noisy = ramp(self._heard_noise_level / (self.beat_level + 1e-12), *_NOISINESS)
        early = self.disturbance if self.is_early(interval) else 0.0
        split = early * (1.0 - ramp(likeness, *_EARLY_LIKENESS))
        moved = ramp(self.disturbance, 0.0, _DISTURBED) * (1.0 - self._steepness.share(candidate))
        return clear * (1.0 - unlike * (0.3 + 0.7 * noisy)) * (1.0 - split) * (1.0 - moved)

    def restart(self, train: list[Candidate]) -> None:
        """Take the level of a new train of beats as the level to go by."""
        level = float(np.median([c.height for c in train]))
        self._beats.extend([level] * _MEMORY)
        self._noise.extend([min(self.noise_level, 0.3 * level)] * _MEMORY)
        self._shapes.clear()
        self._stack = None
        self._steepness.clear()
        self._strange = 0


def likeness_of(candidate: Candidate, other: Candidate) -> float:
    """Correlation of one complex with another, -1..1, over small shifts."""
    return float((candidate.shapes @ other.shape).max())


def regained(pending: list[Candidate], levels: Levels, lowest: float) -> list[Candidate]:
    """Beats of a sudden lower amplitude among rejected peaks, or an empty list.

    They must be at least three, alike in shape and height, and not so low that P waves of a standstill would pass:
    each at least ``lowest`` from peak to peak, in the input's unit.
    """
    pending = [c for c in pending if c.peak_to_peak >= lowest]
    if len(pending) < _REGAIN_BEATS:
        return []
    highest = max(c.height for c in pending)
    if highest < _REGAIN_HEIGHT * levels.beat_level:
        return []
    train = [c for c in pending if c.height * _REGAIN_SPREAD > highest]
    if len(train) < _REGAIN_BEATS:
        return []
    alike = [c for c in train if likeness_of(c, train[-1]) >= _REGAIN_LIKENESS]
    return alike if len(alike) >= max(_REGAIN_BEATS, 0.75 * len(train)) else []
