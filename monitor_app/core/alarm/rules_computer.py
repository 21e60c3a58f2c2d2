"""The computer and the program itself: TE-13, -15, -16 and -17 of clinical.md §6.6, and the watchdog of §5.6."""

from dataclasses import replace

from monitor_app.core.alarm.limits import Parameter
from monitor_app.core.alarm.rule import NOT_MET, UNKNOWN, Case, Verdict, margin
from monitor_app.core.alarm.rules_sensor import technical_rule
from monitor_app.core.alarm.rules_state import event
from monitor_app.core.priority import Priority
from monitor_app.core.stamp import NS_PER_S

BYTES_PER_MB = 1_000_000


def _disk_full(case: Case) -> Verdict:
    """TE-13: less free space than the limit where the record is kept."""
    free = case.facts.system.free_disk_bytes
    if free is None:
        return UNKNOWN
    free_mb, limit = free / BYTES_PER_MB, case.limit("free_mb")
    return Verdict(
        met=free_mb < limit,
        ended=free_mb >= limit + case.limit("clear_margin"),
        value=free_mb,
        limit=limit,
        text=f"Disk nearly full: {free_mb:.0f} MB free",
        severity=limit - free_mb,
    )


def _clock_jumped(case: Case) -> Verdict:
    """TE-15: the computer's clock was set by more than 2 s; the session's own times are not touched."""
    jump = case.facts.system.clock_jump
    if jump is None or abs(jump.value or 0.0) <= case.limit("jump_s"):
        return NOT_MET
    return event(case, jump)


def _screen_stalled(case: Case) -> Verdict:
    """TE-16: the window has given no sign of life for longer than the limit, or signals were lost."""
    system = case.facts.system
    if system.overload and case.rule.priority is Priority.LOW:
        return Verdict(met=True, text=system.overload, since_t_ns=system.overload_since_t_ns)
    alive = system.screen_alive_t_ns
    if alive is None:
        return NOT_MET
    due = alive + case.span_ns("stalled_s")
    if case.facts.t_ns <= due:
        return Verdict(met=False, ended=True, recheck_t_ns=due + 1)
    stalled_s = (case.facts.t_ns - alive) / NS_PER_S
    return Verdict(
        met=True,
        value=stalled_s,
        limit=case.limit("stalled_s"),
        text=f"The screen has not moved for {stalled_s:.0f} s",
        severity=stalled_s,
    )


def _no_watchdog(case: Case) -> Verdict:
    """TE-16-W: nothing would sound if this program stopped.

    Where neither the program nor its watchdog finds a way to sound, that is one problem, and the graver TE-14 is its one
    card (clinical.md §5.8.6); a watchdog that is gone is another, and so is one that alone is mute.
    """
    system = case.facts.system
    if not system.watchdog_error:
        return NOT_MET
    told = bool(system.watchdog_mute and system.sound_error)
    return Verdict(met=True, text=f"Watchdog: {system.watchdog_error}", suppressor="TE-14" if told else "")


def _on_battery(case: Case) -> Verdict:
    """TE-17: on battery at all, and below a charge; a charge nobody knows is told as "on battery" only."""
    system = case.facts.system
    percent = system.battery_percent
    if not system.on_battery:
        return NOT_MET
    if case.rule.priority is Priority.INFO:
        return Verdict(met=True, value=percent, text=_battery(percent))
    limit = case.limit("charge_percent")
    if percent is None or percent >= limit:
        return NOT_MET
    return Verdict(met=True, value=percent, limit=limit, text=_battery(percent), severity=limit - percent)


def _battery(percent: float | None) -> str:
    return "On battery" if percent is None else f"On battery: {percent:.0f} %"


def _free(default_mb: float, low: float, high: float) -> tuple[Parameter, Parameter]:
    return Parameter("free_mb", default_mb, low, high, "MB", looser=-1), margin(default_mb / 10, "MB")


def _charge(default: float, low: float, high: float) -> Parameter:
    return Parameter("charge_percent", default, low, high, "%", looser=-1)


_DISK, _SCREEN, _BATTERY = "Disk nearly full", "Screen stalled", "Computer on battery"

_RULES = (
    technical_rule("TE-13-M", _DISK, Priority.MEDIUM, _disk_full, *_free(300, 300, 1000)),
    replace(
        technical_rule("TE-13-L", _DISK, Priority.LOW, _disk_full, *_free(2000, 2000, 20_000)),
        hidden_by=("TE-13-M",),
    ),
    replace(
        technical_rule(
            "TE-15", "Clock was set", Priority.LOW, _clock_jumped, Parameter("jump_s", 2, 2, 60, "s")
        ),
        momentary=True,
    ),
    technical_rule("TE-16-H", _SCREEN, Priority.HIGH, _screen_stalled, Parameter("stalled_s", 5, 5, 5, "s")),
    replace(
        technical_rule(
            "TE-16-L", _SCREEN, Priority.LOW, _screen_stalled, Parameter("stalled_s", 1, 1, 2, "s")
        ),
        hidden_by=("TE-16-H",),
    ),
    technical_rule("TE-16-W", "No watchdog", Priority.LOW, _no_watchdog),
    technical_rule("TE-17-H", _BATTERY, Priority.HIGH, _on_battery, _charge(8, 8, 20)),
    replace(
        technical_rule("TE-17-M", _BATTERY, Priority.MEDIUM, _on_battery, _charge(20, 20, 50)),
        hidden_by=("TE-17-H",),
    ),
    replace(
        technical_rule("TE-17-I", _BATTERY, Priority.INFO, _on_battery), hidden_by=("TE-17-H", "TE-17-M")
    ),
)

COMPUTER_RULES = tuple(replace(rule, watch="system") for rule in _RULES)
