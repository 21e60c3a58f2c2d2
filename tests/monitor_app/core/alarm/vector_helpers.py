"""What the vectors of clinical.md §7 share: values second by second, and what came of them."""

from monitor_app.core.alarm.engine import AlarmEngine, Transition
from monitor_app.core.alarm.state import AlarmState
from tests.monitor_app.core.alarm.alarm_helpers import S, facts, reading


def each_second(alarms: AlarmEngine, values, **known) -> list[Transition]:
    """Evaluate with lists of values, one a second; a name whose list is over keeps its last value."""
    told: list[Transition] = []
    length = max(len(v) for v in values.values())
    for t in range(length):
        now = {name: series[min(t, len(series) - 1)] for name, series in values.items()}
        told += alarms.evaluate(facts(t, **now, **known))
    return told


def announced(told: list[Transition]) -> list[tuple[float, str]]:
    return [
        (round(x.t_ns / S, 1), x.rule) for x in told if x.to_state is AlarmState.ACTIVE and not x.suppressed
    ]


def entered(told: list[Transition], rule: str) -> list[tuple[float, str]]:
    return [(x.t_ns / S, x.to_state.value) for x in told if x.rule == rule]


def cuff(*pressures: tuple[float, float, float]) -> tuple:
    return tuple(reading(i + 1, *values) for i, values in enumerate(pressures))
