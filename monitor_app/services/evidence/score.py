"""The beat scorer and the alarm score of clinical.md: §8.3 for beats, §5.8 for alarms."""

from collections.abc import Sequence
from dataclasses import dataclass

MATCH_WINDOW_S = 0.15
"""clinical.md §8.3: a found beat is true within ±150 ms of an annotated one."""
_MISSED_COSTS = 5
"""clinical.md §5.8: a missed true alarm weighs as much as five false ones."""


@dataclass(frozen=True, slots=True)
class BeatScore:
    """Counts of one comparison: ``true`` matched one to one, ``extra`` found only, ``missed`` annotated only."""

    true: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def sensitivity(self) -> float:
        """Se = TP / (TP + FN), 1 where there was nothing to find."""
        annotated = self.true + self.missed
        return self.true / annotated if annotated else 1.0

    @property
    def predictivity(self) -> float:
        """+P = TP / (TP + FP), 1 where nothing was found."""
        found = self.true + self.extra
        return self.true / found if found else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        whole = 2 * self.true + self.extra + self.missed
        return 2 * self.true / whole if whole else 1.0

    def __add__(self, other: "BeatScore") -> "BeatScore":
        return BeatScore(self.true + other.true, self.extra + other.extra, self.missed + other.missed)


def score_beats(reference: Sequence[int], found: Sequence[int], rate_hz: float) -> BeatScore:
    """Match two rising lists of sample numbers one to one, in time order, within ±150 ms.

    Where two found beats lie in one window the nearer takes the match. Nothing is left out: no learning period.
    """
    window, i, j, true = MATCH_WINDOW_S * rate_hz, 0, 0, 0
    while i < len(reference) and j < len(found):
        distance = found[j] - reference[i]
        if distance < -window:
            j += 1
        elif distance > window:
            i += 1
        elif j + 1 < len(found) and abs(found[j + 1] - reference[i]) < abs(distance):
            j += 1
        else:
            i, j, true = i + 1, j + 1, true + 1
    return BeatScore(true, len(found) - true, len(reference) - true)


@dataclass(frozen=True, slots=True)
class AlarmScore:
    """Counts of alarms raised or not against what an expert said of them."""

    true_raised: int = 0
    true_missed: int = 0
    false_raised: int = 0
    false_held: int = 0

    @property
    def true_positive_rate(self) -> float | None:
        """Share of true alarms that were raised; None without any."""
        of = self.true_raised + self.true_missed
        return self.true_raised / of if of else None

    @property
    def true_negative_rate(self) -> float | None:
        """Share of false alarms that were not raised; None without any."""
        of = self.false_raised + self.false_held
        return self.false_held / of if of else None

    @property
    def challenge_score(self) -> float:
        """``100 (TP + TN) / (TP + TN + FP + 5 FN)`` (clinical.md §5.8); 0 without any."""
        right = self.true_raised + self.false_held
        whole = right + self.false_raised + _MISSED_COSTS * self.true_missed
        return 100.0 * right / whole if whole else 0.0

    def with_case(self, *, true: bool, raised: bool) -> "AlarmScore":
        """Return the score with one more alarm judged."""
        return AlarmScore(
            self.true_raised + (true and raised),
            self.true_missed + (true and not raised),
            self.false_raised + (not true and raised),
            self.false_held + (not true and not raised),
        )
