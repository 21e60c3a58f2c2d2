"""Puts together what the rules are told: alarm facts and visit facts, from the desks, at one instant."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from devices.clock import NS_PER_S
from devices.drivers.base import NibpTiming
from monitor_app.core.alarm.catalogue import default_limits
from monitor_app.core.alarm.facts import (
    NOT_FITTED,
    NOTHING_HELD,
    BeatFacts,
    Facts,
    Holds,
    NurseFacts,
    Shown,
    WorkFacts,
)
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.alarm.rules_heart_rate import run_limits
from monitor_app.core.alarm.visit_facts import nurse_facts, work_facts
from monitor_app.core.baseline import propose_baseline
from monitor_app.core.visit.care import oxygen_now
from monitor_app.core.visit.facts import ClinicRules, VisitFacts
from monitor_app.core.visit.infusion import end_systolic_mmhg, infusion_of
from monitor_app.core.visit.recovery import recovery_minimum
from monitor_app.core.visit.state import Visit
from monitor_app.services.bedside.alarms import AlarmDesk
from monitor_app.services.bedside.cuff import CuffDesk
from monitor_app.services.bedside.history import USABLE, ValueHistory
from monitor_app.services.bedside.links import LinksDesk
from monitor_app.services.bedside.sources import Switch
from monitor_app.services.bedside.system import SystemState
from monitor_app.services.bedside.vitals import VitalsBoard, first_valued
from monitor_app.services.bedside.waves import WavesDesk

CUFF_PULSE_HOLD_NS = 60 * NS_PER_S
"""A pulse rate from the cuff stands in for a lost heart rate for this long, no more."""


@dataclass(frozen=True, slots=True)
class _OfVisit:
    """What the alarm rules are told that only an entry of the visit can change."""

    visit: Visit
    o2_l_per_min: float | None
    infusion_end_t_ns: int | None
    infusion_end_systolic_mmhg: float | None
    recovery_minimum_t_ns: int | None
    nurse: NurseFacts
    work: WorkFacts


def _of_visit(visit: Visit, rules: ClinicRules) -> _OfVisit:
    t_end_ns = infusion_of(visit).t_end_ns
    minimum = None if t_end_ns is None else recovery_minimum(visit, rules)
    oxygen = oxygen_now(visit.care)
    return _OfVisit(
        visit,
        o2_l_per_min=oxygen.l_per_min if oxygen.l_per_min > 0 else None,
        infusion_end_t_ns=t_end_ns,
        infusion_end_systolic_mmhg=end_systolic_mmhg(visit),
        recovery_minimum_t_ns=minimum.t_ns if minimum else None,
        nurse=nurse_facts(visit),
        work=work_facts(visit, rules),
    )


@dataclass(slots=True)
class FactsBuilder:
    """Reads the desks; owns nothing but how long ECG and SpO2 have been usable. Bedside thread only.

    ``limits``: the numbers in force, ``holds``: what a person keeps from being announced, each asked at every instant.
    """

    vitals: VitalsBoard
    waves: WavesDesk
    cuff: CuffDesk
    links: LinksDesk
    history: ValueHistory
    system: SystemState
    self_test: str
    limits: Callable[[], Limits] = field(default=default_limits)
    holds: Callable[[], Holds] = field(default=lambda: NOTHING_HELD)
    ecg_valid_since: int | None = None
    spo2_valid_since: int | None = None
    rules: ClinicRules = field(default_factory=ClinicRules)
    _electrode_off: int | None = None
    _gathered: "_OfVisit | None" = None

    def use_rules(self, rules: ClinicRules) -> None:
        """Take other rules of the clinic: what followed from the old ones is worked out anew."""
        self.rules = rules
        self._gathered = None

    def rank(self, t_ns: int) -> list[Switch]:
        """Choose which monitor speaks for what; to be asked before ``second`` and ``facts``."""
        cuff = self.cuff.rank(lambda source: self.links.alive(source, t_ns))
        moved = self.vitals.rank(t_ns) + self.waves.rank(t_ns, self.vitals.sensor_off)
        return moved if cuff is None else [*moved, cuff]

    @property
    def ecg_source(self) -> str:
        """The monitor whose ECG is drawn and judged; of several, a lead off at another one says nothing."""
        return self.waves.lead_source or self.vitals.source_of("HR") or ""

    def heart_rate(self, t_ns: int) -> Shown:
        """The rate on display: the monitor's own from the ECG, ours, the pulse, the cuff's (clinical.md §6.1)."""
        shown = self.vitals.shown("HR", t_ns)
        monitor = self._ecg_rate(shown, shown.source)
        own = self._ecg_rate(self.waves.own_rate(t_ns), self.waves.lead_source)
        pulse = self.vitals.shown("PR", t_ns)
        pulse = replace(pulse, source="PR", monitor=pulse.source)
        return first_valued(monitor, own, pulse, self._cuff_pulse(t_ns))

    def _ecg_rate(self, shown: Shown, source: str) -> Shown:
        """A rate from the ECG of a source, worth nothing while a lead is off there."""
        if not shown.fitted:
            return NOT_FITTED
        lead_off = self.vitals.rate_lead_off(self.ecg_source)
        if self.vitals.rate_lead_off(source):
            return Shown(None, 0.0, "ECG", shown.t_ns, monitor=source)
        quality = shown.quality
        second = self.waves.ecg.latest
        if second is not None and second.flat and source == self.waves.lead_source:
            quality = min(quality, second.quality.value)
        kind = "HR" if lead_off and source != self.ecg_source else "ECG"
        return Shown(shown.value, quality, kind, shown.t_ns, monitor=source)

    def _cuff_pulse(self, t_ns: int) -> Shown:
        """The cuff's last pulse, for a minute; with the monitor gone it is blank like everything from there."""
        last = self.cuff.readings.last_pulse
        if (
            last is None
            or t_ns - last[1] > CUFF_PULSE_HOLD_NS
            or not self.links.alive(self.cuff.source, t_ns)
        ):
            return NOT_FITTED
        return Shown(last[0], 1.0, "NIBP", last[1], monitor=self.cuff.source)

    def second(self, t_ns: int) -> None:
        """Take one second of displayed values."""
        hr, spo2 = self.heart_rate(t_ns), self.vitals.shown("SPO2", t_ns)
        self.history.add(hr, spo2, self.vitals.shown("RR", t_ns))
        ecg = hr.source == "ECG" and hr.value is not None and hr.quality >= USABLE
        self.ecg_valid_since = _since(self.ecg_valid_since, t_ns) if ecg else None
        usable = spo2.value is not None and spo2.quality >= USABLE
        self.spo2_valid_since = _since(self.spo2_valid_since, t_ns) if usable else None

    def facts(self, visit: Visit, t_ns: int) -> Facts:
        """What the alarm rules are told now."""
        known = self._of_visit(visit)
        vitals = self.vitals
        ecg = self.ecg_source
        rr = vitals.shown("RR", t_ns)
        return Facts(
            t_ns=t_ns,
            phase=visit.phase,
            hr=self.heart_rate(t_ns),
            pr=vitals.shown("PR", t_ns),
            spo2=vitals.shown("SPO2", t_ns),
            rr=rr,
            beats=self._beats(visit, t_ns),
            pulse=self.waves.pleth.facts(t_ns),
            nibp=self.cuff.facts(),
            ecg_leads_off=vitals.details("ECG_LEAD_OFF", ecg),
            ecg_lead_off_since_t_ns=vitals.since("ECG_LEAD_OFF", source=ecg),
            spo2_sensor_off_since_t_ns=vitals.sensor_off_since_t_ns,
            pleth_searching_since_t_ns=vitals.since("SPO2_SEARCHING", source=vitals.source_of("SPO2")),
            o2_l_per_min=known.o2_l_per_min,
            baseline=visit.baseline.baseline if visit.baseline else None,
            infusion_end_t_ns=known.infusion_end_t_ns,
            infusion_end_systolic_mmhg=known.infusion_end_systolic_mmhg,
            recovery_minimum_t_ns=known.recovery_minimum_t_ns,
            links=self.links.facts(),
            system=self.system.facts(t_ns),
            ecg=self.waves.ecg.signal,
            pi=vitals.shown("PI", t_ns),
            no_breath_since_t_ns=self._no_breath_since(rr, t_ns),
            nurse=known.nurse,
            work=known.work,
            holds=self.holds(),
        )

    def _beats(self, visit: Visit, t_ns: int) -> BeatFacts | None:
        """What the beats say. After an electrode was off a silence counts from when it was back: before, nothing was seen."""
        beats = self.waves.ecg.facts(t_ns, *run_limits(self.limits(), visit.phase.alarm_profile))
        if self.vitals.rate_lead_off(self.ecg_source):
            self._electrode_off = t_ns
        off, since = self._electrode_off, None if beats is None else beats.signal_since_t_ns
        if beats is None or off is None or since is None or since >= off:
            return beats
        return replace(beats, signal_since_t_ns=off)

    def _no_breath_since(self, rr: Shown, t_ns: int) -> int | None:
        """Since when no breath has been seen: by the monitor whose rate is shown, else in the wave on the screen.

        Breathing is measured through the electrodes of the ECG: with one of those off nothing is known of it.
        """
        wave = self.waves.breathing_source
        told = self.vitals.zero_since("RR", rr.source, t_ns) if rr.value == 0 else None
        seen = self.waves.breathing.no_breath_since(t_ns, counted=bool(rr.value) and rr.source == wave)
        times = [
            since
            for since, source in ((told, rr.source), (seen, wave))
            if since is not None and not self.vitals.rate_lead_off(source)
        ]
        return min(times, default=None)

    def _of_visit(self, visit: Visit) -> "_OfVisit":
        """Work out what follows from the visit alone, once for each visit as it stands."""
        known = self._gathered
        if known is None or known.visit is not visit:
            known = self._gathered = _of_visit(visit, self.rules)
        return known

    def visit_facts(self, visit: Visit, alarms: AlarmDesk, t_ns: int, record_sha256: str = "") -> VisitFacts:
        """What the rules of the visit are told now."""
        hr, spo2 = self.heart_rate(t_ns), self.vitals.shown("SPO2", t_ns)
        return VisitFacts(
            t_ns=t_ns,
            hr_per_min=hr.value,
            spo2_percent=spo2.value,
            rr_per_min=self.vitals.shown("RR", t_ns).value,
            hr_median_5_min_per_min=self.history.hr_median,
            spo2_lowest_10_min_percent=self.history.spo2_lowest,
            ecg_valid_since_t_ns=self.ecg_valid_since,
            spo2_valid_since_t_ns=self.spo2_valid_since,
            baseline=propose_baseline(visit.readings, self.history.series(), t_ns),
            unacknowledged_high=alarms.unacknowledged_high,
            active_high_physiological=alarms.active_high_physiological,
            standing_alarms=alarms.standing,
            self_test=self.self_test,
            next_nibp_t_ns=self.cuff.next_due_t_ns,
            record_sha256=record_sha256,
            cuff_fitted=self.cuff.timing is not NibpTiming.NONE,
            probe_fitted=spo2.fitted,
            rules=self.rules,
        )


def _since(earlier: int | None, now: int) -> int:
    """Since when something holds: since earlier, or from now on."""
    return now if earlier is None else earlier
