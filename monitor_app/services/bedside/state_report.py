"""How things stand at the bedside, put together for whoever looks on."""

from monitor_app.core.alarm.facts import Facts
from monitor_app.services.bedside.alarm_controls import AlarmControls
from monitor_app.services.bedside.commissioning_desk import CommissioningDesk
from monitor_app.services.bedside.facts_builder import FactsBuilder
from monitor_app.services.bedside.journal_desk import JournalDesk
from monitor_app.services.bedside.parts import BedsideParts
from monitor_app.services.bedside.publication import BedsideState, EcgFilterView
from monitor_app.services.session_clock import SessionClock


class StateReport:
    """Reads every desk and changes none. Bedside thread only."""

    def __init__(
        self,
        desks: FactsBuilder,
        journal: JournalDesk,
        *,
        parts: BedsideParts,
        clock: SessionClock,
        controls: AlarmControls,
        commissioning: CommissioningDesk,
    ) -> None:
        self._desks = desks
        self._journal = journal
        self._opened = parts.opened
        self._clock = clock
        self._controls = controls
        self._commissioning = commissioning

    def of(self, facts: Facts, *, reopened: bool) -> BedsideState:
        """Return everything on display now; ``facts`` are those of the last judgement."""
        desks, controls, alarms = self._desks, self._controls, self._controls.alarms
        vitals, ecg, visit, t_ns = desks.vitals, desks.waves.ecg, self._journal.visit, self._clock.t_ns()
        stamp, profile = self._clock.stamp(t_ns), visit.phase.alarm_profile
        return BedsideState(
            stamp=stamp,
            opened=self._opened,
            visit=visit,
            visit_facts=desks.visit_facts(visit, alarms, t_ns),
            facts=facts,
            conditions=alarms.conditions,
            cuff=desks.cuff.view(),
            sound=alarms.view(desks.system.sound_error),
            links=desks.links.views(),
            ecg_lead=desks.waves.lead,
            ecg_filter=EcgFilterView(*ecg.filter, ecg.modes),
            ecg_quality=ecg.latest.quality.value if ecg.latest else None,
            ecg_quality_reason=ecg.latest.quality.reason.value if ecg.latest else "",
            perfusion_index_percent=vitals.shown("PI", t_ns).value,
            alarm_system=controls.view(t_ns),
            tile_limits=controls.limits.tile_limits(profile),
            rule_delays=controls.limits.rule_delays(profile),
            can_record=not desks.system.storage_error,
            uncommissioned=self._commissioning.lacking(stamp),
            overload=desks.system.overload_text(t_ns),
            monitor_alarms=vitals.monitor_alarms(),
            also_received=vitals.also_received(t_ns),
            reopened=reopened,
        )
