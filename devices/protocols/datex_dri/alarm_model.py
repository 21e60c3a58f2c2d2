"""The alarms of an emulated DRI monitor: a few limits, in English, by colour.

A real monitor's limits are set on it; these are its maker's usual ones.
"""

from devices.patient import PatientSource
from devices.protocols.datex_dri.alarms import AlarmMessage, Colour, ShownAlarm, build_alarms
from devices.protocols.datex_dri.cuff_model import CuffModel
from devices.protocols.datex_dri.requests import AlarmCommand
from devices.protocols.datex_dri.wave_sender import ChannelPlan

SPACING_S = 2.0
"""At most one message in this time (protocols.md §2.4)."""
_NEVER = float("inf")


class AlarmModel:
    """Watches the limits and knows when a message is due. ``message`` is asked at ``next_event_s``."""

    def __init__(self, patient: PatientSource, cuff: CuffModel, plan: ChannelPlan) -> None:
        self._patient = patient
        self._cuff = cuff
        self._plan = plan
        self._differential = False
        self._asked = False
        self._next_s = _NEVER
        self._sent_s = -_NEVER
        self._shown: tuple[ShownAlarm, ...] = ()

    @property
    def next_event_s(self) -> float:
        """When the alarms are to be looked at next."""
        return self._next_s

    def command(self, command: int, at_s: float) -> None:
        """Answer once, or from now on at every change, or no more; other commands are ignored."""
        if command == AlarmCommand.EXIT_DIFFERENTIAL:
            self._differential = False
            self._next_s = self._next_s if self._asked else _NEVER
            return
        if command not in (AlarmCommand.STATUS, AlarmCommand.ENTER_DIFFERENTIAL):
            return
        self._differential |= command == AlarmCommand.ENTER_DIFFERENTIAL
        self._asked = True
        self._next_s = max(at_s, self._sent_s + SPACING_S)

    def message(self, at_s: float) -> bytes | None:
        """Return the alarm sub-record if one is to be sent now."""
        asked, self._asked = self._asked, False
        self._next_s = at_s + SPACING_S if self._differential else _NEVER
        alarms = self._alarms()
        if alarms == self._shown and not asked:
            return None
        before, self._shown = self._shown, alarms
        self._sent_s = at_s
        return build_alarms(AlarmMessage(alarms), before)

    def _alarms(self) -> tuple[ShownAlarm, ...]:
        found = self._heart() + self._oxygen() + self._pressure()
        return tuple(sorted(found, key=lambda alarm: -alarm.colour))

    def _heart(self) -> list[ShownAlarm]:
        if self._plan.is_off(1, self._patient.sensors()):
            return [ShownAlarm(Colour.YELLOW, "ECG leads off")]
        rate = self._patient.numerics().hr_per_min
        if rate is None:
            return []
        if rate < 1:
            return [ShownAlarm(Colour.RED, "Asystole")]
        if rate > 120:
            return [ShownAlarm(Colour.RED if rate > 160 else Colour.YELLOW, "HR high")]
        if rate < 50:
            return [ShownAlarm(Colour.RED if rate < 40 else Colour.YELLOW, "HR low")]
        return []

    def _oxygen(self) -> list[ShownAlarm]:
        sensors = self._patient.sensors()
        if sensors.spo2_probe_unplugged:
            return [ShownAlarm(Colour.WHITE, "SpO2 probe not connected")]
        if sensors.spo2_finger_out:
            return [ShownAlarm(Colour.WHITE, "Check SpO2 probe")]
        saturation = self._patient.numerics().spo2_percent
        if saturation is None or saturation >= 90:
            return []
        return [ShownAlarm(Colour.RED if saturation < 85 else Colour.YELLOW, "SpO2 low")]

    def _pressure(self) -> list[ShownAlarm]:
        reading = self._cuff.reading
        if reading is None:
            return []
        if reading.systolic_mmhg > 180:
            return [ShownAlarm(Colour.YELLOW, "NIBP sys high")]
        return [ShownAlarm(Colour.YELLOW, "NIBP sys low")] if reading.systolic_mmhg < 80 else []
