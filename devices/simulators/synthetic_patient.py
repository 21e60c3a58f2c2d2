"""A patient made of a scenario and a seed: body, chair and story behind the one interface monitors know."""

import math
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from devices.patient import CuffPressures, PatientNumerics, SensorState
from devices.signals import NibpFailure
from devices.simulators.acts import BedsideEvent
from devices.simulators.artefacts import CuffShadow, is_flat, overlay
from devices.simulators.beat_train import BeatTrain
from devices.simulators.physiology import Physiology, cuff_noise
from devices.simulators.population import FloatArray
from devices.simulators.profile import profile_of
from devices.simulators.scenario import Scenario
from devices.simulators.scenario_runner import Measured, ScenarioRunner, Utterance
from devices.simulators.scenario_timeline import ScenarioTimeline
from devices.simulators.virtual_bedside import VirtualBedside
from devices.simulators.vitals import Vitals
from devices.simulators.wave_bank import WAVE_NAMES, WaveBank

CUFF_LIMITS_PER_MIN = (40.0, 240.0)
"""Heart rates between which a cuff can measure (clinical.md §8.4)."""

CUFF_MOTION_LIMIT = 0.5
"""Movement above which a cuff gives up (clinical.md §8.4 "strong movement"; the number is ours)."""


@dataclass(frozen=True, slots=True)
class CuffReading:
    """A reading that a cuff took, with the truth at that moment, for the debrief."""

    at_s: float
    pressures: CuffPressures
    truth: Vitals


