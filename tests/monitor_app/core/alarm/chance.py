"""A patient of whom chance disposes, and what must hold of the alarms whatever happens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hypothesis.stateful import invariant

from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.condition import Condition
from monitor_app.core.alarm.facts import Facts, NibpFacts, NurseFacts, Rating, Shown
from monitor_app.core.alarm.holding import held_back
from monitor_app.core.alarm.state import AlarmState
from monitor_app.core.journal import Baseline
from monitor_app.core.phase import Phase
from monitor_app.core.priority import Priority
from tests.monitor_app.core.alarm.alarm_helpers import S, facts, reading

BY_ID = {r.id: r for r in RULES}
BASELINE = Baseline(120, 80, 72, 98, 14)
HIGH_GAP_S = 12  # a burst of 3.1 s, the gap of 7 s, and the burst of another alarm that plays
OVER = {  # rule: its number, and whether greater is worse
    "AL-HR-02": True, "AL-HR-03": True, "AL-HR-04": True, "AL-HR-06": False, "AL-HR-07": False,
    "AL-SP-01": False, "AL-SP-02": False, "AL-RR-02": False, "AL-RR-03": False, "AL-RR-04": True,
}  # fmt: skip
PHASES = [Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF, Phase.PAUSE, Phase.REC, Phase.DCA, Phase.EMERG]


@dataclass
class Patient:
    """What the monitor shows now."""

    hr: float | None = 80
    spo2: float | None = 97
    rr: float | None = 14
    lead_off: tuple[str, ...] = ()
    lead_since: int | None = None
    probe_off: int | None = None
    cuff_since: int | None = None
    readings: tuple = ()
    moaas: Rating | None = None
    quality: float = 1.0

    def sensors(self, t_ns: int, leads: tuple[str, ...], *, probe_off: bool) -> None:
        """Which leads are off from now on, and whether the probe is."""
        self.lead_off = leads
        self.lead_since = t_ns if leads else None
        self.probe_off = t_ns if probe_off else None

    def measured(self, t_ns: int, pressure: tuple[float, float], *, retake: bool) -> None:
        """The cuff has read this."""
        seq = self.readings[-1].seq + 1 if self.readings else 1
        self.readings = (*self.readings, reading(seq, t_ns / S, *pressure, retake=retake))[-6:]

    def facts(self, t_ns: int, **known: object) -> Facts:
        """What the rules are told of this patient."""
        return facts(
            t_ns / S,
            hr=Shown(self.hr, self.quality if self.hr is not None else 0.0, "ECG", t_ns),
            spo2=Shown(self.spo2, 1.0, "SPO2", t_ns),
            rr=Shown(self.rr, 1.0, "RESP", t_ns),
            nibp=NibpFacts(self.readings, inflating_on_spo2_limb_since_t_ns=self.cuff_since),
            ecg_leads_off=self.lead_off,
            ecg_lead_off_since_t_ns=self.lead_since,
            spo2_sensor_off_since_t_ns=self.probe_off,
            nurse=NurseFacts(moaas=self.moaas),
            **known,
        )


class NothingGraveIsLost:
    """What must hold after every act, of an engine alone as of the desks of a bedside.

    ``unheard_since``: since when a shown, unacknowledged HIGH alarm has not been sounding, by rule.
    """

    patient: Patient
    t_ns: int
    unheard_since: dict[str, int]
    conditions: Sequence[Condition]
    _facts: Callable[[], Facts]

    @invariant()
    def high_is_seen(self) -> None:
        """An unacknowledged HIGH alarm is on the bar unless something names itself as hiding it."""
        by_rule = {c.rule.id: c for c in self.conditions}
        for condition in self.conditions:
            grave = condition.rule.priority is Priority.HIGH and condition.state.unacknowledged
            if not grave or condition.shown:
                continue
            hiding = condition.suppressed_by
            if hiding in by_rule:
                other = by_rule[hiding]
                assert other.state.running, f"{condition.rule.id} is hidden by {hiding}, which is over"
                told = other.rule.priority is Priority.HIGH or condition.announced_t_ns is None
                assert told, f"{condition.rule.id} vanished behind {hiding}"
            else:
                held, _until = held_back(condition.rule, self._facts())
                assert held
                assert condition.announced_t_ns is None or not condition.rule.latching

    @invariant()
    def high_is_heard(self) -> None:
        for rule_id, since in self.unheard_since.items():
            assert self.t_ns - since <= HIGH_GAP_S * S, f"{rule_id} has been silent"

    @invariant()
    def nothing_hides_without_a_reason(self) -> None:
        for condition in self.conditions:
            if not condition.suppressed_by or condition.state is AlarmState.PENDING:
                continue
            others = {c.rule.id: c for c in self.conditions}
            if condition.suppressed_by in others:
                assert others[condition.suppressed_by].state is not AlarmState.LATCHED
            elif condition.suppressed_by in BY_ID:
                # The judge of a rate names TE-01 while the lead is off, before TE-01 itself is announced.
                assert self.patient.lead_off
            else:
                assert held_back(condition.rule, self._facts())[0]
