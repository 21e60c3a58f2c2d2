"""Which intervals between beats a rate may be made of.

In noise two kinds of beats are none: those of low quality, and those that split one interval of a steady rhythm in two.
The second kind is seen only afterwards, once the next beat comes when it was due anyway. An interval that ends at
either is left out rather than mended: what was there instead is not known. In an irregular rhythm nothing is split, and
one of low quality or one that is early, unclear and on a disturbed line is left out. Of clear beats on an undisturbed line
none is left out, so that their rate is the one clinical.md §8.3 prescribes. Where every second beat is of low quality and all
of them come in time to within a few hundredths, they are a rhythm of two shapes: artefacts are not that punctual.
"""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from monitor_app.processing.signal_quality import USABLE

_CLEAR = 0.97  # quality of a beat that nothing speaks against
_EARLY_CLEAR = 0.8  # a beat before its time must be better than usable
_SPLIT = 0.25  # both parts together differ from the usual interval by no more than sinus rhythm does
_EARLY = 0.8
_STEADY = 0.2  # three quarters of the intervals lie this near the usual one: no fibrillation, no bigeminy
_STEADY_SHARE = 0.75
_RECENT = 16
_FEWEST = 6
_STALE = 3  # intervals left out in a row, after which the rate is that of an earlier time
_IN_A_ROW = 3  # artefacts come now and then; splits that go on are a rhythm twice as fast
_PUNCTUAL = 0.06  # nearer to the usual interval than artefacts come again and again
_PUNCTUAL_FOR = 8
_UNKNOWN_AFTER = 3  # beats left out in a row, after which nobody knows what went on meanwhile


@dataclass(frozen=True, slots=True)
class TimedBeat:
    """A beat for the rate; ``quality`` 0-1. ``disturbed``: there was noise between the beats before it."""

    t_s: float
    after_gap: bool = False
    quality: float = 1.0
    disturbed: bool = False

    @property
    def sure(self) -> bool:
        """Whether it is of usable quality."""
        return self.quality >= USABLE

    @property
    def doubted(self) -> bool:
        """Whether anything speaks against it or the line it stands on."""
        return self.disturbed or self.quality < _CLEAR


def trusted_intervals(beats: Sequence[TimedBeat]) -> list[float]:
    """Return the intervals in seconds, oldest first, without those that cross a gap or end at a beat that is none.

    None at all where the newest are all left out: what came before them does not tell of now.
    """
    out = _artefacts(beats)
    newest = range(len(beats) - _STALE - 1, len(beats))
    if newest.start >= 0 and all(i in out or i + 1 in out for i in newest[:-1]):
        return []
    return [
        later.t_s - earlier.t_s
        for i, (earlier, later) in enumerate(pairwise(beats))
        if not later.after_gap and i not in out and i + 1 not in out
    ]


def run_length(beats: Sequence[TimedBeat], fits: Callable[[float], bool]) -> int:
    """How many of the newest trusted intervals, in seconds, fit without a break (AL-HR-02, AL-HR-07).

    A beat that is left out makes a run no longer. It ends one that could be true neither with it nor without it, and so
    do three of them in a row.
    """
    unsure = {i for i, b in enumerate(beats) if not b.sure}
    out = _artefacts(beats, of_few=unsure)
    count, left_out = 0, 0
    last: TimedBeat | None = None
    for i, beat in enumerate(beats):
        if beat.after_gap or left_out == _UNKNOWN_AFTER:
            count, left_out, last = 0, 0, None
        if i in out:
            left_out += 1
            continue
        if last is not None:
            span_s = beat.t_s - last.t_s
            if not (fits(span_s) or fits(span_s / (left_out + 1))):
                count = 0
            elif not left_out:
                count += 1
        last, left_out = beat, 0
    return 0 if left_out == _UNKNOWN_AFTER else count


