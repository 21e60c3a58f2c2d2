"""The tiles: each number with its limits, its change from baseline, its age, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import replace

from devices.clock import NS_PER_S
from devices.drivers.base import NibpTiming
from monitor_app.core.alarm.engine import Condition
from monitor_app.core.alarm.facts import NibpReading, Shown
from monitor_app.core.alarm.holding import ALARMS_PAUSED
from monitor_app.core.alarm.rules_saturation import cuff_hold_end_t_ns
from monitor_app.core.alarm.state import AlarmState
from monitor_app.core.nibp_acceptance import ReadingAge, reading_age
from monitor_app.core.observation import SEDATION, due_items
from monitor_app.core.phase import Phase
from monitor_app.core.visit.care import NOT_DISTURBED, checks, oxygen_now
from monitor_app.services.bedside.publication import BedsideState, CuffView
from monitor_app.services.screen import Freshness, TileLine, TileView
from monitor_app.services.view.alarm_states import rule_title, standby
from monitor_app.services.view.alarm_words import arrow_now
from monitor_app.services.view.due_words import DUE_NOW, due_text, left_text
from monitor_app.services.view.equipment import beside_others
from monitor_app.services.view.no_signal import NOBODY, NOT_YET
from monitor_app.services.view.wording import NO_VALUE, between, change, clock, minutes, whole

DOUBT_BELOW = 0.5
"""Quality below which a number carries a question mark (clinical.md §5.8)."""
SPO2_DIM_AFTER_NS = 10 * NS_PER_S
BLANK_PRESSURE = "–/–"
"""A pressure that is not known (clinical.md §8.4)."""
LIMIT_RULES: Mapping[tuple[str, str], str] = {
    ("HR", "high"): "AL-HR-03", ("HR", "low"): "AL-HR-06", ("SPO2", "low"): "AL-SP-02",
    ("NIBP", "high"): "AL-BP-02", ("NIBP", "low"): "AL-BP-08", ("RR", "high"): "AL-RR-04", ("RR", "low"): "AL-RR-03",
}  # fmt: skip
"""Whose limit a tile writes (``core.alarm.tile_limits``), by tile and word."""
FAILED = "last try failed"
"""It stands after the age of the number, which is not the age of the failure."""


def tiles(state: BedsideState, announced: tuple[Condition, ...]) -> tuple[TileView, ...]:
    """All tiles, most important first; in standby what comes is nobody's, and looks it (clinical.md §5.5)."""
    plain = (_hr(state), _spo2(state), _nibp(state), _rr(state), _sedation(state))
    if state.visit.phase is Phase.SCHED:
        return tuple(_not_yet(tile) for tile in plain)
    if standby(state.visit.phase):
        return tuple(_unmonitored(tile) for tile in plain)
    return tuple(_with_alarm(_with_rules_off(t, state), state.conditions, announced) for t in plain)


def _not_yet(tile: TileView) -> TileView:
    """Before check-in a number is dimmed: it says that the monitor works, not how anybody is."""
    fresh = tile.freshness is Freshness.FRESH
    freshness = Freshness.DIM if fresh else tile.freshness
    return replace(tile, freshness=freshness, pill="", lines=(*tile.lines, TileLine("", NOT_YET)))


def _unmonitored(tile: TileView) -> TileView:
    """After the visit there is none."""
    unit = tile.caption.partition(" · ")[0]
    said = (TileLine("", NOBODY),)
    return TileView(tile.key, tile.title, unit, NO_VALUE, said, freshness=Freshness.BLANK)


def _limits(state: BedsideState, tile: str) -> tuple[TileLine, ...]:
    """The limits in force; where their rule is off, a bell-cross stands in place of the figure (clinical.md §5.6)."""
    off = state.alarm_system.rules_off
    return tuple(
        TileLine("", f"{word} off", weight=5, off=True)
        if LIMIT_RULES.get((tile, word)) in off
        else TileLine(value, word)
        for value, word in state.tile_limits.get(tile, ())
    )


def _with_rules_off(tile: TileView, state: BedsideState) -> TileView:
    """Mark a tile of which a rule is off; one whose limit does not stand on the tile gets a line of its own."""
    mine = [rule for rule in state.alarm_system.rules_off if tile_of(rule) == tile.key]
    if not mine:
        return tile
    unseen = [rule for rule in mine if rule not in LIMIT_RULES.values()]
    if not unseen:
        return replace(tile, rule_off=True)
    words = rule_title(unseen[0]) if len(unseen) == 1 else f"{len(unseen)} alarms"
    return replace(tile, rule_off=True, lines=(*tile.lines, TileLine("", f"{words} off", weight=5, off=True)))


