"""Rules that need not be asked: what they look at has not changed since they last had nothing to say.

Most rules about people, tasks and the computer look at one part of the facts (``Rule.watch``), which changes a few times
in a visit, while the engine is asked at every beat. A part's rules are left out while that part and the phase are the
same, all of them rested, and the instant at which time alone changes a verdict has not come. Asking them all the same
would change nothing.
"""

from dataclasses import dataclass

from monitor_app.core.alarm.facts import NOTHING_HELD, Facts
from monitor_app.core.phase import Phase


@dataclass(slots=True)
class _Part:
    seen: object
    phase: Phase
    recheck_t_ns: int | None
    rests: bool = True


class QuietParts:
    """What was seen of each part when its rules last had nothing to say. Belongs to one engine."""

    def __init__(self) -> None:
        self._parts: dict[str, _Part] = {}

    def forget(self) -> None:
        """Ask every rule next time: limits, acknowledgements or the session have changed."""
        self._parts.clear()

    def skip(self, facts: Facts) -> dict[str, int | None]:
        """Return the parts whose rules need not be asked, each with the instant of its recheck."""
        if facts.holds is not NOTHING_HELD:
            self._parts.clear()
        return {name: part.recheck_t_ns for name, part in self._parts.items() if _same(name, part, facts)}

    def note(self, name: str, facts: Facts, *, rests: bool, recheck_t_ns: int | None) -> None:
        """Take what a rule of a part said at these facts; one that does not rest keeps its part awake."""
        part = self._parts.get(name)
        seen = getattr(facts, name)
        if part is None or part.seen is not seen or part.phase is not facts.phase:
            part = self._parts[name] = _Part(seen, facts.phase, None)
        part.rests = part.rests and rests
        if recheck_t_ns is not None:
            known = part.recheck_t_ns
            part.recheck_t_ns = recheck_t_ns if known is None else min(known, recheck_t_ns)

    def begin(self, skipped: dict[str, int | None]) -> None:
        """Forget the parts about to be asked again."""
        for name in [name for name in self._parts if name not in skipped]:
            del self._parts[name]


def _same(name: str, part: _Part, facts: Facts) -> bool:
    if not part.rests or part.phase is not facts.phase:
        return False
    if part.recheck_t_ns is not None and facts.t_ns >= part.recheck_t_ns:
        return False
    seen = getattr(facts, name)
    return seen is part.seen or bool(seen == part.seen)
