"""Alarm lives made short: the steps of one condition from a few words."""

from dataclasses import replace

from monitor_app.core.alarm_log import AlarmRow, alarm_log
from monitor_app.core.alarm_verdict import Judgement, Verdict
from monitor_app.core.journal import AlarmEntry
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import NS_PER_S, Actor, Stamp

START_MS = 1_767_600_000_000  # 2026-01-05T08:00:00Z
ANA = Actor("Ana Prado", "nurse")


def at(seconds: float) -> Stamp:
    return Stamp(round(seconds * NS_PER_S), START_MS + round(seconds * 1000))


def step(seconds: float, states: str, value: float | None = None, **more: object) -> AlarmEntry:
    """One step, ``"PENDING ACTIVE"``; AL-HR-03 above 120 unless ``more`` says otherwise."""
    before, after = states.split()
    limit = more.pop("limit", 120.0)
    said: dict[str, object] = {
        "occurrence_id": "a1", "rule": "AL-HR-03", "alarm_class": AlarmClass.PHYSIOLOGICAL,
        "priority": Priority.MEDIUM, "phase": Phase.INF, "text": f"HR {value:g} > {limit:g}" if value else "",
    }  # fmt: skip
    return AlarmEntry(
        stamp=at(seconds), from_state=before, to_state=after, value=value, limit=limit, **{**said, **more}
    )


def row(rule: str = "AL-HR-03", *, t_s: float = 0.0, lasts_s: float = 10.0, **more: object) -> AlarmRow:
    """A finished, announced condition; ``verdict`` and other fields of the row as they should stand."""
    verdict = more.pop("verdict", None)
    (made,) = alarm_log(
        [
            step(t_s, "IDLE ACTIVE", 130.0, rule=rule, occurrence_id=f"{rule}-{t_s}"),
            step(t_s + lasts_s, "ACTIVE IDLE", 100.0, rule=rule, occurrence_id=f"{rule}-{t_s}"),
        ]
    )
    if isinstance(verdict, Verdict):
        more["judgement"] = Judgement(verdict, ANA, at(t_s + lasts_s))
    return replace(made, **more)