def _artefacts(beats: Sequence[TimedBeat], *, of_few: AbstractSet[int] = frozenset()) -> AbstractSet[int]:
    """Indices of the beats that are taken for artefacts; ``of_few`` where too few are known to tell."""
    if not any(b.doubted for b in beats):
        return set()
    known = [later.t_s - earlier.t_s for earlier, later in pairwise(beats) if not later.after_gap]
    if len(known) < _FEWEST:
        return of_few
    usual = median(known[-_RECENT:])
    splits = _splits(beats, usual)
    unsure = {i for i, b in enumerate(beats) if not b.sure} - _of_two_shapes(beats, usual)
    early = _unclear_early(beats, usual)
    if _steady(beats, splits, unsure | early, usual):
        return splits | unsure | early
    # In an irregular rhythm to be early is no evidence, but among noise it is none for the beat either.
    return unsure | {i for i in early if beats[i].disturbed}


def _of_two_shapes(beats: Sequence[TimedBeat], usual_s: float) -> set[int]:
    """Beats of low quality that are every second one of a punctual rhythm."""
    punctual: set[int] = set()
    row: set[int] = set()
    for i, (earlier, later) in enumerate(pairwise(beats)):
        apart_s = abs(later.t_s - earlier.t_s - usual_s)
        if later.after_gap or apart_s > _PUNCTUAL * usual_s or not (earlier.sure or later.sure):
            row = set()
            continue
        row |= {i, i + 1}
        if len(row) > _PUNCTUAL_FOR:
            punctual |= row
    unsure = {i for i in punctual if not beats[i].sure}
    return {i for i in unsure if i - 2 in unsure or i + 2 in unsure}


def _splits(beats: Sequence[TimedBeat], usual_s: float) -> set[int]:
    found: set[int] = set()
    row: list[int] = []
    i = 1
    while i < len(beats):
        off, next_off = (_split_misfit(beats, at, usual_s) for at in (i, i + 1))
        if off is None:
            if len(row) < _IN_A_ROW:
                found.update(row)
            row = []
            i += 1
            continue
        if next_off is not None and next_off < off:
            i += 1  # the beat before an artefact soon after it would be taken for one
        row.append(i)
        i += 2
    return found | set(row) if len(row) < _IN_A_ROW else found


def _split_misfit(beats: Sequence[TimedBeat], i: int, usual_s: float) -> float | None:
    """How far from the usual interval both parts are together, as a share of it; None where the beat splits none."""
    if i + 1 >= len(beats) or beats[i].after_gap or beats[i + 1].after_gap or not beats[i].doubted:
        return None
    first, second = beats[i].t_s - beats[i - 1].t_s, beats[i + 1].t_s - beats[i].t_s
    misfit = abs(first + second - usual_s) / usual_s
    return misfit if misfit < _SPLIT and min(first, second) < _EARLY * usual_s else None


def _unclear_early(beats: Sequence[TimedBeat], usual_s: float) -> set[int]:
    """Beats that are usable but not clear, and nearer to a neighbour than a steady rhythm has them."""
    near = {
        i
        for i, (earlier, later) in enumerate(pairwise(beats))
        if later.t_s - earlier.t_s < _EARLY * usual_s and not later.after_gap
    }
    return {i for i, b in enumerate(beats) if b.quality < _EARLY_CLEAR and (i in near or i - 1 in near)}


def _steady(beats: Sequence[TimedBeat], splits: set[int], doubtful: set[int], usual_s: float) -> bool:
    """Whether what is left is regular: with split intervals put together, and without those of doubtful beats."""
    kept = [i for i in range(len(beats)) if i not in splits]
    apart = [
        abs(beats[later].t_s - beats[earlier].t_s - usual_s) / usual_s
        for earlier, later in pairwise(kept[-_RECENT:])
        if not beats[later].after_gap and earlier not in doubtful and later not in doubtful
    ]
    return len(apart) >= _FEWEST and sorted(apart)[int(_STEADY_SHARE * len(apart))] < _STEADY
