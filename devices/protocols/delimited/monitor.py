"""An emulated monitor of a described protocol: what its description says, from a patient."""

import numpy as np

from devices.patient import CuffPressures, PatientNumerics, PatientSource, SensorState
from devices.protocols.delimited.decoder import SIMULATOR_NAME
from devices.protocols.delimited.layout import FieldLayout, LineForm, MonitorLayout, NibpLayout
from devices.protocols.delimited.lines import frame_line
from devices.protocols.device_time import SEEDED_START_S
from devices.protocols.hl7.message import escape, message_bytes, segment_text
from devices.protocols.hl7.mllp import frame_message
from devices.protocols.hl7.timestamp import format_timestamp
from devices.protocols.panel_cuff import CuffEnd, PanelCuff
from devices.signals import NibpFailure

_MOST_HEARD = 4096


class DelimitedMonitor:
    """Speaks every ``interval_s`` from its first, or once for each request where the description has one.

    Its cuff, where it has one, is worked from its front (``CuffPanel``).
    """

    def __init__(self, layout: MonitorLayout, patient: PatientSource, *, seed: int) -> None:
        self._layout = layout
        self._patient = patient
        self._cuff = PanelCuff(patient, np.random.default_rng(seed))
        self._last: CuffEnd | None = None
        self._heard = b""
        self._asked = 0
        self._sent = 0
        self._now_s = 0.0

    def receive(self, data: bytes) -> None:
        """See ``MonitorSide``."""
        request = self._layout.request
        if not request:
            return
        *asked, rest = (self._heard + data).split(request)
        self._asked += len(asked)
        self._heard = rest[-_MOST_HEARD:]

    def advance(self, until_s: float) -> bytes:
        """See ``MonitorSide``."""
        data = b""
        if not self._layout.request:
            while (at_s := (self._sent + 1) * self._layout.interval_s) <= until_s:
                self._move(at_s)
                self._sent += 1
                data += self._record()
        self._move(until_s)
        for _ in range(self._asked):
            self._sent += 1
            data += self._record()
        self._asked = 0
        return data

    def press_nibp(self) -> None:
        """See ``CuffPanel``."""
        if self._layout.nibp is not None:
            self._note(self._cuff.press(self._now_s))

    def set_nibp_auto(self, interval_min: int | None) -> None:
        """See ``CuffPanel``."""
        if self._layout.nibp is not None:
            self._cuff.set_auto(self._now_s, interval_min)

    def _move(self, until_s: float) -> None:
        if until_s > self._now_s:
            self._note(self._cuff.advance(until_s))
            self._patient.advance(until_s)
            self._now_s = until_s

    def _note(self, ended: list[CuffEnd]) -> None:
        if ended:
            self._last = ended[-1]

    def _record(self) -> bytes:
        texts = self._texts()
        if self._layout.line.form is LineForm.HL7:
            return self._hl7(texts)
        line = self._layout.line
        if line.form is LineForm.FIELDS:
            pieces = [texts.get(str(number), "0") for number in range(1, line.count + 1)]
        else:
            pieces = [f"{key}{line.assign}{value}" for key, value in texts.items()]
        return frame_line(line, line.separator.join(pieces).encode("ascii"))

    def _texts(self) -> dict[str, str]:
        """Return the text of every described field now."""
        layout, clock_s = self._layout, SEEDED_START_S + self._now_s
        texts: dict[str, str] = {}
        if layout.clock and layout.clock_form is not None:
            texts[layout.clock] = layout.clock_form.write(clock_s)
        if layout.identity:
            texts[layout.identity] = SIMULATOR_NAME.replace(" ", "-")  # it must not be cut at a separator
        truth = _measured(self._patient.numerics(), self._patient.sensors())
        for field in layout.fields:
            texts[field.field] = field_text(field, truth.get(field.name))
        if layout.alarm:
            texts[layout.alarm] = layout.quiet[0] if layout.quiet else ""
        if layout.nibp is not None:
            texts |= self._cuff_texts(layout.nibp)
        return texts

    def _cuff_texts(self, layout: NibpLayout) -> dict[str, str]:
        last = self._last
        pressures = last.pressures if last is not None and last.failure is None else None
        texts = {f.field: field_text(f, _pressure(layout, f, pressures)) for f in layout.values}
        if layout.time:
            never = layout.systolic.invalid[0] if layout.systolic.invalid else ""
            at_s = None if last is None else SEEDED_START_S + last.at_s
            texts[layout.time] = never if at_s is None else layout.time_form.write(at_s)
        if layout.status:
            texts[layout.status] = _status(layout, last.failure if last is not None else None)
        return texts

    def _hl7(self, texts: dict[str, str]) -> bytes:
        layout = self._layout
        now = format_timestamp(SEEDED_START_S + self._now_s)
        control_id = f"SIM{self._sent:07d}"
        header = ("", "", "", now, "", "ORU^R01", control_id, "P", "2.4")
        segments = [segment_text("MSH", SIMULATOR_NAME, *header), segment_text("OBR", "", "", "", "MONITOR")]
        cuff = {f.field: f for f in layout.nibp.values} if layout.nibp is not None else {}
        for field in (*layout.fields, *cuff.values()):
            mine = field.field in cuff and self._last is not None
            measured = format_timestamp(SEEDED_START_S + self._last.at_s) if mine and self._last else ""
            failed = mine and self._last is not None and self._last.failure is not None
            segments.append(_observation(field, texts[field.field], measured, "X" if failed else "F"))
        return frame_message(message_bytes(*segments))


def _observation(field: FieldLayout, text: str, measured: str, status: str) -> str:
    fields = ["", "NM", f"{escape(field.field)}^{escape(field.name)}", "", escape(text), escape(field.unit)]
    return segment_text("OBX", *fields, "", "", "", "", status, "", "", measured)


def field_text(field: FieldLayout, value: float | None) -> str:
    """Return what the monitor writes for a value, or for none."""
    if value is None:
        return field.invalid[0] if field.invalid else ""
    text = f"{value / field.scale:.{field.decimals}f}"
    return text.zfill(max(0, field.width - len(field.suffix))) + field.suffix


def _measured(numerics: PatientNumerics, sensors: SensorState) -> dict[str, float | None]:
    """Return what the sensors measure, by Chairside's names."""
    limbs_off = bool(set(sensors.ecg_leads_off) - {"V"})
    no_probe = sensors.spo2_probe_unplugged or sensors.spo2_finger_out
    return {
        "HR": None if limbs_off else numerics.hr_per_min,
        "RR": None if limbs_off else numerics.rr_per_min,
        "SPO2": None if no_probe else numerics.spo2_percent,
        "PR": None if no_probe else numerics.pr_per_min,
        "PI": None if no_probe else numerics.perfusion_index_percent,
        "TEMP": numerics.temperature_c,
    }


def _pressure(layout: NibpLayout, field: FieldLayout, pressures: CuffPressures | None) -> float | None:
    if pressures is None or field == layout.pulse:
        return None
    if field == layout.systolic:
        return pressures.systolic_mmhg
    return pressures.diastolic_mmhg if field == layout.diastolic else pressures.mean_mmhg


def _status(layout: NibpLayout, failure: NibpFailure | None) -> str:
    """Return the text of a failure, or of the nearest the description has; of success for none."""
    if failure is None:
        return layout.ok[0] if layout.ok else ""
    texts = {cause: text for text, cause in reversed(layout.failures)}
    return texts.get(failure) or texts.get(NibpFailure.ERROR) or next(iter(texts.values()), "")
