"""An emulated Efficia CM: the monitor's end of the wire (protocols.md §4, §12). It never speaks unasked."""

import numpy as np

from devices.patient import PatientNumerics, PatientSource, SensorState
from devices.protocols.device_time import SEEDED_START_S
from devices.protocols.efficia_hl7.codes import (
    DIASTOLIC,
    HEART_RATE,
    MEAN,
    PULSE,
    RESPIRATION,
    SPO2,
    SYSTOLIC,
    TEMPERATURE,
)
from devices.protocols.efficia_hl7.report import Shown, refusal, screen_report
from devices.protocols.efficia_hl7.request import RECORD_FILTER, SCREEN_FILTER
from devices.protocols.hl7.message import Message, Segment, parse_message
from devices.protocols.hl7.mllp import MllpReader
from devices.protocols.panel_cuff import CuffEnd, PanelCuff

_NO_RECORD = "No patient record to export"
_INVALID = "Invalid query"
_PRESSURES = (SYSTOLIC, DIASTOLIC, MEAN)


class EfficiaHl7Monitor:
    """A freshly switched-on monitor with its sensors on a patient; its clock starts at ``SEEDED_START_S``.

    A query for the screen is answered with an ORF, any other with a negative acknowledgement. A positive acknowledgement
    clears the NBP pane, as the network guide warns. Its cuff is worked from its front (``CuffPanel``).
    """

    def __init__(self, patient: PatientSource, *, seed: int) -> None:
        self._patient = patient
        self._cuff = PanelCuff(patient, np.random.default_rng(seed))
        self._reader: MllpReader[Message] = MllpReader(parse_message)
        self._queries: list[Message] = []
        self._now_s = 0.0
        self._counter = 0
        self._nbp: CuffEnd | None = None
        self._nbp_clock_s = 0.0  # what its clock showed at the end of that measurement
        self._clock_s = SEEDED_START_S  # what it shows, less patient time

    def receive(self, data: bytes) -> None:
        """See ``MonitorSide``. Messages are processed one by one, at the instant next advanced to."""
        for message in self._reader.feed(data):
            kind = message.header.component(9)
            if kind == "ACK":
                self._acknowledged(message)
            else:
                self._queries.append(message)

    def advance(self, until_s: float) -> bytes:
        """See ``MonitorSide``."""
        if until_s > self._now_s:
            self._note(self._cuff.advance(until_s))
            self._patient.advance(until_s)
            self._now_s = until_s
        queries, self._queries = self._queries, []
        return b"".join(self._answer(message) for message in queries)

    def press_nibp(self) -> None:
        """See ``CuffPanel``."""
        self._note(self._cuff.press(self._now_s))

    def set_nibp_auto(self, interval_min: int | None) -> None:
        """See ``CuffPanel``."""
        self._cuff.set_auto(self._now_s, interval_min)

    def set_clock(self, posix_s: float) -> None:
        """See ``ClockSetting``; a measurement keeps the time it was taken at."""
        self._clock_s = posix_s - self._now_s

    def _note(self, ended: list[CuffEnd]) -> None:
        if ended:
            self._nbp = ended[-1]
            self._nbp_clock_s = self._clock_s + ended[-1].at_s

    def _acknowledged(self, message: Message) -> None:
        answer = message.first("MSA")
        if answer is not None and answer.component(1) == "AA" and self._counter:
            self._nbp = None

    def _answer(self, message: Message) -> bytes:
        header, definition = message.header, message.first("QRD")
        query_id = header.component(10)
        self._counter += 1
        clock_s = self._clock_s + self._now_s
        if header.component(9) != "QRY" or definition is None or not _valid(header, definition):
            return refusal(query_id, self._counter, clock_s, _INVALID)
        if definition.component(9) == RECORD_FILTER:
            return refusal(query_id, self._counter, clock_s, _NO_RECORD)
        screen = self._numbers() + self._pressures()
        return screen_report((query_id, definition), self._counter, clock_s, screen)

    def _numbers(self) -> list[Shown]:
        numerics, sensors = self._patient.numerics(), self._patient.sensors()
        return [
            _heart(numerics, sensors),
            _pleth(SPO2, numerics.spo2_percent, sensors),
            _pleth(PULSE, numerics.pr_per_min, sensors),
            _breath(numerics, sensors),
            Shown(TEMPERATURE, "" if numerics.temperature_c is None else f"{numerics.temperature_c:.1f}"),
        ]

    def _pressures(self) -> list[Shown]:
        """Return the NBP pane: empty before the first measurement, "?" after one that failed."""
        if self._nbp is None:
            return [Shown(term, "") for term in _PRESSURES]
        at_s, pressures = self._nbp_clock_s, self._nbp.pressures
        if self._nbp.failure is not None:
            return [Shown(term, "", questioned=True, measured_s=at_s) for term in _PRESSURES]
        values = (pressures.systolic_mmhg, pressures.diastolic_mmhg, pressures.mean_mmhg)
        return [
            Shown(term, f"{mmhg:.0f}", measured_s=at_s) for term, mmhg in zip(_PRESSURES, values, strict=True)
        ]


def _valid(header: Segment, definition: Segment) -> bool:
    """Whether the monitor takes a query: an id of both kinds, version 2.4, and a filter it knows."""
    known_filter = definition.component(9) in (SCREEN_FILTER, RECORD_FILTER)
    ids = bool(header.component(10)) and bool(definition.component(4))
    return ids and known_filter and header.component(12) == "2.4"


def _heart(numerics: PatientNumerics, sensors: SensorState) -> Shown:
    if set(sensors.ecg_leads_off) - {"V"}:
        return Shown(HEART_RATE, "", questioned=True)
    return Shown(HEART_RATE, _whole(numerics.hr_per_min))


def _breath(numerics: PatientNumerics, sensors: SensorState) -> Shown:
    if set(sensors.ecg_leads_off) - {"V"}:  # measured by impedance between the same electrodes
        return Shown(RESPIRATION, "", questioned=True)
    return Shown(RESPIRATION, _whole(numerics.rr_per_min))


def _pleth(term: str, value: float | None, sensors: SensorState) -> Shown:
    """Return a number of the probe: none without a probe, "?" with nothing in it or no pulse found."""
    source = SPO2 if term == PULSE else ""
    if sensors.spo2_probe_unplugged:
        return Shown(term, "", source_term=source)
    if sensors.spo2_finger_out or value is None:
        return Shown(term, "", questioned=True, source_term=source)
    return Shown(term, _whole(value), source_term=source)


def _whole(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"