class SyntheticPatient:
    """A ``PatientSource`` that answers to what is done at its ``bedside``.

    ``timeline`` gives the bedside its own acts and starts at a phase of the story; without one somebody else must act.
    Vitals move at whole seconds; pump, leads and cuff at the instant of the act. All methods belong to one thread,
    except ``bedside.post``. Asking for samples past the last ``advance`` moves the patient there.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int | None = None,
        *,
        timeline: ScenarioTimeline | None = None,
        mains_hz: float = 0.0,
    ) -> None:
        self.scenario = scenario
        self.seed = scenario.seed if seed is None else seed
        start_s = -timeline.lead_in_s if timeline else 0
        self.bedside = VirtualBedside(scenario.infusion_order, scenario.patient.weight, start_s=start_s)
        self.physiology = Physiology(profile_of(scenario, self.seed), seed=self.seed, start_s=start_s)
        self.runner = ScenarioRunner(scenario, self.physiology, self.bedside, seed=self.seed, start_s=start_s)
        self.readings: list[CuffReading] = []
        self.history: list[BedsideEvent] = []
        self._train = BeatTrain(self.seed)
        self._bank = WaveBank(self._train, seed=self.seed, mains_hz=mains_hz)
        self._cuff = CuffShadow()
        self._sampled: CuffPressures | None = None
        self._unsampled_end_s: float | None = None
        self._delivered_mg = 0.0
        self._now_s = float(start_s)
        for timed in timeline.acts if timeline else ():
            self.bedside.post(timed.act, timed.at_s)
        self.bedside.advance(start_s)
        self._begin_second(start_s)
        self.advance(0.0)

    @property
    def wave_names(self) -> tuple[str, ...]:
        """Leads I, II and V, pleth and breathing."""
        return WAVE_NAMES

    @property
    def now_s(self) -> float:
        """The instant last advanced to."""
        return self._now_s

    @property
    def cable_out(self) -> bool:
        """Whether the monitor's data cable is out, by a hand or by the story: nothing gets through either way."""
        return self.bedside.cable_out

    @property
    def last_reading(self) -> CuffReading | None:
        """The newest completed cuff reading."""
        return self.readings[-1] if self.readings else None

    def truth(self) -> Vitals:
        """Return the true vitals, whether or not a sensor sees them."""
        return self._vitals

    def take_utterances(self) -> list[Utterance]:
        """Return what the patient has said since the last call."""
        return self.runner.take_utterances()

    def advance(self, until_s: float) -> None:
        """See ``PatientSource``; an instant in the past changes nothing."""
        while self.physiology.now_s + 1 <= until_s:
            self._live_one_second()
        if until_s > self._now_s:
            self.bedside.advance(until_s)
            self._now_s = until_s

    def wave(self, name: str, rate_hz: float, first_sample: int, count: int) -> FloatArray | None:
        """See ``PatientSource``. What is more than 4 s past may be NaN beyond two minutes."""
        if name not in WAVE_NAMES:
            return None
        last_s = (first_sample + count - 1) / rate_hz
        if last_s >= self.physiology.now_s + 1:
            self.advance(last_s)
        values = self._bank.samples(name, rate_hz, first_sample, count)
        attachments = self.bedside.attachments
        plain = len(attachments) == 1 and not attachments[0].cuff_on_probe_limb
        if not plain and count:
            at_s = np.arange(first_sample, first_sample + count) / rate_hz
            since = bisect_right(attachments, at_s[0], key=lambda a: a.since_s)
            until = bisect_right(attachments, at_s[-1], key=lambda a: a.since_s)
            overlay(
                name, (at_s, values), attachments[max(since - 1, 0) : until], self._cuff, self._bank.noise
            )
        return values

    def numerics(self) -> PatientNumerics:
        """See ``PatientSource``: the true values its sensors can see."""
        vitals, sensors = self._vitals, self.bedside.sensors
        share = self._pulse_share()
        heart = all(is_flat(name, sensors) for name in ("ECG_I", "ECG_II", "ECG_V"))
        finger = is_flat("PLETH", sensors) or share < 0.15 or vitals.hr_per_min < 1.0
        return PatientNumerics(
            hr_per_min=None if heart else vitals.hr_per_min,
            pr_per_min=None if finger else vitals.hr_per_min,
            # A fading pulse reads low before it is lost.
            spo2_percent=None if finger else vitals.spo2_percent - 6.0 * (1.0 - share),
            rr_per_min=None if is_flat("RESP", sensors) else vitals.rr_per_min,
            perfusion_index_percent=None if finger else vitals.perfusion_index_percent * share,
            temperature_c=vitals.temperature_c,
        )

    def sensors(self) -> SensorState:
        """See ``PatientSource``."""
        return self.bedside.sensors

    def beats_between(self, start_s: float, end_s: float) -> FloatArray:
        """See ``PatientSource``."""
        return self._train.between(start_s, end_s)

    def cuff_pressures(self) -> CuffPressures:
        """See ``PatientSource``. The same second always reads the same."""
        reading = self._read_cuff()
        if self._cuff.inflating:
            self._sampled = reading
        elif self._unsampled_end_s is not None:
            # This monitor deflates first and reads then.
            self._close_cycle(reading, self._unsampled_end_s)
        return reading

    def cuff_started(self, at_s: float) -> None:
        """See ``PatientSource``."""
        self._sampled = self._unsampled_end_s = None
        self._cuff.started(at_s)
        self.bedside.announce("nibp_started")

    def cuff_ended(self, at_s: float) -> None:
        """See ``PatientSource``. A reading sampled in this cycle counts from now on (``event:nibp_done``)."""
        self._cuff.ended(at_s)
        failure = self._cuff_failure()
        if self._sampled is not None:
            self._close_cycle(self._sampled, at_s)
        elif failure is not None:
            # A monitor that finds the cuff loose gives up without a reading.
            self._close_cycle(CuffPressures(failure=failure), at_s)
        else:
            self._unsampled_end_s = at_s

    def _close_cycle(self, pressures: CuffPressures, at_s: float) -> None:
        self._sampled = self._unsampled_end_s = None
        if pressures.failure is None:
            self.readings.append(CuffReading(at_s, pressures, self._vitals))
            self.runner.staged_used()
            self.bedside.announce("nibp_done")
        else:
            self.bedside.announce("nibp_failed", pressures.failure.value)

    def _live_one_second(self) -> None:
        second = self.physiology.now_s + 1
        self.bedside.advance(second)
        pump = self.bedside.pump
        mg_per_kg = (pump.delivered_mg - self._delivered_mg) / pump.weight_kg
        self._delivered_mg = pump.delivered_mg
        self.physiology.step(mg_per_kg, oxygen_l_min=self.bedside.oxygen_l_min)
        self._now_s = max(self._now_s, float(second))
        self._begin_second(second)

    def _begin_second(self, second: int) -> None:
        events = self.bedside.take_events()
        self.history.extend(events)
        for event in events:
            if event.name == "drug_midazolam":
                self.physiology.give_midazolam(float(event.detail))
        self.runner.tick(second, events, self._measured())
        self._vitals = self.physiology.vitals()
        self._train.add_second(
            second,
            hr_per_min=self._vitals.hr_per_min,
            rr_per_min=self._vitals.rr_per_min,
            pi_percent=self._vitals.perfusion_index_percent,
        )

    def _measured(self) -> Measured:
        truth = self.physiology.vitals()
        last = self.last_reading
        return Measured(truth, last.pressures if last else None, self.physiology.effect)

    def _pulse_share(self) -> float:
        if self.bedside.cuff_limb != self.bedside.probe_limb:
            return 1.0
        share = self._cuff.pulse_share(np.array([self._now_s, math.nextafter(self._now_s, math.inf)]))
        return 1.0 if share is None else float(share[0])

    def _read_cuff(self) -> CuffPressures:
        failure = self._cuff_failure()
        if failure is not None:
            return CuffPressures(failure=failure)
        staged = self.runner.staged
        systolic_error, diastolic_error = cuff_noise(self.seed, self._now_s)
        systolic = round(staged.get("sbp", self._vitals.systolic_mmhg + systolic_error))
        diastolic = round(staged.get("dbp", self._vitals.diastolic_mmhg + diastolic_error))
        diastolic = min(diastolic, systolic - 15)
        return CuffPressures(systolic, diastolic, round((systolic + 2 * diastolic) / 3))

    def _cuff_failure(self) -> NibpFailure | None:
        sensors = self.bedside.sensors
        if sensors.cuff_loose:
            return NibpFailure.CUFF_LOOSE
        if self.bedside.cuff_failure is not None:
            return self.bedside.cuff_failure
        if sensors.motion > CUFF_MOTION_LIMIT:
            return NibpFailure.MOTION
        low, high = CUFF_LIMITS_PER_MIN
        return None if low <= self._vitals.hr_per_min <= high else NibpFailure.WEAK