def _hr(state: BedsideState) -> TileView:
    facts = state.facts
    from_ecg = facts.hr.source in {"ECG", "HR", ""}
    source = {"PR": "pulse", "NIBP": "cuff"}.get(facts.hr.source, "ECG")
    baseline = facts.baseline.hr_per_min if facts.baseline else None
    lines = (*_limits(state, "HR"), *_change_line(facts.hr.value, baseline))
    caption = f"/min · {source}{beside_others(state, facts.hr.monitor)}"
    return _number("HR", "HR" if from_ecg else "PR", caption, facts.hr, lines)


def _spo2(state: BedsideState) -> TileView:
    facts, now = state.facts, state.stamp.t_ns
    oxygen = oxygen_now(state.visit.care)
    pill = f"O₂ {oxygen.l_per_min:g} L/min" if oxygen.l_per_min > 0 else "O₂ off · room air"
    caption = "%" if facts.pr.value is None else f"% · pulse {whole(facts.pr.value)}"
    caption += beside_others(state, facts.spo2.source)
    baseline = facts.baseline.spo2_percent if facts.baseline else None
    lines = (*_limits(state, "SPO2"), *_change_line(facts.spo2.value, baseline))
    tile = replace(_number("SPO2", "SpO₂", caption, facts.spo2, lines), pill=pill)
    holding = facts.nibp.inflating_on_spo2_limb_since_t_ns
    if holding is not None and cuff_hold_end_t_ns(facts) is not None:
        foot = f"HOLD {between(now, holding)} · cuff inflates on this limb"
        return replace(tile, freshness=Freshness.HOLD, foot=foot)
    if facts.spo2.value is not None and now - facts.spo2.t_ns > SPO2_DIM_AFTER_NS:
        return replace(tile, freshness=Freshness.DIM, foot=f"{between(now, facts.spo2.t_ns)} old")
    return tile


def _rr(state: BedsideState) -> TileView:
    caption = f"/min{beside_others(state, state.facts.rr.source)}"
    return _number("RR", "RR", caption, state.facts.rr, _limits(state, "RR"))


def _number(key: str, title: str, caption: str, shown: Shown, lines: tuple[TileLine, ...]) -> TileView:
    if not shown.fitted:
        return TileView(
            key, title, caption, NO_VALUE, (TileLine("", "not measured here"),), freshness=Freshness.BLANK
        )
    return TileView(
        key=key,
        title=title,
        caption=caption,
        value=whole(shown.value),
        lines=lines,
        freshness=Freshness.FRESH if shown.value is not None else Freshness.BLANK,
        doubt=shown.value is not None and shown.quality < DOUBT_BELOW,
    )


def _change_line(now: float | None, baseline: float | None) -> tuple[TileLine, ...]:
    text = change(now, baseline)
    return (TileLine("", text, short=text.split(" from ")[0], weight=1),) if text else ()


def _nibp(state: BedsideState) -> TileView:
    facts, cuff, now = state.facts, state.cuff, state.stamp.t_ns
    last = facts.nibp.readings[-1] if facts.nibp.readings else None
    due = _due_line(state)
    lines = [*_limits(state, "NIBP")]
    if last and facts.baseline:
        b = facts.baseline
        systolic = round(last.systolic_mmhg) - round(b.systolic_mmhg)
        diastolic = round(last.diastolic_mmhg) - round(b.diastolic_mmhg)
        from_text = f"from {b.systolic_mmhg:.0f}/{b.diastolic_mmhg:.0f}"
        moved = f"{systolic:+d}/{diastolic:+d}".replace("-", "−").replace("+0", "±0")
        lines.append(TileLine("", f"{moved} {from_text}", short=moved, weight=1))
    if due:
        lines.append(due)
    if cuff.timing is NibpTiming.NONE:
        return TileView("NIBP", "NIBP", "mmHg", NO_VALUE, (TileLine("", "no cuff on this monitor"),))
    caption = f"{_place(cuff)}{beside_others(state, cuff.source)}"
    tile = TileView("NIBP", "NIBP", caption, BLANK_PRESSURE, tuple(lines), foot=_cuff_text(state))
    tile = replace(tile, progress=_progress(state), freshness=Freshness.BLANK)
    return _with_reading(tile, last, state, now) if last else tile


def _place(cuff: CuffView) -> str:
    """Unit and limb; a limb nobody has named is left out, not guessed."""
    return f"mmHg · {cuff.limbs.cuff}" if cuff.limbs.cuff else "mmHg"


