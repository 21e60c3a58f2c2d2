"""A cuff that takes 40 s, stepped second by second through its plan."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from monitor_app.core.nibp_machine import advance, ended, enter_phase, infusion_started, set_plan
from monitor_app.core.nibp_plan import CuffAction, CuffEnd, NibpPlan
from monitor_app.core.phase import Phase

S = 1_000_000_000
CYCLE_S = 40


@dataclass
class Cuff:
    """Steps the plan second by second and takes readings; ``log`` holds (time of day, trigger) of each start."""

    at: str = "08:03:00"
    plan: NibpPlan = field(default_factory=NibpPlan)
    t_s: int = 0
    ends: dict[int, CuffEnd] = field(default_factory=dict)  # the n-th cycle ends like this
    log: list[tuple[str, str]] = field(default_factory=list)
    stops: list[str] = field(default_factory=list)
    tasks: list[tuple[str, str]] = field(default_factory=list)
    wall_jump_s: int = 0
    answers: bool = True

    def wall_ms(self):
        hour, minute, second = map(int, self.at.split(":"))
        base = datetime(2026, 1, 5, hour, minute, second, tzinfo=UTC).timestamp()
        return round((base + self.t_s + self.wall_jump_s) * 1000)

    def clock(self):
        hour, minute, second = map(int, self.at.split(":"))
        total = hour * 3600 + minute * 60 + second + self.t_s
        return f"{total // 3600:02d}:{total // 60 % 60:02d}:{total % 60:02d}"

    @property
    def t_ns(self):
        return self.t_s * S

    def step(self):
        if self.plan.measuring and self.answers and self.t_ns - self.plan.measuring.t_ns >= CYCLE_S * S:
            self.plan = ended(self.plan, self.t_ns, self.ends.get(len(self.log) - 1, CuffEnd.NORMAL))
        self.plan, orders = advance(self.plan, self.t_ns, self.wall_ms())
        for order in orders:
            if order.action is CuffAction.START:
                self.log.append((self.clock(), order.trigger.value))
            elif order.action is CuffAction.STOP:
                self.stops.append(order.reason)
            else:
                self.tasks.append((self.clock(), order.trigger.value))

    def run(self, seconds):
        for _ in range(round(seconds)):
            self.step()
            self.t_s += 1
        return self

    def enter(self, phase, **more):
        self.plan = enter_phase(self.plan, phase, self.t_ns, **more)
        if phase is Phase.INF and self.plan.infusion_start_t_ns is None:
            self.plan = infusion_started(self.plan, self.t_ns)

    def arm(self, minutes=5.0):
        self.plan = set_plan(self.plan, self.t_ns, armed=True, interval_min=minutes)

    def times(self):
        return [time for time, _ in self.log]


@pytest.fixture(scope="session")
def make_cuff():
    """Make a cuff, by the time of day it starts at."""
    return Cuff
