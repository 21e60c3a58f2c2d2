"""Connections and the record: TE-09, -10, -12, -14, -18, -19 and -20 of clinical.md §6.6; the second sound output of §5.4."""

from dataclasses import replace

from monitor_app.core.alarm.facts import LinkFacts
from monitor_app.core.alarm.limits import Parameter
from monitor_app.core.alarm.rule import NOT_MET, UNKNOWN, Case, Rule, Verdict, delay, margin
from monitor_app.core.alarm.rules_sensor import since, technical_rule
from monitor_app.core.alarm.rules_state import event
from monitor_app.core.alarm.silence import allowed_s, due_t_ns, in_words
from monitor_app.core.priority import Priority
from monitor_app.core.stamp import NS_PER_S


def _silent(case: Case) -> Verdict:
    """TE-09: no valid frame for the longer of a fixed time and a multiple of the device's own interval.

    Of several silent devices all are named, the one silent for longest first; it is over when all speak again.
    """
    silent: list[LinkFacts] = []
    later: list[int] = []
    for link in case.facts.links:
        due = due_t_ns(case, link, case.rule.id)
        if case.facts.t_ns >= due:
            silent.append(link)
        else:
            later.append(due)
    if not silent:
        return Verdict(met=False, ended=True, recheck_t_ns=min(later, default=None))
    silent.sort(key=lambda link: link.last_frame_t_ns)
    silent_s = (case.facts.t_ns - silent[0].last_frame_t_ns) / NS_PER_S
    return Verdict(
        met=True,
        value=silent_s,
        limit=allowed_s(case, silent[0], case.rule.id),
        text=f"No data from {' and '.join(in_words(link) for link in silent)} for {silent_s:.0f} s",
        severity=silent_s,
        recheck_t_ns=min(later, default=None),
    )


def _bad_frames(case: Case) -> Verdict:
    """TE-10: more than 5 % of a device's frames of the last 30 s were bad; the worst device is named.

    The 30 s of the document are the window over which frames are counted.
    """
    shares = [
        (link.bad_frame_share, in_words(link))
        for link in case.facts.links
        if link.bad_frame_share is not None
    ]
    if not shares:
        return UNKNOWN
    share, name = max(shares)
    percent, limit = 100 * share, case.limit("bad_percent")
    return Verdict(
        met=percent > limit,
        ended=percent <= limit - case.limit("clear_margin"),
        value=percent,
        limit=limit,
        text=f"Bad data from {name}: {percent:.0f} %",
        severity=percent - limit,
    )


def _identity_changed(case: Case) -> Verdict:
    """TE-19: a monitor calls itself something else than before in this session; over when acknowledged."""
    return event(case, case.facts.system.identity_change)


def _cannot_write(case: Case) -> Verdict:
    """TE-12: what happens now cannot be kept."""
    system = case.facts.system
    if not system.storage_error:
        return NOT_MET
    return Verdict(
        met=True, text=f"Cannot write: {system.storage_error}", since_t_ns=system.storage_error_since_t_ns
    )


def _no_sound(case: Case) -> Verdict:
    """TE-14: the sound output is missing, muted or changed."""
    system = case.facts.system
    if not system.sound_error:
        return NOT_MET
    return Verdict(
        met=True, text=f"Alarm sound: {system.sound_error}", since_t_ns=system.sound_error_since_t_ns
    )


def _no_second_sound(case: Case) -> Verdict:
    """TE-14-L: the second output, chosen for HIGH alarms nobody answers, is missing or muted; the first is not meant.

    No row of the document: LOW, because every alarm still sounds where it always does (clinical.md §5.1).
    """
    system = case.facts.system
    if not system.second_sound_error:
        return NOT_MET
    return Verdict(
        met=True,
        text=f"Second alarm sound: {system.second_sound_error}",
        since_t_ns=system.second_sound_error_since_t_ns,
    )


def _simulated(case: Case) -> Verdict:
    """TE-18: a simulated source in a clinical session; the start is refused as well."""
    if not case.facts.system.simulated_in_clinical:
        return NOT_MET
    return Verdict(met=True, text="Simulated source in a clinical session")


def _restarted(case: Case) -> Verdict:
    """TE-20: nothing was watched for a while before this start; stays until acknowledged."""
    gap_s = case.facts.system.restart_gap_s
    verdict = since(
        case.facts.system.restarted_at_t_ns, f"Not monitored for {gap_s:.0f} s before the restart"
    )
    return replace(verdict, value=gap_s) if verdict.met else verdict


def _silence(default_s: float, intervals: float) -> tuple[Parameter, Parameter]:
    return (
        Parameter("silence_s", default_s, default_s, 2 * default_s, "s"),
        Parameter("intervals", intervals, intervals, 2 * intervals, "intervals"),
    )


_RULES: tuple[Rule, ...] = (
    technical_rule("TE-09-M", "Device silent", Priority.MEDIUM, _silent, *_silence(10, 4)),
    replace(
        technical_rule("TE-09-L", "Device silent", Priority.LOW, _silent, *_silence(3, 2.2)),
        hidden_by=("TE-09-M",),
    ),
    technical_rule(
        "TE-10",
        "Bad data",
        Priority.LOW,
        _bad_frames,
        Parameter("bad_percent", 5, 2, 10, "%"),
        margin(1, "%"),
    ),
    technical_rule("TE-12", "Record cannot be written", Priority.HIGH, _cannot_write),
    technical_rule("TE-14", "Alarm sound", Priority.MEDIUM, _no_sound, delay(2, 0, 5)),
    technical_rule("TE-14-L", "Second alarm sound", Priority.LOW, _no_second_sound),
    technical_rule("TE-18", "Simulated source", Priority.HIGH, _simulated),
    replace(technical_rule("TE-19", "Monitor changed", Priority.MEDIUM, _identity_changed), momentary=True),
    technical_rule("TE-20", "Monitoring gap", Priority.MEDIUM, _restarted),
)

_OF_LINKS = frozenset({"TE-09-M", "TE-09-L", "TE-10"})
SYSTEM_RULES = tuple(rule if rule.id in _OF_LINKS else replace(rule, watch="system") for rule in _RULES)
