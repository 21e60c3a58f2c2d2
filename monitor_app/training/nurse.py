"""The virtual nurse: takes a simulated patient through a whole visit with the commands a person has, and no others.

Asked once a second, it looks at what the screen shows and answers with commands (what is recorded) and acts (what is
physically done at the chair): two different things, as in life. It is deliberate, not fast: an alarm is acknowledged
after a while, the infusion is paused for a severe pressure and resumed when that is over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from devices.simulators.acts import Act, PausePump, SetOxygen, StartPump, StopPump, Talk
from monitor_app.core.alarm.engine import Condition
from monitor_app.core.commands import Acknowledge, Advance, Answer, Command, RecordCare, SetOrder, Sign
from monitor_app.core.journal import Order, Scalar
from monitor_app.core.observation import due_items
from monitor_app.core.phase import Phase
from monitor_app.core.priority import Priority
from monitor_app.core.stamp import NS_PER_S, Actor
from monitor_app.core.visit.care import oxygen_now
from monitor_app.core.visit.facts import VisitFacts
from monitor_app.core.visit.guards import guards_for
from monitor_app.core.visit.limbs import KIND, Limbs
from monitor_app.core.visit.questions import PAUSED_FOR_PRESSURE
from monitor_app.core.visit.state import Visit
from monitor_app.training.answers import answer_for

NURSE = Actor("Robin Hale", "nurse")
PRESCRIBER = Actor("Dr. Kim Lind", "prescriber")
ACKNOWLEDGE_AFTER_NS = {
    Priority.HIGH: 12 * NS_PER_S,
    Priority.MEDIUM: 20 * NS_PER_S,
    Priority.LOW: 40 * NS_PER_S,
}
PRESSURE_OVER_SYSTOLIC_MMHG = 160.0
PRESSURE_OVER_DIASTOLIC_MMHG = 100.0
LONGEST_PAUSE_NS = 15 * 60 * NS_PER_S
GIVE_OXYGEN_BELOW_PERCENT = 92.0
OXYGEN_L_PER_MIN = 2.0
LIMBS = Limbs(cuff="left arm", probe="right hand")
"""Where the simulated chair has them at the start of a visit."""
TRY_AGAIN_NS = 10 * NS_PER_S
SECOND_SEDATION_NS = 10 * 60 * NS_PER_S + NS_PER_S
"""Two checks of MOAA/S 5 at least 10 min apart before discharge (clinical.md §12 D6)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the nurse sees in one second. ``pump_ml`` and ``pump_done`` are read off the pump itself."""

    t_ns: int
    visit: Visit
    facts: VisitFacts
    conditions: tuple[Condition, ...]
    pump_ml: float
    pump_running: bool
    pump_done: bool
    heard: tuple[str, ...] = ()


@dataclass(slots=True)
class Deeds:
    """What the nurse does in answer."""

    commands: list[Command] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)


class VirtualNurse:
    """See the module. One instance for one visit."""

    def __init__(self, order: Order, *, told: Mapping[str, Scalar] | None = None) -> None:
        self._order = order
        self._told = dict(told or {})
        self._tried_ns: dict[Phase, int] = {}
        self._wants_to_stop = False

    def act(self, seen: Seen) -> Deeds:
        """Return what is done this second."""
        deeds = Deeds()
        self._acknowledge(seen, deeds)
        self._listen(seen, deeds)
        if seen.visit.phase.monitoring:
            self._observe(seen, deeds)
            self._oxygen(seen, deeds)
        step = {
            Phase.SCHED: Phase.CHECKIN,
            Phase.CHECKIN: Phase.BASE,
            Phase.BASE: Phase.READY,
            Phase.READY: Phase.INF,
            Phase.REC: Phase.DCA,
            Phase.DCA: Phase.DONE,
        }.get(seen.visit.phase)
        if seen.visit.phase is Phase.READY and seen.visit.order is None:
            deeds.commands.append(SetOrder(self._order, PRESCRIBER))
        elif step is not None:
            self._go_on(seen, step, deeds)
        elif seen.visit.phase is Phase.INF:
            self._watch_infusion(seen, deeds)
        elif seen.visit.phase is Phase.PAUSE:
            self._watch_pause(seen, deeds)
        elif seen.visit.phase is Phase.DONE:
            self._sign(seen, deeds)
        return deeds

    def _acknowledge(self, seen: Seen, deeds: Deeds) -> None:
        for condition in seen.conditions:
            since = condition.announced_t_ns
            patience = ACKNOWLEDGE_AFTER_NS.get(condition.rule.priority)
            if condition.unacknowledged and since is not None and patience and seen.t_ns - since >= patience:
                deeds.commands.append(Acknowledge(NURSE, condition.rule.id))

    def _listen(self, seen: Seen, deeds: Deeds) -> None:
        for words in seen.heard:
            deeds.commands.append(
                RecordCare("note", words if words.startswith("Patient") else f"Patient: {words}", NURSE)
            )
            deeds.acts.append(Talk("calm"))
            self._wants_to_stop |= "stop" in words.lower()

    def _observe(self, seen: Seen, deeds: Deeds) -> None:
        """Make the scheduled observations when they are due."""
        items = {i.item for i in due_items(seen.visit, seen.facts.rules) if i.due_t_ns <= seen.t_ns}
        pain = items & {"vas"}
        if pain:
            value = 6.0 if seen.visit.phase is Phase.BASE else 2.0
            deeds.commands.append(RecordCare("vas", f"Pain {value:g} of 10", NURSE, {"value": value}))
        if items - pain or self._second_sedation(seen):
            deeds.commands.append(self._check(seen))

    def _check(self, seen: Seen) -> RecordCare:
        rate = round(seen.facts.rr_per_min) if seen.facts.rr_per_min else 14
        infusing = seen.visit.phase in {Phase.INF, Phase.PAUSE}
        fields: dict[str, Scalar] = {
            "moaas": 4 if infusing else 5,
            "dissociation": 1 if infusing else 0,
            "nausea": 0,
            "rr": rate,
            "iv_site": "dry, flows",
        }
        return RecordCare("check", f"MOAA/S {fields['moaas']}, RR {rate}, IV site dry", NURSE, fields)

    def _second_sedation(self, seen: Seen) -> bool:
        """In recovery, look again as soon as the two checks of D6 can be complete."""
        if seen.visit.phase is not Phase.REC:
            return False
        checks = [e.stamp.t_ns for e in seen.visit.care if e.kind == "check"]
        recent = [t for t in checks if t >= seen.visit.phase_start_t_ns]
        return not recent or seen.t_ns - recent[-1] >= SECOND_SEDATION_NS

    def _oxygen(self, seen: Seen, deeds: Deeds) -> None:
        spo2 = seen.facts.spo2_percent
        on = oxygen_now(seen.visit.care).on
        if not on and spo2 is not None and spo2 < GIVE_OXYGEN_BELOW_PERCENT:
            deeds.acts.append(SetOxygen(OXYGEN_L_PER_MIN))
            fields: dict[str, Scalar] = {"l_per_min": OXYGEN_L_PER_MIN, "device": "nasal cannula"}
            deeds.commands.append(RecordCare("oxygen", "Oxygen 2 L/min", NURSE, fields))
        if on and seen.visit.phase is Phase.REC and spo2 is not None and spo2 >= 96:
            deeds.acts.append(SetOxygen(0.0))
            deeds.commands.append(RecordCare("oxygen", "Oxygen off", NURSE, {"l_per_min": 0.0}))

    def _go_on(self, seen: Seen, to_phase: Phase, deeds: Deeds) -> None:
        """Answer what is asked; when nothing is missing, take the step (and do what it stands for)."""
        if self._answer(seen, to_phase, deeds) or not self._may_try(seen, to_phase):
            return
        guards = guards_for(seen.visit, to_phase, seen.facts)
        if all(guard.met for guard in guards):
            self._tried_ns[to_phase] = seen.t_ns
            if to_phase is Phase.INF:
                deeds.acts.append(StartPump())
            deeds.commands.append(Advance(to_phase, NURSE))

    def _may_try(self, seen: Seen, to_phase: Phase) -> bool:
        tried = self._tried_ns.get(to_phase)
        return tried is None or seen.t_ns - tried >= TRY_AGAIN_NS

    def _answer(self, seen: Seen, to_phase: Phase, deeds: Deeds) -> bool:
        """Answer every open question of a step; whether there was one."""
        any_open = False
        for guard in guards_for(seen.visit, to_phase, seen.facts):
            if guard.met and not (guard.question and guard.answer is None and guard.key == "d21_next_visit"):
                continue
            if guard.key == KIND:
                fields: dict[str, Scalar] = {"cuff": LIMBS.cuff, "probe": LIMBS.probe}
                deeds.commands.append(RecordCare(KIND, LIMBS.text, NURSE, fields))
                any_open = True
                continue
            value = answer_for(guard, seen.visit, self._told, seen.pump_ml)
            if value is None or (guard.answer is not None and guard.answer.value == value):
                continue
            by = PRESCRIBER if guard.question and guard.question.answered_by == "prescriber" else NURSE
            deeds.commands.append(Answer(guard.key, value, by))
            any_open = True
        return any_open

    def _watch_infusion(self, seen: Seen, deeds: Deeds) -> None:
        severe = any(c.rule.id == "AL-BP-01" and c.state.running for c in seen.conditions)
        if self._wants_to_stop:
            self._end(seen, deeds, "patient wants to stop")
        elif seen.pump_done:
            self._end(seen, deeds, "")
        elif severe and self._may_try(seen, Phase.PAUSE):
            self._tried_ns[Phase.PAUSE] = seen.t_ns
            deeds.acts.append(PausePump())
            deeds.commands.append(
                Advance(Phase.PAUSE, NURSE, PAUSED_FOR_PRESSURE, pump_volume_ml=round(seen.pump_ml, 1))
            )

    def _end(self, seen: Seen, deeds: Deeds, reason: str) -> None:
        if not self._may_try(seen, Phase.REC):
            return
        self._tried_ns[Phase.REC] = seen.t_ns
        deeds.acts.append(StopPump())
        deeds.commands.append(Advance(Phase.REC, NURSE, reason, pump_volume_ml=round(seen.pump_ml, 1)))

    def _watch_pause(self, seen: Seen, deeds: Deeds) -> None:
        last = seen.visit.readings[-1] if seen.visit.readings else None
        calm = (
            last is not None
            and last.stamp.t_ns > seen.visit.phase_start_t_ns
            and (last.systolic_mmhg or 0) < PRESSURE_OVER_SYSTOLIC_MMHG
            and (last.diastolic_mmhg or 0) < PRESSURE_OVER_DIASTOLIC_MMHG
        )
        if calm and not seen.facts.active_high_physiological:
            if not self._answer(seen, Phase.INF, deeds) and self._may_try(seen, Phase.INF):
                self._tried_ns[Phase.INF] = seen.t_ns
                deeds.acts.append(StartPump())
                deeds.commands.append(Advance(Phase.INF, NURSE))
        elif seen.t_ns - seen.visit.phase_start_t_ns >= LONGEST_PAUSE_NS:
            self._end(seen, deeds, "blood pressure")

    def _sign(self, seen: Seen, deeds: Deeds) -> None:
        if self._answer(seen, Phase.SIGNED, deeds) or not self._may_try(seen, Phase.SIGNED):
            return
        self._tried_ns[Phase.SIGNED] = seen.t_ns
        signed = {s.by.role for s in seen.visit.signatures}
        signer = NURSE if "nurse" not in signed else PRESCRIBER
        deeds.commands.append(Sign(signer, "performed" if signer is NURSE else "reviewed"))
