"""Blood pressure in its course: AL-BP-06, -07, -11 and -12 of clinical.md §6.2, and the table of all twelve.

The first three look at what came before as well, and like their neighbours judge once per accepted reading. AL-BP-12
asks the question of the discharge checklist (clinical.md §12 D2) of the newest reading, from the instant the minimum
recovery time is reached (docs/decisions/0013); it is a task, not a patient's alarm, and stays a line of its own.
"""

from dataclasses import replace

from monitor_app.core.alarm.comparison import Compared, at_least, one
from monitor_app.core.alarm.facts import NibpReading
from monitor_app.core.alarm.limits import Parameter
from monitor_app.core.alarm.rule import NOT_MET, REC, UNKNOWN, Case, Melody, Verdict, margin
from monitor_app.core.alarm.rules_pressure import (
    FALLEN,
    HIGH,
    LOW,
    MEAN_HIGH,
    MMHG,
    RISE,
    SEVERE,
    SEVERE_LOW,
    SHARE,
    mmhg,
    of_reading,
    pressure_rule,
)
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import NS_PER_S


def _persisting(case: Case) -> Verdict:
    """AL-BP-06: AL-BP-02 still true on 3 readings or more that cover 10 min, counted from the one that began it.

    Every reading of that alarm counts, re-takes too; it ends with AL-BP-02.
    """
    reading, high = case.new_reading, case.peer(HIGH.id)
    if reading is None:
        return UNKNOWN
    if not high.state.running:
        return of_reading(case, reading, NOT_MET)
    covered_ns = reading.t_ns - high.since_t_ns
    enough = high.readings >= case.limit("readings") and covered_ns >= case.limit("cover_min") * 60 * NS_PER_S
    verdict = Verdict(
        met=enough,
        ended=False,
        value=high.value,
        limit=high.limit,
        text=f"{high.text} for {covered_ns / NS_PER_S / 60:.0f} min",
        severity=covered_ns / NS_PER_S,
    )
    return of_reading(case, reading, verdict)


def _rising(case: Case) -> Verdict:
    """AL-BP-07: at least 3 readings in a row, each at least 8 above the one before, 25 in all, the last at least 150.

    A longer climb counts from its own first reading. Any fall of 5 or more from the reading before ends it.
    """
    reading = case.new_reading
    if reading is None or not case.limit("on"):
        return UNKNOWN
    readings = case.facts.nibp.readings
    climb = _climb(readings, case.limit("step_mmhg"))
    total = readings[-1].systolic_mmhg - readings[-climb].systolic_mmhg
    last = reading.systolic_mmhg
    met = (
        climb >= case.limit("readings")
        and total >= case.limit("total_mmhg")
        and last >= case.limit("last_mmhg")
    )
    fell = len(readings) > 1 and readings[-2].systolic_mmhg - last >= case.limit("clear_fall_mmhg")
    verdict = Verdict(
        met=met,
        ended=fell,
        value=last,
        limit=case.limit("last_mmhg"),
        text=f"SYS ↑{last:.0f}, +{total:.0f} in {climb} readings" if climb > 1 else f"SYS {last:.0f}",
        severity=last,
    )
    return of_reading(case, reading, verdict)


def _climb(readings: tuple[NibpReading, ...], step_mmhg: float) -> int:
    """Return how many of the newest readings form one climb, each at least a step above the one before."""
    count = 1
    for earlier, later in zip(reversed(readings[:-1]), reversed(readings), strict=False):
        if later.systolic_mmhg - earlier.systolic_mmhg < step_mmhg:
            break
        count += 1
    return count


def _late_rise(case: Case) -> Verdict:
    """AL-BP-11: in recovery, SYS at least 20 above that at the end of the infusion and at least 140; over below +15."""
    reading, at_end = case.new_reading, case.facts.infusion_end_systolic_mmhg
    if reading is None or at_end is None:
        return UNKNOWN
    limit = at_end + case.limit("rise_mmhg")
    value = reading.systolic_mmhg
    compared = at_least("SYS", value, limit, clear_below=limit - case.limit("clear_rise"))
    met = compared.met and value >= case.limit("floor_mmhg")
    text = f"{compared.text}, {value - at_end:+.0f} since the infusion ended"
    return of_reading(case, reading, one(replace(compared, met=met, text=text)))


