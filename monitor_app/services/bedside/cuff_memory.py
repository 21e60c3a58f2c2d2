"""Where the cuff of a session that was cut off stood, and what its plan is then."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from monitor_app.core import nibp_machine
from monitor_app.core.alarm.facts import NibpReading
from monitor_app.core.journal import NibpEntry, NibpStarted
from monitor_app.core.nibp_plan import NibpPlan
from monitor_app.core.phase import Phase
from monitor_app.core.visit.limbs import Limbs


@dataclass(frozen=True, slots=True)
class CuffMemory:
    """What the record of a cut-off session says of its cuff."""

    readings: tuple[NibpEntry, ...]
    phase: Phase
    armed: bool
    interval_s: float
    infusion_start_t_ns: int | None = None
    limbs: Limbs = field(default_factory=Limbs)
    unfinished: NibpStarted | None = None  # a measurement whose end was never recorded

    def plan(self, fresh: NibpPlan, accepted: Sequence[NibpReading], t_ns: int) -> NibpPlan:
        """Return the plan as it goes on at ``t_ns``; nothing is measured at once."""
        plan = replace(fresh, phase=self.phase)
        if self.infusion_start_t_ns is not None:
            plan = nibp_machine.infusion_started(plan, self.infusion_start_t_ns)
            window = plan.window_t_ns()
            done = any(window and window[0] <= r.t_ns <= window[2] for r in accepted)
            plan = replace(plan, window_done=done)
        if self.armed:
            plan = nibp_machine.set_plan(plan, t_ns, armed=True, interval_min=self.interval_s / 60)
        return plan
