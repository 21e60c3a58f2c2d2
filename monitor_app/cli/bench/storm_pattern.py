"""What the storm puts on the wire: numbers that leave their limits and come back, second by second, and what they must raise.

The rules are those of the program, with the shortest delays that fit a value which holds for one second: the delays
a clinic would use (clinical.md §6: 3 to 60 s) cap the rate at a few alarms a minute.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from devices.patient import PatientNumerics
from devices.simulators.patient_view import PatientView
from monitor_app.core.alarm_commands import SetLimit
from monitor_app.core.stamp import Actor

QUIET, FAST, SLOW, EXTREME = "quiet", "fast", "slow", "extreme"
STEP_S = 1.0
"""A berry board tells its numbers once a second (protocols.md §1): each is another one."""
HELD_S = 0.9
"""An alarm whose delay ends later than this after its number came may see the next number first."""
STEPS = (
    (EXTREME, QUIET, QUIET),
    (SLOW, FAST, QUIET),
    (FAST, SLOW, SLOW),
    (SLOW, FAST, QUIET),
    (FAST, SLOW, SLOW),
    (SLOW, FAST, QUIET),
    (QUIET, QUIET, EXTREME),
    (FAST, SLOW, QUIET),
    (SLOW, FAST, SLOW),
    (FAST, SLOW, QUIET),
    (SLOW, FAST, SLOW),
    (FAST, SLOW, QUIET),
)
"""Heart rate, breathing, saturation. A HIGH burst lasts 3 s: after it MEDIUM ones sound alone."""


@dataclass(frozen=True, slots=True)
class StormRule:
    """A rule of the storm: the number it looks at, which values begin it, and its delay here."""

    id: str
    number: str
    begins: Callable[[float], bool]
    delay_s: float = 0.0
    doubted: bool = False  # clinical.md §5.8.2: the pulse, which does not storm, would put it off

    @property
    def numbers(self) -> dict[str, float]:
        """Its parameters that differ from the factory's, each within the range a clinic may choose from."""
        found = {"delay_s": self.delay_s, "clear_s": 0.0}
        return {**found, "hold_s": 0.0} if self.doubted else found


RULES = (
    StormRule("AL-HR-02", "HR", lambda v: v > 140, doubted=True),
    StormRule("AL-HR-03", "HR", lambda v: v > 120, 0.3, doubted=True),
    StormRule("AL-HR-06", "HR", lambda v: v < 50, doubted=True),
    StormRule("AL-SP-01", "SPO2", lambda v: v < 85),
    StormRule("AL-SP-02", "SPO2", lambda v: v < 90, 0.2),
    StormRule("AL-RR-03", "RR", lambda v: v < 10),
    StormRule("AL-RR-04", "RR", lambda v: v > 30, 0.4),
)
"""Limits as clinical.md §6.1, §6.3 and §6.4 give them. Three wait out a delay, so that deadlines are measured too."""


def limit_changes(by: Actor) -> list[SetLimit]:
    """Return what somebody must ask for at the limits panel to have the storm's delays."""
    return [
        SetLimit(rule.id, key, value, by, "a storm for the bench")
        for rule in RULES
        for key, value in rule.numbers.items()
    ]


class StormPatient(PatientView):
    """A patient whose numbers storm; the waves stay as they are. No number is the same soon after: words tell them apart."""

    _now_s = 0.0

    def advance(self, until_s: float) -> None:
        """See ``PatientSource``."""
        self._now_s = until_s
        super().advance(until_s)

    def numerics(self) -> PatientNumerics:
        """See ``PatientSource``."""
        step = int(self._now_s / STEP_S)
        heart, breath, oxygen = STEPS[step % len(STEPS)]
        turn = step // len(STEPS) + step
        hr = {QUIET: 75, FAST: 122 + turn % 17, SLOW: 41 + turn % 8, EXTREME: 151 + turn % 20}[heart]
        rr = {QUIET: 15, FAST: 31 + turn % 13, SLOW: 8 + turn % 2}[breath]
        spo2 = {QUIET: 97, SLOW: 86 + turn % 4, EXTREME: 78 + turn % 7}[oxygen]
        true = super().numerics()
        return replace(
            true,
            hr_per_min=float(hr),
            pr_per_min=float(hr),
            rr_per_min=float(rr),
            spo2_percent=float(spo2),
        )