def _not_ready(case: Case) -> Verdict:
    """AL-BP-12: the minimum recovery time is over and the newest reading is not back near the baseline.

    The next good reading ends it; without a whole reading it cannot be judged.
    """
    facts, due = case.facts, case.facts.recovery_minimum_t_ns
    if due is None or not facts.nibp.readings or not facts.nibp.readings[-1].whole:
        return UNKNOWN
    if facts.t_ns < due:
        return Verdict(met=False, ended=True, recheck_t_ns=due)
    reading, baseline = facts.nibp.readings[-1], facts.baseline
    bases = (None, None) if baseline is None else (baseline.systolic_mmhg, baseline.diastolic_mmhg)
    share = case.limit("percent")
    normal = (case.limit("or_below_systolic"), case.limit("or_below_diastolic"))
    parts = (
        _away("SYS", reading.systolic_mmhg, bases[0], (share, normal[0])),
        _away("DIA", reading.diastolic_mmhg, bases[1], (share, normal[1])),
    )
    below = reading.systolic_mmhg < normal[0] and reading.diastolic_mmhg < normal[1]
    settled = below or not any(part.met for part in parts)
    worst = max(parts, key=lambda part: (part.met, part.severity))
    return one(replace(worst, met=not settled, cleared=settled))


def _away(label: str, value: float, base: float | None, allowed: tuple[float, float]) -> Compared:
    """Compare one number with its baseline; ``met``: it is further away than the share, or there is no baseline."""
    share, or_below = allowed
    if base is None:
        text = f"{label} {value:.0f} (limit {or_below:.0f})"
        return Compared(value >= or_below, value < or_below, value, or_below, text, value - or_below)
    away = 100 * abs(value - base) > share * base
    limit = (100 - share) * base / 100 if value < base else max((100 + share) * base / 100, or_below)
    text = f"{label} {value:.0f}, {value - base:+.0f} from {base:.0f}"
    return Compared(away, not away, value, limit, text, abs(value - base))


PERSISTING = replace(
    pressure_rule(
        "AL-BP-06",
        "Hypertension for 10 minutes",
        Priority.MEDIUM,
        _persisting,
        Parameter("readings", 3, 2, 6, "readings"),
        Parameter("cover_min", 10, 10, 10, "min"),
    ),
    line_rank=0,  # "announced again": it speaks instead of AL-BP-02
)
RISING = pressure_rule(
    "AL-BP-07",
    "Blood pressure rising",
    Priority.LOW,
    _rising,
    Parameter("on", 1, 0, 1, "1 on, 0 off", looser=-1),
    Parameter("readings", 3, 3, 3, "readings"),
    mmhg("step_mmhg", 8, 8, 8),
    mmhg("total_mmhg", 25, 25, 25),
    mmhg("last_mmhg", 150, 150, 150),
    mmhg("clear_fall_mmhg", 5, 5, 5),
)
LATE_RISE = replace(
    pressure_rule(
        "AL-BP-11",
        "Late rise of blood pressure",
        Priority.LOW,
        _late_rise,
        mmhg("rise_mmhg", 20, 10, 40),
        mmhg("floor_mmhg", 140, 140, 140),
        margin(5, MMHG, "clear_rise"),
    ),
    profiles=frozenset({REC}),
)
NOT_READY = replace(
    pressure_rule(
        "AL-BP-12",
        "Blood pressure not back for discharge",
        Priority.LOW,
        _not_ready,
        Parameter("percent", 20, 10, 30, "%"),
        mmhg("or_below_systolic", 140, 140, 140),
        mmhg("or_below_diastolic", 90, 90, 90),
    ),
    alarm_class=AlarmClass.WORKFLOW,
    profiles=frozenset({REC}),
    melody=Melody.GENERAL,
    one_line="",
)

PRESSURE_RULES = (
    SEVERE,
    SEVERE_LOW,
    HIGH,
    PERSISTING,
    RISE,
    MEAN_HIGH,
    LOW,
    FALLEN,
    SHARE,
    RISING,
    LATE_RISE,
    NOT_READY,
)
"""In the order in which they are judged (AL-BP-06 looks at AL-BP-02)."""