def _with_reading(tile: TileView, last: NibpReading, state: BedsideState, now: int) -> TileView:
    age = reading_age((now - last.t_ns) / NS_PER_S, state.facts.nibp.interval_s)
    taken = clock(state.stamp.utc_ms - (now - last.t_ns) // 1_000_000)
    busy, old = _cuff_text(state), f"{between(now, last.t_ns)} ago"
    foot = f"{old} · {busy}" if busy else f"mean {last.mean_mmhg:.0f} · {old}"
    caption = f"{tile.caption} · {taken}"
    if age is ReadingAge.BLANK:
        return replace(tile, caption=caption, foot=f"last {old} · {busy}" if busy else f"last {old}")
    dim = age is ReadingAge.DIM or state.cuff.measuring
    return replace(
        tile,
        caption=caption,
        value=f"{last.systolic_mmhg:.0f}/{last.diastolic_mmhg:.0f}",
        foot=foot,
        freshness=Freshness.DIM if dim else Freshness.FRESH,
    )


def _cuff_text(state: BedsideState) -> str:
    cuff = state.cuff
    if cuff.task:
        return cuff.task
    if cuff.measuring:
        return "measuring" if cuff.cuff_mmhg is None else f"measuring, cuff {cuff.cuff_mmhg}"
    return f"{FAILED}: {cuff.last_failure}" if cuff.last_failure else ""


def _due_line(state: BedsideState) -> TileLine | None:
    cuff, now = state.cuff, state.stamp.t_ns
    if not cuff.armed:
        return TileLine("", "automatic off", short="auto off", weight=2)
    if cuff.next_due_t_ns is None or cuff.measuring:
        return None
    left_s = (cuff.next_due_t_ns - now) / NS_PER_S
    word = {"retake": "again", "retry": "again"}.get(cuff.next_trigger, "next")
    left = left_text(left_s)
    short = DUE_NOW if left == DUE_NOW else f"{word} {left}"
    return TileLine("", due_text(word, state.stamp.utc_ms, left_s), short=short, weight=2)


def _progress(state: BedsideState) -> float | None:
    cuff = state.cuff
    if not cuff.armed or not cuff.interval_s or cuff.next_due_t_ns is None or cuff.measuring:
        return None
    left_s = (cuff.next_due_t_ns - state.stamp.t_ns) / NS_PER_S
    return min(max(1 - left_s / cuff.interval_s, 0.0), 1.0)


def _sedation(state: BedsideState) -> TileView:
    taken = checks(state.visit.care, "moaas")
    due = _sedation_due(state)
    if not taken:
        lines = (TileLine("", due),) if due else ()
        return TileView("SEDATION", "Sedation", "MOAA/S", NO_VALUE, lines, freshness=Freshness.BLANK)
    t_ns, value = taken[-1]
    at = clock(state.stamp.utc_ms - (state.stamp.t_ns - t_ns) // 1_000_000)
    value, asleep = (NO_VALUE, "not disturbed · ") if value == NOT_DISTURBED else (value, "")
    word, _, left = due.partition(" · ")
    line = TileLine("", f"{asleep}{at}{due and ' · '}{due}", short=f"next {left}" if left else word or at)
    return TileView("SEDATION", "Sedation", "MOAA/S", str(value), (line,))


def _sedation_due(state: BedsideState) -> str:
    due = next((i for i in due_items(state.visit, state.visit_facts.rules) if i.item == SEDATION), None)
    if due is None:
        return ""
    left_s = (due.due_t_ns - state.stamp.t_ns) / NS_PER_S
    return due_text("next", state.stamp.utc_ms, left_s) if left_s >= 0 else f"overdue {minutes(-left_s)}"


_TILE_OF_PREFIX: Mapping[str, str] = {
    "AL-HR": "HR", "AL-BP": "NIBP", "AL-SP": "SPO2", "AL-RR": "RR", "AL-SD": "SEDATION",
    "TE-01": "HR", "TE-02": "HR", "TE-21": "HR", "TE-03": "SPO2", "TE-04": "SPO2", "TE-05": "SPO2",
    "TE-06": "SPO2", "TE-07": "NIBP", "TE-08": "NIBP", "WF-01": "SEDATION",
}  # fmt: skip


def tile_of(rule_id: str) -> str:
    """The tile a rule belongs to; empty for those of the whole chair."""
    return _TILE_OF_PREFIX.get(rule_id[:5], "")


def _with_alarm(
    tile: TileView, conditions: tuple[Condition, ...], announced: tuple[Condition, ...]
) -> TileView:
    mine = [c for c in announced if tile_of(c.rule.id) == tile.key]
    waiting = (c for c in conditions if c.state is AlarmState.PENDING or c.suppressed_by == ALARMS_PAUSED)
    pending = any(tile_of(c.rule.id) == tile.key for c in waiting)
    if not mine:
        return replace(tile, pending=pending)
    worst = max(mine, key=lambda c: (c.rule.priority.rank, c.unacknowledged))
    mine.sort(key=lambda c: c is not worst)
    arrow = next((arrow for arrow in map(arrow_now, mine) if arrow), "")
    return replace(
        tile,
        alarm=worst.rule.priority,
        unacknowledged=any(c.unacknowledged for c in mine if c.rule.priority is worst.rule.priority),
        arrow=arrow if tile.freshness is not Freshness.BLANK else "",
        pending=pending,
    )
