"""Views of the limits panel, made from the catalogue's own defaults."""

from dataclasses import replace

from monitor_app.core.alarm.auto_limits import auto_limits
from monitor_app.core.alarm.catalogue import default_limits
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.alarm.system_state import StateLine
from monitor_app.core.journal import Baseline, LimitEntry
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.services.bedside.publication import AlarmSystemView
from monitor_app.services.limit_log import LimitLog
from monitor_app.services.limits_view import LimitsView
from monitor_app.services.view.limits import Known, view_of

BASELINE = Baseline(124, 78, 72, 98, 14, 93)
"""The example of clinical.md §5.6, with a respiratory rate."""
INDICATIONS = ("Depression", "Esketamine-120", "Pain", "Training")
WORST_S = {"AL-HR-03": 4.0, "AL-HR-02": 6.0, "AL-SP-02": 18.0}


def system(limits: Limits | None = None, **more: object) -> AlarmSystemView:
    chosen = limits or default_limits()
    made = AlarmSystemView(
        limits=chosen, versions="Factory 2 > Pain 1", indication="Pain", indications=INDICATIONS
    )
    return replace(made, **more)


def view(
    phase: Phase = Phase.INF, of: AlarmSystemView | None = None, log: LimitLog | None = None
) -> LimitsView:
    return view_of(of or system(), Known(phase, log or LimitLog(), WORST_S))


def with_baseline(phase: Phase = Phase.INF) -> LimitsView:
    made = system(proposals=auto_limits(BASELINE, default_limits()))
    return view_of(made, Known(phase, LimitLog(), WORST_S, BASELINE))


LONG = "the prescriber was told at the chair and wants it so until the end of this visit, " * 2


def changed(why: str = "walks in at 118, prescriber told", off: str = "known, prescriber told") -> LimitsView:
    """Tachycardia set to 130 by a nurse, one rule off, one number of recovery's own."""
    log = LimitLog()
    begun, later = Stamp(0, 1_767_600_000_000), Stamp(60_000_000_000, 1_767_601_920_000)
    nurse = Actor("Kim Lee", "nurse")
    log.take(LimitEntry(begun, "AL-HR-03", "limit_per_min", 120, nurse, "Factory 2 > Pain 1"))
    log.take(LimitEntry(later, "AL-HR-03", "limit_per_min", 130, nurse, why))
    limits = default_limits().replaced("AL-HR-03", "limit_per_min", 130)
    limits = limits.replaced("AL-HR-03", "limit_per_min", 115, AlarmProfile.REC)
    line = StateLine("ALARM OFF", f"AL-HR-04 off: {off}")
    made = system(limits, rules_off=("AL-HR-04",), lines=(line,))
    return view(Phase.INF, made, log)
